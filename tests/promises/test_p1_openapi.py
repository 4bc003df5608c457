"""P1: whatever is sent, no answer is 5xx and none departs from the OpenAPI document.

Short: 50 requests an operation, made by schemathesis from the document itself, half of them meant to
be wrong, as this machine's own user, who may do everything. Long: 1,000.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from store.house import Store
from tests.api.serving import served
from tests.pages import scene
from tests.promises.conftest import Form

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
QUIET = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture
def living(store: Store, cage_pool: Any) -> Iterator[tuple[str, scene.Scene]]:
    """A service with an invented morning in it, so that some ids exist."""
    found = scene.build(store)
    with served(store, cage_pool) as address:
        yield address, found


def described(address: str, found: scene.Scene) -> Any:
    """The service's own document, its ids being those that exist or any other."""
    told = httpx.get(f"{address}/api/v1/openapi.json").json()
    known = {"/lots/": [found.lot], "/documents/": list(found.ids.values())}
    for path, operations in told["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                ids = next((ids for start, ids in known.items() if start in path), [])
                if parameter["name"] == "id" and ids:
                    any_id = parameter["schema"]
                    parameter["schema"] = {"anyOf": [{"type": "string", "enum": ids}, any_id]}
    return schemathesis.openapi.from_dict(told)


def probed(operation: Any, mode: GenerationMode, address: str, examples: int) -> tuple[int, str | None]:
    """How many requests were made, and what was wrong with the first answer that was wrong."""
    counted = 0

    def ask(case: Any) -> None:
        nonlocal counted
        counted += 1
        case.validate_response(case.call(base_url=address, timeout=60), checks=CHECKS)

    try:
        settings(QUIET, max_examples=examples)(given(case=operation.as_strategy(generation_mode=mode))(ask))()
    except Unsatisfiable:
        return counted, None  # an operation without parameters can be asked in one way only
    except (Exception, checks.FailureGroup) as error:
        return counted, f"{operation.label} ({mode.value}): {type(error).__name__}: {error}"
    return counted, None


@pytest.mark.timeout(7200)
def test_no_answer_breaks_the_description(living: tuple[str, scene.Scene], form: Form) -> None:
    each = form.count(50, 1000)
    address, found = living
    operations = [result.ok() for result in described(address, found).get_all_operations()]
    results = [
        probed(operation, mode, address, each // 2) for operation in operations for mode in GenerationMode
    ]
    wrong = [error for _, error in results if error]
    assert wrong == [], f"{len(wrong)} of them\n\n" + "\n\n".join(error[:1200] for error in wrong)
    tried = sum(number for number, _ in results)
    assert tried > 500
    form.tell("P1", f"{tried} requests to {len(operations)} operations, {each} asked of each: no 5xx, "
              "none against the description")  # fmt: skip
