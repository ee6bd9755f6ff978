"""Scenarios read back from a table: all mistakes at once, and nothing guessed."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.scenario_table import (
    KINDS,
    SCENARIO_COLUMNS,
    ScenarioTable,
    world_hash,
)
from optimizer.exchange.scenario_cells import MOST_TOLD, ScenarioCells, number_in
from optimizer.policies.market import observe
from optimizer.scenarios.content import items_of, scenarios_hash
from optimizer.scenarios.market import price_path
from optimizer.scenarios.scenario_set import Floats, Positions, ScenarioSet
from optimizer.solve import planning_scenarios

PROBABILITY_TOLERANCE = 1e-9
NEAR = 1e-9  # what a program that writes fewer digits may change
MOST_CELLS = 50_000_000


def read_scenarios(instance: Instance, table: ScenarioTable) -> ScenarioSet:
    """Return the scenarios of a table; they know that they come from a file.

    Raises InvalidCaseError with all mistakes, each with its row and column.
    """
    reading = _Reading(instance, table, [*table.mistakes])
    found = reading.scenarios()
    if found is None or reading.mistakes:
        raise InvalidCaseError(reading.mistakes)
    read = replace(found, file_hash=scenarios_hash(instance, found))
    reading.check_what_follows(read)
    if reading.mistakes:
        raise InvalidCaseError(reading.mistakes)
    return read


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
class _Reading(ScenarioCells):
    """Scenarios of a table; of_materials are its rows of materials, with m, w, t."""

    of_materials: tuple[Positions, ...] = ()

    def scenarios(self) -> ScenarioSet | None:
        """Return the scenarios; None if the table has not the form of any."""
        self._check_head()
        there = {*self.table.texts, *self.table.numbers}
        if any(x.is_read and x.name not in there for x in SCENARIO_COLUMNS):
            return None
        scenario = self.codes("scenario")
        if not len(scenario):
            self.mistakes.append(Mistake("rows", "none", "at least one scenario"))
            return None
        if self._is_beyond_all_measure():
            return None
        t = self._periods()
        kind = self.positions("kind", KINDS)
        arrays: dict[str, NDArray[Any]] = {}
        for k, (name, items) in enumerate(items_of(self.instance).items()):
            is_here = kind == k
            i = self.positions("id", items, is_here, f"a {name} of the case")
            rows = np.flatnonzero(is_here & (i >= 0) & (t >= 0) & (scenario >= 0))
            at = (i[rows], scenario[rows], t[rows])
            self._check_complete(name, items, rows, at)
            if name == "material":
                self.of_materials = (rows, *at)
            for column in SCENARIO_COLUMNS:
                if column.of == name and column.is_read:
                    self.check_empty(column.name, ~is_here & (kind >= 0))
                    cells = self.numbers(column.name, is_here)
                    shape = (len(items), self.number, self._length)
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

    def check_what_follows(self, read: ScenarioSet) -> None:
        """Tell of alerts and gaps that were changed where nothing else was.

        Else they are of before the change, and what follows from it takes their place.
        """
        head, numbers = self.table.head, self.table.numbers
        if head is None or head.scenarios_hash != read.file_hash:
            return
        rows, m, w, t = self.of_materials
        market = observe(self.instance, read)
        for column, follows in (
            ("alert", market.alert),
            ("gap_tonnes", market.market_gap),
        ):
            cells = numbers.get(column)
            if cells is None:
                continue
            expected = follows[m, w, t]
            is_near = np.isclose(cells.values[rows], expected, rtol=NEAR, atol=NEAR)
            differs = np.zeros(self.number_of_rows, dtype=np.bool_)
            differs[rows[cells.is_given[rows] & ~is_near]] = True
            self.tell(column, differs, "what follows from the other columns")

    def _is_beyond_all_measure(self) -> bool:
        """Tell of a table that lacks nearly all that its scenarios would have."""
        items = sum(map(len, items_of(self.instance).values()))
        wanted = self.number * self._length * items
        if wanted <= MOST_CELLS or wanted <= 2 * self.number_of_rows:
            return False
        found = f"{self.number_of_rows:,} rows of {self.number:,} scenarios"
        self.mistakes.append(Mistake("rows", found, f"{wanted:,} rows for so many"))
        return True

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

    def _periods(self) -> Positions:
        """Return the period of each row, -1 where it is none."""
        cells = self.numbers("period")
        last = self._length - 1
        is_wrong = cells.is_given & ((cells.values < 0) | (cells.values > last))
        self.tell("period", is_wrong, f"a period of the case, 0 to {last}")
        return np.where(cells.is_given & ~is_wrong, cells.values, -1)

    def _of_scenarios(self, scenario: Positions) -> tuple[Floats, Positions]:
        """Return probability and stratum of each scenario (w)."""
        found: list[NDArray[Any]] = []
        for column in ("probability", "stratum"):
            cells = self.numbers(column)
            rows = np.flatnonzero((scenario >= 0) & cells.is_given)
            values = np.zeros(self.number, dtype=cells.values.dtype)
            # The first row of each scenario decides; others must say the same.
            values[scenario[rows[::-1]]] = cells.values[rows[::-1]]
            differs = np.zeros(len(scenario), dtype=np.bool_)
            differs[rows] = cells.values[rows] != values[scenario[rows]]
            self.tell(column, differs, "the same as in other rows of the scenario")
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
        shape = (len(items), self.number, self._length)
        flat = np.ravel_multi_index(at, shape)
        _, first = np.unique(flat, return_index=True)
        is_again = np.ones(len(rows), dtype=np.bool_)
        is_again[first] = False
        again = np.zeros(self.number_of_rows, dtype=np.bool_)
        again[rows[is_again]] = True
        self.tell("id", again, "one row for it in this scenario and period")
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
