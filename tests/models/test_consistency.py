"""Checks of a case: what they read, contracts, cycles in bills of materials."""

import json

import pytest

from models.bill_of_materials import cycles
from models.consistency import CHECKS, Check
from models.demand import BillLine, Product
from models.identifiers import KnownIdentifiers
from models.instance import Instance
from models.mistakes import Mistake
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


def _chain(case: Case, levels: int, quantity: float = 1.0) -> None:
    """Put components between the wafer and its gallium."""
    wafer = case["products"][0]
    names = [f"part{i}" for i in range(levels - 1)]
    bills = [[{"component": part, "quantity_per_unit": quantity}] for part in names] + [
        wafer["bill_of_materials"]
    ]
    wafer["bill_of_materials"] = bills[0]
    case["products"] += [
        {"id": part, "name": part, "unit": "part", "bill_of_materials": bill}
        for part, bill in zip(names, bills[1:], strict=True)
    ]


def test_bills_are_nested_a_thousand_levels_deep_at_most(tiny_case: Case) -> None:
    """What is deeper is a mistake, without recursion."""
    need = read_instance(tiny_case).index.need_tonnes_per_day
    deep, too_deep = json.loads(json.dumps([tiny_case, tiny_case]))
    _chain(deep, 1000)
    assert read_instance(deep).index.need_tonnes_per_day == need
    _chain(too_deep, 2000)
    (mistake,) = mistakes(too_deep)
    assert (mistake.path, mistake.value, mistake.expected) == (
        "products[wafer].bill_of_materials",
        "2000 levels deep",
        "components of components at most 1000 levels deep",
    )


@pytest.mark.parametrize("quantity", [0.1, 10.0])
def test_needs_keep_within_the_digits(tiny_case: Case, quantity: float) -> None:
    """A chain of components multiplies to nothing, or to more than any figure."""
    _chain(tiny_case, 1000, quantity)
    (mistake,) = mistakes(tiny_case)
    assert mistake.path == "products[wafer].bill_of_materials"
    assert "a need of gallium above 0 and up to 1e+15 t a year" in mistake.expected


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("products.0.growth_per_year", 10, "growth of at most 1e+15 times"),
        ("horizon.discount_rate_per_year", 10, "a rate that comes to at most 1e+15"),
        ("horizon.start", "9500-01-01", "an end of the horizon before the year 9999"),
    ],
)
def test_six_hundred_years_end_within_the_digits(
    tiny_case: Case, path: str, value: object, expected: str
) -> None:
    """Growth and discount do not overflow, and the end is a date."""
    years = {"horizon.number_of_periods": 600, "horizon.period_days": 365.25}
    read_instance(cases.changed(tiny_case, years))
    (mistake,) = mistakes(cases.changed(tiny_case, {**years, path: value}))
    assert mistake.path == path.replace("products.0", "products[wafer]")
    assert expected in mistake.expected


@pytest.mark.parametrize("value", [86400, 86400.5, "86400", "20270101"])
def test_a_number_is_no_date(tiny_case: Case, value: object) -> None:
    """It would be read as seconds since 1970."""
    tiny_case["horizon"]["start"] = value
    tiny_case["events"][0] |= {
        "hazard_per_year": None,
        "probability": 0.5,
        "onset_date": value,
    }
    start, onset = mistakes(tiny_case)
    assert (start.path, onset.path) == ("horizon.start", "events[chn-ban].onset_date")
    assert start.expected == "a date as in 2027-01-31, not a number"


def mistakes(case: Case) -> tuple[Mistake, ...]:
    """Return the mistakes of a case that is refused."""
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(case)
    return raised.value.mistakes


def test_limits_of_routes_are_for_all_or_none(tiny_case: Case) -> None:
    """A buyer beside the vault needs them, and rotation a shelf life: all at once."""
    tiny_case["routes"][0]["vault_tonnes_per_year"] = 24.0
    tiny_case["materials"][0]["rotation_spread"] = 0.02
    cases.add_germanium(tiny_case)
    for route in tiny_case["routes"][2:]:
        route.pop("vault_tonnes_per_year", None)
    tiny_case["competing_buyers"] = [
        {"id": b, "name": b, "material": m, "tonnes_per_year": 1.0}
        for b, m in (("ally", "germanium"), ("rival", "indium"))
    ]
    found = {mistake.path: mistake.expected for mistake in mistakes(tiny_case)}
    assert found["routes[gallium-deu].vault_tonnes_per_year"] == (
        "given, as for other routes of gallium"
    )
    assert found["competing_buyers[ally].material"] == (
        "a material whose routes have vault_tonnes_per_year"
    )
    assert "one of the materials" in found["competing_buyers[rival].material"]
    assert "nothing is rotated" in found["materials[gallium].rotation_spread"]


def test_members_are_participants_listed_once(tiny_case: Case) -> None:
    """All that is wrong with the list is said at once."""
    tiny_case["membership"] = {"members": ["maker", "maler", "maker"]}
    assert [str(mistake) for mistake in mistakes(tiny_case)] == [
        "membership.members: is 'maker', expected to be listed once, found 2 times",
        "membership.members: is 'maler', expected one of the participants (maker)",
    ]


def test_a_fee_needs_a_member(tiny_case: Case) -> None:
    """Nobody would pay it, and nobody could draw."""
    tiny_case["membership"] = {"members": [], "fee_rate_per_year": -0.1}
    assert {mistake.path for mistake in mistakes(tiny_case)} == {
        "membership.members",
        "membership.fee_rate_per_year",
    }


def test_own_trade_moves_the_price_ever_further(tiny_case: Case) -> None:
    """Premiums and discounts of later blocks are not below those before."""
    falling = [0.3, 0.1]
    tiny_case["materials"][0] |= {
        "refill_impact": [{"tonnes_per_year": 1, "premium": x} for x in falling],
        "sale_impact": [{"tonnes_per_year": 1, "discount": x} for x in falling],
    }
    found = mistakes(tiny_case)
    assert [x.path.rpartition(".")[2] for x in found] == [
        "refill_impact",
        "sale_impact",
    ]
    assert all("do not fall" in x.expected for x in found)
