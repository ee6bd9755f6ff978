"""Validation errors of pydantic as mistakes."""

from pydantic import ValidationError

from models.mistakes import Mistake


def mistakes_in(error: ValidationError, whole: str) -> list[Mistake]:
    """Return a mistake per error; `whole` is the path of the document itself."""
    mistakes: list[Mistake] = []
    for found in error.errors():
        steps = (f"[{x}]" if isinstance(x, int) else f".{x}" for x in found["loc"])
        path = "".join(steps).lstrip(".") or whole
        match found["type"]:
            case "missing":
                expected = "a value (the field is required)"
                mistakes.append(Mistake(path, "absent", expected))
            case "extra_forbidden":
                mistakes.append(Mistake(path, found["input"], "no such field"))
            case _:
                expected = found["msg"].removeprefix("Input should be ")
                expected = expected.removeprefix("Value error, ")
                mistakes.append(Mistake(path, found["input"], expected))
    return mistakes
