"""Whether a plan is complete and names parts of the case, so it can be followed."""

from models.entitlement import EntitlementOffer
from models.instance import Instance
from models.material import Material
from models.plan import Plan, Tranche
from optimizer.feasibility.lots import lots_of
from optimizer.feasibility.on_order import free_on_order
from optimizer.feasibility.orders import route_weights
from optimizer.feasibility.quantities import Quantities
from optimizer.feasibility.rights_in_force import in_force
from optimizer.feasibility.sale import sale_form
from optimizer.feasibility.violation import Violations, equal, same
from optimizer.recourse.blocks import Recourse

RIGHT_RULE = "entitlement"
ALERTS = [0, 1, 2, 3]


def form_violations(
    instance: Instance, plan: Plan, blocks: Recourse, quantities: Quantities
) -> Violations:
    """Yield what keeps a plan from being followed at all."""
    materials = [m.id for m in instance.materials]
    yield from same("levels", "materials", [x.material for x in plan.levels], materials)
    for level in plan.levels:
        for i, tranche in enumerate(level.tranches):
            where = f"{level.material} tranche {i + 1}"
            yield from same("material", where, tranche.material, level.material)
            if tranche.material in materials:
                yield from _tranche(instance, tranche, where)
    yield from sale_form(instance, plan)
    signed = [x.contract for x in plan.contracts]
    known = [k.id for k in instance.contracts if k.id in signed]
    yield from same("contracts", "signed", sorted(signed), sorted(known))
    for x in instance.position.contracts:
        if x.contract not in signed:
            yield from same("contracts", x.contract, "not signed", "in force")
    yield from _financing(instance, plan)
    for name, number, expected in (
        ("allocated", len(quantities.allocated), blocks.number_of_gaps),
        ("emergency", len(quantities.emergency), blocks.number_of_gaps),
        ("shortage", len(quantities.shortage), blocks.number_of_shortages),
    ):
        yield from equal("quantities", name, number, expected)


def _tranche(instance: Instance, tranche: Tranche, where: str) -> Violations:
    offers = {offer.id: offer for offer in instance.entitlement_offers}
    rules = [rule.id for rule in instance.rules]
    if tranche.offer is None:
        yield from same("participant", where, tranche.participant, None)
        yield from _one_of("rule", where, tranche.rule, rules)
    else:
        yield from _one_of("offer", where, tranche.offer, list(offers))
        yield from same("rule", where, tranche.rule, RIGHT_RULE)
        if offer := offers.get(tranche.offer):
            yield from same("offer", where, tranche.material, offer.material)
            yield from same(
                "participant", where, tranche.participant, offer.participant
            )
    if right := in_force(instance, tranche.offer):
        yield from same("sourcing", where, tranche.sourcing, right.sourcing)
        return
    material = next(m for m in instance.materials if m.id == tranche.material)
    usable = [
        option.id
        for option in instance.sourcing_options
        if (
            lots_of(instance, material)
            if option.is_held
            else _come_in_time(instance, material, offers.get(tranche.offer or ""))
            if option.is_on_order
            else route_weights(instance, material, option)
        )
    ]
    yield from _one_of("sourcing", where, tranche.sourcing, usable)


def _come_in_time(
    instance: Instance, material: Material, offer: EntitlementOffer | None
) -> bool:
    """Say whether there are free purchases, all due before a right to them ends."""
    due = [x.arrival_period for x in free_on_order(instance, material)]
    end = None if offer is None else offer.repurchase_period
    return bool(due) and (end is None or max(due) < end)


def _financing(instance: Instance, plan: Plan) -> Violations:
    periods = list(range(instance.horizon.number_of_periods))
    yield from same("financing", "periods", [x.period for x in plan.financing], periods)
    facilities = instance.financing.facilities
    scheduled = sorted(f.id for f in facilities if f.drawn == "by_schedule")
    others = sorted(f.id for f in facilities if f.drawn != "by_schedule")
    yield from same("cash_rule", "plan", bool(plan.cash_rule), bool(others))
    for x in plan.financing:
        for name, amounts, expected in (
            ("draws", x.draws_usd, scheduled),
            ("balances", x.balances_usd, scheduled),
            ("expected balances", x.expected_balances_usd, others),
            ("highest balances", x.highest_balances_usd, others),
        ):
            where = f"{name}, t={x.period}"
            yield from same("facilities", where, sorted(amounts), expected)


def _one_of(row: str, where: str, name: str, known: list[str]) -> Violations:
    if name not in known:
        yield from same(row, where, name, f"one of {', '.join(known) or 'none'}")
