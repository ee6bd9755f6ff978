"""The shipped cases: valid, reproducible, and every figure traced to a source."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.policies.candidates import menu_of
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from service import casefiles
from service.cases.writing import magnets, project_vault, regimes
from service.cases.writing.assembling import as_yaml
from service.cases.writing.tables import content, data
from tests.cases import has_number
from tests.optimizer.one_scenario import one_scenario

CASES = Path(casefiles.__file__).parent / "cases"
FINAL_LIST_OF_2025 = 60
# One good of two minerals of the list.
GOODS = {"ndpr_oxide": {"neodymium", "praseodymium"}}
STRUCTURE = {"sources", "bill_of_materials", "disruptions"}


@cache
def raw(name: str) -> dict[str, Any]:
    return dict(casefiles.load(name))


@cache
def instance(name: str) -> Instance:
    return read_instance(raw(name))


@pytest.mark.parametrize("name", ["project_vault", "magnets", "two_materials"])
def test_a_shipped_case_is_valid(name: str) -> None:
    """Each case passes every check and carries its own name."""
    assert instance(name).id == name


@pytest.mark.parametrize(
    ("case", "module"),
    [
        (project_vault.with_variants, project_vault.MODULE),
        (magnets.magnets, magnets.MODULE),
    ],
)
def test_writing_a_case_again_gives_the_same_bytes(
    case: Callable[[], dict[str, Any]], module: str
) -> None:
    """The YAML is what the scripts make of the tables, byte by byte."""
    content = case()
    shipped = (CASES / f"{content['id']}.yaml").read_text(encoding="utf-8")
    assert as_yaml(content, module) == shipped


def test_the_reference_case_has_the_size_it_is_described_with() -> None:
    """42 materials, 12 participants, 60 products, 36 months."""
    case = instance("project_vault")
    sizes = (
        len(case.materials),
        len(case.participants),
        len(case.final_products()),
        case.horizon.number_of_periods,
    )
    assert sizes == (42, 12, 60, 36)
    assert len(case.events) >= 9
    assert 8 <= len(case.rules) <= 12
    assert len(case.entitlement_offers) >= 6
    assert len(case.contracts) >= 2


def test_the_quickstart_is_small() -> None:
    """Three materials with at most six rules, six levels and two ways of sourcing."""
    case = instance("magnets")
    assert len(case.materials) == 3
    assert len(case.rules) <= 6
    assert len(case.levels_days_of_cover) <= 6
    assert len(case.sourcing_options) <= 2


@pytest.mark.parametrize("name", ["project_vault", "magnets", "two_materials"])
def test_shares_of_a_material_sum_to_one(name: str) -> None:
    """Open routes that do not ramp deliver what is needed, neither more nor less."""
    case = instance(name)
    for material in case.materials:
        shares = [
            case.index.normal_share(route)
            for route in case.routes
            if route.material == material.id and not route.ramp
        ]
        assert sum(shares) == pytest.approx(1.0, abs=1e-9), material.id


def test_needs_add_up_to_published_consumption() -> None:
    """Where the case takes all of a published total, its bills add up to it."""
    needs = instance("project_vault").index.need_tonnes_per_day
    checked = 0
    for material in raw("project_vault")["materials"]:
        column = re.search(
            r"all of minerals.csv (\w+) (\w+)", material["sources"]["participants_need"]
        )
        if column is None:
            continue
        total = float(data("minerals", mineral_id=column[1])[0][column[2]])
        # Quantities in the case have six significant digits.
        assert needs[material["id"]] * 365.25 == pytest.approx(total, rel=1e-4)
        checked += 1
    assert checked >= 15


@pytest.mark.parametrize("name", ["project_vault", "magnets", "two_materials"])
def test_every_figure_says_where_it_comes_from(name: str) -> None:
    """Every part with a number has a source for the field that holds it."""
    case = raw(name)
    unsourced = [
        f"{section}[{part.get('id', i)}].{field}"
        for section in SECTIONS
        for i, part in enumerate(_parts(case, section))
        for field, value in part.items()
        if field not in STRUCTURE and has_number(value)
        if not part.get("sources", {}).get(field)
    ]
    assert unsourced == []


@pytest.mark.parametrize("name", ["project_vault", "magnets"])
def test_sources_name_files_that_ship(name: str) -> None:
    """Every data file that a source names lies beside the case."""
    text = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"\b([a-z_]+\.csv)\b", text))
    assert named
    assert {file for file in named if not (CASES / "data" / file).exists()} == set()


def test_sources_name_rows_that_exist() -> None:
    """The mineral and the column that a price names are in minerals.csv."""
    checked = 0
    for material in raw("project_vault")["materials"]:
        found = re.fullmatch(
            r"minerals\.csv (\w+) (\w+) \(.*\)",
            material["sources"]["price_usd_per_tonne"],
        )
        if found is None:
            continue
        published = float(data("minerals", mineral_id=found[1])[0][found[2]])
        assert material["price_usd_per_tonne"] == published
        checked += 1
    assert checked >= 15


def test_events_name_rows_that_exist() -> None:
    """Every event that the sources name by its code is in disruption_events.csv."""
    text = (CASES / "content" / "events.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"\b[A-Z]{3}-[A-Z0-9]+(?:-[A-Z]+)?-\d{4}\b", text))
    known = {row["event_id"] for row in data("disruption_events")}
    assert len(named) >= 9
    assert named <= known


def test_every_critical_mineral_is_modelled_or_named() -> None:
    """Modelled and unmodelled minerals together are the final list of 2025."""
    case = instance("project_vault")
    modelled = {m for x in case.materials for m in GOODS.get(x.id, {x.id})}
    left_out = {mineral.id for mineral in case.unmodelled}
    assert not modelled & left_out
    assert len(modelled) + len(left_out) == FINAL_LIST_OF_2025


def test_every_published_rank_is_compared() -> None:
    """Each material of the reference case among the first fifty has a row."""
    case = instance("project_vault")
    ranked = {row["mineral_id"] for row in data("gdp_loss") if row["rank_ofr2025_1047"]}
    ranked |= {good for good, parts in GOODS.items() if parts & ranked}
    alone = {x.materials[0] for x in case.published_losses if x.rank is not None}
    assert alone == {m.id for m in case.materials} & ranked
    assert len(alone) >= 35


def test_the_reference_case_has_twelve_billion_to_spend() -> None:
    """The EXIM loan and the private capital are those of the programme."""
    facilities = instance("project_vault").financing.facilities
    assert {f.id: f.limit_usd for f in facilities if f.limit_usd} == {
        "loan": 10e9,
        "private_capital": 2e9,
    }


def test_hazards_mix_two_regimes() -> None:
    """Five controls on five bundles since 2023, one before, half and half."""
    quiet, tense = (regimes.rate(x) for x in content("regimes"))
    assert quiet == pytest.approx(1 / 13 / 5, rel=1e-3)
    assert tense == pytest.approx(5 / (1127 / 365.25) / 5)
    hazards = {x.id: x.hazard_per_year for x in instance("project_vault").events}
    assert hazards["antimony_licences"] == pytest.approx((quiet + tense) / 2, rel=0.01)


def test_a_ban_on_the_united_states_hits_shares_of_imports() -> None:
    """China sells a fifth of the gallium directly, but refines nearly all of it."""
    routes = {route.id: route for route in instance("project_vault").routes}
    assert routes["gallium_CHN_CHN"].direct_share == pytest.approx(0.18 / 0.98939, 0.01)
    bans = [x for x in instance("project_vault").events if x.scope == "direct_trade"]
    assert [x.onset_date.isoformat() for x in bans if x.onset_date] == [
        "2026-11-27",
        "2027-11-27",
    ]


@pytest.mark.parametrize("row", content("stakes"), ids=lambda x: x["product"])
def test_stakes_name_industries_and_products_that_exist(row: dict[str, str]) -> None:
    """With shares and exposures between 0 and 1."""
    assert data("industry_value_added", bea_code=row["industry"])
    assert content("products", id=row["product"])
    assert 0 < float(row["share"]) <= 1
    assert 0 < float(row["exposure"]) <= 1


def test_no_industry_is_at_stake_twice() -> None:
    """Shares of one industry over all products stay within the whole."""
    whole: dict[str, float] = {}
    for row in content("stakes"):
        part = float(row["share"])
        whole[row["industry"]] = whole.get(row["industry"], 0.0) + part
    assert {code: x for code, x in whole.items() if x > 1 + 1e-9} == {}


SECTIONS = (
    "materials",
    "storage_classes",
    "routes",
    "priority_classes",
    "participants",
    "products",
    "bills",
    "rules",
    "facilities",
    "entitlement_offers",
    "contracts",
    "price_floors",
    "events",
    "replayed",
    "published_losses",
)


def _parts(case: dict[str, Any], section: str) -> Iterator[dict[str, Any]]:
    match section:
        case "bills":
            for product in case["products"]:
                yield from product["bill_of_materials"]
        case "facilities":
            yield from case["financing"]["facilities"]
        case "price_floors":
            yield from case.get("trade", {}).get("price_floors", [])
        case "replayed":
            for replay in case.get("replays", []):
                yield from replay["disruptions"]
        case _:
            yield from case.get(section, [])


@pytest.mark.parametrize("name", ["sixty_days_for_all", "team_japan", "japan_180_days"])
def test_a_minimum_cover_can_be_bought(name: str) -> None:
    """Each is within the highest level that routes deliver in time."""
    case = read_instance(casefiles.load(f"project_vault:{name}"))
    scenarios = one_scenario(case)
    highest: dict[str, float] = {}
    for pool in holdings(case, scenarios, observe(case, scenarios)):
        if pool.offer is None:
            levels = [x.level_days_of_cover for x in menu_of(case, pool).candidates]
            highest[pool.material.id] = max(levels)
    wanted = {m.id: m.minimum_days_of_cover for m in case.materials}
    assert {m for m in wanted if wanted[m] > highest[m]} == set()


def test_sixty_days_for_all_are_as_many_as_routes_deliver() -> None:
    """Two months of what routes have, and the highest level of the menu of the rest."""
    case = read_instance(casefiles.load("project_vault:sixty_days_for_all"))
    wanted = {m.id: m.minimum_days_of_cover for m in case.materials}
    assert {wanted[m] for m in ("copper", "germanium", "cobalt")} == {60.0}
    assert 14 < wanted["yttrium"] < 15


def test_the_budget_of_niche_is_in_proportion() -> None:
    """To the need that is kept, at the prices of the start."""
    whole, part = (
        read_instance(casefiles.load(name))
        for name in ("project_vault", "project_vault:niche")
    )
    share = _worth(part) / _worth(whole)
    budgets = [x.financing.budget_usd() for x in (part, whole)]
    assert budgets[0] == pytest.approx(share * budgets[1], rel=0.01)
    assert {m.id for m in part.materials} < {m.id for m in whole.materials}


def _worth(case: Instance) -> float:
    need = case.index.need_tonnes_per_day
    return sum(need[m.id] * m.price_usd_per_tonne for m in case.materials)


def test_every_variant_stands_on_the_page_of_the_cases() -> None:
    """With the name by which commands take it."""
    page = (CASES / "README.md").read_text(encoding="utf-8")
    missing = [
        name
        for name in casefiles.open_case("project_vault").variants
        if f"| project_vault:{name} |" not in page
    ]
    assert missing == []
