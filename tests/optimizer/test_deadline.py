"""A deadline is a time on a clock, unless an interruption comes first."""

from optimizer.deadline import NEVER, Deadline


def test_time_runs_out() -> None:
    """At 7 of 10 seconds 3 are left; at 10 it is over."""
    times = iter([7.0, 9.9, 10.0])
    deadline = Deadline(10.0, clock=lambda: next(times))
    assert deadline.seconds_left() == 3.0
    assert not deadline.is_over
    assert deadline.is_over


def test_an_interruption_ends_it_at_once() -> None:
    """Also one that would never come."""
    assert not NEVER.is_over
    assert Deadline(is_interrupted=lambda: True).seconds_left() == 0.0


def test_a_share_of_the_time_left() -> None:
    """Half of the 6 seconds from 4 to 10 ends at 7; half of for ever is for ever."""
    assert Deadline(10.0, clock=lambda: 4.0).within(0.5).ends_at == 7.0
    assert NEVER.within(0.5) is NEVER
