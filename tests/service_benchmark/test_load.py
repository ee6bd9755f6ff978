"""Figures of a load are those of its answers."""

import pytest

from tests.service_benchmark.load import Load


def test_rate_and_times_are_those_of_the_answers() -> None:
    """Of reads of 1 to 100 ms, 95 in a hundred take at most 96 ms; orders count too."""
    load = Load(
        reads_s=[x / 1_000 for x in range(1, 101)], orders_s=[0.5] * 20, seconds=2.0
    )
    assert load.rate_per_s == 60.0
    assert load.read_s(50) == pytest.approx(0.0505)
    assert 0.095 <= load.read_s(95) <= 0.096
    assert "60 answers a second, reads: median 50 ms" in load.in_words()
    assert load.in_words().endswith("20 orders")
