"""What the rights of a round are worth to the planner's company, by quantity."""

from collections.abc import Mapping

from fastapi import Response
from starlette.responses import Response as Answer

from service.analyses.parameters import DEFAULT_NUMBER_OF_SCENARIOS, FreshScenarios
from service.analyses.reports import own_section
from service.api.context import Context, OrganisationContext
from service.api.identity import OwnParticipant, RequestingAuthor
from service.api.own_rounds import get_own_round
from service.api.own_valuation import ordered_valuation, value_own_rights
from service.console.forms import Fields, number_in
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError, ValuationFailedError
from service.jobs.states import is_finished
from service.rounds.states import RoundState

NUMBER = "number_of_scenarios"

router = page_router()


@router.get(PAGES["show_own_valuation"].path)
def show_own_valuation(
    round_id: str,
    view: OpenView,
    context: OrganisationContext,
    participant: OwnParticipant,
    number_of_scenarios: FreshScenarios = DEFAULT_NUMBER_OF_SCENARIOS,
) -> Answer:
    """Return the worth of each right on so many scenarios, if that was ordered."""
    return _page(round_id, view, context, participant, number_of_scenarios)


@router.post(FORMS["value_rights"].path)
def value_rights(
    round_id: str,
    view: OpenView,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
    fields: Fields,
) -> Answer:
    """Order a valuation, and lead to its page."""
    order = {NUMBER: number_in(fields[NUMBER])} if fields.get(NUMBER) else {}
    try:
        value_own_rights(round_id, order, Response(), context, author, participant)
    except MalformedOrderError as error:
        wrong = "; ".join(x.expected for x in error.mistakes)
        return _page(round_id, view, context, participant, None, fields, wrong)
    except ValuationFailedError:
        pass  # The page says so.
    number = order.get(NUMBER, DEFAULT_NUMBER_OF_SCENARIOS)
    path = FORMS["value_rights"].path.format(round_id=round_id)
    return redirect(f"{path}?{NUMBER}={number}")


def _page(  # noqa: PLR0913, PLR0917 - what is shown, and what was refused
    round_id: str,
    view: View,
    context: Context,
    participant: str,
    number: int | None,
    given: Mapping[str, str] | None = None,
    wrong: str = "",
) -> Answer:
    found = get_own_round(round_id, context, participant)
    valuation = None
    if number is not None:
        with context.database.reading() as session:
            valuation = ordered_valuation(session, found.id, participant, number)
    menus = None if valuation is None else valuation.valuation
    entry = PAGES["show_own_valuation"]
    return view.answer(
        entry.template,
        entry,
        status=422 if wrong else 200,
        round=found,
        is_open=found.state is RoundState.OPEN,
        valuation=valuation,
        section=None if menus is None else own_section(menus),
        is_over=valuation is None or is_finished(valuation.state),
        number=number if given is None else given.get(NUMBER, ""),
        wrong=wrong,
    )
