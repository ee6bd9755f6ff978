"""One right of a participant: its cost, what it avoids, what its end may cost.

Why the repurchase is marked to market: Ford bought palladium at up to $1,100 an ounce
in 2000-02 and wrote down $1 billion at a market of $430 (just-auto.com).
"""

import numpy as np

from models.entitlement import EntitlementOffer
from models.instance import Instance
from models.participant_view import RepurchaseMark, RightView
from models.plan import Tranche
from models.rights_in_force import right_in_force
from optimizer.evaluation.own_cost import OwnCosts
from optimizer.evaluation.right_terms import right_terms
from optimizer.evaluation.statistics import confidence_interval, mean
from optimizer.scenarios import Batches, ScenarioSet

KG_PER_TONNE = 1000.0
LOW, HIGH = 0.05, 0.95


def right_view(
    instance: Instance,
    drawn: Batches,
    found: OwnCosts,
    i: int,
    offer: EntitlementOffer,
    tranche: Tranche,
) -> RightView:
    """Return the view of right i; found are the costs on the drawn scenarios."""
    material = instance.materials[instance.index.material[offer.material]]
    need = instance.index.need_by_participant_tonnes_per_day[offer.material]
    days = tranche.tonnes / need[offer.participant] if offer.participant in need else 0
    years = term_years(instance, offer)
    probability, avoided = drawn.scenarios.probability, found.avoided[i]
    gap_probability = min(float(probability @ found.has_gap[i]), 1.0)
    given_gap = (
        mean(avoided, probability) / gap_probability if gap_probability else None
    )
    per_year = all_in_cost_usd_per_tonne_year(instance, offer)
    return RightView(
        offer=offer.id,
        material=offer.material,
        material_name=material.name,
        tonnes=tranche.tonnes,
        lots=tranche.lots,
        days_of_own_cover=days,
        inventory_price_usd_per_tonne=offer.inventory_price_usd_per_tonne,
        upfront_fee_usd=offer.upfront_fee_usd_per_tonne * tranche.tonnes,
        carrying_fee_usd_per_year=(
            offer.carrying_fee_usd_per_tonne_year * tranche.tonnes
        ),
        term_years=years,
        avoided_cost_usd=mean(avoided, probability),
        avoided_cost_interval_usd=confidence_interval(
            avoided, probability, drawn.batch
        ),
        avoided_cost_alone_usd=mean(found.avoided_alone[i], probability),
        expected_fees_usd=mean(found.fees[i], probability),
        all_in_cost_usd_per_kg_year=per_year / KG_PER_TONNE,
        gap_probability=gap_probability,
        avoided_cost_given_gap_usd=given_gap,
        break_even_probability=break_even_probability(
            per_year * tranche.tonnes * years, given_gap
        ),
        repurchase=_mark(instance, drawn.scenarios, offer, tranche.tonnes),
        is_in_force=right_in_force(instance, offer.id) is not None,
        terms=right_terms(instance, offer),
    )


def term_years(instance: Instance, offer: EntitlementOffer) -> float:
    """Return the years in which a right can be drawn.

    The repurchase comes after the draw of its period, so that period counts.
    """
    periods = instance.horizon.number_of_periods
    if offer.repurchase_period is not None:
        periods = min(periods, offer.repurchase_period + 1)
    return instance.horizon.years_between(0, periods)


def all_in_cost_usd_per_tonne_year(
    instance: Instance, offer: EntitlementOffer
) -> float:
    """Return upfront fee / years of the term + carrying fee."""
    upfront = offer.upfront_fee_usd_per_tonne / term_years(instance, offer)
    return upfront + offer.carrying_fee_usd_per_tonne_year


def break_even_probability(
    cost_of_term_usd: float, avoided_given_gap_usd: float | None
) -> float | None:
    """Return p with p x avoided cost given a gap = all-in cost of the term.

    All-in cost of the term = (upfront fee / term_years + carrying fee) x tonnes x
    term_years, not discounted and as if nothing were drawn, so p is rather too high
    than too low. None if a gap avoids nothing.
    """
    if avoided_given_gap_usd is None or avoided_given_gap_usd <= 0:
        return None
    return cost_of_term_usd / avoided_given_gap_usd


def _mark(
    instance: Instance,
    scenarios: ScenarioSet,
    offer: EntitlementOffer,
    tonnes: float,
) -> RepurchaseMark | None:
    t = offer.repurchase_period
    if t is None:
        return None
    m = instance.index.material[offer.material]
    low, high = np.quantile(
        scenarios.price[m, :, t],
        (LOW, HIGH),
        weights=scenarios.probability,
        method="inverted_cdf",
    )
    agreed = offer.inventory_price_usd_per_tonne
    return RepurchaseMark(
        period=t,
        date=instance.horizon.start_of(t),
        inventory_price_usd_per_tonne=agreed,
        price_p5_usd_per_tonne=float(low),
        price_p95_usd_per_tonne=float(high),
        value_at_p5_usd=tonnes * (float(low) - agreed),
        value_at_p95_usd=tonnes * (float(high) - agreed),
    )
