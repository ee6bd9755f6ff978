"""Orders of jobs that the invented solver treats as told."""

from tests.service.fake_solver import Behaviour


def order_of(case_hash: str, behaviour: Behaviour) -> dict[str, object]:
    """Return the order of a job that behaves like that."""
    return {"case": case_hash, "options": {"seed": int(behaviour)}}
