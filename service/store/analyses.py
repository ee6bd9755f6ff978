"""Analyses in the store: put once, found by content hash. Their files are objects.

Two subjects may have the same answer. What an analysis is of is therefore stored with
its answer, and part of what is hashed.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from models.content import canonical_text
from models.record import Record
from models.tables import AnalysisDocument
from service.errors import AnalysisNotFoundError, FileNotInAnalysisError
from service.store.compression import pack, unpack
from service.store.documents import found_document, has_document, put_documents


class StoredFile(Record):
    """An object that is a file of an analysis."""

    sha256: str
    number_of_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True)
class AnalysisSubject:
    """What an analysis is of: a case, and a plan of it unless it is of the case."""

    name: str
    case_hash: str
    plan_hash: str | None


@dataclass(frozen=True, slots=True)
class AnalysisRepository:
    """Queries on analyses, within the transaction of `session`."""

    session: Session

    def put(
        self,
        subject: AnalysisSubject,
        answer: Mapping[str, object],
        files: Mapping[str, StoredFile],
        *,
        at: dt.datetime,
    ) -> str:
        """Store an analysis unless it is there; return its content hash.

        The case, the plan and the objects of its files must be stored already.
        """
        text = canonical_text({"of": dataclasses.astuple(subject), "answer": answer})
        name = hashlib.sha256(text.encode()).hexdigest()
        if not has_document(self.session, AnalysisDocument, name):
            row = {
                "content_hash": name,
                "name": subject.name,
                "case_hash": subject.case_hash,
                "plan_hash": subject.plan_hash,
                "files": {x: file.model_dump() for x, file in files.items()},
                "content": pack(text),
                "created_at": at,
            }
            put_documents(self.session, AnalysisDocument, [row], at)
        return name

    def subject(self, name: str) -> AnalysisSubject:
        """Return which analysis it is and of what, or raise AnalysisNotFoundError."""
        found = self._get(name)
        return AnalysisSubject(found.name, found.case_hash, found.plan_hash)

    def held(self, name: str) -> AnalysisSubject:
        """Return of what an analysis is, which this transaction keeps.

        Raises AnalysisNotFoundError.
        """
        if not has_document(self.session, AnalysisDocument, name):
            raise AnalysisNotFoundError(name)
        return self.subject(name)

    def text(self, name: str) -> str:
        """Return the answer as canonical JSON, or raise AnalysisNotFoundError."""
        stored = json.loads(unpack(self._get(name).content, name))
        return canonical_text(stored["answer"])

    def files(self, name: str) -> Mapping[str, StoredFile]:
        """Return the files of an analysis, or raise AnalysisNotFoundError."""
        return {
            file: StoredFile.model_validate(described)
            for file, described in self._get(name).files.items()
        }

    def file(self, name: str, file: str) -> StoredFile:
        """Return a file; raise AnalysisNotFoundError or FileNotInAnalysisError."""
        files = self.files(name)
        if file not in files:
            raise FileNotInAnalysisError(file, sorted(files))
        return files[file]

    def _get(self, name: str) -> AnalysisDocument:
        stored = found_document(self.session, AnalysisDocument, name)
        if stored is None:
            raise AnalysisNotFoundError(name)
        return stored
