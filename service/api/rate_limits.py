"""How many requests a minute a key and an organisation may send, and what is left.

Each answer says so in the fields RateLimit-Policy and RateLimit, which are those of
draft-ietf-httpapi-ratelimit-headers-11. Each server process counts for itself.
"""

import math
import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import QuotaExceededError
from service.identity.reader import SINGLE_USER, Reader
from service.settings import Settings

if TYPE_CHECKING:
    from limits.strategies import FixedWindowRateLimiter

WINDOW_S = 60
# In a minute, at the sign-in form; nobody mistypes what is pasted.
WRONG_KEYS_OF_ADDRESS = 10
# Of the state of a request: what is left of its quotas.
STATE = "quotas"


class Quota(NamedTuple):
    """Requests that whoever shares a quota may send in a minute.

    policy: its name in the fields; holder: who shares it.
    """

    policy: str
    holder: str
    number: int


class QuotaLeft(NamedTuple):
    """What a request leaves of a quota, until so many seconds from now."""

    quota: Quota
    remaining: int
    ends_in_s: int
    is_exceeded: bool


class RateLimits:
    """The quotas of requests of this process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def count(self, reader: Reader) -> Sequence[QuotaLeft]:
        """Count a request; return what it leaves of each quota that it is under.

        The only user of a machine has none.
        """
        if reader is SINGLE_USER:
            return []
        return [self._hit(quota) for quota in self._quotas(reader)]

    def check_sign_in(self, address: str) -> None:
        """Raise QuotaExceededError if too many wrong keys came from an address."""
        quota = Quota("address", f"address\0{address}", WRONG_KEYS_OF_ADDRESS)
        left = self._look(quota)
        if left.remaining == 0:
            check_quotas([left._replace(is_exceeded=True)])

    def count_wrong_key(self, address: str) -> None:
        """Count a wrong key that was tried at the sign-in form."""
        self._hit(Quota("address", f"address\0{address}", WRONG_KEYS_OF_ADDRESS))

    def _quotas(self, reader: Reader) -> Sequence[Quota]:
        of_key = self._settings.requests_per_minute_of_key
        of_all = self._settings.requests_per_minute_of_organisation
        # No two holders have the same text: names have no control characters.
        key = f"account\0{reader.name}" if reader.key is None else f"key\0{reader.key}"
        # A planner must not see how much the others of its organisation do.
        shared = "organisation" if reader.participant is None else "participant"
        holder = f"{reader.organisation}\0{reader.participant or ''}"
        quotas = [Quota("key", key, of_key), Quota(shared, holder, of_all)]
        return [quota for quota in quotas if quota.number]

    def _hit(self, quota: Quota) -> QuotaLeft:
        from limits import RateLimitItemPerMinute  # noqa: PLC0415 - see _counter

        item = RateLimitItemPerMinute(quota.number)
        is_within = self._counter.hit(item, quota.policy, quota.holder)
        return self._look(quota)._replace(is_exceeded=not is_within)

    def _look(self, quota: Quota) -> QuotaLeft:
        """Return what is left of a quota."""
        from limits import RateLimitItemPerMinute  # noqa: PLC0415 - see _counter

        item = RateLimitItemPerMinute(quota.number)
        ends_s, remaining = self._counter.get_window_stats(
            item, quota.policy, quota.holder
        )
        ends_in_s = min(max(math.ceil(ends_s - time.time()), 1), WINDOW_S)
        return QuotaLeft(quota, remaining, ends_in_s, is_exceeded=False)

    @cached_property
    def _counter(self) -> "FixedWindowRateLimiter":
        # Loaded with the first request that is counted: that takes a tenth of a second.
        from limits.storage import MemoryStorage  # noqa: PLC0415
        from limits.strategies import FixedWindowRateLimiter  # noqa: PLC0415

        return FixedWindowRateLimiter(MemoryStorage())


def check_quotas(left: Sequence[QuotaLeft]) -> None:
    """Raise QuotaExceededError if a request exceeds a quota."""
    exceeded = [x for x in left if x.is_exceeded]
    if exceeded:
        policies = {x.quota.policy: x.quota.number for x in exceeded}
        raise QuotaExceededError(policies, max(x.ends_in_s for x in exceeded))


class RateLimitFields:
    """Middleware: adds to each answer what its request leaves of quotas."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass on everything else."""

        async def send_with_fields(message: Message) -> None:
            left: Sequence[QuotaLeft] = scope.get("state", {}).get(STATE, ())
            if message["type"] == "http.response.start" and left:
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = ", ".join(
                    f'"{x.quota.policy}";q={x.quota.number};w={WINDOW_S}' for x in left
                )
                headers["RateLimit"] = ", ".join(
                    f'"{x.quota.policy}";r={x.remaining};t={x.ends_in_s}' for x in left
                )
            await send(message)

        await self._app(scope, receive, send_with_fields)
