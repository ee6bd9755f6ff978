"""How the files of a folder are written: what its csv.yaml says of them.

What it does not say is recognised where it can only mean one thing, and told where not.
"""

from typing import Literal

from pydantic import Field, ValidationError, field_validator

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.record import Record
from service.files.text import decode, fault
from service.files.validation import mistakes_in
from service.files.yaml_values import parse_yaml

FILE = "csv.yaml"
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
DECIMALS = {"point": ".", "comma": ","}


class Conventions(Record):
    """How files of text are written."""

    decimal: Literal["point", "comma"] | None = Field(
        default=None, description="What stands before the decimals of a number."
    )
    thousands: Literal["point", "comma"] | None = Field(
        default=None, description="What parts thousands; spaces always may."
    )
    separator: Literal["comma", "semicolon", "tab", "bar"] | None = Field(
        default=None, description="What parts cells."
    )
    dates: Literal["day first", "month first"] | None = Field(
        default=None, description="How dates with strokes are meant, as 3/4/2027."
    )
    encoding: str | None = Field(
        default=None, description="Encoding of text, as cp1252 or shift_jis."
    )
    files: tuple[str, ...] = Field(
        default=(), description="Files that must be there; others may be."
    )

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        try:
            "".encode(name or "utf-8")
        except LookupError:
            msg = "the name of an encoding, as utf-8, cp1252 or shift_jis"
            raise ValueError(msg) from None
        return name


def read_conventions(content: bytes, source: str) -> Conventions:
    """Return what a csv.yaml says; raise InvalidCaseError with every mistake."""
    said = parse_yaml(decode(content, source), source)
    if said is None:
        return Conventions()
    if not isinstance(said, dict):
        raise fault(source, type(said).__name__, "settings, as decimal: comma")
    try:
        found = Conventions.model_validate(said)
    except ValidationError as error:
        raise InvalidCaseError(
            [
                Mistake(f"{source}, {x.path}", x.value, x.expected)
                for x in mistakes_in(error, "settings")
            ]
        ) from None
    if found.decimal is not None and found.decimal == found.thousands:
        place = f"{source}, thousands"
        raise fault(place, found.thousands, "not that of decimals")
    return found
