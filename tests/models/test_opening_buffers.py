"""Working buffers at the start: what is wrong with them, and which are full."""

import pytest

from models.case_warnings import warnings_of
from models.opening_buffers import buffer_days, full_buffer_days
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case


def buffer(**terms: object) -> Case:
    """Return five days of gallium of the maker."""
    return {"participant": "maker", "material": "gallium", "days": 5.0} | terms


def test_all_mistakes_are_found_at_once(tiny_case: Case) -> None:
    """A full buffer is of ten days."""
    tiny_case["participants"][0]["working_buffer_days"] = 10.0
    buffers = [
        buffer(participant="nobody"),
        buffer(material="unobtainium"),
        buffer(days=11.0),
        buffer(),
    ]
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(tiny_case | {"position": {"buffers": buffers}})
    assert {mistake.path for mistake in caught.value.mistakes} == {
        "position.buffers",
        "position.buffers[0].participant",
        "position.buffers[1].material",
        "position.buffers[2].days",
    }


def test_a_buffer_is_full_if_nothing_is_said(tiny_case: Case) -> None:
    """Ten days, or the five that are stated."""
    tiny_case["participants"][0]["working_buffer_days"] = 10.0
    found = [
        buffer_days(read_instance(tiny_case | changes), "maker", "gallium")
        for changes in ({}, {"position": {"buffers": [buffer()]}})
    ]
    assert found == [10.0, 5.0]


def test_a_full_buffer_may_be_of_other_days_than_usual(tiny_case: Case) -> None:
    """It was laid in when the need was larger, and then is twelve days of ten."""
    tiny_case["participants"][0]["working_buffer_days"] = 10.0
    full = {"buffers": [buffer(days=11.0, full_days=12.0)]}
    case = read_instance(tiny_case | {"position": full})
    assert full_buffer_days(case, "maker", "gallium") == 12.0
    assert full_buffer_days(read_instance(tiny_case), "maker", "gallium") == 10.0
    for days, paths in ((12.0, set[str]()), (10.0, {"position.buffers[0].full_days"})):
        there = {"buffers": [buffer(full_days=days)]}
        case = read_instance(tiny_case | {"position": there})
        assert {x.path for x in warnings_of(case) if "position" in x.path} == paths


def test_a_full_buffer_is_warned_of(tiny_case: Case) -> None:
    """It would be full without a word."""
    tiny_case["participants"][0]["working_buffer_days"] = 10.0
    for days, paths in ((10.0, {"position.buffers[0].days"}), (5.0, set[str]())):
        case = read_instance(tiny_case | {"position": {"buffers": [buffer(days=days)]}})
        assert {x.path for x in warnings_of(case) if "position" in x.path} == paths
