"""What other assumptions do to the answer, as tables."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from models.sensitivity import Sensitivity, SensitivityVariant
from service.cli.quantities import money, percent
from service.cli.screen import table

UNKNOWN = "no plan"
UNPAID = "*"
LITTLE_CASH_USD = -10.0  # less than this is what cash rows are separated to


def tornado(found: Sensitivity) -> Table:
    """Return each assumption changed alone, widest first."""
    title = (
        f"Expected shortage cost as assumed: {money(found.expected_shortage_cost_usd)} "
        f"(gap {percent(found.gap)})"
    )
    singles = [x for x in found.variants if len(x.factors) == 1]
    return _costs(title, sorted(singles, key=lambda x: -_moved(found, x)))


def combinations(found: Sensitivity) -> Table | None:
    """Return the named combinations."""
    together = [x for x in found.variants if len(x.factors) > 1]
    return _costs("Together", together) if together else None


def flips(found: Sensitivity, names: Mapping[str, str]) -> Table | None:
    """Return where materials change places in the order of money spent."""
    if not any(variant.flips for variant in found.variants):
        return None
    turned = table("Order by money spent turns round", "change", "now above", "before")
    for variant in found.variants:
        for flip in variant.flips:
            turned.add_row(variant.name, names[flip.is_above], names[flip.was_above])
    turned.caption = (
        "Plans whose costs differ by less than the gap can order materials otherwise:\n"
        "a flip may be no more than that."
    )
    turned.caption_justify = "left"
    return turned


def _costs(title: str, variants: Sequence[SensitivityVariant]) -> Table:
    costs = table(
        title,
        *("change", "without vault", "plan of the base", "new plan", "no plan below"),
        "flips",
    )
    for variant in variants:
        costs.add_row(
            variant.name,
            _money(variant.cost_without_vault_usd),
            money(variant.base_plan_cost_usd) + (UNPAID if _is_unpaid(variant) else ""),
            _money(variant.expected_shortage_cost_usd),
            _money(variant.lower_bound_usd),
            str(len(variant.flips)),
        )
    if any(map(_is_unpaid, variants)):
        costs.caption = (
            f"{UNPAID} Its money runs out there, so it is no plan of the changed case."
        )
        costs.caption_justify = "left"
    return costs


def _is_unpaid(variant: SensitivityVariant) -> bool:
    return variant.base_plan_lowest_cash_usd < LITTLE_CASH_USD


def _moved(found: Sensitivity, variant: SensitivityVariant) -> float:
    cost = variant.expected_shortage_cost_usd
    return 0.0 if cost is None else abs(cost - found.expected_shortage_cost_usd)


def _money(amount: float | None) -> str:
    return UNKNOWN if amount is None else money(amount)
