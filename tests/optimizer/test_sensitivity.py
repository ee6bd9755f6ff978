"""Other assumptions, and what the answer makes of them."""

import json
from typing import cast

import pytest

from models.instance import Instance
from models.reading import read_instance
from models.sensitivity import Assumption, RankFlip
from optimizer import sensitivity, solve
from optimizer.assumptions import COMBINATIONS, SCALED, changed, final_value_haircut
from optimizer.executors.here import Here
from optimizer.sensitivity import VariantRequest, flips, variant_requests
from service.casefiles import load
from tests.cases import Case


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return the case that is worked out by hand."""
    return read_instance(load("two_materials"))


FIGURES = {
    Assumption.HAZARDS: {"hazard_per_year", "probability"},
    Assumption.SEVERITIES: {"availability"},
    Assumption.DURATIONS: {"duration_days_low", "duration_days_high"},
    Assumption.PRICES: {"price_usd_per_tonne"},
    Assumption.SHORTAGE_COSTS: {"cost_usd_per_unit"},
    Assumption.MARKET_CAPACITY: {
        "market_capacity_tonnes_per_year",
        "vault_tonnes_per_year",
    },
    Assumption.SPARE_CAPACITY: {"capacity_factor"},
    Assumption.WORKING_BUFFERS: {"working_buffer_days"},
    Assumption.BUILD_UP_TIMES: {"build_up_periods"},
    Assumption.FINAL_VALUE_HAIRCUT: {"final_value_haircut"},
}


# No assumptions: what happened, and what others have published.
FACTS = ("replays", "published_losses")


def figures(value: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], float]:
    """Return all numbers of a document by where they stand."""
    found: dict[tuple[str, ...], float] = {}
    if isinstance(value, dict):
        parts = list(cast("dict[str, object]", value).items())
    elif isinstance(value, list):
        parts = [(str(i), x) for i, x in enumerate(cast("list[object]", value))]
    else:
        return {path: float(value)} if isinstance(value, int | float) else {}
    for name, part in parts:
        found |= figures(part, (*path, name))
    return found


@pytest.mark.parametrize("assumption", SCALED)
@pytest.mark.parametrize("factor", [0.5, 1.2])
def test_a_factor_changes_every_figure_of_its_kind_and_no_other(
    assumption: Assumption, factor: float
) -> None:
    """Shares of flow by what is lost, and no probability or loss above 1."""
    case = final_value_haircut(read_instance(load("magnets")), 1.5)
    before = figures(case.model_dump(mode="json"))
    after = figures(changed(case, {assumption: factor}).model_dump(mode="json"))
    assert before.keys() == after.keys()
    for path, figure in before.items():
        expected = figure
        is_block = "price_impact" in path and path[-1] == "tonnes_per_year"
        is_block &= assumption is Assumption.MARKET_CAPACITY
        if is_block or (path[-1] in FIGURES[assumption] and path[0] not in FACTS):
            expected = factor * figure
            if assumption is Assumption.SEVERITIES:
                expected = 1 - min(factor * (1 - figure), 1)
            elif assumption is Assumption.SPARE_CAPACITY:
                expected = 1 + factor * (figure - 1)
            elif assumption is Assumption.BUILD_UP_TIMES:
                expected = round(factor * figure)
        assert after[path] == pytest.approx(expected), path
    assert before != after


def test_the_changed_case_is_a_valid_case() -> None:
    """Chances and losses stop at 1, and a file of it can be read."""
    case = read_instance(load("project_vault"))
    darkest = changed(case, dict.fromkeys(SCALED, 1.9))
    assert read_instance(darkest.model_dump(mode="json")) == darkest


def test_what_is_asked_for(case: Instance) -> None:
    """Ten assumptions, two changes, both ways, and six combinations.

    The only participant cannot leave.
    """
    wanted = variant_requests(case)
    assert len(wanted) == 10 * 2 * 2 + len(COMBINATIONS) == 46
    assert wanted[0] == VariantRequest("hazards -15 %", {Assumption.HAZARDS: 0.85})
    names = [x.name for x in variant_requests(case, (Assumption.PRICES,), (0.1,))]
    assert names == ["prices -10 %", "prices +10 %"]


def test_variants_are_solved_as_if_alone(case: Instance) -> None:
    """Cost, bound and the cost of the base's plan, against solves from nothing."""
    names: list[str] = []
    wanted = variant_requests(
        case, (Assumption.PRICES, Assumption.SHORTAGE_COSTS), (0.2,)
    )
    found = sensitivity(case, wanted, on_variant=names.append, executors=(Here(),))
    number = len(wanted)
    assert names == [
        "base",
        *(f"{x.name} ({i} of {number})" for i, x in enumerate(wanted, start=1)),
    ]
    assert found.expected_shortage_cost_usd == pytest.approx(2.25e6)
    for variant in found.variants:
        alone = solve(changed(case, variant.factors)).plan
        assert alone is not None
        cost = alone.promise.expected_shortage_cost_usd
        assert variant.expected_shortage_cost_usd == pytest.approx(cost, rel=1e-6)
        assert variant.cost_without_vault_usd == pytest.approx(
            alone.promise.cost_without_vault_usd
        )
        # The base's plan is one of those for the changed case, or breaks its budget.
        if variant.factors.get(Assumption.PRICES, 1.0) <= 1:
            assert variant.base_plan_cost_usd >= cost * (1 - 1e-6)


def test_bars_pair_what_was_lowered_with_what_was_raised(case: Instance) -> None:
    """Costs of 20 % more or less lose 20 % more or less of 2.25 million."""
    wanted = variant_requests(case, (Assumption.SHORTAGE_COSTS,), (0.2,))
    found = sensitivity(case, wanted, executors=(Here(),))
    (bar,) = found.bars()
    assert (bar.assumption, bar.change) == ("shortage costs 20 %", 0.2)
    assert bar.lowered_usd == pytest.approx(0.8 * 2.25e6)
    assert bar.raised_usd == pytest.approx(1.2 * 2.25e6)


def test_a_haircut_moves_the_cost_of_holding_alone(case: Instance) -> None:
    """25 t of alpha and 12.5 of beta, 750,000, are left on average; 0.2 is taken."""
    wanted = variant_requests(case, (Assumption.FINAL_VALUE_HAIRCUT,), (0.5,))
    found = sensitivity(case, wanted, executors=(Here(),))
    assert found.cost_of_holding_usd == pytest.approx(150_000)
    assert found.net_benefit_usd == pytest.approx(2_600_000)
    held = [x.cost_of_holding_usd for x in found.variants]
    assert held == [pytest.approx(75_000), pytest.approx(225_000)]
    costs = [x.expected_shortage_cost_usd for x in found.variants]
    assert costs == [pytest.approx(2_250_000)] * 2


def test_the_headline_names_the_assumption_that_moves_it_most(case: Instance) -> None:
    """Losses scale with and without a vault; dearer metal is held less of."""
    wanted = variant_requests(
        case, (Assumption.SHORTAGE_COSTS, Assumption.PRICES), (0.2,)
    )
    found = sensitivity(case, wanted, executors=(Here(),))
    assert list(found.avoided_ranges) == [Assumption.PRICES, Assumption.SHORTAGE_COSTS]
    # 1.5 m buy 100 t of alpha and 25 t of beta; at 0.8 of the price also 18.75 t more.
    sentence = found.headline() or ""
    assert sentence.startswith("The share avoided, 55 %, hangs most on prices: ")
    steady = found.model_copy(update={"variants": found.variants[:2]})
    assert "hangs on no single assumption" in (steady.headline() or "")
    assert found.model_copy(update={"variants": ()}).headline() is None


def with_two_makers(members: list[str] | None = None) -> Instance:
    """Return the case by hand with beta needed by a second maker."""
    content = json.loads(json.dumps(dict(load("two_materials"))))
    other = content["participants"][0] | {"id": "other", "name": "Other"}
    content["participants"].append(other)
    content["products"][1]["participant"] = "other"
    if members is not None:
        content["membership"] = {"members": members}
    return read_instance(content)


def test_large_participants_leave_and_join() -> None:
    """Each leaves a case of all; whom a case leaves out joins it."""
    both = variant_requests(with_two_makers(), (Assumption.MEMBERSHIP,))
    assert {(x.name, x.leaves, x.joins) for x in both} == {
        ("without Maker", "maker", None),
        ("without Other", "other", None),
    }
    # The only member stays.
    one = variant_requests(with_two_makers(["maker"]), (Assumption.MEMBERSHIP,))
    assert [(x.name, x.leaves, x.joins) for x in one] == [("with Other", None, "other")]


def test_the_headline_can_hang_on_a_member() -> None:
    """Without the maker of alpha only beta is held; its bar ends at the base."""
    case = with_two_makers()
    wanted = variant_requests(case, (Assumption.MEMBERSHIP, Assumption.PRICES), (0.1,))
    found = sensitivity(case, wanted, executors=(Here(),))
    assert next(iter(found.avoided_ranges)) is Assumption.MEMBERSHIP
    variant = next(x for x in found.variants if x.leaves == "maker")
    alone = solve(
        read_instance(json.loads(with_two_makers(["other"]).model_dump_json()))
    )
    assert alone.plan is not None
    cost = alone.plan.promise.expected_shortage_cost_usd
    assert variant.expected_shortage_cost_usd == pytest.approx(cost)
    assert variant.spent_usd["alpha"] == 0
    bar = next(x for x in found.bars() if x.assumption == "without Maker")
    assert bar.change is None
    assert bar.lowered_usd == pytest.approx(cost)
    assert bar.raised_usd == found.expected_shortage_cost_usd
    sentence = found.headline() or ""
    assert sentence.endswith("one of the largest participants joins or leaves.")


def test_what_takes_time_takes_a_period_at_least() -> None:
    """A build-up within one period stays; what is in place at the start stays."""
    case = read_instance(load("magnets"))
    ready, fast, *_ = case.sourcing_options * 2
    options = (
        ready.model_copy(update={"build_up_periods": 0}),
        fast.model_copy(update={"build_up_periods": 1}),
    )
    case = case.model_copy(update={"sourcing_options": options})
    shorter = changed(case, {Assumption.BUILD_UP_TIMES: 0.2})
    assert [x.build_up_periods for x in shorter.sourcing_options] == [0, 1]


def test_an_interruption_keeps_what_is_done(case: Instance) -> None:
    """Asked during the first variant, the second is left out."""
    names: list[str] = []
    found = sensitivity(
        case,
        variant_requests(case, (Assumption.PRICES,), (0.2,)),
        on_variant=names.append,
        is_interrupted=lambda: len(names) > 1,
        executors=(Here(),),
    )
    assert [x.name for x in found.variants] == ["prices -20 %"]


def test_flips_are_reversals_that_matter() -> None:
    """Only b passes a: c and d are within 1 % of all money, in whatever order."""
    before = {"a": 60.0, "b": 38.0, "c": 1.2, "d": 0.8}
    after = {"a": 38.0, "b": 60.0, "c": 0.8, "d": 1.2}
    assert flips(before, after) == (RankFlip(was_above="a", is_above="b"),)
    assert flips(before, before) == ()


def test_buffers_that_are_not_full_are_scaled_with_full_ones(tiny_case: Case) -> None:
    """Five days of ten: as many of twenty are ten, and of five two and a half."""
    tiny_case["participants"][0]["working_buffer_days"] = 10.0
    stated = {"participant": "maker", "material": "gallium", "days": 5.0}
    stated["full_days"] = 8.0
    tiny_case["position"] = {"buffers": [stated]}
    instance = read_instance(tiny_case)
    for factor in (2.0, 0.5):
        found = changed(instance, {Assumption.WORKING_BUFFERS: factor})
        full = found.participants[0].working_buffer_days
        (buffer,) = found.position.buffers
        assert (buffer.days, buffer.full_days) == (full / 2, 0.8 * full)
