"""Scenarios that are written to a file and read again are the same scenarios."""

import pytest
from hypothesis import given, settings

from optimizer.exchange.scenario_reading import as_drawn, planning_case, read_scenarios
from optimizer.exchange.scenario_table import planning_table
from service.tabular.scenario_files import read_scenario_file, scenario_file
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.random_cases import random_case


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
@settings(LAW, max_examples=3)
@given(seed=SEEDS)
def test_scenarios_come_back_from_a_file(ending: str, seed: int) -> None:
    """To the last digit, so they count as those that the case draws itself."""
    case = random_case(seed)
    head, written = planning_table(case)
    table = read_scenario_file(scenario_file(written, ending), ending)
    assert table.head == head
    read = read_scenarios(case, table)
    assert read.file_hash == head.scenarios_hash
    assert planning_case(case, table) == case
    assert not as_drawn(case, read).file_hash
