"""A case from its tables, with every mistake by its place.

Cells become the content of a case as YAML would have it; the checks of a case then
find what is wrong in it, and their paths are turned into cells.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from models.mistakes import Mistake
from models.reading import InvalidCaseError, read_instance
from service.case_tables.cells import Grid
from service.case_tables.forms import Form
from service.case_tables.layout import (
    CASE,
    CONTENTS,
    ID,
    KEY,
    NUMBER,
    OUTER,
    VALUE,
    Sheet,
    Way,
    layout,
)
from service.case_tables.places import TOLD, PlacedRow, Places, Unread
from service.case_tables.tables import YOURS, as_line, is_own, merged_on, table_on
from service.variants.changing import nearest

Content = dict[str, Any]
Change = Callable[[Content], Content]
Names = tuple[object, ...]  # of a part and those around it, the outermost first


class CaseReader:
    """Reads tables into the content of a case.

    Tables that are `unreadable` were told of already: no mistake follows from them.
    """

    def __init__(self, form: Form, unreadable: Collection[str] = ()) -> None:
        self.form = form
        self.case: Content = {}
        self._unreadable = frozenset(unreadable)
        self.places = Places()
        self.mistakes: list[Mistake] = []
        # By list, and the names of a part and those around it: its path and content.
        self._parts: dict[Way, dict[Names, tuple[str, Content]]] = {}

    def read(self, grids: Sequence[Grid], source: str) -> None:
        """Read all tables; raise InvalidCaseError if none of them is of a case."""
        known = {CASE.casefold(), *(x.name.casefold() for x in layout().sheets)}
        found = {grid.name.strip().casefold(): grid for grid in grids}
        if found.keys().isdisjoint(known) and not self._unreadable:
            names = ", ".join(grid.name for grid in grids[:8]) or "none"
            expected = f"those of a case: {self.form.origin}"
            place = f"{source}, {self.form.noun}s"
            raise InvalidCaseError([Mistake(place, names, expected)])
        for name, grid in found.items():
            if name not in {*known, CONTENTS.casefold()}:
                self._tell_unknown(grid)
        self._figures(found.get(CASE.casefold()))
        for sheet in layout().sheets:
            self._parts[sheet.way] = {}
            self.places.sheets[".".join(sheet.way)] = self.form.table(sheet.name)
            if sheet.outer is None:
                self._begin(sheet, self.case)
            if (grid := found.get(sheet.name.casefold())) is not None:
                self._list(sheet, grid)

    def checked(self, change: Change = lambda content: content) -> Content:
        """Return the content after a change; it is valid.

        Raises InvalidCaseError with every mistake of the tables and of the change.
        """
        mistakes, content = list(self.mistakes), self.case
        try:
            content = change(self.case)
            read_instance(content)
        except InvalidCaseError as error:
            mistakes += self.places.told(error.mistakes)
        if mistakes:
            raise InvalidCaseError(mistakes)
        return content

    def _begin(self, sheet: Sheet, part: Content) -> None:
        """Put a list that must be there into a part, or that it was told of."""
        if sheet.name in self._unreadable:
            _put(part, sheet.inside, TOLD)
        elif sheet.is_required:
            _list_in(part, sheet.inside)

    def _tell_unknown(self, grid: Grid) -> None:
        if grid.rows and not is_own(grid.name):
            names = [CASE, *(sheet.name for sheet in layout().sheets)]
            close = nearest(self.form.title(grid.name), [*map(self.form.title, names)])
            expected = f"one of the {self.form.noun}s {close}; {YOURS}"
            self._tell(self.form.table(grid.name), "not known", expected)

    def _await_figures(self) -> None:
        for column in layout().figures:
            if column.is_required and len(column.way) > 1:
                self.case.setdefault(column.way[0], {})
            absent = f"{self.form.table(CASE)}, row of {column.heading!r}"
            self.places.figures[column.name] = absent
            if CASE in self._unreadable and column.is_required:
                _put(self.case, column.way, TOLD)

    def _figures(self, grid: Grid | None) -> None:
        self._await_figures()
        if grid is None:
            if CASE not in self._unreadable:
                expected = "what is in no list of the case"
                self._tell(self.form.table(CASE), "not there", expected)
            return
        self.mistakes += merged_on(grid, self.form)
        known = {y: x for x in layout().figures for y in (x.heading, x.name)}
        seen: set[str] = set()
        for row, cells in sorted(grid.rows.items()):
            name = as_line(cells.get(0))
            if row == 0 or not (0 in cells or 1 in cells):
                continue
            column = known.get(name)
            if column is None or column.name in seen:
                expected = f"one of the figures {nearest(name, list(known))}"
                expected = expected if column is None else "each figure once"
                self._tell(self.form.cell(CASE, row, 0), name, expected)
                continue
            seen.add(column.name)
            self.places.figures[column.name] = self.form.cell(CASE, row, 1)
            if (cell := cells.get(1)) is not None:
                value = self.form.value(cell, column, CASE)
                _put(self.case, column.way, value)

    def _list(self, sheet: Sheet, grid: Grid) -> None:
        table = table_on(sheet, grid, self.form, self.mistakes)
        if any(column.way[0] == OUTER for column in table.missing):
            return
        inner = {x.inside[0]: x.name for x in layout().sheets if x.outer is sheet}
        for row, cells in table.rows:
            place = PlacedRow(self.form, sheet.name, row, table.places, inner)
            self._part(sheet, table.values(cells), place)

    def _part(self, sheet: Sheet, values: dict[Way, object], row: PlacedRow) -> None:
        """Put a part where it belongs in the case."""
        around = tuple(values.pop((OUTER, *x.way), None) for x in sheet.around)
        holder = self._holder(sheet, around, row)
        number = values.pop((NUMBER,), None)
        if holder is None:
            return
        path, content = holder
        path = ".".join(x for x in (path, *sheet.inside) if x)
        if sheet.is_mapping:
            key = values.get((KEY,))
            _put(content, (*sheet.inside, str(key)), values.get((VALUE,), []))
            self.places.figures[f"{path}.{key}"] = row.place(VALUE)
            return
        part: Content = {}
        for way, value in values.items():
            _put(part, way, value)
        for inner in layout().sheets:
            if inner.outer is sheet:
                self._begin(inner, part)
        listed = _list_in(content, sheet.inside)
        name = part.get(ID)
        path = f"{path}[{name if isinstance(name, str) else len(listed)}]"
        listed.append(part)
        self.places.add(path, row)
        key = _named(name) if sheet.key == ID else number
        known = self._parts[sheet.way]
        if sheet.key == NUMBER and key is not None and (*around, key) in known:
            self._tell(row.place(NUMBER), key, "a number of its own")
        elif key is not None:
            known.setdefault((*map(_named, around), key), (path, part))

    def _holder(
        self, sheet: Sheet, around: Names, row: PlacedRow
    ) -> tuple[str, Content] | None:
        """Return the part that a row belongs to; tell if there is none."""
        if sheet.outer is None:
            return "", self.case
        if any(outer.name in self._unreadable for outer in sheet.around):
            return None
        named = tuple(map(_named, around))
        for depth, outer in enumerate(sheet.around, start=1):
            known = self._parts[outer.way]
            if named[:depth] in known:
                continue
            name = ".".join((OUTER, *outer.way))
            value = around[depth - 1]
            if isinstance(value, Unread):
                self._tell(row.place(name), value.found, value.expected)
            else:
                names = [str(x[-1]) for x in known if x[:-1] == named[: depth - 1]]
                shown = nearest(str(value), names) if names else "(none is there)"
                called = f"{self.form.noun} {self.form.title(outer.name)}"
                expected = f"a row of the {called}, by its {outer.key} {shown}"
                self._tell(
                    row.place(name), "empty" if value is None else value, expected
                )
            return None
        return self._parts[sheet.outer.way][named]

    def _tell(self, place: str, value: object, expected: str) -> None:
        self.mistakes.append(Mistake(place, value, expected))


def _named(name: object) -> object:
    return name.strip() if isinstance(name, str) else name


def _put(part: Content, way: Way, value: object) -> None:
    for step in way[:-1]:
        part = part.setdefault(step, {})
    part[way[-1]] = value


def _list_in(part: Content, way: Way) -> list[Content]:
    """Return a list in a part, which is made if it is not there."""
    for step in way[:-1]:
        part = part.setdefault(step, {})
    return part.setdefault(way[-1], [])
