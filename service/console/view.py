"""A request for a page: who makes it, in which language, and what it is answered with.

`admit` runs before every function of a page or form, as `authorise` does in the
interface; `View` is what these functions get, and make their answers with.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse, Response

from service.api.context import StoreContext
from service.api.entity_tags import PASSING, is_known, not_modified, version_of
from service.api.identity import admit_reader, reader_if_any, session_token
from service.api.paths import requested, served
from service.api.queries import check_query
from service.console.languages import Language, language_of
from service.console.page import ConsoleForm, ConsolePage, check_entry, may
from service.console.pictures import PictureOnPage, drawn
from service.console.registry import FORMS, PAGES
from service.console.rendering import rendered, texts_version
from service.errors import (
    CrossSiteRequestError,
    ForbiddenError,
    TableNotFoundError,
)
from service.identity.reader import SINGLE_USER, Reader
from service.pictures.figure import Figure, Look

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    # `no-referrer` would take the Origin off forms, by which they are known.
    "Referrer-Policy": "same-origin",
    "Cache-Control": PASSING,
    "Vary": "Cookie, Accept-Language",
}


@dataclass(frozen=True, slots=True)
class View:
    """What a page is made with. reader: None if nobody is signed in.

    figures: of which picture of the page, from 1, the figures are asked for instead.
    """

    request: Request
    reader: Reader | None
    language: Language
    figures: int | None = None
    pictures: list[PictureOnPage] = field(default_factory=list[PictureOnPage])

    @property
    def is_signed_in(self) -> bool:
        """Whether there is an account that can sign out."""
        return self.reader is not None and self.reader is not SINGLE_USER

    @property
    def navigation(self) -> Sequence[ConsolePage]:
        """The pages that navigation leads to."""
        found = [x for x in PAGES.values() if x.is_in_navigation]
        return [x for x in found if self.may(*x.operations)]

    @property
    def address(self) -> str:
        """The path and query of the page, or of that of a form; below the root path."""
        if self.request.method != "GET":
            came_from = _parts(self.request.headers.get("referer", ""))
            path, query = came_from.path.removeprefix(served("")), came_from.query
        else:
            path, query = requested(self.request.scope), self.request.url.query
        return own_path(f"{path}?{query}" if query else path)

    def may(self, *operations: str) -> bool:
        """Whether the account may call all of these operations of the interface."""
        return self.reader is not None and may(self.reader, *operations)

    def drawn(self, draw: Callable[[Look], Figure]) -> PictureOnPage:
        """Return a picture in the language of the page; draw: of service.pictures."""
        number = len(self.pictures) + 1
        csv = self.request.url.include_query_params(figures=number).query
        picture = drawn(self.language, draw, f"?{csv}")
        self.pictures.append(picture)
        return picture

    def tag_of(self, *parts: BaseModel) -> str:
        """Return the tag of a page that is the same as long as its parts are.

        It is another one for another reader, language, address or release.
        """
        release = version("strongroom"), texts_version()
        said = self.reader, self.language, self.address, release, version_of(*parts)
        return _tag(repr(said))

    def unchanged(self, tag: str) -> Response | None:
        """Return 304 if the browser has the page with that tag already."""
        is_page = self.request.method == "GET" and self.figures is None
        if not is_page or not is_known(tag, self.request.headers.get("if-none-match")):
            return None
        return not_modified({**HEADERS, "ETag": tag})

    def page(self, tag: str = "", **content: object) -> Response:
        """Return the page of the function, or 304 if the browser has it already.

        Without a tag it has that of its text. If figures of a picture are asked for,
        return these as CSV. Raises TableNotFoundError if the page has no such picture.
        """
        entry = PAGES[self.request.scope["route"].name]
        if self.figures is not None:
            subject = next(iter(self.request.path_params.values()), entry.name)
            return _csv(subject, self.pictures, self.figures)
        answer = self.answer(entry.template, entry, status=200, **content)
        if tag:
            answer.headers["ETag"] = tag
        return answer

    def answer(
        self, template: str, page: ConsolePage | None, *, status: int, **content: object
    ) -> Response:
        """Return what a template makes of the content; page: where the reader is."""
        text = rendered(self.language, template, view=self, page=page, **content)
        tag = _tag(text)
        headers = {**HEADERS, "ETag": tag}
        is_read = self.request.method == "GET" and status == 200  # noqa: PLR2004
        if is_read and is_known(tag, self.request.headers.get("if-none-match")):
            return not_modified(headers)
        return HTMLResponse(text, status, headers)


def _tag(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()}"'


def _csv(subject: str, pictures: Sequence[PictureOnPage], number: int) -> Response:
    """Return the figures of a picture; subject: what the page is about."""
    # Slow to load, and seldom needed.
    from service.tabular.table_files import as_csv  # noqa: PLC0415

    if not 1 <= number <= len(pictures):
        known = [str(x) for x in range(1, len(pictures) + 1)]
        raise TableNotFoundError(str(number), known)
    table = pictures[number - 1].table
    saved = f'attachment; filename="{subject[:12]}-{table.name}.csv"'
    headers = {**HEADERS, "Content-Disposition": saved}
    return Response(as_csv(table), 200, headers, "text/csv; charset=utf-8")


def redirect(path: str) -> Response:
    """Return the answer to a form that leads to a page."""
    return RedirectResponse(served(path), 303, HEADERS)


def own_path(given: str) -> str:
    """Return a path of this server that a browser named, or else the start page."""
    # Browsers read \ as /, and drop tabs and line ends.
    is_own = given.startswith("/") and not given.startswith(("//", "/\\"))
    return given if is_own and given.isprintable() else "/"


def admit(request: Request, context: StoreContext) -> None:
    """Note who asks for a page or sends a form; raise if that account may not.

    Raises what `authorise` does, and CrossSiteRequestError.
    """
    name = request.scope["route"].name
    request.state.reader = None
    is_form = request.method not in {"GET", "HEAD"}
    if is_form:
        check_origin(request)
    entry: ConsolePage | ConsoleForm | None = (FORMS if is_form else PAGES).get(name)
    if entry is None:
        detail = f"Nobody may open {name}: it is not in the registry."
        raise ForbiddenError(detail)
    if not entry.operations:
        request.state.reader = reader_if_any(request, context)
        return
    reader = admit_reader(request, context, token=session_token(request))
    check_entry(reader, entry)


def check_origin(request: Request) -> None:
    """Raise CrossSiteRequestError unless a form is of a page of this server."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise CrossSiteRequestError
        return
    origin = _parts(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc != request.headers.get("host"):
        raise CrossSiteRequestError


def _parts(url: str) -> SplitResult:
    """Return the parts of a URL that a request came with; none if it is not one."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def view_of(request: Request, figures: int | None = None) -> View:
    """Return what a page is made with, also before it is known who asks for it."""
    reader: Reader | None = getattr(request.state, "reader", None)
    return View(request, reader, language_of(request), figures)


async def requested_view(request: Request, figures: int | None = None) -> View:
    """Return the same for the functions of pages."""
    return view_of(request, figures)


OpenView = Annotated[View, Depends(requested_view)]


def page_router() -> APIRouter:
    """Return a router for functions of pages and forms, which `admit` comes before."""
    return APIRouter(
        dependencies=[Depends(admit), Depends(check_query)], include_in_schema=False
    )
