"""Why not a lot more of a material, in one sentence."""

from dataclasses import dataclass

from models.explanation import LotWorth

NOTHING = 1e-9  # of the objective; less is rounding


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """What a lot is held against.

    price_of_money is what the next dollar avoids elsewhere, gap_usd how much a better
    plan may save at most.
    """

    objective_usd: float
    gap_usd: float
    price_of_money: float


def reason(lot: LotWorth | None, limits: tuple[str, ...], against: Yardsticks) -> str:
    """Return why the next lot is not held: no use, no room, no money, or the gap."""
    if lot is None:
        return "The menu goes no higher."
    if lot.avoided_usd <= NOTHING * max(against.objective_usd, 1.0):
        return "Another lot would avoid nothing on the planning scenarios."
    if limits:
        return f"Another lot does not fit: {'; '.join(limits)}."
    a_dollar = lot.avoided_per_dollar
    if a_dollar is not None and a_dollar <= against.price_of_money:
        return "Another lot avoids less than its money does elsewhere."
    if lot.avoided_usd <= against.gap_usd:
        return "Another lot avoids less than the gap that the plan was solved to."
    return "Another lot would pay: the plan can be improved."
