"""strongroom sources: the figures of a case by kind, and by weight in the answer."""

import json
from pathlib import Path

import pytest

from models.outcome import Termination
from models.reading import read_instance
from models.sensitivity import Assumption, Sensitivity, SensitivityVariant
from service.casefiles import load
from service.cli.exit_status import ExitStatus
from tests.service.cli.conftest import strongroom


def variant(assumption: Assumption, cost: float) -> SensitivityVariant:
    return SensitivityVariant(
        name=assumption.words,
        factors={assumption: 1.2},
        termination=Termination.OPTIMAL,
        expected_shortage_cost_usd=cost,
        objective_usd=cost,
        lower_bound_usd=cost,
        cost_without_vault_usd=100.0,
        base_plan_cost_usd=cost,
        base_plan_lowest_cash_usd=0.0,
    )


@pytest.fixture
def sensitivity(tmp_path: Path) -> Path:
    """Return an answer by which hazards move the share avoided by 30 %, prices by 5."""
    found = Sensitivity(
        instance_hash=read_instance(load("magnets")).content_hash,
        plan_hash="0" * 64,
        expected_shortage_cost_usd=40.0,
        cost_without_vault_usd=100.0,
        gap=0.01,
        spent_usd={},
        variants=(variant(Assumption.HAZARDS, 70.0), variant(Assumption.PRICES, 45.0)),
    )
    path = tmp_path / "sensitivity.json"
    document = {**found.model_dump(mode="json"), "picture": None}
    path.write_text(json.dumps(document))
    return path


def test_figures_are_counted_by_kind() -> None:
    """And it is said that there are no weights."""
    result = strongroom("sources", "magnets")
    assert result.exit_code == ExitStatus.SUCCESS
    assert "Figures of Magnets by kind" in result.stdout
    assert "Without weights" in result.stdout
    answer = json.loads(strongroom("sources", "magnets", "--json").stdout)
    assert sum(answer["figures_by_kind"].values()) == len(answer["figures"])
    assert answer["figures_by_kind"]["none"] == 0


def test_the_weightiest_figures_come_first(sensitivity: Path) -> None:
    """Hazards, then prices, then what was not varied."""
    words = ("sources", "magnets", "--sensitivity", sensitivity)
    shown = strongroom(*words).stdout
    assert shown.index("events.hazard_per_year") < shown.index("price_usd_per_tonne")
    assert "hangs most on hazards" in shown
    figures = json.loads(strongroom(*words, "--json").stdout)["figures"]
    weights = {x["path"]: x["weight"] for x in figures}
    assert weights["materials[dysprosium].price_usd_per_tonne"] == pytest.approx(0.05)
    assert weights["materials[dysprosium].lot_tonnes"] is None


def test_some_kinds_are_listed_figure_by_figure() -> None:
    """Only those asked for."""
    shown = strongroom("sources", "magnets", "--kind", "calibrated", "--each").stdout
    assert "products[magnet" in shown or "products[gm" in shown
    assert "assumption" not in shown.partition("Figures\n")[2].partition("value")[0]


def test_the_sensitivity_of_another_case_is_a_mistake(sensitivity: Path) -> None:
    """Its weights are not those of this case."""
    result = strongroom("sources", "two_materials", "--sensitivity", sensitivity)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "that of this case" in result.stderr
    sensitivity.write_text('{"variants": 3}')
    result = strongroom("sources", "magnets", "--sensitivity", sensitivity)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "instance_hash" in result.stderr
