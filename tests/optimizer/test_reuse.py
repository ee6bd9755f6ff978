"""A base keeps nothing of one case that is wrong for another."""

from models.reading import read_instance
from optimizer import open_base, solve
from optimizer.executors.here import Here
from service.casefiles import load
from tests.optimizer.vault_case import changed


def test_the_cost_without_vault_is_that_of_the_case() -> None:
    """Also where no cuts are kept: twice the loss per unit costs twice as much."""
    case = changed(dict(load("two_materials")), {"options.method": "extensive_form"})
    dearer = changed(
        case,
        {
            "products.0.shortage_blocks.0.cost_usd_per_unit": 80_000,
            "products.1.shortage_blocks.0.cost_usd_per_unit": 120_000,
        },
    )
    with open_base((Here(),)) as base:
        for document in (case, dearer, case):
            instance = read_instance(document)
            found, alone = base.solve(instance).plan, solve(instance).plan
            assert found is not None
            assert alone is not None
            assert (
                found.promise.cost_without_vault_usd
                == alone.promise.cost_without_vault_usd
            )
