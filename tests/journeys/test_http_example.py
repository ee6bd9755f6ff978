"""A client follows the HTTP example of the page on the interface, word for word."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.conftest import ROOT, blocks
from tests.journeys.server import Server

pytestmark = pytest.mark.journey
ADDRESS = "http://127.0.0.1:8000"


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
        timeout=120,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert '"stage":"checked"' in shown.stdout
    assert "│ Alpha    │ 100 t │      100 t │  100 │           365 │" in shown.stdout
