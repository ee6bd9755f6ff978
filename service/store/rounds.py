"""Rounds in the store, and the clock that decides what is in time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.tables import Round, RoundOffer
from service.errors import RoundNotFoundError
from service.store.part import Part


@dataclass(frozen=True, slots=True)
class RoundRepository:
    """Queries on rounds, within the transaction of `session`."""

    session: Session

    def add(self, new: Round) -> None:
        """Store a new round."""
        self.session.add(new)
        self.session.flush()

    def get(self, round_id: str) -> Round:
        """Return a round, or raise RoundNotFoundError."""
        query = select(Round).where(Round.id == round_id)
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise RoundNotFoundError(round_id)
        return found

    def held(self, round_id: str) -> Round:
        """Return a round that nobody else changes until this transaction ends.

        Changes of its offers hold it as well: whoever holds it and reads the clock
        after its closing time sees all offers that were in time.
        """
        query = select(Round).where(Round.id == round_id).with_for_update()
        query = query.execution_options(populate_existing=True)
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise RoundNotFoundError(round_id)
        return found

    def of(self, round_id: str, participant: str) -> Round:
        """Return a round that a participant may make offers in.

        Raises RoundNotFoundError, also if only others may.
        """
        found = self.get(round_id)
        if participant not in found.participants:
            raise RoundNotFoundError(round_id)
        return found

    def page(self, part: Part) -> Sequence[Round]:
        """Return a part of the rounds in order of arrival."""
        return self.session.exec(part.of(select(Round), col(Round.sequence))).all()

    def page_of(self, participant: str, part: Part) -> Sequence[Round]:
        """Return a part of the rounds that a participant may make offers in."""
        query = part.of(select(Round), col(Round.sequence)).limit(None)
        own = (x for x in self.session.exec(query) if participant in x.participants)
        return list(islice(own, part.limit))

    def offers(self, of: Round, participant: str | None = None) -> Sequence[RoundOffer]:
        """Return the offers of a round, of one participant or all, withdrawn ones too.

        In the order of participants and rights.
        """
        query = select(RoundOffer).where(RoundOffer.round_sequence == of.sequence)
        if participant is not None:
            query = query.where(RoundOffer.participant == participant)
        query = query.order_by(col(RoundOffer.participant), col(RoundOffer.right))
        return self.session.exec(query).all()

    def now(self) -> dt.datetime:
        """Return the time of the database: of this statement, not of its transaction.

        One clock decides for all servers.
        """
        if self.session.get_bind().dialect.name == "postgresql":
            found: dt.datetime = (
                self.session.connection()
                .execute(text("SELECT clock_timestamp()"))
                .scalar_one()
            )
            return found.astimezone(dt.UTC)
        written: str = (
            self.session.connection()
            .execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))
            .scalar_one()
        )
        return dt.datetime.fromisoformat(written).replace(tzinfo=dt.UTC)
