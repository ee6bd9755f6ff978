"""Supports are below the value of the recourse at every first stage."""

from pathlib import Path

import numpy as np
import pytest

from optimizer.exchange.scenario_programs import ScenarioPrograms
from optimizer.exchange.smps_reading import read_smps
from tests.optimizer.exchange.small_files import write
from tests.optimizer.exchange.test_public_problems import INSTANCES


@pytest.mark.parametrize("name", ["lands", "chem", "airlift_first", "bl42"])
def test_a_support_is_valid_everywhere(name: str) -> None:
    """Met at its own point; below the value, or cutting off nothing, at others."""
    problem = read_smps(INSTANCES / name)
    programs = ScenarioPrograms(problem)
    draw = np.random.default_rng(1)
    points = draw.uniform(0, 60, size=(12, len(problem.first.cost)))
    answers = [programs.answer(0, point) for point in points]
    for point, answer in zip(points, answers, strict=True):
        own = answer.support.at(point)
        assert answer.is_feasible or own > 0
        for other in answers:
            if answer.is_feasible and other.is_feasible:
                assert other.support.at(point) <= own + 1e-7 * max(1.0, abs(own))
            elif answer.is_feasible:
                assert other.support.at(point) <= 1e-7


def test_a_value_is_what_the_recourse_costs(tmp_path: Path) -> None:
    """With 3 bought, the demand of 4 asks for 1 more at 5; with 6, 2 are sold at 1."""
    programs = ScenarioPrograms(read_smps(write(tmp_path)))
    values = [
        programs.answer(0, np.array([bought])).support.at(np.array([bought]))
        for bought in (3.0, 6.0)
    ]
    assert values == pytest.approx([5.0, -2.0])
