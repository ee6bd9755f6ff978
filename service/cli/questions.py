"""What strongroom new asks for in a terminal: one question for each wish not given."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import typer

from models.mistakes import Mistake
from service.cases.building.build import makers_of
from service.cases.building.countries import country_of, known_countries
from service.cases.building.minerals import groups, known_minerals, minerals_of
from service.cases.building.order import ALL, CaseOrder, dollars_of, read_order
from service.cli.screen import echo


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wishes for a case as they were typed; empty if not given."""

    minerals: tuple[str, ...]
    country: str
    makers: tuple[str, ...]
    budget: str
    months: int
    needs: tuple[str, ...]
    has_contracts: bool

    def order(self) -> CaseOrder:
        """Return what the wishes stand for; raise InvalidCaseError."""
        return read_order(
            minerals=self.minerals,
            country=self.country,
            budget=self.budget,
            makers=self.makers,
            months=self.months,
            needs=self.needs,
            has_contracts=self.has_contracts,
        )


def completed(wishes: Wishes) -> Wishes:
    """Ask for what is not given, again until it can be read; makers at the end.

    Raises InvalidCaseError if what was given is wrong.
    """
    if not wishes.minerals:
        echo(f"Minerals: {', '.join(known_minerals())}", err=True)
        echo(f"Groups of minerals: {', '.join(groups())}", err=True)
        text = _asked("Which minerals, with commas", minerals_in)
        wishes = replace(wishes, minerals=(text,))
    if not wishes.country:
        text = _asked("Country of the users", country_of, known_countries().get("USA"))
        wishes = replace(wishes, country=text)
    if not wishes.budget:
        text = _asked("Budget in US dollars, such as 500 million", dollars_of)
        wishes = replace(wishes, budget=text)
    if not wishes.makers:
        known = makers_of(wishes.order())
        for maker, name in known.items():
            echo(f"  {maker}: {name}", err=True)

        def makers_in(text: str, mistakes: list[Mistake]) -> None:
            listed = [x.strip() for x in text.split(",")]
            mistakes += [
                Mistake("makers", x, f"{ALL}, or some of those above")
                for x in listed
                if x not in known and x != ALL
            ]

        text = _asked("Makers that need them, with commas", makers_in, ALL)
        wishes = replace(wishes, makers=(text,))
    return wishes


def minerals_in(text: str, mistakes: list[Mistake]) -> list[str]:
    """Return the minerals that a list stands for; adds mistakes."""
    return minerals_of([text], mistakes)


def _asked(
    question: str,
    read: Callable[[str, list[Mistake]], object],
    default: str | None = None,
) -> str:
    """Return an answer that can be read; ask again after each that cannot."""
    while True:
        text: str = typer.prompt(question, default=default, err=True)
        mistakes: list[Mistake] = []
        read(text, mistakes)
        if not mistakes:
            return text
        for mistake in mistakes:
            echo(f"  {mistake.value!r}: expected {mistake.expected}", err=True)
