"""What an organisation has: one of everything that a request can name."""

import datetime as dt
from typing import NamedTuple

from sqlmodel import Session, select

from models.instance import Instance
from models.opening_position import OpeningPosition, StockLot
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from models.round import RoundRight
from models.tables import Batch, EntryKind, JobState, Round
from models.webhook import EventType
from service.analyses.parameters import ParticipantParameters
from service.analyses.registry import ANALYSES
from service.api.context import Context
from service.jobs.analyses import (
    AnalysisOrder,
    KeptAnalysis,
    conclude_analysis,
    submit_analysis,
)
from service.jobs.submission import OwnOrder, SolveOrder, case_of, submit
from service.jobs.transitions import Claim, claim_job, succeed
from service.reserves.content import EntryContent
from service.reserves.entering import (
    NewEntry,
    append_entry,
    checked_entry,
    open_reserve,
)
from service.rounds.conduct import open_round
from service.store.analyses import AnalysisRepository, AnalysisSubject, StoredFile
from service.store.audit_log import AuditTrail, Author
from service.store.cases import CaseRepository
from service.store.evaluations import EvaluationRepository, StoredTable
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from service.store.progress import ProgressRepository
from service.store.publications import PublicationRepository
from service.store.rounds import RoundRepository
from service.webhooks.changing import WebhookChanges
from tests.service.conftest import StoreKit
from tests.service.fake_solver import plan_of
from tests.service.store.conftest import TABLE, evaluation_of, store_batch

AUTHOR = Author("somebody", "a request")
FILE_NAME = "scenarios"
RIGHT = "a-right"
LOT = "a-lot"
# The participant in the case of the tests, and another one.
PARTICIPANT, RIVAL = "maker", "rival"


class Belongings(NamedTuple):
    """Names of what an organisation has, by the noun of its path.

    own_plans and own_jobs are those of PARTICIPANT.
    """

    cases: str
    jobs: str
    batches: str
    plans: str
    evaluations: str
    analyses: str
    rounds: str
    own_plans: str
    own_jobs: str
    webhooks: str
    reserves: str
    entries: str

    def path(self, template: str) -> str:
        """Return a path of the interface that leads to one of them."""
        noun = template.partition("{")[0].removeprefix("/v1/").strip("/")
        noun = noun.replace("/", "_")
        if noun not in self._fields:
            # Rounds are the same for all who take part.
            noun = noun.removeprefix("own_")
        name = getattr(self, noun) if "{" in template else ""
        first, _, rest = template.partition("{")
        path = first + name + rest.partition("}")[2]
        # The delivery of a webhook has its name here.
        path = path.replace("{delivery_id}", name)
        path = path.replace("{entry_hash}", self.entries).replace("{lot}", LOT)
        # Some files are called like an analysis.
        path = path.replace("/analyses/{name}", "/analyses/none")
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
    own_plan, own_job = own_of(kit, plan.content_hash)
    store_batch(kit)
    with kit.transaction() as session:
        round_id = an_open_round(session, kit.instance).id
        webhook_id = _a_webhook(session, kit)
    reserve_id, entry_hash = a_reserve(kit)
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
        own_plan,
        own_job,
        webhook_id,
        reserve_id,
        entry_hash,
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


def a_reserve(kit: StoreKit) -> tuple[str, str]:
    """Open a reserve that has a lot; return its id and the hash of the entry."""
    case = with_stock(kit.instance)
    with kit.transaction() as session:
        CaseRepository(session).put(case, is_listed=False, at=kit.clock())
        reserve = open_reserve(session, "A reserve", kit.clock())
        content = EntryContent(case=case.content_hash)
        new = NewEntry(reserve.head, EntryKind.POSITION, content)
        entry = checked_entry(
            session, reserve.id, new, account="somebody", at=kit.clock()
        )
        append_entry(session, reserve.id, entry)
        return reserve.id, entry.entry_hash


def with_stock(case: Instance, **fields: object) -> Instance:
    """Return a case with a lot of its first material; fields: those of the lot."""
    lot = StockLot(
        id=LOT,
        material=case.materials[0].id,
        tonnes=2.0,
        arrival=case.horizon.start,
        mining_country="AUS",
        refining_country="MYS",
    )
    stock = (lot.model_copy(update=fields),)
    return case.model_copy(update={"position": OpeningPosition(stock=stock)})


def own_of(
    kit: StoreKit, plan_hash: str, participant: str = PARTICIPANT
) -> tuple[str, str]:
    """Publish a plan to a participant, which orders something of it; return the ids."""
    with kit.transaction() as session:
        publications = PublicationRepository(session)
        publications.publish(plan_hash, [PARTICIPANT, RIVAL], "A plan", at=kit.clock())
    with kit.transaction() as session:
        (publication,) = (
            x
            for x in PublicationRepository(session).of_plan(plan_hash)
            if x.participant == participant
        )
        order = AnalysisOrder(
            ANALYSES["participant"],
            ParticipantParameters(participant=participant),
            plan_hash,
            own=OwnOrder(participant, publication.id),
        )
        job, _ = submit_analysis(session, order, kit.clock)
        claim = claim_job(session, job.id, job.ticket, "a worker", kit.clock)
        assert isinstance(claim, Claim)
        record = ProgressRecord(seconds=0.1, stage="participant")
        ProgressRepository(session).append(job, [record], at=kit.clock())
        answer = KeptAnalysis({"participant": participant}, {})
        conclude_analysis(session, claim, answer, kit.clock)
        return publication.id, job.id


def _a_webhook(session: Session, kit: StoreKit) -> str:
    """Return the id of a webhook that was pinged once."""
    changes = WebhookChanges(session, AUTHOR, kit.clock())
    url, events = "https://hooks.example.com/", [EventType.BATCH_FINISHED]
    webhook = changes.create("", url, events)
    changes.ping(webhook.id).id = webhook.id
    return webhook.id


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
