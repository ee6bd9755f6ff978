"""The hash chains of the audit log: made when entries are added, checked on demand.

Each organisation has its own, so that none can tell from its entries how many others
there are. A change, a removal and an insertion break it at that entry. Only the removal
of the latest entries leaves no break: it shows to whoever noted a later hash elsewhere.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.tables import DEFAULT_ORGANISATION, AuditEntry
from service.store.tenancy import restricted_to

# Before the first entry of the default organisation.
BEGINNING = "0" * 64
CHAINED = (
    "actor",
    "verb",
    "noun",
    "name",
    "request_id",
    "key",
    "address",
    "result",
)
ROWS_AT_A_TIME = 1_000
NUL, REPLACEMENT = "\0", "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class CheckedChain:
    """What a check of the chains found, that of each organisation together.

    number_before: entries of versions without a chain, which nothing protects. heads:
    the latest hash by organisation. broken: numbers of entries that do not follow from
    the one before, as a list of them has it, at most the first ten. latest: number of
    the last entry, 0 without any; noted: of the entry with a hash noted earlier.
    """

    number: int
    number_before: int
    heads: Mapping[str, str]
    broken: tuple[int, ...]
    has_noted_head: bool
    latest: int = 0
    noted: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether no entry was changed, removed or inserted, as far as can be seen."""
        return not self.broken and self.has_noted_head


MOST_BROKEN = 10


def beginning_of(organisation: str) -> str:
    """Return what the first entry of an organisation follows."""
    if organisation == DEFAULT_ORGANISATION:
        return BEGINNING
    # So that no chain can be given to another organisation.
    return hashlib.sha256(organisation.encode()).hexdigest()


def hash_of(entry: AuditEntry, previous: str) -> str:
    """Return the hash of an entry after that of the one before."""
    at = entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    # As both databases give the text back.
    texts = [
        None if x is None else x.replace(NUL, REPLACEMENT)
        for x in (getattr(entry, name) for name in CHAINED)
    ]
    return hashlib.sha256(json.dumps([previous, at, *texts]).encode()).hexdigest()


def check_chain(session: Session, noted_head: str | None = None) -> CheckedChain:
    """Return whether the chains are whole; also whether one still has a hash noted."""
    query = select(AuditEntry).order_by(col(AuditEntry.sequence))
    options = {"yield_per": ROWS_AT_A_TIME}
    is_of_one = restricted_to(session) is not None
    found = session.exec(query, execution_options=options)
    return checked(found, noted_head, is_of_one=is_of_one)


def checked(
    found: Iterable[AuditEntry],
    noted_head: str | None = None,
    *,
    is_of_one: bool = False,
) -> CheckedChain:
    """Return what a check of the entries in their order finds.

    is_of_one: whether they are numbered as those of one organisation.
    """
    number = number_before = 0
    heads, broken = dict[str, str](), list[int]()
    latest, noted = 0, None
    for entry in found:
        latest = entry.number if is_of_one else entry.sequence or 0
        if entry.chain_hash is None and entry.organisation not in heads:
            number_before += 1
            continue
        number += 1
        head = heads.get(entry.organisation, beginning_of(entry.organisation))
        if entry.chain_hash != hash_of(entry, head) and len(broken) < MOST_BROKEN:
            broken.append(latest)
        # Go on from there, so that one change is one break.
        heads[entry.organisation] = head = entry.chain_hash or head
        if head == noted_head:
            noted = latest
    has_noted_head = noted_head in {None, BEGINNING} or noted is not None
    return CheckedChain(
        number, number_before, heads, tuple(broken), has_noted_head, latest, noted
    )
