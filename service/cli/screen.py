"""Output as text: tables on a console, warnings, the file of a picture."""

import os
from collections.abc import Iterable
from pathlib import Path

import typer
from rich.console import Console, RenderableType
from rich.table import Table

WIDTH_OF_A_FILE = 120


def screen(*, is_error: bool = False) -> Console:
    """Return a console that prints text as it is; off a terminal, a wide one."""
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


def figures_table(title: str, figures: Iterable[tuple[str, str]]) -> Table:
    """Return a table of names and figures, without a header."""
    made = table(title, "", "")
    for name, figure in figures:
        made.add_row(name, figure)
    return made


def add_note(made: Table, note: str) -> None:
    """Put a note below a table."""
    made.caption = note
    made.caption_justify = "left"


def silent(text: str) -> None:
    """Print nothing: with --json, standard output and error stay free of progress."""


def print_tables(
    *parts: RenderableType | None,
    warnings: Iterable[str] = (),
    picture: Path | None = None,
) -> None:
    """Print warnings, the parts that are not None, and where the picture is."""
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    console = screen()
    for part in parts:
        if part is not None:
            console.print(part)
            console.print()
    if picture is not None:
        typer.echo(f"Picture: {picture}")
