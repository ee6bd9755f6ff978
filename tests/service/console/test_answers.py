"""An answer is shown with the pictures that it has."""

import datetime as dt
import json

import pytest
from fastapi.testclient import TestClient

from models.financing_view import (
    CarryingCost,
    FinancingView,
    SchedulePeriod,
    StressResult,
    WorstMoment,
)
from models.frontier import Frontier
from models.historic_rehearsal import HistoricRehearsal
from models.instance import Instance
from models.manifest import CheckSummary, FreshSample, Manifest
from service.api.context import Context
from service.store.analyses import AnalysisRepository, AnalysisSubject
from service.store.plans import PlanRepository
from tests.models.test_covenant_tests import covenants
from tests.service.identity.belongings import belongings_of
from tests.service.pictures.test_pictures import financing_fans, points
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


def financing_view(case: str, plan: str) -> FinancingView:
    """Return a view of two worlds: collateral is near as planned, breached in one."""
    fans = financing_fans()
    worst = WorstMoment(period=1, start=fans.period_starts[1], scenario="sample_7")
    figures = [x for x in SchedulePeriod.model_fields if x.endswith("_usd")]
    by_facility = {"draws_usd": {"loan": 5e7}, "balances_usd": {"loan": 5e7}}
    amounts = {**dict.fromkeys(figures, 1e6), **by_facility}
    cash = {"lowest_cash_usd": 0.0, "cash_below_zero_probability": 0.0}
    planned = StressResult(
        name="as planned",
        price_fall=0,
        price_fall_start_period=0,
        defaulted=None,
        defaulted_name=None,
        has_price_floors=True,
        lowest_collateral_to_debt=1.3,
        collateral_broken_probability=0.0,
        debt_uncovered_probability=0.0,
        **cash,
    )
    change = {
        "price_fall": 0.3,
        "price_fall_start_period": 1,
        "defaulted": "maker",
        "defaulted_name": "Maker",
        "lowest_collateral_to_debt": 0.9,
        "collateral_broken_probability": 0.25,
    }
    return FinancingView(
        instance_hash=case,
        plan_hash=plan,
        scenarios=10,
        seed=1,
        schedule=tuple(
            SchedulePeriod.model_validate(
                {**amounts, "period": t, "start": start, "debt_to_equity": 2.0}
            )
            for t, start in enumerate(fans.period_starts)
        ),
        fans=fans,
        covenants=covenants(lowest_collateral_to_debt=1.3).model_copy(
            update={
                "lowest_collateral_to_debt_at": worst,
                "collateral_broken_by_period": (0.0,) * len(fans.period_starts),
            }
        ),
        carrying=(
            CarryingCost(
                offer=None,
                participant=None,
                tonnes=1,
                storage_usd=1,
                insurance_usd=1,
                interest_usd=1,
                fees_usd=0,
                covered_share=0,
            ),
        ),
        stresses=(planned, planned.model_copy(update=change)),
    )


def test_a_lender_sees_covenants_before_all_else(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """State in words, headroom and the worst moment; then stress, then cash flows."""
    own = belongings_of(context, instance)
    subject = AnalysisSubject("financing", own.cases, own.plans)
    answer = json.loads(financing_view(own.cases, own.plans).model_dump_json())
    with context.database.transaction() as session:
        at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        stored = AnalysisRepository(session).put(subject, answer, {}, at=at)
    page = browser.get(f"/console/analyses/{stored}").text
    _, covenant_part, stress, *_ = page.split("<h2")
    assert "A limit is near" in page
    assert "</span> near</span>" in covenant_part
    assert "sample_7" in covenant_part
    assert "</span> breached</span>" in stress
    assert "in 25 % of the scenarios" in stress
    assert "Maker in default" in stress
    assert (
        page.index('id="cash-flows"') > page.index("<svg") > page.index('id="stress"')
    )
