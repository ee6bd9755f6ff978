"""What is held, and the rule of every tranche: as a sentence and as a table."""

from collections.abc import Iterator

from rich.table import Table

from models.plan import Plan, Tranche, TrancheStep
from service.cli.quantities import days, money, percent, tonnes
from service.cli.screen import table

ALERTS = ("0 calm", "1 watch", "2 high", "3 severe")


def levels(plan: Plan) -> Table:
    """Return tonnes, lots, cover and cost of every material, held or not."""
    held = table(
        "Levels",
        "material",
        "held",
        "of it pool",
        "lots",
        "days of cover",
        "cost",
        "tranches",
    )
    for level in plan.levels:
        held.add_row(
            level.name,
            tonnes(level.tonnes),
            tonnes(level.pool_tonnes),
            f"{level.lots:,}",
            days(level.days_of_cover),
            money(level.cost_usd),
            str(len(level.tranches)),
        )
    total = sum(level.cost_usd for level in plan.levels)
    held.add_section()
    held.add_row("all", "", "", "", "", money(total), str(len(plan.tranches())))
    return held


def rule_sentences(plan: Plan) -> Table | None:
    """Return the sentence that the operator of each tranche follows."""
    if not plan.tranches():
        return None
    sentences = table("Rules in words", "tranche", "rule, for the operator", left=2)
    for name, tranche in _named(plan):
        sentences.add_row(f"{name} ({_owner(tranche)})", tranche.text)
    return sentences


def rule_table(plan: Plan) -> Table | None:
    """Return the numbers of each rule by alert level, in tonnes a period."""
    if not plan.tranches():
        return None
    steps = table(
        "Rules in numbers, by period",
        "tranche",
        "alert",
        "release at most",
        "of the gap",
        "hold back",
        "buy back",
        "up to price",
        left=2,
    )
    for name, tranche in _named(plan):
        for number, step in enumerate(tranche.steps):
            steps.add_row("" if number else name, *_cells(step))
        steps.add_section()
    return steps


def _cells(step: TrancheStep) -> tuple[str, ...]:
    cap = "any" if step.price_cap is None else f"{step.price_cap:g} x usual"
    return (
        ALERTS[step.alert],
        tonnes(step.release_tonnes_per_period),
        percent(step.coverage),
        tonnes(step.floor_tonnes),
        tonnes(step.replenishment_tonnes_per_period),
        cap if step.replenishment_tonnes_per_period > 0 else "",
    )


def _named(plan: Plan) -> Iterator[tuple[str, Tranche]]:
    for level in plan.levels:
        for number, tranche in enumerate(level.tranches, start=1):
            yield f"{level.name} {number}", tranche


def _owner(tranche: Tranche) -> str:
    holder = (
        "pool" if tranche.participant is None else f"right of {tranche.participant}"
    )
    return f"{holder}, {tonnes(tranche.tonnes)}, {tranche.rule}"
