"""The allocation that a plan's cost rests on, handed in to be checked."""

from dataclasses import dataclass

from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Quantities:
    """What was allocated, in the order of `optimizer.recourse.blocks.find_blocks`.

    allocated and emergency are by gap in tonnes, shortage by shortage column in units.
    """

    allocated: Floats
    emergency: Floats
    shortage: Floats
