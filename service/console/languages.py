"""The languages of the console: which one a reader gets, and their catalogues.

Catalogues are read as they are written (`.po`): there is nothing to compile. A text
that a catalogue lacks is shown in English.
"""

import io
from enum import StrEnum
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request

COOKIE = "strongroom_language"


class Language(StrEnum):
    """A language of the console."""

    ENGLISH = "en"
    JAPANESE = "ja"

    @property
    def endonym(self) -> str:
        """What its speakers call it."""
        return {"en": "English", "ja": "日本語"}[self.value]

    @property
    def locale(self) -> Locale:
        """How it writes numbers and dates."""
        return Locale("en", "GB") if self is Language.ENGLISH else Locale("ja", "JP")


def language_of(request: Request) -> Language:
    """Return the language that a reader has chosen, or else prefers."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in set(Language):
        return Language(chosen)
    return preferred_language(request.headers.get("accept-language", ""))


def preferred_language(accepted: str) -> Language:
    """Return the language that an Accept-Language prefers (RFC 9110, 12.5.4)."""
    weighed: list[tuple[float, Language]] = []
    for part in accepted.split(","):
        tag, _, parameter = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        # One of weight 0 is not wanted at all.
        if primary in set(Language) and (weight := _weight(parameter)) > 0:
            weighed.append((weight, Language(primary)))
    return max(weighed, key=lambda x: x[0], default=(0, Language.ENGLISH))[1]


@cache
def texts_in(language: Language) -> NullTranslations:
    """Return the catalogue of a language; that of English is empty."""
    if language is Language.ENGLISH:
        return NullTranslations()
    written = files("service.console").joinpath("locale", f"{language}.po")
    with written.open("rb") as file:
        catalogue = read_po(file, locale=language.value, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
