"""What a case is asked for: minerals, country of the users, makers, budget, horizon."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.cases.building.countries import country_of
from service.cases.building.minerals import minerals_of

MONTHS = 36
ALL = "all"  # makers
ABSENT = "absent"
FEWEST_MONTHS, MOST_MONTHS = 12, 120
MULTIPLES = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
}
AMOUNT = re.compile(
    r"\$?([\d.,_]*\d(?:e\d+)?)\s*([a-z]*?) ?(?:usd|us dollars|dollars)?"
)
EXPECTED_AMOUNT = "US dollars, such as 500e6, 500 million or 1.5bn"


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """The wishes for a case.

    makers are ids of participants, all of them if there are none. needs are tonnes a
    year by mineral, where they are better known than the data know them. has_contracts:
    the contracts and rights that are known for the country are offered too.
    """

    minerals: tuple[str, ...]
    country: str
    budget_usd: float
    makers: tuple[str, ...] = ()
    months: int = MONTHS
    needs: Mapping[str, float] = field(default_factory=dict[str, float])
    has_contracts: bool = False


def read_order(  # noqa: PLR0913 - one for each wish
    *,
    minerals: Sequence[str] = (),
    country: str = "",
    budget: str = "",
    makers: Sequence[str] = (),
    months: int = MONTHS,
    needs: Sequence[str] = (),
    has_contracts: bool = False,
) -> CaseOrder:
    """Return the wishes that words stand for.

    Raises InvalidCaseError with all mistakes. Makers are checked when the case is
    built, since they depend on minerals and country.
    """
    mistakes: list[Mistake] = []
    chosen = minerals_of(minerals, mistakes)
    users = country_of(country, mistakes)
    budget_usd = dollars_of(budget, mistakes)
    if not FEWEST_MONTHS <= months <= MOST_MONTHS:
        expected = f"{FEWEST_MONTHS} to {MOST_MONTHS} months"
        mistakes.append(Mistake("--months", months, expected))
    tonnes = _needs_of(needs, chosen, mistakes)
    if mistakes:
        raise InvalidCaseError(mistakes)
    listed = tuple(dict.fromkeys(x for y in makers for x in words_in(y)))
    return CaseOrder(
        minerals=tuple(chosen),
        country=users,
        budget_usd=budget_usd,
        makers=() if ALL in listed else listed,
        months=months,
        needs=tonnes,
        has_contracts=has_contracts,
    )


def words_in(text: str) -> list[str]:
    """Return the words of a list with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def dollars_of(text: str, mistakes: list[Mistake]) -> float:
    """Return an amount of US dollars, such as 500 million; 0 with a mistake."""
    found = AMOUNT.fullmatch(text.strip().lower())
    if found is None or found[2] not in MULTIPLES:
        mistakes.append(Mistake("--budget", text or ABSENT, EXPECTED_AMOUNT))
        return 0.0
    try:
        amount = float(found[1].replace("_", "").replace(",", "")) * MULTIPLES[found[2]]
    except ValueError:
        amount = 0.0
    if not 0 < amount < float("inf") or _has_decimal_comma(found[1]):
        mistakes.append(Mistake("--budget", text, f"{EXPECTED_AMOUNT}, above 0"))
    return amount


def _has_decimal_comma(digits: str) -> bool:
    """Say whether a comma does not part thousands, so that it may be a decimal sign."""
    return "," in digits and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits)


def _needs_of(
    texts: Sequence[str], chosen: Sequence[str], mistakes: list[Mistake]
) -> dict[str, float]:
    needs: dict[str, float] = {}
    for text in texts:
        name, _, amount = text.partition("=")
        try:
            tonnes = float(amount)
        except ValueError:
            tonnes = 0.0
        mineral = [x for x in minerals_of([name], []) if x in chosen]
        if len(mineral) != 1 or not 0 < tonnes < float("inf"):
            expected = (
                "MINERAL=TONNES a year above 0, of a chosen mineral "
                f"({', '.join(chosen) or 'there is none'})"
            )
            mistakes.append(Mistake("--need", text, expected))
        elif mineral[0] in needs:
            mistakes.append(Mistake("--need", text, f"{mineral[0]} once"))
        else:
            needs[mineral[0]] = tonnes
    return needs
