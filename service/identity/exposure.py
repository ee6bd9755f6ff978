"""Whether a server may do without login: only where no other machine reaches it."""

import ipaddress
import logging

from service.errors import LoginMissingError
from service.settings import Settings
from service.store.accounts import AccountRepository
from service.store.database import Database

logger = logging.getLogger(__name__)


def check_login(settings: Settings, database: Database) -> None:
    """Raise LoginMissingError if other machines could use a store without accounts.

    On a loopback address such a store has one user, and the log says so.
    """
    with database.reading() as session:
        if AccountRepository(session).has_any():
            return
    if not is_loopback(settings.host):
        expected = (
            "an address of this machine alone such as 127.0.0.1, or a store with an "
            "account (strongroom accounts add NAME --role administrator)"
        )
        where = "host"
        raise LoginMissingError(where, settings.host, expected)
    logger.warning(
        "single-user mode: the store has no account, and requests to %s need no login",
        settings.host,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
