"""The budgets of a frontier: a range around the case's, or a list."""

from collections.abc import Sequence
from math import isfinite

from models.finance import Financing
from models.frontier import equal_ratios
from models.mistakes import Mistake
from models.record import LARGEST_NUMBER

SPAN = (0.5, 2.0)
NUMBER_OF_POINTS = 11
MOST_POINTS = 1_000


class Budgets:
    """The budgets requested, before the case is known."""

    def __init__(
        self,
        first: float | None,
        last: float | None,
        points: int | None,
        usd: Sequence[float] | None,
    ) -> None:
        self._given = {
            "smallest_factor": first,
            "largest_factor": last,
            "number_of_points": points,
        }
        self._first = SPAN[0] if first is None else first
        self._last = SPAN[1] if last is None else last
        self._points = NUMBER_OF_POINTS if points is None else points
        self._usd = usd

    def mistakes(self, financing: Financing | None) -> list[Mistake]:
        """Return their mistakes, also those for a financing if it is known."""
        if self._usd is None:
            found = self._of_range()
        else:
            cash = 0.0 if financing is None else financing.opening_cash_usd
            found = [*self._of_mixture(), *_unreachable(self._usd, cash)]
        if financing is None or found:
            return found
        if financing.limits_usd() <= 0:
            limits = [facility.limit_usd for facility in financing.facilities]
            expected = "a facility with a limit above 0 to make larger and smaller"
            return [Mistake("financing.facilities", limits, expected)]
        largest = financing.opening_cash_usd + self._last * financing.limits_usd()
        if self._usd is None and largest > LARGEST_NUMBER:
            expected = f"a budget of at most {LARGEST_NUMBER:g}"
            return [Mistake("largest_factor", self._last, expected)]
        return []

    def factors(self, financing: Financing) -> tuple[float, ...]:
        """Return the factor on the limits of all facilities for each budget."""
        if self._usd is None:
            return equal_ratios(self._first, self._last, self._points)
        cash, limits = financing.opening_cash_usd, financing.limits_usd()
        return tuple((usd - cash) / limits for usd in self._usd)

    def _of_range(self) -> list[Mistake]:
        found: list[Mistake] = []
        least = 0.0
        if isfinite(self._first) and self._first > 0:
            least = self._first
        else:
            found.append(Mistake("smallest_factor", self._first, "a number above 0"))
        if not (isfinite(self._last) and self._last > least):
            expected = f"a number above {least:g}"
            found.append(Mistake("largest_factor", self._last, expected))
        if not 1 < self._points <= MOST_POINTS:
            expected = f"2 to {MOST_POINTS}"
            found.append(Mistake("number_of_points", self._points, expected))
        return found

    def _of_mixture(self) -> list[Mistake]:
        expected = "not to be there together with budgets in dollars"
        return [
            Mistake(name, value, expected)
            for name, value in self._given.items()
            if value is not None
        ]


def plan_file_name(number: int, budget_usd: float) -> str:
    """Return the name of the file of the plan for a budget, counted from 1."""
    return f"{number:02d}_{budget_usd:.0f}_usd.json"


def _unreachable(usd: Sequence[float], cash: float) -> list[Mistake]:
    expected = f"{cash:g} (the opening cash) to {LARGEST_NUMBER:g}"
    return [
        Mistake("budgets_usd", budget, expected)
        for budget in usd
        if not cash <= budget <= LARGEST_NUMBER
    ]
