"""The countries of users that the data know, and the size of their industry."""

from difflib import get_close_matches

from models.mistakes import Mistake
from service.cases.writing.tables import data, fragment

WORLD, UNITED_STATES = "WLD", "USA"


def known_countries() -> dict[str, str]:
    """Return the names of all countries of users, by code.

    Not those that a case buys nothing from.
    """
    barred = {WORLD, *fragment("framework")["trade"]["ineligible_countries"]}
    rows = data("manufacturing_value_added")
    return {x["iso3"]: x["country"] for x in rows if x["iso3"] not in barred}


def country_of(text: str, mistakes: list[Mistake]) -> str:
    """Return the code of a country given by code or name; adds a mistake if unknown."""
    known = known_countries()
    code = text.strip().upper()
    by_name = {name.lower(): iso3 for iso3, name in known.items()}
    found = code if code in known else by_name.get(text.strip().lower())
    if found is None:
        close = get_close_matches(text.strip().lower(), by_name, n=1)
        hint = (
            f"perhaps {by_name[close[0]]} ({known[by_name[close[0]]]}); "
            if close
            else ""
        )
        expected = f"{hint}a country of the trade data: {', '.join(known)}"
        mistakes.append(Mistake("--country", text or "absent", expected))
        return ""
    return found


def in_sentence(country: str) -> str:
    """Return the name of a country as it stands in a sentence."""
    name = known_countries()[country]
    has_article = name.startswith(("United", "Philippines", "Netherlands"))
    return f"the {name}" if has_article else name


def industry_of(country: str, reference: str) -> float:
    """Return manufacturing of a country over that of another, or of the world."""
    own, others = (
        data("manufacturing_value_added", iso3=x)[0] for x in (country, reference)
    )
    return float(own["value_added_musd"]) / float(others["value_added_musd"])
