"""A replay is shown period by period: by links, by a form, and by a slider."""

import datetime as dt
import json
import re

import pytest
from fastapi.testclient import TestClient

from models.history import (
    History,
    LineCourse,
    MaterialRun,
    ProductRun,
    ReplayRun,
    RunningDays,
    StockCourse,
)
from models.instance import Instance
from models.record import Record
from service.api.context import Context
from service.store.analyses import AnalysisRepository, AnalysisSubject
from tests.service.identity.belongings import belongings_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

DAYS = RunningDays(
    full_output_days=60, reduced_output_days=0, stopped_days=31, lost_output_days=20
)
NO, YES = False, True


def ban(name: str, *, is_touched: bool = True) -> ReplayRun:
    """Return three months: the second is covered, in the third the line stops."""
    stock = StockCourse(
        on_hand_tonnes=(5, 1, 0), gap_tonnes=(0, 4, 4), covered_tonnes=(0, 4, 1)
    )
    made = LineCourse(lost_output=(0, 0, 0.6), is_stopped=(NO, NO, YES))
    without = LineCourse(lost_output=(0, 0.1, 0.8), is_stopped=(NO, NO, YES))
    line = ProductRun(
        participant="maker",
        participant_name="Maker",
        product="wafer",
        name="Wafer",
        with_vault=DAYS,
        without_vault=DAYS,
        course_with_vault=made if is_touched else None,
        course_without_vault=without if is_touched else None,
    )
    material = MaterialRun(
        material="gallium",
        name="Gallium",
        pool_tonnes=5,
        gap_days=62,
        gap_tonnes=8,
        released_tonnes=5,
        drawn_tonnes=0,
        delivered_tonnes=0,
        unused_tonnes=0,
        first_empty_period=2,
        first_empty_date=dt.date(2027, 3, 1),
        course=stock if is_touched else None,
    )
    return ReplayRun(
        replay=name,
        name=f"The {name}",
        shortage_cost_usd=1,
        cost_without_vault_usd=2,
        lowest_cash_usd=0,
        products=(line,),
        materials=(material,),
    )


def history(own: dict[str, str], *replays: ReplayRun) -> History:
    """Return an answer of three months."""
    return History(
        instance_hash=own["case"],
        plan_hash=own["plan"],
        period_days=30.4375,
        number_of_periods=3,
        period_starts=tuple(dt.date(2027, t, 1) for t in (1, 2, 3)),
        replays=replays,
    )


def stored(context: Context, instance: Instance, *replays: ReplayRun) -> str:
    """Store an answer; return the address of its page."""
    own = belongings_of(context, instance)
    found: Record = history({"case": own.cases, "plan": own.plans}, *replays)
    subject = AnalysisSubject("replay", own.cases, own.plans)
    with context.database.transaction() as session:
        at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        answer = json.loads(found.model_dump_json())
        name = AnalysisRepository(session).put(subject, answer, {}, at=at)
    return f"/console/analyses/{name}"


def test_a_replay_begins_with_the_first_gap_and_leads_on(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """Links to the months beside it, a form for all others, and a table of each."""
    address = stored(context, instance, ban("ban"), ban("delay"))
    text = browser.get(address).text
    assert "Period 2 of 3" in text
    assert f'rel="prev" href="{address}?replay=ban&amp;period=1#months"' in text
    assert re.search(r'<input type="range"[^>]* min="1" max="3" value="2"', text)
    assert "full output" in text
    assert f'href="{address}?replay=delay#months"' in text
    last = browser.get(f"{address}?replay=delay&period=3").text
    assert re.search(r'aria-current="true">The delay<', last)
    assert "60 % lost" in last
    assert 'rel="next"' not in last
    assert 'value="0.0"></meter> 0 t' in last


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("replay=flood", "one of ban"),
        ("period=4", "1 to 3"),
        ("period=0", "greater than or equal to 1"),
    ],
)
def test_what_an_answer_does_not_have_is_told(
    browser: TestClient, context: Context, instance: Instance, query: str, expected: str
) -> None:
    """A replay or a period."""
    answer = browser.get(f"{stored(context, instance, ban('ban'))}?{query}")
    assert answer.status_code == 422
    assert expected in answer.text


def test_a_replay_without_a_gap_has_no_months(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """The tables say that all lines run."""
    address = stored(context, instance, ban("ban", is_touched=False))
    text = browser.get(address).text
    assert "Month by month" not in text
    assert "The ban" in text
