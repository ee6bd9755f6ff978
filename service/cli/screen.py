"""Where tables go: a console that prints text as it is."""

import os

from rich.console import Console, RenderableType
from rich.table import Table

WIDTH_OF_A_FILE = 120


def screen(*, is_error: bool = False) -> Console:
    """Return a console; what is not a terminal is wide enough for the tables."""
    console = Console(stderr=is_error, markup=False, emoji=False, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDTH_OF_A_FILE
    return console


def table(title: str, *columns: str, left: int = 1) -> Table:
    """Return a table: `left` columns of words, then columns of numbers."""
    made = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        show_header=any(columns),
    )
    for number, column in enumerate(columns):
        justify = "left" if number < left else "right"
        made.add_column(column, justify=justify, overflow="fold")
    return made


def silent(text: str) -> None:
    """Say nothing: the answer is one JSON object."""


def print_tables(*parts: RenderableType | None) -> None:
    """Print the parts that are there, a blank line after each."""
    console = screen()
    for part in parts:
        if part is not None:
            console.print(part)
            console.print()
