"""Plans as files: read back, and written so that nothing is lost."""

import os
import secrets
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.consistency import Mistake
from models.plan import Plan
from models.reading import InvalidCaseError
from service.files.json_values import parse_json
from service.files.text import fault, read_text


def read_plan(path: Path) -> Plan:
    """Return the plan in a file, or raise InvalidCaseError with every mistake."""
    text = read_text(path, "the file of a plan (strongroom solve --output)")
    if not text.strip():
        raise fault(str(path), "empty", "a plan")
    try:
        return Plan.model_validate(parse_json(text, str(path)))
    except ValidationError as error:
        raise InvalidCaseError([_mistake(dict(e)) for e in error.errors()]) from None


def check_writable(path: Path) -> None:
    """Raise InvalidCaseError if a plan could not be written there.

    Found out by making a file beside it, which is gone again at once.
    """
    try:
        obstacle = _obstacle(path.resolve())
    except OSError as error:
        obstacle = error.strerror or type(error).__name__
    if obstacle is not None:
        raise fault(str(path), obstacle, "the name of a file that can be written")


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan whole or not at all: a file beside it takes its place at the end.

    Raises OSError; what was there before is then still there.
    """
    target = path.resolve()
    draft = _draft(target)
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(plan.model_dump_json(indent=2))
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _obstacle(target: Path) -> str | None:
    if target.is_dir():
        return "a directory"
    if target.exists() and not target.is_file():
        return "a device, pipe or socket"
    if target.exists() and not os.access(target, os.W_OK):
        return "write-protected"
    if not target.parent.is_dir():
        return "in a folder that is not there"
    draft = _draft(target)
    draft.touch(exist_ok=False)
    draft.unlink()
    return None


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")


def _mistake(found: dict[str, Any]) -> Mistake:
    location: tuple[int | str, ...] = found["loc"]
    steps = (f"[{x}]" if isinstance(x, int) else f".{x}" for x in location)
    path = "".join(steps).lstrip(".") or "plan"
    match found["type"]:
        case "missing":
            return Mistake(path, "absent", "a value (the field is required)")
        case "extra_forbidden":
            return Mistake(path, found["input"], "no such field")
        case _:
            expected = str(found["msg"]).removeprefix("Input should be ")
            return Mistake(path, found["input"], expected)
