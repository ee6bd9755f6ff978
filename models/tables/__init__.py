"""The only tables: documents by content hash, jobs, and what jobs report."""

from models.tables.document import CaseDocument, PlanDocument
from models.tables.job import Job, JobState, Priority, ProgressLine
from models.tables.row import Row

__all__ = [
    "CaseDocument",
    "Job",
    "JobState",
    "PlanDocument",
    "Priority",
    "ProgressLine",
    "Row",
]
