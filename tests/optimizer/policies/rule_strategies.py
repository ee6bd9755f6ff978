"""Any rule and any scenario, for Hypothesis; and both as the simulator's arrays."""

import math
from typing import TypeVar

import numpy as np
from hypothesis import strategies as st

from optimizer.policies.policy import NUMBERS, Policies
from optimizer.policies.simulator import Observables
from tests.optimizer.policies.fifo import Rule, World

NUMBER_OF_OPTIONS = 2
T = TypeVar("T")
TONNES = st.one_of(st.just(0.0), st.floats(0.01, 100))
SHARES = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.01, 1))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Draw a rule: in place at the start, or built up from some period on."""
    target = draw(TONNES)
    by_alert = {
        name: draw(st.lists(values, min_size=4, max_size=4))
        for name, values in {
            "draw": TONNES,
            "coverage": SHARES,
            "floor": SHARES,
            "replenish": TONNES,
            "price_cap": st.one_of(st.just(math.inf), st.floats(0.5, 3)),
        }.items()
    }
    is_in_place = draw(st.booleans())
    start = 0 if is_in_place else draw(st.integers(0, 4))
    return Rule(
        target=target,
        draw=by_alert["draw"],
        coverage=by_alert["coverage"],
        floor=[share * target for share in by_alert["floor"]],
        replenish=by_alert["replenish"],
        price_cap=by_alert["price_cap"],
        outload=draw(st.floats(0.01, 200)),
        build_up=0.0 if is_in_place else draw(st.floats(0.01, 50)),
        rotation=draw(st.one_of(st.just(0.0), st.floats(0.01, 20))),
        build_start=start,
        build_end=start if is_in_place else start + draw(st.integers(1, 6)),
        build_cap=draw(st.one_of(st.just(math.inf), st.floats(0.5, 3))),
        initial=target if is_in_place else 0.0,
        sourcing=draw(st.integers(0, NUMBER_OF_OPTIONS - 1)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> list[World]:
    """Draw one to three scenarios of one to eight periods with the same terms."""
    periods = draw(st.integers(1, 8))
    terms = (
        draw(st.one_of(st.none(), st.integers(1, 5))),
        draw(st.one_of(st.none(), st.integers(0, periods - 1))),
    )

    def series(values: st.SearchStrategy[T]) -> list[T]:
        return draw(st.lists(values, min_size=periods, max_size=periods))

    return [
        World(
            series(st.integers(0, 3)),
            series(st.integers(0, 3)),
            series(TONNES),
            series(st.floats(0.3, 4)),
            [series(SHARES) for _ in range(NUMBER_OF_OPTIONS)],
            *terms,
        )
        for _ in range(draw(st.integers(1, 3)))
    ]


def policies_of(chosen: list[Rule]) -> Policies:
    """Return rules as arrays."""
    return Policies(
        **{name: np.array([getattr(rule, name) for rule in chosen]) for name in NUMBERS}
    )


def observables_of(scenarios: list[World]) -> Observables:
    """Return scenarios as arrays."""
    shelf, number = scenarios[0].shelf_periods, len(scenarios[0].gap)
    return Observables(
        release_alert=np.array([x.release_alert for x in scenarios], dtype=np.int8),
        alert=np.array([x.alert for x in scenarios], dtype=np.int8),
        gap=np.array([x.gap for x in scenarios]),
        price_ratio=np.array([x.price_ratio for x in scenarios]),
        open_share=np.array([x.open_share for x in scenarios]).swapaxes(0, 1),
        relative_length=np.ones(number),
        shelf_periods=None if shelf is None else np.full(number, shelf),
        repurchase_period=scenarios[0].repurchase_period,
    )
