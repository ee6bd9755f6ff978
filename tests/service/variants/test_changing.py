"""What an overlay changes, and what is wrong in one; all mistakes are reported."""

import json
from copy import deepcopy
from typing import Any

import pytest

from models.reading import InvalidCaseError, read_instance
from service.variants.changing import changed
from service.variants.overlay import Overlay
from tests import cases
from tests.cases import Case, add_germanium

LIMIT = "financing.loan.limit_usd"


@pytest.fixture
def content(tiny_case: Case) -> Case:
    """Return the tiny case with a second material, as documents have it."""
    add_germanium(tiny_case)
    return json.loads(read_instance(tiny_case).model_dump_json())


def overlay(**changes: Any) -> Overlay:  # noqa: ANN401 - JSON
    """Return an overlay."""
    return Overlay.model_validate(changes)


def mistakes(content: Case, **changes: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return what is wrong in an overlay that must change its base."""
    with pytest.raises(InvalidCaseError) as caught:
        changed(content, overlay(**changes), must_change=True)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_changes_come_in_a_fixed_order(content: Case) -> None:
    """The patch, what is kept, dropped and added, and then values."""
    found = changed(
        content,
        overlay(
            patch={"options": {"gap": 0.1}, "trade": None},
            keep={"materials": ["gallium"]},
            drop={"events": ["chn-ban"]},
            add={"financing.facilities": [cases.facility("other", limit_usd=1.0)]},
            set={"options.gap": 0.2, "financing.other.limit_usd": 2.0},
        ),
    )
    assert found["options"]["gap"] == 0.2
    assert "trade" not in found
    assert [x["id"] for x in found["materials"]] == ["gallium"]
    assert found["events"] == []
    assert [(x["id"], x["limit_usd"]) for x in found["financing"]["facilities"]] == [
        ("loan", 5e6),
        ("capital", 1e6),
        ("other", 2.0),
    ]


def test_the_base_is_left_alone_and_what_is_not_changed_is_shared(
    content: Case,
) -> None:
    """Ten thousand variants of a large case are not ten thousand copies."""
    before = deepcopy(content)
    drop = {"materials": ["germanium"]}
    found = changed(content, overlay(drop=drop, set={LIMIT: 1.0}))
    assert content == before
    assert found["events"] is content["events"]
    assert found["participants"] is content["participants"]
    assert found["financing"] is not content["financing"]


def test_every_change_that_leads_nowhere_is_reported(content: Case) -> None:
    """With its place, and the nearest of what there is."""
    found = mistakes(
        content,
        keep={"materials": ["gallium", "germanum"], "colours": ["red"]},
        drop={"participants": ["makerr"], "events": ["chn-ban", "chn-ban"]},
        add={"routes": [{}, cases.route("gallium", "CHN", 0.1)], "trade": [{}]},
        set={"financing.loan.limit": 1},
    )
    assert [line.split(":")[0] for line in found] == [
        "keep.materials[1]",
        "keep.colours",
        "drop.participants[0]",
        "drop.events[1]",
        "add.routes[0].id",
        "add.routes[1].id",
        "add.trade",
        "financing.loan.limit",
    ]
    assert "perhaps germanium" in found[0]
    assert "perhaps maker" in found[2]


def test_a_list_is_kept_or_dropped(content: Case) -> None:
    """Both at once contradict each other; an empty list says nothing."""
    gallium = {"materials": ["gallium"]}
    (found,) = mistakes(content, keep=gallium, drop=gallium)
    assert "not in both" in found
    (found,) = mistakes(content, drop={"materials": []}, set={LIMIT: 1.0})
    assert "drop.materials: is [], expected at least one id" in found


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({}, "variant"),
        ({"set": {LIMIT: 5e6}}, LIMIT),
        ({"set": {"materials.gallium.price_path_usd_per_tonne": None}}, "materials"),
        ({"set": {"competing_buyers": []}}, "competing_buyers"),
        ({"patch": {"options": {"gap": 0.01}}}, "patch.options.gap"),
        ({"patch": {"colour": None}}, "patch.colour"),
        ({"keep": {"events": ["chn-ban"]}}, "keep.events"),
    ],
)
def test_what_changes_nothing_is_a_mistake_where_it_must(
    content: Case, changes: dict[str, Any], path: str
) -> None:
    """A grid may hold the value of the base; a variant that is named is about it."""
    (found,) = mistakes(content, **changes)
    assert found.startswith(path)
    case = read_instance(changed(content, overlay(**changes)))
    assert case == read_instance(content)
