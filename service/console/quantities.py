"""Quantities, dates and times as the readers of a language write them.

English is as the command line prints it; Japanese counts money in ten thousands.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from markupsafe import Markup

from service.console.languages import Language
from service.console.pictures import words_of
from service.printing import quantities

NONE = "-"
JAPANESE_UNITS = ((1e12, "兆"), (1e8, "億"), (1e4, "万"))
MINUTE_S, HOUR_S = 60, 3600


def money(usd: float | None, language: Language) -> str:
    """Return dollars with three significant figures."""
    if language is Language.ENGLISH or usd is None:
        return quantities.money(usd)
    size, sign = abs(usd), "-" if usd < 0 else ""
    for divisor, unit in JAPANESE_UNITS:
        if size >= quantities.NEARLY_ONE * divisor:
            return f"{sign}{_three_figures(size / divisor)}{unit}ドル"
    if size < quantities.HALF_A_CENT:
        return "0ドル"
    text = f"{size:,.0f}" if size >= 10 else f"{size:.2f}"  # noqa: PLR2004 - as in English
    return f"{sign}{text}ドル"


def share(per_cent: float | None, language: Language) -> str:
    """Return per cent without the sign, with a tenth below ten."""
    del language
    if per_cent is None:
        return NONE
    return f"{per_cent:.0f}" if per_cent >= 9.95 else f"{per_cent:.1f}"  # noqa: PLR2004


def dollars_and_cents(usd: float | None, language: Language) -> str:
    """Return what a dollar brings, to the cent."""
    if usd is None:
        return NONE
    # A solver may return -0.0; adding 0.0 drops the sign.
    number = f"{round(usd, 2) + 0.0:,.2f}"
    return f"{number}ドル" if language is Language.JAPANESE else f"${number}"


def tonnes(quantity: float | None, language: Language, whole: float = 0.0) -> str:
    """Return tonnes: whole from 100 on, else three significant figures.

    It is 0 for a part of a whole below the last figure of that.
    """
    text = NONE if quantity is None else quantities.tonnes(quantity, whole)
    return text.replace(" t", "トン") if language is Language.JAPANESE else text


def percent(fraction: float | None, language: Language) -> str:
    """Return a fraction in per cent."""
    text = quantities.percent(fraction)
    return text.replace(" %", "%") if language is Language.JAPANESE else text


def days(quantity: float | None, language: Language) -> str:
    """Return a number of days, without the word."""
    del language
    return quantities.days(quantity)


def count(number: float | None, language: Language) -> str:
    """Return a whole number, or another as it is, with separators of thousands."""
    return NONE if number is None else format_decimal(number, locale=language.locale)


# A page can have thousands of them, and is opened again and again.
@lru_cache(maxsize=50_000)
def figures(number: float | None, language: Language) -> str:
    """Return a number of any size with four significant figures."""
    if number is None:
        return NONE
    if number == 0:
        return "0"  # also of -0.0
    if abs(number) >= 1000:  # noqa: PLR2004 - whole from four figures on
        return count(round(number), language)
    return format_decimal(Decimal(f"{number:.4g}"), "0.######", locale=language.locale)


def country(code: str | None, language: Language) -> str:
    """Return the name of a country by its code in a case."""
    return NONE if code is None else words_of(language).country(code)


def day(date: dt.date | None, language: Language) -> str:
    """Return a date, in a <time> element."""
    if date is None:
        return NONE
    return _time(date.isoformat(), format_date(date, "medium", language.locale))


def month(date: dt.date | None, language: Language) -> str:
    """Return the month of a date, in a <time> element."""
    if date is None:
        return NONE
    text = format_skeleton("yMMM", date, locale=language.locale)
    return _time(f"{date:%Y-%m}", text)


def instant(at: dt.datetime | None, language: Language) -> str:
    """Return a moment in UTC, in a <time> element."""
    if at is None:
        return NONE
    utc = at.astimezone(dt.UTC)
    date = format_date(utc, "medium", language.locale)
    time = format_datetime(utc, "HH:mm:ss", locale=language.locale)
    return _time(f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{date} {time} UTC")


def duration(seconds: float | None, language: Language) -> str:
    """Return how long something took, in the two largest of hours, minutes, seconds."""
    if seconds is None:
        return NONE
    second, minute, hour = _UNITS_OF_TIME[language]
    if seconds < MINUTE_S:
        return f"{seconds:.1f}{second}"
    whole = round(seconds)
    if whole < HOUR_S:
        return f"{whole // MINUTE_S}{minute} {whole % MINUTE_S}{second}"
    return f"{whole // HOUR_S}{hour} {whole % HOUR_S // MINUTE_S}{minute}"


FILTERS: Mapping[str, Callable[..., str]] = {
    x.__name__: x
    for x in (
        money,
        dollars_and_cents,
        tonnes,
        percent,
        share,
        days,
        count,
        figures,
        country,
        day,
        month,
        instant,
        duration,
    )
}
_UNITS_OF_TIME = {
    Language.ENGLISH: (" s", " min", " h"),
    Language.JAPANESE: ("秒", "分", "時間"),
}


def _time(written: str, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(written, shown)


def _three_figures(value: float) -> str:
    for bound, decimals in ((9.995, 2), (99.95, 1)):
        if value < bound:
            return f"{value:.{decimals}f}"
    # Up to 9,999 of a unit: the fourth figure is none that counts.
    return f"{value:,.0f}" if value < 999.5 else f"{round(value, -1):,.0f}"  # noqa: PLR2004
