"""A client of the HTTP API of Strongroom: blocking and asynchronous, typed.

It needs no solver and imports nothing of the server.
"""

from strongroom_client.clients import AsyncClient, Client
from strongroom_client.errors import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    JobEndedError,
    JobUnfinishedError,
    Mistake,
    NotFoundError,
    ProblemError,
    StrongroomError,
    TokenMissingError,
    UnauthenticatedError,
    UnavailableError,
    UnexpectedAnswerError,
    UnreachableError,
)
from strongroom_client.retries import Retries
from strongroom_client.webhooks import WebhookError, verified_webhook

__all__ = [
    "AsyncClient",
    "Client",
    "ConflictError",
    "ForbiddenError",
    "InvalidRequestError",
    "JobEndedError",
    "JobUnfinishedError",
    "Mistake",
    "NotFoundError",
    "ProblemError",
    "Retries",
    "StrongroomError",
    "TokenMissingError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnexpectedAnswerError",
    "UnreachableError",
    "WebhookError",
    "verified_webhook",
]
