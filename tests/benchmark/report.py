"""What stands above a table of measures, and what is told while they are taken."""

import sys
import time

from tests.benchmark.machine import facts


def header(*, is_quick: bool) -> dict[str, str]:
    """Return which sizes were measured, when, and on what machine."""
    return {
        "sizes": "small, to try the benchmark: no bar is about them"
        if is_quick
        else "as the bars demand",
        "started": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        **facts(),
    }


def tell(text: str) -> None:
    """Write a line with the time of day to standard error."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()
