"""The decisions of a printed plan as they are in force in a later case."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from models.held_stock import has_expired
from models.instance import Instance
from models.mistakes import Mistake
from models.plan import Plan, Sale, Tranche
from models.plan_references import unknown_names
from models.tranche_in_force import (
    SaleInForce,
    TrancheInForce,
    lots_for_sale,
    tranche_name,
)
from optimizer.evaluation.decisions import (
    Decisions,
    PlanMismatchError,
    decisions_of,
    draws_of,
    refuse_broken,
)
from optimizer.in_force.lots import is_held_by


def decisions_in_force(case: Instance, plan: Plan) -> Decisions:
    """Return the decisions of a plan in a case that is as many periods later.

    The plan was made for the horizon of before: the periods that the case lacks are
    past. In a case with all of them it is as printed. What its tranches hold is what
    lots of the position name them for.

    Raises
    ------
    PlanMismatchError
        If the plan does not fit the case or breaks what is in force in it, or a lot
        names none of its tranches.
    """
    passed = len(plan.financing) - case.horizon.number_of_periods
    if passed <= 0:
        return decisions_of(case, plan)
    _check_names(case, plan)
    refuse_broken(case, plan)
    whole = Decisions(
        plan.tranches(),
        frozenset(x.contract for x in plan.contracts),
        draws_of(case, plan),
        plan.sales(),
    )
    return in_force(case, whole, passed)


def in_force(case: Instance, decisions: Decisions, periods: int) -> Decisions:
    """Return decisions of so many periods before as they are in force in a case.

    Rights that have ended and contracts that have run out are left out. Raises
    PlanMismatchError if a lot of the case names none of the tranches.
    """
    names = {tranche_name(x) for x in decisions.tranches}
    names |= {lots_for_sale(x.material) for x in decisions.sales}
    parts = [
        *((f"position.stock[{x.id}]", x.tranche) for x in case.position.stock),
        *((f"position.purchases[{x.id}]", x.tranche) for x in case.position.purchases),
    ]
    for path, tranche in parts:
        if tranche is not None and tranche not in names:
            found = f"{path} is of tranche {tranche}"
            known = ", ".join(sorted(names)) or "it has none"
            raise PlanMismatchError(found=found, expected=f"one of the plan: {known}")
    left = {x.id for x in case.entitlement_offers}
    return replace(
        decisions,
        tranches=tuple(
            _as_it_stands(case, x, periods)
            for x in decisions.tranches
            if x.offer is None or x.offer in left
        ),
        signed=decisions.signed & {x.id for x in case.contracts},
        draws=decisions.draws[:, periods:],
        sales=tuple(_left_to_sell(case, decisions.sales)),
    )


def _as_it_stands(case: Instance, tranche: Tranche, periods: int) -> Tranche:
    """Return a tranche with its build-up counted from now, and what it holds."""
    material = case.materials[case.index.material[tranche.material]]
    lots = tuple(
        x
        for x in case.position.stock
        if is_held_by(tranche, x) and not has_expired(case.horizon, material, x)
    )
    start = tranche.build_up_start_period - periods
    values = dict(tranche) | {
        "build_up_start_period": start,
        "in_place": lots,
        "on_the_way": tuple(
            x for x in case.position.purchases if is_held_by(tranche, x)
        ),
    }
    return TrancheInForce.model_validate(values)


def _left_to_sell(case: Instance, sales: Iterable[Sale]) -> Iterator[SaleInForce]:
    """Yield sales of which something is left, on terms that have not ended."""
    on_sale = {x.material for x in case.position.sales}
    for sale in sales:
        material = case.materials[case.index.material[sale.material]]
        lots = tuple(
            x
            for x in case.position.stock
            if x.tranche == lots_for_sale(sale.material)
            and not has_expired(case.horizon, material, x)
        )
        if lots and sale.material in on_sale:
            yield SaleInForce.model_validate(dict(sale) | {"in_place": lots})


def _check_names(case: Instance, plan: Plan) -> None:
    """Raise if the plan names what the case never had; what has ended is not there."""
    ended = {x.offer for x in plan.tranches()} | {x.contract for x in plan.contracts}
    ended |= {x.material for x in plan.sales()} & {x.id for x in case.materials}
    unknown: list[Mistake] = [
        x for x in unknown_names(plan, case) if x.value not in ended
    ]
    if unknown:
        names = ", ".join(sorted({str(x.value) for x in unknown}))
        raise PlanMismatchError(
            found=f"the plan names {names}", expected="parts of the case"
        )
