"""A manager keeps the ledger of a reserve: plan, facts, orders, and what comes next."""

from typing import Any

import pytest

from service.casefiles import load
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

Answer = dict[str, Any]
QUIET = {"event": "cut", "phase": 0, "since": "2027-01-01"}
CUT = {"event": "cut", "phase": 1, "since": "2028-01-01", "until": "2029-01-01"}


def test_a_tonne_is_followed_from_the_mine_to_who_received_it(
    true_server: Server,
) -> None:
    """100 t of alpha and 25 t of beta are bought before a quiet year, then it is cut.

    What the orders of the second year release are lots of the position between them.
    """
    case = true_server.post("/v1/cases", load("two_materials"))["hash"]
    job = true_server.post("/v1/jobs", {"case": case})
    plan = true_server.wait_for(job["id"], "SUCCEEDED")["result"]["plan"]
    reserve = true_server.post("/v1/reserves", {"name": "Two materials"})
    ledger = _Ledger(true_server, reserve, plan)
    ledger.append("position", case=case)
    ledger.append("plan", plan=plan)
    moved = ledger.advanced(QUIET)
    assert moved is not None
    assert moved["horizon"]["start"] == CUT["since"]
    case = true_server.post("/v1/cases", moved)["hash"]
    ledger.append("position", case=case)
    ledger.advanced(CUT, moved)
    entries = true_server.get(f"{reserve['entries_href']}?sort=oldest")["items"]
    month = ["observation", "orders"]
    kinds = ["position", "plan", *month, "position", *month]
    assert [x["kind"] for x in entries] == kinds
    lots = true_server.get(reserve["lots_href"])
    left = {x["material"]: -x["steps"][-1]["tonnes"] for x in lots}
    assert left == pytest.approx({"alpha": 100.0, "beta": 25.0})
    last = {(x["kind"], x["to"]) for lot in lots for x in lot["steps"][1:]}
    assert last == {("released", "maker")}


class _Ledger:
    """The ledger of a reserve, to which one writer adds."""

    def __init__(self, server: Server, reserve: Answer, plan: str) -> None:
        self._server, self._plan = server, plan
        self._href, self._head = reserve["entries_href"], reserve["head"]

    def append(self, kind: str, **said: object) -> None:
        """Add an entry after the last one."""
        body = {"predecessor": self._head, "kind": kind, **said}
        self._head = self._server.post(self._href, body)["hash"]

    def advanced(self, event: Answer, moved: Answer | None = None) -> Answer | None:
        """Enter that a year began with an event, and its orders.

        Return the case that follows, if any does.
        """
        facts = {"otherwise": "as_planned", "events": [event]}
        observed = {"start": event["since"], **facts}
        order = {"observed": observed, "moved_case": moved}
        job = self._server.post(f"/v1/plans/{self._plan}/analyses/advance", order)
        href = self._server.wait_for(job["id"], "SUCCEEDED")["analysis_href"]
        orders = self._server.get(href)
        self.append("observation", document=observed)
        self.append("orders", document=orders)
        names = [x["name"] for x in orders["outputs"]]
        return self._server.get(f"{href}/files/{names[0]}") if names else None
