"""Output as text: tables on a console, warnings, the file of a picture.

Here names of a case become harmless for a terminal: what controls it is escaped. In
JSON nothing is lost.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Column, Table
from rich.text import Text

from models.visible_text import visible

WIDTH_OF_A_FILE = 120
LONGEST_WORD_KEPT = 12
FRAME = 3  # of each column


class Screen(Console):
    """A console on which text controls nothing."""

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401
        """Return a text as it is shown."""
        return super().render_str(visible(text), **options)


def echo(text: str, *, err: bool = False) -> None:
    """Print a line of text."""
    typer.echo(visible(text), err=err)


def screen(*, is_error: bool = False) -> Console:
    """Return a console that prints text as it is; off a terminal, a wide one."""
    console = Screen(stderr=is_error, markup=False, emoji=False, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDTH_OF_A_FILE
    return console


def fitted(made: Table, width: int) -> Table:
    """Return a table for a width: no figure in it is broken over two lines.

    Words wrap first; if that is not enough, each row is printed as a list.
    """
    columns = [(column, [str(x) for x in column.cells]) for column in made.columns]
    longest = [
        max(cell_len(x) for x in (_heading(column), *cells))
        for column, cells in columns
    ]
    if sum(longest) + FRAME * len(longest) + 1 <= width:
        return made
    narrowest = [_narrowest(column, cells) for column, cells in columns]
    if sum(narrowest) + FRAME * len(narrowest) + 1 > width:
        return _listed(made, width)
    for (column, _), least in zip(columns, narrowest, strict=True):
        if _holds_figures(column):
            column.width = least
    return made


def _heading(column: Column) -> str:
    return str(column.header)


def _holds_figures(column: Column) -> bool:
    return column.justify == "right"


def _narrowest(column: Column, cells: list[str]) -> int:
    """Return the width in which figures and words are whole; long words may break."""
    words = [cell_len(word) for word in _heading(column).split()]
    if _holds_figures(column):
        return max([1, *words, *map(cell_len, cells)])
    words += [cell_len(word) for cell in cells for word in cell.split()]
    return min(max([1, *words]), LONGEST_WORD_KEPT)


def _listed(made: Table, width: int) -> Table:
    """Return the rows below each other: heading and cell in each line."""
    listed = Table(title=made.title, title_justify="left", title_style="bold")
    listed.show_header = False
    listed.caption, listed.caption_justify = made.caption, "left"
    columns = [[_heading(x), *(str(cell) for cell in x.cells)] for x in made.columns]
    figures = [
        cell_len(cell)
        for column, (_, *cells) in zip(made.columns, columns, strict=True)
        if _holds_figures(column)
        for cell in cells
    ]
    room = width - 2 * FRAME - 1
    right = max([room // 2, *figures])
    listed.add_column(width=max(room - right, 1), overflow="fold")
    listed.add_column(width=right, overflow="fold")
    for row in range(made.row_count):
        for heading, *cells in columns:
            if cells[row]:
                listed.add_row(heading, cells[row])
        listed.add_section()
    return listed


def silent(text: str) -> None:
    """Print nothing: with --json, standard output and error stay free of progress."""


def print_warnings(warnings: Iterable[str]) -> None:
    """Print warnings to standard error."""
    for warning in warnings:
        echo(f"warning: {warning}", err=True)


def print_tables(
    *parts: RenderableType | None,
    warnings: Iterable[str] = (),
    picture: Path | None = None,
) -> None:
    """Print warnings, the parts that are not None, and where the picture is."""
    print_warnings(warnings)
    console = screen()
    for part in parts:
        if part is not None:
            console.print(
                fitted(part, console.width) if isinstance(part, Table) else part
            )
            console.print()
    if picture is not None:
        echo(f"Picture: {picture}")
