"""What a solving process writes to the log that it shares with whoever started it."""

import json
import subprocess
import sys
from pathlib import Path

from models.content import canonical_json
from models.instance import Instance
from tests.service.fake_solver import SOLVER, Behaviour

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from service.jobs.process import SolvingProcess
from service.jobs.worker_config import WorkerConfig
config = WorkerConfig(sys.argv[1], log_format="json")
process = SolvingProcess.start(config.task(sys.stdin.read(), "j-1", 2))
for message in process.messages():
    print(type(message).__name__)
"""


def test_log_lines_of_a_solve_name_its_job(instance: Instance) -> None:
    """They have the form that the settings ask for, job and attempt."""
    options = instance.options.model_copy(update={"seed": int(Behaviour.RAISE)})
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-c", PROGRAM, SOLVER],
        input=canonical_json(instance.model_copy(update={"options": options})),
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert ended.stdout.split() == ["ProgressRecord", "Failure"]
    (line,) = map(json.loads, ended.stderr.splitlines())
    assert (line["job"], line["attempt"], line["level"]) == ("j-1", 2, "error")
    assert "the solver lost its way" in line["exception"]
