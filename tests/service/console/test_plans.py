"""The page of a plan tells what the plan says of money."""

import datetime as dt
import re

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.plan import FinancingPeriod
from service.api.context import Context
from service.store.plans import PlanRepository
from tests.service.fake_solver import plan_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_what_the_cash_rule_draws_is_owed_in_expectation_and_at_worst(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """It is not said to be drawn by schedule, and facilities have their names."""
    period = FinancingPeriod(
        period=0,
        draws_usd={},
        balances_usd={},
        expected_balances_usd={"loan": 7e6},
        highest_balances_usd={"loan": 9e6},
        interest_and_fees_usd=0,
        expected_cash_usd=0,
        lowest_cash_usd=0,
    )
    rule = "Whenever cash would fall below 0, draw what is missing."
    money = {"financing": (period,), "cash_rule": rule}
    plan = plan_of(instance).model_copy(update=money)
    content = instance.model_dump(mode="json")
    case = browser.post("/v1/cases", json=content).json()["hash"]
    with context.database.transaction() as session:
        at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        stored = PlanRepository(session).put(plan, case_hash=case, at=at)
    page = browser.get(f"/console/plans/{stored}").text
    heads = re.findall(r"<th [^>]*>([^<]* owed[^<]*|[^<]* drawn[^<]*)</th>", page)
    name = instance.financing.facilities[0].name
    assert heads == [f"{name} owed, expected", f"{name} owed, at worst"]
    assert "$7.00 m" in page
    assert "$9.00 m" in page
    assert "Financing drawn at most" in page
    assert rule in page
