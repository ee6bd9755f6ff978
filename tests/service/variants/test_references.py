"""What goes with a part that is dropped, and that no reference is forgotten."""

from collections.abc import Iterator
from typing import Any, cast, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.identifiers import LISTS
from models.instance import Instance
from models.reading import read_instance
from models.units import Identifier
from service.variants.references import REFERENCES, Whole, without
from tests import cases
from tests.cases import Case, add_germanium

# Identifiers that name no part of the case: production stages.
STAGES = {"stage", "purchase_stage"}
PATTERN = get_args(Identifier)[1].metadata


@pytest.fixture
def content(tiny_case: Case) -> Case:
    """Return the tiny case with parts that need gallium, germanium or both."""
    add_germanium(tiny_case)
    both = {**tiny_case["events"][0], "materials": ["gallium", "germanium"]}
    cut = {**both, "onset_day": 1.0}
    for key in ("id", "name", "hazard_per_year"):
        cut.pop(key)
    alone = {**cut, "materials": ["germanium"]}
    lens = cases.product("lens", 10.0, {"germanium": 0.1}, ("stop", 1.0, 1e6))
    loss = {"country": "CHN", "basis": "conditional", "loss_usd": 1.0}
    return tiny_case | {
        "products": [*tiny_case["products"], lens],
        "events": [
            both | {"id": "both"},
            both | {"id": "one", "materials": ["germanium"]},
        ],
        "replays": [
            {"id": "old", "name": "Old", "disruptions": [cut, alone]},
            {"id": "older", "name": "Older", "disruptions": [alone]},
        ],
        "entitlement_offers": [cases.offer(id="right", material="germanium")],
        "published_losses": [
            {**loss, "materials": ["gallium"]},
            {**loss, "materials": ["gallium", "germanium"]},
        ],
        "trade": {
            "price_floors": [
                {"material": m, "stage": "metal", "floor_usd_per_tonne": 1.0}
                for m in ("germanium", "gallium")
            ]
        },
        "options": {"added_levels_days_of_cover": {"gallium": [7], "germanium": [9]}},
    }


def test_what_needs_a_dropped_material_goes_with_it(content: Case) -> None:
    """Bills and events shrink; what has nothing else left is dropped."""
    found = without(content, {"materials": ["germanium"]})
    assert ids(found, "products") == ["wafer"]
    assert [x["material"] for x in found["products"][0]["bill_of_materials"]] == [
        "gallium"
    ]
    assert ids(found, "routes") == ["gallium-chn", "gallium-deu"]
    assert [(x["id"], x["materials"]) for x in found["events"]] == [
        ("both", ["gallium"])
    ]
    assert ids(found, "replays") == ["old"]
    assert len(found["replays"][0]["disruptions"]) == 1
    assert found["entitlement_offers"] == []
    assert [x["material"] for x in found["trade"]["price_floors"]] == ["gallium"]
    assert found["options"]["added_levels_days_of_cover"] == {"gallium": [7]}
    read_instance(found)


def test_a_loss_of_several_materials_is_of_all_or_none(content: Case) -> None:
    """What was published for both together says nothing about one of them."""
    found = without(content, {"materials": ["germanium"]})
    assert [x["materials"] for x in found["published_losses"]] == [["gallium"]]


def test_parts_go_one_after_another(content: Case) -> None:
    """A store takes its materials along, and these all that needs them."""
    found = without(content, {"storage_classes": ["dry"]})
    empty = ("materials", "routes", "products", "events", "entitlement_offers")
    assert [found[section] for section in empty] == [[]] * len(empty)


def test_nothing_dropped_is_nothing_changed(content: Case) -> None:
    """All parts are the same objects."""
    found = without(content, {"rules": []})
    assert all(found[key] is content[key] for key in content)


def test_every_reference_is_known() -> None:
    """A new field with an identifier is listed here, or it would be left dangling."""
    unknown = [
        path
        for path, field in identifiers(Instance, "")
        if path.rpartition(".")[2] not in {"id", *STAGES}
        and not isinstance(target(path), str | Whole)
        and is_identifier(field)
    ]
    assert unknown == []


def test_every_list_of_elements_can_be_dropped_from() -> None:
    """Else `drop` would leave it as it is."""
    assert [x for x in LISTS if not isinstance(target(x), dict)] == []


def target(path: str) -> object:
    """Return what the table says of a field."""
    here: Any = REFERENCES
    for step in path.split("."):
        here = cast("dict[str, Any]", here).get(step) if here else None
    return here


def identifiers(model: type[BaseModel], path: str) -> Iterator[tuple[str, FieldInfo]]:
    """Yield each field of a model and of those inside, with its path."""
    for name, field in model.model_fields.items():
        at = f"{path}.{name}" if path else name
        yield at, field
        for inner in models_in(field.annotation):
            yield from identifiers(inner, at)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any
    """Yield the models in an annotation such as tuple[Facility, ...]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def is_identifier(field: FieldInfo) -> bool:
    """Say whether a field holds identifiers, alone or in a list or mapping."""
    return repr(PATTERN) in repr((field.annotation, field.metadata))


def ids(content: Case, section: str) -> list[str]:
    """Return the ids in a section."""
    return [part["id"] for part in content[section]]
