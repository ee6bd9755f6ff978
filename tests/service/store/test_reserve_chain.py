"""The hash chain of a ledger of a reserve: what breaks it."""

import datetime as dt
from collections.abc import Callable

import pytest

from models.tables import DEFAULT_ORGANISATION, EntryKind, Reserve, ReserveEntry
from service.store.compression import pack
from service.store.reserve_chain import beginning_of, checked, hash_of
from tests.service.conftest import START

Entries = list[ReserveEntry]
CONTENT = "{}"
CONTENT_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def ledger(number: int = 4) -> tuple[Reserve, Entries]:
    """Return a reserve and its entries."""
    reserve = Reserve(
        organisation=DEFAULT_ORGANISATION,
        id="a",
        name="Vault",
        created_at=START,
        number_of_entries=number,
        head="",
    )
    made, head = list[ReserveEntry](), beginning_of(reserve)
    for place in range(1, number + 1):
        entry = ReserveEntry(
            organisation=DEFAULT_ORGANISATION,
            number=place,
            kind=EntryKind.POSITION,
            at=START + dt.timedelta(seconds=place),
            account="manager",
            document_hash=CONTENT_HASH,
            content=pack(CONTENT),
            predecessor=head,
        )
        head = entry.entry_hash = hash_of(entry, head)
        made.append(entry)
    reserve.head = head
    return reserve, made


def replaced(found: Entries, place: int, **fields: object) -> Entries:
    """Return entries of which one is changed."""
    entry = ReserveEntry.model_validate(found[place].model_dump() | fields)
    return [*found[:place], entry, *found[place + 1 :]]


CHANGES: dict[str, tuple[Callable[[Entries], Entries], tuple[int, ...]]] = {
    "who": (lambda x: replaced(x, 1, account="somebody else"), (2,)),
    "whose": (lambda x: replaced(x, 1, organisation="others"), (2,)),
    "when": (lambda x: replaced(x, 1, at=START), (2,)),
    "case": (lambda x: replaced(x, 1, case_hash="0" * 64), (2,)),
    "content": (lambda x: replaced(x, 1, content=pack("[]")), (2,)),
    "no content": (lambda x: replaced(x, 1, content=None), (2,)),
    "damaged content": (lambda x: replaced(x, 1, content=b"x"), (2,)),
    "its hash": (lambda x: replaced(x, 1, entry_hash="f" * 64), (2, 3)),
    "removed": (lambda x: [x[0], *x[2:]], (3,)),
    "order": (lambda x: [x[0], x[2], x[1], x[3]], (3, 2, 4)),
    "copied": (lambda x: [*x[:2], x[1], *x[2:]], (2,)),
}


@pytest.mark.parametrize(("change", "broken"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found(
    change: Callable[[Entries], Entries], broken: tuple[int, ...]
) -> None:
    """At the entry that does not follow from the one before."""
    reserve, entries = ledger()
    assert checked(reserve, entries).is_whole
    found = checked(reserve, change(entries))
    assert (found.broken, found.is_whole) == (broken, False)


def test_a_removed_end_shows_by_the_head() -> None:
    """The rest is a whole chain, but the reserve has had more."""
    reserve, entries = ledger()
    found = checked(reserve, entries[:-1])
    assert (found.broken, found.is_headless) == ((), True)


def test_a_removed_end_shows_by_a_hash_noted_before() -> None:
    """Also if the reserve was made to have had no more."""
    reserve, entries = ledger()
    noted = reserve.head
    assert checked(reserve, entries, noted).has_noted_head
    reserve.head, reserve.number_of_entries = entries[-2].entry_hash, 3
    found = checked(reserve, entries[:-1], noted)
    assert (found.is_whole, found.has_noted_head) == (True, False)


def test_an_entry_that_cannot_be_read_breaks_the_chain_once() -> None:
    """What follows it is followed from there."""
    reserve, entries = ledger()
    found = checked(reserve, [entries[0], None, *entries[2:]])
    assert (found.broken, found.is_headless) == ((2,), False)


def test_a_reserve_of_another_name_has_another_chain() -> None:
    """Neither its name nor its organisation can be changed without a break."""
    for fields in ({"name": "Mine"}, {"organisation": "others"}, {"id": "b"}):
        reserve, entries = ledger()
        other = Reserve.model_validate(reserve.model_dump() | fields)
        assert 1 in checked(other, entries).broken
