"""A planner installs both wheels, each where nothing else is, and uses them there."""

import ast
import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from service.console.documentation import HelpPage
from tests.house.conftest import ROOT, blocks
from tests.journeys.server import Server, free_port
from tests.service.processes import end
from tests.service.waiting import CEILING_S, wait_until

pytestmark = pytest.mark.journey
UV = ROOT / ".venv" / "bin" / "uv"  # the environment of another Python has none
ADDRESS = "http://127.0.0.1:8000"
CLIENT = ROOT / "service" / "client"
CLIENT_PAGE, REQUESTS_PAGE = CLIENT / "README.md", ROOT / "service/api/README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder outside of the checkout."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def client(folder: Path) -> Path:
    """Return an environment that has only the client."""
    return installed("strongroom-client", CLIENT, folder)


def test_both_work_where_they_are_installed(folder: Path, client: Path) -> None:
    """The server ships cases and pages; the client finds nothing of the server."""
    server = installed("strongroom", ROOT, folder)
    with serving(server, folder) as address:
        for name in HelpPage:
            answer = httpx2.get(f"{address}/console/help", params={"page": name})
            assert answer.is_success, name
        (shown,) = printed(CLIENT_PAGE, client, folder, address)
    assert {"two_materials", "project_vault:niche"} <= {*ast.literal_eval(shown)}
    with pytest.raises(subprocess.CalledProcessError):
        run(client / "bin/python", "-c", "import service", cwd=folder)


def test_the_example_of_the_page_is_true(
    folder: Path, client: Path, true_server: Server
) -> None:
    """25 t of beta avoid 1/2 x 25 x 60,000 for fees of 25 x 400."""
    address = str(true_server.client.base_url)
    shown = printed(REQUESTS_PAGE, client, folder, address)
    assert shown[0].split() == ["25.0", "750000.0", "10000.0"]
    assert "checked 0.0" in shown
    without_loan = float(shown[-2].rpartition(" ")[2])
    assert shown[-2].startswith("financing.loan.limit_usd=0 ")
    assert without_loan == pytest.approx(5_000_000)


def printed(page: Path, environment: Path, folder: Path, address: str) -> list[str]:
    """Return what the example of a page prints with a server at that address."""
    (example,) = blocks(page, "python client")
    program = example.replace(ADDRESS, address.rstrip("/"))
    python = environment / "bin/python"
    return run(python, "-W", "error", "-c", program, cwd=folder).splitlines()


def installed(name: str, folder: Path, elsewhere: Path) -> Path:
    """Return an environment with the wheel of a folder and what uv.lock says it needs.

    All of it is in uv's cache already: the environment of the tests was made from it.
    """
    environment, needed = elsewhere / name, elsewhere / f"pylock.{name}.toml"
    wheels = elsewhere / "wheels"
    run(UV, "build", "--wheel", "--offline", "-q", "--out-dir", wheels, folder)
    exported = ("--package", name, "--no-emit-project", "--no-dev")
    run(
        *(UV, "export", "-q", "--frozen", "--offline", *exported),
        *("--format", "pylock.toml", "--output-file", needed),
        cwd=ROOT,
    )
    run(UV, "venv", "-q", "--python", sys.executable, environment)
    (wheel,) = wheels.glob(f"{name.replace('-', '_')}-[0-9]*.whl")
    pip = (UV, "pip", "install", "-q", "--offline", "--python", environment)
    run(*pip, "-r", needed)
    run(*pip, "--no-deps", wheel)
    return environment


@contextmanager
def serving(environment: Path, folder: Path) -> Generator[str]:
    """Yield the address of a server whose jobs wait."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(  # noqa: S603
        [environment / "bin/strongroom", "serve", "--no-worker", "--port", str(port)],
        cwd=folder,
        env=surroundings(),
    )
    try:
        wait_until(lambda: _answers(process, address))
        yield address
    finally:
        end(process)


def run(*words: str | Path, cwd: Path | None = None) -> str:
    """Return what a program prints that succeeds; fail with its errors otherwise."""
    result = subprocess.run(  # noqa: S603
        words,
        cwd=cwd,
        env=surroundings(),
        stdout=subprocess.PIPE,
        text=True,
        timeout=CEILING_S,
        check=True,
    )
    return result.stdout


def surroundings() -> Mapping[str, str]:
    """Return the environment variables without those that lead to the checkout."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _answers(process: "subprocess.Popen[bytes]", address: str) -> bool:
    assert process.poll() is None, "the server ended"
    try:
        return httpx2.get(f"{address}/alive").is_success
    except httpx2.TransportError:
        return False
