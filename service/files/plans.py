"""Plans as files."""

from pathlib import Path

from pydantic import ValidationError

from models.plan import Plan
from models.reading import InvalidCaseError
from service.files.json_values import parse_json
from service.files.text import fault, read_text
from service.files.validation import mistakes_in
from service.files.writing import write_whole


def read_plan(path: Path) -> Plan:
    """Return the plan in a file, or raise InvalidCaseError with every mistake."""
    text = read_text(path, "the file of a plan (strongroom solve --output)")
    if not text.strip():
        raise fault(str(path), "empty", "a plan")
    try:
        return Plan.model_validate(parse_json(text, str(path)))
    except ValidationError as error:
        raise InvalidCaseError(mistakes_in(error, "plan")) from None


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan completely or not at all; raises OSError."""
    write_whole(plan_file_content(plan), path)


def plan_file_content(plan: Plan) -> bytes:
    """Return the content of the file of a plan."""
    return f"{plan.model_dump_json(indent=2)}\n".encode()
