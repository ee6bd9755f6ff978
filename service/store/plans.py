"""Plans in the store: put once, found by content hash."""

import contextlib
import datetime as dt
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.content import canonical_json
from models.figures import figures_of
from models.plan import Plan
from models.tables import PlanDocument
from service.errors import PlanNotFoundError
from service.store.compression import pack, unpack
from service.store.concurrency import add


@dataclass(frozen=True, slots=True)
class PlanRepository:
    """Queries on plans, within the transaction of `session`."""

    session: Session

    def put(self, plan: Plan, *, case_hash: str, at: dt.datetime) -> str:
        """Store the plan unless it is there; return its content hash."""
        content_hash = plan.content_hash
        if self._held(content_hash) is None:
            row = PlanDocument(
                content_hash=content_hash,
                case_hash=case_hash,
                figures=figures_of(plan).model_dump(mode="json"),
                content=pack(canonical_json(plan)),
                created_at=at,
            )
            # Another transaction may have stored it at the same time.
            with contextlib.suppress(IntegrityError):
                add(self.session, row)
        return content_hash

    def held(self, content_hash: str) -> PlanDocument:
        """Return a plan that cannot be deleted in this transaction.

        Raises PlanNotFoundError.
        """
        stored = self._held(content_hash)
        if stored is None:
            raise PlanNotFoundError(content_hash)
        return stored

    def _held(self, content_hash: str) -> PlanDocument | None:
        """Lock it as a new row with a reference to it would."""
        held = {"read": True, "key_share": True}
        return self.session.get(PlanDocument, content_hash, with_for_update=held)

    def text(self, content_hash: str) -> str:
        """Return the canonical JSON of a plan, or raise PlanNotFoundError."""
        stored = self._get(content_hash)
        return unpack(stored.content, stored.content_hash)

    def case_hash(self, content_hash: str) -> str:
        """Return the hash of the case of a plan, or raise PlanNotFoundError."""
        return self._get(content_hash).case_hash

    def _get(self, content_hash: str) -> PlanDocument:
        stored = self.session.get(PlanDocument, content_hash)
        if stored is None:
            raise PlanNotFoundError(content_hash)
        return stored
