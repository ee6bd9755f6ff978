"""The log of a solve as a file: one JSON record per line, read strictly."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from models.mistakes import Mistake
from models.outcome import ProgressRecord
from models.reading import InvalidCaseError
from service.files.json_values import parse_json
from service.files.text import fault, read_text
from service.files.validation import mistakes_in
from service.files.writing import write_whole


def write_log(records: Sequence[ProgressRecord], path: Path) -> None:
    """Write the records completely or not at all; raises OSError."""
    lines = (f"{record.model_dump_json()}\n" for record in records)
    write_whole("".join(lines).encode(), path)


def read_log(path: Path) -> tuple[ProgressRecord, ...]:
    """Return the records of a log, or raise InvalidCaseError with every mistake."""
    text = read_text(path, "the log of a solve (strongroom solve --log)")
    # Only \n ends a line: JSON text may contain other line separators.
    lines = text.removesuffix("\n").split("\n")
    if not text.strip():
        raise fault(str(path), "empty", "a record a line")
    records: list[ProgressRecord] = []
    mistakes: list[Mistake] = []
    for number, line in enumerate(lines, start=1):
        try:
            record = _record(line, f"{path}, line {number}")
        except InvalidCaseError as error:
            mistakes += error.mistakes
            continue
        if records and record.seconds < records[-1].seconds:
            at, expected = f"{path}, line {number}, seconds", records[-1].seconds
            mistakes.append(Mistake(at, record.seconds, f"at least {expected:g}"))
        records.append(record)
    if mistakes:
        raise InvalidCaseError(mistakes)
    return tuple(records)


def _record(line: str, source: str) -> ProgressRecord:
    if not line.strip():
        raise fault(source, "empty", "a record of progress")
    value = parse_json(line, source)
    try:
        return ProgressRecord.model_validate(value)
    except ValidationError as error:
        found = mistakes_in(error, "record")
        raise InvalidCaseError(
            [Mistake(f"{source}, {x.path}", x.value, x.expected) for x in found]
        ) from None
