"""The only tables: documents by content hash, jobs, what jobs report, workers."""

from models.tables.document import CaseDocument, PlanDocument
from models.tables.job import Job, JobState, Priority, ProgressLine
from models.tables.row import Row
from models.tables.worker import Worker

__all__ = [
    "CaseDocument",
    "Job",
    "JobState",
    "PlanDocument",
    "Priority",
    "ProgressLine",
    "Row",
    "Worker",
]
