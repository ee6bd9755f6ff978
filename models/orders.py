"""The orders of one period: what the printed rules say, with the numbers behind it."""

import operator
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from models.content import content_hash
from models.mistakes import Mistake
from models.reconciliation import Reconciliation
from models.record import Record, is_absent
from models.units import Day, Identifier, Tonnes, UsDollars

Limit = Literal["draw_limit", "coverage", "floor", "outload", "stock"]


class TrancheOrder(Record):
    """What every order of a tranche names."""

    material: Identifier = Field(description="Material held.")
    offer: Identifier | None = Field(
        default=None, exclude_if=is_absent, description="Right; the pool if absent."
    )
    tranche: str = Field(
        description="Name of the tranche, unique within the plan: lots of a position "
        "have it."
    )
    label: str = Field(
        default="",
        exclude_if=operator.not_,
        description="Label of the tranche for people, as the plan is shown: Gallium 2.",
    )
    tonnes: Tonnes = Field(description="Ordered for the period.")
    reason: str = Field(description="The numbers that lead to it, as a sentence.")


class Allotment(Record):
    """What one participant gets of a release."""

    participant: Identifier
    tonnes: Tonnes


class ReleaseOrder(TrancheOrder):
    """What a tranche releases in the period; also 0 where there is a gap."""

    rule: str = Field(description="The printed rule of the tranche.")
    alert: int = Field(
        ge=0, le=3, description="Alert level that it releases by, after notice."
    )
    alert_since: Day | None = Field(
        default=None,
        exclude_if=is_absent,
        description="First day of the alert, which may have been of another level.",
    )
    gap_tonnes: Tonnes = Field(description="Gap that the rule sees, after notice.")
    on_hand_tonnes: Tonnes = Field(description="In the tranche before the release.")
    bound_by: Limit = Field(description="Limit of the rule that set the amount.")
    beneficiaries: tuple[Allotment, ...] = Field(
        default=(), exclude_if=is_absent, description="Who gets it."
    )
    unallotted_tonnes: Tonnes = Field(
        default=0.0, description="Released and sold, but taken up by none."
    )


class PurchaseOrder(TrancheOrder):
    """What is bought for a tranche over one route."""

    route: Identifier | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Route; absent for free stock that is taken.",
    )
    sourcing: Identifier = Field(description="Sourcing option.")
    purpose: Literal["opening", "build_up", "replenishment", "rotation"] = Field(
        description="In place before the start, planned buying, refill, or a swap."
    )
    price_usd_per_tonne: UsDollars = Field(
        description="Landed, without premia; 0 for free stock."
    )


class RotationOrder(TrancheOrder):
    """What is sold of the oldest; to buy as much anew is an order of its own."""


class SaleOrder(Record):
    """What is sold in the period of free stock that no tranche takes."""

    material: Identifier = Field(description="Material sold, oldest first.")
    tonnes: Tonnes = Field(description="Ordered for the period.")
    price_usd_per_tonne: UsDollars = Field(
        description="Market price, less the discount of the terms."
    )
    left_tonnes: Tonnes = Field(description="Still for sale at the end of the period.")
    reason: str = Field(description="The numbers that lead to it, as a sentence.")
    rule: str = Field(description="The printed sale.")


class HandOver(TrancheOrder):
    """What the beneficiary of a right takes at the end of its term."""

    participant: Identifier = Field(description="Beneficiary of the right.")


class ContractDelivery(Record):
    """What a signed contract delivers in the period."""

    contract: Identifier
    material: Identifier
    tonnes: Tonnes
    beneficiary: Identifier | None = Field(
        default=None, exclude_if=is_absent, description="The pool if absent."
    )


class FacilityOrder(Record):
    """What is drawn from a facility in the period, and paid back."""

    facility: Identifier
    draw_usd: UsDollars = Field(description="Drawn.")
    repayment_usd: UsDollars = Field(description="Paid back.")
    balance_usd: UsDollars = Field(description="Owed, or called, at the end.")
    reason: str = Field(description="Why, as a sentence.")


class MaterialAlert(Record):
    """The alert level of a material in the period."""

    material: Identifier
    alert: int = Field(ge=0, le=3)
    since: Day | None = Field(
        default=None,
        exclude_if=is_absent,
        description="First day of the alert, which may have been of another level.",
    )
    gap_tonnes: Tonnes = Field(description="Market gap, before any release.")


class Orders(Record):
    """What to do in one period by the rules of a plan, and the books of it."""

    instance_hash: str = Field(description="Content hash of the case.")
    plan_hash: str = Field(description="Content hash of the plan.")
    observation_hash: str = Field(description="Content hash of the observation.")
    previous_hash: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Content hash of the orders of the period before, if given.",
    )
    next_instance_hash: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Content hash of the case that begins with the next period.",
    )
    start: Day = Field(description="First day of the period.")
    end: Day = Field(description="First day of the next period.")
    alerts: tuple[MaterialAlert, ...] = Field(
        default=(), exclude_if=is_absent, description="Materials with an alert."
    )
    releases: tuple[ReleaseOrder, ...] = Field(
        default=(), exclude_if=is_absent, description="Tranches that see a gap."
    )
    purchases: tuple[PurchaseOrder, ...] = Field(default=(), exclude_if=is_absent)
    rotations: tuple[RotationOrder, ...] = Field(default=(), exclude_if=is_absent)
    sales: tuple[SaleOrder, ...] = Field(
        default=(), exclude_if=is_absent, description="Of free stock."
    )
    hand_overs: tuple[HandOver, ...] = Field(default=(), exclude_if=is_absent)
    deliveries: tuple[ContractDelivery, ...] = Field(default=(), exclude_if=is_absent)
    facilities: tuple[FacilityOrder, ...] = Field(
        default=(), exclude_if=is_absent, description="Draws and repayments."
    )
    endings: tuple[str, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="What of the case ends with the period, in sentences.",
    )
    reconciliation: Reconciliation

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of the orders."""
        return content_hash(self)


def of_another_chain(instance_hash: str, previous: Orders) -> Iterator[Mistake]:
    """Yield why earlier orders are not those of the period before a case."""
    if previous.next_instance_hash != instance_hash:
        expected = f"orders that lead to the case, {instance_hash[:12]}"
        found = (previous.next_instance_hash or "absent")[:12]
        yield Mistake("previous.next_instance_hash", found, expected)
