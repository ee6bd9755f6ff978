"""Batches as they are stored, on each database."""

import json
from functools import partial

import pytest

from models.outcome import Termination
from models.reading import InvalidCaseError, read_instance
from models.tables import JobState
from service.errors import IdempotencyKeyReusedError
from service.jobs.reuse import VERSION
from service.store.batches import BatchRepository
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.part import Part
from tests.service.batches.conftest import LIMIT, StoredBatches, solved
from tests.service.interference import together


def numbers(batches: StoredBatches) -> dict[JobState, int]:
    """Return how many jobs stand where."""
    with batches.reading() as session:
        found = JobRepository(session).number_by_state()
    return {state: number for state, number in found.items() if number}


def test_variants_are_cases_that_can_be_read(batches: StoredBatches) -> None:
    """Each is stored as what differs from the base, and comes back whole."""
    batch = batches.submit(
        grid=[f"{LIMIT}=1e6..3e6:3"],
        variants=[{"name": "calm", "patch": {"events": []}}],
    )
    found = batches.variants(batch)
    assert batch.number_of_variants == 4
    assert [x.variant.number for x in found] == [0, 1, 2, 3, 4]
    with batches.reading() as session:
        cases = CaseRepository(session)
        read = [
            read_instance(json.loads(cases.text(x.job.solved_case_hash))) for x in found
        ]
        stored = [cases.get(x.job.solved_case_hash) for x in found]
    assert [x.content_hash for x in read] == [x.job.solved_case_hash for x in found]
    assert read[0] == batches.instance
    assert read[1].events == ()
    assert [x.financing.facilities[0].limit_usd for x in read[2:]] == [1e6, 2e6, 3e6]
    assert [x.base_hash for x in stored] == [None, *[batches.instance.content_hash] * 4]
    assert all(2 * len(x.content) < len(stored[0].content) for x in stored[1:])


def test_a_batch_of_a_variant_builds_on_it(batches: StoredBatches) -> None:
    """What is stored in parts is put together over two steps, too."""
    first = batches.variants(batches.submit(grid=[f"{LIMIT}=1e6"]))[
        1
    ].job.solved_case_hash
    second = batches.variants(batches.submit(case=first, grid=["options.seed=5"]))[1]
    with batches.reading() as session:
        text = CaseRepository(session).text(second.job.solved_case_hash)
    case = read_instance(json.loads(text))
    assert (case.financing.facilities[0].limit_usd, case.options.seed) == (1e6, 5)


def test_variants_that_are_the_same_case_share_a_job(batches: StoredBatches) -> None:
    """The loan as it is, set again, by name and by patch: one job beside the other."""
    found = batches.variants(
        batches.submit(
            grid=[f"{LIMIT}=5e6,6e6"],
            variants=[
                {"name": "a", "set": {"materials.gallium.lot_tonnes": 0.1}},
                {"name": "b", "patch": {"options": {"seed": 1}}},
            ],
        )
    )
    jobs = [x.job.id for x in found]
    assert jobs[0] == jobs[1] == jobs[2] == jobs[3] != jobs[4]
    assert numbers(batches) == {JobState.QUEUED: 2}


def test_one_wrong_variant_and_nothing_is_stored(batches: StoredBatches) -> None:
    """All variants are read before any is stored."""
    with pytest.raises(InvalidCaseError):
        batches.submit(grid=[f"{LIMIT}=1e6,2e6,-1"])
    assert numbers(batches) == {}


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_batches_may_need_cases_of_each_other(batches: StoredBatches) -> None:
    """The base of each is a variant of the other, and they come at the same time."""
    for number in range(5):
        seeds = (10 * number + 1, 10 * number + 2)

        def ask(seed: int, seeds: tuple[int, ...] = seeds) -> None:
            options = {"seed": seed}
            grid = [f"options.seed={min(seeds)},{max(seeds)}", f"{LIMIT}=5e6,6e6"]
            batches.submit(options=options, grid=grid)

        together(*(partial(ask, seed) for seed in seeds))
    with batches.reading() as session:
        stored = BatchRepository(session).page(Part(99))
    assert [len(batches.variants(batch)) for batch in stored] == [5] * 10


def test_the_same_key_gives_the_same_batch(batches: StoredBatches) -> None:
    """No job is queued twice; another order under the key is refused."""
    grid = [f"{LIMIT}=1e6,2e6"]
    first = batches.submit(key="k", grid=grid)
    assert batches.submit(key="k", grid=grid).id == first.id
    assert numbers(batches) == {JobState.QUEUED: 3}
    with pytest.raises(IdempotencyKeyReusedError):
        batches.submit(key="k", grid=[f"{LIMIT}=1e6"])


def test_what_was_solved_is_not_solved_again(batches: StoredBatches) -> None:
    """A batch that overlaps with an earlier one has its answers, with their source."""
    first = batches.submit(grid=[f"{LIMIT}=1e6,2e6"])
    assert batches.settle() == 3
    second = batches.submit(grid=[f"{LIMIT}=2e6,3e6"])
    before, after = batches.variants(first), batches.variants(second)
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
    assert batches.rows(second)[1].figures == batches.rows(first)[2].figures
    assert batches.rows(second)[1].figures is not None
    # A third one names who solved it, not who took it over.
    third = batches.variants(batches.submit(grid=[f"{LIMIT}=2e6"]))
    assert third[1].job.reused_from == before[2].job.id
    assert batches.settle() == 1


def test_a_fresh_batch_is_solved_whatever_is_known(batches: StoredBatches) -> None:
    """A fresh order has all jobs queued."""
    batches.submit(grid=[f"{LIMIT}=1e6"])
    batches.settle()
    batches.submit(grid=[f"{LIMIT}=1e6"], is_fresh=True)
    assert batches.settle() == 2


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
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
    batches: StoredBatches, termination: Termination, number_again: int
) -> None:
    """The limits are part of the case: another time limit is another case."""
    batches.submit(grid=["options.gap=0.1"])
    batches.settle(partial(solved, termination=termination))
    batches.submit(grid=["options.gap=0.1"])
    assert batches.settle() == number_again
    batches.submit(grid=["options.time_limit_s=1"])
    # By now the case as it is has an answer that counts.
    assert batches.settle() == 1


def test_the_answer_of_another_version_does_not_count(batches: StoredBatches) -> None:
    """It may know better by now."""
    batch = batches.submit(grid=[f"{LIMIT}=1e6"])
    batches.settle()
    assert {x.job.solved_with for x in batches.variants(batch)} == {VERSION}
    with batches.transaction() as session:
        for found in BatchRepository(session).jobs(batch, [JobState.SUCCEEDED]):
            found.solved_with = "0.0.1"
    batches.submit(grid=[f"{LIMIT}=1e6"])
    assert batches.settle() == 2
