"""What one tranche does in the observed period: its simulation, read off.

All arrays of a replay have one scenario, and their first period is the observed one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.plan import Plan, Tranche
from models.tranche_in_force import tranche_name
from optimizer.evaluation.replay import HoldingReplay, PlanReplay
from optimizer.policies.policy import Policies
from optimizer.policies.simulator import Trajectories, for_others, simulate

FIRST = 0, 0, 0


@dataclass(frozen=True, slots=True)
class TrancheMonth:
    """A tranche in the observed period; done is of this tranche alone, in tonnes.

    label is what people call it; for_others is the part of the release that others than
    members share.
    """

    tranche: Tranche
    label: str
    part: HoldingReplay
    policy: Policies
    done: Trajectories
    for_others: float

    @property
    def name(self) -> str:
        """Its name, unique within the plan."""
        return tranche_name(self.tranche)

    @property
    def is_in_force(self) -> bool:
        """Whether it was begun before the period."""
        flags = self.policy.is_in_force
        return flags is not None and bool(flags[0])

    @property
    def is_building_up(self) -> bool:
        """Whether the period is one of planned buying."""
        return bool(self.policy.build_start[0] <= 0 < self.policy.build_end[0])

    @property
    def at_start(self) -> float:
        """What it holds before the period."""
        return float(self.policy.initial[0])

    @property
    def released(self) -> float:
        """What it releases."""
        return float(self.done.released[FIRST])

    @property
    def acquired(self) -> float:
        """What is bought and delivered, without what is rotated."""
        return float(self.done.acquired[FIRST])

    @property
    def delivered(self) -> float:
        """What arrives of purchases of before the start."""
        return float(self.done.delivered[FIRST])

    @property
    def still_coming(self) -> float:
        """What is still on the way for it after the period, of before the start."""
        return float(self.policy.coming()[0]) - self.delivered

    @property
    def rotated(self) -> float:
        """What is sold and bought anew."""
        return float(self.done.rotated[FIRST])

    @property
    def handed_over(self) -> float:
        """What the beneficiary takes at the end of a right."""
        return float(self.done.repurchased[FIRST])

    @property
    def at_end(self) -> float:
        """What it holds after the period."""
        return float(self.done.on_hand[FIRST])

    @property
    def expired(self) -> float:
        """What has become too old."""
        left = self.at_start - self.released - self.handed_over
        return max(left + self.acquired + self.delivered - self.at_end, 0.0)

    @property
    def alert(self) -> int:
        """The alert level that it releases by."""
        return int(self.part.holding.observables.release_alert[0, 0])

    @property
    def market_alert(self) -> int:
        """The alert level of the material, without notice."""
        return int(self.part.holding.observables.alert[0, 0])

    @property
    def gap(self) -> float:
        """The gap that it sees, tonnes."""
        return float(self.part.holding.observables.gap[0, 0])


def tranche_months(happened: PlanReplay, plan: Plan) -> Iterator[TrancheMonth]:
    """Yield all tranches of a replay of one scenario, holding by holding."""
    labels = {tranche_name(x): label for label, x in plan.labelled_tranches()}
    for part in happened.held:
        done = simulate(part.policies, part.holding.observables)
        others = for_others(part.policies, part.holding.observables, done.released)
        for c, tranche in enumerate(part.tranches):
            only = np.array([c])
            yield TrancheMonth(
                tranche=tranche,
                label=labels[tranche_name(tranche)],
                part=part,
                policy=part.policies.select(only),
                done=done.select(only),
                for_others=0.0 if others is None else float(others[c, 0, 0]),
            )
