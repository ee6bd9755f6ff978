"""What all routes share: created once by the app.

What only looks at the request is asynchronous, here and in other dependencies: FastAPI
gives any other to a thread, and these changes of threads took longer than the work.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from service.api.job_watch import JobWatch
from service.api.rate_limits import RateLimits
from service.clock import Clock
from service.identity.reader import Reader
from service.jobs.engine.port import Engine
from service.settings import Settings
from service.store.database import Database
from service.store.objects import Objects

if TYPE_CHECKING:
    from service.identity.openid.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Context:
    """The open store, its objects, the queue and listeners of jobs, settings, clock.

    tokens: what verifies those of the OpenID provider; None if none is set.
    """

    settings: Settings
    database: Database
    engine: Engine
    clock: Clock
    objects: Objects
    watch: JobWatch
    rate_limits: RateLimits
    tokens: "Tokens | None" = None

    def within(self, organisation: str) -> "Context":
        """Return the same for requests of an organisation."""
        return replace(self, database=self.database.within(organisation))

    def seen_by(self, reader: Reader) -> "Context":
        """Return the same for requests of an account."""
        return replace(self, database=self.database.seen_by(reader.sight))


async def whole_context(request: Request) -> Context:
    """Return the context that the app holds while it runs: that of the whole store."""
    return _context(request)


async def own_context(request: Request) -> Context:
    """Return the context of the account that makes the request.

    Operations that need no login, and find nobody who made it, get that of the store.
    """
    context = _context(request)
    reader: Reader | None = getattr(request.state, "reader", None)
    return context if reader is None else context.seen_by(reader)


async def organisation_context(request: Request) -> Context:
    """Return the context of the whole organisation of the account of a request.

    For what a planner does in rounds: each query there names its participant.
    """
    return _context(request).within(request.state.reader.organisation)


def _context(request: Request) -> Context:
    context = request.app.state.context
    assert isinstance(context, Context)  # noqa: S101 - the lifespan sets it
    return context


StoreContext = Annotated[Context, Depends(whole_context)]
ServiceContext = Annotated[Context, Depends(own_context)]
OrganisationContext = Annotated[Context, Depends(organisation_context)]
