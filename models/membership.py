"""Membership: who may draw from the pools, and what members pay for it."""

from typing import Literal

from pydantic import Field

from models.record import SourcedRecord
from models.units import Identifier, RatePerYear


class Membership(SourcedRecord):
    """The participants that may draw from pools and from contracts that serve all.

    Others get nothing of either, or what pools release beyond the gap of members; a
    right serves its holder, member or not. Rules that release a share of the gap see
    that of those whom pools serve, and days of cover are days of their need. A member
    pays its fee in every period, whatever it draws.
    """

    members: tuple[Identifier, ...] = Field(
        min_length=1, description="Participants that are members."
    )
    fee_rate_per_year: RatePerYear = Field(
        default=0.0,
        description=(
            "Fee by need, a fraction of the value of the member's yearly need of all "
            "materials of the case, both as at the start."
        ),
    )
    others: Literal["none", "after_members"] = Field(
        default="none",
        description=(
            "What others get of pools: nothing, or of each tranche's release what is "
            "beyond its coverage of members' gap, at the market price."
        ),
    )

    @property
    def serves_others(self) -> bool:
        """Whether others get anything of pools."""
        return self.others == "after_members"
