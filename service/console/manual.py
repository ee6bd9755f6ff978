"""Help: pages of the documentation, and a search through them."""

from starlette.responses import Response

from service.console.documentation import QUESTIONS, HelpPage, written
from service.console.documentation_search import found
from service.console.registry import PAGES
from service.console.view import OpenView, page_router

router = page_router()


@router.get(PAGES["show_help"].path)
def show_help(view: OpenView, page: HelpPage | None = None, q: str = "") -> Response:
    """Return a page of the documentation, or what is found, or which there are."""
    return view.page(
        questions={x: question for x, (question, _) in QUESTIONS.items()},
        chosen=page,
        text=None if page is None else written(page),
        query=q.strip(),
        places=found(q),
    )
