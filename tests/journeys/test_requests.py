"""Requests as clients send them: the example of the page, and bodies too large."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.conftest import ROOT, blocks
from tests.journeys.server import Server
from tests.service.waiting import CEILING_S

pytestmark = pytest.mark.journey
ADDRESS = "http://127.0.0.1:8000"
JSON = {"content-type": "application/json"}


def test_sixty_megabytes_are_refused(standing_server: Server) -> None:
    """The client reads a 413 although it was still sending."""
    answer = standing_server.client.post(
        "/v1/cases", content=b" " * 60_000_000, headers=JSON
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert standing_server.get("/health")["is_healthy"]


def test_a_body_of_unknown_length_is_refused_as_well(standing_server: Server) -> None:
    """It is counted while it comes."""
    parts = (b" " * 1_000_000 for _ in range(60))
    answer = standing_server.client.post("/v1/cases", content=parts, headers=JSON)
    assert answer.status_code == 413
    assert standing_server.get("/health")["is_healthy"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the example needs curl")
def test_the_example_ends_with_a_plan(tmp_path: Path, true_server: Server) -> None:
    """A case goes in, a job is done, the plan is shown: 100 t of alpha for 1.00 m."""
    (script,) = blocks(ROOT / "service" / "api" / "README.md", "sh http")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    shown = subprocess.run(  # noqa: S603
        ["bash", "-euc", script.replace(ADDRESS, str(true_server.client.base_url))],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=CEILING_S,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert '"stage":"checked"' in shown.stdout
    assert "│ Alpha    │ 100 t │      100 t │  100 │           365 │" in shown.stdout
