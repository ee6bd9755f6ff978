"""How long it takes until a solve begins: `python -m tests.benchmark.starting`.

A process forked with all that it needs, beside a fresh interpreter that loads it.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from models.content import canonical_json
from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.reading import read_instance
from service.casefiles import load
from service.jobs.process import SolvingProcess
from service.jobs.worker_config import WorkerConfig

REPEATS = 20
FRESH = "import service.optimization; print(flush=True)"


def begin(
    _: Instance, *, on_progress: Callable[[ProgressRecord], None], **__: object
) -> Outcome:
    """Be a solver that has nothing to do."""
    on_progress(ProgressRecord(seconds=0.0, stage="begin"))
    return Outcome(termination=Termination.NUMERICAL, seconds=0.0)


def forked() -> float:
    """Return the seconds until a forked process has read a case and begins."""
    case = canonical_json(read_instance(load("project_vault")))
    start_s = time.perf_counter()
    task = WorkerConfig("tests.benchmark.starting:begin").task(case)
    messages = SolvingProcess.start(task).messages()
    first = next(messages)
    seconds = time.perf_counter() - start_s
    list(messages)
    if not isinstance(first, ProgressRecord):
        msg = f"the process said {first}, expected that it begins"
        raise TypeError(msg)
    return seconds


def fresh() -> float:
    """Return the seconds until a fresh interpreter has loaded the solver."""
    start_s = time.perf_counter()
    subprocess.run(  # noqa: S603 - the same Python
        [sys.executable, "-P", "-c", FRESH], stdout=subprocess.PIPE, check=True
    )
    return time.perf_counter() - start_s


def main() -> None:
    """Print the median and the range of both, and the ratio."""
    sys.stdout.write(f"first, with the fork server itself: {forked():.3f} s\n")
    medians: list[float] = []
    for name, measure in {"forked": forked, "fresh": fresh}.items():
        seconds = [measure() for _ in range(REPEATS)]
        medians.append(statistics.median(seconds))
        sys.stdout.write(
            f"{name}: {medians[-1]:.3f} s ({min(seconds):.3f} .. {max(seconds):.3f})\n"
        )
    sys.stdout.write(f"{medians[1] / medians[0]:.0f} times as fast\n")


if __name__ == "__main__":
    main()
