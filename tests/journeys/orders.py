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


def _command_line(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""
