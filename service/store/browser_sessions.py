"""Sessions of browsers in the store."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from models.tables import Account, ApiKey, BrowserSession


@dataclass(frozen=True, slots=True)
class BrowserSessionRepository:
    """Queries on sessions of browsers, within the transaction of `session`."""

    session: Session

    def add(self, row: BrowserSession) -> None:
        """Store a new session now."""
        self.session.add(row)
        self.session.flush()

    def by_digest(
        self, token_digest: str
    ) -> tuple[BrowserSession, ApiKey, Account] | None:
        """Return a session with its key and the account of that, if there is one."""
        query = (
            select(BrowserSession, ApiKey, Account)
            .join(ApiKey, col(ApiKey.prefix) == BrowserSession.key_prefix)
            .join(Account, col(Account.id) == ApiKey.account_id)
            .where(BrowserSession.token_digest == token_digest)
        )
        return self.session.exec(query).one_or_none()

    def remove(self, token_digest: str) -> None:
        """Delete a session now, if it is there."""
        is_it = col(BrowserSession.token_digest) == token_digest
        self.session.exec(delete(BrowserSession).where(is_it))

    def remove_expired(self, at: dt.datetime) -> None:
        """Delete the sessions that have expired by an instant."""
        is_over = col(BrowserSession.expires_at) <= at
        self.session.exec(delete(BrowserSession).where(is_over))
