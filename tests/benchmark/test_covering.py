"""How often an interval holds the truth, counted on a case whose truth is known."""

import pytest

from tests.benchmark.covering import Cover, Covered


def test_intervals_of_a_certain_cost_always_hold_it() -> None:
    """All scenarios of this case are alike."""
    assert Cover("two_materials", replications=3, scenarios=4).perform() == Covered(
        replications=3, held=3, below=0
    )


def test_no_interval_comes_from_one_batch() -> None:
    """Three scenarios are one batch."""
    with pytest.raises(ValueError, match="3 scenarios have no interval"):
        Cover("two_materials", replications=1, scenarios=3).perform()


def test_some_intervals_do_not_hold_it() -> None:
    """From 40 scenarios without vault: a few miss, some of them too low."""
    found = Cover("magnets", 40, 40, is_without_vault=True).perform()
    assert 0 < found.held < found.replications
    assert 0 < found.below <= found.replications - found.held
