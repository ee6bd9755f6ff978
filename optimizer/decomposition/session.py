"""A session of solves: executors, scenario blocks, and what the next solve starts from.

The keys of cut_keys.py decide what is valid for the next case. If the cut keys are
equal, all cuts and warm programs are; otherwise the prices of gaps are kept, from which
valid cuts follow without solving.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from models.finance import Financing
from models.instance import Instance
from models.opening_position import OpeningDebt
from optimizer.cash_rows import Tangent
from optimizer.deadline import Deadline
from optimizer.decomposition.cut_keys import cash_key, cut_key, scenario_key
from optimizer.decomposition.recourse_oracle import CutPool
from optimizer.decomposition.relaxation import (
    Relaxation,
    StartingPoint,
    bare_relaxation,
    set_up,
)
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.decomposition.starting_point import rough_start
from optimizer.decomposition.warm_start import Key, WarmStart
from optimizer.executors import opened
from optimizer.first_stage.searching import Support, largest
from optimizer.point import Point
from optimizer.problem import FirstStageProblem

Lent = tuple[Financing, tuple[OpeningDebt, ...]]


def lent(instance: Instance) -> Lent:
    """Return the terms on which money is lent: all that tangents of cash depend on.

    A tangent is one of what the cash rule draws by the money without it, whatever earns
    or costs that money.
    """
    financing = instance.financing.model_copy(update={"opening_cash_usd": 0.0})
    return financing, instance.position.debt


class SolveSession:
    """Solves of cases that differ in little, one after another, until `close`.

    executors are executors, or the name to open them by (see `open_executors`): then
    they are opened when they are first needed and closed with the session.
    costs_without_vault, in US dollars, are by the keys of case and scenarios: they
    depend on no more than the cuts do.
    """

    def __init__(
        self, executors: Sequence[Executor] | str, warm_start: WarmStart | None = None
    ) -> None:
        self._source = executors
        self._stack = ExitStack()
        self._opened: Sequence[Executor] | None = None
        self._given = warm_start
        self._blocks: ScenarioBlocks | None = None
        self._cut_key: Key = ("", "")
        self._cash_key: Key = ("", "")
        self._pool: CutPool | None = None
        self._start: StartingPoint | None = None
        self._tangents: Sequence[Tangent] = ()
        self._lent: Lent | None = None
        self._incumbent: Point | None = None
        self.costs_without_vault: dict[Key, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open_by_name(self, where: str) -> None:
        """Open executors of that name when needed, if a name is all that was given."""
        if isinstance(self._source, str):
            self._source = where

    @property
    def has_blocks(self) -> bool:
        """Whether a case has been decomposed in this session."""
        return self._blocks is not None

    @property
    def blocks(self) -> ScenarioBlocks:
        """The blocks of the last problem; raises ValueError if there was none."""
        if self._blocks is None:
            msg = "the session has no scenario blocks, expected a problem before"
            raise ValueError(msg)
        return self._blocks

    @property
    def incumbent(self) -> Point | None:
        """The last incumbent; None if there is none, or only one of another menu."""
        return self._incumbent

    def support(self, max_tranches: int) -> Support | None:
        """Return the largest shares of `incumbent`, None if there is none."""
        if self._incumbent is None:
            return None
        return [largest(share, max_tranches) for share in self._incumbent.shares]

    def relaxation(self, problem: FirstStageProblem, deadline: Deadline) -> Relaxation:
        """Return the relaxation of a problem with every cut that is valid for it."""
        scenarios = scenario_key(problem.scenarios)
        cut = cut_key(problem.instance), scenarios
        cash = cash_key(problem.instance), scenarios
        if self._blocks is None:
            self._use_warm_start(problem, cut)
        # Unknown until all is done: time may be up with blocks half turned.
        known_cash, self._cash_key = self._cash_key, ("", "")
        if self._blocks is not None and self._pool is not None and cut == self._cut_key:
            relaxation = self._continued(
                problem, self._blocks, self._pool, has_cash=cash == known_cash
            )
        else:
            relaxation = self._new(problem, deadline)
        self._cut_key, self._cash_key = cut, cash
        return relaxation

    def keep_cuts(self, relaxation: Relaxation) -> None:
        """Keep the tight cuts of a relaxation, and the point where it ended."""
        self._pool = relaxation.oracle.pool(relaxation.master)
        self._tangents = relaxation.oracle.tangents
        self._lent = lent(relaxation.lp.problem.instance)
        self._start = relaxation.end()

    def keep_incumbent(self, incumbent: Point | None) -> None:
        """Keep the incumbent of a solve, if it has one."""
        if incumbent is not None:
            self._incumbent = incumbent

    def warm_start(self) -> WarmStart | None:
        """Return what another session can start from; None before a relaxation."""
        if self._blocks is None or self._pool is None:
            return None
        return WarmStart(
            cut_key=self._cut_key,
            cash_key=self._cash_key,
            cluster_of=self._blocks.cluster_of,
            pool=self._pool,
            start=self._start,
            incumbent=self._incumbent,
            cost_without_vault_usd=self.costs_without_vault.get(self._cut_key),
        )

    def close(self) -> None:
        """Delete the blocks from their workers and close the executors opened here."""
        try:
            if self._blocks is not None:
                self._blocks.close()
        finally:
            self._blocks = self._opened = None
            self._stack.close()

    def _executors(self) -> Sequence[Executor]:
        if self._opened is None:
            self._opened = self._stack.enter_context(opened(self._source))
        return self._opened

    def _use_warm_start(self, problem: FirstStageProblem, cut: Key) -> None:
        """Use the warm start, if it is valid for the problem."""
        given = self._given
        if given is None or given.cut_key != cut:
            return
        self._blocks = ScenarioBlocks(
            problem.instance, problem.scenarios, self._executors(), given.cluster_of
        )
        self._cut_key, self._cash_key = given.cut_key, given.cash_key
        self._pool, self._start = given.pool, given.start
        self._incumbent = given.incumbent
        if given.cost_without_vault_usd is not None:
            self.costs_without_vault[cut] = given.cost_without_vault_usd

    def _continued(
        self,
        problem: FirstStageProblem,
        blocks: ScenarioBlocks,
        pool: CutPool,
        *,
        has_cash: bool,
    ) -> Relaxation:
        """Return the relaxation with the cuts of the pool."""
        if not has_cash:
            blocks.turn_to(problem.instance)
        relaxation = bare_relaxation(problem, blocks)
        is_lent = self._lent == lent(problem.instance)
        tangents = self._tangents if is_lent else ()
        rows = relaxation.oracle.from_pool(pool, tangents, has_cash=has_cash)
        relaxation.master.add(*rows)
        if self._start is not None:
            relaxation.begin_at(self._start)
        return relaxation

    def _new(self, problem: FirstStageProblem, deadline: Deadline) -> Relaxation:
        """Return the relaxation with first cuts, and those from the last prices."""
        old, executors = self._blocks, self._executors()
        start = rough_start(problem, executors, deadline) if old is None else None
        blocks = ScenarioBlocks(problem.instance, problem.scenarios, executors)
        relaxation = set_up(problem, blocks, start)
        if old is not None:
            inherited = relaxation.oracle.inherited(blocks.inherit(old))
            relaxation.master.add(inherited, None)
            old.close()
        self._blocks, self._pool, self._start = blocks, None, None
        self._incumbent = None
        return relaxation
