"""A reserve that was opened with a plan, and what its pages and ledger have."""

import re
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from service.api.context import Context
from service.store.plans import PlanRepository
from tests.service.fake_solver import plan_of


class Opened(NamedTuple):
    """The page of a reserve, its case, and the hash of the plan in force."""

    page: str
    case: Instance
    plan: str

    @property
    def form(self) -> str:
        """The page with the form."""
        return f"{self.page}/observation"

    @property
    def entries(self) -> str:
        """The ledger in the interface."""
        return self.page.replace("/console", "/v1") + "/entries"


@pytest.fixture
def opened(browser: TestClient, context: Context, instance: Instance) -> Opened:
    """Open a reserve with a plan in force."""
    content = instance.model_dump(mode="json")
    case = browser.post("/v1/cases", json=content).json()["hash"]
    with context.database.transaction() as session:
        plans = PlanRepository(session)
        plan = plans.put(plan_of(instance), case_hash=case, at=context.clock())
    address = f"/console/plans/{plan}/reserve"
    page = browser.post(address, data={"name": "Vault"}).headers["location"]
    return Opened(page, instance, plan)


def hidden(text: str) -> dict[str, str]:
    """Return what a form has that nobody types."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))


def entries(browser: TestClient, opened: Opened) -> list[dict[str, Any]]:
    """Return the entries of the ledger, oldest first."""
    return browser.get(f"{opened.entries}?sort=oldest").json()["items"]
