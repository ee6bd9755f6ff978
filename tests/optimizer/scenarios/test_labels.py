"""Streams follow what things are: neither names nor order nor figures move them."""

from copy import deepcopy
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instance import Instance
from models.reading import read_instance
from optimizer.scenarios import sample
from optimizer.scenarios.labels import Labels, labels_of
from service.casefiles import load
from tests.cases import Case
from tests.optimizer.scenarios.test_sampling import drawn, equal_bytes
from tests.optimizer.scenarios.test_sampling_laws import LAW, event_lists
from tests.renaming import renamed

SHIPPED = ("magnets", "project_vault", "two_materials")


def shipped(name: str) -> Case:
    """Return a case of the package as it is in its file."""
    return cast("Case", load(name))


def labels(case: Case) -> Labels:
    """Return the labels of a case as it is in a file."""
    return labels_of(read_instance(case))


def scenarios_bytes(instance: Instance) -> list[bytes]:
    """Return every array of a small sample."""
    found = sample(instance, number_of_scenarios=12, generator=np.random.default_rng(1))
    arrays = (found.probability, found.availability, found.price, found.demand)
    return [x.tobytes() for x in (*arrays, found.announced, found.stratum)]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("spelling", [1, 2])
def test_other_names_give_the_same_bytes(name: str, spelling: int) -> None:
    """A shipped case in which everything is called otherwise has its scenarios."""
    case = shipped(name)
    plain, other = read_instance(case), read_instance(renamed(case, spelling))
    assert scenarios_bytes(other) == scenarios_bytes(plain)


@LAW
@given(events=event_lists(), n=st.integers(1, 25), spelling=st.integers(1, 9))
def test_names_are_free(
    eventful: Case, events: list[Case], n: int, spelling: int
) -> None:
    """Any list of events, duplicates too, is drawn alike under any names."""
    case = eventful | {"events": events}
    assert equal_bytes(drawn(case, n), drawn(renamed(case, spelling), n))


def test_labels_differ_within_a_list() -> None:
    """No two materials, products or events share a stream."""
    for name in SHIPPED:
        found = labels(shipped(name))
        for of in (found.material, found.product, found.event):
            assert len(set(of.values())) == len(of)


def test_other_figures_keep_every_label() -> None:
    """A what-if with other prices, demand, chances and durations keeps the streams."""
    case = shipped("project_vault")
    plain = labels(case)
    case["materials"][0]["price_usd_per_tonne"] *= 1.01
    case["products"][-1]["demand_units_per_year"] *= 1.01
    case["routes"][0]["share"] *= 0.99
    event = case["events"][0]
    event["hazard_per_year"] *= 3
    event["phases"][0]["duration_days_high"] += 30
    assert labels(case) == plain


@pytest.mark.parametrize("position", [0, 7, 18])
def test_a_dropped_event_keeps_the_others(position: int) -> None:
    """The events that are left have the labels that they had, and so has all else."""
    case = shipped("project_vault")
    plain = labels(case)
    gone = case["events"].pop(position)["id"]
    left = labels(case)
    assert left.event == {k: v for k, v in plain.event.items() if k != gone}
    assert (left.material, left.product) == (plain.material, plain.product)


def test_an_unlike_pair_is_told_apart_by_figures(eventful: Case) -> None:
    """Two events alike but for a chance keep their streams in any order."""
    event = eventful["events"][0]
    eventful["events"] = [event, event | {"id": "twin", "hazard_per_year": 0.9}]
    turned = eventful | {"events": eventful["events"][::-1]}
    assert labels(turned) == labels(eventful)


def test_equal_materials_are_told_apart_by_their_users(eventful: Case) -> None:
    """Germanium and gallium have equal figures; which product needs it decides."""
    gallium, germanium = eventful["materials"]
    assert {**gallium, "id": ""} == {**germanium, "id": ""}
    eventful["products"][0]["demand_units_per_year"] *= 2
    turned = deepcopy(eventful)
    for section in ("materials", "products", "routes", "events"):
        turned[section].reverse()
    assert labels(turned) == labels(eventful)


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        (
            "purchases",
            {
                "id": "ship",
                "route": "gallium-chn-ge",
                "tonnes": 1.0,
                "arrival_period": 1,
                "price_usd_per_tonne": 1.0,
            },
        ),
        ("sales", {"within_periods": 2}),
        ("levels", {"tonnes": 1.0}),
        ("competing_buyers", {"id": "ally", "name": "Ally", "tonnes_per_year": 1.0}),
    ],
)
def test_equal_materials_are_told_apart_by_what_is_there(
    eventful: Case, section: str, terms: Case
) -> None:
    """What is on the way, for sale or wanted of one of them, in any order."""
    parts = {section: [terms | {"material": "germanium"}]}
    told = parts if section == "competing_buyers" else {"position": parts}
    eventful |= told | {"events": []}
    for route in eventful["routes"]:
        route["vault_tonnes_per_year"] = 9.0
    turned = deepcopy(eventful)
    for name in ("materials", "products", "routes"):
        turned[name].reverse()
    assert labels(turned) == labels(eventful)


def test_equal_makers_are_told_apart_by_membership(eventful: Case) -> None:
    """Of two makers who are alike one is a member; their products keep their labels."""
    (maker,) = eventful["participants"]
    made = eventful["products"]
    twins = [x | {"id": f"{x['id']}-2", "participant": "twin"} for x in made]
    eventful |= {
        "participants": [maker, maker | {"id": "twin"}],
        "products": [*made, *twins],
        "membership": {"members": ["twin"]},
    }
    turned = eventful | {x: eventful[x][::-1] for x in ("participants", "products")}
    assert labels(turned) == labels(eventful)


def test_duplicates_keep_together(eventful: Case) -> None:
    """Two equal materials, each with an equal event: the pairs are not mixed up."""
    event = eventful["events"][0]
    eventful["events"] = [
        event | {"id": "first", "materials": ["gallium"]},
        event | {"id": "second", "materials": ["germanium"]},
    ]

    def pairs(case: Case) -> set[tuple[str, str]]:
        found = labels(case)
        return {
            (found.event[event["id"]], found.material[event["materials"][0]])
            for event in case["events"]
        }

    turned = eventful | {"events": eventful["events"][::-1]}
    assert pairs(turned) == pairs(eventful)


def test_order_of_a_bill_is_free(eventful: Case) -> None:
    """A bill of materials is a set of lines."""
    bill = eventful["products"][0]["bill_of_materials"]
    bill.append({"material": "germanium", "quantity_per_unit": 0.002})
    plain = labels(eventful)
    bill.reverse()
    assert labels(eventful) == plain
