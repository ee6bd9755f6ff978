"""Team Japan: Japan's needs, routes, contracts and lenders, each traced to a source."""

import json
from functools import cache
from typing import Any

import pytest

from models.case_warnings import warnings_of
from models.instance import Instance
from models.reading import read_instance
from service import casefiles
from service.casefiles import open_case
from service.cases.writing.tables import content
from service.variants.named import varied_case
from tests.cases import has_number

JAPAN = "project_vault:team_japan"
WHAT_IFS = (
    "japan_without_lynas_heavy",
    "japan_without_second_lender",
    "japan_treatment_charges_collapse",
    "japan_urban_mines",
    "japan_motors",
    "japan_180_days",
)
SECTIONS = (
    "materials",
    "routes",
    "treatment_charges",
    "participants",
    "products",
    "sourcing_options",
    "contracts",
    "events",
    "published_losses",
)
STRUCTURE = {"sources", "bill_of_materials"}


@cache
def raw(name: str) -> dict[str, Any]:
    return dict(casefiles.load(name))


@cache
def case(name: str = JAPAN) -> Instance:
    return read_instance(raw(name))


@pytest.mark.parametrize("name", ["team_japan", *WHAT_IFS])
def test_it_is_valid_and_every_part_has_its_effect(name: str) -> None:
    """Neither the variant nor a what-if of it has a mistake or a warning."""
    found = case(f"project_vault:{name}")
    assert found.id == f"project_vault:{name}"
    assert warnings_of(found) == []


def test_bills_add_up_to_the_need_of_japan() -> None:
    """Tonnes a year by products are those of the table of needs."""
    needs = case().index.need_tonnes_per_day
    wanted = {x["id"]: float(x["tonnes_per_year"]) for x in content("japan/materials")}
    assert set(wanted) == set(needs)
    for m, tonnes in wanted.items():
        # Quantities have six significant digits.
        assert needs[m] * 365.25 == pytest.approx(tonnes, rel=1e-4), m


def test_shares_of_routes_sum_to_one() -> None:
    """Open routes that do not ramp deliver what is needed."""
    for material in case().materials:
        shares = [
            route.share
            for route in case().routes
            if route.material == material.id and not route.ramp
        ]
        assert sum(x or 0.0 for x in shares) == pytest.approx(1.0), material.id


def test_every_figure_says_where_it_comes_from() -> None:
    """Every number of a part has a source, a guess is called an assumption."""
    parts = [part for section in SECTIONS for part in raw(JAPAN)[section]]
    parts += raw(JAPAN)["financing"]["facilities"]
    parts += [x for p in raw(JAPAN)["products"] for x in p["bill_of_materials"]]
    unsourced = [
        f"{part.get('id')}.{field}"
        for part in parts
        for field, value in part.items()
        if field not in STRUCTURE and has_number(value)
        if not part.get("sources", {}).get(field)
    ]
    assert unsourced == []


def test_the_contract_has_the_terms_of_lynas_and_jare() -> None:
    """5,000 t at 110 USD/kg at least, 30 % above 150 back, up to 10 million a year."""
    contract = next(x for x in case().contracts if x.id == "jare_ndpr")
    assert contract.volume_tonnes_per_year == 5_000
    assert contract.floor_usd_per_tonne == 110_000
    assert contract.upside_threshold_usd_per_tonne == 150_000
    assert (contract.upside_share, contract.upside_cap_usd_per_year) == (0.3, 10e6)
    route = next(x for x in case().routes if x.id == contract.route)
    normal = (route.share or 0.0) * 5_500
    # What Japan may have of Lynas in all.
    assert normal + contract.volume_tonnes_per_year <= 7_200


def test_half_of_the_heavy_rare_earths_is_committed_and_three_quarters_offered() -> (
    None
):
    """Of today's circuit a half; with the new plant three quarters of 250 and 50 t."""
    volumes = {x.id: x.volume_tonnes_per_year for x in case().contracts}
    capacity = {x.id: x.capacity_tonnes_per_year for x in case().contracts}
    for metal in ("dysprosium", "terbium"):
        now, more = f"jare_{metal}", f"jare_{metal}_more"
        assert volumes[now] == 0.5 * (capacity[now] or 0.0)
        assert volumes[now] + volumes[more] == 0.75 * (capacity[more] or 0.0)


def test_second_lenders_are_drawn_after_the_state() -> None:
    """By the cash rule, capital first, then in the order of what their money costs.

    The cover counts JBIC and NEXI alone.
    """
    facilities = {x.id: x for x in case().financing.facilities}
    order = {x.id: x.order for x in facilities.values() if x.is_drawn_by_rule}
    assert order == {"state_capital": 0, "jogmec_loan": 1, "jbic": 2, "nexi": 3}
    assert case().financing.collateral_cover == 1
    covered = [x for x, facility in facilities.items() if facility.needs_collateral]
    assert covered == ["jbic", "nexi"]
    rates = [facilities[x].rate_per_year for x in ("jogmec_loan", "jbic", "nexi")]
    assert rates == sorted(rates)


def test_each_trading_house_has_routes() -> None:
    """The countries of an option refine something that is needed."""
    refined = {route.refining_country for route in case().routes}
    houses = [x for x in case().sourcing_options if isinstance(x.origins, tuple)]
    assert len(houses) == 3
    assert all(set(house.origins) <= refined for house in houses)


def test_custom_smelters_close_when_treatment_earns_nothing() -> None:
    """And run at the terms of the base."""
    for name, runs in ((JAPAN, True), (f"project_vault:{WHAT_IFS[2]}", False)):
        found = case(name)
        for m in ("copper", "zinc"):
            operation = found.index.operation[found.index.route[f"{m}_custom"]]
            assert operation.runs_in_market is runs


def test_what_is_left_out_is_named() -> None:
    """No mineral is modelled and unmodelled."""
    modelled = {m.id for m in case().materials}
    assert not modelled & {x.id for x in case().unmodelled}
    assert len(modelled) == 14


def test_a_what_if_is_the_same_case_in_a_batch() -> None:
    """The overlay that a batch applies to the reference case leads to it, too."""
    file = open_case("project_vault")
    overlay = file.of_the_case("japan_motors")
    assert not overlay.base
    base = json.loads(read_instance(file.content).model_dump_json())
    found = read_instance(varied_case(base, "japan_motors", overlay))
    assert found.content_hash == case("project_vault:japan_motors").content_hash
