"""Mistakes in the fees that members agreed to before the start."""

from collections import Counter
from collections.abc import Iterator

from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.sections import Sections


def wrong_fees(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find agreed fees of unknown participants, of others than members, and double."""
    members = () if case.membership is None else case.membership.members
    fees = case.position.fees
    for name, count in Counter(x.participant for x in fees).items():
        path = f"position.fees[{name}].participant"
        missing = [*known.missing("participants", path, name)]
        yield from missing
        if not missing and name not in members:
            yield Mistake(path, name, "one of membership.members; only these pay fees")
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.fees", name, expected)
