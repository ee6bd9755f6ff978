"""How large the measures of the service are: as the bars demand, or to try them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of jobs. Solves are of `case` with these options, each with a seed."""

    short_solves: int
    repeats: int
    batch_under_way: int
    samples: int
    variants: int  # two axes of that many values each, multiplied
    clients: int
    clients_s: float  # at each load
    viewers: int
    viewers_s: float
    starts: int
    entries: int  # of a ledger
    plan_case: str
    plan_scenarios: int
    page_loads: int
    case: str = "magnets"
    large_case: str = "project_vault"
    number_of_scenarios: int = 4  # half a second of a core
    longer_scenarios: int = 8  # a second
    gap: float = 0.5

    @property
    def options(self) -> dict[str, float]:
        """Options of a short solve. Others have another seed."""
        return {
            "number_of_scenarios": self.number_of_scenarios,
            "gap": self.gap,
            "seed": 1,
        }


FULL = Sizes(
    short_solves=200,
    repeats=2,
    batch_under_way=500,
    samples=20,
    variants=100,
    clients=200,
    clients_s=60.0,
    viewers=50,
    viewers_s=30.0,
    starts=5,
    entries=1_000,
    plan_case="project_vault",
    plan_scenarios=200,
    page_loads=9,
)
QUICK = Sizes(
    short_solves=10,
    repeats=1,
    batch_under_way=30,
    samples=3,
    variants=10,
    clients=20,
    clients_s=5.0,
    viewers=10,
    viewers_s=6.0,
    starts=1,
    entries=40,
    plan_case="two_materials",
    plan_scenarios=4,
    page_loads=2,
)
NUMBER_OF_WORKERS = 2
