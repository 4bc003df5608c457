"""Pages made of templates: strict about what is missing, and everything escaped."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from api import labels
from api.fields import label_of

LOT_STATES = {
    "ouvert": "ouvert",
    "clos": "clos",
    "equilibre": "équilibré",
    "desequilibre": "déséquilibré",
}
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "state": labels.state,
    "severities": labels.SEVERITIES,
    "label_of": label_of,
    "day": labels.day,
    "moment": labels.moment,
    "amount": labels.amount,
    "shown": labels.shown,
    "lot_states": LOT_STATES,
    "retained_kinds": labels.RETAINED,
}


def page(
    name: str, here: str, status: int = 200, headers: dict[str, str] | None = None, **facts: Any
) -> HTMLResponse:
    text = _templates.get_template(name).render(page=here, **facts)
    return HTMLResponse(text, status, headers)


def problem_page(told: dict[str, Any], headers: dict[str, str]) -> Response:
    return page("problem.html", "", told["status"], headers, problem={"detail": None, "incident": None} | told)
