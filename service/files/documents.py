"""Documents that commands write as JSON: plans, evaluations and batches."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from models.batch import BatchResult
from models.evaluation import Evaluation
from models.plan import Plan
from models.reading import InvalidCaseError
from models.record import Record
from service.files.json_values import parse_json
from service.files.text import read_text
from service.files.validation import mistakes_in

ENDING = ".json"
# By what they are, and the fields by which they are known.
KINDS: Mapping[str, tuple[type[Record], frozenset[str]]] = {
    "plan": (Plan, frozenset({"levels", "promise", "provenance"})),
    "evaluation": (Evaluation, frozenset({"instance_hash", "plan_hash", "seed"})),
    "batch": (BatchResult, frozenset({"axes", "rows", "comparison"})),
}
ADDED = ("picture", "warnings")  # to what a command prints, beside the document


def read_document(path: Path) -> tuple[str, Record] | None:
    """Return what a file is and its document; None if it is none of these.

    Raises InvalidCaseError with every mistake in one.
    """
    if path.suffix != ENDING or not _is_file(path):
        return None
    content = parse_json(read_text(path), str(path))
    if not isinstance(content, dict):
        return None
    given = cast("dict[str, object]", content)
    for kind, (record, fields) in KINDS.items():
        if fields <= given.keys():
            extra = {x for x in ADDED if x not in record.model_fields}
            told = {key: x for key, x in given.items() if key not in extra}
            try:
                return kind, record.model_validate(told)
            except ValidationError as error:
                raise InvalidCaseError(mistakes_in(error, kind)) from None
    return None


def _is_file(path: Path) -> bool:
    with suppress(OSError):
        return path.is_file()
    return False
