"""One attempt at a job: messages of its process go to the store as they come.

Only the worker writes. While the database does not answer, it keeps progress, the
latest plan, parts of an answer and the answer; warm starts are dropped. A process that
is killed leaves no half-written row, and no solver can reach the database.
"""

import logging
import threading
from collections.abc import Callable

from models.failure import Failure
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from service.clock import Clock
from service.errors import JobLostError, StoreUnavailableError
from service.jobs.analyses import KeptAnalysis, keep_files
from service.jobs.evaluations import KeptEvaluation, keep_tables
from service.jobs.failures import NOT_STORED
from service.jobs.messages import (
    Analysed,
    Evaluated,
    PartFound,
    PortionDone,
    WarmStartFound,
)
from service.jobs.portions import keep_parts
from service.jobs.process import (
    PATIENCE_S,
    PATIENCE_WITHOUT_PLAN_S,
    SolvingProcess,
)
from service.jobs.progress import ProgressWriter
from service.jobs.transitions import Claim, claimed, keep_incumbent
from service.jobs.warm_starts import keep_warm_start
from service.store.opening import Store

Kept = KeptEvaluation | KeptAnalysis
Ending = Outcome | Kept | PortionDone | Failure

PAUSE_S, LONGEST_WAIT_FOR_DATABASE_S = 0.5, 120.0

logger = logging.getLogger(__name__)


class Attempt:
    """A process, and a thread that receives its messages.

    ending is the answer or the failure; it counts once the attempt has ended.
    """

    def __init__(
        self,
        store: Store,
        claim: Claim,
        process: SolvingProcess,
        clock: Clock,
    ) -> None:
        self.claim = claim
        self.ending: Ending = NOT_STORED
        self._database = store.database.within(claim.organisation)
        self._objects = store.objects
        self._process = process
        self._clock = clock
        self.was_killed = False
        self.was_lost = False
        self._has_plan = False
        self._plan: Plan | None = None
        self._parts: list[PartFound] = []
        self._found: Evaluated | Analysed | None = None
        self._kept: Kept | None = None
        self._waited_s = 0.0
        self._is_asked_to_end = False
        self._thread = threading.Thread(
            target=self._run, name=f"job {claim.job_id}", daemon=True
        )
        self._thread.start()

    def ends_within(self, seconds: float) -> bool:
        """Return whether the process, and all that it started, ends by then."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def finish(self) -> None:
        """Ask the process to end with its best plan, and return at once."""
        if not self._is_asked_to_end:
            self._is_asked_to_end = True
            patience_s = PATIENCE_S if self._has_plan else PATIENCE_WITHOUT_PLAN_S
            threading.Thread(
                target=self._process.end_in_stages,
                args=(patience_s,),
                name="ending",
                daemon=True,
            ).start()

    def kill(self) -> None:
        """Kill the process and wait; its ending counts only if it had ended before."""
        self.was_killed = not self.ends_within(0)
        self._process.kill()
        self._thread.join()

    def _run(self) -> None:
        try:
            self.ending = self._receive()
        except JobLostError as error:
            self.was_lost = True
            logger.info("job %s: %s", self.claim.job_id, error)
        except Exception:
            logger.exception("job %s: %s", self.claim.job_id, NOT_STORED.reason)
            self.ending = NOT_STORED
        finally:
            self._process.kill()

    def _receive(self) -> Ending:
        log = ProgressWriter(self._database, self.claim, self._clock)
        ending: Outcome | PortionDone | Failure | None = None
        for message in self._process.messages():
            match message:
                case Outcome() | PortionDone() | Failure():
                    ending = message
                case _:
                    self._note(message, log)
            self._try_to(self._keep_plan)
            self._try_to(self._keep_parts)
        # Without an answer the best plan that was found is kept, and so are parts.
        last = (log.flush, self._keep_plan, self._keep_parts, self._keep_objects)
        while not all(self._try_to(write) for write in last):
            if self._pause():
                break
        if self._found is not None:
            return self._kept or NOT_STORED
        return ending or self._process.failure()

    def _note(
        self,
        message: ProgressRecord
        | Plan
        | PartFound
        | Evaluated
        | Analysed
        | WarmStartFound,
        log: ProgressWriter,
    ) -> None:
        match message:
            case ProgressRecord():
                self._try_to(lambda: log(message))
            case Plan():
                self._has_plan = True
                self._plan = message
            case PartFound():
                self._parts.append(message)
            case Evaluated() | Analysed():
                self._found = message
            case WarmStartFound():
                self._try_to(lambda: self._keep_warm_start(message))

    def _keep_plan(self) -> None:
        if self._plan is not None:
            with self._database.transaction() as session:
                keep_incumbent(session, self.claim, self._plan, self._clock)
            self._plan = None

    def _keep_parts(self) -> None:
        if self._parts:
            with self._database.transaction() as session:
                keep_parts(session, self.claim, self._parts, self._clock)
            self._parts.clear()

    def _keep_objects(self) -> None:
        """Store tables or files of an answer, before the row that refers to them."""
        if self._found is None or self._kept is not None:
            return
        with self._database.reading() as session:
            claimed(session, self.claim)
        if isinstance(self._found, Evaluated):
            self._kept = keep_tables(self._objects, self._found)
        else:
            self._kept = keep_files(self._objects, self._found)

    def _keep_warm_start(self, found: WarmStartFound) -> None:
        with self._database.transaction() as session:
            keep_warm_start(session, self.claim, found, self._clock)

    def _try_to(self, write: Callable[[], None]) -> bool:
        """Call write; return whether the database answered."""
        try:
            write()
        except StoreUnavailableError:
            return False
        return True

    def _pause(self) -> bool:
        """Wait for the store; return whether to give up."""
        self._waited_s += PAUSE_S
        threading.Event().wait(PAUSE_S)
        return self.was_killed or self._waited_s >= LONGEST_WAIT_FOR_DATABASE_S
