"""A table of words and figures."""

from collections.abc import Iterable

from rich.table import Table


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
