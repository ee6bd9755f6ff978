"""What rights of a round are worth to a participant, before it makes offers."""

import hashlib
import json
from math import ceil

from models.instance import Instance
from models.round import (
    MOST_LOTS,
    OfferedRight,
    OfferKey,
    SealedOffer,
    case_of_round,
)
from models.tables import Round
from service.analyses.parameters import ValueRightsParameters
from service.analyses.registry import ANALYSES
from service.jobs.analyses import AnalysisOrder
from service.rounds.conduct import rights_of

DAYS_OF_A_YEAR = 365.25


def case_to_value(case: Instance, found: Round, participant: str) -> Instance:
    """Return the case with the largest offers of a participant, and none of others."""
    return case_of_round(
        case,
        rights_of(found),
        {
            OfferKey(participant, right.id): SealedOffer(
                maximum_lots=_most_lots(case, right, participant)
            )
            for right in rights_of(found)
        },
    )


def valuation_key(round_id: str, participant: str, number_of_scenarios: int) -> str:
    """Return the key of the order of a valuation, the same for the same order."""
    key = json.dumps(["valuation", round_id, participant, number_of_scenarios])
    return hashlib.sha256(key.encode()).hexdigest()


def valuation_of(
    found: Round, case: Instance, participant: str, number_of_scenarios: int
) -> AnalysisOrder:
    """Return the order of the valuation in a case of `case_to_value`.

    The same round and number of scenarios are the same order.
    """
    return AnalysisOrder(
        analysis=ANALYSES["value-rights"],
        parameters=ValueRightsParameters(
            participant=participant, number_of_scenarios=number_of_scenarios
        ),
        subject_hash=case.content_hash,
        idempotency_key=valuation_key(found.id, participant, number_of_scenarios),
    )


def _most_lots(case: Instance, right: OfferedRight, participant: str) -> int:
    """Return the most lots that a participant may ask for, else a year's own need."""
    if right.maximum_lots is not None:
        return right.maximum_lots
    needs = case.index.need_by_participant_tonnes_per_day.get(right.material, {})
    need = needs.get(participant, 0.0) * DAYS_OF_A_YEAR
    return min(max(ceil(need / right.lot_tonnes), 1), MOST_LOTS)
