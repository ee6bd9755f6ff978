"""Warnings of a case: each with a small case that has it and nothing else."""

from collections.abc import Mapping

import pytest

from models.case_warnings import warnings_of
from models.countries import COUNTRY_CODES
from models.reading import read_instance
from service.casefiles import load, shipped_names
from tests import cases
from tests.cases import Case, changed

CLOSED = cases.phase(10, 20)
DATED = {"probability": 0.5}

ALLY = {
    "id": "ally",
    "name": "Ally",
    "material": "gallium",
    "tonnes_per_year": 30.0,
}
GREEK = cases.route("gallium", "GRC", 0.1)
LIMITED: dict[str, object] = {
    "routes.0.vault_tonnes_per_year": 24.0,
    "routes.1.vault_tonnes_per_year": 6.0,
}
FOUND: dict[str, tuple[Mapping[str, object], str, str]] = {
    "event after the end": (
        {"events": [cases.event("ban", CLOSED, onset_date="2026-05-03") | DATED]},
        "events[ban].onset_date",
        "the event never happens",
    ),
    "event over before the start": (
        {"events": [cases.event("ban", CLOSED, onset_date="2025-12-12") | DATED]},
        "events[ban].onset_date",
        "the event is over before the start",
    ),
    "event across two periods": (
        {"events": [cases.event("ban", CLOSED, onset_date="2026-04-01") | DATED]},
        "events[ban].onset_date",
        # 90 days before 1 April, and three periods are 91.3125.
        "the event also hits period 2, on 4.312 % of its days",
    ),
    "event without time to recur": (
        {"events.0.recurs_after": {"low_days": 62, "high_days": 900}},
        "events[chn-ban].recurs_after",
        "less than the 121.75 days of the horizon for phases and rest",
    ),
    "sales that move a fixed price": (
        {"materials.0.sale_impact": [{"tonnes_per_year": 1.0, "discount": 0.1}]},
        "materials[gallium].sale_impact",
        "at book it lowers no price",
    ),
    "refills that never are": (
        {"materials.0.refill_impact": [{"tonnes_per_year": 1.0, "premium": 0.1}]},
        "materials[gallium].refill_impact",
        "no premium is ever paid",
    ),
    "replay after the end": (
        {"replays+": cases.replay("r", cases.disruption(CLOSED, onset_day=122))},
        "replays[r].disruptions[0].onset_day",
        "the disruption never happens",
    ),
    "country of no route": (
        {"events.0.country": "CHM"},
        "events[chn-ban].country",
        "(CHN, DEU), perhaps CHN; this cuts nothing",
    ),
    "stage of no route": (
        {"routes.0.refining_country": "DEU"},
        "events[chn-ban].stage",
        "no route of gallium has CHN at it",
    ),
    "country of no route in a replay": (
        {
            "replays+": cases.replay(
                "r", cases.disruption(CLOSED, onset_day=5, country="JPN")
            )
        },
        "replays[r].disruptions[0].country",
        "this cuts nothing",
    ),
    "country of a published loss": (
        {"published_losses+": {"materials": ["gallium"], "country": "JPN"}},
        "published_losses[0].country",
        "compared with a loss of nothing",
    ),
    "loans without capital beside them": (
        {
            "financing.facilities.0.drawn": "when_needed",
            "financing.debt_to_equity_limit": 5.0,
        },
        "financing.debt_to_equity_limit",
        "of $5,000,000.00 only $0.00 can be drawn",
    ),
    "line that stops sooner than its metal is bought": (
        {"materials.0.price_usd_per_tonne": 1e9},
        "products[wafer].shortage_blocks[1].cost_usd_per_unit",
        "what the gallium of a unit costs at emergency terms",
    ),
    "build-up after the end": (
        {"sourcing_options+": cases.sourcing("late", 2, start_period=3)},
        "sourcing_options[late].start_period",
        "at most 2, so that the build-up",
    ),
    "build-up longer than the horizon": (
        {"sourcing_options+": cases.sourcing("slow", 5)},
        "sourcing_options[slow].build_up_periods",
        "at most 4 periods; the option buys nothing",
    ),
    "start of a stock in place": (
        {"sourcing_options.0.start_period": 1},
        "sourcing_options[in-place].start_period",
        "all is bought before the start",
    ),
    "zone without a route": (
        {"sourcing_options+": cases.sourcing("zone", origins="zone")},
        "sourcing_options[zone].origins",
        "no route is wholly inside the zone",
    ),
    "half of the need": (
        {"routes.0.share": 0.3},
        "routes[gallium-chn, gallium-deu].share",
        "50 % of the need is missing without any event",
    ),
    "twice the need": (
        {"routes.0.share": 1.0, "routes.1.share": 1.0},
        "routes[gallium-chn, gallium-deu].share",
        "100 % of the need must be lost before a gap opens",
    ),
    "tonnes unlike the need": (
        {"routes.0.share": None, "routes.0.tonnes_per_year": 96.0},
        "routes[gallium-chn, gallium-deu].tonnes_per_year",
        "must be lost before a gap opens",
    ),
    "zone of no route": (
        {"trade": {"zone_countries": ["JPN"]}},
        "trade.zone_countries",
        "no route has a step inside the zone",
    ),
    "zone country that does not exist": (
        {"trade": {"zone_countries": ["DEU", "DUE"]}},
        "trade.zone_countries",
        "perhaps DEU; it has no effect",
    ),
    "ineligible country that does not exist": (
        {"trade": {"ineligible_countries": ["CHM"]}},
        "trade.ineligible_countries",
        "perhaps CHN; it has no effect",
    ),
    "floor of no stage": (
        {
            "trade": {
                "price_floors": [
                    {
                        "material": "gallium",
                        "stage": "metl",
                        "floor_usd_per_tonne": 1.0,
                    }
                ]
            }
        },
        "trade.price_floors[0].stage",
        "(metal), perhaps metal; the floor has no effect",
    ),
    "right that is not needed": (
        {
            "participants+": {
                "id": "other",
                "name": "Other",
                "priority_class": "civil",
            },
            "entitlement_offers+": cases.offer(participant="other"),
        },
        "entitlement_offers[right].material",
        "a material that other needs; it is never awarded",
    ),
    "membership of everyone": (
        {"membership": {"members": ["maker"]}},
        "membership.members",
        "a part of the participants, or a fee; it has no effect",
    ),
    "others after everyone": (
        {"membership": {"members": ["maker"], "others": "after_members"}},
        "membership.others",
        "none: all participants are members, so it has no effect",
    ),
    "fee as per cent": (
        {"membership": {"members": ["maker"], "fee_rate_per_year": 0.5}},
        "membership.fee_rate_per_year",
        "a fraction: 0.5 is read as 50 %; 0.5 % is 0.005",
    ),
    "upside without a threshold": (
        {"contracts+": cases.contract(upside_share=0.5)},
        "contracts[offtake].upside_share",
        "nothing is paid back",
    ),
    "lot above the menu": (
        {"materials.0.lot_tonnes": 2.0},
        "materials[gallium].lot_tonnes",
        "no lot is ever bought for the pool",
    ),
    "cap below the share of the only mix": (
        {"materials.0.origin_share_cap": 0.75},
        "materials[gallium].origin_share_cap",
        "each sourcing option buys that share or more in CHN; they buy 0.75 there",
    ),
    "cap of the only origin": (
        {
            "materials.0.origin_share_cap": 0.75,
            "sourcing_options.0.origins": ["DEU"],
        },
        "materials[gallium].origin_share_cap",
        "at least 1: DEU alone can supply, and the cap has no effect",
    ),
    "cap below half of two origins": (
        {
            "materials.0.origin_share_cap": 0.4,
            "sourcing_options+": cases.sourcing("germany", origins=["DEU"]),
        },
        "materials[gallium].origin_share_cap",
        "at least 0.5: CHN, DEU alone can supply, and 0.5 may come from each",
    ),
    "cap that two options of three origins cannot keep": (
        {
            "materials.0.origin_share_cap": 0.4,
            "routes+": GREEK,
            "sourcing_options": [
                cases.sourcing("greek", origins=["CHN", "GRC"]),
                cases.sourcing("german", origins=["CHN", "DEU"]),
            ],
        },
        "materials[gallium].origin_share_cap",
        "each sourcing option buys that share or more in CHN; nothing of it is ever",
    ),
    "shelf life below a period": (
        {"materials.0.shelf_life_days": 20.0},
        "materials[gallium].shelf_life_days",
        "stock is kept for a period all the same",
    ),
    "no recycling to buy from": (
        {"sourcing_options.0.origins": "recycling"},
        "sourcing_options[in-place].origins",
        "no route is recycling; the option buys nothing",
    ),
    "origin without a route": (
        {"sourcing_options.0.origins": ["DEU", "JPN"]},
        "sourcing_options[in-place].origins",
        "a country in which a route is refined",
    ),
    "buyer without a route": (
        LIMITED | {"competing_buyers+": {**ALLY, "countries": ["JPN"]}},
        "competing_buyers[ally].countries",
        "the buyer takes nothing",
    ),
    "guarantee where no cover is asked for": (
        {"financing.facilities": [cases.facility("exim", guaranteed=True)]},
        "financing.facilities[exim].guaranteed",
        "it only counts beside a collateral_cover",
    ),
    "cover without a loan": (
        {
            "financing.facilities": [cases.facility("own", kind="equity")],
            "financing.collateral_cover": 1.0,
        },
        "financing.collateral_cover",
        "there is no loan that needs it, so it has no effect",
    ),
    "cover of a guaranteed loan": (
        {
            "financing.facilities": [cases.facility("exim", guaranteed=True)],
            "financing.collateral_cover": 1.0,
        },
        "financing.collateral_cover",
        "there is no loan that needs it, so it has no effect",
    ),
    "buyer of all that there is": (
        LIMITED | {"competing_buyers+": ALLY},
        "competing_buyers[ally].tonnes_per_year",
        "nothing is left for the vault",
    ),
    "route that nothing opens": (
        {"routes+": {**GREEK, "operating_cost_usd_per_tonne": 6e5}},
        "routes[gallium-grc].operating_cost_usd_per_tonne",
        "at most 500000, what it earns",
    ),
    "contract that pays too little": (
        {
            "routes+": {**GREEK, "operating_cost_usd_per_tonne": 6e5},
            "contracts+": cases.contract(route="gallium-grc", floor_usd_per_tonne=5e5),
            "sourcing_options+": cases.sourcing("open", 2, pays_operating_cost=True),
        },
        "contracts[offtake].floor_usd_per_tonne",
        "lacks 100000 a tonne at the market price; the contract delivers nothing",
    ),
    "treatment charge of no route": (
        {
            "treatment_charges": [
                {
                    "id": "index",
                    "name": "Index",
                    "material": "gallium",
                    "stage": "ore",
                    "usd_per_tonne": [{"period": 0, "value": 1.0}],
                }
            ]
        },
        "treatment_charges[index]",
        "it has no effect",
    ),
    "ramp that is 1": (
        {"routes.0.ramp": [{"period": 0, "value": 1.0}]},
        "routes[gallium-chn].ramp",
        "the ramp has no effect",
    ),
    "cost that every route earns": (
        {"sourcing_options.0.pays_operating_cost": True},
        "sourcing_options[in-place].pays_operating_cost",
        "no route earns less than its operating cost",
    ),
    "notice beyond the horizon": (
        {"storage_classes.0.notice_days": 5000.0},
        "storage_classes[dry].notice_days",
        "the store never opens, so nothing that it holds is released",
    ),
    "source of no field": (
        {"materials.0.sources": {"price_usd_per_ton": "assumption: none"}},
        "materials[gallium].sources",
        "perhaps price_usd_per_tonne; it is the source of no figure",
    ),
    "interest in per cent": (
        {"financing.facilities.0.rate_per_year": 5},
        "financing.facilities[loan].rate_per_year",
        "5 is read as 500 %; 5 % is 0.05",
    ),
    "growth in per cent": (
        {"products.0.growth_per_year": 3},
        "products[wafer].growth_per_year",
        "3 is read as 300 %; 3 % is 0.03",
    ),
    "discount in per cent": (
        {"horizon.discount_rate_per_year": 4},
        "horizon.discount_rate_per_year",
        "4 is read as 400 %; 4 % is 0.04",
    ),
    "premium in per cent": (
        {"materials.0.price_impact+": {"tonnes_per_year": 10.0, "premium": 20}},
        "materials[gallium].price_impact[0].premium",
        "20 is read as 2000 %; 20 % is 0.2",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_part_without_effect_is_named(tiny_case: Case, name: str) -> None:
    """One warning, with the path and the effect."""
    changes, path, effect = FOUND[name]
    (warning,) = warnings_of(read_instance(changed(tiny_case, changes)))
    assert warning.path == path
    assert effect in warning.expected


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_case_has_no_warnings(name: str) -> None:
    """Every part of the shipped cases has its effect."""
    assert warnings_of(read_instance(load(name))) == []


def test_sound_parts_are_not_warned_about(tiny_case: Case) -> None:
    """Edges that still have an effect: on the last day, a zone with others, sources."""
    sound = changed(
        tiny_case,
        {
            "events+": cases.event("last", CLOSED, onset_date="2026-05-02") | DATED,
            "trade": {"zone_countries": ["DEU", "FRA"], "ineligible_countries": []},
            "sourcing_options+": cases.sourcing("pace", 2, start_period=2),
            "materials.0.lot_tonnes": 1.9,
            "materials.0.origin_share_cap": 0.8,
            "materials.0.sources": {"price_impact[0].premium": "assumption: none"},
            "routes.0.sources": {"share": "assumption: none"},
        },
    )
    sound["events"].append(
        cases.event("running", CLOSED, onset_date="2025-12-20") | DATED
    )
    assert warnings_of(read_instance(sound)) == []


def test_country_codes_are_those_of_the_standard() -> None:
    """ISO 3166-1 has 249; others and Kosovo are in use besides."""
    assert len(COUNTRY_CODES - {"OTH", "XKX"}) == 249
    assert all(len(code) == 3 and code.isupper() for code in COUNTRY_CODES)


def test_a_member_that_needs_nothing_leaves_pools_empty(tiny_case: Case) -> None:
    """It neither draws nor pays, and a minimum cover of what no member needs is 0."""
    idle = {"id": "idle", "name": "Idle", "priority_class": "civil"}
    tiny_case["participants"].append(idle)
    tiny_case["membership"] = {"members": ["idle"]}
    tiny_case["materials"][0]["minimum_days_of_cover"] = 30.0
    found = [str(x) for x in warnings_of(read_instance(tiny_case))]
    assert [text.partition("expected ")[2] for text in found] == [
        "a participant with a product; it pays nothing and draws nothing",
        "0: no member needs it, so its pool holds nothing",
    ]
