"""A case that is written as a workbook and read again is the same case."""

import json

import pytest
from hypothesis import given, settings

from models.reading import read_instance
from service.casefiles import load, shipped_names
from service.workbook.reading import WorkbookReader, read_workbook
from service.workbook.sheets import grids_of
from service.workbook.writing import case_as_workbook, content_as_workbook
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.random_cases import random_case
from tests.service.workbook.random_content import random_content


@settings(LAW, max_examples=3)
@given(seed=SEEDS)
def test_a_case_keeps_its_hash_as_a_workbook(seed: int) -> None:
    """No figure loses a digit, no list its order."""
    case = random_case(seed)
    read = read_instance(read_workbook(case_as_workbook(case), "it"))
    assert read.content_hash == case.content_hash


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_case_keeps_its_hash_as_a_workbook(name: str) -> None:
    """With sources, replays, rules and published losses."""
    case = read_instance(load(name))
    read = read_instance(read_workbook(case_as_workbook(case), name))
    assert read.content_hash == case.content_hash


@settings(LAW, max_examples=6)
@given(seed=SEEDS)
def test_every_field_of_a_case_comes_back(seed: int) -> None:
    """Fields that no shipped case has, and texts that a spreadsheet might mistake."""
    content = random_content(seed)
    reader = WorkbookReader()
    reader.read(grids_of(content_as_workbook(content), "it"), "it")
    assert reader.mistakes == []
    assert json.loads(json.dumps(reader.case, default=str)) == content
