"""The texts of the console: those that it shows, and those that a catalogue has.

`make texts` adds new texts to each catalogue, and takes out those that are gone.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from models.options import SolveOptions
from models.round import RoundRight
from service.analyses.registry import ANALYSES
from service.api.problem_types import known_types
from service.console.analysis_fields import parameter_texts
from service.console.case_sections import edited_fields
from service.console.cases import FURTHER_OPTIONS, USUAL_OPTIONS
from service.console.registry import QUESTIONS
from service.console.round_orders import FURTHER_TERMS, TERMS
from service.errors import AccountUnusableError
from tests.house.conftest import ROOT

CONSOLE = ROOT / "service" / "console"
PICTURES = ROOT / "service" / "pictures"
LOCALES = CONSOLE / "locale"
TEMPLATE_OPTIONS = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trim_blocks": "on"}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "translatable": None,
    "words": None,
}
Text = str | tuple[str, ...]


def shown_texts() -> dict[Text, list[str]]:
    """Return every text that pages show, in English, and where it is written."""
    found: dict[Text, list[str]] = {}
    for place, text in [*_written(), *_of_documents()]:
        found.setdefault(text, []).append(place)
    return found


def read_catalogue(language: str) -> Catalog:
    """Return a catalogue as it is written."""
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def update(language: str) -> None:
    """Write a catalogue with the texts that are shown now."""
    texts = Catalog()
    for text, places in shown_texts().items():
        texts.add(text, locations=[(x, 0) for x in sorted(set(places))])
    catalogue = read_catalogue(language)
    catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    written = io.BytesIO()
    write_po(
        written,
        catalogue,
        width=100,
        omit_header=True,
        sort_output=True,
        include_lineno=False,
    )
    # The glossary and the form of plurals, as they are.
    path = LOCALES / f"{language}.po"
    head = path.read_text(encoding="utf-8").partition("\n\n")[0]
    path.write_text(f"{head}\n\n{written.getvalue().decode()}", encoding="utf-8")


def _written() -> Iterator[tuple[str, Text]]:
    """Yield the texts of templates and modules."""
    kinds: list[tuple[Path, str, Any, dict[str, str]]] = [
        (CONSOLE, "*.html", babel_extract, TEMPLATE_OPTIONS),
        (CONSOLE, "*.py", "python", {}),
        (PICTURES, "*.py", "python", {}),
    ]
    for folder, pattern, method, options in kinds:
        for path in sorted(folder.rglob(pattern)):
            with path.open("rb") as file:
                for _, text, _, _ in extract(method, file, KEYWORDS, (), options):
                    yield str(path.relative_to(ROOT)), text


def _of_documents() -> Iterator[tuple[str, Text]]:
    """Yield the texts of other packages that pages translate."""
    for kind in known_types().values():
        yield "service/errors.py", kind.title
    for field in edited_fields():
        yield "models", field.title
        yield "models", field.help
        if field.unit:
            yield "models", field.unit
    yield "service/errors.py", AccountUnusableError.title()
    for name in USUAL_OPTIONS | FURTHER_OPTIONS:
        yield "models/options.py", SolveOptions.model_fields[name].description or ""
    for text in parameter_texts():
        yield "service/analyses/parameters.py", text
    for name in QUESTIONS:
        yield "service/analyses/registry.py", ANALYSES[name].title
    for name in (*TERMS, *FURTHER_TERMS):
        yield "models/round.py", RoundRight.model_fields[name].description or ""


if __name__ == "__main__":
    for path in LOCALES.glob("*.po"):
        update(path.stem)
