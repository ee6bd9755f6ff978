"""What changes from one plan to another, read off both documents."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isclose
from typing import TypeVar

from models.plan import Award, Level, Plan, SignedContract, Tranche
from models.plan_comparison import (
    ContractChange,
    FigureChange,
    LevelChange,
    RightChange,
    SaleChange,
    StepChange,
    StepNumbers,
    TrancheChange,
    Unit,
)

Key = TypeVar("Key")
ALERTS = range(4)
Holding = tuple[str, str | None]  # material and offer; no offer is the pool

FIGURES: Mapping[str, tuple[Unit, Callable[[Plan], float | None]]] = {
    "cost_without_vault_usd": (
        Unit.US_DOLLARS,
        lambda plan: plan.promise.cost_without_vault_usd,
    ),
    "expected_shortage_cost_usd": (
        Unit.US_DOLLARS,
        lambda plan: plan.promise.expected_shortage_cost_usd,
    ),
    "avoided_usd": (Unit.US_DOLLARS, lambda plan: plan.promise.avoided_usd),
    "cost_of_holding_usd": (
        Unit.US_DOLLARS,
        lambda plan: plan.promise.cost_of_holding_usd,
    ),
    "net_benefit_usd": (Unit.US_DOLLARS, lambda plan: plan.promise.net_benefit_usd),
    "cvar_usd": (Unit.US_DOLLARS, lambda plan: plan.promise.cvar_usd),
    "objective_usd": (Unit.US_DOLLARS, lambda plan: plan.promise.objective_usd),
    "lower_bound_usd": (Unit.US_DOLLARS, lambda plan: plan.promise.lower_bound_usd),
    "gap": (Unit.SHARE, lambda plan: plan.promise.gap),
    "budget_usd": (Unit.US_DOLLARS, lambda plan: plan.promise.budget_usd),
    "budget_used_usd": (Unit.US_DOLLARS, lambda plan: plan.promise.budget_used_usd),
    "planned_buying_usd": (
        Unit.US_DOLLARS,
        lambda plan: sum(level.cost_usd for level in plan.levels),
    ),
    "interest_and_fees_usd": (
        Unit.US_DOLLARS,
        lambda plan: sum(x.interest_and_fees_usd for x in plan.financing),
    ),
    "budget_shadow_price": (
        Unit.US_DOLLARS_A_DOLLAR,
        lambda plan: plan.promise.budget_shadow_price,
    ),
}


def figure_changes(before: Plan, after: Plan) -> Iterator[FigureChange]:
    """Yield each figure of promise and money, also those that are the same."""
    for name, (unit, read) in FIGURES.items():
        yield FigureChange(
            figure=name, unit=unit, before=read(before), after=read(after)
        )


def level_changes(before: Plan, after: Plan) -> Iterator[LevelChange]:
    """Yield each material of which a plan holds something, also unchanged ones."""
    old = {x.material: x for x in before.levels}
    new = {x.material: x for x in after.levels}
    for m in _all(new, old):
        level, other = new.get(m) or _nothing(old[m]), old.get(m) or _nothing(new[m])
        if level.tonnes == other.tonnes == 0:
            continue
        yield LevelChange(
            material=m,
            name=level.name,
            before_tonnes=other.tonnes,
            after_tonnes=level.tonnes,
            before_days_of_cover=other.days_of_cover,
            after_days_of_cover=level.days_of_cover,
            before_pool_tonnes=other.pool_tonnes,
            after_pool_tonnes=level.pool_tonnes,
            before_cost_usd=other.cost_usd,
            after_cost_usd=level.cost_usd,
        )


def _nothing(level: Level) -> Level:
    """Return the level of a material of which nothing is held."""
    return Level(
        material=level.material,
        name=level.name,
        tonnes=0.0,
        pool_tonnes=0.0,
        lots=0,
        days_of_cover=0.0,
        cost_usd=0.0,
    )


def tranche_changes(before: Plan, after: Plan) -> Iterator[TrancheChange]:
    """Yield what is held under a rule and sourcing option, where it changes.

    Tranches of one material, right, rule and sourcing option count together.
    """
    old, new = _by_rule(before), _by_rule(after)
    names = _names(before, after)
    for key in _all(new, old):
        tonnes, others = new.get(key, 0.0), old.get(key, 0.0)
        if not isclose(others, tonnes):
            material, offer, rule, sourcing = key
            yield TrancheChange(
                material=material,
                name=names[material],
                offer=offer,
                rule=rule,
                sourcing=sourcing,
                before_tonnes=others,
                after_tonnes=tonnes,
            )


def _by_rule(plan: Plan) -> Mapping[tuple[str, str | None, str, str], float]:
    tonnes: defaultdict[tuple[str, str | None, str, str], float] = defaultdict(float)
    for x in plan.tranches():
        tonnes[x.material, x.offer, x.rule, x.sourcing] += x.tonnes
    return tonnes


def step_changes(before: Plan, after: Plan) -> Iterator[StepChange]:
    """Yield what the tranches of a pool or right do together, where it changes."""
    old, new = _by_holding(before), _by_holding(after)
    names = _names(before, after)
    for key in _all(new, old):
        for alert in ALERTS:
            numbers = _together(new.get(key, ()), alert)
            others = _together(old.get(key, ()), alert)
            if any(
                not isclose(was, now)
                for (_, was), (_, now) in zip(others, numbers, strict=True)
            ):
                yield StepChange(
                    material=key[0],
                    name=names[key[0]],
                    offer=key[1],
                    alert=alert,
                    before=others,
                    after=numbers,
                )


def _by_holding(plan: Plan) -> Mapping[Holding, Sequence[Tranche]]:
    found: defaultdict[Holding, list[Tranche]] = defaultdict(list)
    for x in plan.tranches():
        found[x.material, x.offer].append(x)
    return found


def _together(tranches: Sequence[Tranche], alert: int) -> StepNumbers:
    steps = [x.steps[alert] for x in tranches]
    return StepNumbers(
        release_tonnes_per_period=sum(x.release_tonnes_per_period for x in steps),
        coverage=sum(x.coverage for x in steps),
        floor_tonnes=sum(x.floor_tonnes for x in steps),
        replenishment_tonnes_per_period=sum(
            x.replenishment_tonnes_per_period for x in steps
        ),
    )


def right_changes(before: Plan, after: Plan) -> Iterator[RightChange]:
    """Yield each right that a plan awards, also unchanged ones."""
    old: dict[str, Award] = {x.offer: x for x in before.awards}
    new: dict[str, Award] = {x.offer: x for x in after.awards}
    for offer in _all(new, old):
        award, other = new.get(offer), old.get(offer)
        terms = award or old[offer]
        yield RightChange(
            offer=offer,
            participant=terms.participant,
            material=terms.material,
            before_tonnes=other.tonnes if other else 0.0,
            after_tonnes=award.tonnes if award else 0.0,
            before_fees_usd_per_year=other.carrying_fee_usd_per_year if other else 0.0,
            after_fees_usd_per_year=award.carrying_fee_usd_per_year if award else 0.0,
        )


def contract_changes(before: Plan, after: Plan) -> Iterator[ContractChange]:
    """Yield each contract that a plan signs, also unchanged ones."""
    old: dict[str, SignedContract] = {x.contract: x for x in before.contracts}
    new: dict[str, SignedContract] = {x.contract: x for x in after.contracts}
    for contract in _all(new, old):
        signed, other = new.get(contract), old.get(contract)
        yield ContractChange(
            contract=contract,
            material=(signed or old[contract]).material,
            before_tonnes_per_year=other.volume_tonnes_per_year if other else 0.0,
            after_tonnes_per_year=signed.volume_tonnes_per_year if signed else 0.0,
        )


def sale_changes(before: Plan, after: Plan) -> Iterator[SaleChange]:
    """Yield each sale of free stock of a plan, also unchanged ones."""
    old = {x.material: x for x in before.sales()}
    new = {x.material: x for x in after.sales()}
    names = _names(before, after)
    for m in _all(new, old):
        sale, other = new.get(m), old.get(m)
        yield SaleChange(
            material=m,
            name=names[m],
            before_tonnes=other.tonnes if other else 0.0,
            after_tonnes=sale.tonnes if sale else 0.0,
            before_tonnes_per_period=other.tonnes_per_period if other else 0.0,
            after_tonnes_per_period=sale.tonnes_per_period if sale else 0.0,
        )


def _names(before: Plan, after: Plan) -> Mapping[str, str]:
    return {x.material: x.name for x in (*before.levels, *after.levels)}


def _all(*mappings: Mapping[Key, object]) -> Sequence[Key]:
    """Return the keys of mappings, each once, in their order."""
    return list(dict.fromkeys(key for mapping in mappings for key in mapping))
