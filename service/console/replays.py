"""A replay period by period, on the page of its answer: stock drains, lines stop.

The address says which replay and period; without one it is the first with a gap.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, NamedTuple

from fastapi import Query
from fastapi.exceptions import RequestValidationError

from models.historic_rehearsal import HistoricRehearsal, RehearsedReplay
from models.history import History, LineCourse, ReplayRun
from models.record import Record
from service.api.cursors import FilterText
from service.console.pictures import PictureOnPage
from service.console.view import View
from service.pictures.history import history_picture
from service.pictures.replay import replay_picture


class ChosenPeriod(NamedTuple):
    """Which replay and which period of it, from 1, an address asks for."""

    replay: str
    period: int | None


async def chosen_period(
    replay: FilterText = "", period: Annotated[int | None, Query(ge=1)] = None
) -> ChosenPeriod:
    """Return what the address of an answer asks for."""
    return ChosenPeriod(replay, period)


@dataclass(frozen=True, slots=True)
class StockRow:
    """A material in the period; most: its largest stock in any period.

    All in tonnes. on_hand_again, covered_again: if the plan is made again on the way.
    """

    name: str
    most: float
    on_hand: float
    gap: float
    covered: float
    on_hand_again: float | None = None
    covered_again: float | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in the period: the share of its output that is lost, and if it stops."""

    participant: str
    name: str
    lost: float
    is_stopped: bool
    lost_without: float
    is_stopped_without: bool


@dataclass(frozen=True, slots=True)
class ReplayOnPage:
    """A replay in one of its periods.

    names: of all replays of the answer, by identifier; costs_usd: of shortages up to
    the end of the period, without vault, as printed and planned again, if they are
    known.
    """

    names: Mapping[str, str]
    replay: str
    starts: Sequence[dt.date]
    period: int
    picture: PictureOnPage
    stocks: Sequence[StockRow]
    lines: Sequence[LineRow] = ()
    costs_usd: Sequence[float] = ()

    @property
    def start(self) -> dt.date:
        """The first day of the period."""
        return self.starts[self.period - 1]


def replay_on_page(
    found: Record | None, names: Mapping[str, str], chosen: ChosenPeriod, view: View
) -> ReplayOnPage | None:
    """Return the replay and period that are asked for; None if an answer has none.

    names: of materials, by identifier. Raises RequestValidationError for a replay or a
    period that is not there.
    """
    if not isinstance(found, History | HistoricRehearsal) or not found.replays:
        if chosen != ChosenPeriod("", None):
            raise _unknown(chosen.replay, "replay", "no replay in this answer")
        return None
    titles = {x.replay: x.name for x in found.replays}
    name = chosen.replay or found.replays[0].replay
    if name not in titles:
        raise _unknown(name, "replay", f"one of {', '.join(titles)}")
    if isinstance(found, History):
        run = next(x for x in found.replays if x.replay == name)
        return _followed(run, found.period_starts, titles, chosen, view)
    replay = next(x for x in found.replays if x.replay == name)
    return _rehearsed(replay, names, titles, chosen, view)


def _followed(
    run: ReplayRun,
    starts: Sequence[dt.date],
    titles: Mapping[str, str],
    chosen: ChosenPeriod,
    view: View,
) -> ReplayOnPage | None:
    courses = [(x.name, x.course) for x in run.materials if x.course is not None]
    if not starts or not courses:
        return None
    short = [t for t in range(len(starts)) if any(x.gap_tonnes[t] for _, x in courses)]
    t = _period(chosen, starts, short)
    return ReplayOnPage(
        titles,
        run.replay,
        starts,
        t + 1,
        view.drawn(lambda look: history_picture(run, starts, t, look)),
        [
            StockRow(
                name,
                max(x.on_hand_tonnes),
                x.on_hand_tonnes[t],
                x.gap_tonnes[t],
                x.covered_tonnes[t],
            )
            for name, x in courses
        ],
        _lines(run, t),
    )


def _lines(run: ReplayRun, t: int) -> Sequence[LineRow]:
    touched = [(x, x.course_with_vault, x.course_without_vault) for x in run.products]
    return [
        LineRow(x.participant_name, x.name, *_at(made, t), *_at(without, t))
        for x, made, without in touched
        if made is not None and without is not None
    ]


def _at(course: LineCourse, t: int) -> tuple[float, bool]:
    return course.lost_output[t], course.is_stopped[t]


def _rehearsed(
    replay: RehearsedReplay,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    chosen: ChosenPeriod,
    view: View,
) -> ReplayOnPage:
    starts = [x.start for x in replay.periods]
    gaps = [[x.gap_tonnes for x in period.materials] for period in replay.periods]
    gaps = [[x.gap_tonnes for x in period.materials] for period in replay.periods]
    short = [t for t, of in enumerate(gaps) if any(of)]
    t = _period(chosen, starts, short)
    period = replay.periods[t]
    most = [
        max(y.printed.on_hand_tonnes for y in of)
        for of in zip(*(x.materials for x in replay.periods), strict=True)
    ]
    return ReplayOnPage(
        titles,
        replay.replay,
        starts,
        t + 1,
        view.drawn(partial(replay_picture, replay, names, t)),
        [
            StockRow(
                names.get(x.material, x.material),
                most[m],
                x.printed.on_hand_tonnes,
                x.gap_tonnes,
                x.printed.covered_tonnes,
                x.planned_again.on_hand_tonnes,
                x.planned_again.covered_tonnes,
            )
            for m, x in enumerate(period.materials)
        ],
        costs_usd=(
            period.without_vault_usd,
            period.printed_usd,
            period.planned_again_usd,
        ),
    )


def _period(
    chosen: ChosenPeriod, starts: Sequence[dt.date], short: Sequence[int]
) -> int:
    """Return the position of the period asked for, or of the first with a gap."""
    if chosen.period is None:
        return next(iter(short), 0)
    if chosen.period > len(starts):
        raise _unknown(chosen.period, "period", f"1 to {len(starts)}")
    return chosen.period - 1


def _unknown(given: object, name: str, expected: str) -> RequestValidationError:
    wrong = {"loc": ("query", name), "input": given, "msg": expected}
    return RequestValidationError([wrong])
