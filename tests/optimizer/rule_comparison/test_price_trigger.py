"""The price trigger: an alert that follows the price, by hand arithmetic."""

from dataclasses import replace

import pytest

from models.reading import read_instance
from optimizer.evaluation.decisions import nothing_held
from optimizer.rule_comparison.following import follow, triggered
from optimizer.rule_comparison.price_trigger import trigger_rule
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place

CUT = {"gallium-chn": [1, 0, 0, 1]}


@pytest.mark.parametrize(
    ("trigger", "released"),
    [
        # The price is 1.2, then 1.5 times as high; 0.8 t are missing each month.
        (1.5, [0, 0, 0.8, 0]),
        (1.2, [0, 0.8, 0.2, 0]),
        (1.6, [0, 0, 0, 0]),
    ],
)
def test_it_releases_from_the_trigger_on(
    tiny_case: Case, trigger: float, released: list[float]
) -> None:
    """The trigger itself counts; what is short before it gets nothing."""
    instance = read_instance(tiny_case)
    price = {"gallium": [500_000, 600_000, 750_000, 500_000]}
    scenario = one_scenario(instance, availability=CUT, price=price)
    decisions = replace(nothing_held(instance), tranches=(in_place(1.0),))
    found = triggered(follow(instance, scenario, decisions), trigger)
    assert found is not None
    assert found[0].released[0] == pytest.approx(released)


def test_notice_counts_from_the_price(tiny_case: Case) -> None:
    """A store that needs two months opens two months after the price has risen."""
    tiny_case["storage_classes"][0]["notice_days"] = 2 * 365.25 / 12
    instance = read_instance(tiny_case)
    price = {"gallium": [500_000, 800_000, 800_000, 800_000]}
    cut = {"gallium-chn": [0, 0, 0, 0]}
    scenario = one_scenario(instance, availability=cut, price=price)
    decisions = replace(nothing_held(instance), tranches=(in_place(1.0),))
    found = triggered(follow(instance, scenario, decisions), 1.5)
    assert found is not None
    assert found[0].released[0] == pytest.approx([0, 0, 0, 0.8])


def test_a_menu_without_full_release_has_no_price_trigger(tiny_case: Case) -> None:
    """Neither half of the gap nor a stock held back is full release."""
    steps = tiny_case["rules"][0]["steps"]
    steps[3]["coverage"] = 0.5
    half = read_instance(tiny_case).rules
    steps[3] |= {"coverage": 1.0, "floor": 0.1}
    floor = read_instance(tiny_case).rules
    steps[3]["floor"] = 0.0
    full = read_instance(tiny_case).rules
    assert trigger_rule(half) is trigger_rule(floor) is None
    made = trigger_rule(full)
    assert made is not None
    assert made.steps[3] == full[0].steps[3]
    assert [step.draw_rate_per_month for step in made.steps] == [0, 0, 0, 1]
