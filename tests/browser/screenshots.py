"""Takes pictures of every page, to be looked at: both widths, schemes and languages.

`python -m tests.browser.screenshots DIRECTORY [PAGE ...]`.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.chromium import LOOKS, Appearance, opened_browser, visit
from tests.browser.sample_store import SampleStore, filled
from tests.browser.shown_pages import addresses, reader_of
from tests.browser.signing_in import sign_in
from tests.journeys.server import running_server

LANGUAGES = ("en", "ja")


def main() -> None:
    """Take the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("pages", nargs="*", help="names of the registry; all if none")
    parser.add_argument("--case", default="magnets", help="the case that is solved")
    parser.add_argument("--store", type=Path, help="where the store is kept")
    chosen = parser.parse_args()
    chosen.directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        kept = chosen.store or Path(folder)
        contents, data = kept / "sample.json", kept / "data"
        if not contents.exists():
            with running_server(data) as server:
                filled(server, chosen.case).write(contents)
        store = SampleStore.read(contents)
        with running_server(data, has_worker=False) as server, opened_browser() as it:
            found = addresses(store)
            paths = {x: found[x] for x in chosen.pages or found}
            for look in [replace(x, language=y) for x in LOOKS for y in LANGUAGES]:
                take(it, server.address, store, paths, look, chosen.directory)


def take(
    browser: Browser,
    address: str,
    store: SampleStore,
    paths: dict[str, str],
    look: Appearance,
    directory: Path,
) -> None:
    """Take a picture of each page as one of its readers sees it."""
    for role in {reader_of(name) for name in paths}:
        with visit(browser, address, look) as visited:
            sign_in(visited.page, store.keys[role])
            for name in (x for x in paths if reader_of(x) is role):
                visited.page.goto(paths[name])
                file = directory / f"{name}-{look.name}.png"
                visited.page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    main()
