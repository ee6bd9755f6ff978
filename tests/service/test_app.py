from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.service.processes import ran


def test_the_web_process_loads_no_solver() -> None:
    """Importing the app brings in neither the optimizer nor what it solves with."""
    program = (
        "import sys, service.app;"
        "print({'optimizer', 'pyomo', 'highspy', 'numpy'} & set(sys.modules))"
    )
    assert ran(program).stdout.strip() == "set()"


def test_what_one_server_stored_the_next_one_has(
    settings: Settings, tiny_case: dict[str, object]
) -> None:
    """Cases and jobs are in the file."""
    with TestClient(create_app(settings), "http://localhost") as client:
        content_hash = client.post("/v1/cases", json=tiny_case).json()["hash"]
        job_id = client.post("/v1/jobs", json={"case": content_hash}).json()["id"]
    with TestClient(create_app(settings), "http://localhost") as client:
        assert client.get(f"/v1/cases/{content_hash}").status_code == 200
        assert client.get(f"/v1/jobs/{job_id}").json()["state"] == "QUEUED"
