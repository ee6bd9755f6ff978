"""The statistics of a plan on fresh scenarios, as tables."""

from rich.table import Table

from models.evaluation import Evaluation
from models.plan import Plan
from service.cli.quantities import money, percent
from service.cli.screen import table


def statistics(evaluation: Evaluation, plan: Plan) -> Table:
    """Return mean, interval and tail beside what the plan promised."""
    low, high = evaluation.confidence_interval_usd
    title = f"On {evaluation.scenarios:,} fresh scenarios, seed {evaluation.seed}"
    figures = table(title, "", "")
    rows = {
        "Promised shortage cost": money(plan.promise.expected_shortage_cost_usd),
        "Shortage cost": money(evaluation.expected_shortage_cost_usd),
        "95 % interval": f"{money(low)} .. {money(high)}",
        "Shortage cost without vault": money(evaluation.cost_without_vault_usd),
        f"Mean of the worst {percent(1 - evaluation.cvar_level)}": money(
            evaluation.cvar_usd
        ),
        "Lowest cash": money(evaluation.lowest_cash_usd),
    }
    for name, figure in rows.items():
        figures.add_row(name, figure)
    return figures


def replays(evaluation: Evaluation) -> Table | None:
    """Return what the plan does in each piece of history."""
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
