import os

from service.jobs.memory import Usage, equal_share, usage_of_session


def test_slots_share_the_memory_of_the_machine() -> None:
    """All of them together leave something for the server."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < 4 * equal_share(4) <= equal_share(1) < machine


def test_a_session_has_the_memory_of_its_processes() -> None:
    """It has at least what is held here."""
    held = b"x" * 200_000_000
    usage = usage_of_session(os.getsid(0))
    assert min(usage.together, usage.largest) >= len(held)


def test_a_session_of_nobody_has_nothing() -> None:
    """No process leads it."""
    assert usage_of_session(2**22 + 1) == Usage()
