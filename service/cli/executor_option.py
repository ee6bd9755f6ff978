"""--executor, and what holds where it is not given."""

from typing import Annotated

import typer

ExecutorOption = Annotated[
    str | None,
    typer.Option(
        "--executor",
        help="Where scenarios are worked on: local (a process for each core of "
        "this machine, if the work is large enough), local:NUMBER of processes, here "
        "(no other process), mpi (the ranks of this MPI run) or dask:ADDRESS of a "
        "scheduler. If absent, what STRONGROOM_EXECUTOR says, else local.",
        show_default=False,
    ),
]


def chosen_executor(given: str | None) -> str:
    """Return what is given, else what the environment says."""
    # Settings take a moment to load: not for --help.
    from service.settings import Settings  # noqa: PLC0415

    return given or Settings().executor
