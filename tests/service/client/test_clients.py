"""Both clients with a server in the same process."""

import asyncio
import datetime as dt
import logging
import traceback
from collections.abc import Callable

import httpx2
import pytest

from strongroom_client import (
    AsyncClient,
    Client,
    ConflictError,
    InvalidRequestError,
    JobEndedError,
    JobUnfinishedError,
    NotFoundError,
    Retries,
    TokenMissingError,
    UnauthenticatedError,
    UnavailableError,
    UnexpectedAnswerError,
    UnreachableError,
)
from tests.cases import Case
from tests.service.api.conftest import End
from tests.service.client.conftest import ONCE, URL

KEY = "strongroom_0123456789abcdef"


def test_a_case_is_ordered_and_listed(api: Client, tiny_case: Case) -> None:
    """Answers are objects with the fields of the description."""
    case = api.put_case(tiny_case)
    job = api.submit_job(case.hash, options={"seed": 3})
    assert (job.state, job.options["seed"]) == ("QUEUED", 3)
    assert next(api.list_jobs(kind="solve")).id == job.id
    assert api.get_case(case.hash)["id"] == tiny_case["id"]


def test_a_case_may_have_dates(api: Client, tiny_case: Case) -> None:
    """As it has them if it is read from YAML."""
    start = dt.date.fromisoformat(tiny_case["horizon"]["start"])
    dated = tiny_case | {"horizon": tiny_case["horizon"] | {"start": start}}
    assert api.put_case(dated).hash == api.put_case(tiny_case).hash


def test_both_clients_have_the_same_answers(
    api: Client, async_api: AsyncClient, tiny_case: Case
) -> None:
    """Lists are read with `async for`, the rest is awaited."""
    job = api.submit_job(api.put_case(tiny_case).hash)

    async def answers() -> list[object]:
        async with async_api:
            listed = [x async for x in async_api.list_jobs()]
            return [await async_api.get_job(job.id), listed]

    assert asyncio.run(answers()) == [api.get_job(job.id), [*api.list_jobs()]]


def test_pages_are_followed(api: Client, tiny_case: Case) -> None:
    """Whatever their size; the first comes before the last is asked for."""
    stored = [api.put_case(tiny_case | {"id": f"case-{i}"}).hash for i in range(5)]
    assert [x.hash for x in api.list_cases(limit=2)][:5] == stored[::-1]
    assert next(api.list_cases(limit=1)).hash == stored[-1]


def test_a_list_leads_to_no_other_server() -> None:
    """The key would go there."""
    page: dict[str, object] = {"items": [], "next": "//other.example/v1/cases"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=page))
    with (
        Client(URL, KEY, transport=transport) as api,
        pytest.raises(UnexpectedAnswerError, match="no path of the server"),
    ):
        list(api.list_cases())


def test_mistakes_come_with_the_error(api: Client, tiny_case: Case) -> None:
    """All of them, with path, value and what was expected."""
    tiny_case["materials"][0]["minimum_days_of_cover"] = -1
    with pytest.raises(InvalidRequestError) as raised:
        api.put_case(tiny_case)
    (mistake,) = raised.value.mistakes
    assert raised.value.type == "/docs/problems#invalid-case"
    assert raised.value.slug == "invalid-case"
    assert mistake.pointer == "#/materials/0/minimum_days_of_cover"
    assert (mistake.value, "minimum_days_of_cover" in mistake.path) == (-1, True)
    assert str(mistake) in str(raised.value)
    assert raised.value.request_id


def test_what_is_not_there_is_not_found(api: Client) -> None:
    """Also if the name could lead elsewhere."""
    with pytest.raises(NotFoundError):
        api.get_job("a/../b?c#d")
    with pytest.raises(ValueError, match="expected a hash"):
        api.get_job("..")


def test_bad_health_is_an_answer(api: Client) -> None:
    """The server of the tests has no worker; its only user is an administrator."""
    assert not api.get_health().is_healthy
    assert (api.get_whoami().role, api.get_whoami().key) == ("administrator", None)
    down = httpx2.Response(
        503,
        json={"title": "The database does not answer at the moment."},
        headers={"content-type": "application/problem+json"},
    )
    transport = httpx2.MockTransport(lambda _: down)
    with (
        Client(URL, transport=transport, retries=ONCE) as other,
        pytest.raises(UnavailableError, match="The database does"),
    ):
        other.get_health()


def test_a_job_is_waited_for(
    api: Client, end_job: End, report: Callable[..., None]
) -> None:
    """Until it has ended; each line of its log is reported once."""
    report("first", "second")
    job_id = end_job("the solver lost its way")
    lines: list[str] = []
    with pytest.raises(JobEndedError, match="the solver lost its way") as raised:
        api.wait_for_job(job_id, report=lambda line: lines.append(line.stage))
    assert (raised.value.job.state, lines) == ("FAILED", ["first", "second"])
    assert [line.stage for line in api.follow_job(job_id)] == lines
    with pytest.raises(ConflictError):
        api.cancel_job(job_id)


def test_waiting_has_an_end(api: Client, running_job: str) -> None:
    """The job goes on."""
    with pytest.raises(JobUnfinishedError, match="has not ended"):
        api.wait_for_job(running_job, timeout_s=0)


def test_a_batch_becomes_rows(api: Client, tiny_case: Case) -> None:
    """All have the same columns; what a variant sets is called by its path."""
    path = "materials.gallium.minimum_days_of_cover"
    batch = api.submit_a_batch(tiny_case, grid={path: [10, 20]})
    rows = api.list_batch_rows(batch.id)
    assert [row["number"] for row in rows] == [0, 1, 2]
    assert [row[f"values.{path}"] for row in rows] == [None, 10, 20]
    assert len({tuple(row) for row in rows}) == 1


def test_an_order_that_is_repeated_is_the_same(api: Client, tiny_case: Case) -> None:
    """If it is given its key; two orders without one are two jobs."""
    case = api.put_case(tiny_case).hash
    one, two = (api.submit_job(case, idempotency_key="one") for _ in range(2))
    assert one.id == two.id
    assert api.submit_job(case).id != api.submit_job(case).id


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_key_is_not_shown(kind: type[Client | AsyncClient]) -> None:
    """By repr; and what is no key is refused without showing it."""
    assert KEY not in repr(kind(URL, KEY)) + repr(vars(kind(URL, KEY)))
    with pytest.raises(ValueError, match="the key has") as raised:
        kind(URL, f"{KEY}\n")
    assert KEY not in str(raised.value)


def test_a_key_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Not with the local variables of all frames, and not in the logs of libraries."""
    caplog.set_level(logging.DEBUG)
    # A port that nothing listens on.
    api = Client("http://127.0.0.1:9", KEY, retries=ONCE)
    with pytest.raises(UnreachableError) as raised:
        api.list_shipped_cases()
    error = raised.value
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = "".join(shown.format())
    assert (error.was_sent, error.__context__) == (False, None)
    assert "127.0.0.1:9" in text
    assert KEY not in text.replace(f"KEY = '{KEY}'", "") + caplog.text


def test_a_key_goes_with_each_request() -> None:
    """In the header that the server reads."""
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["authorization"])
        return httpx2.Response(204 if len(seen) > 1 else 503)

    retries = Retries(first_pause_s=0)
    with Client(
        URL, KEY, transport=httpx2.MockTransport(answer), retries=retries
    ) as api:
        api.get_alive()
    assert seen == [f"Bearer {KEY}"] * 2


def answers_of(*accepted: str) -> tuple[httpx2.MockTransport, list[str]]:
    """Return a server that accepts these tokens, and what comes to it."""
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["authorization"].removeprefix("Bearer "))
        return httpx2.Response(204 if seen[-1] in accepted else 401)

    return httpx2.MockTransport(answer), seen


def test_a_function_gives_a_token_for_each_request() -> None:
    """One that is refused is replaced, if there is another."""
    transport, seen = answers_of("second", "third")
    given = iter(["first", "second", "third", "fourth", "fourth"])
    with Client(URL, lambda: next(given), transport=transport) as api:
        api.get_alive()
        api.get_alive()
        with pytest.raises(UnauthenticatedError):
            api.get_alive()
    assert seen == ["first", "second", "third", "fourth"]


def test_a_function_may_be_awaited() -> None:
    """By the client for asyncio, which takes the other kind as well."""
    transport, seen = answers_of("second")
    given = iter(["first", "second", "second"])

    async def give() -> str:
        await asyncio.sleep(0)
        return next(given)

    async def ask() -> None:
        for source in (give, lambda: next(given)):
            async with AsyncClient(URL, source, transport=transport) as api:
                await api.get_alive()

    asyncio.run(ask())
    assert seen == ["first", "second", "second"]


@pytest.mark.parametrize("given", ["", "two words", "line\n", None])
def test_what_is_no_token_is_not_sent(given: str) -> None:
    """The error does not show it."""
    transport, seen = answers_of()
    with (
        Client(URL, lambda: given, transport=transport) as api,
        pytest.raises(TokenMissingError) as raised,
    ):
        api.get_alive()
    assert seen == []
    assert not given or given not in str(raised.value)
