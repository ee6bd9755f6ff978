"""What of a ledger counts: each entry as it was made, or as it was corrected last."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.lot_chains import Entered, lot_chains
from models.orders import Orders
from models.reserve import LotChain, StatedPosition
from models.tables import EntryKind, ReserveEntry
from service.errors import LotNotFoundError
from service.store.compression import unpack
from service.store.reserves import ReserveLedger


class StandingEntry(NamedTuple):
    """An entry that counts. said: the entry itself, or its last correction."""

    entry: ReserveEntry
    said: ReserveEntry


def standing(ledger: ReserveLedger, kind: EntryKind) -> Sequence[StandingEntry]:
    """Return the entries of a kind that count, oldest first.

    One whose last correction says nothing in its place does not count.
    """
    found = ledger.of_kinds(kind, EntryKind.CORRECTION)
    corrections = {x.corrects: x for x in found if x.kind == EntryKind.CORRECTION}
    counting = (
        StandingEntry(x, corrections.get(x.entry_hash, x))
        for x in found
        if x.kind == kind
    )
    return [x for x in counting if not says_nothing(x.said)]


def last_standing(
    ledger: ReserveLedger, kind: EntryKind, before: int | None = None
) -> StandingEntry | None:
    """Return the last entry of a kind that counts, of those before a number if given.

    It reads no more entries than that: a ledger has years of them.
    """
    for entry in ledger.newest(kind, before):
        said = ledger.last_correction(entry) or entry
        if not says_nothing(said):
            return StandingEntry(entry, said)
    return None


def says_nothing(entry: ReserveEntry) -> bool:
    """Whether an entry takes another one back, and puts nothing in its place."""
    said = (entry.case_hash, entry.plan_hash, entry.document_hash)
    return said == (None, None, None)


def stated_by(entry: ReserveEntry) -> StatedPosition:
    """Return the position that an entry states."""
    return StatedPosition.model_validate_json(document_text(entry))


def document_text(entry: ReserveEntry) -> str:
    """Return the canonical JSON of what an entry says beside a case or plan."""
    return unpack(entry.content or b"", entry.document_hash or "")


def chains_of(ledger: ReserveLedger) -> Mapping[str, LotChain]:
    """Return the chain of each lot that the ledger has, by its name."""
    found = [
        *standing(ledger, EntryKind.POSITION),
        *standing(ledger, EntryKind.ORDERS),
    ]
    found.sort(key=lambda x: x.entry.number)
    return lot_chains(
        [Entered(x.said.entry_hash, x.said.number, _said(x)) for x in found]
    )


def chain_of(ledger: ReserveLedger, lot: str) -> LotChain:
    """Return the chain of a lot, or raise LotNotFoundError."""
    found = chains_of(ledger).get(lot)
    if found is None:
        raise LotNotFoundError(lot)
    return found


def _said(found: StandingEntry) -> StatedPosition | Orders:
    if found.entry.kind == EntryKind.POSITION:
        return stated_by(found.said)
    return Orders.model_validate_json(document_text(found.said))
