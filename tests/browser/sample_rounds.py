"""Rounds that have closed and whose awards are published; no plan of them is solved."""

from typing import Any

from models.plan import Award
from models.reading import read_instance
from models.round import OfferKey, SealedOffer
from models.tables import DEFAULT_ORGANISATION
from service.clock import system_clock
from service.rounds.conduct import place_offer
from service.rounds.transfers import offer_lots
from service.settings import Settings
from service.store.database import Database
from service.store.opening import opened_store
from service.store.plans import PlanRepository
from tests.journeys.server import Server
from tests.service.fake_solver import plan_of

RIGHT, RIVAL = "a-right", "rival"
CLOSES_AT = "2099-06-30T17:00:00Z"
ASKED_LOTS, AWARDED_LOTS, OFFERED_LOTS, TAKEN_LOTS = 9, 7, 2, 3

Json = Any


def opened_round(server: Server, case: str, material: str, name: str) -> str:
    """Open a round of one right; return its id."""
    right = {"id": RIGHT, "material": material}
    rights = [right | {"inventory_price_factor": 1.03, "maximum_lots": 40}]
    order = {"case": case, "name": name, "rights": rights, "closes_at": CLOSES_AT}
    return server.post("/v1/rounds", order)["id"]


def conducted_rounds(server: Server, whole: Json) -> tuple[str, str]:
    """Conduct two rounds in which the first participant of a case made an offer.

    Return the ids of one that has closed, and of one whose awards are published, where
    one transfer is on offer and one waits for consent.
    """
    first = whole["participants"][0]
    rival = first | {"id": RIVAL, "name": "Rival"}
    two_makers = whole | {"participants": [*whole["participants"], rival]}
    case = server.post("/v1/cases", two_makers)["hash"]
    key = OfferKey(first["id"], RIGHT)
    material = whole["materials"][0]["id"]
    settings = Settings(data_directory=server.data_directory)
    with opened_store(settings) as store:
        database = store.database.within(DEFAULT_ORGANISATION)
        closed, published = (
            opened_round(server, case, material, x)
            for x in ("Rights that are to be awarded", "Rights of this year")
        )
        for round_id in (closed, published):
            offer = SealedOffer(maximum_lots=ASKED_LOTS)
            with database.transaction() as session:
                place_offer(session, round_id, key, offer, account="planner")
            server.post(f"/v1/rounds/{round_id}/close")
        offers = server.post(f"/v1/rounds/{closed}/case")["hash"]
        job = server.post("/v1/jobs", {"case": offers})["id"]
        awards = _plan_with_award(server, database, offers, key)
        server.post(f"/v1/rounds/{published}/publication", {"plan": awards})
        with database.transaction() as session:
            offer_lots(session, published, key, OFFERED_LOTS)
            taken = offer_lots(session, published, key, TAKEN_LOTS)
            taken.taker, taken.taken_at = RIVAL, taken.offered_at
    server.wait_for(job, "SUCCEEDED")
    return closed, published


def _plan_with_award(
    server: Server, database: Database, case_hash: str, key: OfferKey
) -> str:
    """Store a plan of a case that awards lots of its first material."""
    case = read_instance(server.get(f"/v1/cases/{case_hash}"))
    material = case.materials[0]
    award = Award(
        offer=key.offer,
        participant=key.participant,
        material=material.id,
        lots=AWARDED_LOTS,
        tonnes=AWARDED_LOTS * material.lot_tonnes,
        days_of_own_cover=30.0,
        inventory_price_usd_per_tonne=material.price_usd_per_tonne,
        upfront_fee_usd=1000.0,
        carrying_fee_usd_per_year=100.0,
    )
    plan = plan_of(case).model_copy(update={"awards": (award,)})
    with database.transaction() as session:
        PlanRepository(session).put(plan, case_hash=case_hash, at=system_clock())
    return plan.content_hash
