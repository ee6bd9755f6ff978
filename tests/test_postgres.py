import subprocess
import sys
from pathlib import Path

from sqlalchemy import make_url

from tests.service.waiting import wait_until

ROOT = Path(__file__).parents[1]
START = """
import sys
from tests.postgres import private_server
with private_server() as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


def test_a_private_server_is_gone_with_the_tests() -> None:
    """They are killed; the server ends, and its files are removed."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        url = make_url(process.stdout.readline().strip())
        folder = Path(str(url.query["host"]))
        assert (folder / "data" / "postmaster.pid").exists()
        process.kill()
    wait_until(lambda: not folder.exists())
