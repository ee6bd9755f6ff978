"""The identifiers that a case defines, and the message for an unknown one."""

from collections.abc import Iterator
from heapq import nsmallest
from operator import attrgetter

from models.mistakes import Mistake
from models.sections import Sections

NUMBER_OF_NAMES_SHOWN = 8
# In place of the identifiers of a list that is left out as a whole; none itself.
ANY_NAME = "*"
# Sections whose elements have identifiers.
LISTS = (
    "materials",
    "storage_classes",
    "routes",
    "treatment_charges",
    "priority_classes",
    "participants",
    "products",
    "sourcing_options",
    "rules",
    "position.stock",
    "position.purchases",
    "entitlement_offers",
    "contracts",
    "competing_buyers",
    "financing.facilities",
    "events",
    "replays",
    "unmodelled",
)


def identifiers_in(case: Sections, section: str) -> list[str]:
    """Return the identifiers in one of the LISTS, in order."""
    return [x.id for x in attrgetter(section)(case)]


class KnownIdentifiers:
    """The identifiers in each list of a case, and of parts that were left out."""

    def __init__(self, case: Sections, left_out: frozenset[tuple[str, str]]) -> None:
        self.are_partial = bool(left_out)
        self._case = case
        self._left_out = left_out
        self._ids: dict[str, set[str]] = {}

    def are_partial_in(self, section: str) -> bool:
        """Say whether parts of one list were left out."""
        return any(at == section for at, _ in self._left_out)

    def missing(self, section: str, path: str, name: str | None) -> Iterator[Mistake]:
        """Yield a mistake if `name` is given but unknown."""
        if name is None or (section, ANY_NAME) in self._left_out:
            return
        if (known := self._ids.get(section)) is None:
            known = self._ids[section] = {
                *identifiers_in(self._case, section),
                *(identifier for at, identifier in self._left_out if at == section),
            }
        if name not in known:
            shown = ", ".join(nsmallest(NUMBER_OF_NAMES_SHOWN, known))
            more = ", ..." if len(known) > NUMBER_OF_NAMES_SHOWN else ""
            listed = f"{shown}{more}" or "none is defined"
            yield Mistake(path, name, f"one of the {section} ({listed})")
