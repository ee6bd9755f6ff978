"""Columns of a table of scenarios being read: their cells, and mistakes by row."""

from dataclasses import dataclass, field

import numpy as np

from models.instance import Instance
from models.mistakes import Mistake
from models.scenario_table import SCENARIO_COLUMNS, Numbers, ScenarioTable
from optimizer.scenarios.scenario_set import Booleans, Positions

MOST_TOLD = 10  # rows of one kind of mistake
LIMITS = {
    "availability": (0.0, 1.0, "a share from 0 to 1"),
    "price_usd_per_tonne": (np.nextafter(0, 1), np.inf, "a price above 0"),
    "demand_units": (0.0, np.inf, "0 or more"),
    "probability": (0.0, 1.0, "a probability from 0 to 1"),
    "stratum": (0, np.inf, "0 or more"),
}


def number_in(table: ScenarioTable) -> int:
    """Return the number of scenarios that a table names."""
    names = table.texts.get("scenario")
    return 0 if names is None else len(names.words)


@dataclass(slots=True)
class ScenarioCells:
    """A table being read, and the mistakes that are found."""

    instance: Instance
    table: ScenarioTable
    mistakes: list[Mistake] = field(default_factory=list[Mistake])

    def codes(self, column: str) -> Positions:
        """Return the positions of words, -1 in empty cells, which are mistakes."""
        codes = np.asarray(self.table.texts[column].codes)
        self.tell(column, codes < 0, "a word")
        return codes

    def positions(
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
        self.tell(column, here & (found < 0), f"{what} ({listed})" if what else listed)
        return np.where(here, found, -1)

    def numbers(self, column: str, is_here: Booleans | None = None) -> Numbers:
        """Return numbers; empty cells and those beyond the limits are mistakes."""
        cells = self.table.numbers[column]
        here = (
            np.ones(len(cells.values), dtype=np.bool_) if is_here is None else is_here
        )
        told = np.zeros(len(here), dtype=np.bool_)
        if cells.is_wrong is not None:
            told = cells.is_wrong
        self.tell(column, here & ~cells.is_given & ~told, "a value")
        if column in LIMITS:
            least, most, expected = LIMITS[column]
            values = cells.values
            is_finite = np.isfinite(values)
            is_beyond = ~is_finite | (values < least) | (values > most)
            self.tell(column, here & cells.is_given & is_beyond, expected)
        return cells

    def check_empty(self, column: str, is_elsewhere: Booleans) -> None:
        """Tell of values in rows of another kind than the column is of."""
        cells = self.table.numbers[column]
        kind = next(x.of for x in SCENARIO_COLUMNS if x.name == column)
        self.tell(column, is_elsewhere & cells.is_given, f"empty: only a {kind} has it")

    def tell(self, column: str, is_wrong: Booleans, expected: str) -> None:
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

    @property
    def number(self) -> int:
        """Number of scenarios."""
        return number_in(self.table)

    @property
    def number_of_rows(self) -> int:
        """Number of rows, of whatever kind."""
        return len(self.table.texts["scenario"].codes)
