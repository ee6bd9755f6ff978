"""What can go wrong, as exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass

from strongroom_client.answers import JobResource, OwnJobResource

MISTAKES_SHOWN = 10


class StrongroomError(Exception):
    """A call did not have the result that it should have."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in what was sent: where it is, what is there and what was expected.

    pointer: the place as a JSON pointer into the body; None for a parameter.
    """

    path: str
    value: object
    expected: str
    pointer: str | None = None

    def __str__(self) -> str:
        return f"{self.path}: is {self.value!r}, expected {self.expected}"


class ProblemError(StrongroomError):
    """The server refused a request. It answers with a problem document (RFC 9457).

    `slug` is the stable name of what went wrong, the end of `type`; `title` and
    `detail` are for people. The log of the server has `request_id` in each line about
    the request.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        *,
        type: str = "about:blank",  # noqa: A002 - the name in RFC 9457
        mistakes: Sequence[Mistake] = (),
        request_id: str | None = None,
    ) -> None:
        super().__init__(status, title, detail)
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.mistakes = tuple(mistakes)
        self.request_id = request_id

    @property
    def slug(self) -> str:
        """The stable name: "case-not-found"; empty if a proxy answered."""
        return self.type.rpartition("#")[2] if "#" in self.type else ""

    def __str__(self) -> str:
        # The detail only repeats mistakes or counts them.
        detail = "" if self.mistakes else self.detail
        lines = [" ".join(x for x in (str(self.status), self.title, detail) if x)]
        lines += [f"  {mistake}" for mistake in self.mistakes[:MISTAKES_SHOWN]]
        more = len(self.mistakes) - MISTAKES_SHOWN
        return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)


class InvalidRequestError(ProblemError):
    """The request has mistakes: 400, 413, 415 or 422."""


class UnauthenticatedError(ProblemError):
    """The request needs a valid key or token: 401."""


class ForbiddenError(ProblemError):
    """The account may not do this: 403."""


class NotFoundError(ProblemError):
    """There is no such thing: 404."""


class ConflictError(ProblemError):
    """The present state does not allow this: 409 or 412."""


class UnavailableError(ProblemError):
    """The server cannot do it at the moment: 429, 502, 503, 504 or 507."""


class UnreachableError(StrongroomError):
    """No answer came. `was_sent`: whether the request may have been carried out."""

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        self.was_sent = was_sent


class TokenMissingError(StrongroomError):
    """The function that gives tokens gave none that can be sent."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class UnexpectedAnswerError(StrongroomError):
    """The answer is none of Strongroom, or of another version of it."""


class JobEndedError(StrongroomError):
    """The job FAILED or was CANCELLED. `job` is its last state."""

    def __init__(self, job: JobResource | OwnJobResource) -> None:
        super().__init__(f"Job {job.id} is {job.state}. {job.failure or ''}".strip())
        self.job = job


class JobUnfinishedError(StrongroomError):
    """The job or batch had not ended when the time was up. It goes on."""
