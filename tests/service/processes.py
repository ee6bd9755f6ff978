"""Python programs in other processes, and the processes of the system, from /proc."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


def ran(
    program: str, *words: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program with this environment alone; return what it wrote."""
    return subprocess.run(  # noqa: S603 - the same Python
        [sys.executable, "-P", "-c", program, *words],
        input=stdin,
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)} | environment,
    )


class Process(Protocol):
    """What can be ended: a subprocess.Popen, or what is used as one."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""

    def wait(self, timeout: float, /) -> int:
        """Return the exit status; raise TimeoutExpired if it runs on for so long."""
        ...


def end(process: Process) -> None:
    """End a process: ask it to, and kill it if it does not; it may have ended."""
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(PATIENCE_S)


def processes_of_session(leader: int) -> list[int]:
    """Return the living processes of the session that a process leads or led."""
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if _session(entry) == leader
    ]


def processes_around(folder: Path) -> list[int]:
    """Return a server of that data directory and all that it started, at any remove.

    They have its environment; what is gone has none.
    """
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if f"STRONGROOM_DATA_DIRECTORY={folder}".encode() in _environment(entry)
    ]


def solving_processes(folder: Path) -> list[int]:
    """Return the processes that the server of that data directory solves jobs in."""
    return [
        process
        for process in processes_around(folder)
        if _session(Path("/proc", str(process))) == process
    ]


def processes_solving_here() -> list[int]:
    """Return the processes that this process has jobs solved in, by its fork server."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        process, server = int(entry.name), Path("/proc", str(_parent(entry)))
        if _session(entry) == process and _parent(server) == os.getpid():
            found.append(process)
    return found


def descendants(ancestor: int) -> list[int]:
    """Return the living processes that a process started, at any remove."""
    parents = {
        int(entry.name): _parent(entry) for entry in Path("/proc").glob("[0-9]*")
    }
    found, looked_at = list[int](), [ancestor]
    while looked_at:
        parent = looked_at.pop()
        children = [child for child in parents if parents[child] == parent]
        found += children
        looked_at += children
    return found


def is_alive(process: int) -> bool:
    """Whether a process is there and no mere entry of one."""
    return _session(Path("/proc", str(process))) is not None


def _session(entry: Path) -> int | None:
    """Return the session of a process, None if it has ended."""
    state, _, _, session = _stand(entry)
    return None if state in "ZX" else int(session)


def _parent(entry: Path) -> int | None:
    """Return the parent of a process, None if it has ended."""
    state, parent, _, _ = _stand(entry)
    return None if state in "ZX" else int(parent)


def _stand(entry: Path) -> list[str]:
    """Return state, parent, group and session of a process; X is gone."""
    try:
        stat = (entry / "stat").read_text()
    except OSError:
        return ["X", "0", "0", "0"]
    # The name, in brackets, may hold anything.
    return stat.rpartition(")")[2].split()[:4]


def _environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
