"""A section of the report: a heading, sentences, tables and pictures."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column; figures stand at its right edge."""

    heading: str
    is_figure: bool


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as text; groups are rows that a line divides from others.

    The note below it says what marks in it mean.
    """

    title: str
    columns: tuple[PrintedColumn, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    note: str = ""

    @property
    def has_heads(self) -> bool:
        """Whether any column has a heading."""
        return any(column.heading for column in self.columns)

    @property
    def number_of_rows(self) -> int:
        """Rows of all groups."""
        return sum(len(group) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what it shows, in words."""

    text: str
    svg: bytes


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report; a blank line in the text begins a paragraph."""

    title: str
    text: str = ""
    tables: tuple[PrintedTable, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text as paragraphs, none if it is empty."""
        return tuple(self.text.split("\n\n")) if self.text else ()

    @property
    def anchor(self) -> str:
        """The name that a link of the report leads to."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")
