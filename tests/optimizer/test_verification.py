"""Verification: a solved plan passes; with one number changed it fails."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import pytest
from pydantic import ValidationError

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.budget_price import budget_price_check
from optimizer.evaluation.decisions import PlanMismatchError
from optimizer.evaluation.fresh_cost import fresh_cost
from optimizer.feasibility import STATEMENTS
from optimizer.solve import solve
from optimizer.verification import verify
from tests import cases
from tests.cases import Case
from tests.optimizer.vault_case import contract, offer, vault_case
from tests.thorough import some_of

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
UNDER_SEAL_ALONE = {
    # The order of tranches and of purchases has no effect.
    ("levels", 0, "tranches"),
    ("levels", 0, "purchases"),
    # Absent, as in plans found before the relaxation was solved; a number is seen.
    ("promise", "budget_shadow_price"),
    # How the plan was computed; no figure depends on it, and nothing else tells it.
    ("provenance", "method"),
    ("provenance", "versions"),
    # Without the benefit, as in plans of before; figures of one that is there are seen.
    ("fresh",),
    *(
        ("provenance", "versions", name)
        for name in ("strongroom", "highspy", "pyomo", "numpy", "scipy")
    ),
}
OTHER_METHOD = {
    "extensive form": "decomposition",
    "decomposition": "extensive form",
}


@cache
def solved() -> tuple[Instance, Plan]:
    """Return a case, and its plan with a right and a contract on few scenarios.

    Its fresh scenarios are few as well: they are computed again for each alteration.
    """
    instance = read_instance(CASE)
    plan = solve(instance).plan
    assert plan is not None
    assert plan.awards
    assert plan.contracts
    fresh = fresh_cost(instance, plan, number_of_scenarios=5)
    return instance, plan.model_copy(update={"fresh": fresh}).sealed()


def parts(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield each part of a document with its path, whole lists and mappings too."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from parts(item, (*path, key))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for key, item in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from parts(item, (*path, key))  # pyright: ignore[reportUnknownArgumentType]


def alterations(old: Any) -> list[Any]:  # noqa: ANN401 - a part of a document
    """Return false values: doubled or halved, another word, one less, two swapped."""
    if isinstance(old, dict):
        return [{name: old[name] for name in old if name != key} for key in old]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(old, list):
        items = cast("list[object]", old)
        return [items[:-1], [*items[-1:], *items[1:-1], *items[:1]]]
    if isinstance(old, str):
        return [OTHER_METHOD.get(old, f"{old}x"), "x"]
    if old is None:
        return [1_000.0, "x"]
    return [2 * old or type(old)(1_000), old / 2 or type(old)(1), None]


def tampered(document: Case, path: Path, new: object) -> Case:
    """Return the document with one part replaced."""
    changed = copy.deepcopy(document)
    part: Any = changed
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = new
    return changed


def all_tampered(document: Case) -> Iterator[tuple[Path, Plan]]:
    """Yield path and plan for each part of the document altered in each way.

    What cannot be read, or is read as the same, is left out.
    """
    true = read(document)
    for path, old in parts(document):
        for new in alterations(old) if path else ():
            plan = read(tampered(document, path, new))
            if plan is not None and plan != true:
                yield path, plan


def read(document: Case) -> Plan | None:
    """Return the plan of a document, None if it is not even read."""
    try:
        return Plan.model_validate(document)
    except ValidationError:
        return None


def is_accepted(plan: Plan | None) -> bool:
    """Say whether a plan is there, can be followed and passes every check."""
    if plan is None:
        return False
    instance, honest = solved()
    try:
        is_passed = verify(instance, plan).is_passed
    except (ValidationError, PlanMismatchError):
        return False
    if plan.promise.budget_shadow_price == honest.promise.budget_shadow_price:
        return is_passed
    return is_passed and budget_price_check(instance, plan).is_passed


def test_a_solved_plan_passes() -> None:
    """Every check is done, and costs are those of the promise to the last digits."""
    found = verify(*solved())
    assert found.is_passed
    assert [check.name for check in found.checks] == ["seal", *STATEMENTS]
    assert max(abs(figure.relative_difference) for figure in found.figures) < 1e-9
    assert found.instance_hash == solved()[1].provenance.instance_hash


def test_the_cost_of_holding_in_the_objective_is_counted_again() -> None:
    """By its weight in the options."""
    options = {"number_of_scenarios": 5, "cost_of_holding_weight": 0.5}
    instance = read_instance({**CASE, "options": options})
    plan = solve(instance).plan
    assert plan is not None
    assert plan.promise.cost_of_holding_usd
    assert all(figure.is_kept for figure in verify(instance, plan).figures)


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


def test_no_part_of_a_plan_can_be_altered() -> None:
    """Each alone, in every way; not even text for people is free."""
    document = solved()[1].model_dump(mode="json")
    assert is_accepted(read(document))
    altered = all_tampered(document)
    assert not [path for path, plan in altered if plan.seal == plan.expected_seal]


@pytest.mark.parametrize("first", some_of(range(4), 1))
def test_almost_every_part_of_a_plan_is_recomputed(first: int) -> None:
    """Altered and sealed again, only that is not seen which no figure rests on."""
    document = solved()[1].model_dump(mode="json")
    altered = [*all_tampered(document)]
    tried = {*[*dict(altered)][first::4]}
    accepted = {
        path for path, plan in altered if path in tried and is_accepted(plan.sealed())
    }
    assert accepted == tried & (UNDER_SEAL_ALONE | {("seal",)})


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_another_value_of_the_next_dollar_is_seen(factor: float) -> None:
    """Sealed again, it is refused with the interval that other budgets leave."""
    instance, plan = solved()
    price = plan.promise.budget_shadow_price
    assert price is not None
    update = {"budget_shadow_price": factor * price}
    promise = plan.promise.model_copy(update=update)
    other = plan.model_copy(update={"promise": promise}).sealed()
    assert verify(instance, other).is_passed
    assert budget_price_check(instance, plan).is_passed
    (violation,) = budget_price_check(instance, other).violations
    assert f"is {factor * price}" in violation


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
