"""How lines run, from arrays by hand: two products, one scenario, two months."""

import numpy as np

from models.history import RunningDays
from optimizer.evaluation.output import Output, output_without_vault

NO, YES = False, True


def output(lost: list[list[float]], stopped: list[list[bool]]) -> Output:
    """Return an output in the one scenario; short is what loses anything."""
    share = np.array(lost)[:, np.newaxis]
    return Output(share, share > 0, np.array(stopped)[:, np.newaxis])


def test_days_of_a_line_add_up_to_the_horizon() -> None:
    """A month of 30 days is stopped by a quarter, one is reduced by a half."""
    made = output([[0.25, 0.5], [0.0, 0.0]], [[YES, NO], [NO, NO]])
    assert made.running_days(0, 0, 30.0) == RunningDays(
        full_output_days=0,
        reduced_output_days=30,
        stopped_days=30,
        lost_output_days=30 * 0.25 + 30 * 0.5,
    )
    assert made.running_days(1, 0, 30.0).full_output_days == 60


def test_a_tie_shared_in_another_way_is_not_the_work_of_the_vault() -> None:
    """Only in the first month the vault supplies anything: the second is one world."""
    with_vault = output([[0.0, 0.4], [0.0, 0.0]], [[NO, YES], [NO, NO]])
    bare = output([[0.4, 0.0], [0.4, 0.4]], [[YES, NO], [YES, YES]])
    found = output_without_vault(with_vault, bare, np.array([[YES, NO]]))
    assert found.lost[:, 0].tolist() == [[0.4, 0.4], [0.4, 0.0]]
    assert found.is_short[:, 0].tolist() == [[YES, YES], [YES, NO]]
    assert found.is_stopped[:, 0].tolist() == [[YES, YES], [YES, NO]]
