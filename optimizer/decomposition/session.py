"""What one solve leaves for the next: blocks with warm programs, cuts, where it ended.

Which of it is valid for a case, the keys of cut_keys.py say. Equal cut keys keep all;
otherwise the prices of gaps are kept, from which valid cuts follow without solving.
"""

from collections.abc import Sequence
from concurrent.futures import Executor

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
from optimizer.first_stage.found import SecondsLeft
from optimizer.first_stage.searching import Support, largest
from optimizer.point import Point
from optimizer.problem import Problem


class SolveSession:
    """A case that was solved, for others that differ from it in little.

    costs_without_vault, in US dollars, are by the keys of case and scenarios: they
    depend on no more than the cuts do. It may begin with what a solve in another
    process knew.
    """

    def __init__(
        self, executors: Sequence[Executor], warm_start: WarmStart | None = None
    ) -> None:
        self._executors = executors
        self._warm_start = warm_start
        self._blocks: ScenarioBlocks | None = None
        self._cut_key = self._cash_key = ("", "")
        self._kept: CutPool | None = None
        self._start: StartingPoint | None = None
        self._incumbent: Point | None = None
        self.costs_without_vault: dict[Key, float] = {}

    @property
    def blocks(self) -> ScenarioBlocks:
        """The blocks of the last problem; raises ValueError if there was none."""
        if self._blocks is None:
            msg = "the memory has no blocks, expected a problem before"
            raise ValueError(msg)
        return self._blocks

    @property
    def incumbent(self) -> Point | None:
        """The last incumbent; None if there is none, or only one of another menu."""
        return self._incumbent

    def support(self, max_tranches: int) -> Support | None:
        """Return the last incumbent's largest shares, None if there is none.

        None also if that incumbent was one of another menu.
        """
        if self._incumbent is None:
            return None
        return [largest(share, max_tranches) for share in self._incumbent.shares]

    def relaxation(self, problem: Problem, seconds_left: SecondsLeft) -> Relaxation:
        """Return the relaxation of a problem with every cut that is valid for it."""
        drawn = scenario_key(problem.scenarios)
        cut = cut_key(problem.instance), drawn
        cash = cash_key(problem.instance), drawn
        if self._blocks is None:
            self._take_over(problem, cut)
        if self._blocks is not None and self._kept is not None and cut == self._cut_key:
            relaxation = self._again(problem, self._blocks, self._kept, cash)
        else:
            relaxation = self._anew(problem, seconds_left)
        self._cut_key, self._cash_key = cut, cash
        return relaxation

    def learn(self, relaxation: Relaxation) -> None:
        """Keep the cuts that matter where a relaxation ended, and where it did."""
        self._kept = relaxation.oracle.kept(relaxation.master)
        self._start = relaxation.end()

    def remember(self, incumbent: Point | None) -> None:
        """Keep the incumbent of a solve."""
        if incumbent is not None:
            self._incumbent = incumbent

    def warm_start(self) -> WarmStart | None:
        """Return what a solve in another process can begin with, if there is any."""
        if self._blocks is None or self._kept is None:
            return None
        return WarmStart(
            cut_key=self._cut_key,
            cash_key=self._cash_key,
            cluster_of=self._blocks.cluster_of,
            kept=self._kept,
            start=self._start,
            incumbent=self._incumbent,
            cost_without_vault_usd=self.costs_without_vault.get(self._cut_key),
        )

    def close(self) -> None:
        """Let all workers forget."""
        if self._blocks is not None:
            self._blocks.close()
            self._blocks = None

    def _take_over(self, problem: Problem, cut: Key) -> None:
        """Begin with what a solve in another process knew, if it is valid here."""
        known = self._warm_start
        if known is None or known.cut_key != cut:
            return
        self._blocks = ScenarioBlocks(
            problem.instance, problem.scenarios, self._executors, known.cluster_of
        )
        self._cut_key, self._cash_key = known.cut_key, known.cash_key
        self._kept, self._start = known.kept, known.start
        self._incumbent = known.incumbent
        if known.cost_without_vault_usd is not None:
            self.costs_without_vault[cut] = known.cost_without_vault_usd

    def _again(
        self, problem: Problem, blocks: ScenarioBlocks, kept: CutPool, cash: Key
    ) -> Relaxation:
        if cash != self._cash_key:
            blocks.turn_to(problem.instance)
        relaxation = bare_relaxation(problem, blocks)
        has_cash = cash == self._cash_key
        relaxation.master.add(*relaxation.oracle.again(kept, has_cash=has_cash))
        if self._start is not None:
            relaxation.begin_at(self._start)
        return relaxation

    def _anew(self, problem: Problem, seconds_left: SecondsLeft) -> Relaxation:
        old = self._blocks
        start = None
        if old is None:
            start = rough_start(problem, self._executors, seconds_left)
        blocks = ScenarioBlocks(problem.instance, problem.scenarios, self._executors)
        relaxation = set_up(problem, blocks, start)
        if old is not None:
            relaxation.master.add(
                relaxation.oracle.inherited(blocks.inherit(old)), None
            )
            old.close()
        self._blocks, self._kept, self._start = blocks, None, None
        self._incumbent = None
        return relaxation
