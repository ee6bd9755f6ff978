"""Analyses in the store: put once, found by content hash. Their files are objects."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

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
        text: str,
        files: Mapping[str, StoredFile],
        *,
        at: dt.datetime,
    ) -> str:
        """Store an analysis unless it is there; return its content hash.

        text is its canonical JSON. The case, the plan and the objects of its files must
        be stored already.
        """
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

    def text(self, name: str) -> str:
        """Return the canonical JSON, or raise AnalysisNotFoundError."""
        return unpack(self._get(name).content, name)

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
