"""Cases from files: mistakes are reported with their places."""

import json
from pathlib import Path

import pytest
import yaml

from models.case_warnings import warnings_of
from models.reading import InvalidCaseError, read_instance
from service.casefiles import load, open_case, open_shipped, path_of, shipped_names
from service.files import text as text_file
from tests.cases import Case


def refusal(path: object) -> str:
    """Return the message with which a file is refused."""
    with pytest.raises(InvalidCaseError) as caught:
        load(str(path))
    return str(caught.value)


def test_yaml_and_json_give_the_same_case(tmp_path: Path, tiny_case: Case) -> None:
    """The form of the file makes no difference."""
    json_file, yaml_file = tmp_path / "case.json", tmp_path / "case.yaml"
    json_file.write_text(json.dumps(tiny_case), encoding="utf-8")
    yaml_file.write_text(yaml.safe_dump(tiny_case), encoding="utf-8")
    hashes = {
        read_instance(load(str(path))).content_hash for path in (json_file, yaml_file)
    }
    assert len(hashes) == 1


def test_json_without_a_suffix_is_recognised(tmp_path: Path, tiny_case: Case) -> None:
    """A file that begins with a brace is read as JSON."""
    path = tmp_path / "case"
    path.write_text("\n\t" + json.dumps(tiny_case, indent="\t"), encoding="utf-8")
    assert load(str(path)) == tiny_case


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_case_is_found_by_its_name_and_is_right(name: str) -> None:
    """Each case that ships can be read, and bears the name of its file."""
    assert read_instance(load(name)).id == name


def test_a_missing_file_names_the_shipped_case_that_was_meant() -> None:
    """A slip of the pen in a shipped name is met with that name."""
    assert "shipped case (project_vault)" in refusal("project_valt")


def test_a_missing_file_with_no_likely_name_lists_the_shipped_cases() -> None:
    """The message lists the shipped cases."""
    assert ", ".join(shipped_names()) in refusal("/nowhere/qqq.yaml")


def test_a_directory_without_tables_is_no_case(tmp_path: Path) -> None:
    """The message says what writes one."""
    assert "files: is 'none', expected those of a case" in refusal(tmp_path)


def test_a_device_is_no_case() -> None:
    """What could be read for ever is not read."""
    assert "expected a regular file" in refusal("/dev/zero")


def test_a_name_that_is_too_long_is_refused() -> None:
    """The reason of the system is passed on."""
    assert "expected a file that can be read" in refusal("x" * 5000)


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    """A file in the place of a folder is the reason of the system."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "Not a directory" in refusal(tmp_path / "file" / "case.yaml")


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    """A file of an old spreadsheet is recognised by its first foreign byte."""
    path = tmp_path / "latin.yaml"
    path.write_bytes("id: a\nname: Gössgraben\n".encode("latin-1"))
    message = refusal(path)
    assert "latin.yaml, line 2: is 'the byte 0xf6', expected UTF-8 text" in message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_and_utf_32_are_named(tmp_path: Path, encoding: str) -> None:
    """A byte order mark identifies another encoding."""
    path = tmp_path / "case.yaml"
    path.write_bytes("id: a\n".encode(encoding))
    assert f"is '{encoding.upper()} text', expected UTF-8 text" in refusal(path)


def test_a_mark_of_utf_8_at_the_start_does_no_harm(tmp_path: Path) -> None:
    """Editors of some systems write one."""
    path = tmp_path / "case.json"
    path.write_bytes('{"id": "a"}'.encode("utf-8-sig"))
    assert load(str(path)) == {"id": "a"}


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    """The message has size and limit; reading the sparse file would find it empty."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(text_file.MAXIMUM_BYTES + 100_000)
    assert "is '50.1 MB', expected at most 50 MB" in refusal(path)


@pytest.mark.parametrize("content", ["", " \n\t\n", "# only a comment\n", "---\n"])
def test_a_file_without_content_is_empty(tmp_path: Path, content: str) -> None:
    """Nothing, white space and comments are no case."""
    path = tmp_path / "case.yaml"
    path.write_text(content, encoding="utf-8")
    assert "is 'empty'" in refusal(path)


def test_a_list_is_no_case(tmp_path: Path) -> None:
    """A case is a mapping of sections."""
    path = tmp_path / "case.yaml"
    path.write_text("- id: a\n", encoding="utf-8")
    assert "is 'list', expected a mapping of sections" in refusal(path)


def test_the_syntax_of_yaml_is_refused_with_line_and_column(tmp_path: Path) -> None:
    """The place and the line itself are shown."""
    path = tmp_path / "case.yaml"
    path.write_text("id: a\nlevels: [1, 2\nname: b\n", encoding="utf-8")
    message = refusal(path)
    assert "case.yaml, line 3, column 5: is 'name: b', expected YAML" in message


def test_the_syntax_of_json_is_refused_with_line_and_column(tmp_path: Path) -> None:
    """The place and the line itself are shown."""
    path = tmp_path / "case.json"
    path.write_text('{"id": "a",\n "name": }', encoding="utf-8")
    message = refusal(path)
    assert """case.json, line 2, column 10: is '"name": }', expected JSON""" in message


@pytest.mark.parametrize(
    ("suffix", "nan"), [("json", "NaN"), ("json", "-Infinity"), ("yaml", ".nan")]
)
def test_a_number_that_is_none_is_reported_with_its_path(
    tmp_path: Path, tiny_case: Case, suffix: str, nan: str
) -> None:
    """NaN and infinity come through to the reader, who knows the field."""
    text = json.dumps(tiny_case).replace("500000.0", nan)
    path = tmp_path / f"case.{suffix}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(load(str(path)))
    assert "materials[gallium].price_usd_per_tonne" in str(caught.value)
    assert "finite" in str(caught.value)


VARIANTS = {
    "small": {"title": "small loan", "set": {"financing.loan.limit_usd": 1e6}},
    "same": {"title": "the same", "set": {"financing.loan.limit_usd": 5e6}},
    "lost": {"title": "lost", "drop": {"events": ["chn"]}, "set": {"a.b": 1}},
}


@pytest.fixture
def own(tmp_path: Path, tiny_case: Case) -> Path:
    """Return a file that has a case and variants of it."""
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(tiny_case | {"variants": VARIANTS}), "utf-8")
    return path


def test_a_variant_of_a_file_is_named_behind_a_colon(
    own: Path, tiny_case: Case
) -> None:
    """The case alone is what it is without the section of variants."""
    assert read_instance(load(str(own))) == read_instance(tiny_case)
    case = read_instance(load(f"{own}:small"))
    assert case.id == "tiny:small"
    assert case.financing.facilities[0].limit_usd == 1e6
    assert path_of(f"{own}:small") == own


def test_a_file_may_have_a_colon_in_its_name(own: Path, tiny_case: Case) -> None:
    """What is there is taken before a variant of what is not."""
    other = own.with_name("a:small")
    other.write_text(json.dumps(tiny_case), encoding="utf-8")
    assert read_instance(load(str(other))).id == "tiny"
    assert "not there" in refusal(own.with_name("b:small"))


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ("smalls", "expected one of the variants of"),
        ("smalls", "(lost, same, small), perhaps small"),
        ("small:same", "a variant has no variants"),
        ("same", "variants[same].financing.loan.limit_usd: is 5000000.0, expected ano"),
        ("lost", "variants[lost].drop.events[0]: is 'chn', expected one of the events"),
        ("lost", "variants[lost].a.b: is 'a'"),
    ],
)
def test_what_is_no_variant_is_refused(own: Path, variant: str, message: str) -> None:
    """An unknown name, a variant of a variant, an overlay that leads nowhere."""
    assert message in refusal(f"{own}:{variant}")


def test_a_case_without_variants_has_none() -> None:
    """The message says so."""
    assert "no variant: two_materials has none" in refusal("two_materials:small")


def test_mistakes_of_a_section_come_with_those_of_the_case(
    tmp_path: Path, tiny_case: Case
) -> None:
    """Also where the case itself is asked for."""
    path = tmp_path / "case.json"
    wrong: Case = {"materials": [], "variants": {"a:b": {}, "c": {}}}
    path.write_text(json.dumps(tiny_case | wrong), encoding="utf-8")
    message = refusal(path)
    for place in ("variants[a:b]", "variants[c].title", "materials"):
        assert place in message


@pytest.mark.parametrize("name", ["magnets", "project_vault", "two_materials"])
def test_every_shipped_variant_is_a_case_of_its_name(name: str) -> None:
    """It bears the name that it is called by, and each of its values a source.

    A whole section has its sources inside.
    """
    case = open_case(name)
    for variant, overlay in case.variants.items():
        instance = read_instance(load(f"{name}:{variant}"))
        assert instance.id == f"{name}:{variant}"
        # Where origins are taken away, a cap can leave nothing to buy.
        warned = {warning.path.rpartition(".")[2] for warning in warnings_of(instance)}
        assert warned <= {"origin_share_cap"}
        assert not warned or "trade.ineligible_countries" in overlay.values
        parts = {path: x for path, x in overlay.values.items() if isinstance(x, dict)}
        assert overlay.sources.keys() == overlay.values.keys() - parts.keys()
        assert all(part["sources"] for part in parts.values())
        assert overlay.reason


def test_no_file_is_read_for_a_name_from_outside(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server takes shipped names only."""
    monkeypatch.chdir(own.parent)
    assert open_shipped("own.yaml") is None
    assert open_shipped(str(own)) is None
    assert open_shipped(f"{own}:small") is None
    with pytest.raises(InvalidCaseError, match="has none"):
        open_shipped("two_materials:../own.yaml")
