"""What is looked up in a case."""

import pickle

import pytest

from models.instance import Instance
from models.reading import read_instance
from tests.cases import Case


@pytest.fixture
def case(tiny_case: Case) -> Instance:
    """Return the tiny case, read."""
    return read_instance(tiny_case)


def test_positions_are_those_of_the_case(case: Instance) -> None:
    """An identifier leads to where it stands."""
    for m, material in enumerate(case.materials):
        assert case.index.material[material.id] == m
    for o, participant in enumerate(case.participants):
        assert case.index.participant[participant.id] == o
    for p, product in enumerate(case.final_products()):
        owner = case.participants[case.index.owner[p]]
        assert owner.id == product.participant


def test_it_is_computed_once(case: Instance) -> None:
    """Every lookup finds the same object."""
    assert case.index is case.index


def test_a_changed_copy_has_its_own_index(case: Instance) -> None:
    """Needs of a copy are those of its own products."""
    before = dict(case.index.need_tonnes_per_day)
    products = [
        x.model_copy(update={"demand_units_per_year": 2 * x.demand_units_per_year})
        if x.demand_units_per_year is not None
        else x
        for x in case.products
    ]
    doubled = case.model_copy(update={"products": tuple(products)})
    assert doubled.index.need_tonnes_per_day == pytest.approx(
        {m: 2 * tonnes for m, tonnes in before.items()}
    )
    assert case.index.need_tonnes_per_day == before


def test_it_is_no_part_of_the_document(case: Instance) -> None:
    """Equality, JSON and hash of a case do not depend on whether it was looked up."""
    fresh = read_instance(case.model_dump(mode="json"))
    assert case.index
    assert fresh == case
    assert pickle.loads(pickle.dumps(case)) == fresh  # noqa: S301 - our own bytes
    assert fresh.model_dump_json() == case.model_dump_json()
    assert fresh.content_hash == case.content_hash
