"""Warnings of a case: of any case, in any order, and none without a reason."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.case_warnings import warnings_of
from models.identifiers import LISTS
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case
from tests.laws.tiny_cases import SEEDS
from tests.optimizer.random_cases import random_case

MANY = settings(max_examples=100, deadline=None, derandomize=True)
# The lists of a case whose order is a matter of writing.
ORDERLESS = tuple(x for x in LISTS if x not in {"financing.facilities", "unmodelled"})
EXTREMES: tuple[Any, ...] = (
    0,
    1,
    5,
    1e-9,
    1e9,
    600,
    "CHM",
    "zone",
    "2100-01-01",
    [],
    None,
)
EVENTS: list[dict[str, Any]] = [
    {
        "id": f"e{i}",
        "name": "Event",
        "country": "CHN",
        "stage": "both",
        "materials": ["m0", "m1"],
        "phases": [
            {
                "name": "ban",
                "duration_days_low": 10,
                "duration_days_high": 20,
                "availability": 0.0,
            }
        ],
        **clock,
    }
    for i, clock in enumerate(
        ({"hazard_per_year": 0.5}, {"onset_date": "2026-02-01", "probability": 0.5})
    )
]


def content(seed: int) -> Case:
    """Return a random case as a mapping, with events."""
    case = json.loads(random_case(seed).model_dump_json())
    return case | {"events": EVENTS}


def sound(case: Case) -> Case:
    """Return the case without what may be in vain: members, costs, own sales."""
    plain = {"operating_cost_usd_per_tonne": None, "treatment_charge": None}
    routes = [route | plain for route in case["routes"]]
    options = [x | {"pays_operating_cost": False} for x in case["sourcing_options"]]
    financing = case["financing"] | {"pool_sale_price": "market"}
    plain = {"membership": None, "routes": routes, "financing": financing}
    return case | plain | {"sourcing_options": options, "treatment_charges": []}


def shuffled(case: Case, seed: int) -> Case:
    """Return the case with the elements of each list in another order."""
    draw = np.random.default_rng(seed)
    return case | {
        name: [case[name][i] for i in draw.permutation(len(case[name]))]
        for name in ORDERLESS
        if name in case
    }


def leaves(part: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    """Yield each place of a value in JSON: what holds it, and its key."""
    for key, value in [*(part.items() if hasattr(part, "items") else enumerate(part))]:
        if type(value) in {dict, list} and value:
            yield from leaves(value)
        else:
            yield part, key


def with_an_extreme(case: Case, draw: np.random.Generator) -> Case:
    """Return the case with a value somewhere replaced by an extreme one."""
    copy: Case = json.loads(json.dumps(case))
    places = [*leaves(copy)]
    holder, key = places[draw.integers(len(places))]
    holder[key] = EXTREMES[draw.integers(len(EXTREMES))]
    return copy


@MANY
@given(seed=SEEDS)
def test_a_sound_case_has_none_in_any_order(seed: int) -> None:
    """Neither as it is nor with its parts in another order."""
    case = sound(content(seed))
    assert warnings_of(read_instance(case)) == []
    assert warnings_of(read_instance(shuffled(case, seed))) == []


@MANY
@given(seed=SEEDS, number=st.integers(1, 4))
def test_they_never_fail(seed: int, number: int) -> None:
    """Whatever valid case it is: each has a section, and its order changes nothing."""
    draw = np.random.default_rng(seed)
    case = content(seed)
    for _ in range(number):
        changed = with_an_extreme(case, draw)
        try:
            found = warnings_of(read_instance(changed))
        except InvalidCaseError:
            continue
        case = changed
        assert all(x.path.partition(".")[0].partition("[")[0] in case for x in found)
        assert all(str(x) for x in found)
        again = warnings_of(read_instance(shuffled(case, seed)))
        assert len(again) == len(found)
