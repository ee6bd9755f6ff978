"""Tables of the screen as tables of the report: the same words in both."""

from collections.abc import Iterable

from rich.table import Table

from service.dossier.section import PrintedColumn, PrintedTable


def printed(*tables: Table | str | None) -> tuple[PrintedTable, ...]:
    """Return the tables that are there; a sentence in the place of one is none."""
    return tuple(_printed(table) for table in tables if isinstance(table, Table))


def _printed(table: Table) -> PrintedTable:
    columns = tuple(
        PrintedColumn(str(column.header), column.justify == "right")
        for column in table.columns
    )
    cells = [[str(cell) for cell in column.cells] for column in table.columns]
    rows = zip(*cells, strict=True)
    groups, note = tuple(_groups(table, rows)), str(table.caption or "")
    return PrintedTable(str(table.title), columns, groups, note)


def _groups(
    table: Table, cells: Iterable[tuple[str, ...]]
) -> Iterable[tuple[tuple[str, ...], ...]]:
    group: list[tuple[str, ...]] = []
    for row, words in zip(table.rows, cells, strict=True):
        group.append(words)
        if row.end_section:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)
