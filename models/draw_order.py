"""The order in which facilities drawn by the cash rule are drawn, and its mistakes.

Facilities of one order are drawn together, in proportion to their limits: a segment.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from models.finance import REVOLVING, Facility, Financing
from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.sections import Sections

ROUNDING = 1e-12
# A draw must bring more than it costs in its period; the rest is for long months.
MOST_OF_A_DRAW = 0.9


@dataclass(frozen=True, slots=True)
class Segment:
    """Facilities of one order; terms are their means, weighted by limits."""

    facilities: tuple[Facility, ...]

    @property
    def width_usd(self) -> float:
        """Most that is drawn from all of them."""
        return sum(x.limit_usd for x in self.facilities)

    @property
    def shares(self) -> tuple[float, ...]:
        """Part of each facility in a dollar drawn."""
        width = self.width_usd
        if width == 0:
            return (1 / len(self.facilities),) * len(self.facilities)
        return tuple(x.limit_usd / width for x in self.facilities)

    @property
    def rate_per_year(self) -> float:
        """Interest in cash less the commitment fee, which falls as more is drawn."""
        return self._mean([_net_rate(x) for x in self.facilities])

    @property
    def accrued_rate_per_year(self) -> float:
        """Return on capital that is owed after the end."""
        return self._mean(
            [x.rate_per_year - x.cash_rate_per_year for x in self.facilities]
        )

    @property
    def exposure_fee(self) -> float:
        """Fraction of a draw."""
        return self._mean([x.exposure_fee for x in self.facilities])

    @property
    def debt_share(self) -> float:
        """Part of loans in a dollar drawn."""
        return self._mean([float(x.kind == "loan") for x in self.facilities])

    @property
    def covered_share(self) -> float:
        """Part of loans that need collateral in a dollar drawn."""
        return self._mean([float(x.needs_collateral) for x in self.facilities])

    def _mean(self, values: list[float]) -> float:
        if len(set(values)) == 1:
            return values[0]
        return sum(a * b for a, b in zip(self.shares, values, strict=True))


def segments_of(financing: Financing) -> tuple[Segment, ...]:
    """Return the facilities drawn by the cash rule by rising order."""
    by_order = sorted(financing.drawn_by_rule(), key=attrgetter("order"))
    return tuple(Segment(tuple(x)) for _, x in groupby(by_order, attrgetter("order")))


def most_by_rule_usd(financing: Financing, room_usd: float) -> float:
    """Return how far facilities can be drawn by the cash rule, US dollars.

    Up to all their limits, or as far as debt stays within its multiple of the capital
    called from them and room_usd, what the capital of before the start leaves.
    """
    limit = financing.debt_to_equity_limit
    level, room = 0.0, room_usd
    for segment in segments_of(financing):
        width, debt = segment.width_usd, segment.debt_share
        if limit is not None:
            used = debt - limit * (1 - debt)
            if used > ROUNDING * max(limit, 1.0) and room < used * width:
                return level + max(room, 0.0) / used
            room -= used * width
        level += width
    return level


def wrong_draw_order(case: Sections, _known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find facilities that no cash rule can draw, or not at a convex cost."""
    for facility in case.financing.facilities:
        path = f"financing.facilities[{facility.id}]"
        if facility.is_drawn_by_rule:
            yield from _wrong_terms(path, facility)
        elif facility.order != 0:
            expected = "0: only facilities not drawn by_schedule have an order"
            yield Mistake(f"{path}.order", facility.order, expected)
        yield from _misplaced(path, facility)
    yield from _mixed(case.financing)
    years = case.horizon.average_period_years
    segments = segments_of(case.financing)
    for segment in segments:
        cost = segment.exposure_fee + years * segment.rate_per_year
        if cost > MOST_OF_A_DRAW:
            expected = (
                f"fee and interest of a period at most {MOST_OF_A_DRAW:g} of a draw, "
                f"not {cost:g} (a draw brings cash only after both)"
            )
            path = f"financing.facilities[{segment.facilities[0].id}].rate_per_year"
            yield Mistake(path, segment.facilities[0].rate_per_year, expected)
    for before, after in pairwise(segments):
        yield from _cheaper_later(before, after)


def _misplaced(path: str, facility: Facility) -> Iterator[Mistake]:
    """Find terms of loans on capital, and of capital drawn by the rule elsewhere."""
    if facility.guaranteed and facility.kind != "loan":
        expected = "false: only a loan is guaranteed"
        yield Mistake(f"{path}.guaranteed", facility.guaranteed, expected)
    if facility.accrues and not facility.is_drawn_by_rule:
        expected = "false: only capital not drawn by_schedule accrues its return"
        yield Mistake(f"{path}.accrues", facility.accrues, expected)


def _wrong_terms(path: str, facility: Facility) -> Iterator[Mistake]:
    reason = f"absent: what is drawn {facility.drawn} has neither window nor instalment"
    for name in ("last_draw_period", "repayment_start_period"):
        found: object = getattr(facility, name)
        if found is not None:
            yield Mistake(f"{path}.{name}", found, reason)
    if facility.first_draw_period != 0:
        expected = "0: cash is needed from the start on"
        yield Mistake(f"{path}.first_draw_period", facility.first_draw_period, expected)
    if facility.drawn == REVOLVING and facility.exposure_fee != 0:
        expected = "0: a revolving facility would pay it on each draw anew"
        yield Mistake(f"{path}.exposure_fee", facility.exposure_fee, expected)
    if facility.accrues and facility.kind != "equity":
        expected = "false: only the return on capital can wait until after the end"
        yield Mistake(f"{path}.accrues", facility.accrues, expected)
    elif facility.accrues and facility.commitment_fee_per_year != 0:
        expected = "0: of capital whose return accrues (else drawing more costs less)"
        found = facility.commitment_fee_per_year
        yield Mistake(f"{path}.commitment_fee_per_year", found, expected)
    elif facility.cash_rate_per_year < facility.commitment_fee_per_year:
        expected = (
            f"at least commitment_fee_per_year = {facility.commitment_fee_per_year:g} "
            "(else drawing more costs less)"
        )
        yield Mistake(f"{path}.rate_per_year", facility.rate_per_year, expected)


def _mixed(financing: Financing) -> Iterator[Mistake]:
    """Find facilities drawn in another way than most that the cash rule draws."""
    found = Counter(x.drawn for x in financing.drawn_by_rule())
    for drawn, _ in found.most_common()[1:]:
        (usual, _), *_ = found.most_common(1)
        for facility in financing.drawn_by_rule():
            if facility.drawn == drawn:
                path = f"financing.facilities[{facility.id}].drawn"
                others = [x.id for x in financing.drawn_by_rule() if x.drawn == usual]
                expected = (
                    f"{usual} as {', '.join(others)} (all that one cash rule draws), "
                    "or by_schedule"
                )
                yield Mistake(path, drawn, expected)


def _cheaper_later(before: Segment, after: Segment) -> Iterator[Mistake]:
    """Find terms that are better in a later order than in the one before it."""
    first = ", ".join(x.id for x in before.facilities)
    path = f"financing.facilities[{after.facilities[0].id}]"
    terms = {
        "rate_per_year": (
            "interest less commitment fee",
            before.rate_per_year,
            after.rate_per_year,
        ),
        "exposure_fee": ("exposure fee", before.exposure_fee, after.exposure_fee),
    }
    for name, (words, least, found) in terms.items():
        if found < least - ROUNDING:
            expected = (
                f"{words} of at least {least:g}, as of {first} before it (cheaper "
                "money is drawn first)"
            )
            yield Mistake(f"{path}.{name}", found, expected)


def _net_rate(facility: Facility) -> float:
    return facility.cash_rate_per_year - facility.commitment_fee_per_year
