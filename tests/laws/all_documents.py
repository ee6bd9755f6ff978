"""The content hash of each document about one case, computed by given executors.

As a program: `all_documents.py EXECUTOR` prints them as JSON.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

from models.content import content_hash
from models.instance import Instance
from models.options import Method
from models.plan import Plan
from models.reading import read_instance
from models.record import Record
from optimizer import (
    compare_rules,
    evaluate,
    explain,
    solve,
    trajectories,
    verify,
)
from optimizer.executors import open_executors
from tests import cases
from tests.optimizer.vault_case import contract, offer, vault_case

PHASE = cases.phase(60, 120, price_multiplier=2.0)
BAN = cases.event("ban", PHASE, materials=["alpha"], hazard_per_year=2.0)
# More than one block of scenarios.
OPTIONS = {"number_of_scenarios": 60, "gap": 1e-4, "cvar_weight": 0.2}
FRESH = 500  # two chunks
SEED = 8


def instance_of(method: Method) -> Instance:
    """Return the case, to be solved by a method."""
    return read_instance(
        {
            **vault_case(),
            "events": [BAN],
            "entitlement_offers": [offer()],
            "contracts": [contract()],
            "options": OPTIONS | {"method": method.value},
        }
    )


def documents(executors: tuple[Executor, ...]) -> Iterator[tuple[str, Record]]:
    """Yield each document with its name."""
    for method in (Method.EXTENSIVE_FORM, Method.DECOMPOSITION):
        instance = instance_of(method)
        plan = solve(instance, executors=executors).plan
        assert plan is not None
        yield f"plan by {method.name_in_words}", plan
        for name, document in about(instance, plan, executors):
            yield f"{name} of the plan by {method.name_in_words}", document


def about(
    instance: Instance, plan: Plan, executors: tuple[Executor, ...]
) -> Sequence[tuple[str, Record]]:
    """Return each document about a plan with its name."""
    case = instance, plan
    return (
        (
            "evaluation",
            evaluate(*case, number_of_scenarios=FRESH, seed=SEED, executors=executors),
        ),
        (
            "rule comparison",
            compare_rules(
                *case,
                number_of_scenarios=FRESH,
                seed=SEED,
                value_scenarios=2,
                executors=executors,
            ),
        ),
        (
            "trajectories",
            trajectories(*case, number_of_scenarios=FRESH, seed=SEED),
        ),
        ("explanation", explain(*case, executors=executors)),
        ("verification", verify(*case)),
    )


def main() -> None:
    """Print the hashes with the executor of the command line."""
    with open_executors(sys.argv[1]) as executors:
        found = {name: content_hash(x) for name, x in documents(executors)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
