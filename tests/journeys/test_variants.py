"""A planner compares shipped variants by name, on a server."""

import pytest

from tests.journeys.server import Server
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey

NICHE = "project_vault:niche"


def test_a_variant_is_solved_by_name_and_answers_a_batch(true_server: Server) -> None:
    """The name is listed, solved, and the batch that names it has its answer."""
    listed = true_server.client.get("/v1/cases/shipped").json()
    assert NICHE in [item["case"] for item in listed]
    options = {"number_of_scenarios": 3, "gap": 0.5, "time_limit_s": 60}
    order = {"case": NICHE, "options": options}
    job = true_server.wait_for(true_server.post("/v1/jobs", order)["id"], "SUCCEEDED")
    plan = true_server.get(f"{job['href']}/plan")
    assert plan["provenance"]["instance_id"] == NICHE
    assert len(plan["levels"]) == 13

    batch = true_server.post(
        "/v1/batches",
        {"case": "project_vault", "options": options, "named_variants": ["niche"]},
    )
    variant = true_server.get(batch["variants_href"])["items"][1]
    assert variant["reused_from"] == job["id"]
    true_server.post(f"{batch['href']}/cancel")
    wait_until(lambda: true_server.get(batch["href"])["is_finished"])
