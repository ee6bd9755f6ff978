"""What a process loads before it can solve."""

import subprocess
import sys

SOLVE = """
import sys
import optimizer
from models.reading import read_instance
from service.casefiles import load
for method in ("extensive_form", "decomposition"):
    case = load("two_materials")
    options = {**case.get("options", {}), "method": method}
    assert optimizer.solve(read_instance({**case, "options": options})).plan
print({"scipy.stats", "scipy.spatial", "scipy.integrate"} & set(sys.modules))
"""


def test_pyomo_loads_no_parts_of_scipy_that_nothing_uses() -> None:
    """They would take a third of the time in which a process starts."""
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", SOLVE], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
