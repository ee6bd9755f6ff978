"""What differs between workbooks and folders of files that hold the same tables."""

from typing import Protocol

from service.case_tables.cells import Value
from service.case_tables.layout import CaseColumn


class Form(Protocol):
    """How tables are kept: what their places are called, and what a cell means.

    A table is named as in the layout; rows and columns count from 0.
    """

    noun: str
    origin: str

    def title(self, name: str) -> str:
        """Return what people call a table."""
        ...

    def table(self, name: str) -> str:
        """Return a table as a place."""
        ...

    def row(self, name: str, row: int) -> str:
        """Return a row as a place."""
        ...

    def cell(self, name: str, row: int, column: int) -> str:
        """Return a cell as a place."""
        ...

    def value(self, cell: Value, column: CaseColumn, name: str) -> object:
        """Return the value of a field, or Unread; `name` is that of its table."""
        ...
