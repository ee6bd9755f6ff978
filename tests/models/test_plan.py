"""What a plan's document may not say."""

import pytest
from pydantic import ValidationError

from models.plan import TrancheStep
from models.record import LARGEST_NUMBER, Record
from tests.plans import steps


class Figure(Record):
    """A record with a number and a path of numbers."""

    tonnes: float
    path: tuple[float, ...] = ()


def test_a_number_beyond_this_world_is_a_mistake() -> None:
    """A slip of the keys such as 1e300 is told apart from a figure."""
    with pytest.raises(ValidationError, match="at most 1e"):
        Figure(tonnes=1e300)
    with pytest.raises(ValidationError, match="at most 1e"):
        Figure(tonnes=1.0, path=(1.0, -1e16))


def test_the_largest_number_is_fine() -> None:
    """The limit itself is allowed."""
    assert Figure(tonnes=LARGEST_NUMBER).tonnes == LARGEST_NUMBER


def test_a_step_has_an_alert_from_0_to_3() -> None:
    """There is no alert 4."""
    with pytest.raises(ValidationError, match="less than or equal to 3"):
        TrancheStep.model_validate(steps(1.0)[1] | {"alert": 4})
