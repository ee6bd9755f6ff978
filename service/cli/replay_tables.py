"""A plan in history, as tables: a block for each replay, what was touched alone."""

from collections.abc import Iterator

from rich.table import Table

from models.history import History, MaterialRun, ProductRun, ReplayRun, RunningDays
from service.cli.quantities import days, money, tonnes
from service.cli.screen import table


def replays(history: History) -> Iterator[Table]:
    """Yield headline, lines and materials of each replay."""
    for run in history.replays:
        yield _headline(run)
        touched = [product for product in run.products if product.is_touched]
        if touched:
            yield _lines(touched)
        short = [material for material in run.materials if material.gap_days > 0]
        if short:
            yield _materials(short)


def running(run: RunningDays) -> str:
    """Return days at full output, reduced and stopped as 670 / 30 / 30."""
    figures = (run.full_output_days, run.reduced_output_days, run.stopped_days)
    return " / ".join(f"{x:,.0f}" for x in figures)


def _headline(run: ReplayRun) -> Table:
    headline = table(run.name, "", "")
    headline.add_row("Shortage cost", money(run.shortage_cost_usd))
    headline.add_row("Shortage cost without vault", money(run.cost_without_vault_usd))
    headline.add_row("Lowest cash", money(run.lowest_cash_usd))
    if not any(product.is_touched for product in run.products):
        headline.add_row("Lines", "all at full output, with vault and without")
    return headline


def _lines(products: list[ProductRun]) -> Table:
    lines = table(
        "Days full / reduced / stopped, and days of output lost",
        *("participant", "product", "with vault", "lost", "without vault", "lost"),
        left=2,
    )
    for product in products:
        lines.add_row(
            product.participant_name,
            product.name,
            running(product.with_vault),
            days(product.with_vault.lost_output_days),
            running(product.without_vault),
            days(product.without_vault.lost_output_days),
        )
    return lines


def _materials(materials: list[MaterialRun]) -> Table:
    stocks = table(
        "What was short",
        *("material", "days short", "missing", "pool", "released", "drawn"),
        *("contracts", "unused", "pool empty"),
    )
    for material in materials:
        stocks.add_row(
            material.name,
            days(material.gap_days),
            tonnes(material.gap_tonnes),
            tonnes(material.pool_tonnes),
            tonnes(material.released_tonnes),
            tonnes(material.drawn_tonnes),
            tonnes(material.delivered_tonnes),
            tonnes(material.unused_tonnes),
            _empty(material),
        )
    return stocks


def _empty(material: MaterialRun) -> str:
    if material.first_empty_period is None:
        return "never" if material.pool_tonnes > 0 else "-"
    return f"{material.first_empty_period} ({material.first_empty_date})"
