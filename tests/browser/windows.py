"""Windows of a browser that are used again: to open one costs as much as a journey."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser

from tests.browser.chromium import Appearance, Visit, visit


class Windows:
    """Windows on the pages of a server, each for one reader at a time."""

    def __init__(self, browser: Browser, address: str, stack: ExitStack) -> None:
        self._browser = browser
        self._address = address
        self._stack = stack
        self._free: list[Visit] = []

    @contextmanager
    def taken(self) -> Generator[Visit]:
        """Yield an empty page without cookies; fail for what it did wrong."""
        if self._free:
            visited = self._free.pop()
        else:
            visited = self._stack.enter_context(visit(self._browser, self._address))
        yield visited
        visited.page.goto("about:blank")
        visited.page.context.clear_cookies()
        visited.look(Appearance())
        assert visited.faults == []
        self._free.append(visited)


@contextmanager
def opened_windows(browser: Browser, address: str) -> Generator[Windows]:
    """Yield windows that are opened as they are wanted, and all closed at the end."""
    with ExitStack() as stack:
        yield Windows(browser, address, stack)
