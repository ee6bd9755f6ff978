"""A case from a workbook, with every mistake by sheet and cell."""

from service.case_tables.cells import Value, reference
from service.case_tables.layout import CaseColumn
from service.case_tables.reading import CaseReader
from service.case_tables.values import value_of
from service.workbook.sheets import grids_of


class Sheets:
    """Tables as the sheets of a workbook."""

    noun = "sheet"
    origin = "strongroom workbook CASE FILE.xlsx writes them"

    def title(self, name: str) -> str:
        """Return the name of a sheet."""
        return name

    def table(self, name: str) -> str:
        """Return a sheet as a place."""
        return f"Sheet {name}"

    def row(self, name: str, row: int) -> str:
        """Return a row of a sheet as a place."""
        return f"Sheet {name}, row {row + 1}"

    def cell(self, name: str, row: int, column: int) -> str:
        """Return a cell of a sheet as a place."""
        return f"Sheet {name}, cell {reference(row, column)}"

    def value(self, cell: Value, column: CaseColumn, name: str) -> object:
        """Return the value of a field, or Unread."""
        del name
        return value_of(cell, column)


def workbook_reader(content: bytes, source: str) -> CaseReader:
    """Return the reader of a workbook, which has read its sheets.

    Raises InvalidCaseError if it is none, or of something else; `source` names it.
    """
    reader = CaseReader(Sheets())
    reader.read(grids_of(content, source), source)
    return reader
