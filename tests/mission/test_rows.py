"""The what-ifs of the mission are shipped, valid, and free of parts without effect."""

import pytest

from models.case_warnings import warnings_of
from service.casefiles import open_case
from tests.mission.comparing import Change, Solved
from tests.mission.rows import CASE, Row, base_of, rows, what_if_of


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.what_if)
def test_a_what_if_changes_its_base(row: Row) -> None:
    """It is a case of its own, and says why in a sentence."""
    assert what_if_of(row).content_hash != base_of(row).content_hash
    assert row.why.endswith(".")
    named = open_case(CASE).variants[row.what_if].base
    assert named in {"", row.base}


def test_bases_have_no_warnings() -> None:
    """Every part of them has its effect."""
    for row in {row.base: row for row in rows()}.values():
        assert warnings_of(base_of(row)) == []


def test_a_change_counts_above_both_gaps() -> None:
    """98..100 against 93..95: 5 is more than 2 + 2; 3 against 95..97 is not."""
    base = Solved(200.0, 100.0, 98.0, {"gallium": 30.0, "tin": 7.0}, frozenset({"a"}))
    far = Solved(200.0, 95.0, 93.0, {"gallium": 60.0, "tin": 7.4}, frozenset({"b"}))
    near = Solved(200.0, 97.0, 95.0, base.days, base.contracts)
    assert Change(base, far).moves
    assert Change(base, far).moved() == "gallium 30 -> 60 days; + b; - a"
    assert not Change(base, near).moves
    assert Change(base, near).moved() == "nothing"
