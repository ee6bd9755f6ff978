"""A case from a file or a pasted text: what `put_case` does, with all mistakes."""

from fastapi import Response as Answer
from starlette.responses import Response

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.api.cases import case_in, put_listed
from service.api.context import ServiceContext
from service.api.cursors import Listed
from service.api.identity import RequestingAuthor
from service.casefiles import sent_values
from service.console.cases import cases_page
from service.console.forms import ChosenFile, Fields
from service.console.registry import FORMS
from service.console.view import OpenView, page_router, redirect

PASTED = "text"

router = page_router()


@router.post(FORMS["upload_case"].path)
def upload_case(  # noqa: PLR0913, PLR0917 - each is of the request
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
    file: ChosenFile,
    response: Answer,
    listed: Listed,
) -> Response:
    """Store the case, and lead to it; its mistakes are told beside the form."""
    pasted = fields.get(PASTED, "")
    try:
        case = case_in(_values(file, pasted))
        stored, _ = put_listed(context, author, case)
    except InvalidCaseError as error:
        return cases_page(
            view, context, response, listed, pasted=pasted, mistakes=error.mistakes
        )
    return redirect(f"/console/cases/{stored.hash}")


def _values(file: ChosenFile, pasted: str) -> object:
    if file is not None and pasted:
        expected = "a file or a pasted text, not both"
        raise InvalidCaseError([Mistake(file.name, "both", expected)])
    if file is not None:
        return sent_values(file.content, file.name)
    if pasted:
        return sent_values(pasted.encode(), PASTED)
    raise InvalidCaseError([Mistake("case", "absent", "a file or a pasted text")])
