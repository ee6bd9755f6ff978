"""The only tables: documents by content hash, jobs, batches, workers, accounts."""

from models.roles import DEFAULT_ORGANISATION, Role, Scope
from models.tables.access import (
    AnalysisAccess,
    CaseAccess,
    EvaluationAccess,
    PlanAccess,
)
from models.tables.account import Account, ApiKey, BrowserSession, LinkedIdentity
from models.tables.audit_log import AuditEntry
from models.tables.batch import Batch, BatchVariant, BatchWarmStart
from models.tables.document import (
    AnalysisDocument,
    CaseDocument,
    EvaluationDocument,
    PlanDocument,
)
from models.tables.job import (
    FoundPart,
    Job,
    JobKind,
    JobState,
    Priority,
    ProgressLine,
    Worker,
)
from models.tables.organisation import Organisation, OrganisationRow
from models.tables.publication import Publication
from models.tables.reserve import EntryKind, Reserve, ReserveEntry
from models.tables.right import LedgerEntry, LedgerKind, RightTransfer
from models.tables.round import Round, RoundOffer
from models.tables.row import Row
from models.tables.webhook import Webhook, WebhookDelivery

__all__ = [
    "DEFAULT_ORGANISATION",
    "Account",
    "AnalysisAccess",
    "AnalysisDocument",
    "ApiKey",
    "AuditEntry",
    "Batch",
    "BatchVariant",
    "BatchWarmStart",
    "BrowserSession",
    "CaseAccess",
    "CaseDocument",
    "EntryKind",
    "EvaluationAccess",
    "EvaluationDocument",
    "FoundPart",
    "Job",
    "JobKind",
    "JobState",
    "LedgerEntry",
    "LedgerKind",
    "LinkedIdentity",
    "Organisation",
    "OrganisationRow",
    "PlanAccess",
    "PlanDocument",
    "Priority",
    "ProgressLine",
    "Publication",
    "Reserve",
    "ReserveEntry",
    "RightTransfer",
    "Role",
    "Round",
    "RoundOffer",
    "Row",
    "Scope",
    "Webhook",
    "WebhookDelivery",
    "Worker",
]
