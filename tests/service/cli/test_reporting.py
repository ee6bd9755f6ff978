"""How commands report errors."""

import json

import pytest
import typer

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.record import Record
from service.cli.reporting import reported

Output = pytest.CaptureFixture[str]


def test_a_mistake_is_a_line_on_standard_error(capsys: Output) -> None:
    """The status is 2, and standard output stays empty."""
    with pytest.raises(typer.Exit) as caught, reported(as_json=False):
        raise InvalidCaseError([Mistake("a.b", 1, "2"), Mistake("c", None, "3")])
    captured = capsys.readouterr()
    assert caught.value.exit_code == 2
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "strongroom: bad input, 2 mistakes",
        "  a.b: is 1, expected 2",
        "  c: is None, expected 3",
    ]


@pytest.mark.parametrize("value", [float("nan"), {"a": float("inf")}, [1], "\ud800"])
def test_any_value_of_a_mistake_can_be_json(capsys: Output, value: object) -> None:
    """The object parses even if the value was the mistake."""
    with pytest.raises(typer.Exit), reported(as_json=True):
        raise InvalidCaseError([Mistake("a", value, "another")])
    (mistake,) = json.loads(capsys.readouterr().out)["mistakes"]
    assert mistake["path"] == "a"


def test_an_internal_error_has_a_status_of_its_own(capsys: Output) -> None:
    """An error of the program is no mistake of the case: the status is 1."""
    error = RuntimeError("the reader lost its way")
    with pytest.raises(typer.Exit) as caught, reported(as_json=True):
        raise error
    captured = capsys.readouterr()
    assert caught.value.exit_code == 1
    assert "the reader lost its way" in json.loads(captured.out)["message"]
    assert "Traceback" in captured.err


class Sum(Record):
    """A document of one figure."""

    cost_usd: float
    number: int = 0


def test_a_result_beyond_all_bounds_is_a_mistake_of_the_case(capsys: Output) -> None:
    """No case comes near 1e15: the figure is named, and the status is 2."""
    with pytest.raises(typer.Exit) as caught, reported(as_json=True):
        Sum(cost_usd=5e16)
    assert caught.value.exit_code == 2
    (mistake,) = json.loads(capsys.readouterr().out)["mistakes"]
    assert mistake["message"] == (
        "result: cost_usd: is 5e+16, expected at most 1e+15 in size; "
        "figures of the case or of the plan are too large"
    )


def test_a_result_that_is_wrong_is_an_internal_error(capsys: Output) -> None:
    """A figure too large beside it does not hide it."""
    with pytest.raises(typer.Exit) as caught, reported(as_json=False):
        Sum.model_validate({"cost_usd": 5e16, "number": "none"})
    assert caught.value.exit_code == 1
    assert "Traceback" in capsys.readouterr().err
