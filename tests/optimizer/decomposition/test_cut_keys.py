"""A reused cut is never wrong: whatever leaves the key alone leaves the cuts alone."""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pytest

from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from optimizer.decomposition.cut_keys import cash_key, cut_key
from optimizer.decomposition.scenario_block import ScenarioBlock
from optimizer.point import TrialPoint
from optimizer.problem import first_stage_problem
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet
from tests import cases
from tests.cases import changed
from tests.optimizer.vault_case import contract, offer, vault_case

Path = tuple[str | int, ...]
NUMBER_OF_SCENARIOS = 3


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - JSON
    """Yield the path of every number and choice of a document."""
    if isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            if key not in {"sources", "id", "name", "description"}:
                yield from leaves(item, (*path, key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(cast("list[Any]", value)):
            yield from leaves(item, (*path, i))
    elif isinstance(value, bool | int | float) or value in {"book", "market"}:
        yield path


def moved(document: dict[str, Any], path: Path) -> Instance | None:
    """Return the case with one leaf changed, None if that is no case."""
    copy: Any = read_instance(document).model_dump(mode="json")
    place = copy
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    if isinstance(old, str):
        place[path[-1]] = "market" if old == "book" else "book"
    elif isinstance(old, int):
        place[path[-1]] = old + 1
    else:
        place[path[-1]] = old * 0.875 if old else 0.125
    try:
        return read_instance(copy)
    except InvalidCaseError:
        return None


def drawn(instance: Instance) -> ScenarioSet:
    """Return a few scenarios."""
    return sample(
        instance,
        number_of_scenarios=NUMBER_OF_SCENARIOS,
        generator=np.random.default_rng(5),
    )


def trials(instance: Instance) -> list[TrialPoint]:
    """Return two trial points that hold a part of each candidate."""
    menus = first_stage_problem(instance, drawn(instance)).menus
    sizes = [len(menu.candidates) for menu in menus]
    return [
        TrialPoint(
            tuple(np.full(size, share / max(size, 1)) for size in sizes),
            np.full(len(instance.contracts), share),
        )
        for share in (0.1, 0.5)
    ]


def seen(instance: Instance) -> tuple[Any, Any]:
    """Return what cuts are made of at two trials, and money there."""
    block = ScenarioBlock(instance, drawn(instance))
    block.start()
    cuts: list[np.ndarray] = []
    for trial in trials(instance):
        cuts.append(block.costs(trial))
        found = block.cluster_cuts()
        cuts += [found.constant, found.gradient.toarray()]
    return cuts, money(block, instance)


def money(block: ScenarioBlock, instance: Instance) -> list[np.ndarray]:
    """Return cash at two trials, and what is expected to be earned and left."""
    cash = [x for trial in trials(instance) for x in block.cash(trial)]
    expected = block.money
    return [*cash, *expected.earned, *expected.left, expected.contracts]


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Say whether all arrays are equal."""
    return all(
        a.shape == b.shape and np.array_equal(a, b)
        for a, b in zip(first, second, strict=True)
    )


DOCUMENT = changed(
    vault_case(),
    {
        # Ore that earns (10,000 - 500) x 0.5, or its floor, and costs a little more.
        "routes+": cases.route(
            "alpha",
            "JPN",
            0.1,
            purchase_stage="ore",
            conversion_yield=0.5,
            fee_usd_per_tonne=500.0,
            operating_cost_usd_per_tonne=5_200.0,
            treatment_charge="index",
            ramp=[{"period": 0, "value": 0.5}, {"period": 4, "value": 0.75}],
        ),
        "treatment_charges": [
            {
                "id": "index",
                "name": "Index",
                "material": "alpha",
                "stage": "ore",
                "usd_per_tonne": [
                    {"period": 0, "value": -100.0},
                    {"period": 3, "value": 300.0},
                ],
            }
        ],
        "products.1.ramp": [{"period": 0, "value": 1.0}, {"period": 4, "value": 0.5}],
        "trade.zone_countries": ["AUS", "JPN"],
        "trade.price_floors+": {
            "material": "alpha",
            "stage": "ore",
            "floor_usd_per_tonne": 5_250.0,
        },
        "sourcing_options+": cases.sourcing("held", is_held=True),
        "position": {
            "stock": [
                cases.stock_lot("new", 4.0, material="alpha", book_value_usd=40_000.0),
                cases.stock_lot("old", 2.0, material="alpha", arrival="2025-11-20"),
                cases.stock_lot("lent", 1.5, material="alpha", right="right"),
            ],
            "rights": [
                {
                    "offer": "right",
                    "lots": 6,
                    "drawn_tonnes": 1.0,
                    "sourcing": "ready",
                    "build_up_periods": 2,
                    "fees_paid_until": "2026-01-21",
                }
            ],
            "sales": [{"material": "alpha", "within_periods": 3, "discount": 0.1}],
        },
        "entitlement_offers+": offer(),
        "materials.0.shelf_life_days": 100.0,
        "membership": {"members": ["large"], "fee_rate_per_year": 0.01},
        "financing.pool_sale_price": "market",
        "materials.0.refill_impact": [
            {"tonnes_per_year": 12.0, "premium": 0.1},
            {"tonnes_per_year": 12.0, "premium": 0.5},
        ],
        "materials.0.sale_impact": [
            {"tonnes_per_year": 12.0, "discount": 0.1},
            {"tonnes_per_year": 12.0, "discount": 0.5},
        ],
        "rules.0.steps.0.replenishment_rate_per_month": 0.5,
        "events": [
            cases.event(
                "ban",
                cases.chance_phase(mean_days=20.0, step_days=10.0),
                cases.chance_phase(
                    table=[
                        {"days": 15.0, "probability": 0.5},
                        {"days": 45.0, "probability": 0.5},
                    ]
                ),
                materials=["alpha"],
                hazard_per_year=4.0,
                recurs_after={"low_days": 5.0, "high_days": 30.0},
                begins_with_period=False,
            )
        ],
    },
)
PATHS = list(leaves(read_instance(DOCUMENT).model_dump(mode="json")))


@pytest.fixture(scope="module")
def base() -> tuple[Instance, tuple[Any, Any]]:
    """Return the case as it is, and what cuts and cash come to there."""
    instance = read_instance(DOCUMENT)
    return instance, seen(instance)


@pytest.mark.parametrize("chunk", range(8))
def test_keys_identify_cuts(chunk: int, base: tuple[Instance, tuple[Any, Any]]) -> None:
    """Every leaf of a case is moved once: what moves a cut moves its key.

    A block that turns from each to the next earns what one that is made anew does.
    """
    instance, (cuts, cash) = base
    turned = ScenarioBlock(instance, drawn(instance))
    checked = 0
    for path in PATHS[chunk::8]:
        other = moved(DOCUMENT, path)
        if other is None or cut_key(other) != cut_key(instance):
            continue
        checked += 1
        other_cuts, other_cash = seen(other)
        assert same(cuts, other_cuts), path
        turned.turn_to(other)
        assert same(money(turned, other), other_cash), path
        if cash_key(other) == cash_key(instance):
            assert same(cash, other_cash), path
    assert checked > 0


@pytest.mark.parametrize(
    "path",
    [
        ("financing", "facilities", 0, "limit_usd"),
        ("financing", "facilities", 0, "rate_per_year"),
        ("options", "cvar_weight"),
        ("storage_classes", 0, "capacity_tonnes"),
        ("storage_classes", 0, "cost_usd_per_tonne_year"),
        ("routes", 0, "fee_usd_per_tonne"),
        ("membership", "fee_rate_per_year"),
        ("position", "stock", 0, "book_value_usd"),
        ("position", "sales", 0, "discount"),
        ("position", "sales", 0, "within_periods"),
        ("materials", 0, "refill_impact", 0, "premium"),
        ("materials", 0, "sale_impact", 1, "discount"),
    ],
)
def test_budget_prices_and_terms_keep_all_cuts(path: Path) -> None:
    """These are the what-ifs that start from everything."""
    other = moved(DOCUMENT, path)
    assert other is not None
    assert cut_key(other) == cut_key(read_instance(DOCUMENT))


@pytest.mark.parametrize(
    "path",
    [
        ("products", 0, "demand_units_per_year"),
        ("options", "seed"),
        ("horizon", "discount_rate_per_year"),
        ("levels_days_of_cover", 0),
        ("position", "rights", 0, "lots"),
        ("position", "rights", 0, "build_up_periods"),
        ("position", "stock", 2, "tonnes"),
        ("events", 0, "phases", 0, "duration", "mean_days"),
        ("events", 0, "recurs_after", "high_days"),
    ],
)
def test_demand_scenarios_and_menu_do_not(path: Path) -> None:
    """What cuts are made of is in the key."""
    other = moved(DOCUMENT, path)
    assert other is not None
    assert cut_key(other) != cut_key(read_instance(DOCUMENT))


def test_other_members_have_other_cuts() -> None:
    """Who may draw is in the key."""
    choices = (
        None,
        {"members": ["large"]},
        {"members": ["small"]},
        {"members": ["small"], "others": "after_members"},
    )
    keys = {cut_key(read_instance(DOCUMENT | {"membership": x})) for x in choices}
    assert len(keys) == len(choices)


def test_more_stock_of_the_same_ages_keeps_all_cuts() -> None:
    """Stock that expires at another time does not, nor does the first stock at all."""
    free = [x for x in DOCUMENT["position"]["stock"] if "right" not in x]
    keys = [
        cut_key(read_instance(DOCUMENT | {"position": {"stock": lots}}))
        for lots in (
            free,
            [x | {"tonnes": 2 * x["tonnes"]} for x in free],
            free[:1],
            [],
        )
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_more_on_the_way_keeps_all_cuts_and_a_later_day_does_not() -> None:
    """Nor does what it costs move them, nor whether it is paid."""
    ship = cases.purchase("ship", 4.0, material="alpha", route="alpha-chn")
    keys = [
        cut_key(read_instance(DOCUMENT | {"position": {"purchases": [ship | terms]}}))
        for terms in (
            {},
            {"tonnes": 9.0, "price_usd_per_tonne": 1.0, "is_paid": True},
            {"arrival_period": 2},
            {"route": "alpha-aus"},
        )
    ]
    assert keys[0] == keys[1]
    assert len({*keys}) == 3


def test_the_first_terms_of_sale_have_other_cuts_and_cash() -> None:
    """They add a column; other terms of the same material change its cash alone."""
    stock, sale = DOCUMENT["position"]["stock"][:2], DOCUMENT["position"]["sales"][0]
    keys = [
        (cut_key(instance), cash_key(instance))
        for sales in ([], [sale], [sale | {"most_tonnes_per_year": 4.0}])
        for instance in (
            read_instance(DOCUMENT | {"position": {"stock": stock, "sales": sales}}),
        )
    ]
    assert keys[0][0] != keys[1][0] == keys[2][0]
    assert len({cash for _, cash in keys}) == 3


def test_debt_of_before_keeps_all_cuts_and_the_world_at_the_start_does_not() -> None:
    """Cuts depend on scenarios, which start from what is in force, and on gaps."""
    plain = vault_case() | {"events": DOCUMENT["events"]}
    plain["participants"][0]["working_buffer_days"] = 30.0
    plain["membership"] = {"members": ["large"], "fee_rate_per_year": 0.01}
    plain["contracts"] = [contract()]
    buffer = {"participant": "large", "material": "alpha", "days": 10.0}
    for position, is_kept in (
        ({"debt": [{"facility": "loan", "drawn_usd": 1e3}]}, True),
        ({"fees": [{"participant": "large", "usd_per_year": 1e3}]}, True),
        ({"contracts": [{"contract": "offtake"}]}, True),
        ({"levels": [{"material": "alpha", "tonnes": 5.0}]}, True),
        ({"disruptions": [{"event": "ban", "since": "2025-12-20"}]}, False),
        ({"buffers": [buffer]}, False),
        ({"buffers": [buffer | {"full_days": 20.0}]}, False),
        ({"alerts": [{"material": "alpha", "levels": [1]}]}, False),
    ):
        other = read_instance(plain | {"position": position})
        assert (cut_key(other) == cut_key(read_instance(plain))) is is_kept


def test_what_is_paid_of_a_right_in_force_keeps_cuts_and_moves_cash() -> None:
    """Its fees are money alone; that it is in force is another response."""
    right = DOCUMENT["position"]["rights"][0]
    stock = DOCUMENT["position"]["stock"]
    free = [{k: x for k, x in lot.items() if k != "right"} for lot in stock]
    base, paid, anew = (
        read_instance(DOCUMENT | {"position": position})
        for position in (
            {"stock": stock, "rights": [right]},
            {"stock": stock, "rights": [right | {"fees_paid_until": "2026-03-01"}]},
            {"stock": free},
        )
    )
    assert cut_key(paid) == cut_key(base)
    assert cash_key(paid) != cash_key(base)
    assert cut_key(anew) != cut_key(base)


def test_a_contract_in_force_has_other_cash() -> None:
    """It is not paid for again, and part of its cap is used."""
    plain = vault_case() | {"contracts": [contract(signing_cost_usd=1e3)]}
    there = {"contracts": [{"contract": "offtake"}]}
    keys = [cash_key(read_instance(plain | {"position": x})) for x in ({}, there)]
    assert keys[0] != keys[1]


def test_a_cap_that_spreads_out_buying_has_other_cuts() -> None:
    """Four fifths are Chinese: a cap of as much leaves purchases as they are."""
    free, loose, tight, tighter = (
        (cut_key(instance), cash_key(instance))
        for cap in (0.9, 0.8, 0.6, 0.5)
        for instance in (
            read_instance(changed(vault_case(), {"materials.0.origin_share_cap": cap})),
        )
    )
    assert free == loose
    assert all(a != b for a, b in zip(tight, loose, strict=True))
    assert all(a != b for a, b in zip(tight, tighter, strict=True))


def test_interest_moves_what_money_is_worth_where_the_rule_draws() -> None:
    """A dollar that is earned early saves interest; a larger loan does not move it."""
    loan = cases.facility(drawn="when_needed", limit_usd=1e5, rate_per_year=0.05)
    base, dear, large = (
        cash_key(read_instance(vault_case() | {"financing": {"facilities": [x]}}))
        for x in (loan, loan | {"rate_per_year": 0.1}, loan | {"limit_usd": 2e5})
    )
    assert dear != base == large
