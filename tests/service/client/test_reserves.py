"""The example of the page about reserves, with a server in the same process."""

from collections.abc import Callable
from functools import partial

import httpx2
import pytest

import strongroom_client
from tests.house.conftest import ROOT, blocks
from tests.service.client.conftest import ONCE

PAGE = ROOT / "service" / "api" / "README.md"
SHOWN = """\
predecessor-not-last
AUS - MYS - 4.0 t
2027-01-01 entered 5.0 t, entry 1
2027-02-01 counted -1.0 t, entry 2
"""


def test_the_example_of_the_page(
    passed_on: Callable[[httpx2.Request], httpx2.Response],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A lot is entered and counted; the writer that is too late is told so."""
    transport = httpx2.MockTransport(passed_on)
    client = partial(strongroom_client.Client, transport=transport, retries=ONCE)
    monkeypatch.setattr(strongroom_client, "Client", client)
    (example,) = blocks(PAGE, "python reserve")
    exec(example, {})  # noqa: S102 - it is ours
    assert capsys.readouterr().out == SHOWN
