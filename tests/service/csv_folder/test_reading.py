"""Folders of CSV files as spreadsheets leave them: recognised, or told with a place."""

from collections.abc import Callable
from typing import Any

import pytest

from models.reading import InvalidCaseError, read_instance
from service.casefiles import load
from service.csv_folder.reading import FolderReader
from service.csv_folder.writing import case_as_csv_files

Files = dict[str, bytes]
INSTANCE = read_instance(load("two_materials"))
FILES = case_as_csv_files(INSTANCE)
BY_COMMAS = case_as_csv_files(INSTANCE, "comma")
POINT, COMMA = {"csv.yaml": b"decimal: point"}, {"csv.yaml": b"decimal: comma"}


AMBIGUOUS = (
    "column L (market capacity (tonnes a year)): is '1,234', expected a number of one "
    "meaning, not 1234 with a decimal point or 1.234 with a decimal comma: csv.yaml "
    "can say decimal"
)
EMPTY = "\r\n" + 99 * (99 * ";" + "\r\n")


def edited(files: Files, file: str, old: str, new: str, **also: bytes) -> Files:
    """Return files after one text of one has changed."""
    text = files[file].decode("utf-8-sig")
    assert old in text
    return {**files, file: text.replace(old, new, 1).encode(), **also}


def checked(files: Files) -> dict[str, Any]:
    """Return the content of the case in files."""
    return FolderReader(files).read("it").checked()


def told(files: Files) -> list[str]:
    """Return what is told of files."""
    with pytest.raises(InvalidCaseError) as caught:
        checked(files)
    return [str(mistake) for mistake in caught.value.mistakes]


def is_the_case(files: Files) -> bool:
    """Say whether files are of the case."""
    read = read_instance(checked(files))
    return read.content_hash == INSTANCE.content_hash


def everywhere(change: Callable[[str], bytes], files: Files = FILES) -> Files:
    """Return files with all texts changed; csv.yaml says their decimal sign only."""
    changed = {
        name: change(content.decode("utf-8-sig"))
        for name, content in files.items()
        if name != "csv.yaml"
    }
    return changed | (COMMA if files is BY_COMMAS else POINT)


@pytest.mark.parametrize(
    "files",
    [
        everywhere(lambda text: text.encode()),
        everywhere(lambda text: text.replace("\r\n", "\n").encode()),
        everywhere(lambda text: text.replace("\r\n", "\r").encode()),
        everywhere(lambda text: text.encode("utf-16")),
        everywhere(lambda text: f"sep=,\r\n{text}".encode()),
        everywhere(lambda text: text.encode(), BY_COMMAS),
        everywhere(lambda text: text.replace("\r\n", EMPTY).encode(), BY_COMMAS),
        {name.replace("_", " ").upper(): x for name, x in FILES.items()} | POINT,
        {**FILES, "notes on routes.csv": b"mine", ".hidden.csv": b"", "a.png": b""},
        edited(FILES, "case.csv", "2027-01-01", "1.1.2027"),
        edited(FILES, "case.csv", "2027-01-01", "2027/1/1 0:00:00"),
    ],
)
def test_what_can_mean_one_thing_is_recognised(files: Files) -> None:
    """Marks, ends of lines, separators, decimal signs, names of files, empty rows."""
    assert is_the_case(files)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (";1000;", ";1,234;", AMBIGUOUS),
        (";10000;", ";10 000,5x;", "is '10 000,5x', expected a number"),
        (";10000;", ";5 %;", "is '5 %', expected a number"),
        (";10000;", ";1.2,3;", "is '1.2,3', expected a number"),
    ],
)
def test_what_can_mean_two_things_is_told(old: str, new: str, expected: str) -> None:
    """The file, the row and the column are named, and both meanings."""
    files = edited(BY_COMMAS, "materials.csv", old, new)
    files = edited(files, "csv.yaml", "decimal: comma", "")
    levels, mistake = sorted(told(files))
    assert levels.startswith("case.csv, row 20, column B (value): is '182,625'")
    assert mistake.startswith("materials.csv, row 2, column ")
    assert expected in mistake


def test_another_decimal_sign_is_told_once_a_column() -> None:
    """One that csv.yaml does not say: the same mend is for the whole column."""
    files = edited(FILES, "materials.csv", ",10000,", ',"10000,5",')
    mistakes = told(edited(files, "materials.csv", ",20000,", ',"20000,5",'))
    assert len(mistakes) == 1
    assert "is '10000,5', expected a number with a decimal point, as" in mistakes[0]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("routes.csv", ",kind,", ",id,", "routes.csv, row 1, column C: is"),
        ("routes.csv", "CHN,CHN", "CHN", "routes.csv, row 2: is '15 cells'"),
        (
            "routes.csv",
            "alpha,",
            '"alpha,',
            "row 2: is 'a cell without end",
        ),
        (
            "case.csv",
            "2027-01-01",
            "46388",
            "is '46388', expected a date",
        ),
        (
            "case.csv",
            "2027-01-01",
            "1/2/2027",
            "2027-02-01 (day first) or 2027",
        ),
        ("csv.yaml", "decimal: point", "decimal: dot", "csv.yaml, decimal: is 'dot'"),
        ("csv.yaml", "routes.csv", "route.csv", "csv.yaml, files: is 'route.csv'"),
        (
            "csv.yaml",
            "r: comma",
            "r: semicolon",
            "separator: is 'comma'",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(
    name: str, old: str, new: str, expected: str
) -> None:
    """Of headings, rows, quotation marks, dates and csv.yaml."""
    mistakes = told(edited(FILES, name, old, new))
    assert any(expected in mistake for mistake in mistakes), mistakes


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("participants.csv", "maker,Maker,", 'maker,"Maker,all,0,x\r\nother,Other",'),
        ("case.csv", "name,Two m", 'name,"Two,Name for people.\r\nid,other",x\r\nx,T'),
    ],
)
def test_rows_inside_a_cell_are_told(name: str, old: str, new: str) -> None:
    """A quotation mark that is closed in another row would hide the rows between."""
    mistakes = told(edited(FILES, name, old, new))
    assert any("text without rows in it" in mistake for mistake in mistakes), mistakes


def test_an_encoding_is_told_with_its_readings() -> None:
    """What is said in csv.yaml is believed."""
    name = "Z\u00fcrich"
    case = INSTANCE.model_copy(update={"name": name})
    files = case_as_csv_files(case)
    text = files["case.csv"].decode("utf-8-sig")
    files["case.csv"] = text.encode("cp1252")
    (mistake,) = told(files)
    assert mistake.startswith(
        "case.csv, line 3: is b'Z\\xfcrich', expected text in utf-8"
    )
    assert f"as cp1252 it is '{name}'" in mistake
    files["csv.yaml"] += b"encoding: cp1252\n"
    files = {name: x.removeprefix(b"\xef\xbb\xbf") for name, x in files.items()}
    assert checked(files)["name"] == name


def test_missing_and_renamed_files_are_told_alone() -> None:
    """Nothing follows from what is missing; other mistakes are told as well."""
    files = edited(FILES, "products.csv", ",maker,100,", ",maker,many,")
    files["route.csv"] = files.pop("routes.csv")
    mistakes = told(files)
    assert any(x.startswith("routes.csv: is 'not there'") for x in mistakes)
    assert any(x.startswith("route.csv: is 'not known', expected") for x in mistakes)
    assert any(x.startswith("products.csv, row ") for x in mistakes)
    assert not any("alpha_route" in x for x in mistakes)
