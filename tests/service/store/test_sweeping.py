import datetime as dt

from service.clock import Clock
from service.store.deleting import delete
from service.store.evaluations import EvaluationRepository
from service.store.objects import YOUNG
from service.store.opening import Store
from service.store.retention import EVALUATIONS, Deletion
from service.store.sweeping import sweep, would_sweep
from tests.service.store.conftest import AUTHOR, TABLE

ALL = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def test_objects_go_after_what_refers_to_them(
    store: Store, one_of_each: object, clock: Clock
) -> None:
    """Not before, and not while a row may be on its way to one that is young."""
    del one_of_each
    now = dt.datetime.now(dt.UTC)
    later, deletion = now + 2 * YOUNG, Deletion(ALL)
    with store.database.reading() as session:
        (name,) = EvaluationRepository(session).objects()
    assert sweep(store.database, store.objects, later).number == 0
    gone = deletion.foreseen(EVALUATIONS)
    foreseen = would_sweep(store.database, store.objects, gone, later)
    assert (foreseen.number, foreseen.number_of_bytes) == (1, len(TABLE))
    assert store.objects.get(name) == TABLE
    delete(store.database, deletion, AUTHOR, clock)
    assert sweep(store.database, store.objects, now).number == 0
    assert sweep(store.database, store.objects, later) == foreseen
    assert list(store.objects.old(later)) == []


def test_objects_of_kept_plans_stay(
    store: Store, one_of_each: object, clock: Clock
) -> None:
    """With their evaluations, also where a deletion is only foreseen."""
    del one_of_each
    later = dt.datetime.now(dt.UTC) + 2 * YOUNG
    deletion = Deletion(ALL, keeps_plans=True)
    gone = deletion.foreseen(EVALUATIONS)
    assert would_sweep(store.database, store.objects, gone, later).number == 0
    delete(store.database, deletion, AUTHOR, clock)
    assert sweep(store.database, store.objects, later).number == 0
