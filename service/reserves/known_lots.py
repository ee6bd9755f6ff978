"""Where the lots of a ledger come from, of which each process reads an entry once.

A ledger only grows: what was read up to an entry is true as long as the ledger has it.
A correction can take lots back, so all positions are read again after one.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.reserve import StatedPosition
from models.tables import EntryKind
from service.reserves.standing import standing, stated_by
from service.store.reserves import ReserveLedger

MOST_LEDGERS = 32


class LotOrigin(NamedTuple):
    """What a lot has had since it arrived."""

    material: str
    form: str | None
    arrival: dt.date
    mining_country: str
    refining_country: str


class _Read(NamedTuple):
    """What was read of a ledger, up to an entry."""

    entry_hash: str
    number: int
    lots: Mapping[str, LotOrigin]


_read: OrderedDict[str, _Read] = OrderedDict()
_lock = threading.Lock()


def known_lots(ledger: ReserveLedger) -> Mapping[str, LotOrigin]:
    """Return the origins of all lots that the positions of a ledger have, by name."""
    name = ledger.of.id
    with _lock:
        before = _read.get(name)
    number = 0
    if before is not None and ledger.has(before.entry_hash):
        number = before.number
    new = ledger.of_kinds(EntryKind.POSITION, EntryKind.CORRECTION, after=number)
    if before is not None and number and not new:
        return before.lots
    if any(entry.kind == EntryKind.CORRECTION for entry in new):
        said = (x.said for x in standing(ledger, EntryKind.POSITION))
        lots = dict(_origins(stated_by(x) for x in said))
    else:
        lots = {} if before is None or not number else dict(before.lots)
        lots |= _origins(stated_by(entry) for entry in new)
    if new:
        with _lock:
            _read[name] = _Read(new[-1].entry_hash, new[-1].number, lots)
            _read.move_to_end(name)
            while len(_read) > MOST_LEDGERS:
                _read.popitem(last=False)
    return lots


def _origins(positions: Iterable[StatedPosition]) -> dict[str, LotOrigin]:
    """Return the origin of each lot, as the last position of those has it."""
    return {
        lot.id: LotOrigin(*(getattr(lot, name) for name in LotOrigin._fields))
        for stated in positions
        for lot in stated.position.stock
    }
