"""What a process loads before it can solve."""

import subprocess
import sys


def test_pyomo_loads_no_parts_of_scipy_that_nothing_uses() -> None:
    """They would take a third of the time in which a process starts."""
    program = (
        "import sys, optimizer;"
        "print({'scipy.stats', 'scipy.spatial', 'scipy.integrate'} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
