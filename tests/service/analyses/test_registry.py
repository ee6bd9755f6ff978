"""One registry: command line, interface and jobs have the same analyses."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from service.analyses.registry import ANALYSES, Analysis, Subject, operation_of
from service.analyses.reports import TABLES
from service.api.analyses import order_path
from service.cli.analyses import option_names
from service.cli.commands import (
    advance,
    audit,
    calibration,
    compare_plans,
    compare_rules,
    exchange,
    explain,
    financing,
    frontier,
    participant,
    pictures,
    rehearse,
    rehearse_history,
    replay,
    scenarios,
    sensitivity,
    value_rights,
)
from tests.interface import description_of_interface

COMMANDS: dict[str, Callable[..., None]] = {
    "explain": explain.command,
    "compare-plans": compare_plans.command,
    "compare-rules": compare_rules.command,
    "rehearse": rehearse.command,
    "rehearse-history": rehearse_history.command,
    "replay": replay.command,
    "advance": advance.command,
    "participant": participant.command,
    "financing": financing.command,
    "pictures": pictures.command,
    "audit": audit.command,
    "sensitivity": sensitivity.command,
    "frontier": frontier.command,
    "calibration": calibration.command,
    "value-rights": value_rights.command,
    "scenarios": scenarios.command,
    "smps": exchange.write_smps,
    "mps": exchange.write_mps,
}
# What a command reads, where it writes, and how it runs: over HTTP other than a
# parameter. The suffix of the file of `mps write` says whether it is compressed, that
# of `scenarios` which format it has; the case of `advance` is the one that the period
# before has left.
LOCAL = {
    "against_case",
    "case",
    "path",
    "directory",
    "output",
    "orders",
    "log",
    "keep",
    "scenarios_from",
    "executor",
    "assignments",
    "strict",
    "as_json",
}
ONLY_OVER_HTTP = {
    "mps": {"is_compressed"},
    "advance": {"moved_case"},
    "scenarios": {"file_format"},
}
# On the command line the file or folder to write says so.
NAMED_BY_A_FILE = {"picture", "plans"}


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_a_command_has_the_parameters_of_the_registry(analysis: Analysis) -> None:
    """The same names and the same defaults."""
    told = inspect.signature(COMMANDS[analysis.name]).parameters
    options = {name: x.default for name, x in told.items() if name not in LOCAL}
    fields = {
        name: ... if field.is_required() else field.get_default()
        for name, field in analysis.parameters.model_fields.items()
        if name not in ONLY_OVER_HTTP.get(analysis.name, set())
    }
    given = {k: ... if x is inspect.Parameter.empty else x for k, x in options.items()}
    assert set(given) == set(fields)
    for name in set(fields) - NAMED_BY_A_FILE:
        assert given[name] == fields[name], name
    assert all(
        not given[name] and not fields[name] for name in set(fields) & NAMED_BY_A_FILE
    )


def test_no_command_is_missing() -> None:
    """Each analysis is a command, and has an option for each parameter."""
    assert set(COMMANDS) == set(ANALYSES)
    for name, command in COMMANDS.items():
        fields = set(ANALYSES[name].parameters.model_fields)
        missing = fields - set(option_names(command))
        assert missing == ONLY_OVER_HTTP.get(name, set())


def test_the_description_of_the_interface_has_each_analysis() -> None:
    """An operation of its own, whose body has the parameters and no others."""
    paths: dict[str, Any] = description_of_interface()["paths"]
    terms = {"priority", "memory_limit_bytes", "number_of_threads"}
    for analysis in ANALYSES.values():
        operation = paths[f"/v1{order_path(analysis)}"]["post"]
        assert operation["operationId"] == operation_of(analysis)
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        fields = analysis.parameters.model_fields
        assert set(schema["properties"]) - terms == set(fields)
        for name, field in fields.items():
            assert schema["properties"][name]["description"] == field.description


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_what_runs_an_analysis_is_there(analysis: Analysis) -> None:
    """Its name leads to a function of a subject, parameters and a run."""
    subject, _, _ = inspect.signature(analysis.loaded()).parameters
    expected = "planned" if analysis.subject is Subject.PLAN else "case"
    assert subject == expected


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_an_analysis_with_tables_has_a_report_or_says_that_it_has_none(
    analysis: Analysis,
) -> None:
    """The tables that its command prints are listed by the kind of its record."""
    has_report = analysis.document is not None and analysis.has_report
    assert (analysis.document in TABLES) == has_report
