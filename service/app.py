"""The web process: puts the parts together. No solver is loaded here.

`strongroom serve` calls `run`; `uvicorn --factory service.app:create_app` works too.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI

from service.api import cases, health, jobs, plans, schema
from service.api.context import Context
from service.api.problems import add_problem_documents
from service.clock import Clock, system_clock
from service.jobs.dispatch import Dispatcher
from service.jobs.process import DEFAULT_COMMAND
from service.settings import ENVIRONMENT_PREFIX, Settings
from service.store.opening import opened_store


def run(
    settings: Settings | None = None, *, command: Sequence[str] = DEFAULT_COMMAND
) -> None:
    """Serve until a signal ends it; raise StoreUnusableError if it cannot begin."""
    settings = settings or Settings()
    with opened_store(settings):
        # Only to see, before the server starts, that it can.
        pass
    uvicorn.run(
        create_app(settings, command=command),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        timeout_graceful_shutdown=settings.shutdown_grace_s,
    )


def create_app(
    settings: Settings | None = None,
    *,
    command: Sequence[str] = DEFAULT_COMMAND,
    clock: Clock = system_clock,
) -> FastAPI:
    """Return the app; while it runs, jobs are started by `command`."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        with opened_store(settings) as store:
            dispatcher = Dispatcher(
                store,
                clock,
                environment=_environment(settings),
                command=command,
                number_of_slots=settings.number_of_slots,
                poll_interval_s=settings.poll_interval_s,
            )
            app.state.context = Context(settings, store.database, dispatcher, clock)
            dispatcher.start()
            try:
                yield
            finally:
                dispatcher.stop()

    app = FastAPI(
        title="Strongroom",
        version=version("strongroom"),
        lifespan=lifespan,
        redirect_slashes=False,
        # Their pages load scripts from other hosts; /openapi.json stays.
        docs_url=None,
        redoc_url=None,
    )
    add_problem_documents(app)
    for noun in (cases, jobs, plans, schema, health):
        app.include_router(noun.router)
    return app


def _environment(settings: Settings) -> dict[str, str]:
    """Return what the process of a job needs to find the store and to work."""
    environment = {
        f"{ENVIRONMENT_PREFIX}DATA_DIRECTORY": str(settings.data_directory.resolve()),
        f"{ENVIRONMENT_PREFIX}LOG_LEVEL": settings.log_level,
        f"{ENVIRONMENT_PREFIX}EXECUTOR": settings.executor,
    }
    if settings.database_url is not None:
        # Not as an argument: those anybody can read, and it may have a password.
        url = settings.database_url.get_secret_value()
        environment[f"{ENVIRONMENT_PREFIX}DATABASE_URL"] = url
    return environment
