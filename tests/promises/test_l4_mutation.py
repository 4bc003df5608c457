"""L4: mutants of rights/ and liquidation/, seeded, spread over the functions: at least 90 % are killed.

The long form alone (`--long`), in a process of its own (see mutation.py). Survivors are printed, to be
killed by a test or explained in equivalents.yaml.
"""

import re
import subprocess
import sys

import pytest

from tests.promises.mutation import COUNT, ROOT, equivalent, mutants


def test_mutants_are_killed(form):
    if not form.long:
        pytest.skip("the long form alone: --long")
    command = [sys.executable, "-m", "tests.promises.mutation", "--count", str(form.count(1, COUNT))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    print(done.stdout, done.stderr)
    assert done.returncode == 0
    told = done.stdout.splitlines()[-1]
    found = re.fullmatch(r"\d+ mutants: .* \((.+)% killed\)", told)
    assert float(found[1]) >= 90
    form.tell("L4", told)


def test_each_mutant_called_equivalent_is_one_of_the_code_with_a_reason():
    known = equivalent()
    assert set(known) <= {each.name for each in mutants()}
    assert all(reason.endswith(".") for reason in known.values())
