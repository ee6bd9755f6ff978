"""What-if batches: the list, and one with its variants side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, Query, Response
from starlette.responses import Response as Answer

from models.batch import DEFAULT_MEASURES, BatchResult, VariantRow
from models.figures import Measure, PlanFigures
from models.tables import JobState
from service.analyses.registry import ANALYSES
from service.api.analyses import order_of, ordered_analysis
from service.api.batch_resource import VariantResource
from service.api.batches import (
    After,
    Change,
    cancel_a_batch,
    found_batch,
    list_batches,
    list_variants,
    pause_batch,
    resume_batch,
    retry_batch,
)
from service.api.context import ServiceContext
from service.api.cursors import Listed, OfCase
from service.api.identity import RequestingAuthor
from service.console.downloads import downloads
from service.console.forms import AS_IT_COMES, Fields
from service.console.pictures import PictureOnPage, words_of
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import IllegalTransitionError
from service.pictures.batch import batch_picture, measure_name
from service.store.cases import CaseRepository

NUMBER_SHOWN = 50  # variants on a page, and those without a plan
MOST_CHOICES = 500  # of variants in a list to choose from
MOST_VARIANTS_DRAWN = 200
# Those that have an unknown figure in all variants are left out.
MEASURES_SHOWN = (
    Measure.EXPECTED_SHORTAGE_COST,
    Measure.NET_BENEFIT,
    Measure.COST_OF_HOLDING,
    Measure.DRAWN,
    Measure.MATERIALS_HELD,
    Measure.LEAST_DAYS_OF_COVER,
)

router = page_router()


class Shown(NamedTuple):
    """Which variants a page shows, and what it draws. Forms send "" for any state."""

    state: JobState | Literal[""]
    after: int
    measure: Measure


async def shown_part(
    state: JobState | Literal[""] = "",
    after: After = -1,
    measure: Annotated[Measure, Query()] = Measure.EXPECTED_SHORTAGE_COST,
) -> Shown:
    """Return what the address of a batch asks for."""
    return Shown(state, after, measure)


@dataclass(frozen=True, slots=True)
class MeasureCell:
    """A figure of a variant beside that of the unchanged case.

    sign: 1 if it is better than that, -1 if worse, 0 if the same or not known.
    """

    measure: Measure
    value: float | None
    sign: int


@router.get(PAGES["show_batches"].path)
def show_batches(
    view: OpenView,
    context: ServiceContext,
    response: Response,
    listed: Listed,
    case: OfCase = None,
) -> Answer:
    """Return the batches, in pages."""
    page = list_batches(response, context, listed, case)
    with context.database.reading() as session:
        names = CaseRepository(session).names({x.case for x in page.items})
    return view.page(batches=page.items, following=page.next, case_names=names)


@router.get(PAGES["show_batch"].path)
def show_batch(
    batch_id: str,
    view: OpenView,
    context: ServiceContext,
    response: Response,
    shown: Annotated[Shown, Depends(shown_part)],
) -> Answer:
    """Return a batch as far as it is: variants, pictures, the Pareto set, failures."""
    _, batch, result = found_batch(context, batch_id, DEFAULT_MEASURES, NUMBER_SHOWN)
    state = shown.state or None
    part = list_variants(batch_id, response, context, state, NUMBER_SHOWN, shown.after)
    with context.database.reading() as session:
        names = CaseRepository(session).names({batch.case})
    base = next((x.figures for x in result.rows if x.number == 0), None)
    measures = [x for x in MEASURES_SHOWN if _is_known(x, result)]
    return view.page(
        batch=batch,
        downloads=downloads(batch.href, "batch", result),
        case_name=names.get(batch.case, batch.case),
        variants=[(x, _cells(x, base, measures)) for x in part.items],
        following=_following(batch_id, shown, part.items) if part.next else None,
        by_number={x.number: x for x in result.rows},
        choices=[x for x in result.rows if x.plan is not None][:MOST_CHOICES],
        without_plan=_without_plan(result),
        measures={x: measure_name(x, words_of(view.language)) for x in Measure},
        measures_shown=measures,
        shown=shown,
        picture=_picture(view, result, shown.measure),
        states=list(JobState),
    )


@router.post(FORMS["pause_variants"].path)
def pause_variants(
    batch_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Let the queued jobs of a batch wait, and lead back to it."""
    pause_batch(batch_id, Change(context, author, None))
    return _back_to(batch_id)


@router.post(FORMS["resume_variants"].path)
def resume_variants(
    batch_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Let the jobs of a batch be started again, and lead back to it."""
    resume_batch(batch_id, Change(context, author, None))
    return _back_to(batch_id)


@router.post(FORMS["cancel_variants"].path)
def cancel_variants(
    batch_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Cancel the jobs of a batch that have not ended, and lead back to it."""
    cancel_a_batch(batch_id, Change(context, author, None))
    return _back_to(batch_id)


@router.post(FORMS["retry_variants"].path)
def retry_variants(
    batch_id: str,
    context: ServiceContext,
    author: RequestingAuthor,
    response: Response,
) -> Answer:
    """Order the variants again that failed or were cancelled, and lead back."""
    retry_batch(batch_id, Change(context, author, None), response)
    return _back_to(batch_id)


@router.post(FORMS["compare_variants"].path)
def compare_variants(
    batch_id: str, context: ServiceContext, author: RequestingAuthor, fields: Fields
) -> Answer:
    """Order the comparison of the plans of two variants, and lead to its job.

    Raises IllegalTransitionError.
    """
    rows = found_batch(context, batch_id, DEFAULT_MEASURES, NUMBER_SHOWN).result.rows
    plans = {str(x.number): x.plan for x in rows}
    before, after = (plans.get(fields.get(x, "")) for x in ("before", "after"))
    if before is None or after is None:
        detail = "Both variants need a plan first."
        raise IllegalTransitionError(detail)
    order = order_of(ANALYSES["compare-plans"], after, {"against": before}, AS_IT_COMES)
    job = ordered_analysis(context, author, order)
    return redirect(f"/console/jobs/{job.id}")


def _back_to(batch_id: str) -> Answer:
    return redirect(f"/console/batches/{batch_id}")


def _is_known(measure: Measure, result: BatchResult) -> bool:
    found = [x.figures for x in result.rows if x.figures is not None]
    return not found or any(measure.of(x) is not None for x in found)


def _cells(
    row: VariantRow, base: PlanFigures | None, measures: Sequence[Measure]
) -> Sequence[MeasureCell]:
    return [_cell(x, row, base) for x in measures]


def _cell(measure: Measure, row: VariantRow, base: PlanFigures | None) -> MeasureCell:
    value = None if row.figures is None else measure.of(row.figures)
    if value is None or base is None or row.figures is None or not row.number:
        return MeasureCell(measure, value, 0)
    own, unchanged = measure.badness(row.figures), measure.badness(base)
    return MeasureCell(measure, value, (own < unchanged) - (own > unchanged))


def _following(batch_id: str, shown: Shown, variants: Sequence[VariantResource]) -> str:
    """Return the path of the page with the next variants."""
    chosen = {**shown._asdict(), "after": variants[-1].number}
    return f"/console/batches/{batch_id}?{urlencode(chosen)}"


def _without_plan(result: BatchResult) -> Sequence[VariantRow]:
    """Return the first variants that failed or cannot have a plan."""
    found = {*result.comparison.failures, *result.comparison.infeasible}
    return [x for x in result.rows if x.number in found][:NUMBER_SHOWN]


def _picture(view: View, result: BatchResult, measure: Measure) -> PictureOnPage | None:
    """Return small multiples of a grid, unless nobody could read them."""
    is_solved = any(x.figures is not None for x in result.rows)
    if not result.axes or not is_solved or len(result.rows) > MOST_VARIANTS_DRAWN:
        return None
    return view.drawn(lambda look: batch_picture(result, measure, look))
