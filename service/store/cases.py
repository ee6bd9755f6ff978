"""Cases in the store: put once, found by content hash."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.content import canonical_json
from models.instance import Instance
from models.tables import CaseDocument
from service.errors import CaseNotFoundError
from service.store.compression import pack, unpack, unpack_onto
from service.store.concurrency import add, add_missing


@dataclass(frozen=True, slots=True)
class PackedCase:
    """A case to store; content is the packed sections that differ from its base's."""

    content_hash: str
    case_id: str
    name: str
    number_of_bytes: int
    content: bytes


@dataclass(frozen=True, slots=True)
class CaseRepository:
    """Queries on cases, within the transaction of `session`."""

    session: Session

    def put(self, case: Instance, *, is_listed: bool, at: dt.datetime) -> bool:
        """Store the case unless it is there; return whether it is new."""
        stored = self._find(case.content_hash, is_held=True)
        if stored is None:
            text = canonical_json(case)
            row = CaseDocument(
                content_hash=case.content_hash,
                case_id=case.id,
                name=case.name,
                is_listed=is_listed,
                number_of_bytes=len(text.encode()),
                content=pack(text),
                created_at=at,
            )
            try:
                add(self.session, row)
            except IntegrityError:
                # Another transaction stored it at the same time.
                stored = self.get(case.content_hash)
            else:
                return True
        stored.is_listed = stored.is_listed or is_listed
        return False

    def put_variants(
        self, cases: Sequence[PackedCase], *, base_hash: str, at: dt.datetime
    ) -> None:
        """Store new cases as their differences from a stored base."""
        rows = [
            {
                "content_hash": case.content_hash,
                "case_id": case.case_id,
                "name": case.name,
                "is_listed": False,
                "number_of_bytes": case.number_of_bytes,
                "base_hash": base_hash,
                "content": case.content,
                "created_at": at,
            }
            # In the same order everywhere, so that no two transactions deadlock.
            for case in sorted(cases, key=lambda case: case.content_hash)
            if case.content_hash != base_hash
        ]
        if rows:
            add_missing(self.session, CaseDocument, "content_hash", rows)

    def hold(self, content_hash: str) -> None:
        """Keep a case while this transaction lasts, or raise CaseNotFoundError."""
        if self._find(content_hash, is_held=True) is None:
            raise CaseNotFoundError(content_hash)

    def hold_all(self, content_hashes: Collection[str]) -> None:
        """Keep cases while this transaction lasts, or raise CaseNotFoundError."""
        key = col(CaseDocument.content_hash)
        query = select(key).where(key.in_(content_hashes)).order_by(key)
        query = query.with_for_update(read=True, key_share=True)
        missing = set(content_hashes).difference(self.session.exec(query))
        if missing:
            raise CaseNotFoundError(min(missing))

    def get(self, content_hash: str) -> CaseDocument:
        """Return a case as stored, or raise CaseNotFoundError."""
        stored = self._find(content_hash)
        if stored is None:
            raise CaseNotFoundError(content_hash)
        return stored

    def text(self, content_hash: str) -> str:
        """Return the canonical JSON of a case, or raise CaseNotFoundError."""
        stored = self.get(content_hash)
        if stored.base_hash is None:
            return unpack(stored.content, content_hash)
        base = self.text(stored.base_hash)
        return unpack_onto(base, stored.content, content_hash)

    def page(self, *, before: int | None, limit: int) -> Sequence[CaseDocument]:
        """Return up to `limit` listed cases, latest first, before that position."""
        query = select(CaseDocument).where(col(CaseDocument.is_listed))
        if before is not None:
            query = query.where(col(CaseDocument.sequence) < before)
        query = query.order_by(col(CaseDocument.sequence).desc()).limit(limit)
        return self.session.exec(query).all()

    def _find(self, content_hash: str, *, is_held: bool = False) -> CaseDocument | None:
        if not content_hash.isascii():
            # Not a hash; half a surrogate pair cannot be sent to the database.
            return None
        query = select(CaseDocument).where(CaseDocument.content_hash == content_hash)
        if is_held:
            # The lock that a new row with a reference to it would take.
            query = query.with_for_update(read=True, key_share=True)
        return self.session.exec(query).one_or_none()
