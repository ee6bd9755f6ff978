"""Working buffers at the start, and the mistakes in those that are stated."""

from collections import Counter
from collections.abc import Iterator

from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.sections import Sections


def buffer_days(case: Sections, participant: str, material: str) -> float:
    """Return the days of need in a participant's buffer of a material at the start."""
    for x in case.position.buffers:
        if (x.participant, x.material) == (participant, material):
            return x.days
    return next(o for o in case.participants if o.id == participant).working_buffer_days


def wrong_buffers(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find unknown participants and materials, double buffers, and overfull ones."""
    full = {o.id: o.working_buffer_days for o in case.participants}
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
        if x.days > full.get(x.participant, x.days):
            expected = f"at most {full[x.participant]:g}, a full buffer"
            yield Mistake(f"{path}.days", x.days, expected)


def idle_buffers(case: Sections) -> Iterator[Mistake]:
    """Find buffers that are full, as all are of which nothing is said."""
    full = {o.id: o.working_buffer_days for o in case.participants}
    for i, x in enumerate(case.position.buffers):
        if x.days == full[x.participant]:
            expected = f"less than {full[x.participant]:g}, a full buffer; no effect"
            yield Mistake(f"position.buffers[{i}].days", x.days, expected)
