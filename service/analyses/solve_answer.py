"""The answer of a solve as one JSON object."""

from collections.abc import Mapping, Sequence

from models.instance import Instance
from models.outcome import Outcome
from models.plan import Level, Plan


def answer(
    outcome: Outcome,
    instance: Instance,
    output: str | None,
    warnings: Sequence[str] = (),
) -> Mapping[str, object]:
    """Return the answer as one JSON object, with the plan's figures if there is one."""
    common: dict[str, object] = {
        "status": outcome.termination.value,
        "instance": instance.id,
        "instance_hash": instance.content_hash,
        "seconds": round(outcome.seconds, 3),
        "scenarios": instance.options.number_of_scenarios,
        "conflict": list(outcome.conflict),
        "output": output,
        "warnings": list(warnings),
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
        "avoided_usd": promise.avoided_usd,
        "cost_of_holding_usd": promise.cost_of_holding_usd,
        "net_benefit_usd": promise.net_benefit_usd,
        "benefit_cost_ratio": promise.benefit_cost_ratio,
        "fresh": None if plan.fresh is None else plan.fresh.model_dump(),
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
