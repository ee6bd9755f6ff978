"""The plan: stock and rules, promise, shortfalls, provenance."""

import operator
from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from models.content import content_hash
from models.cost_of_holding import CostOfHolding, benefit_cost_ratio
from models.fresh_cost import FreshCost, rough_promise
from models.options import OptionValue
from models.record import Record, is_absent, is_zero
from models.units import CaseIdentifier, Fraction, Identifier, Tonnes


class TrancheStep(Record):
    """What the operator of a tranche does at one alert level, in tonnes."""

    alert: int = Field(ge=0, le=3, description="Alert level.")
    release_tonnes_per_period: Tonnes = Field(description="Most released in a period.")
    coverage: Fraction = Field(description="Most released, share of the whole gap.")
    floor_tonnes: Tonnes = Field(description="Held back for a higher alert.")
    replenishment_tonnes_per_period: Tonnes = Field(description="Bought back a period.")
    price_cap: float | None = Field(description="Multiple of the undisrupted price.")


class Tranche(Record):
    """A part of a holding under one candidate policy, scaled by its share.

    A right is one tranche with share 1.

    The numbers are the complete rule: an operator who follows them, knowing only what
    has been observed so far, gets the promised cost.
    """

    material: Identifier = Field(description="Material held.")
    offer: Identifier | None = Field(description="Right it serves; the pool if absent.")
    participant: Identifier | None = Field(description="Beneficiary, if it is a right.")
    rule: str = Field(description="Rule of the menu, or 'entitlement'.")
    sourcing: Identifier = Field(description="Sourcing option.")
    level_days_of_cover: float = Field(ge=0, description="Level of the candidate.")
    share: Fraction = Field(description="Weight of the candidate.")
    lots: int = Field(ge=1, description="Whole lots held.")
    tonnes: Tonnes = Field(description="Target of this tranche.")
    steps: tuple[TrancheStep, TrancheStep, TrancheStep, TrancheStep] = Field(
        description="The rule, by alert level 0 to 3."
    )
    outload_tonnes_per_period: Tonnes = Field(
        description=(
            "Share of the outload limit in a period of average length, 30.4375 days "
            "for a month of the calendar; in others by their days."
        )
    )
    build_up_tonnes_per_period: Tonnes = Field(description="Planned buying.")
    rotation_tonnes_per_period: Tonnes = Field(
        default=0.0,
        exclude_if=is_zero,
        description="Sold and bought anew before it expires.",
    )
    build_up_start_period: int = Field(
        ge=0, description="First period of planned buying."
    )
    build_up_periods: int = Field(ge=0, description="0: in place at the start.")
    build_up_price_cap: float | None = Field(
        default=None,
        description="Planned buying waits above this multiple of the price.",
    )
    text: str = Field(description="The rule as a sentence for the operator.")

    @model_validator(mode="after")
    def _alerts_in_order(self) -> Self:
        alerts = [step.alert for step in self.steps]
        if alerts != [0, 1, 2, 3]:
            msg = f"alerts of the steps are {alerts}, expected [0, 1, 2, 3]"
            raise ValueError(msg)
        return self


class RoutePurchase(Record):
    """Planned buying over a route, what is in place at the start included."""

    route: Identifier
    tonnes: Tonnes = Field(description="Over the horizon and before, all routes open.")


class HeldLot(Record):
    """What tranches take of a lot of free stock: the same part of every lot.

    Or of a purchase on the way, which makes a lot when it arrives.
    """

    lot: Identifier = Field(description="Lot or purchase of the position.")
    arrival_period: int | None = Field(
        default=None,
        ge=0,
        exclude_if=is_absent,
        description="Period in which a purchase on the way is due; absent if the lot "
        "is there.",
    )
    tonnes: Tonnes = Field(description="In tranches at the start.")
    sold_tonnes: Tonnes = Field(
        default=0.0, exclude_if=is_zero, description="For sale, as no tranche takes it."
    )
    left_tonnes: Tonnes = Field(
        description="Surplus: no part of the plan, which neither pays nor sells it."
    )
    book_value_usd: float = Field(
        ge=0, description="Of the tonnes in tranches; no cost of the plan."
    )


class Sale(Record):
    """The sale of free stock that no tranche takes, in equal parts from the start on.

    What expires before its turn is not sold.
    """

    material: Identifier = Field(description="Material sold.")
    tonnes: Tonnes = Field(description="Sold in all, if nothing expires.")
    tonnes_per_period: Tonnes = Field(
        gt=0, description="Sold in a period, until none is left."
    )
    text: str = Field(description="The sale as a sentence for the operator.")


class Level(Record):
    """The stock of a material."""

    material: Identifier
    name: str
    tonnes: Tonnes = Field(description="Pool and rights together.")
    pool_tonnes: Tonnes = Field(description="Pool alone.")
    lots: int = Field(ge=0)
    days_of_cover: float = Field(ge=0, description="Of members' need.")
    cost_usd: float = Field(
        ge=0, description="Planned buying at undisrupted landed prices, with premia."
    )
    tranches: tuple[Tranche, ...] = ()
    purchases: tuple[RoutePurchase, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Planned buying by route, in the order of the case.",
    )
    held: tuple[HeldLot, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Free stock that has not expired, lot by lot, and purchases on the "
        "way.",
    )
    sale: Sale | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Sale of free stock that no tranche takes; none if absent.",
    )


class EarlierAward(Record):
    """What is there of a right that was awarded before the start."""

    held_tonnes: Tonnes = Field(description="In store for it at the start.")
    drawn_tonnes: Tonnes = Field(description="Drawn, and not bought back yet.")


class Award(Record):
    """A pre-purchase right awarded to a participant, by the plan or before it."""

    offer: Identifier
    participant: Identifier
    material: Identifier
    lots: int = Field(ge=1)
    tonnes: Tonnes
    days_of_own_cover: float = Field(ge=0)
    inventory_price_usd_per_tonne: float
    upfront_fee_usd: float
    carrying_fee_usd_per_year: float = Field(description="While all of it is held.")
    in_force: EarlierAward | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Set if it was awarded before the start: it keeps its terms, and "
        "its upfront fee is paid.",
    )


class SignedContract(Record):
    """An offtake contract that the plan signs, or that is in force already."""

    contract: Identifier
    material: Identifier
    volume_tonnes_per_year: Tonnes
    expected_cost_usd: float = Field(description="Net of resale and paid-back upside.")
    is_in_force: bool = Field(
        default=False,
        exclude_if=is_zero,
        description="Whether it was signed before the start.",
    )


class FinancingPeriod(Record):
    """Financing in one period; cash is after all payments."""

    period: int = Field(ge=0)
    draws_usd: dict[str, float] = Field(description="By facility drawn by schedule.")
    balances_usd: dict[str, float] = Field(
        description="Owed or called at the end, by facility drawn by schedule."
    )
    expected_balances_usd: dict[str, float] = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Mean over the scenarios, by facility that the cash rule draws.",
    )
    highest_balances_usd: dict[str, float] = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Worst of the scenarios, by facility that the cash rule draws.",
    )
    interest_and_fees_usd: float = Field(
        description="Interest, returns and fees; the mean if the cash rule draws."
    )
    expected_cash_usd: float = Field(description="Mean over the scenarios.")
    lowest_cash_usd: float = Field(description="Worst of the scenarios.")


class Shortfall(Record):
    """Expected unmet need of a material, chosen or not, with and without the vault."""

    material: Identifier
    name: str
    days_of_cover: float
    gap_tonnes: float = Field(description="Expected market gap over the horizon.")
    released_tonnes: float = Field(description="Expected pool release and draws.")
    unused_tonnes: float = Field(
        description="Released or drawn but not used in any unit made."
    )
    uncovered_tonnes: float = Field(
        description="Gap less what releases and contracts supply to units made."
    )
    probability_of_gap: Fraction = Field(
        description="Probability of any gap within the horizon."
    )

    @property
    def contract_tonnes(self) -> float:
        """Tonnes that contracts supply to units made."""
        covered = self.gap_tonnes - self.uncovered_tonnes
        return covered - (self.released_tonnes - self.unused_tonnes)


class UnmodelledNote(Record):
    """A critical mineral outside the case, with its known risk."""

    id: Identifier
    name: str
    reason: str
    known_risk: str


class Promise(Record):
    """The promise of the plan and its proof."""

    expected_shortage_cost_usd: float = Field(description="The model's own figure.")
    simulated_shortage_cost_usd: float = Field(description="The replay's figure.")
    cost_without_vault_usd: float = Field(description="Same scenarios, nothing held.")
    objective_usd: float = Field(
        description=(
            "Mean and CVaR of shortage cost, and cost of holding, as weighted in the "
            "options."
        ),
    )
    cvar_usd: float = Field(description="Mean of the worst 1 - cvar_level.")
    lower_bound_usd: float = Field(
        description="No plan from this menu has a lower one."
    )
    gap: float = Field(ge=0, description="(objective - bound) / |objective|.")
    budget_usd: float = Field(description="Limits of all facilities and opening cash.")
    budget_used_usd: float = Field(
        description=(
            "Drawn from all facilities: by schedule, and the most that the cash rule "
            "draws in any planning scenario."
        )
    )
    budget_shadow_price: float | None = Field(
        description=(
            "Objective avoided by one more dollar of financing, facilities growing in "
            "proportion; for the holdings' candidates as chosen."
        )
    )
    # Absent in plans of before the cost of holding.
    cost_of_holding_usd: float | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Expected cost of holding, the model's own figure.",
    )
    cost_of_holding: CostOfHolding | None = Field(
        default=None,
        exclude_if=is_absent,
        description="The replay's figures, by what they are for.",
    )

    @property
    def avoided_usd(self) -> float:
        """Shortage cost that the plan avoids."""
        return self.cost_without_vault_usd - self.expected_shortage_cost_usd

    @property
    def net_benefit_usd(self) -> float | None:
        """What the plan avoids, less its cost of holding; None if that is unknown."""
        if self.cost_of_holding_usd is None:
            return None
        return self.avoided_usd - self.cost_of_holding_usd

    @property
    def benefit_cost_ratio(self) -> float | None:
        """What the plan avoids by its cost of holding; None if that is unknown or 0."""
        return benefit_cost_ratio(self.avoided_usd, self.cost_of_holding_usd)


class Provenance(Record):
    """The inputs of the plan: enough to compute it again."""

    instance_id: CaseIdentifier
    instance_hash: str = Field(description="Content hash of the case.")
    method: str
    seed: int
    number_of_scenarios: int
    scenarios_hash: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Content hash of the planning scenarios, if they are those of a "
        "file and not those that the case draws with the seed.",
    )
    options: dict[str, OptionValue]
    versions: dict[str, str] = Field(description="Of Strongroom and the solver stack.")


class Plan(Record):
    """A plan; a solve returns only plans that pass the independent checks."""

    levels: tuple[Level, ...] = Field(description="Every material, held or not.")
    awards: tuple[Award, ...]
    contracts: tuple[SignedContract, ...]
    cash_rule: str = Field(
        default="",
        exclude_if=operator.not_,
        description="When facilities are drawn that have no schedule, in words.",
    )
    financing: tuple[FinancingPeriod, ...]
    promise: Promise
    shortfalls: tuple[Shortfall, ...] = Field(description="Every material with a gap.")
    unmodelled: tuple[UnmodelledNote, ...]
    provenance: Provenance
    # Left out of the document if absent: plans of before keep their hash.
    fresh: FreshCost | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Cost on fresh scenarios; absent if there was no time for it.",
    )
    seal: str = Field(
        default="",
        exclude_if=operator.not_,
        description="SHA-256 of the canonical JSON of all else. Plans of earlier "
        "versions have none.",
    )

    def sealed(self) -> Self:
        """Return the plan with the seal of its content."""
        return self.model_copy(update={"seal": self.expected_seal})

    @property
    def expected_seal(self) -> str:
        """The seal of the content as it is."""
        return content_hash(self.model_copy(update={"seal": ""}))

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of the plan."""
        return content_hash(self)

    def rough_promise(self) -> str | None:
        """Return a warning if fresh scenarios cost far more or less than promised."""
        if self.fresh is None:
            return None
        promised = self.promise.expected_shortage_cost_usd
        return rough_promise(promised, self.provenance.number_of_scenarios, self.fresh)

    def tranches(self) -> tuple[Tranche, ...]:
        """Return all tranches, of pools and rights."""
        return tuple(tranche for level in self.levels for tranche in level.tranches)

    def labelled_tranches(self) -> Iterator[tuple[str, Tranche]]:
        """Yield each tranche with its label for people, such as Gallium 2."""
        for level in self.levels:
            for number, tranche in enumerate(level.tranches, start=1):
                yield f"{level.name} {number}", tranche

    def sales(self) -> tuple[Sale, ...]:
        """Return the sales of free stock, in the order of the levels."""
        return tuple(level.sale for level in self.levels if level.sale is not None)
