"""Levels and awards as printed, against their tranches."""

from optimizer.feasibility.buying import premium_usd
from optimizer.feasibility.limits import bought_by_route
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.rights_in_force import in_force
from optimizer.feasibility.violation import Violations, at_least, at_most, equal, same


def level_violations(counted: Recount) -> Violations:
    """Yield what is wrong with the sums of each material, and with the awards."""
    instance = counted.instance
    for material, level in zip(instance.materials, counted.plan.levels, strict=True):
        where, mine = material.id, level.tranches
        tonnes = sum(x.tonnes for x in mine)
        pool = sum(x.tonnes for x in mine if x.offer is None)
        cover = instance.index.days_of_cover(material.id, tonnes)
        yield from same("level_name", where, level.name, material.name)
        yield from equal("level_tonnes", where, level.tonnes, tonnes)
        yield from equal("pool_tonnes", where, level.pool_tonnes, pool)
        yield from equal("level_lots", where, level.lots, sum(x.lots for x in mine))
        yield from equal("days_of_cover", where, level.days_of_cover, cover)
        printed = {x.route: x.tonnes for x in level.purchases}
        expected = bought_by_route(counted, material)
        yield from same("purchases", where, sorted(printed), sorted(expected))
        for route in printed.keys() & expected.keys():
            at, found = f"{where} over {route}", printed[route]
            yield from equal("purchase", at, found, expected[route])
    yield from _costs(counted)
    yield from _awards(counted)


def _costs(counted: Recount) -> Violations:
    """Planned buying at undisrupted landed prices, with premia."""
    instance, base_price = counted.instance, counted.scenarios.base_price
    for m, level in enumerate(counted.plan.levels):
        material = instance.materials[m]
        cost = 0.0
        for x in counted.of(material):
            cost += (x.bought_before + float(x.planned.sum())) * x.opening_unit_cost
        for t, bought in enumerate(counted.planned(material)):
            price = float(base_price[m, t])
            cost += premium_usd(instance, material, float(bought), price)
        yield from equal("level_cost", material.id, level.cost_usd, cost)


def _awards(counted: Recount) -> Violations:
    """Compare the terms of each right: one award for each tranche that serves one."""
    instance, plan = counted.instance, counted.plan
    rights = {x.offer: x for x in plan.tranches() if x.offer is not None}
    awarded = sorted(award.offer for award in plan.awards)
    yield from same("awards", "offers", awarded, sorted(rights))
    offers = {offer.id: offer for offer in instance.entitlement_offers}
    need = instance.index.need_by_participant_tonnes_per_day
    for award in plan.awards:
        if award.offer not in rights:
            continue
        right, offer, where = rights[award.offer], offers[award.offer], award.offer
        is_new = in_force(instance, award.offer) is None
        upfront = offer.upfront_fee_usd_per_tonne if is_new else 0.0
        terms = (award.participant, award.material)
        yield from same("award", where, terms, (offer.participant, offer.material))
        least = offer.minimum_lots if is_new else 1
        yield from at_least("minimum_award", where, right.lots, least, 0.0)
        yield from at_most("maximum_award", where, right.lots, offer.maximum_lots, 0.0)
        own = need[offer.material][offer.participant]
        tonnes = right.tonnes
        price = award.inventory_price_usd_per_tonne
        carrying = tonnes * offer.carrying_fee_usd_per_tonne_year
        for name, found, expected in (
            ("award_lots", award.lots, right.lots),
            ("award_tonnes", award.tonnes, tonnes),
            ("award_days_of_cover", award.days_of_own_cover, tonnes / own),
            ("award_price", price, offer.inventory_price_usd_per_tonne),
            ("award_fee", award.upfront_fee_usd, tonnes * upfront),
            ("award_carrying_fee", award.carrying_fee_usd_per_year, carrying),
        ):
            yield from equal(name, where, found, expected)
