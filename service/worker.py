"""The process that solves one job: `python -m service.worker JOB_ID ATTEMPT`.

Started by the server, which holds its standard input; ends when the server does.
"""

import argparse
import logging
from functools import partial

from service.clock import system_clock
from service.jobs.attempt import Solver, attempt
from service.jobs.parent import end_with_parent
from service.jobs.queue import Claim
from service.settings import Settings
from service.store.address import database_url
from service.store.database import Database


def main(solve: Solver | None = None) -> None:
    """Make the attempt that the command line names."""
    end_with_parent()
    arguments = _parser().parse_args()
    settings = Settings()
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    claim = Claim(arguments.job_id, arguments.attempt)
    database = Database.open(database_url(settings))
    attempt(database, claim, solve or _optimizer(settings.executor), system_clock)
    database.close()


def _optimizer(executor: str) -> Solver:
    # Imported late: the watch on the server must not wait for the solver to load.
    from service.jobs.execution import solve  # noqa: PLC0415

    return partial(solve, executor=executor)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="service.worker", description=__doc__)
    parser.add_argument("job_id", help="id of the job")
    parser.add_argument("attempt", type=int, help="number of the attempt")
    return parser


if __name__ == "__main__":
    main()
