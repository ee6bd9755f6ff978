"""Batches over HTTP, on a server whose jobs run for ever."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.outcome import Outcome
from service.api.batches import QUEUED_AT_ONCE
from service.api.context import Context
from service.jobs.engine.names import Ticket
from service.jobs.reaping import requeue_orphans
from service.store.jobs import JobRepository
from service.store.part import Part
from tests.cases import Case
from tests.service.api.conftest import End

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

LIMIT = "financing.loan.limit_usd"

Post = Callable[..., dict[str, Any]]


@pytest.fixture
def post(client: TestClient, case_hash: str) -> Post:
    """Return what asks for a batch of the tiny case and gets it."""

    def ask(headers: dict[str, str] | None = None, **order: object) -> dict[str, Any]:
        body = {"case": case_hash, **order}
        answer = client.post("/v1/batches", json=body, headers=headers)
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == answer.json()["href"]
        return answer.json()

    return ask


def test_a_batch_is_queued_and_described(client: TestClient, post: Post) -> None:
    """Number of variants, states that count the base too, axes, a row for each."""
    batch = post(name="loans", grid=[f"{LIMIT}=1e6,2e6"])
    assert (batch["name"], batch["number_of_variants"]) == ("loans", 2)
    assert sum(batch["number_by_state"].values()) == 3
    assert not batch["is_finished"]
    found = client.get(batch["href"]).json()
    assert found["axes"] == [{"path": LIMIT, "values": [1e6, 2e6]}]
    assert [row["name"] for row in found["rows"]] == [
        "base",
        f"{LIMIT}=1000000",
        f"{LIMIT}=2000000",
    ]
    assert found["comparison"]["pareto"] == found["comparison"]["frontier"] == []


@on_sqlite
def test_a_named_or_given_case(client: TestClient, tiny_case: Case, post: Post) -> None:
    """Beside the hash of a stored one; a name that is neither is not found."""
    assert (
        post(case="two_materials", grid=["options.seed=2"])["number_of_variants"] == 1
    )
    assert post(case=tiny_case, grid=["options.seed=2"])["number_of_variants"] == 1
    order = {"case": "three_materials", "grid": ["options.seed=2"]}
    assert client.post("/v1/batches", json=order).status_code == 404


@on_sqlite
def test_a_warning_of_a_variant_has_its_name(client: TestClient, post: Post) -> None:
    """In the answer to the order, in the batch and, without the name, in its row."""
    rate = "financing.loan.rate_per_year"
    batch = post(grid=[f"{rate}=0.04,5"])
    rows = client.get(batch["variants_href"]).json()["items"]
    own, none, (added,) = (row["warnings"] for row in rows)
    assert none == []
    assert added.startswith("financing.facilities[loan].rate_per_year: is 5.0")
    expected = [*own, f"variants[{rate}=5]: {added}"]
    assert batch["warnings"] == expected
    assert client.get(batch["href"]).json()["warnings"] == expected
    jobs = client.get("/v1/jobs").json()["items"]
    assert sorted(x["warnings"] for x in jobs) == sorted([own, [], [added]])


@on_sqlite
def test_mistakes_of_variants_are_listed(client: TestClient, case_hash: str) -> None:
    """With the names of their variants; nothing is stored."""
    order = {
        "case": case_hash,
        "grid": [{"path": LIMIT, "values": [1, -1]}],
        "variants": [{"name": "mad", "patch": {"events": 3}, "set": {"x.y": 1}}],
    }
    answer = client.post("/v1/batches", json=order)
    assert answer.status_code == 422
    assert [x["path"] for x in answer.json()["mistakes"]] == [
        "variants[mad].x.y",
        f"variants[{LIMIT}=-1].financing.facilities[loan].limit_usd",
    ]
    assert client.get("/v1/batches").json()["items"] == []
    assert client.get("/v1/jobs").json()["items"] == []


@pytest.mark.parametrize(
    ("order", "path"),
    [
        ({"grid": ["a"]}, "grid[0]"),
        ({"name": "none"}, "variants"),
        ({"variants": [{"set": {"a": 1}}]}, "variants[0].name"),
        ({"wishes": 1}, "wishes"),
        ({"case": 5, "grid": ["options.seed=2"]}, "case"),
        ({"number_of_threads": "2", "grid": ["options.seed=2"]}, "number_of_threads"),
        ({"grid": ["options.gap=0.1"], "options": {"speed": 1}}, "options.speed"),
    ],
)
@on_sqlite
def test_a_wrong_order_is_refused(
    client: TestClient, case_hash: str, order: dict[str, Any], path: str
) -> None:
    """With the place of what is wrong."""
    answer = client.post("/v1/batches", json={"case": case_hash, **order})
    assert answer.status_code == 422
    assert path in [x["path"] for x in answer.json()["mistakes"]]


def test_a_key_is_for_one_order(client: TestClient, case_hash: str, post: Post) -> None:
    """The same order again is the same batch; another one is refused."""
    key = {"Idempotency-Key": "k"}
    first = post(key, grid=["options.seed=2"])
    assert post(key, grid=["options.seed=2"])["id"] == first["id"]
    other = {"case": case_hash, "grid": ["options.seed=3"]}
    assert client.post("/v1/batches", json=other, headers=key).status_code == 422
    assert len(client.get("/v1/batches").json()["items"]) == 1


def test_batches_and_variants_come_in_pages(client: TestClient, post: Post) -> None:
    """Each once: batches latest first, variants in order."""
    ids = [post(grid=["options.seed=1..7:7"])["id"] for _ in range(3)]
    found: list[str] = []
    path: str | None = "/v1/batches?limit=2"
    while path:
        page = client.get(path).json()
        found += [item["id"] for item in page["items"]]
        path = page["next"]
    assert found == ids[::-1]
    numbers: list[int] = []
    path = f"/v1/batches/{ids[0]}/variants?limit=3"
    while path:
        page = client.get(path).json()
        numbers += [item["number"] for item in page["items"]]
        path = page["next"]
    assert numbers == list(range(8))


def test_variants_can_be_listed_by_state(client: TestClient, post: Post) -> None:
    """Given up, all are CANCELLED, and in no other list."""
    batch = post(grid=["options.seed=2,3"])
    cancelled = client.post(f"{batch['href']}/cancel").json()
    assert cancelled["number_by_state"]["CANCELLED"] == 3
    assert cancelled["is_finished"]

    def number(state: str) -> int:
        answer = client.get(f"{batch['variants_href']}?state={state}")
        return len(answer.json()["items"])

    assert (number("CANCELLED"), number("RUNNING")) == (3, 0)
    again = client.post(f"{batch['href']}/retry").json()
    assert again["number_by_state"]["CANCELLED"] == 0


def test_first_jobs_are_queued(
    client: TestClient, context: Context, post: Post
) -> None:
    """Workers need not look for them first; so it is after a pause and a retry."""

    def queued() -> list[int]:
        with context.database.reading() as session:
            jobs = JobRepository(session).longest_queued(1000)
        return [job.sequence or 0 for job in jobs if job.is_in_queue]

    batch = post(grid=[f"options.seed=2..{QUEUED_AT_ONCE + 6}:{QUEUED_AT_ONCE + 5}"])
    first = queued()
    assert first == list(range(first[0], first[0] + QUEUED_AT_ONCE))
    client.post(f"{batch['href']}/pause")
    post(grid=["options.seed=1001,1002"])
    assert len(queued()) == 3
    client.post(f"{batch['href']}/resume")
    assert len(queued()) == QUEUED_AT_ONCE + 3
    client.post(f"{batch['href']}/cancel")
    client.post(f"{batch['href']}/retry")
    assert len(queued()) == QUEUED_AT_ONCE + 3


def test_a_batch_can_be_paused_and_resumed(client: TestClient, post: Post) -> None:
    """The state is reported, and a second time is no mistake."""
    batch = post(grid=["options.seed=2"])
    for verb, is_paused in [("pause", True)] * 2 + [("resume", False)] * 2:
        answer = client.post(f"{batch['href']}/{verb}")
        assert (answer.status_code, answer.json()["is_paused"]) == (200, is_paused)


def test_changes_of_a_batch_are_logged(client: TestClient, post: Post) -> None:
    """What is asked a second time changes nothing, and is no change."""
    key = {"Idempotency-Key": "key"}
    batch, _ = (post(key, grid=["options.seed=2"]) for _ in "ab")
    verbs = ["pause", "resume", "cancel", "retry"]
    for verb in verbs:
        for _ in "ab":
            client.post(f"{batch['href']}/{verb}")
    logged = client.get("/v1/audit").json()["items"]
    ours = [(x["verb"], x["name"]) for x in logged if x["noun"] == "batch"]
    assert ours == [(verb, batch["id"]) for verb in [*verbs[::-1], "submit"]]


@on_sqlite
def test_a_row_that_the_json_leaves_out_changes_the_tag(
    client: TestClient, context: Context, post: Post
) -> None:
    """The tables have it, so a client that has them asks with another tag."""
    batch = post(grid=["options.seed=2,3"])
    client.post(f"{batch['href']}/cancel")
    path = f"{batch['href']}?limit=1"
    jobs = [x["job"] for x in client.get(batch["variants_href"]).json()["items"]]

    def fail(job: str, why: str) -> None:
        with context.database.transaction() as session:
            JobRepository(session).held(job).failure = why

    # Of the reasons the JSON has the first one alone.
    fail(jobs[1], "A reason.")
    fail(jobs[2], "A reason.")
    before = client.get(path)
    fail(jobs[2], "Another reason.")
    after = client.get(path)
    assert before.json() == after.json()
    assert before.headers["ETag"] != after.headers["ETag"]
    known = {"If-None-Match": before.headers["ETag"]}
    assert client.get(path, headers=known).status_code == 200


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_tickets_of_a_cancelled_batch_leave_the_queue(
    client: TestClient, post: Post, context: Context, verb: str
) -> None:
    """Thousands of tickets that count for nothing would be before those of others."""

    def places() -> set[str]:
        """Return where the tickets stand that the jobs have now."""
        requeue_orphans(context.database, context.engine, context.clock)
        with context.database.reading() as session:
            jobs = JobRepository(session).page(Part(9))
        return set(context.engine.states([Ticket.of(job) for job in jobs]).values())

    href = post(grid=["options.seed=1,2,3"])["href"]
    assert places() == {"ENQUEUED"}
    client.post(f"{href}/{verb}")
    assert places() == {"CANCELLED"}
    client.post(f"{href}/resume")
    assert places() == {"ENQUEUED" if verb == "pause" else "CANCELLED"}


@pytest.mark.parametrize("verb", ["", "/variants", "/pause", "/resume", "/cancel"])
@on_sqlite
def test_an_unknown_batch_is_not_found(client: TestClient, verb: str) -> None:
    """Whatever is asked of it."""
    method = "GET" if verb in {"", "/variants"} else "POST"
    answer = client.request(method, f"/v1/batches/none{verb}")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/docs/problems#batch-not-found"


def test_a_solve_that_is_known_is_answered_at_once(
    client: TestClient,
    case_hash: str,
    end_job: End,
    infeasible: Outcome,
) -> None:
    """The job SUCCEEDED with the answer of the other one; no-cache queues a new one."""
    earlier = end_job(infeasible)
    answer = client.post("/v1/jobs", json={"case": case_hash})
    job = answer.json()
    assert (answer.status_code, job["state"]) == (200, "SUCCEEDED")
    assert job["id"] != earlier == job["reused_from"]
    assert job["result"] == client.get(f"/v1/jobs/{earlier}").json()["result"]
    fresh = {"Cache-Control": "no-cache"}
    again = client.post("/v1/jobs", json={"case": case_hash}, headers=fresh)
    assert again.status_code == 202
    assert (again.json()["state"], again.json()["reused_from"]) == ("QUEUED", None)
    batch = client.post(
        "/v1/batches", json={"case": case_hash, "grid": ["options.seed=2"]}
    )
    variants = client.get(batch.json()["variants_href"]).json()["items"]
    assert [x["reused_from"] for x in variants] == [earlier, None]


@on_sqlite
def test_named_variants_beside_listed_ones_and_a_grid(
    client: TestClient, post: Post
) -> None:
    """In that order; a variant is the case that its name is of everywhere."""
    batch = post(
        case="project_vault",
        named_variants=["niche", "china_ineligible"],
        variants=[{"name": "few", "keep": {"rules": ["one_shot"]}}],
        grid=["options.seed=1,2"],
    )
    items = client.get(batch["variants_href"]).json()["items"]
    assert [item["name"] for item in items] == [
        *("base", "niche", "china_ineligible", "few"),
        *("options.seed=1", "options.seed=2"),
    ]
    stored = client.post("/v1/cases", json="project_vault:niche").json()["hash"]
    assert items[1]["case"] == stored
    assert items[1]["overlay"]["title"]
    assert items[3]["overlay"] == {"keep": {"rules": ["one_shot"]}}
    assert items[4]["overlay"] == {}


@on_sqlite
def test_variants_of_a_case_that_is_given(client: TestClient, tiny_case: Case) -> None:
    """Its own section of them is read."""
    loan = {"title": "less", "set": {LIMIT: 1e6}}
    case = tiny_case | {"variants": {"less": loan}}
    order = {"case": case, "named_variants": ["less"]}
    answer = client.post("/v1/batches", json=order)
    assert answer.status_code == 202, answer.text
    items = client.get(answer.json()["variants_href"]).json()["items"]
    assert [item["values"] for item in items] == [{}, {LIMIT: 1e6}]


@pytest.mark.parametrize(
    ("case", "names", "expected"),
    [
        ("project_vault", ["nich"], "perhaps niche"),
        ("project_vault:niche", ["china_ineligible"], "is one itself"),
        ("two_materials", ["niche"], "two_materials has none"),
        (None, ["niche"], "has none"),
    ],
)
@on_sqlite
def test_unknown_variants_are_mistakes(
    client: TestClient,
    case_hash: str,
    case: str | None,
    names: list[str],
    expected: str,
) -> None:
    """Of a shipped case, a variant, a case without any, a stored one."""
    order = {"case": case or case_hash, "named_variants": names}
    answer = client.post("/v1/batches", json=order)
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert (mistake["path"], mistake["value"]) == ("named_variants[0]", names[0])
    assert expected in mistake["expected"]


def test_a_batch_is_changed_only_as_the_client_knows_it(
    client: TestClient, post: Post
) -> None:
    """Whatever part of it the client has seen; 412 if there is news."""
    href = post(grid=["options.seed=2,3"])["href"]
    accepted = {"Accept": "text/csv"}
    seen = [client.get(f"{href}?limit={x}") for x in (1, 50)]
    seen.append(client.get(href, headers=accepted))
    tags = [x.headers["ETag"] for x in seen]
    assert len(set(tags)) == 3
    changes = zip(tags, ("pause", "resume", "cancel"), strict=True)
    for number, (tag, verb) in enumerate(changes):
        # The first change makes all that was seen old.
        status = 412 if number else 200
        answer = client.post(f"{href}/{verb}", headers={"If-Match": tag})
        assert answer.status_code == status, verb
    for tag in (client.get(href).headers["ETag"], "*"):
        answer = client.post(f"{href}/resume", headers={"If-Match": tag})
        assert answer.status_code == 200


@on_sqlite
def test_a_batch_is_a_page_as_well(client: TestClient, post: Post) -> None:
    """With what the command prints; names cannot be markup."""
    batch = post(name="<b>", grid=["options.seed=2,3"])
    page = client.get(batch["href"], headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "options.seed=3" in page.text
    assert "Batch &lt;b&gt;" in page.text
    assert "<b>" not in page.text
