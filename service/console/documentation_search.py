"""A search through the documentation: sections that have all words that are asked for.

A word is found within longer ones, so `draw` also finds `draws`. Sections whose heading
has a word come first, then those that have the words more often.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it.token import Token
from markupsafe import Markup, escape

from service.console.documentation import HelpPage, parsed

MOST_PLACES = 20
MOST_WORDS = 10
CHARACTERS_BEFORE, CHARACTERS_OF_EXCERPT = 80, 240
WEIGHT_OF_HEADING = 20


@dataclass(frozen=True, slots=True)
class DocumentationSection:
    """A part of a page below a heading, which is empty at the top of the page."""

    page: HelpPage
    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundSection:
    """A section that was found, and its text around the first word."""

    section: DocumentationSection
    excerpt: Markup


def found(query: str) -> Sequence[FoundSection]:
    """Return the sections that have all words of a query, best first."""
    words = query.casefold().split()[:MOST_WORDS]
    if not words:
        return []
    scored = [(_score(x, words), x) for x in sections()]
    best = sorted((x for x in scored if x[0]), key=lambda x: -x[0])[:MOST_PLACES]
    return [FoundSection(x, _excerpt(x.text, words)) for _, x in best]


@cache
def sections() -> Sequence[DocumentationSection]:
    """Return the sections of all pages, in order."""
    return [section for page in HelpPage for section in _sections(page)]


def _sections(page: HelpPage) -> Iterator[DocumentationSection]:
    anchor, heading = "", ""
    texts: list[str] = []
    tokens = iter(parsed(page))
    for token in tokens:
        if token.type == "heading_open":
            yield DocumentationSection(page, anchor, heading, " ".join(texts))
            anchor, heading = str(token.attrs["id"]), _plain(next(tokens))
            texts = []
        elif token.type in {"inline", "fence"}:
            texts.append(_plain(token))
    yield DocumentationSection(page, anchor, heading, " ".join(texts))


def _plain(token: Token) -> str:
    """Return a text without its marks, on one line."""
    parts = [x.content or " " for x in token.children or ()] or [token.content]
    return " ".join("".join(parts).split())


def _score(section: DocumentationSection, words: Sequence[str]) -> int:
    """Return how well a section fits; 0 if it lacks a word."""
    heading, text = section.heading.casefold(), section.text.casefold()
    numbers = [WEIGHT_OF_HEADING * (x in heading) + text.count(x) for x in words]
    return sum(numbers) if all(numbers) else 0


def _excerpt(text: str, words: Sequence[str]) -> Markup:
    """Return the text around the first word, the words marked."""
    pattern = re.compile("|".join(re.escape(x) for x in words), re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, (first.start() if first else 0) - CHARACTERS_BEFORE)
    # From a whole word on.
    start = text.rfind(" ", 0, start) + 1
    end = start + CHARACTERS_OF_EXCERPT
    shown, past = Markup("... ") if start else Markup(), start
    for hit in pattern.finditer(text, start, end):
        shown += escape(text[past : hit.start()])
        shown += Markup("<mark>{}</mark>").format(hit[0])
        past = hit.end()
    return shown + escape(text[past:end]) + ("..." if end < len(text) else "")
