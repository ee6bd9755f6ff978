"""A plan on fresh scenarios and in historic replays, as tables."""

from collections.abc import Callable, Iterator

from rich.table import Table

from models.benefit import Estimate
from models.evaluation import Evaluation, ScenarioSource
from models.history import History, MaterialRun, ProductRun, ReplayRun, RunningDays
from models.plan import Plan
from service.printing.financing import few_periods
from service.printing.quantities import (
    days,
    interval,
    money,
    percent,
    ratio,
    tonnes,
)
from service.printing.scenarios import scenarios_in_words
from service.printing.story import worst
from service.printing.table import add_note, figures_table, table


def evaluation_tables(evaluation: Evaluation, plan: Plan) -> Iterator[Table | None]:
    """Yield all tables of an evaluation."""
    yield statistics(evaluation, plan)
    yield differences(evaluation)
    yield few_periods(evaluation)
    yield materials(evaluation)
    yield products(evaluation)
    yield replays(evaluation)
    yield worst(evaluation)
    yield quality(evaluation)


def statistics(evaluation: Evaluation, plan: Plan) -> Table:
    """Return promise, mean, interval and tails of the shortage cost."""
    x, is_own = evaluation, evaluation.followed is ScenarioSource.PLANNING
    seed, kind = (plan.provenance.seed, "planning") if is_own else (x.seed, "fresh")
    words = scenarios_in_words(x.scenarios, seed, x.scenarios_hash, kind)
    title = f"On {words}"
    rows = {
        "Promised shortage cost": money(plan.promise.expected_shortage_cost_usd),
        "Shortage cost": money(evaluation.expected_shortage_cost_usd),
        "95 % interval": interval(evaluation.confidence_interval_usd),
        "Shortage cost without vault": money(evaluation.cost_without_vault_usd),
        **_benefit(evaluation),
        **{
            f"Mean of the worst {percent(1 - tail.level)}": (
                f"{money(tail.cvar_usd)} (without vault "
                f"{money(tail.cvar_without_vault_usd)})"
            )
            for tail in evaluation.tails
        },
        "Lowest cash": money(evaluation.lowest_cash_usd),
    }
    if evaluation.scenarios_for_precision is not None and evaluation.precision:
        name = f"Scenarios for an interval of +-{percent(evaluation.precision)}"
        rows[name] = f"{evaluation.scenarios_for_precision:,}"
    return figures_table(title, rows.items())


def _benefit(evaluation: Evaluation) -> dict[str, str]:
    """Return what the plan avoids and costs to hold, each with its interval."""
    found = evaluation.benefit
    if found is None:
        return {}
    gained = found.benefit_cost_ratio
    return {
        "Avoided": _estimate(found.avoided_usd),
        "Cost of holding": _estimate(found.cost_of_holding_usd),
        "Net benefit": _estimate(found.net_benefit_usd),
        "Benefit / cost": "-" if gained is None else _estimate(gained, ratio),
    }


def _estimate(found: Estimate, shown: Callable[[float], str] = money) -> str:
    if found.confidence_interval is None:
        return shown(found.mean)
    low, high = map(shown, found.confidence_interval)
    return f"{shown(found.mean)} ({low} .. {high})"


def differences(evaluation: Evaluation) -> Table | None:
    """Return what other plans cost on the same scenarios."""
    if not evaluation.others:
        return None
    compared = table(
        "Other plans on the same scenarios",
        *("plan", "shortage cost", "difference", "95 % interval"),
        *("more to hold", "more net benefit"),
    )
    for other in evaluation.others:
        compared.add_row(
            other.plan_hash[:12],
            money(other.expected_shortage_cost_usd),
            money(other.difference_usd),
            interval(other.confidence_interval_usd),
            *(
                "-" if found is None else _estimate(found)
                for found in (
                    other.cost_of_holding_difference_usd,
                    other.net_benefit_difference_usd,
                )
            ),
        )
    return compared


def materials(evaluation: Evaluation) -> Table | None:
    """Return days of cover and risks of each material."""
    if not evaluation.materials:
        return None
    stocks = table(
        "Stock", "material", "mean days of cover", "ever short", "runs out while short"
    )
    for material in evaluation.materials:
        stocks.add_row(
            material.name,
            f"{material.mean_days_of_cover:.0f}",
            percent(material.gap_probability),
            percent(material.stock_out_probability),
        )
    return stocks


def products(evaluation: Evaluation) -> Table | None:
    """Return the service of each product, with the vault and without it."""
    if not evaluation.products:
        return None
    served = table(
        "Service, with vault and without",
        *("participant", "product", "cover, days", "fill rate", "without"),
        *("line stops", "without"),
        left=2,
    )
    for product in evaluation.products:
        served.add_row(
            product.participant_name,
            product.name,
            f"{product.days_of_cover:.0f}",
            percent(product.fill_rate),
            percent(product.fill_rate_without_vault),
            percent(product.line_stop_probability),
            percent(product.line_stop_probability_without_vault),
        )
    return served


def replays(evaluation: Evaluation) -> Table | None:
    """Return the shortage cost in each historic replay."""
    if not evaluation.replays:
        return None
    history = table("Replays", "replay", "with vault", "without vault", "avoided")
    for replay in evaluation.replays:
        avoided = replay.cost_without_vault_usd - replay.shortage_cost_usd
        history.add_row(
            replay.name,
            money(replay.shortage_cost_usd),
            money(replay.cost_without_vault_usd),
            money(avoided),
        )
    return history


def quality(evaluation: Evaluation) -> Table | None:
    """Return the optimality gap as estimated from replications."""
    found = evaluation.quality
    if found is None:
        return None
    title = (
        f"Optimality gap by {len(found.replications)} samples of "
        f"{found.number_of_scenarios} scenarios"
    )
    rows = {
        "Objective promised on the planning scenarios": found.promised_objective_usd,
        "Objective on the samples": found.objective_usd,
        "No plan is below that pays for all": found.lower_bound_usd,
        "Gap": found.gap_usd,
        "Gap at most, with 95 % confidence": found.gap_upper_usd,
    }
    figures = {name: money(x) for name, x in rows.items()}
    if found.unfunded_probability is not None:
        worst = money(found.most_unfunded_usd)
        figures["Cash below 0 in"] = (
            f"{percent(found.unfunded_probability)} (at most {worst})"
        )
    if found.cover_broken_probability is not None:
        figures["Cover of the debt broken in"] = percent(found.cover_broken_probability)
    made = figures_table(title, figures.items())
    if found.unfunded_probability or found.cover_broken_probability:
        add_note(
            made,
            "The bound is of plans that pay for all, and keep the cover, in every "
            "scenario; one that does not can cost less than it.",
        )
    return made


def history_tables(history: History) -> Iterator[Table]:
    """Yield headline, affected lines and short materials of each replay."""
    for run in history.replays:
        yield _headline(run)
        touched = [product for product in run.products if product.is_touched]
        if touched:
            yield _lines(touched)
        short = [material for material in run.materials if material.gap_days > 0]
        if short:
            yield _materials(short)


def running(run: RunningDays) -> str:
    """Return days at full, reduced and no output, as 670 / 30 / 30."""
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
        "Shortages",
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
            tonnes(
                material.unused_tonnes,
                material.released_tonnes + material.drawn_tonnes,
            ),
            _empty(material),
        )
    return stocks


def _empty(material: MaterialRun) -> str:
    if material.first_empty_period is None:
        return "never" if material.pool_tonnes > 0 else "-"
    return f"{material.first_empty_period} ({material.first_empty_date})"
