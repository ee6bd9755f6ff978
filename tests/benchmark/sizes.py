"""How large everything is: as the bars demand it, or small to try the benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of scenarios, cases and seconds of all measures."""

    case: str
    scenarios: int
    few_scenarios: int
    many_scenarios: int
    extensive_form_scenarios: tuple[int, ...]
    rival_time_limit_s: float
    time_limit_s: float
    large_case: str
    large_scenarios: int
    large_time_limit_s: float
    planning_seeds: tuple[int, ...]
    fresh_scenarios: int
    random_instances: int
    interval_case: str
    interval_replications: int
    interval_scenarios: int
    limited_scenarios: tuple[int, ...]


FULL = Sizes(
    case="project_vault",
    scenarios=200,
    few_scenarios=100,
    many_scenarios=1_000,
    extensive_form_scenarios=(20, 40, 60, 80, 100, 120, 140, 160, 200, 300),
    rival_time_limit_s=600.0,
    time_limit_s=1_800.0,
    large_case="synthetic:60:50:120:60",
    large_scenarios=1_000,
    large_time_limit_s=7_200.0,
    planning_seeds=(1, 2, 3, 4),
    fresh_scenarios=10_000,
    random_instances=50,
    interval_case="magnets",
    interval_replications=200,
    interval_scenarios=400,
    limited_scenarios=(20, 200, 1_000),
)

QUICK = Sizes(
    case="synthetic:10:6:15:24",
    scenarios=20,
    few_scenarios=10,
    many_scenarios=40,
    extensive_form_scenarios=(5, 10),
    rival_time_limit_s=30.0,
    time_limit_s=60.0,
    large_case="synthetic:12:8:20:24",
    large_scenarios=40,
    large_time_limit_s=60.0,
    planning_seeds=(1, 2),
    fresh_scenarios=1_000,
    random_instances=5,
    interval_case="magnets",
    interval_replications=20,
    interval_scenarios=20,
    limited_scenarios=(20,),
)
