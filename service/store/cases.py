"""Cases in the store: put once, found by content hash."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from models.content import canonical_json
from models.instance import Instance
from models.tables import CaseAccess, CaseDocument
from service.errors import CaseNotFoundError
from service.store.compression import pack, unpack, unpack_onto
from service.store.documents import (
    found_document,
    has_document,
    held_documents,
    put_documents,
)
from service.store.part import Part

MOST_VERSIONS = 100
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class PackedCase:
    """A case to store; content is the packed sections that differ from its base's."""

    content_hash: str
    case_id: str
    name: str
    number_of_bytes: int
    content: bytes


class StoredCase(NamedTuple):
    """A case without its content; created_at is when its organisation stored it."""

    content_hash: str
    case_id: str
    name: str
    number_of_bytes: int
    created_at: dt.datetime

    @property
    def position(self) -> int:
        """Its place in the list of its organisation: not that of the document.

        That would tell whether another organisation had it before.
        """
        return (self.created_at - EPOCH) // dt.timedelta(microseconds=1)


class CaseVersion(NamedTuple):
    """A case, and the hash of that which it was made from, if it was."""

    case: StoredCase
    made_from: str | None


@dataclass(frozen=True, slots=True)
class CaseRepository:
    """Queries on cases, within the transaction of `session`."""

    session: Session

    def put(
        self,
        case: Instance,
        *,
        is_listed: bool,
        at: dt.datetime,
        made_from: str | None = None,
    ) -> bool:
        """Store the case unless it is there; return whether it is new.

        made_from: the case that it is the next version of; one that is there keeps its
        own.
        """
        is_new = not has_document(self.session, CaseDocument, case.content_hash)
        if is_new:
            text = canonical_json(case)
            row = {
                "content_hash": case.content_hash,
                "case_id": case.id,
                "name": case.name,
                "number_of_bytes": len(text.encode()),
                "content": pack(text),
                "created_at": at,
            }
            is_new = put_documents(
                self.session,
                CaseDocument,
                [row],
                at,
                is_listed=is_listed,
                made_from=made_from,
            )
            self._make_whole({case.content_hash: text})
        access = self._access(case.content_hash)
        if access is not None:
            access.is_listed = access.is_listed or is_listed
        return is_new

    def put_variants(
        self, cases: Sequence[PackedCase], *, base_hash: str, at: dt.datetime
    ) -> None:
        """Store new cases as their differences from a stored base."""
        rows = [
            {
                "content_hash": case.content_hash,
                "case_id": case.case_id,
                "name": case.name,
                "number_of_bytes": case.number_of_bytes,
                "base_hash": base_hash,
                "content": case.content,
                "created_at": at,
            }
            for case in cases
            if case.content_hash != base_hash
        ]
        put_documents(self.session, CaseDocument, rows, at, is_listed=False)
        foreign = self._with_foreign_base([case.content_hash for case in cases])
        if foreign:
            base = self.text(base_hash)
            self._make_whole(
                {
                    case.content_hash: unpack_onto(
                        base, case.content, case.content_hash
                    )
                    for case in cases
                    if case.content_hash in foreign
                }
            )

    def hold(self, content_hash: str) -> None:
        """Keep a case while this transaction lasts, or raise CaseNotFoundError."""
        if not has_document(self.session, CaseDocument, content_hash):
            raise CaseNotFoundError(content_hash)

    def hold_all(self, content_hashes: Collection[str]) -> None:
        """Keep cases while this transaction lasts, or raise CaseNotFoundError."""
        held = held_documents(self.session, CaseDocument, content_hashes)
        missing = set(content_hashes) - held
        if missing:
            raise CaseNotFoundError(min(missing))

    def get(self, content_hash: str) -> CaseDocument:
        """Return a case as stored, or raise CaseNotFoundError."""
        stored = found_document(self.session, CaseDocument, content_hash)
        if stored is None:
            raise CaseNotFoundError(content_hash)
        return stored

    def described(self, content_hash: str) -> StoredCase:
        """Return a case without its content, or raise CaseNotFoundError."""
        query = _described().where(CaseDocument.content_hash == content_hash)
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise CaseNotFoundError(content_hash)
        return _stored(*found)

    def names(self, content_hashes: Collection[str]) -> Mapping[str, str]:
        """Return what people call the cases that there are, by hash."""
        is_asked = col(CaseDocument.content_hash).in_(content_hashes)
        query = select(CaseDocument.content_hash, CaseDocument.name)
        return dict(self.session.exec(query.where(is_asked)).all())

    def latest(self, case_id: str) -> str | None:
        """Return the hash of the latest listed case that gives itself a name."""
        found = self.page(Part(1), case_id=case_id)
        return found[0].content_hash if found else None

    def versions(self, content_hash: str) -> Sequence[CaseVersion]:
        """Return the cases that were made from one another, the latest first.

        The given one is among them; of very many not all are.
        """
        known: set[str] = set()
        wanted = {content_hash}
        case, origin = col(CaseAccess.content_hash), col(CaseAccess.made_from)
        while wanted and len(known) < MOST_VERSIONS:
            known |= wanted
            is_next = case.in_(wanted) | origin.in_(wanted)
            found = self.session.exec(select(case, origin).where(is_next)).all()
            wanted = {x for pair in found for x in pair if x is not None} - known
        query = (
            select(CaseDocument, CaseAccess.created_at, CaseAccess.made_from)
            .join(CaseAccess, case == CaseDocument.content_hash)
            .where(case.in_(known))
            .order_by(col(CaseAccess.created_at).desc())
        )
        return [
            CaseVersion(_stored(document, at), made_from)
            for document, at, made_from in self.session.exec(query)
        ]

    def text(self, content_hash: str) -> str:
        """Return the canonical JSON of a case, or raise CaseNotFoundError."""
        stored = self.get(content_hash)
        if stored.base_hash is None:
            return unpack(stored.content, content_hash)
        base = self.text(stored.base_hash)
        return unpack_onto(base, stored.content, content_hash)

    def page(self, part: Part, *, case_id: str | None = None) -> Sequence[StoredCase]:
        """Return a part of the listed cases in the order in which they were stored."""
        query = _described().where(col(CaseAccess.is_listed))
        if case_id is not None:
            query = query.where(CaseDocument.case_id == case_id)
        query = part.of(query, col(CaseAccess.created_at), _instant)
        return [_stored(*found) for found in self.session.exec(query)]

    def _access(self, content_hash: str) -> CaseAccess | None:
        query = select(CaseAccess).where(CaseAccess.content_hash == content_hash)
        return self.session.exec(query).first()

    def _with_foreign_base(self, content_hashes: Collection[str]) -> Collection[str]:
        """Return the cases that are stored onto one that the organisation has not.

        The others' bases cannot be deleted in this transaction.
        """
        query = (
            select(CaseDocument.content_hash, CaseDocument.base_hash)
            .where(col(CaseDocument.content_hash).in_(content_hashes))
            .where(col(CaseDocument.base_hash).is_not(None))
        )
        bases = {case: str(base) for case, base in self.session.exec(query)}
        if not bases:
            return []
        own = held_documents(self.session, CaseDocument, set(bases.values()))
        return [case for case, base in bases.items() if base not in own]

    def _make_whole(self, texts: Mapping[str, str]) -> None:
        """Store cases as a whole if the organisation has not what they are onto."""
        for content_hash in self._with_foreign_base(texts):
            stored = found_document(self.session, CaseDocument, content_hash)
            if stored is not None:
                stored.content, stored.base_hash = pack(texts[content_hash]), None


def _instant(position: int) -> dt.datetime:
    return EPOCH + dt.timedelta(microseconds=position)


def _described() -> Select[CaseDocument, dt.datetime]:
    own = col(CaseAccess.content_hash) == CaseDocument.content_hash
    return select(CaseDocument, CaseAccess.created_at).join(CaseAccess, own)


def _stored(case: CaseDocument, at: dt.datetime) -> StoredCase:
    return StoredCase(
        case.content_hash, case.case_id, case.name, case.number_of_bytes, at
    )
