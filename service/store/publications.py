"""Publications in the store: which plans the planners of participants see."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.tables import Publication
from service.errors import PublicationNotFoundError
from service.store.concurrency import lock


@dataclass(frozen=True, slots=True)
class PublicationRepository:
    """Queries on publications, within the transaction of `session`."""

    session: Session

    def publish(
        self,
        plan_hash: str,
        participants: Collection[str],
        title: str,
        *,
        at: dt.datetime,
    ) -> bool:
        """Publish a plan to participants; return whether it was not before.

        Otherwise it gets the title. The plan must be held.
        """
        lock(self.session.connection(), "publications")
        earlier = self.of_plan(plan_hash)
        for publication in earlier:
            publication.title = title
        if earlier:
            return False
        self.session.add_all(
            Publication(
                id=str(uuid.uuid4()),
                plan_hash=plan_hash,
                participant=participant,
                title=title,
                published_at=at,
            )
            for participant in participants
        )
        return True

    def withdraw(self, plan_hash: str) -> None:
        """End the publications of a plan."""
        for publication in self.of_plan(plan_hash):
            self.session.delete(publication)

    def of_plan(self, plan_hash: str) -> Sequence[Publication]:
        """Return the publications of a plan by participant."""
        query = select(Publication).where(Publication.plan_hash == plan_hash)
        return self.session.exec(query.order_by(col(Publication.participant))).all()

    def all(self) -> Sequence[Publication]:
        """Return all publications, the latest first."""
        query = select(Publication)
        latest = (col(Publication.published_at).desc(), col(Publication.id))
        return self.session.exec(query.order_by(*latest)).all()

    def get(self, publication_id: str) -> Publication:
        """Return a publication, or raise PublicationNotFoundError."""
        query = select(Publication).where(Publication.id == publication_id)
        found = self.session.exec(query).one_or_none()
        if found is None:
            detail = f"No plan is published as {publication_id}."
            raise PublicationNotFoundError(detail)
        return found
