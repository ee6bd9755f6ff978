"""The terms of a right as sentences for its holder."""

from models.entitlement import EntitlementOffer
from models.instance import Instance
from optimizer.policies.policy_text import ALERTS


def right_terms(instance: Instance, offer: EntitlementOffer) -> tuple[str, ...]:
    """Return how it draws, how the right is refilled, and how it ends."""
    return (
        _draw(offer),
        *_store(instance, offer),
        _refill(offer),
        _end(instance, offer),
    )


def _draw(offer: EntitlementOffer) -> str:
    alert = offer.access_alert
    price = f"${offer.inventory_price_usd_per_tonne:,.0f} a tonne"
    when = "At any alert" if alert == 0 else f"From alert {ALERTS[alert]} on"
    pace = f"at most {_percent(offer.draw_limit_per_month)} of the right a month"
    return f"{when} draw up to {_percent(offer.coverage)} of your gap, {pace}, {price}."


def _store(instance: Instance, offer: EntitlementOffer) -> list[str]:
    index = instance.index
    material = instance.materials[index.material[offer.material]]
    storage = index.storage[offer.material]
    terms: list[str] = []
    if storage.notice_days > 0:
        terms.append(f"The store opens {storage.notice_days:g} days after the alert.")
    if material.shelf_life_days is not None:
        terms.append(f"What is older than {material.shelf_life_days:g} days expires.")
    return terms


def _refill(offer: EntitlementOffer) -> str:
    number = offer.replenish_within_periods
    pace = "in one period" if number == 1 else f"within {number} periods"
    return f"Once the alert has cleared, a full draw is bought back {pace}."


def _end(instance: Instance, offer: EntitlementOffer) -> str:
    if offer.repurchase_period is None:
        return "What is left at the end need not be taken."
    day = instance.horizon.start_of(offer.repurchase_period)
    price = f"${offer.inventory_price_usd_per_tonne:,.0f} a tonne"
    return f"In the period from {day} what is left must be taken, {price}."


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
