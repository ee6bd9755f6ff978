"""The first-stage decisions of a plan, as a replay needs them."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.plan import Plan, Sale, Tranche
from models.plan_references import broken_agreements, unknown_names
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Decisions:
    """The first stage of a plan as its document prints it.

    signed names contracts; draws are in US dollars by facility and period (f, t); sales
    are those of free stock that no tranche takes.
    """

    tranches: tuple[Tranche, ...]
    signed: frozenset[str]
    draws: Floats
    sales: tuple[Sale, ...] = ()


class PlanMismatchError(ValueError):
    """The plan does not fit the case: it names something else, or other periods."""

    def __init__(self, *, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(f"{found}, expected {expected}")


def decisions_of(instance: Instance, plan: Plan) -> Decisions:
    """Return the decisions of a plan.

    Raises PlanMismatchError if the case lacks a name of the plan, has another number of
    periods, or something in force that the plan breaks.
    """
    if unknown := unknown_names(plan, instance):
        names = ", ".join(sorted({str(mistake.value) for mistake in unknown}))
        raise PlanMismatchError(
            found=f"the plan names {names}", expected="parts of the case"
        )
    periods, horizon = len(plan.financing), instance.horizon.number_of_periods
    if periods != horizon:
        found = f"the plan has {periods} periods"
        raise PlanMismatchError(found=found, expected=f"{horizon} as in the case")
    refuse_broken(instance, plan)
    signed = frozenset(k.contract for k in plan.contracts)
    draws = draws_of(instance, plan)
    return Decisions(plan.tranches(), signed, draws, plan.sales())


def refuse_broken(instance: Instance, plan: Plan) -> None:
    """Raise PlanMismatchError for a right or contract in force that a plan breaks."""
    for broken in broken_agreements(plan, instance):
        found = f"{broken.path} of the plan is {broken.value}"
        raise PlanMismatchError(found=found, expected=broken.expected)


def draws_of(instance: Instance, plan: Plan) -> Floats:
    """Return the scheduled draws of a plan by facility and period (f, t)."""
    facilities = [f.id for f in instance.financing.facilities]
    return np.array(
        [
            [period.draws_usd.get(f, 0.0) for period in plan.financing]
            for f in facilities
        ]
    ).reshape(len(facilities), len(plan.financing))


def nothing_held(instance: Instance) -> Decisions:
    """Return the decisions of a world without vault."""
    shape = (len(instance.financing.facilities), instance.horizon.number_of_periods)
    return Decisions((), frozenset(), np.zeros(shape))
