"""Evaluations in the store: put once, found by content hash. Tables are objects."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from models.content import canonical_json, content_hash
from models.evaluation import Evaluation
from models.record import Record
from models.tables import EvaluationDocument
from service.errors import EvaluationNotFoundError, TableNotFoundError
from service.store.compression import pack, unpack
from service.store.documents import found_document, has_document, put_documents


class StoredTable(Record):
    """An object that is a table: Parquet."""

    sha256: str
    number_of_bytes: int


@dataclass(frozen=True, slots=True)
class EvaluationRepository:
    """Queries on evaluations, within the transaction of `session`."""

    session: Session

    def put(
        self,
        evaluation: Evaluation,
        tables: Mapping[str, StoredTable],
        *,
        at: dt.datetime,
    ) -> str:
        """Store an evaluation unless it is there; return its content hash.

        Its plan and the objects of its tables must be stored already.
        """
        name = content_hash(evaluation)
        if not has_document(self.session, EvaluationDocument, name):
            row = {
                "content_hash": name,
                "plan_hash": evaluation.plan_hash,
                "tables": {x: table.model_dump() for x, table in tables.items()},
                "content": pack(canonical_json(evaluation)),
                "created_at": at,
            }
            put_documents(self.session, EvaluationDocument, [row], at)
        return name

    def text(self, name: str) -> str:
        """Return the canonical JSON, or raise EvaluationNotFoundError."""
        return unpack(self._get(name).content, name)

    def tables(self, name: str) -> Mapping[str, StoredTable]:
        """Return the tables of an evaluation, or raise EvaluationNotFoundError."""
        return read_tables(self._get(name).tables)

    def table(self, name: str, table: str) -> StoredTable:
        """Return one table, or raise EvaluationNotFoundError or TableNotFoundError."""
        tables = self.tables(name)
        if table not in tables:
            raise TableNotFoundError(table, sorted(tables))
        return tables[table]

    def _get(self, name: str) -> EvaluationDocument:
        stored = found_document(self.session, EvaluationDocument, name)
        if stored is None:
            raise EvaluationNotFoundError(name)
        return stored


def read_tables(raw: Mapping[str, object]) -> Mapping[str, StoredTable]:
    """Return the tables of a row."""
    return {name: StoredTable.model_validate(table) for name, table in raw.items()}
