"""Documents by content hash: each is stored once, whichever organisations have it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from models.tables import (
    AnalysisDocument,
    CaseDocument,
    EvaluationDocument,
    PlanDocument,
)
from models.tables.access import DocumentAccess
from service.store.concurrency import add_missing
from service.store.tenancy import ACCESS, organisation_of

Document = TypeVar(
    "Document", CaseDocument, PlanDocument, EvaluationDocument, AnalysisDocument
)
Cells = Mapping[str, Any]


def found_document(
    session: Session, document: type[Document], content_hash: str
) -> Document | None:
    """Return a document that the organisation of the session has, if it is there."""
    if not content_hash.isascii():
        # Not a hash; half a surrogate pair cannot be sent to the database.
        return None
    query = select(document).where(col(document.content_hash) == content_hash)
    return session.exec(query).one_or_none()


def has_document(session: Session, document: type[Document], content_hash: str) -> bool:
    """Whether the organisation of the session has a document.

    It cannot be deleted in this transaction.
    """
    return bool(held_documents(session, document, [content_hash]))


def held_documents(
    session: Session, document: type[Document], content_hashes: Collection[str]
) -> set[str]:
    """Return those documents that the organisation of the session has.

    They and its rights to them cannot be deleted in this transaction.
    """
    # The right keeps the document.
    return _held(session, ACCESS[document], {x for x in content_hashes if x.isascii()})


def put_documents(
    session: Session,
    document: type[Document],
    rows: Sequence[Cells],
    at: dt.datetime,
    **right: object,
) -> bool:
    """Store documents that are not there, and let the organisation see them all.

    Return whether it did not see them all before. right: further cells of its rows of
    access. Neither these nor the documents can be deleted in this transaction.
    """
    # In the same order everywhere, so that no two transactions deadlock.
    ordered = sorted(rows, key=lambda row: row["content_hash"])
    hashes = {row["content_hash"] for row in ordered}
    owner = {"organisation": organisation_of(session), "created_at": at, **right}
    access = ACCESS[document]
    known = _held(session, access, hashes)
    number_new, missing = 0, ordered
    while missing:
        rights = [
            {**owner, "content_hash": row["content_hash"]}
            for row in missing
            if row["content_hash"] not in known
        ]
        key = ("organisation", "content_hash")
        number_new += add_missing(session, access, key, rights)
        add_missing(session, document, ("content_hash",), missing)
        held = _held(session, document, hashes)
        # Another transaction has just deleted what is not there.
        missing = [row for row in missing if row["content_hash"] not in held]
        known = known & held
    return number_new > 0


def _held(
    session: Session, table: type[Document | DocumentAccess], hashes: set[str]
) -> set[str]:
    key = col(table.content_hash)
    # The lock that a new row with a reference to a document would take.
    query = select(key).where(key.in_(hashes)).order_by(key)
    return set(session.exec(query.with_for_update(read=True, key_share=True)))
