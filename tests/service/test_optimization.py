"""Cases that are solved one after the other."""

from typing import Any, cast

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.reading import read_instance
from service.casefiles import load
from service.optimization import solve_all


def two_materials(**options: object) -> Instance:
    """Return the small case with other options."""
    case = cast("dict[str, Any]", load("two_materials"))
    return read_instance({**case, "options": {**case.get("options", {}), **options}})


def test_a_failure_does_not_stop_the_rest() -> None:
    """What is no case cannot be solved; the cases around it are."""
    no_case = cast("Instance", None)
    answers: list[Outcome | str] = []
    solve_all(
        [two_materials(), no_case, two_materials(seed=2)],
        answers.append,
        lambda: False,
        executor="here",
    )
    first, failure, last = answers
    assert isinstance(failure, str)
    assert "AttributeError" in failure
    for answer in (first, last):
        assert isinstance(answer, Outcome)
        assert answer.termination in {Termination.OPTIMAL, Termination.GAP_REACHED}


def test_what_comes_after_an_interruption_is_left_out() -> None:
    """Asked after the second answer, the third case is not solved."""
    answers: list[Outcome | str] = []
    solve_all(
        [two_materials(seed=seed) for seed in range(3)],
        answers.append,
        lambda: len(answers) > 1,
        executor="here",
    )
    assert len(answers) == 2
