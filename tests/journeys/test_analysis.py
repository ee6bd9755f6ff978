"""A planner orders an analysis of a plan, and gets what the command prints."""

import json
from pathlib import Path

import pytest

from tests.cases import Case, offer
from tests.journeys.server import Server
from tests.service.cli.conftest import strongroom

pytestmark = pytest.mark.journey
FEW = 20


def test_the_view_of_a_participant_is_what_the_command_prints(
    true_server: Server, tiny_case: Case, tmp_path: Path
) -> None:
    """A worker of the server makes it, of a plan that it has solved before."""
    tiny_case["entitlement_offers"] = [offer()]
    case = true_server.post("/v1/cases", tiny_case)["hash"]
    job = true_server.post("/v1/jobs", {"case": case})
    solved = true_server.wait_for(job["id"], "SUCCEEDED")
    order = {"participant": "maker", "number_of_scenarios": FEW}
    plan_href = solved["result"]["plan_href"]
    job = true_server.post(f"{plan_href}/analyses/participant", order)
    href = true_server.wait_for(job["id"], "SUCCEEDED")["analysis_href"]
    files = tmp_path / "case.json", tmp_path / "plan.json"
    for file, path in zip(files, (f"/v1/cases/{case}", plan_href), strict=True):
        file.write_bytes(true_server.client.get(path).content)
    words = ("--scenarios", FEW, "--executor", "here", "--json")
    printed = strongroom("participant", *files, "maker", *words)
    assert true_server.get(href) == json.loads(printed.stdout)
    assert true_server.get(f"{href}/files") == []
