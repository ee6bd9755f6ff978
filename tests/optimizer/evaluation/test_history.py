"""A plan in history by hand arithmetic: 1,000 wafers a month need 1 t of gallium.

In two of four months China's 0.8 t are cut: 100 wafers are thrifted, 700 are not made.
"""

import datetime as dt

import numpy as np
import pytest

from models.history import History, MaterialRun, ReplayRun, RunningDays
from models.plan import Tranche
from models.reading import read_instance
from optimizer import UnknownReplayError, evaluate, replay_history
from optimizer.evaluation.output import Output, output_without_vault
from tests import cases
from tests.cases import Case
from tests.plans import in_place, written_plan

MONTH = 365.25 / 12
LOST = 100 * 1_000 + 700 * 10_000


NO, YES = False, True


def replay(name: str, first: int, months: int, country: str = "CHN") -> Case:
    """Return a replay in which a country is cut for whole months."""
    cut = cases.disruption(
        cases.phase(months * MONTH),
        country=country,
        stage="both",
        onset_day=first * MONTH,
    )
    return cases.replay(name, cut)


def history(
    case: Case,
    *tranches: Tranche,
    signed: tuple[str, ...] = (),
    replays: list[str] | None = None,
) -> History:
    """Return what tranches do in a cut of months 1 and 2, and in one of month 3."""
    case["replays"] = [replay("ban", 1, 2), replay("delay", 3, 1)]
    instance = read_instance(case)
    plan = written_plan(instance, *tranches, signed=signed)
    return replay_history(instance, plan, replays=replays)


def ban(case: Case, *tranches: Tranche, signed: tuple[str, ...] = ()) -> ReplayRun:
    """Return what happens in the cut of two months."""
    return history(case, *tranches, signed=signed).replays[0]


def days(full: float, reduced: float, stopped: float, lost: float) -> RunningDays:
    """Return days from months."""
    return RunningDays(
        full_output_days=full * MONTH,
        reduced_output_days=reduced * MONTH,
        stopped_days=stopped * MONTH,
        lost_output_days=lost * MONTH,
    )


def same(found: RunningDays, expected: RunningDays) -> bool:
    """Tell whether all days agree."""
    return found.model_dump() == pytest.approx(expected.model_dump())


def material(run: ReplayRun) -> MaterialRun:
    """Return what becomes of gallium."""
    (only,) = (x for x in run.materials if x.material == "gallium")
    return only


def test_days_and_costs_of_a_ban(tiny_case: Case) -> None:
    """1 t covers 0.8 t and then 0.2 t: a month less is stopped, 600 wafers are lost."""
    run = ban(tiny_case, in_place(1.0))
    (line,) = run.products
    assert (line.participant, line.product) == ("maker", "wafer")
    assert same(line.with_vault, days(3, 0, 1, 0.6))
    assert same(line.without_vault, days(2, 0, 2, 1.6))
    assert run.shortage_cost_usd == pytest.approx(100 * 1_000 + 500 * 10_000)
    assert run.cost_without_vault_usd == pytest.approx(2 * LOST)


def test_a_ban_month_by_month(tiny_case: Case) -> None:
    """Of 1.7 t 0.9 t are left after the first month, and 0.1 t after the second."""
    run = ban(tiny_case, in_place(1.7))
    stock = material(run).course
    assert stock is not None
    assert stock.on_hand_tonnes == pytest.approx((1.7, 0.9, 0.1, 0.1))
    assert stock.gap_tonnes == pytest.approx((0, 0.8, 0.8, 0))
    assert stock.covered_tonnes == pytest.approx((0, 0.8, 0.8, 0))
    (line,) = run.products
    assert line.course_with_vault is not None
    assert line.course_without_vault is not None
    assert line.course_with_vault.lost_output == pytest.approx((0, 0, 0, 0))
    assert line.course_without_vault.lost_output == pytest.approx((0, 0.8, 0.8, 0))
    assert line.course_without_vault.is_stopped == (NO, YES, YES, NO)


def test_what_is_never_short_has_no_course(tiny_case: Case) -> None:
    """The cut is of a country that delivers nothing."""
    tiny_case["replays"] = [replay("far", 1, 2, country="OTH")]
    instance = read_instance(tiny_case)
    (run,) = replay_history(instance, written_plan(instance, in_place(1.0))).replays
    assert material(run).course is None
    assert run.products[0].course_with_vault is None


def test_thrift_alone_is_reduced_output(tiny_case: Case) -> None:
    """Of 1.5 t the second month gets 0.7 t: 100 wafers are thrifted, no line stops."""
    (line,) = ban(tiny_case, in_place(1.5)).products
    assert same(line.with_vault, days(3, 1, 0, 0.1))
    assert line.is_touched


def test_lowest_cash_is_that_of_the_replay(tiny_case: Case) -> None:
    """$500,000 and a month's rent of $200 / 12 are gone until a release is sold."""
    assert ban(tiny_case, in_place(1.0)).lowest_cash_usd == pytest.approx(
        -500_000 - 200 / 12
    )


@pytest.mark.parametrize(
    ("tonnes", "first"),
    [
        (0.8, 1),  # all of it in the first month
        (0.85, 1),  # 0.05 t are left, half a lot
        (0.9, 2),  # one lot is left
        (1.6, 2),
        (1.7, None),
        (0.05, None),  # no lot was to be held
    ],
)
def test_first_empty_period(tiny_case: Case, tonnes: float, first: int | None) -> None:
    """Less than a lot of 0.1 t at the end of a month with a gap."""
    run = material(ban(tiny_case, in_place(tonnes)))
    month = None if first is None else dt.date(2026, first + 1, 1)
    assert (run.first_empty_period, run.first_empty_date) == (first, month)


def test_tonnes_of_pool_right_and_contract(tiny_case: Case) -> None:
    """A right for 0.5 t draws it at once; 0.1 t a month comes under a contract."""
    tiny_case["entitlement_offers"] = [cases.offer()]
    tiny_case["contracts"] = [cases.contract()]
    right = in_place(0.5, offer="right", participant="maker")
    run = material(ban(tiny_case, in_place(0.3), right, signed=("offtake",)))
    assert run.gap_days == pytest.approx(2 * MONTH)
    assert run.gap_tonnes == pytest.approx(1.6)
    assert run.pool_tonnes == pytest.approx(0.3)
    assert run.released_tonnes == pytest.approx(0.3)
    assert run.drawn_tonnes == pytest.approx(0.5)
    assert run.delivered_tonnes == pytest.approx(0.2)
    # 0.5 + 0.3 = 0.8 t meet the gap of the first month, the contract comes last.
    assert run.unused_tonnes == pytest.approx(0)


def test_what_cannot_be_used_is_unused(tiny_case: Case) -> None:
    """Gallium is released, and no wafer is made of it: all miss germanium as well."""
    cases.add_germanium(tiny_case)
    tiny_case["replays"] = [replay("ban", 1, 2)]
    tiny_case["replays"][0]["disruptions"][0]["materials"].append("germanium")
    instance = read_instance(tiny_case)
    (run,) = replay_history(instance, written_plan(instance, in_place(1.6))).replays
    assert material(run).released_tonnes == pytest.approx(1.6)
    assert material(run).unused_tonnes == pytest.approx(1.6)


def test_costs_are_those_of_the_evaluation(tiny_case: Case) -> None:
    """Discounted at 10 % a year, with and without vault."""
    tiny_case["horizon"]["discount_rate_per_year"] = 0.1
    found = history(tiny_case, in_place(1.0))
    instance = read_instance(tiny_case)
    plan = written_plan(instance, in_place(1.0))
    expected = evaluate(instance, plan, number_of_scenarios=2, seed=1).replays
    for run, result in zip(found.replays, expected, strict=True):
        assert run.shortage_cost_usd == pytest.approx(result.shortage_cost_usd)
        assert run.cost_without_vault_usd == pytest.approx(
            result.cost_without_vault_usd
        )
    late = LOST * 1.1 ** (-3 / 12)
    assert found.replays[1].cost_without_vault_usd == pytest.approx(late)


def test_where_the_vault_does_nothing_lines_run_as_without_it(tiny_case: Case) -> None:
    """Two makers share a short month in some way; an idle vault changes nothing."""
    tiny_case["materials"][0]["emergency_tonnes_per_year"] = 6.0
    tiny_case["participants"].append(tiny_case["participants"][0] | {"id": "rival"})
    wafer = tiny_case["products"][0]
    tiny_case["products"].append(wafer | {"id": "other", "participant": "rival"})
    run = ban(tiny_case, in_place(1.0, outload_tonnes_per_period=0.0))
    assert material(run).released_tonnes == 0
    assert [x.with_vault for x in run.products] == [
        x.without_vault for x in run.products
    ]
    assert any(x.is_touched for x in run.products)


def test_only_the_replays_asked_for(tiny_case: Case) -> None:
    """One of two, with the same figures as among all; each once."""
    everything = history(tiny_case, in_place(1.0))
    assert [run.replay for run in everything.replays] == ["ban", "delay"]
    one = history(tiny_case, in_place(1.0), replays=["delay", "delay"])
    assert one.replays == everything.replays[1:]


def test_an_unknown_replay_is_named_with_the_known_ones(tiny_case: Case) -> None:
    """The message helps on."""
    with pytest.raises(
        UnknownReplayError, match=r"no replay flood, expected one .* ban, delay"
    ):
        history(tiny_case, replays=["ban", "flood"])


def test_a_case_without_history(tiny_case: Case) -> None:
    """There is nothing to follow."""
    instance = read_instance(tiny_case)
    assert replay_history(instance, written_plan(instance)).replays == ()


def output(lost: list[list[float]], stopped: list[list[bool]]) -> Output:
    """Return an output in the one scenario; short is what loses anything."""
    share = np.array(lost)[:, np.newaxis]
    return Output(share, share > 0, np.array(stopped)[:, np.newaxis])


def test_days_of_a_line_add_up_to_the_horizon() -> None:
    """A month of 30 days is stopped by a quarter, one of 31 is reduced by a half."""
    made = output([[0.25, 0.5], [0.0, 0.0]], [[YES, NO], [NO, NO]])
    assert made.running_days(0, 0, np.array([30.0, 31.0])) == RunningDays(
        full_output_days=0,
        reduced_output_days=31,
        stopped_days=30,
        lost_output_days=30 * 0.25 + 31 * 0.5,
    )
    assert made.running_days(1, 0, np.array([30.0, 31.0])).full_output_days == 61


def test_a_tie_shared_in_another_way_is_not_the_work_of_the_vault() -> None:
    """Only in the first month the vault supplies anything: the second is one world."""
    with_vault = output([[0.0, 0.4], [0.0, 0.0]], [[NO, YES], [NO, NO]])
    bare = output([[0.4, 0.0], [0.4, 0.4]], [[YES, NO], [YES, YES]])
    found = output_without_vault(with_vault, bare, np.array([[YES, NO]]))
    assert found.lost[:, 0].tolist() == [[0.4, 0.4], [0.4, 0.0]]
    assert found.is_short[:, 0].tolist() == [[YES, YES], [YES, NO]]
    assert found.is_stopped[:, 0].tolist() == [[YES, YES], [YES, NO]]


def test_a_ban_in_march_stops_the_days_of_march(tiny_case: Case) -> None:
    """31 days from 1 March on stop the line for 31 days and no more."""
    tiny_case["horizon"] = cases.horizon(4, period="month", start="2027-01-01")
    tiny_case["replays"] = [
        cases.replay("march", cases.disruption(cases.phase(31, 31), onset_day=31 + 28))
    ]
    instance = read_instance(tiny_case)
    (run,) = replay_history(instance, written_plan(instance)).replays
    line = run.products[0].with_vault
    assert (line.full_output_days, line.stopped_days) == (31 + 28 + 30, 31)
    assert line.lost_output_days == pytest.approx(0.8 * 31)
    assert material(run).gap_days == 31
    # China delivers 80 % of 12 t a year of 365.25 days.
    assert material(run).gap_tonnes == pytest.approx(0.8 * 12 * 31 / 365.25)


def test_a_ban_in_march_of_equal_months_hits_february_too(tiny_case: Case) -> None:
    """1 March is day 59, and the third month of 30.4375 days begins on day 60.875."""
    tiny_case["horizon"] = cases.horizon(4, start="2027-01-01")
    tiny_case["replays"] = [
        cases.replay("march", cases.disruption(cases.phase(31, 31), onset_day=31 + 28))
    ]
    instance = read_instance(tiny_case)
    (run,) = replay_history(instance, written_plan(instance)).replays
    assert material(run).gap_days == pytest.approx(2 * MONTH)
