"""What was observed in a period: entered from a form or a file, and corrected so.

What the ledger has already is in the form, and another observation corrects it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from starlette.responses import Response

from models.impossible_facts import impossible_facts
from models.instance import Instance
from models.mistakes import Mistake
from models.observation_reading import read_observation
from models.plan import Plan
from models.reading import InvalidCaseError, read_stored_instance
from models.tables import EntryKind
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.reserves import get_reserve
from service.console.forms import ChosenFile, Fields, SentFile
from service.console.monthly_orders import work_out
from service.console.observation_form import (
    ObservationForm,
    document_in,
    empty_fields,
    event_rows,
    fields_in,
    form_of,
    told,
    with_empty_rows,
)
from service.console.registry import FORMS, PAGES
from service.console.reserve_opening import enter
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError, PredecessorNotLastError
from service.files.json_values import parse_json
from service.files.yaml_values import parse_yaml
from service.reserves.period import ReservePeriod, period_of
from service.reserves.standing import document_text
from service.store.audit_log import Author
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository
from service.store.reserves import ReserveLedger, ReserveRepository

MORE_ROWS = "more"
HEAD, REASON = "head", "reason"
# Where a mistake in the document of an entry is, as the interface says it.
INSIDE = "document."

router = page_router()


@dataclass(frozen=True, slots=True)
class ObservedPeriod:
    """The period of a form: what the ledger has of it, its case, and the plan."""

    reserve_id: str
    period: ReservePeriod
    case: Instance
    plan: Plan

    @property
    def form(self) -> ObservationForm:
        """The rows of the form."""
        return form_of(self.case, self.plan)


@router.get(PAGES["show_observation"].path)
def show_observation(
    reserve_id: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return the form of what was observed; as it was entered, if it was."""
    observed = _observed(context, reserve_id)
    if observed is None:
        return redirect(f"/console/reserves/{reserve_id}")
    form, before = observed.form, observed.period.observation
    fields = empty_fields(form)
    if before is not None:
        fields = fields_in(form, json.loads(document_text(before.said)))
    return _page(view, context, observed, fields)


@router.post(FORMS["observe"].path)
def observe(
    reserve_id: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
    file: ChosenFile,
) -> Response:
    """Enter what was observed, order what follows from it, and lead to the reserve."""
    observed = _observed(context, reserve_id)
    if observed is None:
        return redirect(f"/console/reserves/{reserve_id}")
    if MORE_ROWS in fields:
        return _page(view, context, observed, fields)
    given = fields
    try:
        if file is None:
            document = document_in(observed.form, fields)
        else:
            document = sent_document(file)
            kept = {x: fields[x] for x in (HEAD, REASON) if x in fields}
            given = fields_in(observed.form, document) | kept
        _enter(context, author, observed, document, given)
    except (InvalidCaseError, MalformedOrderError) as error:
        return _page(view, context, observed, given, error.mistakes)
    except PredecessorNotLastError:
        return _page(view, context, observed, given, has_gone_on=True)
    work_out(context, author, reserve_id)
    return redirect(f"/console/reserves/{reserve_id}")


def _observed(context: Context, reserve_id: str) -> ObservedPeriod | None:
    """Return the period to observe; None unless there is a position and a plan."""
    with context.database.reading() as session:
        ledger = ReserveLedger(session, ReserveRepository(session).get(reserve_id))
        period = period_of(ledger)
        if period.position is None or period.plan is None:
            return None
        case_hash = period.position.said.case_hash or ""
        case = json.loads(CaseRepository(session).text(case_hash))
        plan = PlanRepository(session).text(period.plan.said.plan_hash or "")
    return ObservedPeriod(
        reserve_id,
        period,
        read_stored_instance(case),
        Plan.model_validate_json(plan),
    )


def sent_document(file: SentFile) -> Mapping[str, Any]:
    """Return the document of a file, in JSON or YAML, or raise InvalidCaseError."""
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidCaseError(
            [Mistake(file.name, "other bytes", "text in UTF-8")]
        ) from None
    parse = parse_json if file.name.lower().endswith(".json") else parse_yaml
    document = parse(text, file.name)
    if not isinstance(document, Mapping):
        expected = "facts: start, events, prices_usd_per_tonne ..."
        raise InvalidCaseError([Mistake(file.name, type(document).__name__, expected)])
    return cast("Mapping[str, Any]", document)


def _enter(
    context: Context,
    author: Author,
    observed: ObservedPeriod,
    document: Mapping[str, Any],
    fields: Mapping[str, str],
) -> None:
    """Add the entry, or raise with all mistakes in the document and the reason."""
    before, reason = observed.period.observation, fields.get(REASON, "")
    mistakes: list[Mistake] = []
    if before is not None and not reason:
        mistakes.append(Mistake(REASON, "absent", "why it is corrected"))
    try:
        further = partial(impossible_facts, observed.case, observed.plan)
        read_observation(document, observed.case, further)
    except InvalidCaseError as error:
        mistakes += error.mistakes
    if mistakes:
        raise MalformedOrderError(mistakes)
    place = (context, author, observed.reserve_id, fields.get(HEAD, ""))
    if before is None:
        enter(*place, EntryKind.OBSERVATION, document=document)
        return
    corrects = before.entry.entry_hash
    said = {"corrects": corrects, "reason": reason, "document": document}
    enter(*place, EntryKind.CORRECTION, **said)


def _page(
    view: View,
    context: Context,
    observed: ObservedPeriod,
    fields: Mapping[str, str],
    mistakes: Sequence[Mistake] = (),
    *,
    has_gone_on: bool = False,
) -> Response:
    entry, form = PAGES["show_observation"], observed.form
    shown = with_empty_rows(fields)
    found = [
        Mistake(x.path.removeprefix(INSIDE), x.value, x.expected) for x in mistakes
    ]
    errors, others = told(form, shown, found)
    status = 422 if mistakes else 409 if has_gone_on else 200
    return view.answer(
        entry.template,
        entry,
        status=status,
        reserve=get_reserve(observed.reserve_id, context),
        form=form,
        given=shown,
        rows=event_rows(shown),
        errors=errors,
        mistakes=others,
        used={x.rpartition(".")[0] for x in (*errors, *filter(shown.get, shown))},
        has_gone_on=has_gone_on,
        is_correction=observed.period.observation is not None,
    )
