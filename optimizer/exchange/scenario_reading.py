"""Scenarios read back from a table: all mistakes at once, and nothing guessed."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.scenario_table import (
    KINDS,
    SCENARIO_COLUMNS,
    Numbers,
    ScenarioTable,
    world_hash,
)
from optimizer.scenarios.content import items_of, scenarios_hash
from optimizer.scenarios.market import price_path
from optimizer.scenarios.scenario_set import Booleans, Floats, Positions, ScenarioSet
from optimizer.solve import planning_scenarios

MOST_TOLD = 10  # rows of one kind of mistake
PROBABILITY_TOLERANCE = 1e-9
LIMITS = {
    "availability": (0.0, 1.0, "a share from 0 to 1"),
    "price_usd_per_tonne": (np.nextafter(0, 1), np.inf, "a price above 0"),
    "demand_units": (0.0, np.inf, "0 or more"),
    "probability": (0.0, 1.0, "a probability from 0 to 1"),
    "stratum": (0, np.inf, "0 or more"),
}


def read_scenarios(instance: Instance, table: ScenarioTable) -> ScenarioSet:
    """Return the scenarios of a table; they know that they come from a file.

    Raises InvalidCaseError with all mistakes, each with its row and column.
    """
    reading = _Reading(instance, table, [*table.mistakes])
    found = reading.scenarios()
    if found is None or reading.mistakes:
        raise InvalidCaseError(reading.mistakes)
    return replace(found, file_hash=scenarios_hash(instance, found))


def number_in(table: ScenarioTable) -> int:
    """Return the number of scenarios that a table names."""
    names = table.texts.get("scenario")
    return 0 if names is None else len(names.words)


def planning_case(instance: Instance, table: ScenarioTable) -> Instance:
    """Return the case with the number and seed of the scenarios of a table."""
    asked: dict[str, int] = {"number_of_scenarios": max(number_in(table), 1)}
    if table.head is not None and table.head.seed is not None:
        asked["seed"] = table.head.seed
    options = instance.options.model_copy(update=asked)
    return instance.model_copy(update={"options": options})


def as_drawn(instance: Instance, scenarios: ScenarioSet) -> ScenarioSet:
    """Return the scenarios that the case draws itself, if the given ones are the same.

    Then a plan needs no file to be computed again, and does not name one.
    """
    drawn = planning_scenarios(instance)
    is_same = scenarios_hash(instance, drawn) == scenarios.file_hash
    return drawn if is_same else scenarios


@dataclass(slots=True)
class _Reading:
    """A table being read, and the mistakes that are found."""

    instance: Instance
    table: ScenarioTable
    mistakes: list[Mistake] = field(default_factory=list[Mistake])

    def scenarios(self) -> ScenarioSet | None:
        """Return the scenarios; None if the table has not the form of any."""
        self._check_head()
        there = {*self.table.texts, *self.table.numbers}
        if any(x.is_read and x.name not in there for x in SCENARIO_COLUMNS):
            return None
        scenario = self._codes("scenario")
        if not len(scenario):
            self.mistakes.append(Mistake("rows", "none", "at least one scenario"))
            return None
        t = self._periods()
        kind = self._positions("kind", KINDS)
        arrays: dict[str, NDArray[Any]] = {}
        for k, (name, items) in enumerate(items_of(self.instance).items()):
            is_here = kind == k
            i = self._positions("id", items, is_here, f"a {name} of the case")
            rows = np.flatnonzero(is_here & (i >= 0) & (t >= 0) & (scenario >= 0))
            at = (i[rows], scenario[rows], t[rows])
            self._check_complete(name, items, rows, at)
            for column in SCENARIO_COLUMNS:
                if column.of == name and column.is_read:
                    self._check_empty(column.name, ~is_here & (kind >= 0))
                    cells = self._numbers(column.name, is_here)
                    shape = (len(items), self._number, self._length)
                    values = np.zeros(shape, dtype=cells.values.dtype)
                    values[at] = cells.values[rows]
                    arrays[column.name] = values
        probability, stratum = self._of_scenarios(scenario)
        return ScenarioSet(
            names=self.table.texts["scenario"].words,
            probability=probability,
            stratum=stratum,
            availability=arrays["availability"],
            announced=arrays["announced"],
            price=arrays["price_usd_per_tonne"],
            base_price=price_path(self.instance),
            demand=arrays["demand_units"],
        )

    @property
    def _number(self) -> int:
        return number_in(self.table)

    @property
    def _length(self) -> int:
        return self.instance.horizon.number_of_periods

    def _check_head(self) -> None:
        head = self.table.head
        if head is not None and head.world_hash != world_hash(self.instance):
            expected = (
                f"scenarios of {self.instance.id}, or of a case that differs from it "
                "by budget, menu, offers or options alone"
            )
            found = f"scenarios of {head.instance_id}, world {head.world_hash[:12]}"
            self.mistakes.append(Mistake("head.world_hash", found, expected))

    def _codes(self, column: str) -> Positions:
        """Return the positions of words, -1 in empty cells, which are mistakes."""
        codes = np.asarray(self.table.texts[column].codes)
        self._tell(column, codes < 0, "a word")
        return codes

    def _positions(
        self,
        column: str,
        names: tuple[str, ...],
        is_here: Booleans | None = None,
        what: str = "",
    ) -> Positions:
        """Return the positions of words among names, -1 for others and elsewhere."""
        texts = self.table.texts[column]
        position = {name: i for i, name in enumerate(names)}
        known = np.array([*(position.get(x, -1) for x in texts.words), -1])
        found = known[texts.codes]
        here = np.ones(len(found), dtype=np.bool_) if is_here is None else is_here
        listed = ", ".join(names[:MOST_TOLD]) + (
            ", ..." if len(names) > MOST_TOLD else ""
        )
        self._tell(column, here & (found < 0), f"{what} ({listed})" if what else listed)
        return np.where(here, found, -1)

    def _periods(self) -> Positions:
        """Return the period of each row, -1 where it is none."""
        cells = self._numbers("period")
        last = self._length - 1
        is_wrong = cells.is_given & ((cells.values < 0) | (cells.values > last))
        self._tell("period", is_wrong, f"a period of the case, 0 to {last}")
        return np.where(cells.is_given & ~is_wrong, cells.values, -1)

    def _numbers(self, column: str, is_here: Booleans | None = None) -> Numbers:
        """Return numbers; empty cells and those beyond the limits are mistakes."""
        cells = self.table.numbers[column]
        here = (
            np.ones(len(cells.values), dtype=np.bool_) if is_here is None else is_here
        )
        told = np.zeros(len(here), dtype=np.bool_)
        if cells.is_wrong is not None:
            told = cells.is_wrong
        self._tell(column, here & ~cells.is_given & ~told, "a value")
        if column in LIMITS:
            least, most, expected = LIMITS[column]
            values = cells.values
            is_finite = np.isfinite(values)
            is_beyond = ~is_finite | (values < least) | (values > most)
            self._tell(column, here & cells.is_given & is_beyond, expected)
        return cells

    def _check_empty(self, column: str, is_elsewhere: Booleans) -> None:
        cells = self.table.numbers[column]
        kind = next(x.of for x in SCENARIO_COLUMNS if x.name == column)
        self._tell(
            column, is_elsewhere & cells.is_given, f"empty: only a {kind} has it"
        )

    def _of_scenarios(self, scenario: Positions) -> tuple[Floats, Positions]:
        """Return probability and stratum of each scenario (w)."""
        found: list[NDArray[Any]] = []
        for column in ("probability", "stratum"):
            cells = self._numbers(column)
            rows = np.flatnonzero((scenario >= 0) & cells.is_given)
            values = np.zeros(self._number, dtype=cells.values.dtype)
            # The first row of each scenario decides; others must say the same.
            values[scenario[rows[::-1]]] = cells.values[rows[::-1]]
            differs = np.zeros(len(scenario), dtype=np.bool_)
            differs[rows] = cells.values[rows] != values[scenario[rows]]
            self._tell(column, differs, "the same as in other rows of the scenario")
            found.append(values)
        total = float(found[0].sum())
        if not abs(total - 1) <= PROBABILITY_TOLERANCE:
            self.mistakes.append(
                Mistake("column probability", total, "a sum of 1 over the scenarios")
            )
        return found[0], found[1]

    def _check_complete(
        self,
        kind: str,
        items: tuple[str, ...],
        rows: Positions,
        at: tuple[Positions, Positions, Positions],
    ) -> None:
        """Tell of rows that are there twice, and of those that are missing."""
        shape = (len(items), self._number, self._length)
        flat = np.ravel_multi_index(at, shape)
        _, first = np.unique(flat, return_index=True)
        is_again = np.ones(len(rows), dtype=np.bool_)
        is_again[first] = False
        again = np.zeros(self._number_of_rows, dtype=np.bool_)
        again[rows[is_again]] = True
        self._tell("id", again, "one row for it in this scenario and period")
        number = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
        lacking = np.argwhere((number == 0).any(axis=2))
        names = self.table.texts["scenario"].words
        for i, w in lacking[:MOST_TOLD]:
            periods = np.flatnonzero(number[i, w] == 0)
            listed = ", ".join(str(x) for x in periods[:MOST_TOLD])
            more = ", ..." if len(periods) > MOST_TOLD else ""
            where = f"scenario {names[w]}, {kind} {items[i]}"
            self.mistakes.append(
                Mistake(
                    where, f"without a row of period {listed}{more}", "a row of each"
                )
            )
        if len(lacking) > MOST_TOLD:
            found = f"rows are missing of {len(lacking) - MOST_TOLD:,} further pairs"
            expected = f"a row of each {kind} in each period of each scenario"
            self.mistakes.append(Mistake("rows", found, expected))

    @property
    def _number_of_rows(self) -> int:
        return len(self.table.texts["scenario"].codes)

    def _tell(self, column: str, is_wrong: Booleans, expected: str) -> None:
        """Tell of the first rows in which a column is wrong, and how many are left."""
        rows = np.flatnonzero(is_wrong)
        word, first = self.table.row_word, self.table.first_row
        for row in rows[:MOST_TOLD].tolist():
            where = f"{word} {first + row}, column {column}"
            self.mistakes.append(Mistake(where, self._cell(column, row), expected))
        if len(rows) > MOST_TOLD:
            found = f"wrong in {len(rows) - MOST_TOLD:,} further rows"
            self.mistakes.append(Mistake(f"column {column}", found, expected))

    def _cell(self, column: str, row: int) -> object:
        if column in self.table.texts:
            texts = self.table.texts[column]
            code = int(texts.codes[row])
            return None if code < 0 else texts.words[code]
        cells = self.table.numbers[column]
        return cells.values[row].item() if cells.is_given[row] else None
