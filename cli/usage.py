"""What to tell the person for each exception that is no fault of the program."""

import sys

from typer._click.exceptions import (
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from domain.errors import LiasseError


def sentence(error: Exception) -> str | None:
    """In French, with what to do; None for a fault of ours, whose trace is wanted."""
    if isinstance(error, LiasseError):
        detail = f" {error.detail}" if error.detail else ""
        return f"{error.code} : {error.problem.sentence}{detail}\n{error.problem.next_step}"
    if isinstance(error, UsageError):
        return _of_usage(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename} : {why(error)}"
    # these rooms are heavy: an exception of theirs is there only where they are loaded already
    for module, name in _SAY_IT_THEMSELVES:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return str(error)
    http = getattr(sys.modules.get("httpx"), "HTTPError", None)
    if http is not None and isinstance(error, http):
        return "Le service ne répond plus, ou pas comme prévu : voyez les journaux de LIASSE_HOME/logs."
    return None


_SAY_IT_THEMSELVES = (
    ("store.settings", "BadSettings"),
    ("cli.servers.place", "ServerFailed"),
    ("cli.service", "NotStarted"),
    ("cli.demo", "Misjudged"),
)
_WHY: dict[type[OSError], str] = {
    FileNotFoundError: "ce fichier n'existe pas",
    IsADirectoryError: "c'est un dossier, il faut un fichier",
    NotADirectoryError: "ce n'est pas un dossier",
    PermissionError: "l'accès est refusé",
    FileExistsError: "il existe déjà",
}


def why(error: OSError) -> str:
    """Why a file does not open or cannot be written."""
    return _WHY.get(type(error), error.strerror or "le système le refuse")


def _of_usage(error: UsageError) -> str:
    if isinstance(error, NoArgsIsHelpError):
        return error.format_message()
    command = error.ctx.command_path if error.ctx is not None else "liasse"
    return f"{_what(error)}\nVoyez : {command} --help"


def _what(error: UsageError) -> str:
    name = ""
    if isinstance(error, BadParameter) and error.param is not None:
        name = error.param.get_error_hint().strip("'")
    if isinstance(error, MissingParameter):
        return f"Il manque {name}."
    if isinstance(error, BadParameter):
        return f"{name} : cette valeur ne convient pas."
    if isinstance(error, NoSuchOption):
        return f"Option inconnue : {error.option_name}"
    if error.message.startswith("No such command"):
        return "Commande inconnue."
    if "extra argument" in error.message:
        return "Il y a un argument de trop."
    return "La commande n'a pas la forme attendue."
