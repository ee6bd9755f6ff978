"""A built case as YAML that people read: what it is, what was not found, sources."""

import re
import textwrap
from collections.abc import Iterable

from service.cases.building.build import BuiltCase
from service.cases.building.missing import Missing
from service.cases.writing.assembling import in_yaml

WIDTH = 88
SECTION = re.compile(r"^([a-z_]+):", re.MULTILINE)
KINDS = (
    "Each figure says in `sources` where it comes from: a published figure and its "
    "table, `assumption:` a guess with its reason, `illustrative:` a demand that "
    "nobody publishes, `calibrated:` an estimate."
)

SECTIONS = {
    "horizon": "When: periods from the start on.",
    "materials": "What is held: its price, its market, and how it is traded.",
    "storage_classes": "Where it is held, and what that costs.",
    "routes": "Where it comes from: shares of the need, and what the vault may buy.",
    "treatment_charges": "What smelters earn.",
    "trade": "Whom the users trust, and floors of prices.",
    "priority_classes": "Who comes first in a shortage.",
    "participants": "The makers, and the stock that they hold themselves.",
    "products": "What they make, what is in it, and what is lost if it is not made.",
    "sourcing_options": "How fast and where the vault may buy.",
    "rules": "Rules of release and refill that a plan may choose.",
    "levels_days_of_cover": "Levels of stock that a plan may choose.",
    "entitlement_offers": "Rights that makers offer to buy.",
    "contracts": "Contracts that the vault may sign.",
    "financing": "The budget and its terms.",
    "events": "What may go wrong: how often, how long, how much is left.",
    "replays": "What went wrong once, to follow a plan through.",
    "published_losses": "Losses that others published, to compare with.",
    "options": "How the case is solved.",
}


def as_text(built: BuiltCase) -> str:
    """Return the YAML of a built case, with comments; the same case, the same text."""
    case = built.content
    head = [f"{case['name']}.", case["description"], KINDS]
    comments = [*_wrapped(head), "#", *missing_lines(built.missing)]
    body = SECTION.sub(_with_comment, in_yaml(case))
    return "\n".join(comments) + "\n" + body


def missing_lines(missing: Iterable[Missing]) -> list[str]:
    """Return what was not found as comments."""
    listed = [f"{x.mineral}: {x.what}; instead: {x.instead}" for x in missing]
    if not listed:
        return ["# Everything that was looked for was found."]
    head = "# Not found in the shipped data, and assumed instead:"
    return [head, *_wrapped(listed, "- ")]


def _wrapped(texts: Iterable[str], bullet: str = "") -> list[str]:
    return [
        line
        for text in texts
        for line in textwrap.wrap(
            text,
            WIDTH,
            initial_indent=f"# {bullet}",
            subsequent_indent="# " + " " * len(bullet),
            break_long_words=False,
        )
    ]


def _with_comment(found: re.Match[str]) -> str:
    """Return the heading of a section after a comment that says what it is."""
    comment = SECTIONS.get(found[1])
    return f"\n# {comment}\n{found[0]}" if comment else found[0]
