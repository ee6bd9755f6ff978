"""Entries of a ledger: each after the last one, of the last position, or refused."""

import datetime as dt
import threading
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from pydantic import BaseModel
from sqlalchemy import event, literal_column, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, text

from models.instance import Instance
from models.observation import Observation
from models.orders import Orders
from models.tables import EntryKind, Reserve, ReserveEntry
from service.errors import (
    EntryNotFoundError,
    LotNotFoundError,
    MalformedOrderError,
    PositionNotLastError,
    PredecessorNotLastError,
    ReserveNotFoundError,
    ServiceError,
)
from service.reserves.content import EntryContent
from service.reserves.entering import (
    NewEntry,
    append_entry,
    checked_entry,
    open_reserve,
)
from service.reserves.standing import chain_of, chains_of, standing
from service.store.audit_log import Author
from service.store.cases import CaseRepository
from service.store.deleting import delete
from service.store.plans import PlanRepository
from service.store.reserve_chain import check_ledgers, unread_reserves
from service.store.reserves import ReserveLedger, ReserveRepository
from service.store.retention import Deletion
from tests.models.test_lot_chains import orders as orders_of
from tests.models.test_lot_chains import release
from tests.service.conftest import START, StoreKit
from tests.service.fake_solver import plan_of
from tests.service.identity.belongings import LOT, with_stock

MONTH = dt.timedelta(days=31)


class Said(NamedTuple):
    """What an entry says, whatever it follows."""

    kind: EntryKind
    content: EntryContent | None = None
    corrects: str | None = None
    reason: str = "It was weighed again."


def opened(kit: StoreKit) -> str:
    """Open a reserve; return its id."""
    with kit.transaction() as session:
        return open_reserve(session, "Vault", kit.clock()).id


def head_of(kit: StoreKit, reserve_id: str) -> str:
    """Return the hash that the next entry has to follow."""
    with kit.reading() as session:
        return ReserveRepository(session).get(reserve_id).head


def stored(kit: StoreKit, case: Instance) -> str:
    """Store a case; return its hash."""
    with kit.transaction() as session:
        CaseRepository(session).put(case, is_listed=False, at=kit.clock())
    return case.content_hash


def later(case: Instance, months: int = 1) -> Instance:
    """Return a case that begins so much later."""
    start = case.horizon.start + months * MONTH
    horizon = case.horizon.model_copy(update={"start": start})
    return case.model_copy(update={"horizon": horizon})


def position(kit: StoreKit, case: Instance) -> Said:
    """Return an entry of the position of a case, which is stored."""
    return Said(EntryKind.POSITION, EntryContent(case=stored(kit, case)))


def plan(kit: StoreKit, case: Instance) -> Said:
    """Return an entry of a plan of a case, both of which are stored."""
    case_hash = stored(kit, case)
    with kit.transaction() as session:
        plans = PlanRepository(session)
        plan_hash = plans.put(plan_of(case), case_hash=case_hash, at=kit.clock())
    return Said(EntryKind.PLAN, EntryContent(plan=plan_hash))


def correction(kit: StoreKit, corrects: str, case: Instance | None = None) -> Said:
    """Return a correction of an entry, by the position of a case or by nothing."""
    content = None if case is None else EntryContent(case=stored(kit, case))
    return Said(EntryKind.CORRECTION, content, corrects)


def document(kind: EntryKind, said: BaseModel) -> Said:
    """Return an entry of an observation or of orders."""
    return Said(kind, EntryContent(document=said.model_dump(mode="json")))


def appended(
    kit: StoreKit, reserve_id: str, said: Said, predecessor: str | None = None
) -> str:
    """Add an entry after the last one unless told otherwise; return its hash."""
    new = NewEntry(
        predecessor or head_of(kit, reserve_id),
        said.kind,
        said.content,
        said.corrects,
        None if said.corrects is None else said.reason,
    )
    with kit.reading() as session:
        entry = checked_entry(
            session, reserve_id, new, account="manager", at=kit.clock()
        )
    with kit.transaction() as session:
        append_entry(session, reserve_id, entry)
    return entry.entry_hash


def lots_of(kit: StoreKit, reserve_id: str) -> Mapping[str, float]:
    """Return the tonnes of each lot by the last position."""
    with kit.reading() as session:
        return {x: y.tonnes for x, y in chains_of(ledger(session, reserve_id)).items()}


def ledger(session: Session, reserve_id: str) -> ReserveLedger:
    """Return the ledger of a reserve."""
    return ReserveLedger(session, ReserveRepository(session).get(reserve_id))


def test_a_lot_is_followed_from_the_mine(kit: StoreKit) -> None:
    """Through the positions of months, each step with its entry; none after a count."""
    reserve_id, case = opened(kit), kit.instance
    entries = [
        appended(kit, reserve_id, position(kit, later(with_stock(case, **fields), t)))
        for t, fields in enumerate([{}, {}, {"tonnes": 1.5}, {"id": "b-lot"}])
    ]
    with kit.reading() as session:
        chain = chain_of(ledger(session, reserve_id), LOT)
        with pytest.raises(LotNotFoundError):
            chain_of(ledger(session, reserve_id), "c-lot")
    start = case.horizon.start
    assert (chain.mining_country, chain.refining_country) == ("AUS", "MYS")
    assert [(x.kind, x.entry, x.day, x.tonnes) for x in chain.steps] == [
        ("entered", entries[0], start, 2.0),
        ("counted", entries[2], start + 2 * MONTH, -0.5),
        ("counted", entries[3], start + 3 * MONTH, -1.5),
    ]
    assert lots_of(kit, reserve_id) == {LOT: 0.0, "b-lot": 2.0}


def test_an_entry_follows_the_last_one(kit: StoreKit) -> None:
    """Who has not seen the last one is told which it is."""
    reserve_id = opened(kit)
    beginning = head_of(kit, reserve_id)
    first = appended(kit, reserve_id, position(kit, kit.instance))
    second = position(kit, later(kit.instance))
    for wrong in (beginning, "0" * 64, "nonsense"):
        with pytest.raises(PredecessorNotLastError) as refused:
            appended(kit, reserve_id, second, wrong)
        assert refused.value.members == {"last": {"hash": first, "number": 1}}
    appended(kit, reserve_id, second, first)
    with pytest.raises(ReserveNotFoundError):
        appended(kit, "none", second, first)


def test_a_plan_is_of_the_last_position(kit: StoreKit) -> None:
    """Not of an earlier one, nor of none; options may differ."""
    reserve_id, case = opened(kit), with_stock(kit.instance)
    with pytest.raises(PositionNotLastError) as refused:
        appended(kit, reserve_id, plan(kit, case))
    assert refused.value.members == {"last": None}
    appended(kit, reserve_id, position(kit, case))
    options = case.options.model_copy(update={"seed": 77})
    appended(kit, reserve_id, plan(kit, case.model_copy(update={"options": options})))
    moved = appended(kit, reserve_id, position(kit, later(case)))
    for wrong in (case, later(kit.instance)):
        with pytest.raises(PositionNotLastError) as refused:
            appended(kit, reserve_id, plan(kit, wrong))
        assert refused.value.members == {"last": {"hash": moved, "number": 3}}
    in_force = appended(kit, reserve_id, plan(kit, later(case)))
    with kit.reading() as session:
        found = standing(ledger(session, reserve_id), EntryKind.PLAN)
    assert found[-1].said.entry_hash == in_force


def test_a_position_contradicts_none_before(kit: StoreKit) -> None:
    """It is not earlier, and its lots are from where they were; all at once."""
    reserve_id, case = opened(kit), with_stock(kit.instance)
    appended(kit, reserve_id, position(kit, later(case)))
    other = with_stock(kit.instance, mining_country="CHN", refining_country="CHN")
    with pytest.raises(MalformedOrderError) as refused:
        appended(kit, reserve_id, position(kit, other))
    lot = f"case.position.stock[{LOT}]"
    assert [x.path for x in refused.value.mistakes] == [
        "case.horizon.start",
        f"{lot}.mining_country",
        f"{lot}.refining_country",
    ]


def test_a_position_reads_as_little_of_a_long_ledger_as_of_a_short_one(
    kit: StoreKit,
) -> None:
    """The rows that are loaded for an entry do not grow with the entries before it."""
    reserve_id, loaded, numbers = opened(kit), list[object](), list[int]()

    def note(entry: object, _context: object) -> None:
        loaded.append(entry)

    event.listen(ReserveEntry, "load", note)
    try:
        for month in range(6):
            case = with_stock(kit.instance, id=f"lot-{month}")
            said = position(kit, later(case, month))
            loaded.clear()
            appended(kit, reserve_id, said)
            numbers.append(len(loaded))
    finally:
        event.remove(ReserveEntry, "load", note)
    assert numbers[2] == numbers[-1] <= 2
    # Of months ago, and long gone: its name still is that of another lot.
    other = with_stock(kit.instance, id="lot-0", mining_country="CHN")
    with pytest.raises(MalformedOrderError, match="mining_country"):
        appended(kit, reserve_id, position(kit, later(other, 7)))


def test_a_lot_that_was_taken_back_was_never_there(kit: StoreKit) -> None:
    """After a correction its name is free for another one."""
    reserve_id, case = opened(kit), kit.instance
    appended(kit, reserve_id, position(kit, case))
    wrong = appended(kit, reserve_id, position(kit, later(with_stock(case))))
    other = later(with_stock(case, mining_country="CHN"), 2)
    with pytest.raises(MalformedOrderError, match="mining_country"):
        appended(kit, reserve_id, position(kit, other))
    appended(kit, reserve_id, correction(kit, wrong))
    appended(kit, reserve_id, position(kit, other))


def test_a_correction_takes_the_place_of_an_entry(kit: StoreKit) -> None:
    """The entry stays in the ledger; the last correction of it counts, or none."""
    reserve_id, case = opened(kit), kit.instance
    first = appended(kit, reserve_id, position(kit, with_stock(case)))
    second = appended(kit, reserve_id, position(kit, later(with_stock(case))))
    weighed = correction(kit, first, with_stock(case, tonnes=1.9))
    corrected = appended(kit, reserve_id, weighed)
    with kit.reading() as session:
        chain = chain_of(ledger(session, reserve_id), LOT)
    assert [(x.entry, x.tonnes) for x in chain.steps] == [
        (corrected, 1.9),
        (second, pytest.approx(0.1)),
    ]
    appended(kit, reserve_id, correction(kit, second))
    assert lots_of(kit, reserve_id) == {LOT: 1.9}
    with kit.reading() as session:
        (last,) = standing(ledger(session, reserve_id), EntryKind.POSITION)
        assert last.said.entry_hash == corrected
        assert [x.is_whole for x in check_ledgers(session)] == [True]
    # A plan is made of what is corrected, not of what was entered.
    with pytest.raises(PositionNotLastError):
        appended(kit, reserve_id, plan(kit, with_stock(case)))
    appended(kit, reserve_id, plan(kit, with_stock(case, tonnes=1.9)))


def test_a_correction_is_of_the_kind_and_day_of_its_entry(kit: StoreKit) -> None:
    """It names an entry of this ledger that is no correction itself."""
    reserve_id, case = opened(kit), with_stock(kit.instance)
    first = appended(kit, reserve_id, position(kit, case))
    second = appended(kit, reserve_id, plan(kit, case))
    third = appended(kit, reserve_id, correction(kit, first))
    other = opened(kit)
    foreign = appended(kit, other, position(kit, case))
    wrong: list[tuple[Said, type[ServiceError]]] = [
        (correction(kit, third, case), MalformedOrderError),
        (correction(kit, second, case), MalformedOrderError),
        (correction(kit, first, later(case)), MalformedOrderError),
        (correction(kit, foreign, case), EntryNotFoundError),
    ]
    for new, error in wrong:
        with pytest.raises(error):
            appended(kit, reserve_id, new)


def observation(case: Instance) -> Observation:
    """Return an observation of the first period of a case in which nothing happens."""
    return Observation(start=case.horizon.start, otherwise="as_planned")


def orders(case: Instance, observed: Observation, tonnes: float) -> Orders:
    """Return orders that release tonnes of the first material to the maker."""
    material = {"material": case.materials[0].id}
    ordered = release(tonnes, maker=tonnes).model_copy(update=material)
    of_case = {
        "instance_hash": case.content_hash,
        "plan_hash": plan_of(case).content_hash,
        "observation_hash": observed.content_hash,
    }
    return orders_of(ordered).model_copy(update=of_case)


def test_orders_are_of_the_last_observation(kit: StoreKit) -> None:
    """That is of the last position, and the plan is in force; there is one of each."""
    reserve_id, case = opened(kit), with_stock(kit.instance)
    observed = observation(case)
    seen = document(EntryKind.OBSERVATION, observed)
    ordered = document(EntryKind.ORDERS, orders(case, observed, 0.5))
    for too_early in (seen, ordered):
        with pytest.raises(PositionNotLastError):
            appended(kit, reserve_id, too_early)
    appended(kit, reserve_id, position(kit, case))
    with pytest.raises(MalformedOrderError) as refused:
        appended(kit, reserve_id, ordered)
    paths = [x.path for x in refused.value.mistakes]
    assert paths == ["document.observation_hash", "document.plan_hash"]
    appended(kit, reserve_id, plan(kit, case))
    appended(kit, reserve_id, seen)
    of_another_day = orders(case, observed, 0.5).model_copy(
        update={"start": case.horizon.start + MONTH}
    )
    with pytest.raises(MalformedOrderError, match=r"document\.start"):
        appended(kit, reserve_id, document(EntryKind.ORDERS, of_another_day))
    appended(kit, reserve_id, ordered)
    for twice in (seen, ordered):
        with pytest.raises(MalformedOrderError, match="a correction of entry"):
            appended(kit, reserve_id, twice)
    appended(kit, reserve_id, position(kit, later(case)))
    with pytest.raises(PositionNotLastError):
        appended(kit, reserve_id, ordered)
    with pytest.raises(MalformedOrderError, match=r"document\.start"):
        appended(kit, reserve_id, seen)
    # What was observed before the last position is not of it.
    next_month = orders(later(case), observed, 0.5).model_copy(
        update={
            "start": later(case).horizon.start,
            "plan_hash": plan_of(case).content_hash,
        }
    )
    with pytest.raises(MalformedOrderError, match=r"document\.observation_hash"):
        appended(kit, reserve_id, document(EntryKind.ORDERS, next_month))


def test_a_lot_is_followed_to_who_received_it(kit: StoreKit) -> None:
    """By orders as an analysis answers them, and as they were corrected."""
    reserve_id, case = opened(kit), with_stock(kit.instance)
    observed = observation(case)
    appended(kit, reserve_id, position(kit, case))
    appended(kit, reserve_id, plan(kit, case))
    appended(kit, reserve_id, document(EntryKind.OBSERVATION, observed))
    told = orders(case, observed, 0.5)
    nothing: list[str] = []
    answer = told.model_dump(mode="json") | {"warnings": nothing, "outputs": nothing}
    content = EntryContent(document=answer)
    done = appended(kit, reserve_id, Said(EntryKind.ORDERS, content))
    less = document(EntryKind.ORDERS, orders(case, observed, 0.25)).content
    entry = appended(kit, reserve_id, Said(EntryKind.CORRECTION, less, done))
    with kit.reading() as session:
        found = ledger(session, reserve_id)
        assert found.entry(done).document_hash == told.content_hash
        chain = chain_of(found, LOT)
    assert chain.tonnes == pytest.approx(1.75)
    released = chain.steps[-1]
    assert (released.kind, released.to) == ("released", "maker")
    assert released.entry == entry


def test_a_ledger_is_not_forgotten(kit: StoreKit) -> None:
    """Nor is what it names, however old; also what a correction takes back."""
    reserve_id, case = opened(kit), with_stock(kit.instance)
    first = appended(kit, reserve_id, position(kit, case))
    appended(kit, reserve_id, plan(kit, case))
    appended(kit, reserve_id, correction(kit, first))
    kit.put_case()
    later_than_all = Deletion(START + dt.timedelta(days=999))
    deleted = delete(kit.whole, later_than_all, Author("operator", "a"), kit.clock)
    assert {x.noun: x.number for x in deleted if x.number} == {"case": 1}
    with kit.reading() as session:
        assert CaseRepository(session).get(case.content_hash)
        assert ledger(session, reserve_id).of.number_of_entries == 3
        assert [x.is_whole for x in check_ledgers(session)] == [True]


CHANGES = (
    "UPDATE reserveentry SET account = 'nobody'",
    "DELETE FROM reserveentry",
)
# Each has the number or the hash of the entry, and another place among all entries.
REPLACEMENTS = (
    """
    INSERT OR REPLACE INTO reserveentry
        (organisation, reserve_sequence, number, kind, at, account, predecessor,
        entry_hash)
    SELECT organisation, reserve_sequence, number, kind, at, account, predecessor, 'x'
    FROM reserveentry
    """,
    """
    INSERT OR REPLACE INTO reserveentry
        (organisation, reserve_sequence, number, kind, at, account, predecessor,
        entry_hash)
    SELECT organisation, reserve_sequence, 9, kind, at, 'x', predecessor, entry_hash
    FROM reserveentry
    """,
)


def test_the_database_refuses_changes(kit: StoreKit) -> None:
    """Whoever asks for them; SQLite also to put another entry in the place of one."""
    reserve_id = opened(kit)
    appended(kit, reserve_id, position(kit, kit.instance))
    is_sqlite = kit.database.engine.dialect.name == "sqlite"
    for change in (*CHANGES, *(REPLACEMENTS if is_sqlite else ())):
        with pytest.raises(IntegrityError), kit.transaction() as session:
            session.connection().execute(text(change))


CELLS = {
    "number": "'x'",
    "at": "'x'",
    "reason": "CAST(x'ff' AS TEXT)",
    "account": "x'ff'",
}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_cell_of_another_type_is_a_broken_entry(kit: StoreKit) -> None:
    """SQLite keeps anything in any column; the entry that has it is named."""
    reserve_id = opened(kit)
    first = appended(kit, reserve_id, position(kit, kit.instance))
    for _ in range(2):
        appended(kit, reserve_id, correction(kit, first))
    for column, cell in CELLS.items():
        change = update(ReserveEntry).where(col(ReserveEntry.number) == 2)
        with Session(kit.whole.writer) as session:
            session.connection().execute(text("DROP TRIGGER reserveentry_UPDATE"))
            session.connection().execute(change.values({column: literal_column(cell)}))
            (found,) = check_ledgers(session)
            session.rollback()
        assert (found.broken, found.is_headless) == ((2,), False), column
    with kit.whole.reading() as session:
        assert [x.is_whole for x in check_ledgers(session)] == [True]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_reserve_with_a_cell_of_another_type_is_named(kit: StoreKit) -> None:
    """The ledgers of others are checked all the same."""
    opened(kit)
    appended(kit, other := opened(kit), position(kit, kit.instance))
    for column in ("number_of_entries", "created_at", "name", "head"):
        cell = "x'ff'" if column in {"name", "head"} else "'x'"
        change = update(Reserve).where(col(Reserve.sequence) == 1)
        with Session(kit.whole.writer) as session:
            session.connection().execute(change.values({column: literal_column(cell)}))
            found = [(x.reserve.id, x.is_whole) for x in check_ledgers(session)]
            unread = unread_reserves(session)
            session.rollback()
        assert (found, unread) == ([(other, True)], [1]), column


def test_writers_at_the_same_time_lose_nothing(kit: StoreKit) -> None:
    """Each entry is there once; of those on the same predecessor one comes first."""
    reserve_id = opened(kit)
    first = appended(kit, reserve_id, position(kit, kit.instance))
    assert append_at_once(kit, reserve_id, first, writers=4, entries=10) >= 0
    with kit.reading() as session:
        found = ledger(session, reserve_id).of_kinds(EntryKind.CORRECTION)
        (checked,) = check_ledgers(session)
    assert sorted(x.reason or "" for x in found) == reasons(4, 10)
    assert (checked.number, checked.is_whole) == (41, True)


def reasons(writers: int, entries: int) -> list[str]:
    """Return what the entries of all writers say, sorted."""
    return sorted(f"{w}: {n}" for w in range(writers) for n in range(entries))


def append_at_once(
    kit: StoreKit, reserve_id: str, corrects: str, *, writers: int, entries: int
) -> int:
    """Let writers add entries at once; return how often one was told to look again."""
    begin, refused = threading.Barrier(writers), [0] * writers

    def write(writer: int) -> None:
        begin.wait()
        for number in range(entries):
            reason = f"{writer}: {number}"
            new = Said(EntryKind.CORRECTION, None, corrects, reason)
            while True:
                try:
                    appended(kit, reserve_id, new)
                    break
                except PredecessorNotLastError:
                    refused[writer] += 1

    threads = [threading.Thread(target=write, args=(x,)) for x in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(refused)
