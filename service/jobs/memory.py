"""How much memory a job may have, and how much it has.

The limit is set for each process of a job, where an allocation beyond it fails. The
total of a job's processes is only measured from time to time.
"""

import contextlib
import os
import resource
from dataclasses import dataclass
from pathlib import Path

SHARE_OF_MACHINE = 0.8  # the rest is for the server, its database and the system
NEARLY = 0.8
KIBIBYTE = 1024
CONTAINER_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True, slots=True)
class Usage:
    """Memory of a job: resident bytes of all its processes, data bytes of the largest.

    Pages that processes share, of modules loaded before the fork, count for each.
    """

    together: int = 0
    largest: int = 0

    def most(self, other: "Usage") -> "Usage":
        """Return the larger of each."""
        return Usage(
            max(self.together, other.together), max(self.largest, other.largest)
        )

    def is_near(self, limit_bytes: int) -> bool:
        """Whether an allocation may well have failed for the limit."""
        return max(self.together, self.largest) >= NEARLY * limit_bytes


def equal_share(number_of_slots: int) -> int:
    """Return the bytes that each of that number of jobs may have on this machine."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for file in CONTAINER_LIMITS:
        # Missing, or `max`: the container has no limit.
        with contextlib.suppress(OSError, ValueError):
            memory = min(memory, int(file.read_text()))
    return int(SHARE_OF_MACHINE * memory) // number_of_slots


def limit_memory(limit_bytes: int) -> None:
    """Make larger allocations fail, in this process and in those that it starts."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most != resource.RLIM_INFINITY:
        limit_bytes = min(limit_bytes, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, most))


def lift_limit() -> None:
    """Remove the limit, so that the process can still report that it was reached."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def usage_of_session(leader: int) -> Usage:
    """Return the memory of the processes of a session; none where there is no /proc."""
    together = largest = 0
    for entry in Path("/proc").glob("[0-9]*"):
        # A process may have ended before its file is read.
        with contextlib.suppress(OSError):
            if os.getsid(int(entry.name)) == leader:
                bytes_of = _sizes((entry / "status").read_text())
                together += bytes_of.get("RssAnon", 0)
                largest = max(largest, bytes_of.get("VmData", 0))
    return Usage(together, largest)


def _sizes(status: str) -> dict[str, int]:
    lines = (line.split() for line in status.splitlines())
    return {
        words[0].rstrip(":"): int(words[1]) * KIBIBYTE
        for words in lines
        if words[-1] == "kB"
    }
