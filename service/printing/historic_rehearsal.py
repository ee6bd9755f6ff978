"""Historic rehearsals as tables: what happened, what it cost, months, new plans."""

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial

from rich.table import Table

from models.historic_rehearsal import (
    HistoricDisruption,
    HistoricRehearsal,
    MaterialInPeriod,
    PlanOnDate,
    RehearsedPeriod,
    RehearsedReplay,
    SeenDisruption,
    StockInPeriod,
)
from models.instance import Instance
from models.rehearsal import RehearsedCost
from service.printing.quantities import money, percent, ratio, tonnes
from service.printing.table import add_note, table

# How many participants have a column of their own.
LARGEST = 3
ONE_PATH = (
    "One path, which has no probability: no figure has an interval. Costs are "
    "discounted to the start."
)
HINDSIGHT = (
    "A new plan knows its reserve, the prices, and what is in force or announced; the "
    "rest it expects by the law of the case for events of this kind. Gap: how far from "
    "the best its solve may have ended. Promised: its shortage cost from then on. "
    "Came: what it is if the plan is followed to the end."
)


def historic_tables(found: HistoricRehearsal, case: Instance) -> Iterator[Table | None]:
    """Yield the tables of each replay."""
    names = {x.id: x.name for x in case.materials}
    owners = dict(case.index.participant_name)
    for replay in found.replays:
        yield what_happened(replay, case, names)
        yield costs(replay, found)
        yield months(replay)
        for material in replay.periods[0].materials if replay.periods else ():
            yield stock(replay, material.material, names)
            yield receivers(replay, material.material, names, owners)
        yield dates(replay, names)


def replay_line(found: RehearsedReplay) -> str:
    """Return what a replay came to, in one line."""
    return (
        f"{found.name}: shortages {money(found.printed.shortage_cost_usd)} as printed, "
        f"{money(found.planned_again.shortage_cost_usd)} planned again; "
        f"{len(found.dates):,} solves in {found.seconds:.1f} s"
    )


def what_happened(
    found: RehearsedReplay, case: Instance, names: Mapping[str, str]
) -> Table:
    """Return the phases of history on the dates of the case, and their sources."""
    happened = table(
        f"{found.name}: what happened",
        *("cut", "from", "phase", "days", "flow left", "price"),
        left=3,
    )
    notes: list[str] = []
    for x in found.disruptions:
        cut = f"{x.history.country}: {', '.join(names[m] for m in x.history.materials)}"
        for i, phase in enumerate(x.history.phases):
            happened.add_row(
                cut if i == 0 else "",
                str(x.onset or "never") if i == 0 else "",
                phase.name,
                f"{phase.law.average_days:,.0f}",
                percent(phase.availability),
                f"x {ratio(phase.price_multiplier)}",
            )
        notes += _notes(x, case)
    add_note(happened, "\n".join(notes))
    return happened


def _notes(x: HistoricDisruption, case: Instance) -> Iterator[str]:
    came = "at once" if x.announced is None else f"after notice from {x.announced} on"
    over = "not over at the end" if x.end is None else f"over on {x.end}"
    events = {event.id: event.name for event in case.events}
    yield f"It came {came}, and is {over}."
    yield f"What is not known yet is expected by the law of: {events[x.event]}."
    for source in dict.fromkeys(x.history.sources.values()):
        yield f"Source: {source}"


def costs(found: RehearsedReplay, rehearsal: HistoricRehearsal) -> Table:
    """Return a row for each way of following the replay."""
    compared = table(
        f"{found.name}: planned again every {rehearsal.replan_every} periods on "
        f"{rehearsal.number_of_scenarios:,} scenarios",
        *("", "shortage cost", "cost of holding", "both"),
    )
    compared.add_row("Without vault", money(found.without_vault_usd), "-", "-")
    for name, cost in (
        ("Plan as printed", found.printed),
        ("Planned again", found.planned_again),
    ):
        compared.add_row(name, *_cells(cost))
    bound = money(found.clairvoyant_usd)
    compared.add_row("Clairvoyant (lower bound)", bound, "-", "-")
    add_note(compared, ONE_PATH)
    return compared


def _cells(cost: RehearsedCost) -> Iterator[str]:
    shortage, holding = cost.shortage_cost_usd, cost.cost_of_holding_usd
    yield from map(money, (shortage, holding, shortage + holding))


def months(found: RehearsedReplay) -> Table:
    """Return the shortage cost so far of each way, period by period."""
    told = table(
        f"{found.name}: shortage cost so far",
        *("from", "without vault", "as printed", "planned again"),
    )
    for x in eventful(found):
        told.add_row(
            str(x.start),
            *map(money, (x.without_vault_usd, x.printed_usd, x.planned_again_usd)),
        )
    return told


def eventful(found: RehearsedReplay) -> tuple[RehearsedPeriod, ...]:
    """Return the periods from the first one in which anything happens to the last."""
    numbers = [
        x.period for x in found.periods if any(_is_touched(m) for m in x.materials)
    ]
    return found.periods[min(numbers) : max(numbers) + 1] if numbers else ()


def _is_touched(x: MaterialInPeriod) -> bool:
    return x.is_announced or x.alert > 0 or x.cut_routes < 1 or x.gap_tonnes > 0


def stock(found: RehearsedReplay, material: str, names: Mapping[str, str]) -> Table:
    """Return a material month by month: what happened, what was in stock, releases."""
    told = table(
        f"{names[material]}, tonnes: plan as printed > planned again",
        *("from", "alert", "routes", "missing", "in stock", "released"),
        *("contracts", "covered"),
    )
    for start, at in _months_of(found, material):
        told.add_row(
            str(start),
            f"announced, {at.alert}" if at.is_announced else str(at.alert),
            percent(at.cut_routes),
            _figure(at.gap_tonnes),
            _both(at, lambda s: _figure(s.on_hand_tonnes)),
            _both(at, lambda s: _figure(s.released_tonnes)),
            _both(at, lambda s: _figure(s.delivered_tonnes)),
            _both(at, partial(_covered, of_tonnes=at.gap_tonnes)),
        )
    add_note(
        told,
        "Routes: what those that are cut have of their normal flow. Missing: after "
        "participants' own buffers. Covered: of what is missing.",
    )
    return told


def receivers(
    found: RehearsedReplay,
    material: str,
    names: Mapping[str, str],
    owners: Mapping[str, str],
) -> Table | None:
    """Return who got how much of a material month by month, the largest by name."""
    total: dict[str, float] = {}
    for _, at in _months_of(found, material):
        for x in (*at.printed.received, *at.planned_again.received):
            total[x.participant] = total.get(x.participant, 0.0) + x.tonnes
    if not total:
        return None
    named = sorted(total, key=lambda x: -total[x])[:LARGEST]
    others = [x for x in total if x not in named]
    headers = [owners[x] for x in named] + ["others"] * bool(others)
    groups = [[x] for x in named] + [others] * bool(others)
    title = f"{names[material]}, tonnes for whom: plan as printed > planned again"
    told = table(title, "from", *headers)
    for start, at in _months_of(found, material):
        if at.printed.received or at.planned_again.received:
            told.add_row(str(start), *(_both(at, partial(_got, by=x)) for x in groups))
    return told


def _months_of(
    found: RehearsedReplay, material: str
) -> Iterator[tuple[dt.date, MaterialInPeriod]]:
    for period in eventful(found):
        for at in period.materials:
            if at.material == material:
                yield period.start, at


def _both(at: MaterialInPeriod, shown: Callable[[StockInPeriod], str]) -> str:
    """Return what is shown of both ways, once if it is the same."""
    printed, again = shown(at.printed), shown(at.planned_again)
    return printed if printed == again else f"{printed} > {again}"


def _covered(stock: StockInPeriod, *, of_tonnes: float) -> str:
    return percent(stock.covered_tonnes / of_tonnes) if of_tonnes > 0 else "-"


def _got(stock: StockInPeriod, *, by: Container[str]) -> str:
    return _figure(sum(x.tonnes for x in stock.received if x.participant in by))


def _figure(quantity: float) -> str:
    """Return tonnes without their unit."""
    return tonnes(quantity).removesuffix(" t")


def dates(found: RehearsedReplay, names: Mapping[str, str]) -> Table | None:
    """Return a row for each new plan: what was known, what it changes, how it went."""
    if not found.dates:
        return None
    told = table(
        f"{found.name}: new plans",
        *("on", "known then", "changes", "gap", "promised", "came"),
        left=3,
    )
    for x in found.dates:
        told.add_row(
            str(x.date),
            "\n".join(map(_seen, x.known)) or "nothing of it",
            _changes(x, names),
            percent(x.gap),
            money(x.promised_usd),
            money(x.came_usd),
        )
    add_note(told, HINDSIGHT)
    return told


def _seen(x: SeenDisruption) -> str:
    if not x.is_in_force:
        return f"announced for {x.since}"
    return f"{x.phase} since {x.since}: {percent(x.availability)} left"


def _changes(x: PlanOnDate, names: Mapping[str, str]) -> str:
    if x.failed_because is not None:
        return f"no new plan: {x.failed_because}"
    moved = [f"{names[m.material]} {_signed(m.tonnes)}" for m in x.changes]
    moved += [f"right {right.offer} {_signed(right.tonnes)}" for right in x.rights]
    return "\n".join(moved) or "none"


def _signed(change: float) -> str:
    return f"{'+' if change > 0 else ''}{tonnes(change)}"
