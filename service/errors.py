"""Errors of the service. The class docstring is the title, `status` the HTTP status.

422 is for a payload that does not fit its schema; every other refusal is a business
error with its own status.
"""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from models.mistakes import Mistake

NUMBER_OF_MISTAKES_SHOWN = 10


class ServiceError(Exception):
    """The service could not carry out the request."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.title()} {self.detail}".strip()

    @classmethod
    def title(cls) -> str:
        """Return what went wrong, the same for every error of the class."""
        return (cls.__doc__ or "").splitlines()[0]

    @classmethod
    def slug(cls) -> str:
        """Return the stable name of the class: CaseNotFoundError is case-not-found."""
        name = cls.__name__.removesuffix("Error")
        return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()

    @property
    def headers(self) -> Mapping[str, str]:
        """HTTP headers that go with the error."""
        return {}

    @property
    def members(self) -> Mapping[str, object]:
        """Further members of its problem document."""
        return {}


class CaseNotFoundError(ServiceError):
    """There is no such case."""

    status = 404

    def __init__(self, content_hash: str) -> None:
        super().__init__(f"No case has the content hash {content_hash}.")


class BatchNotFoundError(ServiceError):
    """There is no such batch."""

    status = 404

    def __init__(self, batch_id: str) -> None:
        super().__init__(f"No batch has the id {batch_id}.")


class JobNotFoundError(ServiceError):
    """There is no such job."""

    status = 404

    def __init__(self, job_id: str) -> None:
        super().__init__(f"No job has the id {job_id}.")


class PlanNotFoundError(ServiceError):
    """There is no such plan."""

    status = 404

    def __init__(self, content_hash: str) -> None:
        super().__init__(f"No plan has the content hash {content_hash}.")


class PublicationNotFoundError(ServiceError):
    """There is no such publication."""

    status = 404


class EvaluationNotFoundError(ServiceError):
    """There is no such evaluation."""

    status = 404

    def __init__(self, content_hash: str) -> None:
        super().__init__(f"No evaluation has the content hash {content_hash}.")


class TableNotFoundError(ServiceError):
    """The document has no such table."""

    status = 404

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"It has no {name}, but {', '.join(known)}.")


class AnalysisNotFoundError(ServiceError):
    """There is no such analysis."""

    status = 404

    def __init__(self, content_hash: str) -> None:
        super().__init__(f"No analysis has the content hash {content_hash}.")


class UnknownAnalysisError(ServiceError):
    """The registry has no such analysis."""

    status = 404


class FileNotInAnalysisError(ServiceError):
    """The analysis has no such file."""

    status = 404

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"It has no {name}, but {', '.join(known) or 'no file'}.")


class AccountNotFoundError(ServiceError):
    """There is no account with this name."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"No account is called {name}.")


class WebhookNotFoundError(ServiceError):
    """There is no such webhook."""

    status = 404

    def __init__(self, webhook_id: str) -> None:
        super().__init__(f"No webhook has the id {webhook_id}.")


class DeliveryNotFoundError(ServiceError):
    """The webhook has no such delivery."""

    status = 404

    def __init__(self, delivery_id: str) -> None:
        super().__init__(f"No delivery has the id {delivery_id}.")


class TooManyWebhooksError(ServiceError):
    """The organisation has as many webhooks as it may have."""

    status = 409


class JobHasNoPlanError(ServiceError):
    """The job has no plan."""

    status = 404


class RoundNotFoundError(ServiceError):
    """There is no such round."""

    status = 404

    def __init__(self, round_id: str) -> None:
        super().__init__(f"No round has the id {round_id}.")


class RightNotFoundError(ServiceError):
    """The round has no such right."""

    status = 404

    def __init__(self, right: str) -> None:
        super().__init__(f"The round offers no right {right}.")


class OfferNotFoundError(ServiceError):
    """There is no such offer."""

    status = 404

    def __init__(self, right: str) -> None:
        super().__init__(f"You have no offer for {right}.")


class RoundStateError(ServiceError):
    """The state of the round does not allow this."""

    status = 409


class PlanOfOtherCaseError(ServiceError):
    """The plan was not made for the case with all offers."""

    status = 409

    def __init__(self, content_hash: str) -> None:
        super().__init__(
            f"Expected a plan of the case {content_hash}, with any options."
        )


class RightNotHeldError(ServiceError):
    """The participant holds no such right."""

    status = 404

    def __init__(self, right: str) -> None:
        super().__init__(f"You hold no right {right}.")


class TransferNotFoundError(ServiceError):
    """There is no such transfer."""

    status = 404

    def __init__(self, transfer_id: str) -> None:
        super().__init__(f"No transfer for you has the id {transfer_id}.")


class ValuationFailedError(ServiceError):
    """The rights could not be valued."""

    status = 409

    def __init__(self) -> None:
        super().__init__("Its job failed. Another number of scenarios is another job.")


class TransferStateError(ServiceError):
    """The state of the transfer does not allow this."""

    status = 409


class ExplanationOfOtherPlanError(ServiceError):
    """The analysis does not explain the plan."""

    status = 409

    def __init__(self, content_hash: str) -> None:
        super().__init__(f"Expected an analysis `explain` of the plan {content_hash}.")


class ReserveNotFoundError(ServiceError):
    """There is no such reserve."""

    status = 404

    def __init__(self, reserve_id: str) -> None:
        super().__init__(f"No reserve has the id {reserve_id}.")


class EntryNotFoundError(ServiceError):
    """The ledger has no such entry."""

    status = 404

    def __init__(self, entry_hash: str) -> None:
        super().__init__(f"No entry of the reserve has the hash {entry_hash}.")


class LotNotFoundError(ServiceError):
    """The reserve never had such a lot."""

    status = 404

    def __init__(self, lot: str) -> None:
        super().__init__(f"No position of the reserve has a lot {lot}.")


class PredecessorNotLastError(ServiceError):
    """The ledger has gone on: the predecessor is not its last entry."""

    status = 409

    def __init__(self, last: Mapping[str, object]) -> None:
        super().__init__(f"The last entry is number {last['number']}, {last['hash']}.")
        self._last = last

    @property
    def members(self) -> Mapping[str, object]:
        """Say what the last entry is."""
        return {"last": self._last}


class PositionNotLastError(ServiceError):
    """It was made for a position that is not the last one of the ledger."""

    status = 409

    def __init__(self, last: Mapping[str, object] | None) -> None:
        detail = "The ledger has no position."
        if last is not None:
            detail = f"The last position is entry {last['number']}, {last['hash']}."
        super().__init__(detail)
        self._last = last

    @property
    def members(self) -> Mapping[str, object]:
        """Say what the last position is."""
        return {"last": self._last}


class JobHasNoAnswerError(ServiceError):
    """The job has no answer."""

    status = 404


class IllegalTransitionError(ServiceError):
    """The state of the job does not allow this."""

    status = 409


class PreconditionFailedError(ServiceError):
    """It has changed since the client read it."""

    status = 412


class JobLostError(ServiceError):
    """The job was cancelled or given to another process."""

    status = 409


class UnauthenticatedError(ServiceError):
    """The request needs a valid key or token."""

    status = 401

    def __init__(self, *, is_given: bool) -> None:
        # Not why a key is refused: the answer is the same for an unknown one.
        detail = "What it came with is not valid, or no longer." if is_given else ""
        super().__init__(detail)
        self._is_given = is_given

    @property
    def headers(self) -> Mapping[str, str]:
        """Say how to log in (RFC 6750)."""
        error = ', error="invalid_token"' if self._is_given else ""
        return {"WWW-Authenticate": f'Bearer realm="strongroom"{error}'}


class ProviderUnavailableError(ServiceError):
    """The OpenID provider cannot be asked for its keys at the moment."""

    status = 503

    @property
    def headers(self) -> Mapping[str, str]:
        """Say when to try again."""
        return {"Retry-After": "10"}


class ForbiddenError(ServiceError):
    """The account may not do this."""

    status = 403


class CrossSiteRequestError(ForbiddenError):
    """The form was not sent by a page of this server."""


class InsufficientScopeError(ForbiddenError):
    """The key may not be used for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"It needs the scope {scope}.")
        self._scope = scope

    @property
    def headers(self) -> Mapping[str, str]:
        """Name the scope that is missing (RFC 6750)."""
        error = f'error="insufficient_scope", scope="{self._scope}"'
        return {"WWW-Authenticate": f'Bearer realm="strongroom", {error}'}


class QuotaExceededError(ServiceError):
    """There were more requests than are allowed in a minute."""

    status = 429

    def __init__(self, policies: Mapping[str, int], wait_s: int) -> None:
        allowed = " and ".join(f"{n} for its {name}" for name, n in policies.items())
        super().__init__(f"Allowed in a minute: {allowed}.")
        self._policies = tuple(policies)
        self._wait_s = wait_s

    @property
    def headers(self) -> Mapping[str, str]:
        """Say when the next minute begins."""
        return {"Retry-After": str(self._wait_s)}

    @property
    def members(self) -> Mapping[str, object]:
        """Name the quotas that are exceeded."""
        return {"violated-policies": self._policies}


class TooManyJobsError(ServiceError):
    """Too many jobs have not ended."""

    status = 429

    def __init__(self, most: int) -> None:
        super().__init__(f"With this order there would be more than {most}.")

    @property
    def headers(self) -> Mapping[str, str]:
        """Say when to try again."""
        return {"Retry-After": "60"}


class MisdirectedRequestError(ServiceError):
    """The request came by a name of another machine."""

    status = 421

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Without accounts only localhost and loopback addresses are answered, not "
            f"{name}: pages of other sites could make their names lead here."
        )


class MalformedJsonError(ServiceError):
    """The body is not JSON."""

    status = 400


class InvalidIdempotencyKeyError(ServiceError):
    """The Idempotency-Key is invalid."""

    status = 400


class IdempotencyKeyReusedError(ServiceError):
    """The Idempotency-Key was used before with another body."""

    # 422 and not 409 is what the IETF draft on the header asks for.
    status = 422


class BodyTooLargeError(ServiceError):
    """The body is larger than this server accepts."""

    status = 413


class NotAcceptableError(ServiceError):
    """The answer is in no media type that the request accepts."""

    status = 406

    def __init__(self, accepted: str, offered: Sequence[str]) -> None:
        super().__init__(f"It accepts {accepted}; offered: {', '.join(offered)}.")

    @property
    def headers(self) -> Mapping[str, str]:
        """Say that another Accept header may have another answer."""
        return {"Vary": "Accept"}


class UnsupportedMediaTypeError(ServiceError):
    """The body must be sent as application/json."""

    status = 415

    @property
    def headers(self) -> Mapping[str, str]:
        """Name the accepted media type."""
        return {"Accept-Post": "application/json"}


class UnknownContentCodingError(ServiceError):
    """The body has a coding that this server does not read."""

    status = 415

    def __init__(self, given: str, known: Sequence[str]) -> None:
        super().__init__(f"It came as {given}; read are {', '.join(known)}.")
        self._known = known

    @property
    def headers(self) -> Mapping[str, str]:
        """Name the codings that are read (RFC 9110, 12.5.3)."""
        return {"Accept-Encoding": ", ".join(self._known)}


class MalformedContentError(ServiceError):
    """The body is not in the coding that it names."""

    status = 400


class MalformedOrderError(ServiceError):
    """The order has mistakes."""

    status = 422

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        shown = [str(mistake) for mistake in mistakes[:NUMBER_OF_MISTAKES_SHOWN]]
        if len(mistakes) > len(shown):
            shown.append(f"and so on, {len(mistakes)} in all")
        super().__init__("; ".join(shown))
        self.mistakes = tuple(mistakes)


class DamagedDocumentError(ServiceError):
    """A stored document does not match its content hash."""


class ObjectNotFoundError(ServiceError):
    """An object that a row refers to is missing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No object has the SHA-256 {name}.")


class StoreUnavailableError(ServiceError):
    """The database does not answer at the moment."""

    status = 503

    def __init__(self) -> None:
        super().__init__("Nothing of the request was stored. Try again later.")

    @property
    def headers(self) -> Mapping[str, str]:
        """Say when to try again."""
        return {"Retry-After": "10"}


class ObjectsUnavailableError(StoreUnavailableError):
    """The folder or bucket of tables cannot be reached at the moment."""


class StoreFullError(StoreUnavailableError):
    """The disk of the database is full."""

    status = 507


class OperatorError(ServiceError):
    """A setting or file of the operator cannot be used."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        self.mistake = Mistake(where, found, expected)
        super().__init__(f"{where}: {found}, expected {expected}.")


class StoreUnusableError(OperatorError):
    """The server cannot work with this store."""


class AccountUnusableError(OperatorError):
    """The account or key cannot be used for this."""

    status = 409


class LoginMissingError(OperatorError):
    """Other machines could use the server without login."""


class StoreNotEmptyError(OperatorError):
    """The store is not empty."""


class DamagedBackupError(OperatorError):
    """The backup is damaged."""
