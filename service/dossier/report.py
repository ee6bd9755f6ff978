"""The report: one page of HTML that needs nothing else and prints on A4."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from models.visible_text import visible
from service.dossier.section import Section


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found, in one sentence."""

    is_passed: bool
    sentence: str


def rendered_report(
    title: str, verdict: Verdict | None, sections: Sequence[Section]
) -> str:
    """Return the report; whatever a case says is escaped. Audits have a verdict."""
    environment = Environment(
        loader=PackageLoader("service.dossier", "templates"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["data_address"] = _data_address
    template = environment.get_template("report.html")
    return template.render(title=title, verdict=verdict, sections=sections)


def _shown(value: object) -> object:
    """Return text without characters that HTML forbids or that hide; else the value."""
    return visible(value) if type(value) is str else value


def _data_address(svg: bytes) -> str:
    """Return a picture as an address that holds it.

    A picture of its own, not a part of the page: names inside two pictures may be the
    same.
    """
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
