"""Checks of a case: what they read, contracts, cycles in bills of materials."""

import pytest

from models.bill_of_materials import cycles
from models.consistency import CHECKS, Check
from models.demand import BillLine, Product
from models.identifiers import KnownIdentifiers
from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from service.casefiles import load
from tests import cases
from tests.cases import Case


class Watched:
    """A case that records which of its sections were read."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.sections: set[str] = set()

    def __getattr__(self, name: str) -> object:
        """Return what the case has."""
        self.sections.add(name)
        return getattr(self._instance, name)


@pytest.mark.parametrize("check", CHECKS, ids=range(len(CHECKS)))
def test_a_check_reads_the_sections_that_it_names(check: Check) -> None:
    """On a case that has all sections; else a variant could go unchecked."""
    watched = Watched(read_instance(load("project_vault")))
    known = KnownIdentifiers(watched, frozenset())  # pyright: ignore[reportArgumentType] - watched
    assert list(check.find(watched, known)) == []  # pyright: ignore[reportArgumentType]
    assert watched.sections
    assert watched.sections <= check.sections
    assert check.sections <= Instance.model_fields.keys()


@pytest.mark.parametrize("step", ["mining_country", "refining_country"])
def test_a_contract_runs_through_eligible_countries(tiny_case: Case, step: str) -> None:
    """A route with one step in an ineligible country is no route of a contract."""
    tiny_case["contracts"] = [cases.contract()]
    tiny_case["routes"][1][step] = "PRK"
    read_instance(tiny_case)
    tiny_case["trade"] = {"ineligible_countries": ["PRK"]}
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(tiny_case)
    (mistake,) = raised.value.mistakes
    assert (mistake.path, mistake.value) == ("contracts[offtake].route", "gallium-deu")
    assert mistake.expected == "a route without ineligible countries"


def _part(name: str, *components: str) -> Product:
    lines = [BillLine(component=c, quantity_per_unit=1) for c in components]
    material = BillLine(material="gallium", quantity_per_unit=1)
    return Product(
        id=name, name=name, unit="part", bill_of_materials=(material, *lines)
    )


def test_a_product_that_needs_itself_is_found_with_its_way() -> None:
    """The cycle is reported from one product back to it."""
    assert cycles([_part("a", "b"), _part("b", "c"), _part("c", "b")]) == [
        ["b", "c", "b"]
    ]


def test_a_part_that_is_needed_on_many_ways_is_followed_once() -> None:
    """60 parts that each need the next one twice have 2^60 ways, but no cycle."""
    parts = [_part(f"p{i}", f"p{i + 1}", f"p{i + 1}") for i in range(60)]
    assert cycles([*parts, _part("p60")]) == []
