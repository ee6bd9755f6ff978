"""Batches as they are stored, on each database."""

import json
from functools import partial

import pytest

from models.instance import Instance
from models.outcome import Termination
from models.reading import InvalidCaseError, read_instance
from models.tables import JobState
from service.errors import IdempotencyKeyReusedError
from service.jobs.reuse import VERSION
from service.store.batches import BatchRepository
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.batches.conftest import (
    LIMIT,
    Rows,
    Settle,
    Submit,
    Variants,
    solved,
)
from tests.service.interference import together


def numbers(database: Database) -> dict[JobState, int]:
    """Return how many jobs stand where."""
    with database.reading() as session:
        found = JobRepository(session).number_by_state()
    return {state: number for state, number in found.items() if number}


def test_variants_are_cases_that_can_be_read(
    database: Database, submit: Submit, variants: Variants, instance: Instance
) -> None:
    """Each is stored as what differs from the base, and comes back whole."""
    batch = submit(
        grid=[f"{LIMIT}=1e6..3e6:3"],
        variants=[{"name": "calm", "patch": {"events": []}}],
    )
    found = variants(batch)
    assert batch.number_of_variants == 4
    assert [x.variant.number for x in found] == [0, 1, 2, 3, 4]
    with database.reading() as session:
        cases = CaseRepository(session)
        read = [
            read_instance(json.loads(cases.text(x.job.solved_case_hash))) for x in found
        ]
        stored = [cases.get(x.job.solved_case_hash) for x in found]
    assert [x.content_hash for x in read] == [x.job.solved_case_hash for x in found]
    assert read[0] == instance
    assert read[1].events == ()
    assert [x.financing.facilities[0].limit_usd for x in read[2:]] == [1e6, 2e6, 3e6]
    assert [x.base_hash for x in stored] == [None, *[instance.content_hash] * 4]
    assert all(2 * len(x.content) < len(stored[0].content) for x in stored[1:])


def test_a_batch_of_a_variant_builds_on_it(
    database: Database, submit: Submit, variants: Variants
) -> None:
    """What is stored in parts is put together over two steps, too."""
    first = variants(submit(grid=[f"{LIMIT}=1e6"]))[1].job.solved_case_hash
    second = variants(submit(case=first, grid=["options.seed=5"]))[1]
    with database.reading() as session:
        text = CaseRepository(session).text(second.job.solved_case_hash)
    case = read_instance(json.loads(text))
    assert (case.financing.facilities[0].limit_usd, case.options.seed) == (1e6, 5)


def test_variants_that_are_the_same_case_share_a_job(
    database: Database, submit: Submit, variants: Variants
) -> None:
    """The loan as it is, set again, by name and by patch: one job beside the other."""
    found = variants(
        submit(
            grid=[f"{LIMIT}=5e6,6e6"],
            variants=[
                {"name": "a", "set": {"materials.gallium.lot_tonnes": 0.1}},
                {"name": "b", "patch": {"options": {"seed": 1}}},
            ],
        )
    )
    jobs = [x.job.id for x in found]
    assert jobs[0] == jobs[1] == jobs[2] == jobs[3] != jobs[4]
    assert numbers(database) == {JobState.QUEUED: 2}


def test_one_wrong_variant_and_nothing_is_stored(
    database: Database, submit: Submit
) -> None:
    """All variants are read before any is stored."""
    with pytest.raises(InvalidCaseError):
        submit(grid=[f"{LIMIT}=1e6,2e6,-1"])
    assert numbers(database) == {}


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_batches_that_need_cases_of_each_other_are_both_stored(
    database: Database, submit: Submit, variants: Variants
) -> None:
    """The base of each is a variant of the other, and they come at the same time."""
    for number in range(5):
        seeds = (10 * number + 1, 10 * number + 2)

        def ask(seed: int, seeds: tuple[int, ...] = seeds) -> None:
            options = {"seed": seed}
            grid = [f"options.seed={min(seeds)},{max(seeds)}", f"{LIMIT}=5e6,6e6"]
            submit(options=options, grid=grid)

        together(*(partial(ask, seed) for seed in seeds))
    with database.reading() as session:
        batches = BatchRepository(session).page(before=None, limit=99)
    assert [len(variants(batch)) for batch in batches] == [5] * 10


def test_the_same_key_gives_the_same_batch(submit: Submit, database: Database) -> None:
    """No job is queued twice; another order under the key is refused."""
    order = {"grid": [f"{LIMIT}=1e6,2e6"]}
    first = submit(key="k", **order)
    assert submit(key="k", **order).id == first.id
    assert numbers(database) == {JobState.QUEUED: 3}
    with pytest.raises(IdempotencyKeyReusedError):
        submit(key="k", grid=[f"{LIMIT}=1e6"])


def test_what_was_solved_is_not_solved_again(
    submit: Submit, settle: Settle, variants: Variants, rows: Rows
) -> None:
    """A batch that overlaps with an earlier one has its answers, with their source."""
    first = submit(grid=[f"{LIMIT}=1e6,2e6"])
    assert settle() == 3
    second = submit(grid=[f"{LIMIT}=2e6,3e6"])
    before, after = variants(first), variants(second)
    assert [x.job.state for x in after] == [
        JobState.SUCCEEDED,
        JobState.SUCCEEDED,
        JobState.QUEUED,
    ]
    assert [x.job.reused_from for x in after] == [
        before[0].job.id,
        before[2].job.id,
        None,
    ]
    assert rows(second)[1].figures == rows(first)[2].figures
    assert rows(second)[1].figures is not None
    # A third one names who solved it, not who took it over.
    third = variants(submit(grid=[f"{LIMIT}=2e6"]))
    assert third[1].job.reused_from == before[2].job.id
    assert settle() == 1


def test_a_fresh_batch_is_solved_whatever_is_known(
    submit: Submit, settle: Settle
) -> None:
    """A fresh order has all jobs queued."""
    submit(grid=[f"{LIMIT}=1e6"])
    settle()
    submit(grid=[f"{LIMIT}=1e6"], is_fresh=True)
    assert settle() == 2


@pytest.mark.parametrize(
    ("termination", "number_again"),
    [
        (Termination.OPTIMAL, 0),
        (Termination.GAP_REACHED, 0),
        (Termination.TIME_LIMIT, 0),
        (Termination.INTERRUPTED, 2),
        (Termination.NUMERICAL, 2),
    ],
)
def test_which_answers_count(
    submit: Submit, settle: Settle, termination: Termination, number_again: int
) -> None:
    """The limits are part of the case: another time limit is another case."""
    submit(grid=["options.gap=0.1"])
    settle(partial(solved, termination=termination))
    submit(grid=["options.gap=0.1"])
    assert settle() == number_again
    submit(grid=["options.time_limit_s=1"])
    # By now the case as it is has an answer that counts.
    assert settle() == 1


def test_the_answer_of_another_version_does_not_count(
    database: Database, submit: Submit, settle: Settle, variants: Variants
) -> None:
    """It may know better by now."""
    batch = submit(grid=[f"{LIMIT}=1e6"])
    settle()
    assert {x.job.solved_with for x in variants(batch)} == {VERSION}
    with database.transaction() as session:
        for found in BatchRepository(session).jobs(batch, [JobState.SUCCEEDED]):
            found.solved_with = "0.0.1"
    submit(grid=[f"{LIMIT}=1e6"])
    assert settle() == 2
