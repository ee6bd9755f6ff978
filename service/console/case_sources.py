"""Where each figure of a case comes from: a page that is searched."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Annotated, cast

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from models.reading import read_stored_instance
from models.record import Record
from models.sourced_figures import SourcedFigure, figures_in
from service.api.context import ServiceContext
from service.api.cursors import FilterText
from service.console.case_fields import field_title, grouped_number
from service.console.page import translatable
from service.console.registry import PAGES
from service.console.view import OpenView, page_router
from service.store.cases import CaseRepository

NUMBER_SHOWN = 200
MOST_DOCUMENTS = 3
KINDS: Mapping[str, str] = {
    "sourced": translatable("sourced"),
    "assumption": translatable("assumption"),
    "illustrative": translatable("illustrative"),
    "calibrated": translatable("calibrated"),
    "none": translatable("no source given"),
}
FILE = re.compile(r"(\w+)\.csv(?: ([\w-]+))?")
EVENT = re.compile(r"[A-Z]{3}-[\w-]*\d{4}")
LINK = re.compile(r"https?://[^\s,;)]+|doi:\s?(10\.[^\s,;)]+)|DOI (10\.[^\s,;)]+)")

router = page_router()


@dataclass(frozen=True, slots=True)
class Reference:
    """A document that a source names. link: where it is, or empty."""

    text: str
    year: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of a case, and where it comes from."""

    section: str
    path: str
    label: str
    title: str
    unit: str
    value: str
    source: str
    kind: str

    @property
    def references(self) -> Sequence[Reference]:
        """The documents that the source names."""
        return references_in(self.source)

    def has(self, words: Sequence[str]) -> bool:
        """Whether every word is in it."""
        text = f"{self.path} {self.label} {self.title} {self.value} {self.source}"
        return all(word in text.casefold() for word in words)


@router.get(PAGES["show_sources"].path)
def show_sources(  # noqa: PLR0913, PLR0917 - what is asked of the page
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    q: FilterText = "",
    kind: FilterText = "",
    section: FilterText = "",
    first: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Return figures with their sources; raise RequestValidationError.

    The error is for a kind or section that there is not.
    """
    with context.database.reading() as session:
        text = CaseRepository(session).text(content_hash)
    every = figures_of_case(text)
    sections = [*dict.fromkeys(x.section for x in every)]
    for name, given, known in (("kind", kind, KINDS), ("section", section, sections)):
        if given and given not in known:
            wrong = {"loc": ("query", name), "input": given}
            raise RequestValidationError(
                [wrong | {"msg": f"one of {', '.join(known)}"}]
            )
    words = q.casefold().split()
    within = [x for x in every if section in {"", x.section} and x.has(words)]
    found = [x for x in within if kind in {"", x.kind}]
    return view.page(
        content_hash=content_hash,
        case_name=json.loads(text)["name"],
        figures=found[first - 1 : first - 1 + NUMBER_SHOWN],
        number_found=len(found),
        first=first,
        following=first + NUMBER_SHOWN if len(found) >= first + NUMBER_SHOWN else 0,
        counts={x: sum(y.kind == x for y in within) for x in KINDS},
        kinds=KINDS,
        sections=sections,
        asked={"q": q, "kind": kind, "section": section},
    )


@lru_cache(maxsize=1_000)
def references_in(source: str) -> Sequence[Reference]:
    """Return the documents that a source names, by way of the tables that ship."""
    named = [(x.group(1), x.group(2) or "") for x in FILE.finditer(source)]
    named += [("disruption_events", x.group()) for x in EVENT.finditer(source)]
    found = [
        Reference(row["source"], row.get("year", ""), _link_in(row["source"]))
        for file, key in named
        for row in _table(file).get(key, ())
        if row.get("source")
    ]
    if own := _link_in(source):
        found.append(Reference(own, "", own))
    return [*dict.fromkeys(found)][:MOST_DOCUMENTS]


@cache
def _table(name: str) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return the rows of a table that ships, by their first column, latest first."""
    file = files("service").joinpath("cases", "data", f"{name}.csv")
    if not file.is_file():
        return {}
    rows: dict[str, list[Mapping[str, str]]] = {}
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        rows.setdefault(next(iter(row.values())), []).append(row)
    return {
        key: sorted(some, key=lambda x: x.get("year", ""), reverse=True)
        for key, some in rows.items()
    }


def _link_in(text: str) -> str:
    found = LINK.search(text)
    if found is None:
        return ""
    doi = found.group(1) or found.group(2)
    return f"https://doi.org/{doi.rstrip('.')}" if doi else found.group()


@lru_cache(maxsize=8)
def figures_of_case(text: str) -> Sequence[ShownFigure]:
    """Return the figures of a stored case, which never change; it takes a while."""
    return [*map(_shown_figure, figures_in(read_stored_instance(json.loads(text))))]


def _shown_figure(figure: SourcedFigure) -> ShownFigure:
    """Return a figure with its title and unit for people."""
    title, unit = field_title(figure.field)
    return ShownFigure(
        figure.section,
        figure.path,
        figure.label,
        title,
        unit,
        _shown(figure.value),
        figure.source,
        figure.kind,
    )


def _shown(value: object) -> str:
    """Return a figure, or the figures of a list; nothing of what is none."""
    if isinstance(value, tuple):
        some = cast("tuple[object, ...]", value)
        return ", ".join(grouped_number(x) for x in some if not isinstance(x, Record))
    if value is None or isinstance(value, Record | Mapping):
        return ""
    return grouped_number(value)
