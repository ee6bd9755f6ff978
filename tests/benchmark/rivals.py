"""Requests to mpi-sppy: its own processes, ended at the time limit."""

from dataclasses import dataclass

from tests.benchmark.mpi_sppy.configurations import Configuration
from tests.benchmark.mpi_sppy.run import Record, Task, run_mpi_sppy


@dataclass(frozen=True, slots=True)
class RunMpiSppy:
    """Solve the relaxation of a case with one configuration."""

    case: str
    scenarios: int
    gap: float
    time_limit_s: float
    configuration: Configuration
    cash_rows: tuple[tuple[int, int], ...]

    def perform(self) -> Record:
        """Return its bounds."""
        task = Task(self.case, self.scenarios, self.gap, self.time_limit_s)
        return run_mpi_sppy(task, self.configuration, list(self.cash_rows))
