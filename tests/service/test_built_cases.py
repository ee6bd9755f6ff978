"""Cases built out of the shipped data: valid, with sources and what is missing."""

from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import pytest

from models.case_warnings import warnings_of
from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from service.cases.building.build import BuiltCase, build, makers_of
from service.cases.building.minerals import known_minerals
from service.cases.building.order import CaseOrder, read_order
from service.cases.building.text import as_text
from service.cases.writing.tables import data
from service.files.yaml_values import parse_yaml
from tests.cases import has_number

BUDGET = 5e8
COUNTRIES = ("JPN", "KOR")
# Of a mineral that comes from outside the trusted zone alone.
OUTSIDE = "no route has a step inside the zone"
STRUCTURE = {
    "sources",
    "bill_of_materials",
    "disruptions",
    "facilities",
    "price_floors",
}
MAGNETS = ("gallium", "germanium", "ndpr_oxide", "dysprosium", "terbium")


@cache
def built(country: str, *minerals: str, months: int = 36) -> BuiltCase:
    return build(CaseOrder(minerals, country, BUDGET, months=months))


def case_of(found: BuiltCase) -> Instance:
    return read_instance(found.content)


def unsourced(part: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield figures without a source, of a part and of all inside it."""
    sources: dict[str, str] | None = part.get("sources")
    for field, value in part.items():
        at, is_figure = f"{path}.{field}", field not in STRUCTURE and has_number(value)
        if sources is not None and is_figure and not sources.get(field):
            yield at
        listed = cast("list[Any]", value) if isinstance(value, list) else [value]
        for inner in listed:
            if isinstance(inner, dict):
                yield from unsourced(cast("dict[str, Any]", inner), at)


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_mineral_gives_a_case_with_sources(country: str) -> None:
    """Alone and together: valid, nothing idle, a source for every figure."""
    every = tuple(known_minerals())
    for minerals in (*((m,) for m in every), every):
        found = built(country, *minerals)
        case = case_of(found)
        assert {m.id for m in case.materials} == set(minerals)
        assert case.financing.budget_usd() == pytest.approx(BUDGET)
        assert [*unsourced(found.content)] == [], minerals
        warnings = [str(x) for x in warnings_of(case) if OUTSIDE not in x.expected]
        assert warnings == [], minerals
        hit = {m for event in case.events for m in event.materials}
        assert hit == set(minerals)


@pytest.mark.parametrize("country", ["USA", "JPN", "CHN", "COD"])
def test_shares_of_a_mineral_sum_to_one(country: str) -> None:
    """Routes that do not ramp deliver what is needed."""
    case = case_of(built(country, *known_minerals()))
    for material in case.materials:
        shares = [
            case.index.normal_share(route)
            for route in case.routes
            if route.material == material.id and not route.ramp
        ]
        if any(x.operating_cost_usd_per_tonne for x in case.routes):
            continue  # a closed mine has a share that nobody delivers
        assert sum(shares) == pytest.approx(1.0, abs=1e-6), material.id


def test_japan_has_the_need_of_team_japan() -> None:
    """Its figures are used where there are any: 167 t of gallium."""
    found = built("JPN", *MAGNETS)
    need = case_of(found).index.need_tonnes_per_day["gallium"] * 365.25
    assert need == pytest.approx(167, rel=1e-4)
    assert "Toyota" in {x["name"] for x in found.content["participants"]}


def test_need_elsewhere_is_in_proportion_to_industry() -> None:
    """848 t of gallium in the world, times 0.461 over 16 trillion dollars.

    What the world makes of terbium is unknown: then of the United States.
    """
    needs = case_of(built("KOR", "gallium", "terbium")).index.need_tonnes_per_day
    share = _industry("KOR") / _industry("WLD")
    assert needs["gallium"] * 365.25 == pytest.approx(848 * share, rel=1e-3)
    whole = case_of(built("USA", "terbium")).index.need_tonnes_per_day["terbium"]
    share = _industry("KOR") / _industry("USA")
    assert needs["terbium"] == pytest.approx(whole * share, rel=1e-3)


def _industry(country: str) -> float:
    row = data("manufacturing_value_added", iso3=country)[0]
    return float(row["value_added_musd"])


def test_controls_of_a_country_do_not_hit_its_own_users() -> None:
    """Chinese licences hit Korea, not China; bans on the United States hit neither."""
    events = {
        country: {x.id for x in case_of(built(country, "gallium")).events}
        for country in ("KOR", "CHN")
    }
    assert "gallium_germanium_licences" in events["KOR"]
    assert "gallium_germanium_licences" not in events["CHN"]
    assert "gallium_germanium_antimony_ban" not in events["KOR"]


def test_some_makers_need_a_part_and_get_a_part_of_the_market() -> None:
    """Half of the need has half of what the vault may buy."""
    order = CaseOrder(("gallium",), "JPN", BUDGET)
    whole = case_of(built("JPN", "gallium"))
    part = case_of(build(CaseOrder(("gallium",), "JPN", BUDGET, ("nichia",))))
    assert {x.id for x in part.participants} == {"nichia"} < set(makers_of(order))
    needs = [x.index.need_tonnes_per_day["gallium"] for x in (part, whole)]
    bought = [x.materials[0].market_capacity_tonnes_per_year for x in (part, whole)]
    assert needs[0] / needs[1] == pytest.approx(0.38, rel=1e-4)
    assert bought[0] / bought[1] == pytest.approx(needs[0] / needs[1], rel=1e-3)


def test_a_need_that_is_better_known_replaces_that_of_the_data() -> None:
    """Bills, routes and market follow it."""
    order = CaseOrder(("gallium",), "KOR", BUDGET, needs={"gallium": 40.0})
    case = case_of(build(order))
    need = case.index.need_tonnes_per_day["gallium"] * 365.25
    assert need == pytest.approx(40, rel=1e-5)
    missing = {x.what for x in build(order).missing}
    assert not any("needs in a year" in what for what in missing)


def test_what_is_not_in_the_data_is_said() -> None:
    """Of beryllium for Japan: need, trade, disruptions, losses."""
    found = {x.what for x in built("JPN", "beryllium").missing}
    assert found >= {
        "what Japan needs in a year",
        "where Japan imports it from",
        "a disruption of the past",
        "what its users lose",
    }


@pytest.mark.parametrize("months", [12, 24, 120])
def test_a_case_fits_its_horizon(months: int) -> None:
    """Contracts and offers end with it."""
    for country in ("USA", "JPN"):
        minerals = ("rhodium", *MAGNETS)
        order = CaseOrder(minerals, country, BUDGET, months=months, has_contracts=True)
        case = case_of(build(order))
        assert case.contracts
        assert case.horizon.number_of_periods == months
        assert [str(x) for x in warnings_of(case)] == []


def test_the_text_is_the_case() -> None:
    """With comments, and the same for the same wishes."""
    found = built("JPN", *MAGNETS)
    text = as_text(found)
    content = parse_yaml(text, "case")
    assert (
        read_instance(cast("dict[str, Any]", content)).content_hash
        == case_of(found).content_hash
    )
    assert text == as_text(build(CaseOrder(MAGNETS, "JPN", BUDGET)))
    assert "# Where it comes from" in text


def test_names_and_groups_stand_for_minerals() -> None:
    """In any spelling, once each."""
    order = read_order(
        minerals=["Gallium, magnet rare earths", "neodymium,TERBIUM"],
        country="south korea",
        budget="$1.5 billion",
    )
    assert order.minerals == ("gallium", "ndpr_oxide", "dysprosium", "terbium")
    assert (order.country, order.budget_usd) == ("KOR", 1.5e9)


@pytest.mark.parametrize(
    ("text", "usd"),
    [
        ("500e6", 500e6),
        ("500 million", 500e6),
        ("500M", 500e6),
        ("1.5bn USD", 1.5e9),
        ("500,000,000", 500e6),
        ("500 million dollars", 500e6),
    ],
)
def test_a_budget_is_an_amount_in_words_or_figures(text: str, usd: float) -> None:
    """As people write it."""
    order = read_order(minerals=["tin"], country="JPN", budget=text)
    assert order.budget_usd == usd


@pytest.mark.parametrize(
    "text", ["5,5", "1.5.5", "-3", "0", "much", "500 yen", "1e999"]
)
def test_no_amount_is_guessed(text: str) -> None:
    """What can be read in two ways is a mistake."""
    with pytest.raises(InvalidCaseError, match="--budget"):
        read_order(minerals=["tin"], country="JPN", budget=text)


def test_all_mistakes_are_told_at_once() -> None:
    """With the names that would be right."""
    with pytest.raises(InvalidCaseError) as caught:
        read_order(
            minerals=["galium", "gaas_wafers"], country="Japn", budget="", months=3
        )
    told = {x.path: x.expected for x in caught.value.mistakes}
    assert list(told) == ["--minerals", "--country", "--budget", "--months"]
    assert "JPN (Japan)" in told["--country"]
    assert "gallium is what they are made of" in told["--minerals"]
