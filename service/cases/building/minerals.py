"""The minerals that a case can be built for, groups of them, and their other names."""

from collections.abc import Sequence
from difflib import get_close_matches

from models.mistakes import Mistake
from service.cases.writing.tables import Row, content


def known_minerals() -> dict[str, str]:
    """Return the names for people of all minerals that a case can have, by id."""
    rows = [*content("materials"), *content("further_materials")]
    return {row["id"]: row["name"] for row in rows}


def groups() -> dict[str, tuple[str, ...]]:
    """Return the minerals of each group."""
    found: dict[str, tuple[str, ...]] = {}
    for row in content("mineral_groups"):
        found[row["group"]] = (*found.get(row["group"], ()), row["mineral"])
    return found


def minerals_of(names: Sequence[str], mistakes: list[Mistake]) -> list[str]:
    """Return the minerals that names, groups and lists of them stand for, once each.

    Adds a mistake for each name that stands for none.
    """
    known, found = known_minerals(), dict[str, None]()
    by_name = {name.lower(): m for m, name in known.items()}
    for word in (x.strip() for name in names for x in name.split(",")):
        key = word.lower().replace(" ", "_").replace("-", "_")
        other = content("other_names", other_name=key)
        if not word:
            continue
        if key in known:
            found[key] = None
        elif key in groups():
            found |= dict.fromkeys(groups()[key])
        elif word.lower() in by_name:
            found[by_name[word.lower()]] = None
        elif other and other[0]["mineral"]:
            found[other[0]["mineral"]] = None
        else:
            mistakes.append(Mistake("--minerals", word, _expected(key, other)))
    if not found and not any(x.path == "--minerals" for x in mistakes):
        mistakes.append(Mistake("--minerals", "absent", _expected("", [])))
    return list(found)


def allowed_minerals() -> str:
    """Return all minerals and groups, for a message."""
    return f"minerals {', '.join(known_minerals())}; groups {', '.join(groups())}"


def _expected(key: str, other: Sequence[Row]) -> str:
    if other:
        return f"another mineral: {other[0]['why']}"
    close = get_close_matches(key, [*known_minerals(), *groups()], n=1)
    hint = f"perhaps {close[0]}; " if close else ""
    return f"{hint}one or more of the {allowed_minerals()}"
