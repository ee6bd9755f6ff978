"""Pictures in pages: the same that commands and reports have, for two widths."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from service.console.languages import Language, texts_in
from service.pictures.figure import Figure, Look
from service.pictures.svg import inlined
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

# On a phone a wide one would have half the size of text.
WIDE_PX, NARROW_PX = 680.0, 340.0


@dataclass(frozen=True, slots=True)
class PictureOnPage:
    """A picture for wide pages and for narrow ones, with its words and its table.

    csv: the address of the table as a file.
    """

    title: str
    explanation: str
    wide: Markup
    narrow: Markup
    table: FlatTable
    csv: str


def drawn(
    language: Language, draw: Callable[[Look], Figure], csv: str
) -> PictureOnPage:
    """Return what a function of service.pictures draws, in a language."""
    words = words_of(language)
    wide, narrow = (draw(Look(x, words)) for x in (WIDE_PX, NARROW_PX))
    return PictureOnPage(
        wide.title,
        wide.explanation,
        # Names are escaped where it is made.
        Markup(inlined(wide)),  # noqa: S704
        Markup(inlined(narrow)),  # noqa: S704
        wide.table,
        csv,
    )


def words_of(language: Language) -> Words:
    """Return the words of pictures in a language."""
    return Words(language.locale, texts_in(language).ugettext)


def is_number(column: Column) -> bool:
    """Whether a column has numbers."""
    return column.kind in {int, float}
