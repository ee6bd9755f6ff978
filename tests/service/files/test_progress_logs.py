"""Logs of a solve as files: what is written is read, and a wrong line is named."""

from pathlib import Path

import pytest

from models.outcome import ProgressRecord
from models.reading import InvalidCaseError
from service.files.progress_logs import read_log, write_log

RECORDS = (
    ProgressRecord(seconds=0.0, stage="scenarios", message="20 scenarios\u2028here"),
    ProgressRecord(seconds=0.0, stage="bound", lower_bound_usd=1 / 3, cuts=0),
    ProgressRecord(seconds=2.5, stage="checked", upper_bound_usd=1e9, gap=0.01),
)


def mistakes(path: Path) -> list[tuple[str, str]]:
    """Return where in its file a log is wrong, and what was expected."""
    with pytest.raises(InvalidCaseError) as caught:
        read_log(path)
    return [
        (mistake.path.removeprefix(f"{path}, "), mistake.expected)
        for mistake in caught.value.mistakes
    ]


def test_a_log_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A record a line; other ends of line inside a message stay in it."""
    path = tmp_path / "log.jsonl"
    write_log(RECORDS, path)
    assert read_log(path) == RECORDS
    assert path.read_bytes().count(b"\n") == len(RECORDS)


def test_every_wrong_line_is_named(tmp_path: Path) -> None:
    """With the field, and all of them at once."""
    path = tmp_path / "log.jsonl"
    lines = (
        '{"seconds": 1, "stage": "bound"}',
        '{"seconds": -1, "stage": "bound"}',
        "",
        '{"stage": "bound", "cut": 3}',
        '{"seconds": 0.5, "stage": "late"}',
        "[1]",
        "{",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    assert mistakes(path) == [
        ("line 2, seconds", "greater than or equal to 0"),
        ("line 3", "a record of progress"),
        ("line 4, seconds", "a value (the field is required)"),
        ("line 4, cut", "no such field"),
        ("line 5, seconds", "at least 1"),
        ("line 6, record", "a valid dictionary or instance of ProgressRecord"),
        (
            "line 7, line 1, column 2",
            "JSON (Expecting property name enclosed in double quotes)",
        ),
    ]


@pytest.mark.parametrize("text", ["", "\n"])
def test_an_empty_file_is_no_log(tmp_path: Path, text: str) -> None:
    """A solve reports something, or no log is written."""
    path = tmp_path / "log.jsonl"
    path.write_text(text, encoding="utf-8")
    assert mistakes(path) == [(str(path), "a record a line")]


def test_a_file_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    """The message names the command that makes one."""
    path = tmp_path / "log.jsonl"
    assert mistakes(path) == [
        (str(path), "the log of a solve (strongroom solve --log)")
    ]
