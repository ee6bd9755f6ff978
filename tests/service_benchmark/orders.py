"""Requests to a server and its answers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from tests.journeys.server import Server
from tests.service.waiting import wait_until

LONGEST_PAGE = 200
PATIENCE_S = 3_600.0


def order_batch(server: Server, order: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
    """Return the summary of a new batch, once it is accepted."""
    answer = server.client.post("/v1/batches", json=order, timeout=600)
    return answer.raise_for_status().json()


def pages(server: Server, path: str) -> Iterator[list[Any]]:
    """Yield the items of a list, page after page."""
    following: str | None = path
    while following is not None:
        page = server.get(following)
        yield page["items"]
        following = page["next"]


def jobs(server: Server) -> list[Any]:
    """Return all jobs of the server, latest first."""
    path = f"/v1/jobs?limit={LONGEST_PAGE}"
    return [job for page in pages(server, path) for job in page]


def wait_for_batches(server: Server) -> None:
    """Wait until all batches of the server have ended."""

    def is_finished() -> bool:
        return all(batch["is_finished"] for batch in server.get("/v1/batches")["items"])

    wait_until(is_finished, PATIENCE_S)


def instant(text: str) -> dt.datetime:
    """Return an instant as the interface writes it."""
    return dt.datetime.fromisoformat(text)
