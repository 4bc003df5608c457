"""What a command says, and how it ends badly."""

import sys

import typer


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def fail(message: str, code: int = 1) -> typer.Exit:
    sys.stderr.write(f"{message}\n")
    return typer.Exit(code)
