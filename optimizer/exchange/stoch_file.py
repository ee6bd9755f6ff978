"""The stoch file: INDEP, BLOCKS and SCENARIOS with discrete distributions.

Realisations of INDEP and BLOCKS are independent of each other: their product is listed.
A scenario inherits all values of its parent (H. Gassmann and B. Kristjansson, "The SMPS
format explained", 2007); later realisations of a block are read to inherit those of the
first one. ADD and MULTIPLY refer to the core.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import floor, log10, prod

import numpy as np

from optimizer.exchange.smps_lines import SmpsLine, SmpsText
from optimizer.exchange.stoch_entries import Entries, EntryReader
from optimizer.exchange.targets import BOUNDS, Targets
from optimizer.exchange.two_stage import Floats

PROBABILITY_TOLERANCE = 1e-3  # files round: six times 0.16667
SECTIONS = {"INDEP", "BLOCKS", "SCENARIOS"}
MODIFIERS = {"REPLACE", "ADD", "MULTIPLY"}
LAYOUTS = {"DISCRETE", "LP", "MIP", *MODIFIERS}
ROOT = "ROOT"
MOST_EXACT = 10**15
WORDS_OF_A_BLOCK = (3, 4)
WORDS_OF_A_SCENARIO = (4, 5)


@dataclass(slots=True)
class Realisation:
    """Entries that happen together, with their probability."""

    name: str
    probability: float
    entries: Entries


@dataclass(slots=True)
class RandomElement:
    """What is independent of all other elements; exactly one realisation happens."""

    name: str
    line: int
    realisations: list[Realisation] = field(default_factory=list[Realisation])
    has_scenarios: bool = False


@dataclass(frozen=True, slots=True)
class Stochastics:
    """What is random, and what was read in another way than it stands."""

    elements: tuple[RandomElement, ...]
    notes: tuple[str, ...]

    @property
    def number(self) -> int:
        """Number of scenarios: that of the product of independent elements."""
        return prod(len(element.realisations) for element in self.elements)

    def listed(self) -> list[Realisation]:
        """Return all scenarios; those of SCENARIOS keep their names."""
        if self.elements and self.elements[0].has_scenarios:
            return list(self.elements[0].realisations)
        chosen = product(*(element.realisations for element in self.elements))
        return [_together(parts, k, None) for k, parts in enumerate(chosen, start=1)]

    def drawn(self, number: int, generator: np.random.Generator) -> list[Realisation]:
        """Return independent scenarios of equal probability."""
        picks = [
            generator.choice(len(e.realisations), size=number, p=_shares(e))
            for e in self.elements
        ]
        return [
            _together(
                [
                    element.realisations[int(pick[k])]
                    for element, pick in zip(self.elements, picks, strict=True)
                ],
                k + 1,
                1 / number,
            )
            for k in range(number)
        ]


def count(number: int) -> str:
    """Return a number of scenarios in words: its size alone if it is astronomic."""
    return f"{number:,}" if number < MOST_EXACT else f"about 1e{floor(log10(number))}"


def _shares(element: RandomElement) -> Floats:
    """Return probabilities that sum to 1: those in files are rounded."""
    shares = np.array([r.probability for r in element.realisations])
    return shares / shares.sum()


def _together(
    parts: Sequence[Realisation], position: int, probability: float | None
) -> Realisation:
    """Return one scenario; without a probability that of its parts."""
    entries: Entries = {}
    for part in parts:
        entries |= part.entries
    if probability is None:
        probability = prod(part.probability for part in parts)
    return Realisation(f"SCEN{position}", probability, entries)


@dataclass(slots=True)
class _Parser:
    """Where in the file the reading is, and what was found."""

    text: SmpsText
    entries: EntryReader
    periods: tuple[str, ...]
    section: str = ""
    current: Realisation | None = None
    elements: dict[str, RandomElement] = field(default_factory=dict[str, RandomElement])
    scenarios: dict[str, Realisation] = field(default_factory=dict[str, Realisation])

    def read(self, record: SmpsLine) -> None:
        """Take in one line."""
        if record.is_header:
            self._open(record)
        elif self.section == "INDEP":
            self._independent(record)
        elif self.section == "BLOCKS" and record.words[0].upper() == "BL":
            self._begin_block(record)
        elif self.section == "SCENARIOS" and record.words[0].upper() == "SC":
            self._begin_scenario(record)
        elif self.current is not None:
            self.current.entries |= self.entries.read(record, record.words)
        elif self.section in {"BLOCKS", "SCENARIOS"}:
            first = {"BLOCKS": "a line BL", "SCENARIOS": "a line SC"}[self.section]
            self.text.wrong(record.line, " ".join(record.words), f"{first} before it")

    def _open(self, record: SmpsLine) -> None:
        """Begin a section; what is not known is left out after its mistake."""
        self.section, self.current = record.words[0].upper(), None
        if self.section in {"STOCH", "NAME"}:
            return
        options = {word.upper() for word in record.words[1:]}
        known = ", ".join(sorted(SECTIONS))
        if self.section not in SECTIONS:
            self.text.wrong(record.line, self.section, f"one of {known}")
            self.section = ""
        elif unknown := options - LAYOUTS - {p.upper() for p in self.periods}:
            expected = "DISCRETE: continuous distributions are not read"
            self.text.wrong(record.line, " ".join(sorted(unknown)), expected)
            self.section = ""
        self.entries.modifier = next(iter(options & MODIFIERS), "REPLACE")

    def _independent(self, record: SmpsLine) -> None:
        """Read `column row value [period] probability`."""
        words = record.words
        length = 4 if words[0].upper() in BOUNDS else 3
        if len(words) not in {length + 1, length + 2}:
            expected = "an entry, its value, the period and a probability"
            self.text.wrong(record.line, " ".join(words), expected)
            return
        found = self.entries.read(record, words[:length])
        self._period(record, words[length:-1])
        name = " ".join(words[: length - 1])
        element = self.elements.setdefault(name, RandomElement(name, record.line))
        probability = self._probability(record, words[-1])
        element.realisations.append(Realisation(name, probability, found))

    def _begin_block(self, record: SmpsLine) -> None:
        """Read `BL name [period] probability`."""
        if len(record.words) not in WORDS_OF_A_BLOCK:
            expected = "BL, a name, the period and a probability"
            self.text.wrong(record.line, " ".join(record.words), expected)
            self.current = None
            return
        name = record.words[1]
        self._period(record, record.words[2:-1])
        block = self.elements.setdefault(f"BL {name}", RandomElement(name, record.line))
        base = dict(block.realisations[0].entries) if block.realisations else {}
        probability = self._probability(record, record.words[-1])
        self.current = Realisation(name, probability, base)
        block.realisations.append(self.current)

    def _begin_scenario(self, record: SmpsLine) -> None:
        """Read `SC name parent probability [period]`."""
        self.current = None
        if len(record.words) not in WORDS_OF_A_SCENARIO:
            expected = "SC, a name, its parent, a probability and the period"
            self.text.wrong(record.line, " ".join(record.words), expected)
            return
        _, name, parent, probability, *period = record.words
        self._period(record, tuple(period))
        parent = parent.strip("'\"")
        parent = ROOT if parent.upper() == ROOT else parent
        if name in self.scenarios:
            self.text.wrong(record.line, name, "a name of its own for each scenario")
        if parent != ROOT and parent not in self.scenarios:
            self.text.wrong(record.line, parent, "ROOT or a scenario above it")
        base = self.scenarios.get(parent)
        self.current = Realisation(
            name,
            self._probability(record, probability),
            {} if base is None else dict(base.entries),
        )
        self.scenarios[name] = self.current

    def _period(self, record: SmpsLine, words: tuple[str, ...]) -> None:
        for word in words:
            if self.periods and word not in self.periods:
                known = " or ".join(self.periods)
                self.text.wrong(
                    record.line, word, f"a period of the time file, {known}"
                )

    def _probability(self, record: SmpsLine, word: str) -> float:
        value = self.text.number(record.line, word)
        if not 0 <= value <= 1:
            self.text.wrong(record.line, word, "a probability between 0 and 1")
        return value


def read_stoch(text: SmpsText, targets: Targets) -> Stochastics:
    """Return the random elements; scenarios are one. Mistakes are noted in the text."""
    entries = EntryReader(text, targets)
    parser = _Parser(text, entries, targets.periods.names)
    for record in text.lines():
        parser.read(record)
    elements = list(parser.elements.values())
    scenarios = list(parser.scenarios.values())
    if elements and scenarios:
        expected = "either these or independent elements, not both"
        text.wrong(0, "SCENARIOS beside INDEP or BLOCKS", expected)
    elif scenarios:
        elements = [RandomElement("scenarios", 0, scenarios, has_scenarios=True)]
    if not elements:
        entries.notes.append("nothing is random: the one scenario is the core")
    _check_apart(text, elements)
    return Stochastics(tuple(elements), tuple(entries.notes))


def _check_apart(text: SmpsText, elements: list[RandomElement]) -> None:
    """Note probabilities that do not sum to 1, and entries of two elements."""
    owners: dict[int, RandomElement] = {}
    for element in elements:
        name = element.name
        _check_probabilities(text, element.line, name, element.realisations)
        for code in {code for r in element.realisations for code in r.entries}:
            other = owners.setdefault(code, element)
            if other is not element:
                expected = "each entry in one random element"
                text.wrong(element.line, f"{name} and {other.name}", expected)
                break


def _check_probabilities(
    text: SmpsText, line: int, name: str, realisations: list[Realisation]
) -> None:
    total = sum(realisation.probability for realisation in realisations)
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        expected = "1 as their sum"
        text.wrong(line, f"probabilities of {name} that sum to {total:.6g}", expected)
