"""Of many examples some are tried in every run of the suite, all by `make thorough`."""

from collections.abc import Sequence

import pytest
from _pytest.mark import ParameterSet


def some_of(values: Sequence[object], number: int) -> list[ParameterSet]:
    """Return all values as parameters, of which the suite tries the first few."""
    return [
        pytest.param(x, marks=() if i < number else pytest.mark.thorough)
        for i, x in enumerate(values)
    ]
