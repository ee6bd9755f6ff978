"""Each tranche against the menu: its level, share, lots and every printed number."""

from collections import defaultdict

from models.instance import Instance
from models.plan import Plan, Tranche
from optimizer.feasibility.rule import Expected, expected_rule
from optimizer.feasibility.tolerances import ROUNDING
from optimizer.feasibility.violation import Violation, Violations, at_most, equal, same
from optimizer.policies.policy_text import policy_text

NEVER = "a target that can be bought"


def tranche_violations(instance: Instance, plan: Plan) -> Violations:
    """Yield what is wrong with tranches, one by one and together, rows (2) to (6)."""
    by_holding: dict[str, list[Tranche]] = defaultdict(list)
    for tranche in plan.tranches():
        by_holding[holding_of(tranche)].append(tranche)
    for holding, tranches in by_holding.items():
        for i, tranche in enumerate(tranches):
            where = f"{holding} tranche {i + 1}"
            expected = expected_rule(instance, tranche)
            yield from _sizes(instance, tranche, expected, where)
            yield from _steps(tranche, expected, where)
            yield from _paces(tranche, expected, where)
            text = policy_text(instance, tranche)
            yield from same("text", where, tranche.text, text)
        shares = sum(tranche.share for tranche in tranches)
        yield from at_most("one_policy", holding, shares, 1.0, ROUNDING)
        most = instance.options.max_tranches if tranches[0].offer is None else 1
        yield from at_most("tranche_limit", holding, len(tranches), most, 0.0)


def holding_of(tranche: Tranche) -> str:
    """Return the name of the pool or of the right that a tranche is a part of."""
    if tranche.offer is None:
        return f"pool of {tranche.material}"
    return f"right {tranche.offer}"


def _sizes(
    instance: Instance, tranche: Tranche, expected: Expected, where: str
) -> Violations:
    """(5) target share = lot lots, at a level of the menu; (6) a right is whole."""
    lot = next(m.lot_tonnes for m in instance.materials if m.id == tranche.material)
    yield from equal("whole_lots", where, tranche.tonnes, tranche.lots * lot)
    of_target = tranche.share * expected.target
    yield from equal("share", where, tranche.tonnes, of_target)
    if tranche.offer is not None:
        yield from equal("whole_award", where, tranche.share, 1.0)
    days = tranche.level_days_of_cover
    if all(abs(days - level) > ROUNDING * level for level in expected.levels):
        offered = ", ".join(f"{level:g}" for level in expected.levels)
        yield Violation("level", where, days, f"one of {offered}", "exactly")


def _steps(tranche: Tranche, expected: Expected, where: str) -> Violations:
    """Every number of a rule is the share of the menu's; only the cap is no amount."""
    share, target = tranche.share, expected.target
    for step, rates, replenish in zip(
        tranche.steps, expected.rates, expected.replenish, strict=True
    ):
        at = f"{where}, alert {step.alert}"
        draw, floor = step.release_tonnes_per_period, step.floor_tonnes
        refill = step.replenishment_tonnes_per_period
        yield from equal("draw", at, draw, share * rates.draw * target)
        yield from equal("coverage", at, step.coverage, share * rates.coverage)
        yield from equal("floor", at, floor, share * rates.floor * target)
        yield from equal("replenishment", at, refill, share * replenish)
        yield from same("price_cap", at, step.price_cap, rates.price_cap)


def _paces(tranche: Tranche, expected: Expected, where: str) -> Violations:
    share = tranche.share
    outload, build_up = share * expected.outload, share * expected.build_up
    yield from equal("outload", where, tranche.outload_tonnes_per_period, outload)
    yield from equal("build_up", where, tranche.build_up_tonnes_per_period, build_up)
    found, rotation = tranche.rotation_tonnes_per_period, share * expected.rotation
    yield from equal("rotation", where, found, rotation)
    cap = tranche.build_up_price_cap
    yield from same("build_up_price_cap", where, cap, expected.build_up_price_cap)
    start = tranche.build_up_start_period
    yield from same("build_up_start", where, start, expected.build_up_start)
    if expected.build_up_periods is None:
        yield Violation("build_up_periods", where, "endless", NEVER, "exactly")
    else:
        periods = tranche.build_up_periods
        yield from same("build_up_periods", where, periods, expected.build_up_periods)
