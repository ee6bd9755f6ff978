"""Two plans side by side, as tables."""

from collections.abc import Callable, Iterator, Sequence

from rich.table import Table

from models.plan_comparison import (
    FactChange,
    FigureChange,
    LevelChange,
    PlanComparison,
    StepChange,
    TopicChange,
    Unit,
)
from service.printing.plan import ALERTS
from service.printing.plan_comparison_words import (
    counted,
    facts_by_part,
    in_words,
    more,
)
from service.printing.quantities import days, interval, money, percent, tonnes
from service.printing.scenarios import scenarios_in_words
from service.printing.table import add_note, figures_table, table

MOST_FACTS = 8  # of a topic
LONGEST_FACT = 60

FIGURE_NAMES = {
    "cost_without_vault_usd": "Shortage cost without vault",
    "expected_shortage_cost_usd": "Shortage cost with vault (promise)",
    "avoided_usd": "Avoided",
    "cost_of_holding_usd": "Cost of holding",
    "net_benefit_usd": "Net benefit",
    "cvar_usd": "Mean of the worst scenarios (CVaR)",
    "objective_usd": "Objective",
    "lower_bound_usd": "Lower bound",
    "gap": "Gap",
    "budget_usd": "Financing available",
    "budget_used_usd": "Financing drawn at most",
    "planned_buying_usd": "Planned buying",
    "interest_and_fees_usd": "Interest and fees",
    "budget_shadow_price": "The next dollar avoids",
}


def comparison_tables(found: PlanComparison) -> Iterator[Table | str | None]:
    """Yield what changes in words, then all tables."""
    yield from in_words(found)
    yield figures(found)
    yield levels(found)
    yield tranches(found)
    yield steps(found)
    yield rights(found)
    yield contracts(found)
    yield sales(found)
    if found.topics:
        yield effects(found.topics)
        yield facts(found.topics)
    yield kept(found)


def figures(found: PlanComparison) -> Table:
    """Return promise and money of both plans."""
    before, after = found.before.plan_hash[:12], found.after.plan_hash[:12]
    compared = table(f"From plan {before} to {after}", "", "before", "after", "change")
    for row in found.figures:
        shown = _shown(row)
        change = "" if row.change is None else more(row.change, shown)
        cells = ("-" if x is None else shown(x) for x in (row.before, row.after))
        compared.add_row(FIGURE_NAMES[row.figure], *cells, change)
    return compared


def _shown(row: FigureChange) -> Callable[[float], str]:
    return {
        Unit.US_DOLLARS: money,
        Unit.SHARE: percent,
        Unit.US_DOLLARS_A_DOLLAR: _worth,
    }[row.unit]


def _worth(price: float) -> str:
    sign = "-" if price < 0 else ""
    return f"{sign}${abs(price):,.2f}"


def levels(found: PlanComparison) -> Table | None:
    """Return the stock of the materials of which more or less is held."""
    changed = [row for row in found.levels if row.is_changed]
    if not changed:
        return None
    names = ("before", "after", "change", "days of cover", "cost of buying")
    compared = table("Levels that change", "material", *names)
    for row in changed:
        compared.add_row(row.name, *_level(row))
    if same := len(found.levels) - len(changed):
        add_note(compared, f"As before: {counted(same, 'material')}.")
    return compared


def _level(row: LevelChange) -> tuple[str, ...]:
    return (
        tonnes(row.before_tonnes),
        tonnes(row.after_tonnes),
        more(row.change_tonnes, tonnes),
        _to(row.before_days_of_cover, row.after_days_of_cover, days),
        _to(row.before_cost_usd, row.after_cost_usd, money),
    )


def tranches(found: PlanComparison) -> Table | None:
    """Return what is held under other rules or sourcing options."""
    if not found.tranches:
        return None
    compared = table(
        "Rules and sourcing that change",
        *("material", "for", "rule", "sourcing", "before", "after"),
        left=4,
    )
    for row in found.tranches:
        compared.add_row(
            row.name,
            row.offer or "pool",
            row.rule,
            row.sourcing,
            tonnes(row.before_tonnes),
            tonnes(row.after_tonnes),
        )
    return compared


def steps(found: PlanComparison) -> Table | None:
    """Return what operators do otherwise, by alert level, in tonnes a period."""
    if not found.steps:
        return None
    compared = table(
        "Rules in numbers that change, by period",
        *("material", "for", "alert"),
        *("release at most", "of the gap", "hold back", "buy back"),
        left=3,
    )
    last: tuple[str, str | None] | None = None
    for row in found.steps:
        holding = (row.material, row.offer)
        if holding != last and last is not None:
            compared.add_section()
        is_first, last = holding != last, holding
        name, whose = (row.name, row.offer or "pool") if is_first else ("", "")
        compared.add_row(name, whose, ALERTS[row.alert], *_step(row))
    return compared


def _step(row: StepChange) -> tuple[str, ...]:
    before, after = row.before, row.after
    return (
        _to(before.release_tonnes_per_period, after.release_tonnes_per_period, tonnes),
        _to(before.coverage, after.coverage, percent),
        _to(before.floor_tonnes, after.floor_tonnes, tonnes),
        _to(
            before.replenishment_tonnes_per_period,
            after.replenishment_tonnes_per_period,
            tonnes,
        ),
    )


def _to(before: float, after: float, shown: Callable[[float], str]) -> str:
    """Return both amounts, or one if they read the same."""
    was, now = shown(before), shown(after)
    return now if was == now else f"{was} -> {now}"


def rights(found: PlanComparison) -> Table | None:
    """Return the rights of both plans."""
    if not found.rights:
        return None
    compared = table(
        "Rights",
        *("participant", "material", "offer", "before", "after"),
        "carrying fee a year",
        left=3,
    )
    for row in found.rights:
        compared.add_row(
            row.participant,
            row.material,
            row.offer,
            tonnes(row.before_tonnes),
            tonnes(row.after_tonnes),
            _to(row.before_fees_usd_per_year, row.after_fees_usd_per_year, money),
        )
    return compared


def contracts(found: PlanComparison) -> Table | None:
    """Return the contracts of both plans."""
    if not found.contracts:
        return None
    compared = table(
        "Contracts, tonnes a year", "contract", "material", "before", "after", left=2
    )
    for row in found.contracts:
        compared.add_row(
            row.contract,
            row.material,
            tonnes(row.before_tonnes_per_year),
            tonnes(row.after_tonnes_per_year),
        )
    return compared


def sales(found: PlanComparison) -> Table | None:
    """Return the sales of free stock of both plans."""
    if not found.sales:
        return None
    compared = table(
        "Sales of free stock",
        *("material", "before", "a period", "after", "a period"),
    )
    for row in found.sales:
        compared.add_row(
            row.name,
            tonnes(row.before_tonnes),
            tonnes(row.before_tonnes_per_period),
            tonnes(row.after_tonnes),
            tonnes(row.after_tonnes_per_period),
        )
    return compared


def effects(topics: Sequence[TopicChange]) -> Table:
    """Return what the facts of each topic alone do to the plan compared with."""
    moved = table(
        "What the facts move, each topic alone",
        *("topic", "facts", "cost without vault", "cost with the plan before"),
    )
    for topic in topics:
        moved.add_row(
            topic.topic.value,
            f"{len(topic.facts):,}",
            *(
                "unknown" if usd is None else more(usd, money)
                for usd in (
                    topic.cost_without_vault_effect_usd,
                    topic.shortage_cost_effect_usd,
                )
            ),
        )
    add_note(
        moved,
        "On the planning scenarios of the plan before, which keeps its rules. Effects "
        "do not add up.",
    )
    return moved


def facts(topics: Sequence[TopicChange]) -> Table | None:
    """Return the fields in which the cases differ, the largest of each topic.

    Of a position the largest of each part.
    """
    if not topics:
        return None
    differing = table(
        "Facts that differ",
        *("topic", "field", "before", "after", "change"),
        left=2,
    )
    for topic in topics:
        parts = facts_by_part(topic)
        most = max(MOST_FACTS // len(parts), 1)
        for n, (part, changes) in enumerate(parts.items()):
            for number, fact in enumerate(changes[:most]):
                name = "" if n or number else topic.topic.value
                differing.add_row(name, *_fact(fact))
            if (left := len(changes) - most) > 0:
                of = f" of {part}" if len(parts) > 1 else ""
                differing.add_row("", f"and {left:,} more{of} (--json has all)")
        differing.add_section()
    return differing


def _fact(fact: FactChange) -> tuple[str, ...]:
    relative = fact.relative_change
    return (
        fact.path,
        _short(fact.before),
        _short(fact.after),
        "" if relative is None else more(relative, percent),
    )


def _short(text: str | None) -> str:
    if text is None:
        return "-"
    return text if len(text) <= LONGEST_FACT else f"{text[: LONGEST_FACT - 3]}..."


def kept(found: PlanComparison) -> Table | None:
    """Return what keeping the plan compared with would cost."""
    x = found.kept
    if x is None:
        return None
    fresh, within = x.fresh, x.fresh.confidence_interval_usd
    rows = {
        "More objective on the planning scenarios": more(x.dearer_usd, money),
        "Gap of the new plan there": money(x.gap_usd),
        "More shortage cost": _more(fresh.difference_usd, within),
    }
    for words, estimate in (
        ("More cost of holding", fresh.cost_of_holding_difference_usd),
        ("More net benefit", fresh.net_benefit_difference_usd),
    ):
        if estimate is not None:
            rows[words] = _more(estimate.mean, estimate.confidence_interval)
    compared = figures_table("If the plan before is kept", rows.items())
    note = (
        "All but the first two are estimated on "
        f"{scenarios_in_words(x.number_of_scenarios, x.seed, x.scenarios_hash)}."
    )
    broken = "".join(f"\nIt breaks {limit}." for limit in x.broken_limits)
    add_note(compared, f"{note}{broken}")
    return compared


def _more(usd: float, low_high: tuple[float, float] | None) -> str:
    shown = more(usd, money)
    return shown if low_high is None else f"{shown} ({interval(low_high)})"
