"""A case written for other solvers: what it plans with, as SMPS or as one MPS file."""

from pathlib import Path

import numpy as np

from models.instance import Instance
from optimizer.exchange.from_problem import two_stage, whole_model
from optimizer.exchange.mps_writing import write_mps
from optimizer.exchange.smps_writing import write_smps
from optimizer.problem import CompleteProblem, complete_problem
from optimizer.scenarios import sample


def write_case_as_smps(
    instance: Instance, directory: Path, *, is_relaxed: bool
) -> tuple[Path, ...]:
    """Write core, time and stoch file of a case; costs in millions of US dollars."""
    return write_smps(two_stage(_planned(instance), is_relaxed=is_relaxed), directory)


def write_case_as_mps(instance: Instance, path: Path, *, is_relaxed: bool) -> None:
    """Write the extensive form of a case; costs in millions of US dollars."""
    write_mps(
        whole_model(_planned(instance), is_relaxed=is_relaxed), path, name=instance.id
    )


def _planned(instance: Instance) -> CompleteProblem:
    """Return a case on the scenarios that a solve of it plans with."""
    options = instance.options
    scenarios = sample(
        instance,
        number_of_scenarios=options.number_of_scenarios,
        generator=np.random.default_rng(options.seed),
    )
    return complete_problem(instance, scenarios)
