"""The case that a request is about: by name, with options and budget set."""

from dataclasses import dataclass

from models.instance import Instance
from models.options import Method
from models.reading import read_instance
from optimizer.frontier import scaled
from service.casefiles import load
from tests.benchmark.synthetic_case import synthetic_case

SYNTHETIC = "synthetic:"
SYNTHETIC_SEED = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A shipped case, or synthetic:MATERIALS:PARTICIPANTS:PRODUCTS:PERIODS.

    budget is the factor by which the limits of all facilities are scaled; without a
    seed scenarios are drawn with that of the case.
    """

    name: str
    scenarios: int
    gap: float = 0.01
    tranches: int = 6
    time_limit_s: float = 1_800.0
    method: Method = Method.DECOMPOSITION
    budget: float = 1.0
    seed: int | None = None

    def instance(self) -> Instance:
        """Return the case with all of that."""
        instance = named(self.name)
        changes: dict[str, object] = {
            "number_of_scenarios": self.scenarios,
            "gap": self.gap,
            "max_tranches": self.tranches,
            "time_limit_s": self.time_limit_s,
            "method": self.method,
        }
        if self.seed is not None:
            changes["seed"] = self.seed
        options = instance.options.model_copy(update=changes)
        return scaled(instance.model_copy(update={"options": options}), self.budget)


def named(name: str) -> Instance:
    """Return a case by its name, as in Case."""
    if not name.startswith(SYNTHETIC):
        return read_instance(load(name))
    materials, participants, products, periods = map(
        int, name.removeprefix(SYNTHETIC).split(":")
    )
    return synthetic_case(materials, participants, products, periods, SYNTHETIC_SEED)
