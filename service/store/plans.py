"""Plans in the store: put once, found by content hash."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from models.content import canonical_json
from models.figures import figures_of
from models.plan import Plan
from models.tables import PlanDocument
from service.errors import PlanNotFoundError
from service.store.compression import pack, unpack
from service.store.documents import found_document, has_document, put_documents


@dataclass(frozen=True, slots=True)
class PlanRepository:
    """Queries on plans, within the transaction of `session`."""

    session: Session

    def put(self, plan: Plan, *, case_hash: str, at: dt.datetime) -> str:
        """Store the plan unless it is there; return its content hash."""
        content_hash = plan.content_hash
        if not has_document(self.session, PlanDocument, content_hash):
            row = {
                "content_hash": content_hash,
                "case_hash": case_hash,
                "figures": figures_of(plan).model_dump(mode="json"),
                "content": pack(canonical_json(plan)),
                "created_at": at,
            }
            put_documents(self.session, PlanDocument, [row], at)
        return content_hash

    def held(self, content_hash: str) -> PlanDocument:
        """Return a plan that cannot be deleted in this transaction.

        Raises PlanNotFoundError.
        """
        if not has_document(self.session, PlanDocument, content_hash):
            raise PlanNotFoundError(content_hash)
        return self._get(content_hash)

    def text(self, content_hash: str) -> str:
        """Return the canonical JSON of a plan, or raise PlanNotFoundError."""
        return unpack(self._get(content_hash).content, content_hash)

    def case_hash(self, content_hash: str) -> str:
        """Return the hash of the case of a plan, or raise PlanNotFoundError."""
        return self._get(content_hash).case_hash

    def _get(self, content_hash: str) -> PlanDocument:
        stored = found_document(self.session, PlanDocument, content_hash)
        if stored is None:
            raise PlanNotFoundError(content_hash)
        return stored
