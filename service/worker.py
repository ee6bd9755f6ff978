"""The worker process: solves the jobs of a store, beside any number of others.

`strongroom worker` calls `run`. A server starts its own worker as
`python -m service.worker`, which reads its settings on standard input and ends with it.
"""

import json
import logging
import signal
import sys
import threading
from types import FrameType

from service.clock import Clock, system_clock
from service.errors import StoreUnavailableError
from service.jobs.engine.executor import Executor
from service.jobs.engine.port import Engine
from service.jobs.fork_server import start_fork_server
from service.jobs.lease import Lease, new_worker_id
from service.jobs.maintenance import Maintenance
from service.jobs.reaping import UnstartedTickets, requeue_own
from service.jobs.runner import JobRunner
from service.jobs.worker_config import OPTIMIZER, WorkerConfig
from service.settings import Settings
from service.store.opening import Store, opened_store
from service.telemetry.logs import write_logs
from service.webhooks.delivering import Deliverer

logger = logging.getLogger("service.worker")


def run(
    settings: Settings | None = None,
    *,
    solver: str = OPTIMIZER,
    is_over: threading.Event | None = None,
) -> None:
    """Work until a signal, or the event; raise StoreUnusableError if it cannot begin.

    Jobs are solved by `solver`, module:function.
    """
    settings = settings or Settings()
    is_over = is_over or threading.Event()
    write_logs(settings.log_level, settings.log_format)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Before there are threads and connections.
    start_fork_server(solver)
    with opened_store(settings) as store:
        _listen_to_signals(is_over)
        _work(store, settings, _config(settings, solver), system_clock, is_over)


def _work(
    store: Store,
    settings: Settings,
    config: WorkerConfig,
    clock: Clock,
    is_over: threading.Event,
) -> None:
    database, worker_id = store.database, new_worker_id()
    lease = Lease(
        database,
        worker_id,
        number_of_slots=config.number_of_slots,
        lease_s=settings.lease_s,
        clock=clock,
    )
    engine = Engine(database)
    engine.prepare()
    runner = JobRunner(store, worker_id, config, clock)
    executor = Executor(
        database,
        worker_id,
        work=runner.work,
        allowance=runner.allowance,
        poll_interval_s=settings.poll_interval_s,
        log_level=settings.log_level,
    )
    deliverer = Deliverer(database, settings, worker_id, clock)
    lease.begin()
    unstarted = UnstartedTickets(database, engine, worker_id, executor.started)
    maintenance = Maintenance(database, engine, lease, runner, unstarted, clock)
    maintenance.start()
    executor.start()
    deliverer.start()
    logger.info("worker %s: %d slots", worker_id, config.number_of_slots)
    is_over.wait()
    logger.info("worker %s stops", worker_id)
    runner.end()
    executor.stop()
    maintenance.stop()
    deliverer.stop()
    try:
        requeue_own(database, engine, worker_id)
    except StoreUnavailableError:
        logger.warning("its jobs are taken over when its lease expires")
    engine.close()


def _config(settings: Settings, solver: str) -> WorkerConfig:
    return WorkerConfig(
        solver,
        number_of_slots=settings.number_of_slots,
        memory_limit_bytes=settings.memory_limit_bytes,
        executor=settings.executor,
        log_level=settings.log_level,
        log_format=settings.log_format,
    )


def _listen_to_signals(is_over: threading.Event) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        is_over.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


def _end_with_input(is_over: threading.Event) -> None:
    sys.stdin.read()
    is_over.set()


def main() -> None:
    """Work for the server that started this process, until that ends."""
    given = json.loads(sys.stdin.readline())
    is_over = threading.Event()
    threading.Thread(
        target=_end_with_input, args=(is_over,), name="server", daemon=True
    ).start()
    settings = Settings.model_validate(given["settings"])
    run(settings, solver=given["solver"], is_over=is_over)


if __name__ == "__main__":
    main()
