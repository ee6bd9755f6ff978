"""How long the orders of a month take: `python -m tests.benchmark.advancing`.

The months of the reference case begin with its plan for a few scenarios, in a process
that has the optimizer loaded; nothing is read from files within the time.
"""

import statistics
import sys
import time

from models.observation import Observation
from models.options import SolveOptions
from models.reading import read_instance
from optimizer import advance, solve
from service.casefiles import load

MONTHS = 5
PLANNED_WITH = 20  # scenarios; the orders are compared with those of the case


def main() -> None:
    """Print the seconds of each month and their median."""
    case = read_instance(load("project_vault"))
    few = case.options.model_dump() | {"number_of_scenarios": PLANNED_WITH}
    options = SolveOptions.model_validate(few)
    plan = solve(case.model_copy(update={"options": options})).plan
    if plan is None:
        msg = "project_vault has no plan"
        raise RuntimeError(msg)
    orders, seconds = None, list[float]()
    for _ in range(MONTHS):
        facts = Observation(start=case.horizon.start, otherwise="as_planned")
        start_s = time.perf_counter()
        advanced = advance(case, plan, facts, previous=orders)
        seconds.append(time.perf_counter() - start_s)
        sys.stdout.write(f"{case.horizon.start}: {seconds[-1]:.3f} s\n")
        orders, case = advanced.orders, advanced.next_case or case
    sys.stdout.write(f"median: {statistics.median(seconds):.3f} s\n")


if __name__ == "__main__":
    main()
