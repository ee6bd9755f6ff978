"""The hash chain of the audit log: what breaks it, and that writers keep it whole."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest

from models.tables import DEFAULT_ORGANISATION, AuditEntry
from service.errors import CaseNotFoundError
from service.store.audit_chain import beginning_of, check_chain, checked, hash_of
from service.store.audit_log import AuditTrail, Author, end_of, entries
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.part import Part
from tests.service.conftest import START, StoreKit

AUTHOR = Author("planner", "a request", "0123456789ab", "192.0.2.1")
Chain = list[AuditEntry]


def chain(number: int = 5, organisation: str = DEFAULT_ORGANISATION) -> Chain:
    """Return entries of an organisation, each with its hash."""
    made: Chain = []
    last = beginning_of(organisation)
    for sequence in range(1, number + 1):
        at = START + dt.timedelta(seconds=sequence)
        entry = AuditEntry(
            organisation=organisation,
            sequence=sequence,
            at=at,
            actor="planner",
            verb="put",
            noun="case",
            name=f"case {sequence}",
            request_id="a request",
        )
        last = entry.chain_hash = hash_of(entry, last)
        made.append(entry)
    return made


def changed(entry: AuditEntry, **fields: object) -> AuditEntry:
    """Return an entry with other fields."""
    return AuditEntry.model_validate(entry.model_dump() | fields)


def replaced(found: Chain, place: int, **fields: object) -> Chain:
    """Return a chain with one entry changed."""
    return [*found[:place], changed(found[place], **fields), *found[place + 1 :]]


CHANGES: dict[str, tuple[Callable[[Chain], Chain], tuple[int, ...]]] = {
    "who": (lambda x: replaced(x, 2, actor="somebody else"), (3,)),
    "when": (lambda x: replaced(x, 2, at=START), (3,)),
    "result": (lambda x: replaced(x, 2, result="0" * 64), (3,)),
    "where": (lambda x: replaced(x, 2, address="198.51.100.1"), (3,)),
    # Who changes an entry with its hash breaks the next one.
    "its hash": (lambda x: replaced(x, 2, chain_hash="f" * 64), (3, 4)),
    "removed": (lambda x: [*x[:2], *x[3:]], (4,)),
    "first removed": (lambda x: x[1:], (2,)),
    "order": (lambda x: [*x[:2], x[3], x[2], x[4]], (4, 3, 5)),
    "copied": (lambda x: [*x, changed(x[0], sequence=6)], (6,)),
    "without a hash": (
        lambda x: [*x, changed(x[0], sequence=6, chain_hash=None)],
        (6,),
    ),
}


@pytest.mark.parametrize(("change", "broken"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found(
    change: Callable[[Chain], Chain], broken: tuple[int, ...]
) -> None:
    """At the entry that does not follow from the one before."""
    assert checked(chain()).broken == ()
    found = checked(change(chain()))
    assert found.broken == broken
    assert not found.is_whole


def test_each_organisation_has_a_chain() -> None:
    """One that is broken does not break the other; none can be given to another."""
    mine, others = chain(), chain(3, "others")
    found = checked([*mine[:2], *others, *mine[2:]], others[0].chain_hash)
    assert (found.number, found.is_whole) == (8, True)
    assert found.heads == {
        DEFAULT_ORGANISATION: mine[-1].chain_hash,
        "others": others[-1].chain_hash,
    }
    assert checked([*mine[:2], *others[1:], *mine[2:]]).broken == (2,)
    given_away = [changed(x, organisation="thieves") for x in mine]
    assert checked(given_away).broken == (1,)


def test_removed_ends_show_by_a_hash_noted_before() -> None:
    """The rest is a whole chain, but the hash is gone."""
    noted = chain()[-1].chain_hash
    assert checked(chain(), noted).noted == len(chain())
    assert checked(chain(7), noted).is_whole
    assert checked(chain()[:-1]).is_whole
    assert not checked(chain()[:-1], noted).is_whole


def test_entries_of_before_are_counted_apart() -> None:
    """Nothing protects them; the chain begins after them."""
    old = [changed(x, chain_hash=None) for x in chain(2)]
    found = checked([*old, *chain(3)])
    assert (found.number_before, found.number, found.is_whole) == (2, 3, True)


def test_what_is_stored_is_a_chain(one_of_each: StoreKit) -> None:
    """Also with names that a database does not give back as they were."""
    with one_of_each.transaction() as session:
        trail = AuditTrail(session, AUTHOR, one_of_each.clock())
        trail.add("put", "case", "\0", "\N{SNOWMAN}", result="0" * 64)
    with one_of_each.reading() as session:
        found = check_chain(session)
        assert found.is_whole
        number, head = end_of(session, DEFAULT_ORGANISATION)
        assert found.number == number > 2
        assert found.number == len(entries(session, Part(1000)))
        assert found.heads == {DEFAULT_ORGANISATION: head}
        latest = entries(session, Part(1))[0]
    assert (latest.key, latest.address) == (AUTHOR.key, AUTHOR.address)


def add_and_fail(kit: StoreKit) -> None:
    """Add an entry in a transaction that is rolled back."""
    with kit.transaction() as session:
        AuditTrail(session, AUTHOR, kit.clock()).add("put", "case", "b")
        CaseRepository(session).get("none")


def test_an_entry_that_is_rolled_back_leaves_no_gap(kit: StoreKit) -> None:
    """The next one follows the last that was committed."""
    with kit.transaction() as session:
        AuditTrail(session, AUTHOR, kit.clock()).add("put", "case", "a")
    with pytest.raises(CaseNotFoundError):
        add_and_fail(kit)
    with kit.transaction() as session:
        AuditTrail(session, AUTHOR, kit.clock()).add("put", "case", "c")
    with kit.reading() as session:
        assert [x.name for x in entries(session, Part(9))] == ["c", "a"]
        assert check_chain(session).is_whole


def test_writers_at_the_same_time_make_one_chain(database: Database) -> None:
    """Each entry follows another one, whoever wrote it."""
    begin = threading.Barrier(4)

    def write(name: str) -> None:
        begin.wait()
        for number in range(10):
            with database.transaction() as session:
                trail = AuditTrail(session, AUTHOR, START)
                trail.add("put", "case", f"{name}{number}")

    threads = [threading.Thread(target=write, args=(x,)) for x in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        found = check_chain(session)
    assert (found.number, found.broken) == (40, ())
