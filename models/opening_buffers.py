"""Working buffers at the start, and the mistakes in those that are stated."""

from collections import Counter
from collections.abc import Iterator

from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.opening_position import OpeningBuffer
from models.sections import Sections


def buffer_days(case: Sections, participant: str, material: str) -> float:
    """Return the days of need in a participant's buffer of a material at the start."""
    stated = _stated(case, participant, material)
    if stated is not None:
        return stated.days
    return full_buffer_days(case, participant, material)


def full_buffer_days(case: Sections, participant: str, material: str) -> float:
    """Return the days of need at the start that a full buffer of a material has."""
    stated = _stated(case, participant, material)
    if stated is not None and stated.full_days is not None:
        return stated.full_days
    return next(o for o in case.participants if o.id == participant).working_buffer_days


def _stated(case: Sections, participant: str, material: str) -> OpeningBuffer | None:
    for x in case.position.buffers:
        if (x.participant, x.material) == (participant, material):
            return x
    return None


def wrong_buffers(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find unknown participants and materials, double buffers, and overfull ones."""
    usual = {o.id: o.working_buffer_days for o in case.participants}
    found = case.position.buffers
    for (o, m), count in Counter((x.participant, x.material) for x in found).items():
        if count > 1:
            expected = f"one buffer of {m}, found {count}"
            yield Mistake("position.buffers", o, expected)
    for i, x in enumerate(found):
        path = f"position.buffers[{i}]"
        place = f"{path}.participant"
        yield from known.missing("participants", place, x.participant)
        yield from known.missing("materials", f"{path}.material", x.material)
        full = x.full_days
        if full is None:
            full = usual.get(x.participant, x.days)
        if x.days > full:
            yield Mistake(f"{path}.days", x.days, f"at most {full:g}, a full buffer")


def idle_buffers(case: Sections) -> Iterator[Mistake]:
    """Find buffers that are full, as all are of which nothing is said.

    And full ones that are what they usually are.
    """
    usual = {o.id: o.working_buffer_days for o in case.participants}
    for i, x in enumerate(case.position.buffers):
        full = usual[x.participant]
        if x.full_days == full:
            expected = f"another than {full:g}, the working_buffer_days; no effect"
            yield Mistake(f"position.buffers[{i}].full_days", x.full_days, expected)
        if x.days == full and x.full_days in {None, full}:
            expected = f"less than {full:g}, a full buffer; no effect"
            yield Mistake(f"position.buffers[{i}].days", x.days, expected)
