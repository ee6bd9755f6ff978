"""The report: one page of HTML that needs nothing else and prints on A4."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.dossier.section import Section


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found, in one sentence."""

    is_passed: bool
    sentence: str


def rendered_report(title: str, verdict: Verdict, sections: Sequence[Section]) -> str:
    """Return the report; whatever a case says is escaped."""
    environment = Environment(
        loader=PackageLoader("service.dossier", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["data_address"] = _data_address
    template = environment.get_template("report.html")
    return template.render(title=title, verdict=verdict, sections=sections)


def _data_address(svg: bytes) -> str:
    """Return a picture as an address that holds it.

    A picture of its own, not a part of the page: names inside two pictures may be the
    same.
    """
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
