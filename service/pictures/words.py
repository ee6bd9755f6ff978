"""The words of pictures in the language of a reader, and how it writes numbers."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from babel import Locale
from babel.core import get_global
from babel.dates import format_skeleton


class MoneyUnit(NamedTuple):
    """A unit of money: its size in dollars and its name."""

    usd: float
    name: str


OTHERS = "OTH"
BRITISH = Locale("en", "GB")
ENGLISH_UNITS = (
    MoneyUnit(1e9, "billion US dollars"),
    MoneyUnit(1e6, "million US dollars"),
    MoneyUnit(1e3, "thousand US dollars"),
    MoneyUnit(1.0, "US dollars"),
)
# Languages that count in other units than thousands.
UNITS: Mapping[str, tuple[MoneyUnit, ...]] = {
    "ja": (
        MoneyUnit(1e12, "兆ドル"),
        MoneyUnit(1e8, "億ドル"),
        MoneyUnit(1e4, "万ドル"),
        MoneyUnit(1.0, "ドル"),
    )
}


@dataclass(frozen=True, slots=True)
class Words:
    """A language. say returns an English text in it, with the same names in braces."""

    locale: Locale = BRITISH
    say: Callable[[str], str] = str

    def __call__(self, text: str, /, **named: object) -> str:
        """Return a text with the values of its names in braces."""
        return self.say(text).format(**named)

    def money_unit(self, largest_usd: float) -> MoneyUnit:
        """Return the unit in which so many dollars are at least one."""
        units = UNITS.get(self.locale.language, ENGLISH_UNITS)
        return next((x for x in units if abs(largest_usd) >= x.usd), units[-1])

    def country(self, code: str) -> str:
        """Return the name of a country by its code in a case."""
        if code == OTHERS:
            return self("other countries")
        names = cast("Mapping[str, str]", self.locale.territories)
        return names.get(_two_letters(code), code)

    def date(self, day: dt.date, skeleton: str) -> str:
        """Return a part of a date: `MMM` is its month, `y` its year, `d` its day."""
        return format_skeleton(skeleton, day, locale=self.locale)


def _two_letters(code: str) -> str:
    """Return the code of ISO 3166-1 alpha-2 that Babel knows a country by."""
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    return aliases.get(code, ["XK" if code == "XKX" else code])[0]


ENGLISH = Words()
