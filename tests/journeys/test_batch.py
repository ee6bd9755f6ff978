"""A planner asks what if, many times over; solves share warm starts."""

from collections.abc import Generator
from typing import Any

import pytest

from service.casefiles import load
from tests.conftest import opened_database
from tests.journeys.server import Server, running_server
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey

LIMIT = "financing.loan.limit_usd"
OPTIONS = {"method": "decomposition", "gap": 0.05, "number_of_scenarios": 20}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def true_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Server]:
    """Yield a server whose jobs are solved by the solver that ships."""
    with opened_database(request) as url:
        data = tmp_path_factory.mktemp("true") / "data"
        with running_server(data, url=url) as server:
            yield server


def number_of_rounds(server: Server, job: dict[str, Any]) -> int:
    """Return how often the log of a job has the relaxation."""
    log = server.get(f"{job['progress_href']}?limit=200")["items"]
    return sum(line["stage"] == "relaxation" for line in log)


def test_variants_are_solved_and_compared(true_server: Server) -> None:
    """More of the loan costs less; a variant takes fewer rounds than alone.

    The same batch again is answered at once, from the first one's answers.
    """
    order = {"case": "magnets", "options": OPTIONS, "grid": [f"{LIMIT}=4e6,8e6,1.2e7"]}
    href = true_server.post("/v1/batches", order)["href"]
    wait_until(lambda: true_server.get(href)["is_finished"])
    batch = true_server.get(href)
    costs = [row["figures"]["expected_shortage_cost_usd"] for row in batch["rows"]]
    assert costs[1] > costs[2] > costs[3]
    assert {1, 2, 3} <= set(batch["comparison"]["pareto"])
    assert [x["best"] for x in batch["comparison"]["frontier"]] == [1, 2, 3]

    variants = true_server.get(batch["variants_href"])["items"]
    taught = true_server.get(variants[3]["job_href"])
    content = dict(load("magnets"))
    case = true_server.get(f"/v1/cases/{variants[3]['case']}")
    assert case["financing"] != content["financing"]
    single = {"case": variants[3]["case"]}
    answer = true_server.client.post(
        "/v1/jobs", json=single, headers={"Cache-Control": "no-cache"}
    ).json()
    alone = true_server.wait_for(answer["id"], "SUCCEEDED")
    rounds = [number_of_rounds(true_server, job) for job in (taught, alone)]
    assert rounds[0] < rounds[1]

    again = true_server.post("/v1/batches", order)
    assert again["number_by_state"]["SUCCEEDED"] == 4
    found = true_server.get(again["variants_href"])["items"]
    assert all(x["reused_from"] for x in found)
    assert [x["figures"] for x in found[:3]] == [x["figures"] for x in variants[:3]]


def test_a_paused_batch_goes_on_after_a_restart(true_server: Server) -> None:
    """That it is paused outlives the server; resumed, all of it is solved."""
    order = {"case": "two_materials", "grid": [f"{LIMIT}=1e6..2e6:6"]}
    href = true_server.post("/v1/batches", order)["href"]
    true_server.post(f"{href}/pause")
    true_server.clean_up()
    true_server.start()
    assert true_server.get(href)["is_paused"]
    true_server.post(f"{href}/resume")
    wait_until(lambda: true_server.get(href)["is_finished"])
    assert true_server.get(href)["number_by_state"]["SUCCEEDED"] == 7
