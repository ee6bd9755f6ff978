"""From what is to vary to the cases of all variants."""

import json
from collections.abc import Mapping
from copy import deepcopy

import pytest
from pydantic import JsonValue

from models.content import canonical_json
from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from models.variation import VariedCase
from service.batches.expansion import (
    MOST_VARIANTS,
    MOST_WRONG_VARIANTS,
    Variant,
    base_of,
    read_variants,
    variants_of,
)
from service.batches.grid import axes_of, axis_of
from service.batches.order import listed_variants
from service.overrides import override
from service.variants.merge_patch import merged
from service.variants.overlay import Overlay
from tests.cases import Case

LIMIT = "financing.loan.limit_usd"


def variant(
    number: int,
    name: str,
    values: Mapping[str, JsonValue] | None = None,
    patch: Mapping[str, JsonValue] | None = None,
) -> Variant:
    """Return a variant with a merge patch and values."""
    return Variant(
        number, name, Overlay(set=dict(values or {}), patch=dict(patch or {}))
    )


def read(base: Instance, *variants: Variant) -> dict[str, VariedCase]:
    """Return the cases of variants by name."""
    found: dict[str, VariedCase] = {}

    def take(variant: Variant, case: VariedCase) -> None:
        found[variant.name] = case

    read_variants(base, variants, take)
    return found


def mistakes(base: Instance, *variants: Variant) -> list[str]:
    """Return what is wrong with variants."""
    with pytest.raises(InvalidCaseError) as caught:
        read(base, *variants)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_grid_has_every_combination(instance: Instance) -> None:
    """Three loans times two limits of tranches, after the case as it is."""
    axes = axes_of([f"{LIMIT}=1e6..3e6:3", "options.max_tranches=1,2"])
    cases = read(instance, *variants_of([], axes))
    assert list(cases) == [
        "base",
        *(
            f"{LIMIT}={loan}, options.max_tranches={tranches}"
            for loan in (1000000, 2000000, 3000000)
            for tranches in (1, 2)
        ),
    ]
    assert [
        (
            it.instance.financing.facilities[0].limit_usd,
            it.instance.options.max_tranches,
        )
        for it in cases.values()
    ] == [(5e6, 6), (1e6, 1), (1e6, 2), (2e6, 1), (2e6, 2), (3e6, 1), (3e6, 2)]


@pytest.mark.parametrize(
    "assignment",
    [
        f"{LIMIT}=8e6",
        "materials.gallium.emergency_premium=3",
        "gallium.lot_tonnes=0.2",
        "options.cvar_weight=0.5",
        "trade.zone_countries=[DEU, NOR]",
        "levels_days_of_cover=[10, 20]",
        "events=[]",
        "name=Other",
        "description=a",
    ],
)
def test_a_variant_is_the_case_that_is_read_whole(
    instance: Instance, tiny_case: Case, assignment: str
) -> None:
    """Content, hash and length are those of --set, though only a part is read again."""
    _, varied = variants_of([], axes_of([assignment]))
    case = read(instance, varied)[varied.name]
    whole = read_instance(override(tiny_case, [assignment]))
    assert case.instance == whole
    assert case.content_hash == whole.content_hash
    text = canonical_json(whole)
    assert case.number_of_bytes == len(text.encode())
    changed = json.loads(case.changed)
    assert json.loads(canonical_json(instance)) | changed == json.loads(text)


def test_a_merge_patch_comes_before_what_is_set(instance: Instance) -> None:
    """The patch takes the events away and sets options; a value is set after it."""
    calm = variant(
        1,
        "calm",
        {"options.gap": 0.2},
        {"events": [], "options": {"gap": 0.1, "seed": 7}, "trade": None},
    )
    case = read(instance, calm)["calm"].instance
    assert case.events == ()
    assert (case.options.gap, case.options.seed) == (0.2, 7)


def test_the_base_is_left_alone(instance: Instance) -> None:
    """Two variants that change the same section do not meet."""
    one = variant(1, "one", {LIMIT: 1.0})
    other = variant(2, "other", {"financing.capital.limit_usd": 2.0})
    cases = read(instance, one, other, variant(3, "same"))
    limits = {
        name: [x.limit_usd for x in it.instance.financing.facilities]
        for name, it in cases.items()
    }
    assert limits == {"one": [1.0, 1e6], "other": [5e6, 2.0], "same": [5e6, 1e6]}
    assert cases["same"].content_hash == instance.content_hash


def test_mistakes_have_the_name_of_their_variant(instance: Instance) -> None:
    """Wrong paths, values, fields and references alike."""
    found = mistakes(
        instance,
        variant(1, "a", {"financing.loan.limit": 1, LIMIT: -1}),
        variant(2, "b", {LIMIT: -2}),
        variant(3, "good", {LIMIT: 2}),
        variant(4, "c", {}, {"nonsense": 1}),
        variant(5, "d", {}, {"materials": None}),
        variant(6, "e", {"routes[gallium-deu].material": "gold"}),
    )
    assert [line.split(":")[0] for line in found] == [
        "variants[a].financing.loan.limit",
        "variants[b].financing.facilities[loan].limit_usd",
        "variants[c].nonsense",
        "variants[d].materials",
        "variants[e].routes[gallium-deu].material",
    ]


@pytest.mark.parametrize(
    "other",
    [
        "financing.facilities.loan.limit_usd",
        "financing.facilities[loan].limit_usd",
        "financing.facilities[0].limit_usd",
        "financing",
    ],
)
def test_one_value_has_one_axis(instance: Instance, other: str) -> None:
    """Another spelling is one mistake for the grid; so is an axis around another."""
    variants = variants_of([], axes_of([f"{LIMIT}=1,2,3", f"{other}=4,5,6"]))
    (found,) = mistakes(instance, *variants)
    assert f".{other}: " in found
    assert f"leads where {LIMIT} leads" in found


def test_an_axis_around_another_has_not_its_value(instance: Instance) -> None:
    """The first axis would be another than its name says."""
    axes = axes_of(["options={seed: 1},{seed: 2}", "options.seed=3,4"])
    (found,) = mistakes(instance, *variants_of([], axes))
    assert ".options.seed: " in found
    assert "leads where options leads" in found


def test_a_listed_variant_sets_a_value_once(instance: Instance) -> None:
    """Both paths are named."""
    values = {LIMIT: 1, "financing.facilities[loan].limit_usd": 2}
    (found,) = mistakes(instance, variant(1, "a", values))
    assert "variants[a].financing.facilities[loan].limit_usd" in found
    assert f"leads where {LIMIT} leads" in found


def test_the_number_of_mistakes_is_limited(instance: Instance) -> None:
    """After a hundred wrong variants the rest is not looked at."""
    wrong = [variant(i, f"v{i}", {LIMIT: -i}) for i in range(1, 300)]
    assert len(mistakes(instance, *wrong)) == MOST_WRONG_VARIANTS


@pytest.mark.parametrize(
    ("listed", "grid", "path"),
    [
        ([], [], "variants"),
        ([], [f"{LIMIT}=1..2:20000", "options.seed=1..2:2"], "variants"),
        ([], [f"{LIMIT}=1,2", f"{LIMIT}=3,4"], f"grid[{LIMIT}]"),
        (["a", "a"], [], "variants[a].name"),
        (["base"], [], "variants[base].name"),
    ],
)
def test_variants_refused_unread(listed: list[str], grid: list[str], path: str) -> None:
    """None or too many, a path or a name twice."""
    variants = [(name, Overlay()) for name in listed]
    with pytest.raises(InvalidCaseError) as caught:
        variants_of(variants, axes_of(grid))
    assert path in [mistake.path for mistake in caught.value.mistakes]


def test_the_largest_batch_is_allowed() -> None:
    """Its combinations are counted before they are made."""
    assert len(variants_of([], axes_of([f"{LIMIT}=1..2:{MOST_VARIANTS}"]))) == 20_001


def test_options_of_the_order_hold_for_all(tiny_case: Case) -> None:
    """They are set in the base, and so in each variant."""
    base = base_of(tiny_case, {"seed": 9})
    case = read(base, variant(1, "a", {"options.gap": 0.3}))["a"].instance
    assert (case.options.seed, case.options.gap) == (9, 0.3)


def test_a_file_of_variants_is_a_list_or_patches_by_name() -> None:
    """Both mean the same; anything else is a mistake with its place."""
    patch = {"options": {"seed": 2}}
    listed = listed_variants([{"name": "a", "patch": patch}], "f")
    assert listed == listed_variants({"a": patch}, "f")
    with pytest.raises(InvalidCaseError) as caught:
        listed_variants([{"name": "", "batch": 1, "base": "b"}], "f")
    paths = [mistake.path for mistake in caught.value.mistakes]
    assert sorted(paths) == [f"f: variants[0].{x}" for x in ("base", "batch", "name")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2e9..12e9:11", [i * 1e9 for i in range(2, 13)]),
        ("1..0:3", [1.0, 0.5, 0.0]),
        ("1..5:3", [1, 3, 5]),
        ("-1.5..1.5:2", [-1.5, 1.5]),
        ("0.1,0.2", [0.1, 0.2]),
        ("7", [7]),
        ("DEU, NOR", ["DEU", "NOR"]),
        ("[DEU, NOR],[]", [["DEU", "NOR"], []]),
        ("true,null", [True, None]),
    ],
)
def test_values(text: str, values: list[JsonValue]) -> None:
    """A range has both ends in equal steps; a list has what YAML has."""
    axis = axis_of(f"a.b={text}")
    assert axis.path == "a.b"
    assert list(axis.values) == values
    assert [type(value) for value in axis.values] == [type(value) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "=1", "a=", "a=1..2:1", "a=x..y:3", "a=1..inf:3", "a={,"),
        *("a=.inf", "a=1,[.nan]", "a=\udcff", "\udcff=1"),
    ],
    ids=ascii,
)
def test_what_is_no_axis(text: str) -> None:
    """One mistake that quotes the form."""
    with pytest.raises(InvalidCaseError) as caught:
        axis_of(text)
    assert "--vary" in str(caught.value)


def test_a_range_ends_where_it_is_said_to() -> None:
    """The last value is exact, whatever the steps come to in binary."""
    values = axis_of("a=0.1..0.7:7").values
    assert (values[0], values[-1]) == (0.1, 0.7)


def test_all_values_that_are_none_are_reported() -> None:
    """Each is quoted; what is right between them is not."""
    with pytest.raises(InvalidCaseError) as caught:
        axis_of("a=.inf,1,.nan")
    found = [(x.path, str(x.value)) for x in caught.value.mistakes]
    assert found == [("--vary a", "inf"), ("--vary a", "nan")]


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_examples_of_rfc_7396(target: object, patch: object, result: object) -> None:
    """The result is theirs, and neither target nor patch is changed."""
    before = deepcopy((target, patch))
    assert merged(target, patch) == result
    assert (target, patch) == before
