"""Pages of the documentation: those that README leads to, as HTML.

They are read where a checkout has them; a wheel has those of no package in a folder of
this one (`force-include` in pyproject.toml).
"""

import posixpath
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup

from service.api.paths import served
from service.console.page import translatable
from service.console.registry import PAGES


class HelpPage(StrEnum):
    """A page, by its name in the address."""

    README = "readme"
    CONSOLE = "console"
    COMMANDS = "commands"
    INTERFACE = "interface"
    STORE = "store"
    OPTIMIZER = "optimizer"
    FORMULATION = "formulation"
    SERVICE = "service"
    MONTH_9 = "month-9"
    CASES = "cases"
    DATA = "data"
    DEPLOYMENT = "deployment"
    ENVIRONMENT = "environment"
    RUNBOOK = "runbook"
    CLIENT = "client"
    TESTS = "tests"
    CHANGES = "changes"


# What each answers, and the file of it.
QUESTIONS: Mapping[HelpPage, tuple[str, str]] = {
    HelpPage.README: (
        translatable("What is this, and where do I begin?"),
        "README.md",
    ),
    HelpPage.CONSOLE: (
        translatable("What do the pages of the console show?"),
        "service/console/README.md",
    ),
    HelpPage.COMMANDS: (
        translatable("Which commands are there, and what is in a case?"),
        "service/cli/README.md",
    ),
    HelpPage.INTERFACE: (
        translatable("How are plans, rounds and reserves kept over HTTP?"),
        "service/api/README.md",
    ),
    HelpPage.STORE: (
        translatable("How is the store backed up and cleaned up?"),
        "service/store/README.md",
    ),
    HelpPage.OPTIMIZER: (
        translatable("How does the optimizer work, and what does it assume?"),
        "optimizer/README.md",
    ),
    HelpPage.FORMULATION: (
        translatable("What is the model, in symbols?"),
        "optimizer/FORMULATION.md",
    ),
    HelpPage.SERVICE: (
        translatable("How do jobs and workers work?"),
        "service/README.md",
    ),
    HelpPage.MONTH_9: (
        translatable("How is a reserve that exists planned again?"),
        "service/cases/vault_in_month_9/README.md",
    ),
    HelpPage.CASES: (
        translatable("Which cases are there to begin with?"),
        "service/cases/README.md",
    ),
    HelpPage.DATA: (
        translatable("Where do the figures of the cases come from?"),
        "service/cases/data/README.md",
    ),
    HelpPage.DEPLOYMENT: (
        translatable("How is a server deployed, and who may do what?"),
        "deploy/README.md",
    ),
    HelpPage.ENVIRONMENT: (
        translatable("Which settings are there?"),
        "deploy/ENVIRONMENT.md",
    ),
    HelpPage.RUNBOOK: (
        translatable("What do I do when something fails?"),
        "deploy/RUNBOOK.md",
    ),
    HelpPage.CLIENT: (
        translatable("How do I use it from a Python program?"),
        "service/client/README.md",
    ),
    HelpPage.TESTS: (
        translatable("How is it tested and measured?"),
        "tests/README.md",
    ),
    HelpPage.CHANGES: (translatable("What has changed?"), "CHANGELOG.md"),
}
INSTALLED = "documentation"
_BY_FILE = {file: page for page, (_, file) in QUESTIONS.items()}


@cache
def written(page: HelpPage) -> Markup:
    """Return a page as HTML, without its first heading."""
    parser, tokens = _parser(), parsed(page)
    _, file = QUESTIONS[page]
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                _lead(child, file)
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - ours, and escaped


@cache
def section(page: HelpPage, anchor: str) -> Markup:
    """Return a part of a page as HTML: what is below the heading of that name.

    Raises ValueError if there is no such heading.
    """
    text = str(written(page))
    heading = re.search(rf'<h2 id="{re.escape(anchor)}">.*?</h2>\n', text)
    if heading is None:
        msg = f"{anchor}: expected a heading of {page}"
        raise ValueError(msg)
    return Markup(text[heading.end() :].partition("<h2")[0])  # noqa: S704 - ours, and escaped


def parsed(page: HelpPage) -> list[Token]:
    """Return the parts of a page after its first heading; headings have an `id`."""
    # A heading is three tokens: where it begins, its text, and where it ends.
    tokens = _parser().parse(_text(page))[3:]
    _name_headings(tokens)
    return tokens


def _text(page: HelpPage) -> str:
    _, file = QUESTIONS[page]
    installed = files("service.console").joinpath(INSTALLED, file.replace("/", "-"))
    if not installed.is_file():
        installed = files("service").joinpath("..", *file.split("/"))
    return installed.read_text(encoding="utf-8")


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule(
        "table_open", lambda *_: '<div class="scroll" tabindex="0"><table>'
    )
    made.add_render_rule("table_close", lambda *_: "</table></div>")
    made.add_render_rule("fence", _program)
    made.add_render_rule("image", _in_words)
    return made


def _program(_: object, tokens: Sequence[Token], place: int, *__: object) -> str:
    """Return a block of a program, which the keyboard can scroll."""
    return f'<pre tabindex="0"><code>{escapeHtml(tokens[place].content)}</code></pre>'


def _in_words(_: object, tokens: Sequence[Token], place: int, *__: object) -> str:
    """Return what a picture shows: it is not among the files of pages."""
    return f"<em>{escapeHtml(tokens[place].content)}</em>"


def _name_headings(tokens: Sequence[Token]) -> None:
    """Give headings the names that links to them have."""
    for token, text in pairwise(tokens):
        if token.type == "heading_open":
            plain = re.sub(r"[^\w\- ]", "", text.content.lower())
            token.attrSet("id", plain.replace(" ", "-"))


def _lead(link: Token, file: str) -> None:
    """Lead a link to a page of help; one to a file that is not there leads nowhere."""
    parts = urlsplit(str(link.attrs["href"]))
    if parts.scheme or not parts.path:
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), parts.path))
    page = _BY_FILE.get(target)
    if page is None:
        del link.attrs["href"]
        return
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    link.attrs["href"] = served(f"{PAGES['show_help'].path}?page={page}{fragment}")
