"""The only tables: documents by content hash, jobs, batches, workers, who did what."""

from models.roles import Role, Scope
from models.tables.account import Account, ApiKey
from models.tables.audit_log import AuditEntry
from models.tables.batch import Batch, BatchVariant, BatchWarmStart
from models.tables.document import (
    AnalysisDocument,
    CaseDocument,
    EvaluationDocument,
    PlanDocument,
)
from models.tables.job import Job, JobKind, JobState, Priority, ProgressLine, Worker
from models.tables.row import Row

__all__ = [
    "Account",
    "AnalysisDocument",
    "ApiKey",
    "AuditEntry",
    "Batch",
    "BatchVariant",
    "BatchWarmStart",
    "CaseDocument",
    "EvaluationDocument",
    "Job",
    "JobKind",
    "JobState",
    "PlanDocument",
    "Priority",
    "ProgressLine",
    "Role",
    "Row",
    "Scope",
    "Worker",
]
