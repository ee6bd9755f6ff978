"""Overlays of random cases: what an inverse undoes, and what order does not matter."""

import json
from copy import deepcopy
from typing import Any

import numpy as np
from hypothesis import given, settings

from models.reading import read_instance
from service.overrides import Assignments
from service.variants.changing import changed
from service.variants.merge_patch import difference, merged
from service.variants.named import varied_case
from service.variants.overlay import Overlay
from tests.cases import Case
from tests.laws.tiny_cases import SEEDS, tiny_case

MANY = settings(max_examples=50, deadline=None, derandomize=True)
FIGURES = (
    "materials.m0.lot_tonnes",
    "materials.m0.price_usd_per_tonne",
    "materials.m1.minimum_days_of_cover",
    "financing.facilities.0.limit_usd",
    "options.seed",
    "trade.border_adjustment_rate",
    "m1-chn.share",
)
DROPPABLE = ("entitlement_offers", "contracts", "events", "rules")


def content(seed: int) -> Case:
    """Return a random case as documents have it."""
    return json.loads(read_instance(tiny_case(seed)).model_dump_json())


def overlay(**changes: Any) -> Overlay:  # noqa: ANN401 - JSON
    """Return an overlay."""
    return Overlay.model_validate(changes)


def value_at(case: Case, path: str) -> object:
    """Return the value at a path."""
    return Assignments().put(deepcopy(case), path, None, path)


@MANY
@given(SEEDS)
def test_the_inverse_of_a_variant_gives_the_base_back(seed: int) -> None:
    """Values set and set back, and parts dropped and added again in their place."""
    base, draw = content(seed), np.random.default_rng(seed)
    paths = [path for path in FIGURES if draw.random() < 0.5] or [FIGURES[0]]
    values = {path: value_at(base, path) for path in paths}
    there = {path: float(draw.integers(1, 9)) for path in paths}
    varied = changed(base, overlay(set=there))
    assert changed(varied, overlay(set=values)) == base
    for section in DROPPABLE:
        ids = [part["id"] for part in base[section]]
        if ids:
            gone = changed(base, overlay(drop={section: ids}))
            assert gone[section] == []
            assert changed(gone, overlay(add={section: base[section]})) == base


@MANY
@given(SEEDS)
def test_to_keep_is_to_drop_the_others(seed: int) -> None:
    """Both leave the same valid case, which refers to nothing that is not there."""
    base = content(seed)
    kept, *others = (m["id"] for m in base["materials"])
    one = changed(base, overlay(keep={"materials": [kept]}), must_change=True)
    other = changed(base, overlay(drop={"materials": others}), must_change=True)
    assert one == other
    assert [m.id for m in read_instance(one).materials] == [kept]


@MANY
@given(SEEDS)
def test_a_variant_is_read_from_a_case_as_written_or_as_stored(seed: int) -> None:
    """Defaults that are left out make no difference to the case."""
    change = overlay(title="v", set={"options.seed": 7}, drop={"routes": ["m0-aus"]})
    whole = read_instance(varied_case(content(seed), "v", change))
    spare = read_instance(varied_case(tiny_case(seed), "v", change))
    assert whole == spare
    assert whole.content_hash == spare.content_hash


@MANY
@given(SEEDS)
def test_the_difference_of_two_cases_leads_from_one_to_the_other(seed: int) -> None:
    """Whatever they share; and there is none between a case and itself."""
    one, other = content(seed), content(seed + 1)
    assert merged(one, difference(one, other)) == other
    assert difference(one, one) == {}
