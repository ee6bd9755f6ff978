"""Standard output and error that are full or closed, and Ctrl-C before a solve."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.exit_status import ExitStatus
from service.files.plans import read_plan
from tests.service.cli.conftest import strongroom

ROOT = Path(__file__).parents[3]
PROGRAM = (sys.executable, "-c", "from service.cli import main; main()")
FULL = "/dev/full"
NO_ROOM = "strongroom: not written: standard output: No space left on device\n"


def shell(line: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a line of bash, in which "$@" is the program with words."""
    return subprocess.run(  # noqa: S603 - the program and fixed lines
        ["/bin/bash", "-c", line, "bash", *PROGRAM, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
    )


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a plan."""
    path = tmp_path_factory.mktemp("solved") / "plan.json"
    assert strongroom("solve", "two_materials", "--output", path).exit_code == 0
    return path


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ('"$@" 2>/dev/full', 0),
        ('"$@" 2>&1 | head -2; exit ${PIPESTATUS[0]}', ExitStatus.OUTPUT_CLOSED),
        ('"$@" 2>&-', 0),
    ],
)
def test_progress_that_cannot_be_written_loses_no_plan(
    tmp_path: Path, line: str, status: int
) -> None:
    """The solve goes on, and the plan is in its file."""
    path = tmp_path / "plan.json"
    done = shell(line, "solve", "two_materials", "--output", path)
    assert done.returncode == status
    assert read_plan(path).levels
    assert "Traceback" not in done.stdout + done.stderr


def test_a_full_standard_output_is_one_line(plan: Path) -> None:
    """The status is that of a file without room."""
    done = shell('"$@" >/dev/full', "show", plan)
    assert (done.returncode, done.stderr) == (ExitStatus.BAD_INPUT, NO_ROOM)


def test_both_streams_may_be_full(plan: Path) -> None:
    """Nothing can be said then; the status says it."""
    done = shell('"$@" >/dev/full 2>/dev/full', "show", plan)
    assert done.returncode == ExitStatus.BAD_INPUT


def test_a_reader_that_leaves_is_no_error(plan: Path) -> None:
    """The program ends quietly, with the status of a broken pipe."""
    done = shell('"$@" | true; exit ${PIPESTATUS[0]}', "show", plan, "--json")
    assert (done.returncode, done.stderr) == (ExitStatus.OUTPUT_CLOSED, "")


def test_a_standard_stream_is_no_file_for_a_plan(tmp_path: Path) -> None:
    """Told before the solve, also if standard output is a file."""
    out, name = tmp_path / "out", "/dev/fd/1"
    line = f'"$@" >{out}'
    done = shell(line, "solve", "two_materials", "--output", name)
    assert done.returncode == ExitStatus.BAD_INPUT
    assert f"{name}: is 'a standard stream'" in done.stderr
    assert out.read_text() == ""


INTERRUPTED_IMPORT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from service.cli import main
main()
"""


@pytest.mark.parametrize("name", ["typer", "highspy"])
def test_ctrl_c_during_an_import_prints_nothing(name: str) -> None:
    """Neither while the program loads nor while a command loads the optimizer."""
    done = subprocess.run(  # noqa: S603 - this very program
        [
            sys.executable,
            "-c",
            INTERRUPTED_IMPORT.format(name=name),
            "solve",
            "two_materials",
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


INTERRUPTED_COMMAND = """
import os, signal
from service.cli.commands import show
from service.cli import main
show.read_plan = lambda path: os.kill(os.getpid(), signal.SIGINT)
main()
"""


def test_ctrl_c_during_a_command_prints_nothing() -> None:
    """It ends as programs do that do not handle it."""
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", INTERRUPTED_COMMAND, "show", "plan.json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
