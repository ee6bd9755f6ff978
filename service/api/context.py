"""What all routes share: created once by the app."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from service.api.job_watch import JobWatch
from service.clock import Clock
from service.jobs.engine.port import Engine
from service.settings import Settings
from service.store.database import Database
from service.store.objects import Objects


@dataclass(frozen=True, slots=True)
class Context:
    """The open store, its objects, the queue and listeners of jobs, settings, clock."""

    settings: Settings
    database: Database
    engine: Engine
    clock: Clock
    objects: Objects
    watch: JobWatch


def current_context(request: Request) -> Context:
    """Return the context that the app holds while it runs."""
    context = request.app.state.context
    assert isinstance(context, Context)  # noqa: S101 - the lifespan sets it
    return context


ServiceContext = Annotated[Context, Depends(current_context)]
