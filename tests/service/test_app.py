import subprocess
import sys

import pytest
from fastapi.testclient import TestClient

from service.app import create_app, run
from service.errors import StoreUnusableError
from service.settings import Settings
from service.store.opening import opened_store
from tests.service.fake_solver import ENDLESS_SOLVER


def test_the_web_process_loads_no_solver() -> None:
    """Importing the app brings in neither the optimizer nor what it solves with."""
    program = (
        "import sys, service.app;"
        "print({'optimizer', 'pyomo', 'highspy', 'numpy'} & set(sys.modules))"
    )
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-c", program],
        check=True,
        capture_output=True,
        text=True,
    )
    assert ended.stdout.strip() == "set()"


def test_what_one_server_stored_the_next_one_has(
    settings: Settings, tiny_case: dict[str, object]
) -> None:
    """Cases and jobs are in the file."""
    with TestClient(create_app(settings, solver=ENDLESS_SOLVER)) as client:
        content_hash = client.post("/cases", json=tiny_case).json()["hash"]
        job_id = client.post("/jobs", json={"case": content_hash}).json()["id"]
    with TestClient(create_app(settings, solver=ENDLESS_SOLVER)) as client:
        assert client.get(f"/cases/{content_hash}").status_code == 200
        assert client.get(f"/jobs/{job_id}").json()["state"] in {"QUEUED", "RUNNING"}


def test_a_server_refuses_a_folder_in_use_before_it_listens(
    settings: Settings,
) -> None:
    """The error is one sentence for whoever started it."""
    with (
        opened_store(settings),
        pytest.raises(StoreUnusableError, match="another server is using it"),
    ):
        run(settings)
