"""The web process: creates the app from its parts. It loads no solver.

`strongroom serve` calls `run`, which also checks that no other machine needs no login.
"""

from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import ExitStack, asynccontextmanager, closing
from functools import partial
from importlib.metadata import version
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from fastapi import APIRouter, Depends, FastAPI

from service.address import check_address
from service.api import (
    analyses,
    audit_log,
    batches,
    cases,
    evaluations,
    events,
    health,
    jobs,
    metrics,
    own_rights,
    own_rounds,
    own_valuation,
    plans,
    publications,
    reserves,
    rights,
    rounds,
    schema,
    webhooks,
    whoami,
)
from service.api.content_coding import ContentCoding
from service.api.context import Context
from service.api.description.document import DescribedApp
from service.api.head_requests import HeadRequests
from service.api.identity import authorise
from service.api.job_watch import JobWatch
from service.api.own import jobs as own_jobs
from service.api.own import orders as own_orders
from service.api.own import plans as own_plans
from service.api.pages import routes as pages
from service.api.paths import RootPath
from service.api.problems import add_problem_documents
from service.api.queries import check_query
from service.api.rate_limits import RateLimitFields, RateLimits
from service.api.request_logging import RequestLogging
from service.api.security_headers import SecurityHeaders
from service.api.tagged_answers import TaggedAnswers
from service.api.traffic import Traffic
from service.api.unversioned import UnversionedPaths
from service.clock import Clock, system_clock
from service.console import routes as console
from service.console.error_pages import add_error_pages
from service.identity.exposure import check_login
from service.jobs.embedded import EmbeddedWorker
from service.jobs.engine.port import Engine
from service.jobs.worker_config import OPTIMIZER
from service.settings import Settings
from service.store.database import Database
from service.store.jobs import JobRepository, JobSignal
from service.store.opening import opened_store
from service.store.row_security import warn_of_bypass
from service.telemetry.logs import write_logs

if TYPE_CHECKING:
    from service.identity.openid.tokens import Tokens


def _interface() -> APIRouter:
    """Return the operations of the interface."""
    interface = APIRouter(
        dependencies=[Depends(authorise), Depends(check_query)],
        generate_unique_id_function=lambda route: route.name,
    )
    for noun in (cases, jobs, events, batches, plans, evaluations, analyses, schema):
        interface.include_router(noun.router)
    for noun in (publications, own_plans, own_orders, own_jobs):
        interface.include_router(noun.router)
    for noun in (rounds, own_rounds, own_valuation, rights, own_rights, reserves):
        interface.include_router(noun.router)
    for noun in (webhooks, health, metrics, audit_log, whoami):
        interface.include_router(noun.router)
    return interface


# Of the process: FastAPI takes long to prepare an operation at its first request.
INTERFACE = _interface()


def run(settings: Settings | None = None, *, solver: str = OPTIMIZER) -> None:
    """Serve until a signal ends it; raise InvalidCaseError or StoreUnusableError.

    The one if the address cannot be used, the other if the store cannot.
    """
    settings = settings or Settings()
    write_logs(settings.log_level, settings.log_format)
    check_address(settings.host, settings.port)
    with opened_store(settings) as store:
        # Before anything starts.
        check_login(settings, store.database)
        warn_of_bypass(store.database)
    config = uvicorn.Config(
        create_app(settings, solver=solver),
        host=settings.host,
        port=settings.port,
        # Its lines have our format, and RequestLogging logs each request.
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=settings.shutdown_grace_s,
    )
    _Server(config).run()


class _Server(uvicorn.Server):
    """Lets those who wait for jobs go when it stops, instead of waiting for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        app = self.config.app
        assert isinstance(app, FastAPI)  # noqa: S101 - `run` made it
        if hasattr(app.state, "context"):
            app.state.context.watch.close()
        super().handle_exit(sig, frame)


def _signals(database: Database, job_ids: Collection[str]) -> Mapping[str, JobSignal]:
    with database.reading() as session:
        return JobRepository(session).signals(job_ids)


def _tokens(settings: Settings) -> "Tokens | None":
    """Return what verifies tokens of the OpenID provider, if one is set."""
    if settings.openid_issuer is None:
        return None
    # Slow to load, and few servers have one.
    from service.identity.openid.provider import ProviderKeys  # noqa: PLC0415
    from service.identity.openid.tokens import Tokens  # noqa: PLC0415

    issuer = settings.openid_issuer
    return Tokens(settings, issuer, ProviderKeys(issuer))


def create_app(
    settings: Settings | None = None,
    *,
    solver: str = OPTIMIZER,
    clock: Clock = system_clock,
) -> FastAPI:
    """Return the app; while it runs, jobs are solved by `solver`, module:function."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        with opened_store(settings) as store, ExitStack() as stack:
            engine = stack.enter_context(closing(Engine(store.database)))
            watch = JobWatch(partial(_signals, store.database))
            app.state.context = Context(
                settings,
                store.database,
                engine,
                clock,
                store.objects,
                watch,
                RateLimits(settings),
                _tokens(settings),
            )
            if settings.has_worker:
                worker = EmbeddedWorker(settings, solver)
                worker.start()
                stack.callback(worker.stop)
            yield

    app = DescribedApp(
        title="Strongroom",
        version=version("strongroom"),
        lifespan=lifespan,
        redirect_slashes=False,
        # Ours need no other host; /openapi.json stays.
        docs_url=None,
        redoc_url=None,
    )
    app.state.traffic = traffic = Traffic()
    app.add_middleware(TaggedAnswers)
    app.add_middleware(ContentCoding)
    app.add_middleware(UnversionedPaths)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RateLimitFields)
    app.add_middleware(HeadRequests)
    app.add_middleware(RequestLogging, traffic=traffic)
    app.add_middleware(RootPath, root_path=settings.root_path)
    add_problem_documents(app)
    add_error_pages(app)
    app.router.routes.extend(INTERFACE.routes)
    # Not of the interface: OpenAPI does not describe them. These need no key, and those
    # of the console ask for one themselves.
    app.router.routes.extend(pages.ROUTES)
    app.router.routes.extend(console.ROUTES)
    return app
