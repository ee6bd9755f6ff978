"""The answer of a solve: as JSON, or why there is no plan."""

from collections.abc import Mapping

import typer

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.plan import Level, Plan
from service.cli.exit_status import ExitStatus


def answer(
    outcome: Outcome, instance: Instance, output: str | None
) -> Mapping[str, object]:
    """Return what came of a solve; the figures of the plan are there if it is."""
    common: dict[str, object] = {
        "status": outcome.termination.value,
        "instance": instance.id,
        "instance_hash": instance.content_hash,
        "seconds": round(outcome.seconds, 3),
        "scenarios": instance.options.number_of_scenarios,
        "conflict": list(outcome.conflict),
        "output": output,
        "simplicity": [row.model_dump() for row in outcome.simplicity],
    }
    return common if outcome.plan is None else common | _figures(outcome.plan)


def _figures(plan: Plan) -> dict[str, object]:
    promise = plan.promise
    return {
        "plan_hash": plan.content_hash,
        "expected_shortage_cost_usd": promise.expected_shortage_cost_usd,
        "simulated_shortage_cost_usd": promise.simulated_shortage_cost_usd,
        "cost_without_vault_usd": promise.cost_without_vault_usd,
        "objective_usd": promise.objective_usd,
        "cvar_usd": promise.cvar_usd,
        "lower_bound_usd": promise.lower_bound_usd,
        "gap": promise.gap,
        "budget_usd": promise.budget_usd,
        "budget_used_usd": promise.budget_used_usd,
        "budget_shadow_price": promise.budget_shadow_price,
        "materials": [_material(level) for level in plan.levels],
    }


def _material(level: Level) -> dict[str, object]:
    return {
        "material": level.material,
        "tonnes": level.tonnes,
        "days_of_cover": level.days_of_cover,
        "lots": level.lots,
        "cost_usd": level.cost_usd,
        "tranches": [
            {
                "tonnes": tranche.tonnes,
                "lots": tranche.lots,
                "rule": tranche.rule,
                "sourcing": tranche.sourcing,
                "participant": tranche.participant,
                "text": tranche.text,
            }
            for tranche in level.tranches
        ],
    }


def status_of(outcome: Outcome) -> ExitStatus:
    """Return how to exit after a solve."""
    if outcome.plan is not None:
        return ExitStatus.SUCCESS
    if outcome.termination is Termination.INFEASIBLE:
        return ExitStatus.INFEASIBLE
    return ExitStatus.NO_PLAN_WITHIN_LIMITS


def print_why(outcome: Outcome) -> None:
    """Say why there is no plan."""
    if outcome.termination is Termination.INFEASIBLE:
        typer.echo("The case is infeasible: these limits cannot hold together.")
        for limit in outcome.conflict:
            typer.echo(f"  {limit}")
    else:
        typer.echo(f"No plan within the limits ({outcome.termination.value}).")
