import datetime as dt
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.tables import Row
from service.store.backup.cells import backed_up
from service.store.backup.making import back_up
from service.store.backup.reading import opened_backup
from service.store.cases import CaseRepository
from service.store.opening import Store
from tests.service.conftest import StoreKit


def number_of_cases(path: Path) -> int:
    """Return how many cases a backup has."""
    with opened_backup(path) as backup:
        tables = {x.name: x.number_of_rows for x in backup.manifest.tables}
    return tables["casedocument"]


@pytest.mark.parametrize("table", Row.metadata.sorted_tables, ids=str)
def test_every_column_of_every_table_can_be_kept(table: sa.Table) -> None:
    """A column that is added later has a kind of cell, or this fails."""
    assert [backed_up(column).name for column in table.columns] == table.columns.keys()


def test_a_backup_is_a_snapshot(
    store: Store, one_of_each: StoreKit, tmp_path: Path
) -> None:
    """Other sessions store cases meanwhile without waiting."""
    path, is_done, started = tmp_path / "a.backup", threading.Event(), 0
    back_up(one_of_each.whole, store.objects, path, one_of_each.clock)
    before = number_of_cases(path)

    def add() -> None:
        nonlocal started
        while not is_done.is_set():
            case = one_of_each.instance.model_copy(update={"id": f"case {started}"})
            with one_of_each.transaction() as session:
                CaseRepository(session).put(
                    case, is_listed=True, at=one_of_each.clock()
                )
            started += 1

    thread = threading.Thread(target=add)
    thread.start()
    counts: list[int] = []
    try:
        while started < 5 or len(counts) < 3:
            back_up(one_of_each.whole, store.objects, path, one_of_each.clock)
            # Its own check: each job has its case, each document its hash.
            counts.append(number_of_cases(path))
    finally:
        is_done.set()
        thread.join()
    assert counts == sorted(counts)
    assert before <= counts[0]
    assert counts[-1] <= before + started


def test_a_backup_that_fails_leaves_the_one_before(
    store: Store, one_of_each: StoreKit, tmp_path: Path
) -> None:
    """The file is replaced at the end, and nothing is left beside it."""
    path = tmp_path / "a.backup"
    back_up(one_of_each.whole, store.objects, path, one_of_each.clock)
    content = path.read_bytes()

    def broken() -> dt.datetime:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        back_up(one_of_each.whole, store.objects, path, broken)
    assert path.read_bytes() == content
    assert list(tmp_path.glob(".*")) == []
