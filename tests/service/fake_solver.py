"""A program in the place of `service.worker`: the real process, an invented solver.

The seed of the case's options says how the solver behaves.
"""

import os
import signal
import threading
from collections.abc import Callable
from enum import IntEnum

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan, Promise, Provenance
from service.settings import Settings
from service.worker import main


class Behaviour(IntEnum):
    """What the solver does, by seed."""

    SOLVE = 1
    FIND_INFEASIBLE = 2
    RAISE = 3
    GO_ON_UNTIL_TOLD = 4
    DIE = 5
    GO_ON_WITH_A_PLAN = 6
    RAISE_WITH_A_PLAN = 7


def plan_of(instance: Instance) -> Plan:
    """Return the plan that holds nothing."""
    return Plan(
        levels=(),
        awards=(),
        contracts=(),
        financing=(),
        promise=Promise(
            expected_shortage_cost_usd=1.0,
            simulated_shortage_cost_usd=1.0,
            cost_without_vault_usd=1.0,
            objective_usd=1.0,
            cvar_usd=1.0,
            lower_bound_usd=1.0,
            gap=0.0,
            budget_usd=0.0,
            budget_used_usd=0.0,
            budget_shadow_price=None,
        ),
        shortfalls=(),
        unmodelled=(),
        provenance=Provenance(
            instance_id=instance.id,
            instance_hash=instance.content_hash,
            method="nothing is held",
            seed=instance.options.seed,
            number_of_scenarios=instance.options.number_of_scenarios,
            options=instance.options.model_dump(),
            versions={},
        ),
    )


def incumbent_of(instance: Instance, objective_usd: float = 4.0) -> Plan:
    """Return a worse plan, of which less is proved."""
    plan = plan_of(instance)
    promise = plan.promise.model_copy(
        update={"objective_usd": objective_usd, "lower_bound_usd": 0.5, "gap": 0.875}
    )
    return plan.model_copy(update={"promise": promise})


def solve(
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
) -> Outcome:
    """Do what the seed says."""
    on_progress(ProgressRecord(seconds=0.0, stage="begin", message="here we go"))
    match instance.options.seed:
        case Behaviour.FIND_INFEASIBLE:
            conflict = ("minimum cover of gallium", "limit of the loan")
            return Outcome(
                termination=Termination.INFEASIBLE, conflict=conflict, seconds=0.5
            )
        case Behaviour.RAISE | Behaviour.RAISE_WITH_A_PLAN as behaviour:
            if behaviour == Behaviour.RAISE_WITH_A_PLAN:
                on_incumbent(incumbent_of(instance))
            msg = "the solver lost its way"
            raise RuntimeError(msg)
        case Behaviour.DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        case Behaviour.GO_ON_UNTIL_TOLD:
            _wait_until_told()
        case Behaviour.GO_ON_WITH_A_PLAN:
            on_incumbent(incumbent_of(instance))
            on_progress(ProgressRecord(seconds=0.5, stage="first plan", cuts=12))
            _wait_until_told()
        case _:
            pass
    return Outcome(termination=Termination.OPTIMAL, plan=plan_of(instance), seconds=0.5)


def _wait_until_told() -> None:
    told = Settings().data_directory / "told"
    while not told.exists():
        threading.Event().wait(0.02)


if __name__ == "__main__":
    main(solve)
