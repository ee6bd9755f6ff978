"""A case that is written as tables and read again is the same case."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from models.content import canonical_json
from models.reading import read_instance
from service.case_tables.parts import Content
from service.case_tables.reading import CaseReader
from service.casefiles import load, shipped_names
from service.csv_folder.reading import FolderReader
from service.csv_folder.writing import content_as_csv_files
from service.workbook.reading import Sheets
from service.workbook.sheets import grids_of
from service.workbook.writing import content_as_workbook
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.random_cases import random_case
from tests.service.case_tables.random_content import random_content


def through_workbook(content: Content) -> CaseReader:
    """Return what is read of a workbook."""
    reader = CaseReader(Sheets())
    reader.read(grids_of(content_as_workbook(content), "it"), "it")
    return reader


def through_csv(content: Content) -> CaseReader:
    """Return what is read of a folder."""
    return FolderReader(content_as_csv_files(content)).read("it")


def through_csv_with_commas(content: Content) -> CaseReader:
    """Return what is read of a folder with decimal commas."""
    return FolderReader(content_as_csv_files(content, "comma")).read("it")


Form = Callable[[Content], CaseReader]
FORMS = pytest.mark.parametrize(
    "form", [through_workbook, through_csv, through_csv_with_commas]
)


@FORMS
@settings(LAW, max_examples=3)
@given(seed=SEEDS)
def test_a_case_keeps_its_hash(form: Form, seed: int) -> None:
    """No figure loses a digit, no list its order."""
    case = random_case(seed)
    read = form(json.loads(canonical_json(case))).checked()
    assert read_instance(read).content_hash == case.content_hash


@pytest.mark.parametrize("form", [through_workbook, through_csv])
@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_case_keeps_its_hash(form: Form, name: str) -> None:
    """With sources, replays, rules and published losses."""
    case = read_instance(load(name))
    read = form(json.loads(canonical_json(case))).checked()
    assert read_instance(read).content_hash == case.content_hash


@FORMS
@settings(LAW, max_examples=6)
@given(seed=SEEDS)
def test_every_field_of_a_case_comes_back(form: Form, seed: int) -> None:
    """Fields that no shipped case has, and texts that a spreadsheet might mistake."""
    content = random_content(seed)
    reader = form(content)
    assert reader.mistakes == []
    assert json.loads(json.dumps(reader.case, default=str)) == content
