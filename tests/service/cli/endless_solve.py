"""A program whose solver finds a plan and then never returns.

`endless_solve.py CASE OUTPUT LOG`; output goes to the standard streams.
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from service.cli.commands.solve import solve_case
from service.cli.inputs import read_case
from tests.service.fake_solver import plan_of


def solve(
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
    is_interrupted: Callable[[], bool],
) -> Outcome:
    """Find the plan that holds nothing, and wait for ever."""
    del is_interrupted
    on_incumbent(plan_of(instance))
    on_progress(ProgressRecord(seconds=0.0, stage="for ever"))
    threading.Event().wait()
    raise AssertionError


if __name__ == "__main__":
    case, output, log = sys.argv[1:]
    solve_case(
        read_case(case),
        solve=solve,
        output=Path(output),
        log=Path(log),
        as_json=False,
    )
