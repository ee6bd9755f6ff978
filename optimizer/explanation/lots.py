"""What the last lot of a pool avoids, the next one, and the next best candidate.

The candidate is chosen by the prices of gaps at the plan; its worth is the cost of the
changed plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.explanation import Alternative, CandidateName, LotWorth
from optimizer.explanation.viewpoint import Viewpoint
from optimizer.policies.candidates import Candidate
from optimizer.scenarios.scenario_set import Positions

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Move:
    """A change of shares in one pool that adds, takes or moves a lot.

    guess_usd is what the objective and the money should change by. candidate is the
    position of the one in question, other of one that makes room for it; changes are by
    candidate.
    """

    guess_usd: float
    candidate: int
    other: int | None
    changes: dict[int, float]


class HoldingLots:
    """The pool of a material at a viewpoint; all moves are of one lot."""

    def __init__(self, view: Viewpoint, h: int, price_of_money: float) -> None:
        self._view, self._h = view, h
        holding = view.problem.holdings[h]
        self._candidates = view.problem.menus[h].candidates
        self._lot = holding.material.lot_tonnes
        unit_cost = {x.option.id: x.opening_unit_cost for x in holding.purchases}
        self._landed = np.array([unit_cost[x.sourcing] for x in self._candidates])
        self._target = np.array([x.target_tonnes for x in self._candidates])
        self._share = view.trial.shares[h]
        self._slope = view.slopes[h] + price_of_money * self._target * self._landed

    def last_lot(self) -> LotWorth | None:
        """Return the lot that is cheapest to give up; None if none is held."""
        moves = [
            Move(-float(self._slope[c]) * given, c, None, {c: -given})
            for c in self._used()
            for given in (self._part(c),)
        ]
        if not moves:
            return None
        best = _least(moves)
        return self._worth(best, self._extra(best))

    def next_lot(self) -> tuple[LotWorth, Move] | None:
        """Return the lot most worth adding and its move; None at the menu's end.

        If all shares are in use, a smaller candidate makes room. At the limit on
        tranches a new candidate is considered only if no tranche can grow.
        """
        everything = np.arange(len(self._target))
        used = np.array(self._used(), dtype=np.int64)
        moves = list(self._additions(used if self._is_full() else everything))
        moves = moves or list(self._additions(everything))
        if not moves:
            return None
        best = _least(moves)
        return self._worth(best, -self._extra(best)), best

    def is_beyond_limit(self, move: Move) -> bool:
        """Say whether a move takes more tranches than the options allow."""
        is_new = float(self._share[move.candidate]) <= ROUNDING
        is_freed = (
            move.other is not None
            and float(self._share[move.other]) + move.changes[move.other] <= ROUNDING
        )
        return self._is_full() and is_new and not is_freed

    def next_best(self) -> tuple[Alternative, Move] | None:
        """Return the best candidate not held and the move of a lot to it; None without.

        Whether the move fits and can be paid for is left open.
        """
        moves = list(self._exchanges())
        if not moves:
            return None
        best, giver = min(moves, key=lambda move: move[0].guess_usd)
        alternative = Alternative(
            candidate=candidate_name(self._candidates[best.candidate]),
            in_place_of=candidate_name(self._candidates[giver]),
            tonnes=self._lot,
            extra_cost_usd=self._extra(best),
        )
        return alternative, best

    def _is_full(self) -> bool:
        most = self._view.problem.instance.options.max_tranches
        return len(self._used()) >= most

    def _used(self) -> list[int]:
        return np.flatnonzero(self._share > ROUNDING).tolist()

    def _part(self, c: int) -> float:
        """Return the share that holds one lot, at most what there is."""
        return min(self._lot / float(self._target[c]), float(self._share[c]))

    def _room(self) -> float:
        return 1.0 - float(self._share.sum())

    def _additions(self, getters: Positions) -> Iterator[Move]:
        """Yield the moves that add a lot, in place of nothing or a smaller one."""
        yield from self._larger(None, getters)
        for c in self._used():
            yield from self._larger(c, getters)

    def _larger(self, giver: int | None, getters: Positions) -> Iterator[Move]:
        """Yield the moves that turn share of a giver into larger candidates."""
        if giver is None:
            target, share, slope = 0.0, self._room(), 0.0
        else:
            target, share = float(self._target[giver]), float(self._share[giver])
            slope = float(self._slope[giver])
        larger = getters[self._target[getters] > target + ROUNDING]
        moved = self._lot / (self._target[larger] - target)
        is_possible = moved <= share + ROUNDING
        for c, part in zip(
            larger[is_possible].tolist(), moved[is_possible].tolist(), strict=True
        ):
            changes = {c: part} if giver is None else {c: part, giver: -part}
            yield Move(part * (float(self._slope[c]) - slope), c, giver, changes)

    def _exchanges(self) -> Iterator[tuple[Move, int]]:
        """Yield the moves of a lot from a tranche to one not held, and that tranche."""
        room = self._room()
        others = np.flatnonzero(self._share <= ROUNDING)
        for giver in self._used():
            given = self._part(giver)
            tonnes = given * float(self._target[giver])
            for c in others.tolist():
                taken = tonnes / float(self._target[c])
                if taken - given <= room + ROUNDING and taken <= 1:
                    slope = taken * self._slope[c] - given * self._slope[giver]
                    changes = {giver: -given, c: taken}
                    yield Move(float(slope), c, giver, changes), giver

    def _extra(self, move: Move) -> float:
        return self._view.worth(self._view.with_share(self._h, move.changes))

    def _worth(self, move: Move, avoided: float) -> LotWorth:
        chosen, other = self._candidates[move.candidate], None
        if move.other is not None:
            other = candidate_name(self._candidates[move.other])
        return LotWorth(
            candidate=candidate_name(chosen),
            in_place_of=other,
            tonnes=self._lot,
            avoided_usd=avoided,
            landed_cost_usd=self._lot * float(self._landed[move.candidate]),
        )


def candidate_name(candidate: Candidate) -> CandidateName:
    """Return what a candidate is called in documents."""
    return CandidateName(
        rule=candidate.rule,
        level_days_of_cover=candidate.level_days_of_cover,
        sourcing=candidate.sourcing,
    )


def _least(moves: list[Move]) -> Move:
    return min(moves, key=lambda move: move.guess_usd)
