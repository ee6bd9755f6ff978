"""The financing of a plan on the page of its answer: covenants, stress, cash flows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.covenant_tests import (
    CovenantState,
    CovenantTest,
    covenant_tests,
    stress_tests,
)
from models.financing_view import CarryingCost, FinancingView, StressResult
from models.financing_view import SchedulePeriod as Period
from models.record import Record
from service.printing.financing import by_row


@dataclass(frozen=True, slots=True)
class CashFlowRow:
    """Money of a month, or of the three that a row of a long plan has.

    What is paid is summed, what is owed is that at the end. All in US dollars.
    """

    first: Period
    last: Period
    drawn_usd: float
    repaid_usd: float
    interest_usd: float
    fees_usd: float


@dataclass(frozen=True, slots=True)
class StressRow:
    """The plan in a world, and what is tested there: collateral, cover, cash."""

    found: StressResult
    start: dt.date
    tests: Sequence[CovenantTest]


@dataclass(frozen=True, slots=True)
class FinancingOnPage:
    """What a lender asks of a plan.

    months_broken: in which the collateral covenant may be broken, with the chance.
    names: of facilities and participants, by identifier.
    """

    tests: Sequence[CovenantTest]
    months_broken: Sequence[tuple[dt.date, float]]
    stresses: Sequence[StressRow]
    flows: Sequence[CashFlowRow]
    schedule: Sequence[Period]
    facilities: Mapping[str, str]
    carrying: Sequence[CarryingCost]
    participants: Mapping[str, str]
    scenarios: int
    seed: int
    is_drawn_by_rule: bool

    @property
    def breached(self) -> Sequence[CovenantTest]:
        """What the plan breaches with any probability, without any stress."""
        return [x for x in self.tests if x.state is CovenantState.BREACHED]

    @property
    def near(self) -> Sequence[CovenantTest]:
        """What is kept, but within a tenth of its limit."""
        return [x for x in self.tests if x.state is CovenantState.NEAR]


def financing_on_page(
    found: Record | None, case: Mapping[str, Any]
) -> FinancingOnPage | None:
    """Return what a page shows of a financing view; None for any other answer.

    case: as stored, as JSON.
    """
    if not isinstance(found, FinancingView):
        return None
    covenants, starts = found.covenants, found.fans.period_starts
    chances = covenants.collateral_broken_by_period
    limit = covenants.collateral_cover_limit
    return FinancingOnPage(
        tests=covenant_tests(covenants),
        months_broken=[x for x in zip(starts, chances, strict=True) if x[1] > 0],
        stresses=[
            StressRow(x, starts[x.price_fall_start_period], stress_tests(x, limit))
            for x in found.stresses
        ],
        flows=[_flow(group) for _, group in by_row(found.schedule)],
        schedule=found.schedule,
        facilities={x["id"]: x["name"] for x in case["financing"]["facilities"]},
        carrying=found.carrying,
        participants={x["id"]: x["name"] for x in case["participants"]},
        scenarios=found.scenarios,
        seed=found.seed,
        is_drawn_by_rule=found.fans.debt_fan_usd is not None,
    )


def _flow(group: Sequence[Period]) -> CashFlowRow:
    return CashFlowRow(
        first=group[0],
        last=group[-1],
        drawn_usd=sum(sum(x.draws_usd.values()) for x in group),
        repaid_usd=sum(x.repayments_usd + x.capital_returned_usd for x in group),
        interest_usd=sum(x.interest_usd + x.return_on_capital_usd for x in group),
        fees_usd=sum(x.exposure_fees_usd + x.commitment_fees_usd for x in group),
    )
