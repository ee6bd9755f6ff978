"""Sensitivity of the plan to assumptions that are lowered and raised."""

from collections.abc import Collection, Iterator
from enum import StrEnum

from pydantic import Field

from models.outcome import Termination
from models.record import Record
from models.units import Identifier


class Assumption(StrEnum):
    """An assumption that can be scaled throughout a case, or who the members are."""

    HAZARDS = "hazards"
    SEVERITIES = "severities"
    DURATIONS = "durations"
    PRICES = "prices"
    SHORTAGE_COSTS = "shortage_costs"
    MARKET_CAPACITY = "market_capacity"
    SPARE_CAPACITY = "spare_capacity"
    WORKING_BUFFERS = "working_buffers"
    BUILD_UP_TIMES = "build_up_times"
    FINAL_VALUE_HAIRCUT = "final_value_haircut"
    MEMBERSHIP = "membership"

    @property
    def words(self) -> str:
        """Name for people."""
        return self.value.replace("_", " ")


def avoided_share(
    cost_usd: float | None, cost_without_vault_usd: float | None
) -> float | None:
    """Return the share of a cost without a vault that is avoided, if there is any."""
    if cost_usd is None or not cost_without_vault_usd:
        return None
    return 1 - cost_usd / cost_without_vault_usd


class SensitivityBar(Record):
    """One assumption, lowered and raised by the same share, all others unchanged.

    Of membership, one participant that is a member (raised) or not (lowered).
    """

    assumption: str = Field(description="Name for people.")
    change: float | None = Field(
        gt=0, description="Share by which it is changed: 0.15; null of membership."
    )
    lowered_usd: float = Field(description="Expected shortage cost if it is lowered.")
    raised_usd: float = Field(description="Expected shortage cost if it is raised.")

    @property
    def span_usd(self) -> float:
        """Distance of both ends."""
        return abs(self.raised_usd - self.lowered_usd)


class RankFlip(Record):
    """Two materials that change places in the order of money spent on them."""

    was_above: Identifier = Field(description="More was spent on it in the base.")
    is_above: Identifier = Field(description="More is spent on it now.")


class SensitivityVariant(Record):
    """The case with some assumptions changed, solved anew."""

    name: str = Field(description="Name for people, with the size of the change.")
    factors: dict[Assumption, float] = Field(description="Factor by assumption.")
    leaves: Identifier | None = Field(
        default=None, description="The member that is none any more."
    )
    joins: Identifier | None = Field(
        default=None, description="The participant that becomes a member."
    )
    termination: Termination
    expected_shortage_cost_usd: float | None = Field(
        description="Of the plan made for the changed case; null without a plan."
    )
    objective_usd: float | None = Field(description="Of the same plan.")
    lower_bound_usd: float | None = Field(
        description="No plan for the changed case has a lower objective."
    )
    cost_without_vault_usd: float | None
    cost_of_holding_usd: float | None = Field(
        default=None, description="Expected, of the same plan."
    )
    net_benefit_usd: float | None = Field(
        default=None, description="What that plan avoids less its cost of holding."
    )
    base_plan_cost_usd: float = Field(
        description=(
            "Expected shortage cost of the base's plan in the changed case, even if "
            "its money does not suffice there."
        )
    )
    base_plan_lowest_cash_usd: float = Field(
        description=(
            "Lowest cash of the base's plan in the changed case, with its own draws; "
            "below 0 the plan is infeasible there."
        )
    )
    spent_usd: dict[Identifier, float] = Field(
        default_factory=dict, description="Planned buying by material."
    )
    flips: tuple[RankFlip, ...] = ()

    @property
    def assumption(self) -> Assumption | None:
        """What is changed alone; nothing where several assumptions are."""
        if self.leaves or self.joins:
            return Assumption.MEMBERSHIP
        return next(iter(self.factors)) if len(self.factors) == 1 else None

    @property
    def avoided_share(self) -> float | None:
        """Share of the cost without a vault that its plan avoids, if it has one."""
        return avoided_share(
            self.expected_shortage_cost_usd, self.cost_without_vault_usd
        )


class Sensitivity(Record):
    """The plans of all variants beside that of the base."""

    instance_hash: str
    plan_hash: str = Field(description="Hash of the plan for the unchanged case.")
    expected_shortage_cost_usd: float
    cost_without_vault_usd: float
    cost_of_holding_usd: float | None = Field(
        default=None, description="Expected, of the plan for the unchanged case."
    )
    net_benefit_usd: float | None = Field(
        default=None, description="What that plan avoids less its cost of holding."
    )
    gap: float = Field(ge=0, description="Relative gap of that plan.")
    spent_usd: dict[Identifier, float] = Field(description="Planned buying.")
    variants: tuple[SensitivityVariant, ...]

    @property
    def avoided_ranges(self) -> dict[Assumption, tuple[float, float]]:
        """Least and largest share avoided by assumption, the widest range first.

        As it is in the base, and in all plans for the assumption lowered and raised,
        or with other members.
        """
        base = avoided_share(
            self.expected_shortage_cost_usd, self.cost_without_vault_usd
        )
        found: dict[Assumption, list[float]] = {}
        for variant in self.variants:
            name, share = variant.assumption, variant.avoided_share
            if base is not None and share is not None and name is not None:
                found.setdefault(name, [base]).append(share)
        ranges = {name: (min(x), max(x)) for name, x in found.items()}
        return dict(sorted(ranges.items(), key=lambda item: item[1][0] - item[1][1]))

    def headline(self) -> str | None:
        """Return which assumption the share avoided hangs on most, in one sentence."""
        ranges = self.avoided_ranges
        base = avoided_share(
            self.expected_shortage_cost_usd, self.cost_without_vault_usd
        )
        if base is None or not ranges:
            return None
        name, (least, most) = next(iter(ranges.items()))
        opening = f"The share avoided, {100 * base:.3g} %,"
        # A plan within the gap may be as good, so less than that is no effect.
        if most - least <= self.gap * (1 - base):
            return (
                f"{opening} hangs on no single assumption: none moves it by more than "
                f"the gap of the plan if {self._changes(ranges)}."
            )
        return (
            f"{opening} hangs most on {name.words}: it lies between "
            f"{100 * least:.3g} and {100 * most:.3g} % if {self._changes([name])}."
        )

    def _changes(self, assumptions: Collection[Assumption]) -> str:
        """Return how far assumptions are changed, in words."""
        changes = [abs(x - 1) for v in self.variants for x in v.factors.values()]
        words: list[str] = []
        if set(assumptions) - {Assumption.MEMBERSHIP}:
            words.append(f"they change by up to {100 * max(changes):.3g} %")
        if Assumption.MEMBERSHIP in assumptions:
            words.append("one of the largest participants joins or leaves")
        return ", or ".join(words)

    def bars(self) -> tuple[SensitivityBar, ...]:
        """Return a bar for each assumption changed both ways, and for each member."""
        cost = {
            (name, factor): variant.expected_shortage_cost_usd
            for variant in self.variants
            if len(variant.factors) == 1
            for name, factor in variant.factors.items()
        }
        bars: list[SensitivityBar] = []
        for (name, factor), raised in cost.items():
            lowered = cost.get((name, round(2 - factor, 12)))
            if factor > 1 and raised is not None and lowered is not None:
                bars.append(
                    SensitivityBar(
                        assumption=f"{name.words} {100 * (factor - 1):.0f} %",
                        change=round(factor - 1, 12),
                        lowered_usd=lowered,
                        raised_usd=raised,
                    )
                )
        return (*bars, *self._bars_of_members())

    def _bars_of_members(self) -> Iterator[SensitivityBar]:
        as_assumed = self.expected_shortage_cost_usd
        for variant in self.variants:
            found = variant.expected_shortage_cost_usd
            if variant.assumption is Assumption.MEMBERSHIP and found is not None:
                yield SensitivityBar(
                    assumption=variant.name,
                    change=None,
                    lowered_usd=found if variant.leaves else as_assumed,
                    raised_usd=as_assumed if variant.leaves else found,
                )
