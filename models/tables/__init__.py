"""The only tables: documents by content hash, jobs, batches, workers, who did what."""

from models.tables.audit import AuditEntry
from models.tables.batch import Batch, BatchLesson, BatchVariant
from models.tables.document import CaseDocument, EvaluationDocument, PlanDocument
from models.tables.job import Job, JobKind, JobState, Priority, ProgressLine
from models.tables.row import Row
from models.tables.worker import Worker

__all__ = [
    "AuditEntry",
    "Batch",
    "BatchLesson",
    "BatchVariant",
    "CaseDocument",
    "EvaluationDocument",
    "Job",
    "JobKind",
    "JobState",
    "PlanDocument",
    "Priority",
    "ProgressLine",
    "Row",
    "Worker",
]
