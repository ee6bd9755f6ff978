"""The explanation of a plan, as tables."""

from rich.table import Table

from models.explanation import (
    CandidateName,
    DrivingScenario,
    Explanation,
    LotWorth,
    MaterialReason,
)
from service.printing.quantities import days, money, percent, tonnes
from service.printing.table import add_note, table

MOST_PAIRS = 12
MOST_EVENTS = 12


def worth(found: Explanation) -> Table:
    """Return the cost that the stock of each material avoids, in all and by the lot."""
    title = (
        f"Value on the {found.scenarios:,} planning scenarios, shortage cost "
        f"{money(found.expected_shortage_cost_usd)} (gap {percent(found.gap)})"
    )
    rows = table(
        title,
        *("material", "held", "days", "all avoids", "lot", "last avoids", "a dollar"),
        *("next avoids", "a dollar"),
    )
    if found.budget_shadow_price is not None:
        price = money(found.budget_shadow_price)
        add_note(rows, f"The next dollar of financing avoids {price}.")
    for x in found.materials:
        lot = x.last_lot or x.next_lot
        rows.add_row(
            x.name,
            tonnes(x.tonnes),
            days(x.days_of_cover),
            money(x.avoided_usd),
            "-" if lot is None else tonnes(lot.tonnes),
            *_lot(x.last_lot),
            *_lot(x.next_lot),
        )
    return rows


def why_not_more(found: Explanation) -> Table:
    """Return why no material has one lot more, and its next best candidate."""
    rows = table(
        "Why not a lot more; what a lot under the next best candidate changes",
        *("material", "why", "next best candidate", "why not", "costs"),
        left=4,
    )
    for x in found.materials:
        rows.add_row(x.name, x.reason, *_next_best(x))
    return rows


def tranches(found: Explanation) -> Table | None:
    """Return the cost that each tranche avoids."""
    if not found.tranches:
        return None
    names = {x.material: x.name for x in found.materials}
    rows = table(
        "Tranches: the cost that each of them avoids",
        *("material", "for", "candidate", "held", "avoids"),
        left=3,
    )
    for x in found.tranches:
        rows.add_row(
            names[x.material],
            x.participant_name or "all",
            _candidate(x.candidate),
            tonnes(x.tonnes),
            money(x.avoided_usd),
        )
    return rows


def rights(found: Explanation) -> Table | None:
    """Return what each right avoids, and why it is not larger."""
    if not found.rights:
        return None
    names = {x.material: x.name for x in found.materials}
    rows = table(
        "Rights: lots awarded and offered, what they avoid, what the next award would",
        *("right", "of", "material", "awarded", "offered", "avoids", "next"),
        *("avoids", "why not"),
        left=3,
    )
    for x in found.rights:
        rows.add_row(
            x.offer,
            x.participant_name,
            names[x.material],
            f"{x.lots:,}",
            f"{x.largest_lots:,}",
            money(x.avoided_usd),
            "-" if x.next_lots is None else f"{x.next_lots:,}",
            "-" if x.next_avoided_usd is None else money(x.next_avoided_usd),
            x.reason,
        )
    return rows


def limits(found: Explanation) -> Table | None:
    """Return the limits that the plan reaches or that the next lot would break."""
    if not found.limits:
        return None
    rows = table("Binding limits", "")
    for limit in found.limits:
        rows.add_row(limit)
    return rows


def events(found: Explanation) -> Table | None:
    """Return the events with the largest shares of the cost."""
    if not found.events:
        return None
    rows = table(
        "Events: shares overlap where several happen",
        *("event", "chance", "cost if it happens", "share of the cost"),
    )
    for x in found.events[:MOST_EVENTS]:
        rows.add_row(
            x.name,
            percent(x.probability),
            money(x.cost_if_it_happens_usd),
            percent(x.share_of_cost),
        )
    return rows


def scenarios(found: Explanation) -> Table | None:
    """Return the scenarios with the largest shares of the cost."""
    if not found.driving_scenarios:
        return None
    rows = table(
        "Scenarios with the largest shares; events with the period in which they begin",
        *("scenario", "events", "chance", "cost", "share of the cost"),
        left=2,
    )
    for x in found.driving_scenarios:
        rows.add_row(
            x.name,
            _onsets(x),
            percent(x.probability),
            money(x.cost_usd),
            percent(x.share_of_cost),
        )
    return rows


def codependences(found: Explanation) -> Table | None:
    """Return the pairs of materials of which one is worth least without the other."""
    if not found.codependences:
        return None
    names = {x.material: x.name for x in found.materials}
    rows = table(
        "Dependent materials: what one avoids with and without the other",
        *("stock of", "without", "common products", "with it", "without it", "kept"),
        left=2,
    )
    for x in found.codependences[:MOST_PAIRS]:
        rows.add_row(
            names[x.material],
            names[x.other],
            str(len(x.products)),
            money(x.worth_usd),
            money(x.worth_without_other_usd),
            percent(x.share_kept),
        )
    return rows


def _lot(lot: LotWorth | None) -> tuple[str, str]:
    if lot is None:
        return "-", "-"
    return money(lot.avoided_usd), money(lot.avoided_per_dollar)


def _next_best(x: MaterialReason) -> tuple[str, str, str]:
    other = x.next_best
    if other is None:
        return "-", "-", "-"
    return _candidate(other.candidate), other.reason, money(other.extra_cost_usd)


def _candidate(x: CandidateName) -> str:
    return f"{days(x.level_days_of_cover)} days, {x.rule}, {x.sourcing}"


def _onsets(x: DrivingScenario) -> str:
    return ", ".join(f"{onset.event} ({onset.period})" for onset in x.onsets)
