"""One attempt at a job: what its process says goes to the store as it comes.

Only the server writes. A process that is ended in the midst of a word leaves no half
row behind, and a solver gone mad cannot reach the database.
"""

import logging
import threading
from collections.abc import Callable

from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from service.clock import Clock
from service.errors import JobLostError
from service.jobs.lessons import keep_lesson
from service.jobs.messages import Failure, Learned
from service.jobs.process import (
    PATIENCE_S,
    PATIENCE_WITHOUT_PLAN_S,
    SolvingProcess,
)
from service.jobs.progress import ProgressLog
from service.jobs.queue import Claim, keep_incumbent
from service.store.database import Database

NOT_KEPT = "What the solve found could not be stored."

logger = logging.getLogger(__name__)


class Attempt:
    """A process and a thread that listens to it.

    ending is the answer, or why there is none; it counts once the attempt has ended.
    """

    def __init__(
        self,
        database: Database,
        claim: Claim,
        process: SolvingProcess,
        clock: Clock,
        on_end: Callable[[], None],
    ) -> None:
        self.claim = claim
        self.ending: Outcome | str = ""
        self._database = database
        self._process = process
        self._clock = clock
        self._on_end = on_end
        self._has_plan = False
        self._is_asked_to_end = False
        self._thread = threading.Thread(
            target=self._listen, name=f"job {claim.job_id}", daemon=True
        )
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether the process, and all that it started, is gone."""
        return not self._thread.is_alive()

    def finish(self) -> None:
        """Have the process end with its best plan, or in the end without; go on."""
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
        """End the process now, and wait until it is gone."""
        self._process.kill()
        self._thread.join()

    def _listen(self) -> None:
        try:
            self.ending = self._hear()
        except JobLostError as error:
            logger.info("job %s: %s", self.claim.job_id, error)
        except Exception:
            logger.exception("job %s: %s", self.claim.job_id, NOT_KEPT)
            self.ending = NOT_KEPT
        finally:
            self._process.kill()
            self._on_end()

    def _hear(self) -> Outcome | str:
        log = ProgressLog(self._database, self.claim, self._clock)
        ending: Outcome | str | None = None
        for message in self._process.messages():
            match message:
                case ProgressRecord():
                    log(message)
                case Plan():
                    self._has_plan = True
                    with self._database.transaction() as session:
                        keep_incumbent(session, self.claim, message, self._clock)
                case Learned():
                    with self._database.transaction() as session:
                        keep_lesson(session, self.claim, message, self._clock)
                case Outcome():
                    ending = message
                case Failure():
                    ending = message.reason
        log.flush()
        return ending or self._process.describe_end()
