from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tables import JobState
from service.errors import IllegalTransitionError
from service.jobs.states import TRANSITIONS, advance, is_finished

DRAWN = {
    ("QUEUED", "RUNNING"),
    ("QUEUED", "CANCELLED"),
    ("RUNNING", "SUCCEEDED"),
    ("RUNNING", "FAILED"),
    ("RUNNING", "CANCELLED"),
    ("RUNNING", "QUEUED"),
}


@pytest.mark.parametrize("following", JobState)
@pytest.mark.parametrize("current", JobState)
def test_only_what_is_drawn_is_allowed(current: JobState, following: JobState) -> None:
    """Each pair of states is an edge of the drawing or an error."""
    if (current, following) in DRAWN:
        assert advance(current, following) is following
    else:
        with pytest.raises(IllegalTransitionError):
            advance(current, following)


def test_every_state_is_drawn() -> None:
    """A new state needs its transitions."""
    assert set(TRANSITIONS) == set(JobState)


def test_a_finished_job_leads_nowhere() -> None:
    """Three states are ends."""
    ends = {state for state in JobState if is_finished(state)}
    assert ends == {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


def test_the_refusal_says_what_is_allowed() -> None:
    """The error names the allowed transitions."""
    with pytest.raises(IllegalTransitionError, match="CANCELLED, RUNNING"):
        advance(JobState.QUEUED, JobState.SUCCEEDED)


@given(st.lists(st.sampled_from(list(JobState))))
def test_no_sequence_of_calls_leaves_the_graph(specs: list[JobState]) -> None:
    """Whichever calls are made, only drawn transitions happen."""
    way = [JobState.QUEUED]
    for spec in specs:
        try:
            way.append(advance(way[-1], spec))
        except IllegalTransitionError:
            continue
    assert set(pairwise(way)) <= DRAWN
