"""Numbers and dates as people write them: read if they can mean one thing only."""

import datetime as dt
import re
from collections.abc import Iterator

from service.case_tables.places import Unread
from service.csv_folder.conventions import DECIMALS, FILE, Conventions

LONGEST = 400  # characters of a number
SPACES = " \xa0\u2009\u202f'\u2019"
MINUS = "\u2212"  # as typeset
A_NUMBER = "a number"
A_DATE = "a date, as 2027-01-31"
_NAMES = {sign: name for name, sign in DECIMALS.items()}
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})(?:\2|月)([0-9]{1,2})日?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00)?$")


def number_of(text: str, conventions: Conventions) -> float | Unread:
    """Return the number that a text means, or Unread with what it might mean."""
    plain = text.strip().replace(MINUS, "-")
    if plain.endswith("-"):  # as accounting systems have it
        plain = f"-{plain[:-1].rstrip()}"
    if len(plain) > LONGEST:
        return Unread(text, A_NUMBER)
    found = dict(_readings(plain, conventions))
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    if found:
        listed = " or ".join(
            f"{value:g} with a decimal {_NAMES[sign]}" for sign, value in found.items()
        )
        expected = f"a number of one meaning, not {listed}: {FILE} can say decimal"
        return Unread(text, expected, told_once_for="decimal")
    if conventions.decimal is None:
        return Unread(text, A_NUMBER)
    said = f"{A_NUMBER} with a decimal {conventions.decimal}, as {FILE} says"
    grouped = f", which parts thousands by {conventions.thousands or 'spaces only'}"
    is_number = any(_readings(plain, Conventions()))
    return Unread(text, said + grouped, "decimal" if is_number else None)


def day_of(text: str, conventions: Conventions) -> dt.date | Unread:
    """Return the day that a text means, or Unread with what it might mean."""
    plain = _MIDNIGHT.sub("", text.strip())
    if (found := _YEAR_FIRST.fullmatch(plain)) is not None:
        year, month, day = found[1], found[3], found[4]
        return _day(year, month, day) or Unread(text, A_DATE)
    if (found := _YEAR_LAST.fullmatch(plain)) is None:
        return Unread(text, A_DATE)
    first, sign, second, year = found.groups()
    readings = {
        "day first": _day(year, second, first),
        "month first": None if sign == "." else _day(year, first, second),
    }
    if conventions.dates is not None and sign != ".":
        readings = {conventions.dates: readings[conventions.dates]}
    days = {day for day in readings.values() if day is not None}
    if len(days) == 1:
        return days.pop()
    if not days:
        return Unread(text, A_DATE)
    listed = " or ".join(f"{day} ({name})" for name, day in readings.items())
    expected = f"a date of one meaning, not {listed}: {FILE} can say dates"
    return Unread(text, expected, told_once_for="dates")


def _readings(text: str, conventions: Conventions) -> Iterator[tuple[str, float]]:
    """Yield the signs of decimals with which a text is a number, and that number."""
    for name, sign in DECIMALS.items():
        if conventions.decimal not in {None, name}:
            continue
        other = next(x for x in DECIMALS.values() if x != sign)
        is_grouped = conventions.decimal is None or conventions.thousands is not None
        groups = SPACES + (other if is_grouped else "")
        if (number := _read(text, sign, groups)) is not None:
            yield sign, number


def _read(text: str, decimal: str, groups: str) -> float | None:
    point = re.escape(decimal)
    whole = rf"[0-9]+|[1-9][0-9]{{0,2}}(?:([{groups}])[0-9]{{3}})(?:\2[0-9]{{3}})*"
    pattern = rf"[+-]?(?:({whole})(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    if re.fullmatch(pattern, text) is None:
        return None
    plain = re.sub(f"[{groups}]", "", text).replace(decimal, ".")
    try:
        return int(plain)
    except ValueError:
        return float(plain)


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
