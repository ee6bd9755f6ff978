"""Where blocks of scenarios are worked on: here, in processes, over MPI or Dask."""

from optimizer.executors.choice import ExecutorUnavailableError, open_executors

__all__ = ["ExecutorUnavailableError", "open_executors"]
