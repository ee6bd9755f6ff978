"""A share of a candidate does exactly its share of what the whole candidate does."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from models.plan import Tranche
from optimizer.policies.candidates import Menu, menu_of
from optimizer.policies.holding import Holding, holdings
from optimizer.policies.market import observe
from optimizer.policies.policy import Policies
from optimizer.policies.price_impact import refill_premium, sale_discount
from optimizer.policies.response import Response, respond
from optimizer.policies.simulator import simulate
from optimizer.policies.tranche import to_policies, to_tranche
from optimizer.scenarios.scenario_set import Floats
from tests.optimizer.random_cases import random_case, random_scenarios

LAW = settings(max_examples=15, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
RESPONSES = ("released", "cash_flow", "stock_value", "on_hand")


def menus(seed: int) -> Iterator[tuple[Instance, Holding, Menu]]:
    """Yield each pool and right of a random case with its candidates."""
    instance = random_case(seed)
    scenarios = random_scenarios(instance, seed)
    for holding in holdings(instance, scenarios, observe(instance, scenarios)):
        # Over routes with little for the vault a build-up may outlast the horizon.
        if (menu := menu_of(instance, holding)).candidates:
            yield instance, holding, menu


def shares_of(holding: Holding, menu: Menu, seed: int) -> Floats:
    """Return a share of each candidate that is a whole number of lots."""
    most = np.floor(menu.policies.target / holding.material.lot_tonnes)
    lots = np.random.default_rng(seed).integers(1, most, endpoint=True)
    return lots * holding.material.lot_tonnes / menu.policies.target


def assert_same(found: Response, expected: Response, tolerance: float) -> None:
    """Compare tonnes and money, relative to the largest figure."""
    for name in RESPONSES:
        wanted: Floats = getattr(expected, name)
        scale = float(np.abs(wanted).max(initial=1.0))
        assert getattr(found, name) == pytest.approx(
            wanted, rel=tolerance, abs=tolerance * scale
        ), name


@LAW
@given(seed=SEEDS)
def test_a_scaled_policy_does_its_share(seed: int) -> None:
    """Share x response is the response of the scaled policy, of pools and rights."""
    for instance, holding, menu in menus(seed):
        share = shares_of(holding, menu, seed)
        whole = respond(instance, holding, menu.policies)
        expected = Response(
            *(share[:, None, None] * getattr(whole, name) for name in RESPONSES),
            opening_flow=share * whole.opening_flow,
            opening_value=share * whole.opening_value,
        )
        scaled = respond(instance, holding, menu.policies.scaled(share))
        assert_same(scaled, expected, 1e-9)
        assert scaled.opening_flow == pytest.approx(expected.opening_flow, rel=1e-9)


@LAW
@given(seed=SEEDS)
def test_a_tranche_read_back_does_the_same(seed: int) -> None:
    """The numbers in the plan's document are the whole rule."""
    for instance, holding, menu in menus(seed):
        scaled = menu.policies.scaled(shares_of(holding, menu, seed))
        read_back = to_policies(
            instance, holding, list(documents(instance, holding, menu, scaled))
        )
        assert_same(
            respond(instance, holding, read_back),
            respond(instance, holding, scaled),
            1e-12,
        )


def documents(
    instance: Instance, holding: Holding, menu: Menu, scaled: Policies
) -> Iterator[Tranche]:
    """Yield the tranche of each candidate, written as JSON and read back."""
    for c, candidate in enumerate(menu.candidates):
        one = scaled.select(np.array([c]))
        tranche = to_tranche(instance, holding, candidate, one)
        yield Tranche.model_validate_json(tranche.model_dump_json())


@LAW
@given(seed=SEEDS)
def test_planned_buying_is_what_a_calm_world_brings(seed: int) -> None:
    """With open routes and no gap a candidate buys what its plan states, no more."""
    for _, holding, menu in menus(seed):
        seen = holding.observables
        calm = replace(
            seen,
            gap=np.zeros_like(seen.gap),
            open_share=np.ones_like(seen.open_share),
            shelf_periods=None,
            repurchase_period=None,
        )
        bought = simulate(menu.policies, calm).acquired
        planned = menu.policies.planned(bought.shape[2])
        assert bought == pytest.approx(
            np.broadcast_to(planned[:, None], bought.shape), abs=1e-12
        )


@LAW
@given(seed=SEEDS)
def test_no_response_passes_what_the_limits_count(seed: int) -> None:
    """Releases and purchases stay within most_released and most_acquired."""
    for _, holding, menu in menus(seed):
        done = simulate(menu.policies, holding.observables)
        for tonnes, most in (
            (done.released, menu.policies.most_released(1.0)),
            (done.acquired, menu.policies.most_acquired()),
        ):
            assert (tonnes <= most[:, None, None] * (1 + 1e-12)).all()


@LAW
@given(seed=SEEDS)
def test_a_mix_moves_the_price_no_further_than_its_parts(seed: int) -> None:
    """What the blocks come to for all tranches together is at most what they pay."""
    for instance, holding, menu in menus(seed):
        material, horizon = holding.material, instance.horizon
        share = np.random.default_rng(seed).dirichlet(np.ones(len(menu.candidates)))
        mix = menu.policies.scaled(share)
        done = simulate(mix, holding.observables)
        is_refill = np.arange(horizon.number_of_periods) >= mix.build_end[:, None]
        whole = replace(
            mix.select(np.array([0])),
            share=np.ones(1),
            build_end=np.zeros(1, dtype=np.int64),
        )
        for moved, tonnes in (
            (sale_discount, done.released),
            (refill_premium, done.acquired * is_refill[:, None]),
        ):
            parts = moved(material, horizon, mix, tonnes).sum(axis=0)
            together = moved(material, horizon, whole, tonnes.sum(axis=0)[None])[0]
            assert (together <= parts + 1e-9 * (1 + parts)).all()
