"""Two plans side by side, in sentences."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from models.opening_position import OpeningPosition
from models.plan_comparison import (
    ComparedPlan,
    ContractChange,
    FactChange,
    KeptPlan,
    LevelChange,
    PlanComparison,
    RightChange,
    Topic,
    TopicChange,
)
from service.printing.quantities import days, interval, money, tonnes

MOST_NAMED = 3


def in_words(found: PlanComparison) -> Iterator[str]:
    """Yield what changes, why, and whether the plan compared with could be kept."""
    yield _levels(found)
    yield from _rules(found)
    yield from _rights(found.rights)
    yield from _contracts(found.contracts)
    yield from _money(found)
    yield from _promise(found)
    yield from _why(found)
    if found.kept is not None:
        yield _kept(found.kept)
    elif found.not_kept_because is not None:
        yield (
            "What keeping the plan before would cost is unknown: "
            f"{found.not_kept_because}."
        )


def more(amount: float, shown: Callable[[float], str]) -> str:
    """Return a change with its sign; 0 has none."""
    text = shown(amount)
    is_nothing = text == shown(0.0) or amount == 0
    return shown(0.0) if is_nothing else text if amount < 0 else f"+{text}"


def _levels(found: PlanComparison) -> str:
    changed = [x for x in found.levels if x.is_changed]
    if not changed:
        return "Of every material as much is held as before."
    up = sum(x.change_tonnes > 0 for x in changed)
    parts = (
        (up, "more is held of"),
        (len(changed) - up, "less of" if up else "less is held of"),
    )
    words = ", ".join(f"{verb} {_materials(n)}" for n, verb in parts if n)
    same = len(found.levels) - len(changed)
    as_before = f"; {_materials(same)} as before" if same else ""
    largest = sorted(changed, key=lambda x: -abs(x.after_cost_usd - x.before_cost_usd))
    named = "; ".join(_level(x) for x in largest[:MOST_NAMED])
    return f"{_sentence(words)}{as_before}. Most money moves with: {named}."


def _level(x: LevelChange) -> str:
    return (
        f"{x.name} from {tonnes(x.before_tonnes)} to {tonnes(x.after_tonnes)} "
        f"({days(x.before_days_of_cover)} to {days(x.after_days_of_cover)} days of "
        "cover)"
    )


def _rules(found: PlanComparison) -> Iterator[str]:
    ruled = {x.material for x in found.tranches if not x.is_resized}
    stepped = {x.material for x in found.steps}
    if ruled:
        names = {x.material: x.name for x in found.tranches}
        listed = _listed([names[m] for m in names if m in ruled])
        yield f"Other rules or sourcing: {listed}."
    if only := len(stepped - ruled):
        yield f"The same rules with other tonnes: {_materials(only)}."


def _rights(rights: Sequence[RightChange]) -> Iterator[str]:
    for words, chosen in (
        ("Awarded anew", [x for x in rights if not x.before_tonnes]),
        ("No longer awarded", [x for x in rights if not x.after_tonnes]),
        (
            "Rights of another size",
            [x for x in rights if x.is_resized],
        ),
    ):
        if chosen:
            yield f"{words}: {_listed([_right(x) for x in chosen])}."


def _right(x: RightChange) -> str:
    if x.is_resized:
        size = f"{tonnes(x.before_tonnes)} to {tonnes(x.after_tonnes)}"
    else:
        size = tonnes(x.after_tonnes or x.before_tonnes)
    return f"{x.offer} ({x.participant}, {size})"


def _contracts(contracts: Sequence[ContractChange]) -> Iterator[str]:
    for words, chosen in (
        ("Signed anew", [x for x in contracts if not x.before_tonnes_per_year]),
        ("No longer signed", [x for x in contracts if not x.after_tonnes_per_year]),
    ):
        if chosen:
            yield f"{words}: {_listed([x.contract for x in chosen])}."


def _money(found: PlanComparison) -> Iterator[str]:
    drawn = found.figure("budget_used_usd")
    if drawn.change is not None and more(drawn.change, money) != money(0.0):
        yield (
            f"At most {money(drawn.after)} is drawn instead of {money(drawn.before)}."
        )


def _promise(found: PlanComparison) -> Iterator[str]:
    if not found.is_of_one_horizon:
        yield (
            f"The plans are for other periods ({_periods(found)}), so totals over the "
            "horizon do not compare."
        )
        return
    promised, net = (
        found.figure("expected_shortage_cost_usd"),
        found.figure("net_benefit_usd"),
    )
    gained = ""
    if net.before is not None and net.after is not None:
        gained = f", the net benefit {money(net.after)} instead of {money(net.before)}"
    yield (
        f"The promised shortage cost is {money(promised.after)} instead of "
        f"{money(promised.before)}{gained}."
    )
    yield from _fresh(found.before, found.after)
    low, high = found.best_objective_change_usd
    if found.is_within_gaps:
        yield (
            "The objectives differ by less than the gaps of both plans, so levels and "
            "rules can differ though neither plan is better."
        )
    elif low > 0:
        yield f"The best objective has risen by {money(low)} to {money(high)}."
    else:
        yield f"The best objective has fallen by {money(-high)} to {money(-low)}."


def _fresh(before: ComparedPlan, after: ComparedPlan) -> Iterator[str]:
    """Yield the costs on fresh scenarios, and whether the sample can explain both."""
    was, now = before.fresh_interval_usd, after.fresh_interval_usd
    if was is None or now is None:
        return
    costs = (
        f"{money(x.fresh_cost_usd)} ({interval(x.fresh_interval_usd)})"
        for x in (after, before)
    )
    is_sample = max(was[0], now[0]) <= min(was[1], now[1])
    doubt = ": the choice of scenarios alone can explain that" if is_sample else ""
    yield f"On fresh scenarios it is {' instead of '.join(costs)}{doubt}."


def _periods(found: PlanComparison) -> str:
    return ", ".join(
        f"{x.number_of_periods} from {x.start}" if x.start else f"{x.number_of_periods}"
        for x in (found.before, found.after)
    )


def _why(found: PlanComparison) -> Iterator[str]:
    if not found.has_facts:
        return
    if found.periods_later:
        yield (
            f"The second case is {counted(found.periods_later, 'period')} later; facts "
            "are compared with the first one as it stands then, nothing bought or "
            "drawn since."
        )
    if not found.topics:
        yield "The cases do not differ in any fact that a plan depends on."
        return
    listed = _listed([f"{x.topic.value} ({_number(x)})" for x in found.topics], 10)
    yield f"The cases differ in {listed}."
    for x in found.topics:
        bare = x.cost_without_vault_effect_usd
        if bare is not None and x.shortage_cost_effect_usd is None:
            yield (
                f"Of these, {x.topic.value} alone moves the shortage cost without "
                f"vault by {more(bare, money)}."
            )
    known = [
        (usd, x.topic.value)
        for x in found.topics
        if (usd := x.shortage_cost_effect_usd) is not None
    ]
    if known:
        usd, name = max(known, key=lambda x: abs(x[0]))
        if more(usd, money) != money(0.0):
            yield (
                f"Of these, {name} alone move the shortage cost of the plan before "
                f"most, by {more(usd, money)}."
            )


def _number(x: TopicChange) -> str:
    """Return how many facts of a topic differ, of a position also which."""
    groups = facts_by_part(x)
    number = f"{len(x.facts):,}"
    if len(groups) < 2:  # noqa: PLR2004 - there is something to tell apart
        return number
    return f"{number}: {', '.join(f'{name} {len(y):,}' for name, y in groups.items())}"


def facts_by_part(x: TopicChange) -> Mapping[str, Sequence[FactChange]]:
    """Return the facts of a position by its parts, stock first; of others all as one.

    A part is called as its field: rights, debt, alerts.
    """
    if x.topic != Topic.POSITION:
        return {x.topic.value: x.facts}
    found: dict[str, list[FactChange]] = {
        name: [] for name in OpeningPosition.model_fields
    }
    for fact in x.facts:
        part = fact.path.partition(".")[2]
        name = re.split(r"[.\[]", part, maxsplit=1)[0]
        found.setdefault(name, []).append(fact)
    return {name: y for name, y in found.items() if y}


def _kept(x: KeptPlan) -> str:
    dearer = f"{money(abs(x.dearer_usd))} {'more' if x.dearer_usd >= 0 else 'less'}"
    if x.broken_limits:
        limits = "a limit" if len(x.broken_limits) == 1 else "limits"
        return (
            f"The plan before cannot be kept: it breaks {limits} of the new case "
            f"({x.broken_limits[0]}). It would cost {dearer}."
        )
    within = (
        f"within its gap of {money(x.gap_usd)}: the plan before is still good enough"
        if x.is_within_gap
        else f"above its gap of {money(x.gap_usd)}: the new plan is better"
    )
    fresh = x.fresh
    return (
        f"Keeping the plan before costs {dearer} than the new plan on the planning "
        f"scenarios, {within}. On {x.number_of_scenarios:,} fresh scenarios the "
        f"shortage cost differs by {more(fresh.difference_usd, money)} "
        f"({interval(fresh.confidence_interval_usd)})."
    )


def _materials(number: int) -> str:
    return counted(number, "material")


def counted(number: int, noun: str) -> str:
    """Return a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(names: Sequence[str], most: int = MOST_NAMED) -> str:
    left = len(names) - most
    shown = ", ".join(names[:most])
    return f"{shown} and {left:,} more" if left > 0 else shown


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
