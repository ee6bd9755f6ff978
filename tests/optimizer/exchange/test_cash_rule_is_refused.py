"""A file for other solvers lacks rows that are found while a case is solved."""

from pathlib import Path

import pytest

from models.reading import InvalidCaseError, read_instance
from optimizer.exchange.cases import write_case_as_mps
from service.casefiles import load
from tests.optimizer.vault_case import changed


def test_a_case_by_the_cash_rule_is_not_written(tmp_path: Path) -> None:
    """The mistake names each facility and what is expected of it."""
    case = changed(
        dict(load("two_materials")), {"financing.facilities.0.drawn": "when_needed"}
    )
    instance = read_instance(case)
    with pytest.raises(InvalidCaseError, match="by_schedule in a case"):
        write_case_as_mps(instance, tmp_path / "case.mps", is_relaxed=True)
