"""Many clients of one server at the same time, each with a connection of its own.

Each looks at its job, at the list of jobs and at its plan, and now and then orders a
job. It sends a request when the last one is answered, at once or at its next turn.
"""

import asyncio
import itertools
import random
import ssl
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import quantiles
from typing import Any

import httpx2

ORDER_EVERY = 25
PATIENCE_S = 60.0
HUNDREDTHS = 100
MILLISECONDS = 1_000


@dataclass(slots=True)
class Load:
    """What clients met: seconds of reads and of orders, and errors by their words."""

    reads_s: list[float] = field(default_factory=list[float])
    orders_s: list[float] = field(default_factory=list[float])
    errors: Counter[str] = field(default_factory=Counter[str])
    seconds: float = 0.0

    @property
    def rate_per_s(self) -> float:
        """Answers a second, to all clients together."""
        return (len(self.reads_s) + len(self.orders_s)) / self.seconds

    def read_s(self, percent: int) -> float:
        """Return the time within which so many reads in a hundred are answered."""
        return quantiles(self.reads_s, n=HUNDREDTHS)[percent - 1]

    def in_words(self) -> str:
        """Return rate, times of reads and number of orders."""
        median, most, last = (MILLISECONDS * self.read_s(x) for x in (50, 95, 99))
        return (
            f"{self.rate_per_s:.0f} answers a second, reads: median {median:.0f} ms, "
            f"95 % {most:.0f} ms, 99 % {last:.0f} ms; {len(self.orders_s)} orders"
        )


@dataclass(frozen=True, slots=True)
class Target:
    """A server, the hash of the case to solve, and the path of a job that has a plan.

    Each key is that of one client.
    """

    url: str
    case: str
    job: str
    keys: Sequence[str]


def loaded(target: Target, seconds: float, pause_s: float = 0.0) -> Load:
    """Return what the clients met in so many seconds.

    pause_s: between the turns of a client; without it each sends as soon as it has an
    answer.
    """
    return asyncio.run(_loaded(target, seconds, pause_s))


async def _loaded(target: Target, seconds: float, pause_s: float) -> Load:
    load, context = Load(), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    numbers = itertools.count(int(time.time()))
    start_s = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for key in target.keys:
            http = httpx2.AsyncClient(
                base_url=target.url,
                headers={"Authorization": f"Bearer {key}"},
                timeout=PATIENCE_S,
                verify=context,
            )
            client = _Client(http, target.case, target.job, numbers, load)
            group.create_task(client.work(start_s + seconds, pause_s))
    load.seconds = time.perf_counter() - start_s
    return load


@dataclass(slots=True)
class _Client:
    """One user with one connection."""

    http: httpx2.AsyncClient
    case: str
    job: str
    numbers: Iterator[int]
    load: Load
    plan: str = ""

    async def work(self, end_s: float, pause_s: float) -> None:
        """Send requests until the time is over, beginning at some time of a turn."""
        dice = random.Random(self.http.headers["Authorization"])  # noqa: S311
        turn_s = time.perf_counter() + dice.uniform(0, pause_s)
        async with self.http:
            for number in itertools.count(dice.randrange(ORDER_EVERY)):
                await asyncio.sleep(max(turn_s - time.perf_counter(), 0))
                if time.perf_counter() > end_s:
                    return
                await self._request(number)
                turn_s = max(turn_s + pause_s, time.perf_counter())

    async def _request(self, number: int) -> None:
        if number % ORDER_EVERY == 0:
            await self._order()
        elif self.plan and number % 3 == 0:
            await self._read(self.plan)
        elif number % 3 == 1:
            await self._read("/v1/jobs?limit=20")
        elif job := await self._read(self.job):
            result = job["result"]
            self.plan = result["plan_href"] if result else self.plan

    async def _order(self) -> None:
        """Order a solve that nobody has ordered before."""
        options = {"seed": 1, "time_limit_s": next(self.numbers)}
        body = {"case": self.case, "options": options}
        answer = await self._send(self.load.orders_s, "POST", "/v1/jobs", json=body)
        if answer:
            self.job = answer["href"]

    async def _read(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return await self._send(self.load.reads_s, "GET", path)

    async def _send(
        self,
        times_s: list[float],
        method: str,
        path: str,
        **body: Any,  # noqa: ANN401 - JSON
    ) -> Any:  # noqa: ANN401 - JSON
        """Return the content of an answer, None of a refusal."""
        start_s = time.perf_counter()
        try:
            answer = await self.http.request(method, path, **body)
        except httpx2.TransportError as error:
            self.load.errors[type(error).__name__] += 1
            return None
        times_s.append(time.perf_counter() - start_s)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            self.load.errors[f"{answer.status_code} {method} {answer.text[:200]}"] += 1
            return None
        return answer.json()
