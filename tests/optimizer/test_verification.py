"""Verification: a solved plan passes; with one number changed it fails."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import PlanMismatchError
from optimizer.feasibility import STATEMENTS
from optimizer.solve import solve
from optimizer.verification import verify
from tests import cases
from tests.cases import Case
from tests.optimizer.vault_case import contract, offer, vault_case

PHASE = cases.phase(60, 120, price_multiplier=2.0)
BAN = cases.event("ban", PHASE, materials=["alpha"], hazard_per_year=2.0)
CASE = {
    **vault_case(),
    "events": [BAN],
    "entitlement_offers": [offer()],
    "contracts": [contract()],
    "options": {"number_of_scenarios": 5},
}
Path = tuple[str | int, ...]
# Figures that need another solve, and versions of this machine.
UNSEEN = {
    ("promise", "budget_shadow_price"),
    ("provenance", "method"),
    *(
        ("provenance", "versions", name)
        for name in ("strongroom", "highspy", "pyomo", "numpy", "scipy")
    ),
}


@cache
def solved() -> tuple[Instance, Plan]:
    """Return a case, and its plan with a right and a contract on few scenarios."""
    instance = read_instance(CASE)
    plan = solve(instance).plan
    assert plan is not None
    assert plan.awards
    assert plan.contracts
    return instance, plan


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield each word and number of a document with its path."""
    if isinstance(value, dict):
        for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from leaves(item, (*path, key))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list | tuple):
        for key, item in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from leaves(item, (*path, key))  # pyright: ignore[reportUnknownArgumentType]
    else:
        yield path, value


def tampered(document: Case, path: Path, old: object) -> Case:
    """Return the document with one word or number changed."""
    changed = copy.deepcopy(document)
    part: Any = changed
    for step in path[:-1]:
        part = part[step]
    if isinstance(old, str):
        part[path[-1]] = f"{old}x"
    elif isinstance(old, int):
        part[path[-1]] = old + 1
    else:
        # A row of money may be 100 dollars off: rounding of the solver.
        part[path[-1]] = 1.1 * float(str(old or 0.0)) + 1_000.0
    return changed


def is_accepted(document: Case) -> bool:
    """Say whether a document is read, followed and passes every check."""
    try:
        plan = Plan.model_validate(document)
        return verify(solved()[0], plan).is_passed
    except (ValidationError, PlanMismatchError):
        return False


def test_a_solved_plan_passes() -> None:
    """Every check is done, and costs are those of the promise to the last digits."""
    found = verify(*solved())
    assert found.is_passed
    assert [check.name for check in found.checks] == list(STATEMENTS)
    assert max(abs(figure.relative_difference) for figure in found.figures) < 1e-9
    assert found.instance_hash == solved()[1].provenance.instance_hash


def test_options_of_the_plan() -> None:
    """A case that asks for other scenarios since is still the one it was made for."""
    instance, plan = solved()
    options = instance.options.model_copy(update={"number_of_scenarios": 7, "seed": 9})
    found = verify(instance.model_copy(update={"options": options}), plan)
    assert found.is_passed
    assert found.scenarios == 5


def test_another_case_is_seen() -> None:
    """A case with other prices is not the one that the plan was made for."""
    instance, plan = solved()
    other = instance.model_copy(update={"name": "Another"})
    failed = [x.name for x in verify(other, plan).checks if not x.is_passed]
    assert failed == ["provenance"]


def test_every_word_and_number_of_a_plan_is_checked() -> None:
    """Each changed alone is seen, but for what only another solve could prove."""
    document = solved()[1].model_dump(mode="json")
    assert is_accepted(document)
    accepted = {
        path
        for path, old in leaves(document)
        if is_accepted(tampered(document, path, old))
    }
    assert accepted <= UNSEEN


@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_a_cost_that_no_rule_brings_is_not_kept(factor: float) -> None:
    """The figure is named, with what it should be."""
    instance, plan = solved()
    without = plan.promise.cost_without_vault_usd
    update = {"cost_without_vault_usd": factor * without}
    promise = plan.promise.model_copy(update=update)
    found = verify(instance, plan.model_copy(update={"promise": promise}))
    (broken,) = [figure for figure in found.figures if not figure.is_kept]
    assert broken.name == "cost_without_vault_usd"
    assert broken.recomputed_usd == pytest.approx(without)
    assert not found.is_passed


def test_a_plan_that_cannot_be_followed_fails_every_check() -> None:
    """What comes after the form is not taken as passed."""
    instance, plan = solved()
    (level,) = plan.levels
    tranches = tuple(x.model_copy(update={"rule": "no"}) for x in level.tranches)
    levels = (level.model_copy(update={"tranches": tranches}),)
    checks = verify(instance, plan.model_copy(update={"levels": levels})).checks
    assert not any(check.is_passed for check in checks)
    assert "not checked" in checks[-1].violations[0]
