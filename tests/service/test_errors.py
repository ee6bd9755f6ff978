import pytest

from service.errors import (
    BodyTooLargeError,
    CaseNotFoundError,
    IllegalTransitionError,
    JobHasNoPlanError,
    ServiceError,
)


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (BodyTooLargeError(), "body-too-large"),
        (JobHasNoPlanError(), "job-has-no-plan"),
    ],
)
def test_the_class_names_the_kind_of_problem(error: ServiceError, slug: str) -> None:
    """Clients distinguish problems by it."""
    assert error.slug() == slug


def test_the_message_is_what_the_class_says_and_the_detail() -> None:
    """Both stand in a log."""
    assert str(CaseNotFoundError("abc")) == (
        "There is no such case. No case has the content hash abc."
    )


def test_an_error_without_detail_has_a_message() -> None:
    """The message of the class is enough."""
    assert str(IllegalTransitionError()) == "The state of the job does not allow this."
