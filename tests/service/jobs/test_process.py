import json
import os
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from models.content import canonical_json
from models.failure import Failure
from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from service.jobs.messages import Message
from service.jobs.process import SolvingProcess
from service.jobs.worker_config import WorkerConfig
from tests.service.fake_solver import (
    DEAF_SOLVER,
    FROZEN_SOLVER,
    HEAVY_MODULES,
    OVERHEARD_SOLVER,
    SOLVER,
    Behaviour,
    incumbent_of,
)
from tests.service.processes import processes_of_session, ran
from tests.service.waiting import wait_until

Start = Callable[..., SolvingProcess]
MEMORY_LIMIT_BYTES = 400_000_000
OUT_OF_MEMORY = "Out of memory: the solve needs more than the 0.4 GB"


@pytest.fixture
def start(instance: Instance) -> Generator[Start]:
    """Yield what starts a process that solves the tiny case; all are ended."""
    started: list[SolvingProcess] = []

    def begin(
        behaviour: Behaviour = Behaviour.SOLVE, solver: str = SOLVER
    ) -> SolvingProcess:
        options = instance.options.model_copy(update={"seed": int(behaviour)})
        case = canonical_json(instance.model_copy(update={"options": options}))
        config = WorkerConfig(solver, memory_limit_bytes=MEMORY_LIMIT_BYTES)
        started.append(SolvingProcess.start(config.task(case)))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.failure()


def _until(messages: Iterator[Message], kind: type[Message]) -> Message:
    """Return the first message of a kind; more may follow."""
    return next(message for message in messages if isinstance(message, kind))


def test_a_process_says_what_it_finds_in_order(start: Start) -> None:
    """A report comes first, the answer last."""
    report, answer = start().messages()
    assert isinstance(report, ProgressRecord)
    assert report.message == "here we go"
    assert isinstance(answer, Outcome)
    assert answer.plan is not None


def test_a_plan_comes_as_it_was_found(start: Start, instance: Instance) -> None:
    """It has the same hash on both sides."""
    messages = start(Behaviour.GO_ON_UNTIL_ASKED).messages()
    plan = _until(messages, Plan)
    assert isinstance(plan, Plan)
    seed = int(Behaviour.GO_ON_UNTIL_ASKED)
    options = instance.options.model_copy(update={"seed": seed})
    solved = instance.model_copy(update={"options": options})
    assert plan.content_hash == incumbent_of(solved).content_hash


def test_what_a_solve_needs_is_loaded_before_it_begins(start: Start) -> None:
    """The solver here loads none of it, so the fork server had it."""
    messages = start(solver=DEAF_SOLVER).messages()
    report = _until(messages, ProgressRecord)
    assert isinstance(report, ProgressRecord)
    assert report.message.split() == list(HEAVY_MODULES)


def test_who_is_asked_to_finish_ends_with_its_best_plan(start: Start) -> None:
    """The answer has the plan and what is proved by then."""
    process = start(Behaviour.GO_ON_UNTIL_ASKED)
    messages = process.messages()
    _until(messages, Plan)
    process.end_in_stages()
    answer = _until(messages, Outcome)
    assert isinstance(answer, Outcome)
    assert answer.termination is Termination.INTERRUPTED
    assert answer.plan is not None
    assert answer.plan.promise.lower_bound_usd == 2.0


def test_who_does_not_listen_is_ended_at_the_second_word(start: Start) -> None:
    """It ends by itself, and what it had started with it."""
    process = start(solver=DEAF_SOLVER)
    messages = process.messages()
    _until(messages, ProgressRecord)
    assert len(processes_of_session(process.pid)) == 2
    process.end_in_stages((0.0, 60.0))
    assert list(messages) == []
    assert process.failure().reason.endswith("exit status 143.")
    wait_until(lambda: not processes_of_session(process.pid))


def test_the_second_word_is_heard_by_whichever_thread_receives_it(start: Start) -> None:
    """The system gives a signal to another thread if the first has one to look at."""
    process = start(solver=OVERHEARD_SOLVER)
    _until(process.messages(), ProgressRecord)
    wait_until(lambda: not processes_of_session(process.pid))
    assert process.failure().reason.endswith("exit status 143.")


def test_who_cannot_listen_is_killed(start: Start) -> None:
    """A process that is stopped answers no signal but one."""
    process = start(solver=FROZEN_SOLVER)
    messages = process.messages()
    _until(messages, ProgressRecord)
    process.end_in_stages((0.0, 0.0))
    assert list(messages) == []
    assert "SIGKILL" in process.failure().reason


def test_a_kill_takes_what_the_process_started_as_well(start: Start) -> None:
    """A solver that started others leaves none of them behind."""
    process = start(solver=DEAF_SOLVER)
    messages = process.messages()
    _until(messages, ProgressRecord)
    process.kill()
    assert list(messages) == []
    wait_until(lambda: not processes_of_session(process.pid))


def test_a_crash_leaves_nothing_that_the_process_started(start: Start) -> None:
    """Nothing else would end them."""
    process = start(solver=DEAF_SOLVER)
    messages = process.messages()
    _until(messages, ProgressRecord)
    os.kill(process.pid, signal.SIGSEGV)
    assert list(messages) == []
    assert process.failure().reason == "The solver crashed (signal 11, SIGSEGV)."
    wait_until(lambda: not processes_of_session(process.pid))


def test_a_process_that_wants_too_much_memory_says_so(start: Start) -> None:
    """The allocation fails, not the machine."""
    *_, failure = start(Behaviour.TAKE_ALL_MEMORY).messages()
    assert isinstance(failure, Failure)
    assert failure.reason.startswith(OUT_OF_MEMORY)


def test_processes_that_have_too_much_together_are_ended(start: Start) -> None:
    """Each of the three is within the limit."""
    process = start(Behaviour.HAVE_OTHERS_TAKE_MEMORY)
    assert all(isinstance(m, ProgressRecord) for m in process.messages())
    assert process.failure().reason.startswith(OUT_OF_MEMORY)
    wait_until(lambda: not processes_of_session(process.pid))


def test_an_unknown_solver_is_reported(start: Start) -> None:
    """Nothing is left to be guessed from an exit status."""
    (failure,) = start(solver="no_such_module:solve").messages()
    assert isinstance(failure, Failure)
    assert "No module named 'no_such_module'" in failure.reason


def test_a_process_has_no_file_of_the_server(start: Start) -> None:
    """Beside standard streams it has pipes, sockets and the device that is nowhere."""
    process = start(solver=DEAF_SOLVER)
    _until(process.messages(), ProgressRecord)
    opened = Path(f"/proc/{process.pid}/fd").iterdir()
    files = {str(entry.readlink()) for entry in opened if int(entry.name) > 2}
    assert all(file.startswith(("pipe:", "socket:", "/dev/")) for file in files)


def test_two_processes_work_side_by_side(start: Start) -> None:
    """Each has its own pipe; the end of one is not that of the other."""
    first, second = (start(Behaviour.GO_ON_UNTIL_ASKED) for _ in range(2))
    heard = first.messages(), second.messages()
    for messages in heard:
        _until(messages, Plan)
    first.end_in_stages()
    answer = _until(heard[0], Outcome)
    assert processes_of_session(second.pid)
    second.end_in_stages()
    assert _until(heard[1], Outcome) == answer


PROGRAM = """
import sys
from service.jobs.process import SolvingProcess
from service.jobs.worker_config import WorkerConfig
config = WorkerConfig(sys.argv[1], log_format="json")
process = SolvingProcess.start(config.task(sys.stdin.read(), "j-1", 2))
for message in process.messages():
    print(type(message).__name__)
"""


def test_log_lines_of_a_solve_name_its_job(instance: Instance) -> None:
    """They have the form that the settings ask for, job and attempt."""
    options = instance.options.model_copy(update={"seed": int(Behaviour.RAISE)})
    case = canonical_json(instance.model_copy(update={"options": options}))
    ended = ran(PROGRAM, SOLVER, stdin=case)
    assert ended.stdout.split() == ["ProgressRecord", "Failure"]
    (line,) = map(json.loads, ended.stderr.splitlines())
    assert (line["job"], line["attempt"], line["level"]) == ("j-1", 2, "error")
    assert "the solver lost its way" in line["exception"]
