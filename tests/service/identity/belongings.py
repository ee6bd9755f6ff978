"""What an organisation has: one of everything that a request can name."""

import datetime as dt
from typing import NamedTuple

from sqlmodel import Session, select

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from models.round import RoundRight
from models.tables import Batch, JobState, Round
from service.api.context import Context
from service.jobs.submission import SolveOrder, case_of, submit
from service.jobs.transitions import Claim, claim_job, succeed
from service.rounds.conduct import open_round
from service.store.analyses import AnalysisRepository, AnalysisSubject, StoredFile
from service.store.audit_log import AuditTrail, Author
from service.store.evaluations import EvaluationRepository, StoredTable
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from service.store.progress import ProgressRepository
from service.store.rounds import RoundRepository
from tests.service.conftest import StoreKit
from tests.service.fake_solver import plan_of
from tests.service.store.conftest import TABLE, evaluation_of, store_batch

AUTHOR = Author("somebody", "a request")
FILE_NAME = "scenarios"
RIGHT = "a-right"


class Belongings(NamedTuple):
    """Names of what an organisation has, by the noun of its path."""

    cases: str
    jobs: str
    batches: str
    plans: str
    evaluations: str
    analyses: str
    rounds: str

    def path(self, template: str) -> str:
        """Return a path of the interface that leads to one of them."""
        steps = [x for x in template.split("/") if x != "own"]
        noun = steps[2] if len(steps) > 2 else ""
        name = getattr(self, noun) if "{" in template else ""
        first, _, rest = template.partition("{")
        path = first + name + rest.partition("}")[2]
        return path.replace("{name}", FILE_NAME).replace("{right}", RIGHT)


def belongings_of(context: Context, instance: Instance) -> Belongings:
    """Store one of everything for the organisation of the context; return the names."""
    kit = StoreKit(context.database, instance, context.clock)
    kit.put_case()
    job_id = _solved_job(kit)
    with kit.transaction() as session:
        job = JobRepository(session).get(job_id)
        assert job.plan_hash is not None
        plan = Plan.model_validate_json(PlanRepository(session).text(job.plan_hash))
        stored = StoredTable(
            sha256=context.objects.put(TABLE), number_of_bytes=len(TABLE)
        )
        evaluation = EvaluationRepository(session).put(
            evaluation_of(plan), {FILE_NAME: stored}, at=kit.clock()
        )
        of_plan = AnalysisSubject("explain", job.solved_case_hash, job.plan_hash)
        file = StoredFile(**stored.model_dump(), media_type="text/plain")
        analysis = AnalysisRepository(session).put(
            of_plan, {}, {FILE_NAME: file}, at=kit.clock()
        )
    store_batch(kit)
    with kit.transaction() as session:
        round_id = an_open_round(session, kit.instance).id
    with kit.reading() as session:
        batch = session.exec(select(Batch)).one()
    return Belongings(
        instance.content_hash,
        job_id,
        batch.id,
        plan.content_hash,
        evaluation,
        analysis,
        round_id,
    )


def an_open_round(session: Session, case: Instance) -> Round:
    """Open a round for a right to the first material of a stored case."""
    right = RoundRight(
        id=RIGHT, material=case.materials[0].id, inventory_price_factor=1.0
    )
    return open_round(
        session,
        case,
        name="A round",
        rights=[right],
        participants=(),
        closes_at=RoundRepository(session).now() + dt.timedelta(days=1),
    )


def _solved_job(kit: StoreKit) -> str:
    """Return a job that SUCCEEDED, with a line in its log."""
    with kit.transaction() as session:
        order = SolveOrder(kit.instance.content_hash, {"seed": 5})
        case = case_of(session, order)
        job, _ = submit(session, order, case, kit.clock)
        claim = claim_job(session, job.id, job.ticket, "a worker", kit.clock)
        assert isinstance(claim, Claim)
        record = ProgressRecord(seconds=0.1, stage="solve")
        ProgressRepository(session).append(job, [record], at=kit.clock())
        found = Outcome(
            termination=Termination.OPTIMAL, plan=plan_of(case), seconds=0.5
        )
        succeed(session, claim, found, kit.clock)
        assert job.state is JobState.SUCCEEDED
        AuditTrail(session, AUTHOR, kit.clock()).add("submit", "job", job.id)
        return job.id
