"""The head of a table of measures with the facts of the machine, and progress lines."""

import os
import platform
import sys
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from optimizer.cores import number_of_usable_cores


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


PACKAGES = ("strongroom", "highspy", "pyomo", "numpy", "scipy", "mpi-sppy")


def facts() -> Mapping[str, str]:
    """Return the facts of this machine at this moment."""
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return {
        "machine": f"{number_of_usable_cores()} cores ({_processor()}), "
        f"{memory:.0f} GiB, {platform.system()} {platform.machine()}",
        "load at the start": load,
        "versions": ", ".join(
            [f"Python {platform.python_version()}", *map(_version, PACKAGES)]
        ),
    }


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
