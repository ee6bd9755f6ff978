"""Quantities with their unit in the type. Money is nominal US dollars."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

Identifier = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", min_length=1, max_length=64)
]
CaseIdentifier = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(:[A-Za-z0-9][A-Za-z0-9_-]*)?$",
        min_length=1,
        max_length=129,
        description="a name, or those of a case and a variant of it with a colon",
    ),
]
Tonnes = Annotated[float, Field(ge=0, description="tonnes")]
PositiveTonnes = Annotated[float, Field(gt=0, description="tonnes, above 0")]
UsDollars = Annotated[float, Field(ge=0, description="US dollars")]
UsDollarsPerTonne = Annotated[float, Field(ge=0, description="US dollars a tonne")]
Fraction = Annotated[float, Field(ge=0, le=1, description="share between 0 and 1")]
PositiveFraction = Annotated[float, Field(gt=0, le=1, description="share, 0 < x <= 1")]
RatePerYear = Annotated[float, Field(ge=0, le=10, description="fraction a year")]
GrowthPerYear = Annotated[float, Field(gt=-1, le=10, description="fraction a year")]


def _no_number(value: object) -> object:
    # Else 86400 would be read as seconds since 1970.
    is_text_of_number = isinstance(value, str) and _is_number(value)
    if isinstance(value, int | float) or is_text_of_number:
        msg = "a date as in 2027-01-31, not a number"
        raise ValueError(msg)
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


Day = Annotated[dt.date, BeforeValidator(_no_number)]


def _ascending(levels: tuple[float, ...]) -> tuple[float, ...]:
    if list(levels) != sorted(set(levels)):
        msg = f"levels are {list(levels)}, expected each above the one before"
        raise ValueError(msg)
    return levels


Levels = Annotated[
    tuple[Annotated[float, Field(gt=0)], ...],
    AfterValidator(_ascending),
    Field(description="days of members' need, ascending"),
]
Days = Annotated[float, Field(ge=0, description="days")]
PeriodIndex = Annotated[int, Field(ge=0, description="period, counted from 0")]
Country = Annotated[
    str,
    Field(pattern=r"^[A-Z]{3}$", description="ISO 3166-1 alpha-3, or OTH for others"),
]
