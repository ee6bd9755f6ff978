"""Sends requests made from the description to a server with accounts (schemathesis).

`make fuzz-api`; words in FUZZ, as "--max-examples 500", go on to schemathesis. It fails
on a server error, and on a status, media type or content that is not described.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from models.tables import Role
from service.settings import Settings
from tests.journeys.accounts import new_keys
from tests.journeys.server import Server, running_server
from tests.service.fake_solver import SOLVER

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# Beside all faults of answers: what is refused without a key. Not: that all that its
# schema permits is accepted, since cases have rules that no schema can say.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "unsupported_method",
)


def seed(server: Server) -> None:
    """Order what requests may find: a job with its plan, a batch, an evaluation."""
    job = server.post("/v1/jobs", {"case": "two_materials"})
    plan = server.wait_for(job["id"], "SUCCEEDED")["result"]["plan_href"]
    order: dict[str, object] = {"number_of_scenarios": 20}
    server.post(f"{plan}/evaluations", order)
    variants = [{"name": "another seed", "set": {"options.seed": 2}}]
    server.post("/v1/batches", {"case": "two_materials", "variants": variants})


def main(arguments: list[str]) -> int:
    """Return the exit status of schemathesis."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        settings = Settings(data_directory=data)
        (key,) = new_keys(settings, Role.ADMINISTRATOR, ["fuzzer"])
        unlimited: dict[str, Any] = {
            "requests_per_minute_of_key": 0,
            "requests_per_minute_of_organisation": 0,
        }
        with running_server(data, SOLVER, log_level="warning", **unlimited) as server:
            server.client.headers["Authorization"] = f"Bearer {key}"
            seed(server)
            return subprocess.run(  # noqa: S603
                [
                    *(SCHEMATHESIS, "run", f"{server.client.base_url}/openapi.json"),
                    *("--header", f"Authorization: Bearer {key}"),
                    *("--checks", ",".join(CHECKS), "--continue-on-failure"),
                    *("--workers", "1", "--warnings", "off", "--seed", "1"),
                    # A stream ends with its job, which may be a minute later.
                    *("--exclude-operation-id", "stream_events"),
                    *arguments,
                ],
                check=False,
            ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
