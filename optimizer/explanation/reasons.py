"""Why not more of a material or right, or under another candidate, in a sentence."""

from models.explanation import LotWorth

NOTHING = 1e-9  # of the objective; less is rounding
IN_FORCE = "It was awarded before the start, and keeps its terms."


def reason(
    lot: LotWorth | None,
    limits: tuple[str, ...],
    objective_usd: float,
    *,
    is_payable: bool,
) -> str:
    """Return why the next lot is not held: no use, no room, no money, or the gap.

    A plan with a lot that fits and can be paid for is a plan of the menu, so what it
    avoids lies within the gap.
    """
    if lot is None:
        return "The menu has nothing larger that can be bought within the horizon."
    if _is_nothing(lot.avoided_usd, objective_usd):
        return "Another lot would not lower the objective on the planning scenarios."
    if limits:
        return f"Another lot does not fit: {'; '.join(limits)}."
    if not is_payable:
        return "Another lot cannot be paid for within the limits on money."
    return "Another lot avoids less than the gap that the plan was solved to."


def reason_of_right(
    larger_avoids_usd: float | None,
    limits: tuple[str, ...],
    objective_usd: float,
    *,
    is_whole: bool,
    is_payable: bool,
) -> str:
    """Return why a right is not awarded larger: asked for, no use, room or money.

    larger_avoids_usd is None without a larger award in the menu; is_whole says that
    the award is the largest that was offered.
    """
    if is_whole:
        return "It is awarded as large as it is offered."
    if larger_avoids_usd is None:
        return "A larger award cannot be bought in time."
    if _is_nothing(larger_avoids_usd, objective_usd):
        return "A larger award would not lower the objective on the planning scenarios."
    if limits:
        return f"A larger award does not fit: {'; '.join(limits)}."
    if not is_payable:
        return "A larger award cannot be paid for within the limits on money."
    return "A larger award avoids less than the gap that the plan was solved to."


def reason_elsewhere(
    extra_cost_usd: float,
    limits: tuple[str, ...],
    objective_usd: float,
    *,
    is_payable: bool,
) -> str:
    """Return why a lot does not follow another candidate: no use, room or money."""
    if _is_nothing(-extra_cost_usd, objective_usd):
        return "It would not lower the objective."
    if limits:
        return f"It does not fit: {'; '.join(limits)}."
    if not is_payable:
        return "It cannot be paid for within the limits on money."
    return "What it saves is less than the gap that the plan was solved to."


def _is_nothing(avoided_usd: float, objective_usd: float) -> bool:
    return avoided_usd <= NOTHING * max(abs(objective_usd), 1.0)
