"""What one solve leaves for the next: parts with warm programs, cuts, where it ended.

Which of it is valid for a case, the keys of validity.py say. Equal cut keys keep all;
otherwise the prices of gaps are kept, from which valid cuts follow without solving.
"""

from collections.abc import Sequence
from concurrent.futures import Executor

from optimizer.decomposition.knowledge import Key, Knowledge
from optimizer.decomposition.menu_oracle import Kept
from optimizer.decomposition.model import Model, Start, bare_model, set_up
from optimizer.decomposition.parts import Parts
from optimizer.decomposition.validity import cash_key, cut_key, scenario_key
from optimizer.decomposition.warm_start import warm_start
from optimizer.first_stage.found import SecondsLeft
from optimizer.first_stage.searching import Support, largest
from optimizer.point import Point
from optimizer.problem import Problem


class Memory:
    """A case that was solved, for others that differ from it in little.

    costs_without_vault, in US dollars, are by the keys of case and scenarios: they
    depend on no more than the cuts do. It may begin with what a solve in another
    process knew.
    """

    def __init__(
        self, executors: Sequence[Executor], knowledge: Knowledge | None = None
    ) -> None:
        self._executors = executors
        self._knowledge = knowledge
        self._parts: Parts | None = None
        self._cut_key = self._cash_key = ("", "")
        self._kept: Kept | None = None
        self._start: Start | None = None
        self._incumbent: Point | None = None
        self.costs_without_vault: dict[Key, float] = {}

    @property
    def parts(self) -> Parts:
        """The parts of the last problem; raises ValueError if there was none."""
        if self._parts is None:
            msg = "the memory has no parts, expected a problem before"
            raise ValueError(msg)
        return self._parts

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

    def model(self, problem: Problem, seconds_left: SecondsLeft) -> Model:
        """Return the model of a problem with all that is known and valid for it."""
        drawn = scenario_key(problem.scenarios)
        cut = cut_key(problem.instance), drawn
        cash = cash_key(problem.instance), drawn
        if self._parts is None:
            self._take_over(problem, cut)
        if self._parts is not None and self._kept is not None and cut == self._cut_key:
            model = self._again(problem, self._parts, self._kept, cash)
        else:
            model = self._anew(problem, seconds_left)
        self._cut_key, self._cash_key = cut, cash
        return model

    def learn(self, model: Model) -> None:
        """Keep the cuts that matter where a relaxation ended, and where it did."""
        self._kept = model.oracle.kept(model.master)
        self._start = model.end()

    def remember(self, incumbent: Point | None) -> None:
        """Keep the incumbent of a solve."""
        if incumbent is not None:
            self._incumbent = incumbent

    def knowledge(self) -> Knowledge | None:
        """Return what a solve in another process can begin with, if there is any."""
        if self._parts is None or self._kept is None:
            return None
        return Knowledge(
            cut_key=self._cut_key,
            cash_key=self._cash_key,
            cluster_of=self._parts.cluster_of,
            kept=self._kept,
            start=self._start,
            incumbent=self._incumbent,
            cost_without_vault_usd=self.costs_without_vault.get(self._cut_key),
        )

    def close(self) -> None:
        """Let all workers forget."""
        if self._parts is not None:
            self._parts.close()
            self._parts = None

    def _take_over(self, problem: Problem, cut: Key) -> None:
        """Begin with what a solve in another process knew, if it is valid here."""
        known = self._knowledge
        if known is None or known.cut_key != cut:
            return
        self._parts = Parts(
            problem.instance, problem.scenarios, self._executors, known.cluster_of
        )
        self._cut_key, self._cash_key = known.cut_key, known.cash_key
        self._kept, self._start = known.kept, known.start
        self._incumbent = known.incumbent
        if known.cost_without_vault_usd is not None:
            self.costs_without_vault[cut] = known.cost_without_vault_usd

    def _again(self, problem: Problem, parts: Parts, kept: Kept, cash: Key) -> Model:
        if cash != self._cash_key:
            parts.turn_to(problem.instance)
        model = bare_model(problem, parts)
        has_cash = cash == self._cash_key
        model.master.add(*model.oracle.again(kept, has_cash=has_cash))
        if self._start is not None:
            model.begin_at(self._start)
        return model

    def _anew(self, problem: Problem, seconds_left: SecondsLeft) -> Model:
        old = self._parts
        start = None
        if old is None:
            start = warm_start(problem, self._executors, seconds_left)
        parts = Parts(problem.instance, problem.scenarios, self._executors)
        model = set_up(problem, parts, start)
        if old is not None:
            model.master.add(model.oracle.inherited(parts.inherit(old)), None)
            old.close()
        self._parts, self._kept, self._start = parts, None, None
        self._incumbent = None
        return model
