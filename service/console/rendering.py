"""Templates to pages, in the language of the reader."""

import hashlib
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from models.visible_text import visible
from service.api.paths import served
from service.console.assets import asset_path
from service.console.languages import Language, texts_in
from service.console.pictures import is_number
from service.console.quantities import FILTERS
from service.console.registry import QUESTIONS


def rendered(language: Language, template: str, **content: object) -> str:
    """Return a page: a template filled with its content.

    Characters of names that hide or turn the text around them are escapes in it.
    """
    text = environment(language).get_template(template).render(content)
    # Browsers send line ends so, and read both alike.
    return visible(text.replace("\r\n", "\n"))


@cache
def texts_version() -> str:
    """Return what is another one for other templates, texts, styles or scripts."""
    digest = hashlib.sha256()
    for folder in ("templates", "locale", "static"):
        for file in sorted(
            files("service.console").joinpath(folder).iterdir(), key=str
        ):
            digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def environment(language: Language) -> Environment:
    """Return what renders templates in a language."""
    made = Environment(
        loader=PackageLoader("service.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    texts = texts_in(language)
    # Not of the typed interface: the extension adds it.
    install: Callable[..., None] = getattr(made, "install_gettext_callables")  # noqa: B009
    install(texts.ugettext, texts.ungettext, newstyle=True)
    filters: dict[str, Callable[..., Any]] = {
        name: partial(function, language=language) for name, function in FILTERS.items()
    }
    made.filters |= filters
    shared: dict[str, Any] = {
        "path": served,
        "asset": asset_path,
        "language": language,
        "languages": list(Language),
        "is_number": is_number,
        "question_texts": QUESTIONS,
        # Of models: a text without values, in which % is what it is.
        "verbatim": texts.ugettext,
    }
    made.globals.update(shared)
    # Pages need not import it.
    parts: dict[str, Any] = {"ui": made.get_template("components.html").module}
    made.globals.update(parts)
    return made
