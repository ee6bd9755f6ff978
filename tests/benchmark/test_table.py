"""Ratios, bars and the Markdown of the table."""

import pytest

from tests.benchmark.table import GIBIBYTE, Row, markdown


@pytest.mark.parametrize(
    ("row", "is_met"),
    [
        (Row("time", 0.05, ours=1.0, compared=20.0), True),  # 1 / 20 = 0.05
        (Row("time", 0.05, ours=1.1, compared=20.0), False),  # 0.055
        (Row("gap", 0.01, "gap", ours=0.0099), True),
        (Row("gap", 0.01, "gap", ours=0.0101), False),
        (Row("gap", 0.01, "gap"), False),
        (Row("time", 0.05, ours=1.0, compared=90.0, failure="gap not met"), False),
        (Row("mistakes", 0.0, "cases", ours=0.0), True),
    ],
)
def test_a_bar_limits_the_ratio_or_the_figure(row: Row, *, is_met: bool) -> None:
    """A figure that is missing or not valid meets no bar."""
    assert row.is_met == is_met


def test_a_program_stopped_early_gives_a_bound_of_the_ratio() -> None:
    """The ratio is at most 6 / 600."""
    row = Row("time", 0.1, ours=6.0, compared=600.0, is_at_most=True)
    assert row.cells()[3:6] == ("at most 0.01", "<= 0.1", "yes")


def test_figures_have_their_units() -> None:
    """A gap is in percent, memory in GiB; bars that are not ratios too."""
    gap = Row("gap", 0.01, "gap", ours=0.0123)
    memory = Row("memory", 4 * GIBIBYTE, "bytes", ours=1.5 * GIBIBYTE)
    assert gap.cells()[1:6] == ("1.23 %", "", "", "<= 1.00 %", "NO")
    assert memory.cells()[1:6] == ("1.50 GiB", "", "", "<= 4.00 GiB", "yes")


def test_the_table_has_a_line_for_each_row() -> None:
    """Facts stand above it; a bar in a remark does not end the cell."""
    written = markdown({"cores": "2"}, [Row("time", 1.0, ours=1.0, remarks="a | b\nc")])
    facts, heading, _, line = written.splitlines()[2:3] + written.splitlines()[4:]
    assert facts == "- cores: 2"
    assert heading.count("|") == 8
    assert line.endswith("| a \\| b c |")
