"""What the ledger of a reserve says of its position, and the chain of a lot."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from models.mistakes import Mistake
from models.opening_position import OpeningPosition
from models.record import Record
from models.units import Country, Day, Identifier, Tonnes

# What a lot has had since it arrived.
ORIGIN = ("material", "form", "arrival", "mining_country", "refining_country")


class StatedPosition(Record):
    """Where a reserve stands on a day: the section `position` of a case."""

    start: Day = Field(description="First day of period 0 of the case.")
    position: OpeningPosition = Field(description="What is there then.")


StepKind = Literal["entered", "counted", "released", "handed_over", "sold"]


class LotStep(Record):
    """What an entry of the ledger says of a lot."""

    kind: StepKind = Field(
        description="entered: with the first position that has it. released and "
        "handed_over: by orders, the oldest lots first. sold: the oldest stock, to buy "
        "it anew. counted: a later position has more or less of it than all that says."
    )
    entry: str = Field(description="Hash of the entry.")
    number: int = Field(description="Number of the entry.")
    day: dt.date = Field(description="Day that the entry is about.")
    tonnes: float = Field(description="Change of what is there.")
    to: Identifier | None = Field(
        default=None,
        description="Participant that received it; null of other steps, and of what "
        "went to none.",
    )


class LotChain(Record):
    """A lot, from where it was mined and refined to what is left of it."""

    id: Identifier = Field(description="Name of the lot.")
    material: Identifier = Field(description="What it is.")
    form: str | None = Field(description="Form held; null: the traded form.")
    mining_country: Country = Field(description="Country in which it was mined.")
    refining_country: Country = Field(description="Country in which it was refined.")
    arrival: dt.date = Field(description="Day on which it arrived.")
    tonnes: Tonnes = Field(description="What is there of it by the last entry.")
    steps: tuple[LotStep, ...] = Field(description="Oldest first; they sum to tonnes.")


class LotChains(Record):
    """The lots of a reserve."""

    lots: tuple[LotChain, ...] = Field(
        description="Those that it has or had, in the order in which they came."
    )


def wrong_next_position(
    stated: StatedPosition, before: StatedPosition | None, known: Mapping[str, object]
) -> Iterator[Mistake]:
    """Find a position before the last one, and lots of another origin than before.

    known: what has the ORIGIN of each lot of the ledger, by its name.
    """
    if before is not None and stated.start < before.start:
        expected = f"a day from that of the last position on, {before.start}"
        yield Mistake("case.horizon.start", str(stated.start), expected)
    for lot in stated.position.stock:
        for name in ORIGIN if lot.id in known else ():
            was, found = getattr(known[lot.id], name), getattr(lot, name)
            if found != was:
                path = f"case.position.stock[{lot.id}].{name}"
                expected = f"{was}, as of the lot of that name in the ledger"
                yield Mistake(path, str(found), expected)
