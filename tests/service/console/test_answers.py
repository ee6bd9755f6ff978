"""An answer is shown with the pictures that it has."""

import datetime as dt
import json

import pytest
from fastapi.testclient import TestClient

from models.frontier import Frontier
from models.historic_rehearsal import HistoricRehearsal
from models.instance import Instance
from models.manifest import CheckSummary, FreshSample, Manifest
from service.api.context import Context
from service.store.analyses import AnalysisRepository, AnalysisSubject
from service.store.plans import PlanRepository
from tests.service.identity.belongings import belongings_of
from tests.service.pictures.test_pictures import points
from tests.service.pictures.test_replay import replay

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_replays_that_were_planned_again_are_drawn(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """Each month by month, with the names of materials."""
    own = belongings_of(context, instance)
    subject = AnalysisSubject("rehearse-history", own.cases, own.plans)
    found = HistoricRehearsal(
        instance_hash=own.cases,
        plan_hash=own.plans,
        replan_every=3,
        number_of_scenarios=10,
        seed=0,
        replays=(replay(),),
    )
    (material,) = instance.materials
    text = found.model_dump_json().replace('"ga"', f'"{material.id}"')
    answer = json.loads(text)
    for period in answer["replays"][0]["periods"]:
        del period["materials"][1]  # which the case does not have
    with context.database.transaction() as session:
        at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        analyses = AnalysisRepository(session)
        stored = analyses.put(subject, answer, {}, at=at)
    page = browser.get(f"/console/analyses/{stored}").text
    assert "Curbs, month by month" in page
    assert page.count("<svg") == 2  # for wide pages and for narrow ones
    assert f">{material.name}</text>" in page


def test_a_plan_of_the_case_is_on_its_frontier(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """In the picture and in a table, if the address names it."""
    own = belongings_of(context, instance)
    found = Frontier(instance_hash=own.cases, materials=1, points=tuple(points()))
    with context.database.transaction() as session:
        at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        case = PlanRepository(session).case_hash(own.plans)
        subject = AnalysisSubject("frontier", case, None)
        answer = json.loads(found.model_dump_json())
        stored = AnalysisRepository(session).put(subject, answer, {}, at=at)
    page = browser.get(f"/console/analyses/{stored}").text
    assert "this plan" not in page
    page = browser.get(f"/console/analyses/{stored}?plan={own.plans}").text
    assert ">this plan</text>" in page
    assert "The plan on the frontier" in page
    assert f'href="/console/plans/{own.plans}"' in page


def test_an_audit_lists_its_checks(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """Each with what must hold; one that failed is told at the top."""
    own = belongings_of(context, instance)
    found = Manifest(
        instance_id=instance.id,
        instance_hash=own.cases,
        plan_hash=own.plans,
        made_for_hash=own.cases,
        is_made_for_case=True,
        warnings=(),
        method="extensive_form",
        seed=0,
        number_of_scenarios=2,
        options={},
        made_with={},
        audited_with={},
        expected_shortage_cost_usd=1.0,
        lower_bound_usd=1.0,
        gap=0.0,
        fresh=FreshSample(
            number_of_scenarios=2, seed=1, price_trigger=1.5, value_scenarios=0
        ),
        has_log=False,
        is_passed=False,
        checks=(
            CheckSummary(name="replay", statement="Costs agree.", is_passed=True),
            CheckSummary(name="cash", is_passed=False, number_of_violations=3),
        ),
        files=(),
    )
    subject = AnalysisSubject("audit", own.cases, own.plans)
    with context.database.transaction() as session:
        at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        answer = json.loads(found.model_dump_json())
        stored = AnalysisRepository(session).put(subject, answer, {}, at=at)
    page = browser.get(f"/console/analyses/{stored}").text
    assert "A check failed" in page
    assert "Costs agree." in page
    assert 'data-value="3"' in page
