"""Orders of jobs that the invented solver treats as told, and their processes."""

from pathlib import Path

from tests.service.fake_solver import Behaviour


def order_of(case_hash: str, behaviour: Behaviour) -> dict[str, object]:
    """Return the order of a job that behaves like that."""
    return {"case": case_hash, "options": {"seed": int(behaviour)}}


def solving_processes(job_id: str) -> list[int]:
    """Return the processes that were started for a job."""
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and job_id.encode() in _command_line(entry)
    ]


def processes_of_session(leader: int) -> list[int]:
    """Return the living processes of the session that a process leads or led."""
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and _session(entry) == leader
    ]


def _session(entry: Path) -> int | None:
    """Return the session of a process, None if it is gone."""
    try:
        stat = (entry / "stat").read_text()
    except OSError:
        return None
    # The name, in brackets, may hold anything; then: state, parent, group, session.
    state, _, _, session = stat.rpartition(")")[2].split()[:4]
    return None if state in "ZX" else int(session)


def _command_line(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""
