"""Historic rehearsals: the plan as in a replay, new plans that do not look ahead."""

from collections.abc import Sequence

import pytest

from models.historic_rehearsal import HistoricRehearsal, PlanOnDate, RehearsedReplay
from models.instance import Instance
from models.plan import Plan
from models.reading import InvalidCaseError, read_instance
from optimizer.evaluation.history import UnknownReplayError, replay_history
from optimizer.executors import open_executors
from optimizer.rehearsal.historic_paths import historic_path
from optimizer.rehearsal.history import rehearse_history
from optimizer.rehearsal.known_world import known_world
from optimizer.solve import solve
from tests import cases
from tests.cases import Part

SEED = 3
PERIODS = 6
# Dated and past, so that a case that is moved on no longer has it by itself.
EVENT = cases.event(
    "chn-ban",
    cases.phase(20, 40, price_multiplier=2.0),
    cases.phase(60, 200, availability=0.4, price_multiplier=1.5),
    onset_date="2025-10-01",
    probability=0.5,
)
HISTORY = (
    cases.phase(25, name="halt", availability=0.1, price_multiplier=3.0),
    cases.phase(40, name="few licences", availability=0.3, price_multiplier=2.0),
    cases.phase(30, name="licences", availability=0.6),
)
# In force from 20 February until 26 May: at the start of months 2, 3 and 4.
ONSET = 50.0


def _with_history(case: Instance, *phases: Part, **terms: object) -> Instance:
    cut = cases.disruption(*phases, onset_day=ONSET, notice_days=25.0) | terms
    content = case.model_dump(mode="json")
    return read_instance(content | {"replays": [cases.replay("halt", cut)]})


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return half a year of gallium with a ban of the past, and its loans."""
    changes = {
        "horizon": cases.horizon(PERIODS, period="month"),
        "sourcing_options+": cases.sourcing("slow", 3),
        "materials.0.lot_tonnes": 0.001,
        "levels_days_of_cover": [10, 30, 60],
        "financing.facilities.0.limit_usd": 6e5,
        "financing.facilities.1.limit_usd": 2e5,
        "participants.0.working_buffer_days": 10.0,
        "storage_classes.0.notice_days": 10.0,
        "events": [EVENT],
        "options": {"number_of_scenarios": 10, "seed": 1},
    }
    tiny = read_instance(cases.changed(cases.smallest_case(), changes))
    return _with_history(tiny, *HISTORY)


@pytest.fixture(scope="module")
def plan(case: Instance) -> Plan:
    """Return a solved plan of the case."""
    plan = solve(case).plan
    assert plan is not None
    return plan


def _rehearsed(
    case: Instance,
    plan: Plan,
    *,
    every: int = 2,
    finished: Sequence[RehearsedReplay] = (),
) -> HistoricRehearsal:
    with open_executors("here") as executors:
        return rehearse_history(
            case,
            plan,
            replan_every=every,
            number_of_scenarios=5,
            time_limit_s=60.0,
            seed=SEED,
            finished=finished,
            executors=executors,
        )


@pytest.fixture(scope="module")
def rehearsed(case: Instance, plan: Plan) -> RehearsedReplay:
    """Return the halt, planned again at the start of months 2 and 4."""
    (found,) = _rehearsed(case, plan).replays
    return found


def test_without_planning_again_it_is_the_replay(case: Instance, plan: Plan) -> None:
    """Both ways cost what `replay` says; so does the case without vault."""
    (found,) = _rehearsed(case, plan, every=PERIODS).replays
    (known,) = replay_history(case, plan).replays
    assert found.printed == found.planned_again
    for cost, expected in (
        (found.printed.shortage_cost_usd, known.shortage_cost_usd),
        (found.periods[-1].printed_usd, known.shortage_cost_usd),
        (found.periods[-1].planned_again_usd, known.shortage_cost_usd),
        (found.without_vault_usd, known.cost_without_vault_usd),
    ):
        assert cost == pytest.approx(expected, rel=1e-6)
    (material,) = known.materials
    months = [x.materials[0].printed for x in found.periods]
    released = material.released_tonnes + material.drawn_tonnes
    assert sum(x.released_tonnes for x in months) == pytest.approx(released)


def test_months_add_up(rehearsed: RehearsedReplay) -> None:
    """What is released is covered by stock, and goes to those who miss something."""
    printed = rehearsed.printed.shortage_cost_usd
    assert rehearsed.clairvoyant_usd <= printed * (1 + 1e-6) + 1e-3
    last = rehearsed.periods[-1]
    again = rehearsed.planned_again.shortage_cost_usd
    assert last.planned_again_usd == pytest.approx(again, rel=1e-6)
    assert rehearsed.clairvoyant_usd <= again * (1 + 1e-6) + 1e-3
    for month in rehearsed.periods:
        (at,) = month.materials
        for stock in (at.printed, at.planned_again):
            got = sum(x.tonnes for x in stock.received)
            assert got <= stock.released_tonnes * (1 + 1e-6)
            assert stock.covered_tonnes <= min(at.gap_tonnes, got) * (1 + 1e-6)
    flows = [x.materials[0].cut_routes for x in rehearsed.periods]
    # Day 50 is in February, whose last 9 days have a tenth of the flow.
    assert flows[:2] == pytest.approx([1.0, 1 - 0.9 * 9 / 28])
    assert [x.materials[0].is_announced for x in rehearsed.periods][:3] == [
        True,
        True,
        False,
    ]


def test_what_was_known_is_told(rehearsed: RehearsedReplay) -> None:
    """The phase of that day since it began, by the law of the event: nothing later."""
    (cut,) = rehearsed.disruptions
    assert (str(cut.announced), str(cut.onset)) == ("2026-01-26", "2026-02-20")
    first, second = rehearsed.dates
    (halt,) = first.known
    assert (halt.phase, str(halt.since), halt.availability) == (
        "halt",
        "2026-02-20",
        0.1,
    )
    # The last phase began on day 115; the event has licences since the few of day 75.
    (licences,) = second.known
    assert (licences.phase, str(licences.since)) == ("licences", "2026-04-26")
    assert str(licences.counted_since) == "2026-03-17"
    for date in rehearsed.dates:
        assert date.failed_because is None
        assert date.promised_usd is not None
        assert date.came_usd is not None


def test_a_date_sees_history_with_the_law_of_its_event(case: Instance) -> None:
    """Flow and price of that day; what comes after it is the event's."""
    path = historic_path(case, 0)
    announced, halt, few, over = (known_world(case, path, t) for t in (1, 2, 3, 5))
    (seen,) = announced.as_seen
    assert str(seen.onset_date) == "2026-02-20"
    assert seen.phases == case.events[0].phases
    assert [x.availability for x in halt.as_seen[0].phases] == [0.1, 0.4]
    assert [x.availability for x in few.as_seen[0].phases] == [0.0, 0.3]
    assert few.as_seen[0].phases[1].law == case.events[0].phases[1].law
    assert (over.as_seen, over.over) == ((), {"chn-ban"})


def test_what_can_happen_again_is_as_in_the_case_once_history_is_over(
    case: Instance,
) -> None:
    """Not with the flow and the price of history, which a date before had seen."""
    clock = {"onset_date": None, "probability": None, "hazard_per_year": 0.5}
    rest = {"recurs_after": {"low_days": 5.0, "high_days": 30.0}}
    content = case.model_dump(mode="json") | {"events": [EVENT | clock | rest]}
    recurring = read_instance(content)
    path = historic_path(recurring, 0)
    halt, over = (known_world(recurring, path, t) for t in (2, 5))
    assert halt.as_seen != recurring.events
    assert over.as_seen == recurring.events


def test_new_plans_read_nothing_of_later_days(
    case: Instance, plan: Plan, rehearsed: RehearsedReplay
) -> None:
    """With another history from month 2 on, the plan of month 2 is the same."""
    halt, *_ = HISTORY
    longer = halt | {"duration_days_low": 38, "duration_days_high": 38}
    other = _with_history(case, longer, cases.phase(60, availability=0.0))
    (found,) = _rehearsed(other, plan).replays
    assert _made(found.dates[0]) == _made(rehearsed.dates[0])
    assert found.dates[0].came_usd != rehearsed.dates[0].came_usd
    assert found.dates[1].known != rehearsed.dates[1].known
    assert found.periods[:2] == rehearsed.periods[:2]


def _made(date: PlanOnDate) -> PlanOnDate:
    """Return what is known and decided on a date, without what came of it."""
    return date.model_copy(update={"came_usd": None})


def test_a_history_longer_than_the_law_has_no_new_plan(
    case: Instance, plan: Plan
) -> None:
    """The date says why, and the plan before is followed."""
    long = _with_history(case, cases.phase(130, name="halt"))
    (found,) = _rehearsed(long, plan).replays
    first, second = found.dates
    assert first.failed_because is None
    assert "the phase lasts 20 to 40 days" in (second.failed_because or "")
    assert second.promised_usd is None


def test_what_is_finished_is_not_run_again(
    case: Instance, plan: Plan, rehearsed: RehearsedReplay
) -> None:
    """A resumed run takes it as it is."""
    marked = rehearsed.model_copy(update={"seconds": 1234.0})
    assert _rehearsed(case, plan, finished=[marked]).replays == (marked,)


def test_a_case_that_lacks_something_is_refused(case: Instance, plan: Plan) -> None:
    """Before anything is solved; an unknown name as well."""
    nowhere = _with_history(case, *HISTORY, country="FRA")
    with pytest.raises(InvalidCaseError, match="a route of gallium runs through"):
        _rehearsed(nowhere, plan)
    with pytest.raises(UnknownReplayError, match="flood"):
        rehearse_history(
            case,
            plan,
            replays=["flood"],
            replan_every=2,
            number_of_scenarios=5,
            time_limit_s=60.0,
            seed=SEED,
        )
