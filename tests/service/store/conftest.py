"""A store with something of everything, and what it holds."""

import base64
import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.evaluation import Evaluation
from models.financing_view import FinancingFans
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from models.tables import (
    DEFAULT_ORGANISATION,
    BrowserSession,
    EntryKind,
    Job,
    JobState,
    LedgerEntry,
    LedgerKind,
    PlanDocument,
    Priority,
    Reserve,
    ReserveEntry,
    RightTransfer,
    Role,
    Round,
    RoundOffer,
    Row,
    Scope,
)
from models.trajectories import Fan
from models.webhook import EventType
from service.analyses.parameters import RehearseParameters
from service.analyses.registry import ANALYSES
from service.batches.control import cancel_batch
from service.batches.order import BatchOrder
from service.batches.submission import case_of as case_of_batch
from service.batches.submission import expand, submit_batch
from service.identity.administration import Administration
from service.jobs.analyses import AnalysisOrder, submit_analysis
from service.jobs.messages import PartFound, WarmStartFound
from service.jobs.portions import keep_parts
from service.jobs.submission import SolveOrder, case_of, submit
from service.jobs.transitions import cancel, claim_job, fail, keep_incumbent, succeed
from service.jobs.warm_starts import keep_warm_start
from service.store.analyses import AnalysisRepository, AnalysisSubject, StoredFile
from service.store.audit_log import AuditTrail, Author
from service.store.browser_sessions import BrowserSessionRepository
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.evaluations import EvaluationRepository, StoredTable
from service.store.jobs import JobRepository
from service.store.opening import Store
from service.store.plans import PlanRepository
from service.store.portions import PortionRepository
from service.store.progress import ProgressRepository
from service.store.publications import PublicationRepository
from service.store.reserves import ReserveLedger, ReserveRepository
from service.webhooks.changing import WebhookChanges
from tests.service.claiming import claim_next
from tests.service.conftest import StoreKit
from tests.service.fake_solver import CRASHED, incumbent_of, plan_of

Held = dict[str, list[tuple[object, ...]]]
Ended = Callable[[int, JobState], str]
AUTHOR = Author("somebody", "a request")
TABLE = b"columns and rows"
PICTURE = b"a picture"


def held(database: Database) -> Held:
    """Return every row of every table as the driver gives it, UTC without its name."""
    with database.reading() as session:
        return {
            table.name: [
                tuple(
                    cell.isoformat() if isinstance(cell, dt.datetime) else cell
                    for cell in row
                )
                for row in session.connection().execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                )
            ]
            for table in Row.metadata.sorted_tables
        }


def end(kit: StoreKit, seed: int, state: JobState) -> str:
    """Queue a job with a seed, and let it come to a state."""
    with kit.transaction() as session:
        CaseRepository(session).put(kit.instance, is_listed=True, at=kit.clock())
        order = SolveOrder(
            kit.instance.content_hash, {"seed": seed}, idempotency_key=f"key {seed}"
        )
        case = case_of(session, order)
        job, _ = submit(session, order, case, kit.clock)
        if state is JobState.QUEUED:
            return job.id
        claim = claim_next(session, kit.clock)
        assert claim is not None
        assert claim.job_id == job.id
        keep_incumbent(session, claim, incumbent_of(case), kit.clock)
        record = ProgressRecord(seconds=0.1, stage="\0 and \N{SNOWMAN}")
        ProgressRepository(session).append(job, [record] * 3, at=kit.clock())
        match state:
            case JobState.SUCCEEDED:
                found = Outcome(
                    termination=Termination.OPTIMAL,
                    plan=plan_of(case),
                    seconds=1 / 3,
                )
                succeed(session, claim, found, kit.clock)
            case JobState.FAILED:
                fail(session, claim, CRASHED, kit.clock)
            case JobState.CANCELLED:
                cancel(session, job.id, kit.clock)
            case _:
                pass
        AuditTrail(session, AUTHOR, kit.clock()).add("submit", "job", job.id)
        return job.id


@pytest.fixture
def end_job(kit: StoreKit) -> Ended:
    """Return what queues a job with a seed, and lets it come to a state."""
    return partial(end, kit)


def evaluation_of(plan: Plan) -> Evaluation:
    """Return an invented evaluation of a plan."""
    nothing = Fan(periods=(None,))
    return Evaluation(
        instance_hash=plan.provenance.instance_hash,
        plan_hash=plan.content_hash,
        scenarios=1,
        seed=1,
        expected_shortage_cost_usd=1 / 3,
        confidence_interval_usd=None,
        cost_without_vault_usd=1.0,
        cvar_usd=1.0,
        cvar_level=0.9,
        lowest_cash_usd=0.0,
        fans=FinancingFans(
            period_starts=(dt.date(2027, 1, 1),),
            debt_usd=(0.0,),
            cash_usd=nothing,
            collateral_usd=nothing,
            collateral_to_debt=nothing,
            debt_service_cover=nothing,
        ),
    )


def evaluate(store: Store, kit: StoreKit, job_id: str) -> str:
    """Store an evaluation of the plan of a job, with a table."""
    name = store.objects.put(TABLE)
    tables = {"table": StoredTable(sha256=name, number_of_bytes=len(TABLE))}
    with kit.transaction() as session:
        job = JobRepository(session).get(job_id)
        text = PlanRepository(session).text(str(job.plan_hash))
        found = evaluation_of(Plan.model_validate_json(text))
        return EvaluationRepository(session).put(found, tables, at=kit.clock())


def analyse(store: Store, kit: StoreKit, job_id: str) -> None:
    """Store an analysis of the plan of a job, with a picture."""
    name = store.objects.put(PICTURE)
    file = StoredFile(
        sha256=name, number_of_bytes=len(PICTURE), media_type="image/svg+xml"
    )
    with kit.transaction() as session:
        job = JobRepository(session).get(job_id)
        subject = AnalysisSubject("replay", job.solved_case_hash, job.plan_hash)
        files = {"picture.svg": file}
        AnalysisRepository(session).put(subject, {}, files, at=kit.clock())


@pytest.fixture
def one_of_each(store: Store, kit: StoreKit) -> StoreKit:
    """Return the store with one of each."""
    store_one_of_each(store, kit)
    return kit


def store_one_of_each(store: Store, kit: StoreKit) -> None:
    """Store a job in each state; the RUNNING one has no process.

    There are an evaluation and an analysis of the plan of that which SUCCEEDED, and an
    account.
    """
    for seed, state in enumerate(sorted(JobState, key="QUEUED".__eq__), start=11):
        job_id = end(kit, seed, state)
        if state is JobState.SUCCEEDED:
            evaluate(store, kit, job_id)
            analyse(store, kit, job_id)
    with store.database.transaction() as session:
        administration = Administration(session, AUTHOR, kit.clock())
        administration.add_organisation("others")
        administration.add_account("planner", Role.MANAGER)
        key = administration.add_key(
            "planner", b"secret", dt.timedelta(days=1), [Scope.READ, Scope.WRITE]
        )
        BrowserSessionRepository(session).add(
            BrowserSession(
                organisation=DEFAULT_ORGANISATION,
                token_digest="0" * 64,
                key_prefix=key.prefix,
                created_at=kit.clock(),
                expires_at=kit.clock(),
            )
        )
        administration.link("planner", "https://provider.example", "a subject")
    with kit.reading() as session:
        counted = JobRepository(session).number_by_state()
    assert counted == dict.fromkeys(JobState, 1)


def store_batch(kit: StoreKit) -> None:
    """Store a batch of two variants with cancelled jobs, and the warm start of one."""
    order = BatchOrder.model_validate(
        {
            "case": kit.instance.content_hash,
            "variants": [{"name": "another", "set": {"options.seed": 77}}],
        }
    )
    with kit.reading() as session:
        expansion = expand(order, case_of_batch(session, order))
    with kit.transaction() as session:
        batch, _ = submit_batch(session, order, expansion, kit.clock)
        job = session.exec(select(Job).where(Job.priority == Priority.BATCH)).first()
        assert job is not None
        started = claim_job(session, job.id, job.ticket, "a worker", kit.clock)
        assert started is not None
        found = WarmStartFound(content=base64.b64encode(b"cuts").decode())
        keep_warm_start(session, started, found, kit.clock)
        cancel_batch(session, batch.id, kit.clock)


def store_rehearsal(kit: StoreKit) -> None:
    """Store a rehearsal of a plan that is stored; a portion of it has found a path."""
    with kit.transaction() as session:
        plan_hash = session.exec(select(PlanDocument.content_hash).limit(1)).one()
        parameters = RehearseParameters(number_of_paths=5, seed=3)
        order = AnalysisOrder(ANALYSES["rehearse"], parameters, plan_hash)
        whole, _ = submit_analysis(session, order, kit.clock)
        portion = PortionRepository(session).unfinished(whole)[0]
        claim = claim_job(session, portion.id, portion.ticket, "a worker", kit.clock)
        assert claim is not None
        found = PartFound(number=0, content="{}", line="the first path")
        keep_parts(session, claim, [found], kit.clock)


def store_publication(kit: StoreKit) -> None:
    """Publish a plan that is stored to the participant of the tiny case."""
    with kit.transaction() as session:
        plan_hash = session.exec(select(PlanDocument.content_hash).limit(1)).one()
        publications = PublicationRepository(session)
        publications.publish(plan_hash, ["maker"], "A plan", at=kit.clock())


def store_webhook(kit: StoreKit, *, is_pinged: bool = False) -> None:
    """Store a webhook whose secret was rotated, and which was given up."""
    with kit.transaction() as session:
        changes = WebhookChanges(session, Author("somebody", "a request"), kit.clock())
        url, events = "https://hooks.example.com/", [EventType.BATCH_FINISHED]
        webhook = changes.create("", url, events)
        changes.rotate(webhook.id, dt.timedelta(hours=1))
        changes.change(webhook.id, {"is_enabled": False})
        if is_pinged:
            changes.ping(webhook.id)


def store_round(kit: StoreKit) -> None:
    """Store a round of the tiny case, an offer, a draw and a transfer in it."""
    at = kit.clock()
    with kit.transaction() as session:
        found = Round(
            id="a round",
            name="Rights",
            case_hash=kit.instance.content_hash,
            rights=[],
            participants=["maker"],
            created_at=at,
            closes_at=at,
        )
        session.add(found)
        session.flush()
        assert found.sequence is not None
        offer = RoundOffer(
            round_sequence=found.sequence,
            participant="maker",
            right="a right",
            minimum_lots=0,
            maximum_lots=1,
            account="planner",
            changed_at=at,
        )
        draw = LedgerEntry(
            round_sequence=found.sequence,
            participant="maker",
            right="a right",
            kind=LedgerKind.DRAW,
            lots=0,
            tonnes=-1.0,
            paid_usd=1.0,
            account="planner",
            at=at,
        )
        transfer = RightTransfer(
            id="a transfer",
            round_sequence=found.sequence,
            right="a right",
            holder="maker",
            lots=1,
            offered_at=at,
        )
        session.add_all((offer, draw, transfer))


def store_reserve(kit: StoreKit) -> None:
    """Store a reserve of the tiny case, which is stored, with one entry."""
    with kit.transaction() as session:
        reserve = Reserve(id="a reserve", name="Vault", created_at=kit.clock(), head="")
        ReserveRepository(session).add(reserve)
        entry = ReserveEntry(
            kind=EntryKind.POSITION,
            at=kit.clock(),
            account="manager",
            case_hash=kit.instance.content_hash,
        )
        ReserveLedger(session, reserve).append(entry)
