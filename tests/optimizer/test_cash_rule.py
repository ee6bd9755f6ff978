"""The cash rule: by hand, against a plain one, convex, with the slopes it states."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from models.reading import read_instance
from optimizer.cash_rows import cover_terms
from optimizer.cash_rule import Stack, follow, slopes, stack_of
from optimizer.feasibility.cash_rule import follow_rule
from tests import cases
from tests.cases import Case

MILLION = 1e6
SEEDS = st.integers(0, 2**32 - 1)
MANY = settings(max_examples=60, deadline=None, derandomize=True)
SCENARIOS = 4
PERIODS = 5
ROUNDING = 1e-9


def financed(*facilities: Case, **terms: Any) -> Instance:  # noqa: ANN401 - any field
    """Return a case of years of 365.25 days with these facilities."""
    case = cases.smallest_case()
    case["horizon"] = cases.horizon(PERIODS, period_days=365.25)
    case["financing"] = {"facilities": list(facilities), **terms}
    return read_instance(case)


def line(identifier: str = "line", **terms: Any) -> Case:  # noqa: ANN401 - any field
    """Return a loan of up to $100 million that is drawn when needed."""
    plain = {"limit_usd": 100 * MILLION, "drawn": "when_needed"}
    return cases.facility(identifier, **(plain | terms))


def stack(instance: Instance) -> Stack:
    """Return the stack of a case that has one."""
    found = stack_of(instance)
    assert found is not None
    return found


def random_financing(seed: int) -> tuple[Instance, np.ndarray]:
    """Return up to four facilities by rising terms, and money available, from a seed.

    Needs reach from nothing to somewhat more than all limits.
    """
    draw = np.random.default_rng(seed)
    drawn = str(draw.choice(["when_needed", "revolving"]))
    fee = rate = 0.0
    order, facilities = 0, [cases.facility("scheduled", rate_per_year=0.1)]
    if draw.random() < 0.3:
        accruing = {"kind": "equity", "drawn": drawn, "accrues": True, "order": 0}
        limit = draw.uniform(10, 100) * MILLION
        terms = {"limit_usd": limit, "rate_per_year": 0.08}
        facilities.append(cases.facility("capital", **accruing, **terms))
        order = 1
    for i in range(draw.integers(1, 5)):
        if draw.random() < 0.6:
            order += 1
            rate += draw.uniform(0, 0.05)
            fee += draw.uniform(0, 0.05) if drawn == "when_needed" else 0.0
        commitment = draw.uniform(0, 0.02)
        terms = {"commitment_fee_per_year": commitment, "drawn": drawn, "order": order}
        terms |= {"rate_per_year": rate + commitment, "exposure_fee": fee}
        kind = str(draw.choice(["loan", "equity"]))
        limit = draw.uniform(10, 100) * MILLION
        facilities.append(cases.facility(f"f{i}", kind=kind, limit_usd=limit, **terms))
    instance = financed(*facilities)
    limits = stack(instance).widths.sum()
    flows = draw.normal(-0.1, 0.4, (SCENARIOS, PERIODS + 1)) * limits
    return instance, np.cumsum(flows, axis=1)


def test_a_term_loan_is_drawn_as_far_as_cash_needs_it_and_kept() -> None:
    """30 m before the start, 50 m more in year 1; 60 m come back in year 2."""
    instance = financed(line())
    available = np.array([[-30, -30, -80, -20, -90, -90]]) * MILLION
    found = follow(stack(instance), available)
    assert found.level[0] / MILLION == pytest.approx([30, 30, 80, 80, 90, 90])
    assert found.cash[0] / MILLION == pytest.approx([0, 0, 0, 60, 0, 0])
    assert found.debt == pytest.approx(found.level)


def test_a_revolving_line_is_paid_back_by_all_cash() -> None:
    """The same payments with a line that is swept: 20 m are owed in year 2."""
    instance = financed(line(drawn="revolving"))
    available = np.array([[-30, -30, -80, -20, 10, -90]]) * MILLION
    found = follow(stack(instance), available)
    assert found.level[0] / MILLION == pytest.approx([30, 30, 80, 20, 0, 90])
    assert found.cash[0] / MILLION == pytest.approx([0, 0, 0, 0, 10, 0])


def test_fees_and_interest_are_drawn_as_well() -> None:
    """10 % fee: 9 m take 10 m; then 20 % of T and 1 % of what is undrawn from T.

    Before the start T = 10. In year 0 T (1 - 0.1 - 0.19) = 9 + 0.01 * 100 = 10.
    """
    instance = financed(
        line(exposure_fee=0.1, rate_per_year=0.2, commitment_fee_per_year=0.01)
    )
    available = np.full((1, PERIODS + 1), -9 * MILLION)
    found = follow(stack(instance), available)
    level = 10 / 0.71
    assert found.level[0, :2] / MILLION == pytest.approx([10, level])
    assert found.costs[0, :2] / MILLION == pytest.approx([0, 1 + 0.19 * level])
    assert found.exposure_fees[0, :2] / MILLION == pytest.approx([1, level / 10])
    assert found.cash[0] == pytest.approx(0, abs=1e-6)


def test_equal_order_is_drawn_in_proportion_to_limits() -> None:
    """EXIM and capital 5 : 1; a second loan only when both are exhausted."""
    instance = financed(
        line("last", order=7, limit_usd=10 * MILLION),
        line("exim", limit_usd=50 * MILLION),
        line("capital", kind="equity", limit_usd=10 * MILLION),
    )
    found = stack(instance)
    level = np.array([12.0, 60.0, 65.0]) * MILLION
    assert found.by_facility(level) / MILLION == pytest.approx(
        np.array([[0, 0, 5], [10, 50, 50], [2, 10, 10]])
    )
    assert found.debt(level) / MILLION == pytest.approx([10, 50, 55])


@pytest.mark.parametrize(
    ("limit", "most"),
    [(None, 70.0), (5.0, 60.0), (5.2, 62.0), (4.9, 0.0), (6.0, 70.0)],
)
def test_debt_to_equity_ends_a_stack(limit: float | None, most: float) -> None:
    """5 : 1 up to 60 m, then a loan: (50 + x) <= 5.2 * 10 up to x = 2."""
    instance = financed(
        line("exim", limit_usd=50 * MILLION),
        line("capital", kind="equity", limit_usd=10 * MILLION),
        line("last", order=1, limit_usd=10 * MILLION),
        debt_to_equity_limit=limit,
    )
    assert stack(instance).most_usd / MILLION == pytest.approx(most)


def test_beyond_the_most_cash_falls_below_zero() -> None:
    """120 m are needed, 100 m are there: 20 m are missing, or measured as drawn."""
    found = stack(financed(line()))
    available = np.full((1, PERIODS + 1), -120 * MILLION)
    assert follow(found, available).level == pytest.approx(120 * MILLION)
    limited = follow(found, available, found.most_usd)
    assert limited.level == pytest.approx(100 * MILLION)
    assert limited.cash == pytest.approx(-20 * MILLION)


def capital_first(guaranteed_usd: float = 0.0, **terms: Any) -> Instance:  # noqa: ANN401 - any field
    """Return a case with 20 m of capital that accrues, then a loan of 100 m.

    Between them is a guaranteed loan, if it has a limit.
    """
    rates: dict[str, Any] = {"rate_per_year": 0.05, "commitment_fee_per_year": 0.0}
    guaranteed = line("state", order=1, limit_usd=guaranteed_usd, **rates)
    return financed(
        line("capital", kind="equity", limit_usd=20 * MILLION, accrues=True)
        | {"rate_per_year": 0.1},
        *([guaranteed | {"guaranteed": True}] if guaranteed_usd else []),
        line(order=2, exposure_fee=0.03, **rates),
        **terms,
    )


def test_capital_that_accrues_pays_nothing_in_cash() -> None:
    """15 m for 5 years at 10 %: 7.5 m are owed, and no interest is drawn."""
    found = stack(capital_first())
    drawn = follow(found, np.full((1, PERIODS + 1), -15 * MILLION))
    assert drawn.level == pytest.approx(15 * MILLION)
    assert drawn.debt == pytest.approx(0)
    assert found.accrued(drawn.level)[0, -1] == pytest.approx(7.5 * MILLION)


def test_the_least_rate_is_that_of_no_level_undercut() -> None:
    """10 % on 20 m, 5 % on 100 m: (2 + 5) / 120 of all; of a rising order the first."""
    assert stack(capital_first()).least_rate == pytest.approx(7 / 120)
    rising = financed(
        line("a", rate_per_year=0.03), line("b", order=1, rate_per_year=0.2)
    )
    assert stack(rising).least_rate == 0.03


@MANY
@given(
    seed=SEEDS,
    cover=st.floats(0.98, 2),
    guaranteed=st.sampled_from([0.0, 15 * MILLION]),
)
def test_a_cover_is_exact_where_capital_comes_first(
    seed: int, cover: float, guaranteed: float
) -> None:
    """With debt the terms are covered debt less cash, and at most 0 without any.

    Guaranteed debt is not counted.
    """
    instance = capital_first(guaranteed, collateral_cover=cover)
    found = stack(instance)
    draw = np.random.default_rng(seed)
    flows = draw.normal(-0.1, 0.4, (SCENARIOS, PERIODS + 1)) * 60 * MILLION
    available = np.cumsum(flows, axis=1)
    drawn = follow(found, available)
    terms = cover_terms(found, cover, is_alone=True)
    owed = terms.owed(drawn.level, drawn.costs - available)
    covered = found.covered_debt(drawn.level)
    assert drawn.debt - covered == pytest.approx(
        np.clip(drawn.level - 20 * MILLION, 0, guaranteed)
    )
    true = cover * covered - drawn.cash
    is_indebted = covered > 1.0
    assert owed[is_indebted] == pytest.approx(true[is_indebted], abs=1e-3)
    assert owed[~is_indebted].max(initial=0.0) <= 2.0


def test_without_such_facilities_there_is_no_stack() -> None:
    """All draws are scheduled."""
    assert stack_of(financed(cases.facility())) is None


@MANY
@given(seed=SEEDS)
def test_the_rule_agrees_with_an_operator(seed: int) -> None:
    """Draws by facility, cash and costs of every scenario, beyond the limits too."""
    instance, available = random_financing(seed)
    found = stack(instance)
    drawn, plain = follow(found, available), follow_rule(instance, available)
    close = {"abs": ROUNDING * found.widths.sum()}
    # The first facility is scheduled.
    drawn_by = found.by_facility(drawn.level)[1:]
    assert drawn_by == pytest.approx(plain.drawn, **close)
    assert drawn.cash == pytest.approx(plain.cash, **close)
    assert drawn.costs + drawn.exposure_fees == pytest.approx(plain.costs, **close)
    assert found.accrued(drawn.level) == pytest.approx(plain.accrued, **close)


@MANY
@given(seed=SEEDS)
def test_cash_never_falls_below_zero(seed: int) -> None:
    """Nor does a term loan shrink, nor hold a revolving one with cash any debt."""
    instance, available = random_financing(seed)
    found = stack(instance)
    drawn = follow(found, available)
    scale = ROUNDING * found.widths.sum()
    assert drawn.cash.min() >= -scale
    if found.is_revolving:
        assert np.minimum(drawn.cash, drawn.level).max() <= scale
    else:
        assert np.diff(drawn.level, axis=1).min() >= 0
    total = found.by_facility(drawn.level).sum(axis=0)
    assert total == pytest.approx(drawn.level)


@MANY
@given(seed=SEEDS)
def test_less_money_never_means_fewer_draws_or_costs(seed: int) -> None:
    """Level and costs do not fall as money available falls, whenever it does."""
    instance, available = random_financing(seed)
    found = stack(instance)
    less = available - np.random.default_rng(seed).uniform(0, 1e7, available.shape)
    drawn, more = follow(found, available), follow(found, less)
    scale = ROUNDING * found.widths.sum()
    assert (more.level - drawn.level).min() >= -scale
    assert (more.costs - drawn.costs).min() >= -scale


@MANY
@given(seed=SEEDS, weight=st.floats(0, 1))
def test_level_and_costs_are_convex(seed: int, weight: float) -> None:
    """Those of a mix are at most the mix of those."""
    instance, one = random_financing(seed)
    found = stack(instance)
    other = one + np.random.default_rng(seed).normal(0, 3e7, one.shape)
    mixed = follow(found, weight * one + (1 - weight) * other)
    ends = follow(found, one), follow(found, other)
    scale = ROUNDING * found.widths.sum()
    for name in ("level", "costs"):
        first, second = (getattr(end, name) for end in ends)
        most = weight * first + (1 - weight) * second
        assert (getattr(mixed, name) - most).max() <= scale


@MANY
@given(seed=SEEDS)
def test_slopes_are_those_of_small_changes(seed: int) -> None:
    """A hundred dollars more in each column, against the stated slope of each."""
    instance, available = random_financing(seed)
    found = stack(instance)
    drawn = follow(found, available)
    stated = slopes(found, available, drawn)
    for s in range(PERIODS + 1):
        change = np.zeros_like(available)
        change[:, s] = 50.0
        up, down = follow(found, available + change), follow(found, available - change)
        level, costs = (up.level - down.level) / 100, (up.costs - down.costs) / 100
        assert stated.level[:, :, s] == pytest.approx(level, abs=1e-5)
        assert stated.costs[:, :, s] == pytest.approx(costs, abs=1e-5)


@MANY
@given(seed=SEEDS)
def test_a_cut_at_one_point_holds_at_all_others(seed: int) -> None:
    """Level and costs are at least their linear functions, kinks included."""
    instance, one = random_financing(seed)
    found = stack(instance)
    draw = np.random.default_rng(seed)
    one[draw.random(one.shape) < 0.5] = -found.widths[0]  # at a kink
    other = one + draw.normal(0, 3e7, one.shape)
    drawn, there = follow(found, one), follow(found, other)
    stated = slopes(found, one, drawn)
    step = (other - one)[:, :, None]
    scale = ROUNDING * found.widths.sum()
    level = drawn.level + (stated.level @ step)[:, :, 0]
    costs = drawn.costs + (stated.costs @ step)[:, :, 0]
    assert (there.level - level).min() >= -scale
    assert (there.costs - costs).min() >= -scale
