"""A browser that tests drive: Debian's Chromium, without a window.

Each visit has a context of its own, so no cookie passes from one to the next. What a
page must never do is noted while it is open: ask another host, run what its policy
forbids, or raise an error.
"""

import os
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Route,
    expect,
    sync_playwright,
)

from tests.service.waiting import CEILING_S

AXE = "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = 1400, 390
HEIGHT = 900
CEILING_MS = CEILING_S * 1000
# What WCAG 2.2 AA asks for, by the tags of axe.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The rules of axe that look at colours. All others find the same in both schemes.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# What passes is left out in the page: each of its elements would be sent, too.
RUN_AXE = "x => axe.run(x).then(found => found.violations)"

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Appearance:
    """How a page is shown."""

    width: int = WIDE
    scheme: Scheme = "light"
    language: str = "en"

    @property
    def name(self) -> str:
        """A short name, for files and identifiers of tests."""
        return f"{self.width}-{self.scheme}-{self.language}"


SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOOKS = [Appearance(*x) for x in product((WIDE, NARROW), SCHEMES)]


@dataclass(frozen=True)
class Visit:
    """A page that is open in a browser, and the faults that were noted."""

    page: Page
    faults: list[str] = field(default_factory=list[str])

    def look(self, look: Appearance) -> None:
        """Show the page at another width or in the other scheme."""
        self.page.set_viewport_size({"width": look.width, "height": HEIGHT})
        self.page.emulate_media(color_scheme=look.scheme)

    def violations(self, rules: Sequence[str] = RULES) -> list[str]:
        """Return what axe finds against WCAG 2.2 AA: rule, then each element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(files("axe_playwright_python").joinpath(AXE).read_text())
        wanted = {"runOnly": [*rules], "resultTypes": ["violations"]}
        found: Any = self.page.evaluate(RUN_AXE, wanted)
        return [
            f"{x['id']}: {node['target']} {node['html'][:200]}"
            for x in found
            for node in x["nodes"]
        ]


@contextmanager
def opened_browser() -> Generator[Browser]:
    """Yield a browser; raise FileNotFoundError if none is installed."""
    program = os.environ.get("STRONGROOM_TEST_BROWSER") or _installed()
    expect.set_options(timeout=CEILING_MS)
    with _fonts() as fonts, sync_playwright() as driver:
        # Chromium refuses its sandbox to root, whom containers run tests as.
        browser = driver.chromium.launch(
            executable_path=program,
            chromium_sandbox=os.geteuid() != 0,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser, address: str, look: Appearance | None = None
) -> Generator[Visit]:
    """Yield an empty page whose addresses begin there; fail for what it did wrong."""
    look = look or Appearance()
    context = browser.new_context(
        base_url=address,
        viewport={"width": look.width, "height": HEIGHT},
        color_scheme=look.scheme,
        locale=look.language,
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(CEILING_MS)
    visited = Visit(context.new_page())
    faults = visited.faults

    def note(message: ConsoleMessage) -> None:
        # An error status is said there, too, and is what some tests ask for.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def refuse(route: Route) -> None:
        faults.append(f"asks another host: {route.request.url}")
        route.abort()

    visited.page.on("console", note)
    visited.page.on("pageerror", lambda error: faults.append(str(error)))
    context.route(lambda url: not url.startswith((address, "data:", "blob:")), refuse)
    try:
        yield visited
    finally:
        context.close()
    assert faults == []


@contextmanager
def _fonts() -> Generator[Path]:
    """Yield a file that adds Japanese to the fonts of the system, for the browser."""
    with TemporaryDirectory() as name, as_file(files("noto_cjk_sans_jp_regular")) as at:
        settings = Path(name) / "fonts.conf"
        settings.write_text(
            '<?xml version="1.0"?>'
            '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
            '<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
            f"<dir>{at}</dir><cachedir>{name}</cachedir></fontconfig>"
        )
        yield settings


def _installed() -> str:
    for name in NAMES:
        if program := shutil.which(name):
            return program
    message = (
        "There is no Chromium: `sudo apt-get install chromium`, "
        "or name one in STRONGROOM_TEST_BROWSER"
    )
    raise FileNotFoundError(message)
