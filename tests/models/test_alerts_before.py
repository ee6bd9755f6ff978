"""Alerts before the start: what is wrong with them, and which have no effect."""

import pytest

from models.alerts_before import alerts_before
from models.case_warnings import warnings_of
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case


def alerts(*levels: int, material: str = "gallium") -> Case:
    """Return a position with alerts of the last periods."""
    return {"position": {"alerts": [{"material": material, "levels": levels}]}}


def test_all_mistakes_are_found_at_once(tiny_case: Case) -> None:
    """An unknown material, one that is listed twice, and levels that are none."""
    listed = [
        {"material": "unobtainium", "levels": [1]},
        {"material": "gallium", "levels": [1]},
        {"material": "gallium", "levels": [1]},
    ]
    wrong = [{"material": "gallium", "levels": levels} for levels in ([4], [])]
    for found, paths in (
        (listed, {"position.alerts[unobtainium].material", "position.alerts"}),
        (wrong, {"position.alerts[0].levels[0]", "position.alerts[1].levels"}),
    ):
        with pytest.raises(InvalidCaseError) as caught:
            read_instance(tiny_case | {"position": {"alerts": found}})
        assert {mistake.path for mistake in caught.value.mistakes} == paths


def test_nothing_said_is_calm(tiny_case: Case) -> None:
    """Or what is stated, the latest one last."""
    assert alerts_before(read_instance(tiny_case), "gallium") == ()
    case = read_instance(tiny_case | alerts(0, 2))
    assert alerts_before(case, "gallium") == (0, 2)


@pytest.mark.parametrize(
    ("notice_days", "levels", "is_idle"),
    [
        (0.0, [2], True),
        (10.0, [2], False),
        (10.0, [0], True),
        (10.0, [2, 2], True),
        (40.0, [2, 2], False),
        # Two whole months of notice: an alert that began three months ago opens it.
        (2 * 30.4375, [1, 1, 1], False),
    ],
)
def test_alerts_without_effect_are_warned_of(
    tiny_case: Case, notice_days: float, levels: list[int], *, is_idle: bool
) -> None:
    """Calm ones, and those of before the notice."""
    tiny_case["storage_classes"][0]["notice_days"] = notice_days
    case = read_instance(tiny_case | alerts(*levels))
    found = {x.path for x in warnings_of(case) if "position" in x.path}
    assert found == ({"position.alerts[gallium].levels"} if is_idle else set())


@pytest.mark.parametrize(
    ("notice_days", "since", "levels", "is_told"),
    [
        (10.0, "2025-11-20", [], True),
        (10.0, "2025-11-20", [3], False),
        (0.0, "2025-11-20", [], False),
        # Of a ban of some days the month before may have had no alert.
        (10.0, "2025-12-28", [], False),
    ],
)
def test_a_ban_in_force_without_alerts_is_warned_of(
    tiny_case: Case,
    notice_days: float,
    since: str,
    levels: list[int],
    *,
    is_told: bool,
) -> None:
    """The store would count its notice from the start, though the ban is older."""
    tiny_case["storage_classes"][0]["notice_days"] = notice_days
    position: Case = {"disruptions": [{"event": "chn-ban", "since": since}]}
    if levels:
        position |= alerts(*levels)["position"]
    found = warnings_of(read_instance(tiny_case | {"position": position}))
    told = [
        x for x in found if x.path == "position.alerts[gallium]" and x.value == "absent"
    ]
    assert bool(told) == is_told
