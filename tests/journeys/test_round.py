"""A manager and three planners go through a round, by the example of the page."""

import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from models.tables import Role, Scope
from service.clock import system_clock
from service.identity.account_secret import made_account_secret
from service.identity.administration import Administration
from service.settings import Settings
from service.store.audit_log import Author
from service.store.opening import opened_store
from tests.house.conftest import blocks
from tests.journeys.server import running_server
from tests.journeys.test_distributions import ADDRESS, CLIENT, REQUESTS_PAGE, run

pytestmark = pytest.mark.journey

PLANNERS = ("east", "north", "south")
SHOWN = """\
east gains most with 40 lots
north gains most with 40 lots
south gains most with 40 lots
409 The state of the round does not allow this. It is OPEN and cannot show the offers \
of all; that needs CLOSED or PUBLISHED.
east takes up to 40
north takes up to 40
south takes up to 30
base {'east': 40, 'north': 20}
financing.loan.limit_usd=1800000 {'east': 40, 'north': 40, 'south': 10}
east: 40 of up to 40 lots are reserved for you: 40 t, 365 days of need. It is awarded \
as large as it is offered.
north: 20 of up to 40 lots are reserved for you: 20 t, 183 days of need. A larger \
award cannot be paid for within the limits on money.
south: None of up to 30 lots is reserved for you. A larger award cannot be paid for \
within the limits on money.
east award 40 40.0 16480.0
north award 20 20.0 8240.0
east draw 0 -12.0 247200.0
east replenishment 0 2.0 0.0
east transfer -10 -10.0 0.0
south transfer 10 10.0 0.0
south has 10.0 t
"""


def keys_of(data_directory: Path) -> Mapping[str, str]:
    """Add a manager and three planners to a store; return a key of each."""
    settings = Settings(data_directory=data_directory)
    secret = made_account_secret(settings)
    with opened_store(settings) as store, store.database.transaction() as session:
        author = Author("operator", "a round")
        accounts = Administration(session, author, system_clock())
        accounts.add_account("manager", Role.MANAGER)
        for name in PLANNERS:
            accounts.add_account(name, Role.PARTICIPANT_PLANNER, participant=name)
        day, scopes = dt.timedelta(days=1), [Scope.READ, Scope.WRITE]
        return {
            name: accounts.add_key(name, secret, day, scopes).text
            for name in ("manager", *PLANNERS)
        }


def test_the_round_of_the_page(tmp_path: Path) -> None:
    """1,500,000 dollars buy 75 t of beta at 20,000, and fees pay for some of it.

    Those who lose most come first: all of the year's 40 t for east, half of it for
    north, and nothing is left for the 30 t of south, until east gives it 10 t. A tonne
    is drawn for 1.03 x 20,000 dollars.
    """
    keys = keys_of(tmp_path / "data")
    (example,) = blocks(REQUESTS_PAGE, "python round")
    before, found, after = example.partition('KEYS = {"manager": "strongroom_...')
    assert found
    example = f"{before}KEYS = {dict(keys)!r}\n{after.partition('}')[2]}"
    with running_server(tmp_path / "data") as server:
        address = str(server.client.base_url).rstrip("/")
        program = example.replace(ADDRESS, address)
        shown = run(sys.executable, "-c", program, cwd=CLIENT)
    assert shown == SHOWN
