"""The parameters of an analysis as fields of a form, and what was typed in them.

Their meanings, limits and defaults are those of the models.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

from models.mistakes import Mistake
from service.analyses.registry import ANALYSES, Analysis, Subject, operation_of
from service.console.analysis_words import CHOICES, HELP, WORDS, YES_OR_NO
from service.console.case_fields import TRUTH, CaseField, fields_of
from service.console.page import ConsoleForm
from service.console.registry import FORMS, QUESTIONS

# Parameters that name something: elements of a list of the case, or another plan.
PLANS = "plans"
NAMING: Mapping[str, str] = {
    "compare-plans.against": PLANS,
    "default": "participants",
    "participant": "participants",
    "replays": "replays",
}
Known = TypeVar("Known")
Choices = Sequence[tuple[str, str]]  # values, and what people call them


@dataclass(frozen=True, slots=True)
class OrderField:
    """A parameter in a form: what stands in it or is ticked, and what is wrong."""

    field: CaseField
    choices: Choices
    value: str
    ticked: Collection[str]
    mistake: str

    def box(self, choice: str) -> str:
        """Return the name of the box of a choice."""
        return box(self.field, choice)

    def is_word(self, choice: str) -> bool:
        """Whether a choice is called by a word of the console, which is translated."""
        return bool(self.field.choices) or choice == ""


def box(field: CaseField, choice: str) -> str:
    """Return the name of the box of a choice of several."""
    return f"{field.name}.{choice}"


@dataclass(frozen=True, slots=True)
class Question:
    """An analysis that can be asked for. path: of its page and of its form.

    is_at_once: whether nothing has to be chosen.
    """

    analysis: Analysis
    form: ConsoleForm
    path: str
    is_at_once: bool


def questions_about(subject: Subject, content_hash: str) -> Sequence[Question]:
    """Return what can be asked about a plan or a case."""
    found = [ANALYSES[x] for x in QUESTIONS if ANALYSES[x].subject is subject]
    return [
        Question(
            x,
            FORMS[operation_of(x)],
            FORMS[operation_of(x)].path.format(content_hash=content_hash),
            not any(y.is_required for y in parameters_of(x.name)),
        )
        for x in found
    ]


@cache
def parameters_of(name: str) -> Sequence[CaseField]:
    """Return the parameters of an analysis; those that it needs are the first."""
    fields = fields_of(ANALYSES[name].parameters).values()
    return sorted((_called(name, x) for x in fields), key=lambda x: not x.is_required)


def _called(analysis: str, field: CaseField) -> CaseField:
    title, unit = _of(WORDS, analysis, field) or ("", "")
    means = _of(HELP, analysis, field) or field.help
    kind = field.kind
    if field.choices != TRUTH and _of(NAMING, analysis, field):
        kind = "choices" if kind == "list" else "select"
    return replace(field, title=title, unit=unit, help=means, kind=kind)


def _of(known: Mapping[str, Known], analysis: str, field: CaseField) -> Known | None:
    """Return what is known of a parameter of an analysis, or else of its name."""
    return known.get(f"{analysis}.{field.name}", known.get(field.name))


def order_fields(
    analysis: str,
    named: Mapping[str, Choices],
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Sequence[OrderField]:
    """Return the form of an order.

    named: what there is to name, by what parameters name. given: what was typed; the
    defaults stand in an empty form.
    """
    return [
        _field(x, _choices(analysis, x, named), given, mistakes)
        for x in parameters_of(analysis)
    ]


def typed_order(
    analysis: str, named: Mapping[str, Choices], given: Mapping[str, str]
) -> dict[str, Any]:
    """Return what was typed as an order has it; what is left empty is not in it."""
    made: dict[str, Any] = {}
    for field in parameters_of(analysis):
        if field.kind == "choices":
            choices = _choices(analysis, field, named)
            made[field.name] = _ticked(field, choices, given)
        elif text := given.get(field.name):
            made[field.name] = field.read(text)
    return {name: x for name, x in made.items() if x != []}


def _field(
    field: CaseField,
    choices: Choices,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> OrderField:
    told = [x.expected for x in mistakes if x.path.partition("[")[0] == field.name]
    value = given.get(field.name, field.shown(field.default))
    if value and field.kind == "select" and value not in dict(choices):
        choices = [*choices, (value, value)]
    ticked = _ticked(field, choices, given)
    return OrderField(field, choices, value, ticked, "; ".join(dict.fromkeys(told)))


def _choices(analysis: str, field: CaseField, named: Mapping[str, Choices]) -> Choices:
    """Return what a parameter can be, if it is one or several of a list."""
    if field.choices == TRUTH:
        return [*YES_OR_NO.items()]
    words = CHOICES.get(field.name, {})
    list_ = _of(NAMING, analysis, field)
    found = named[list_] if list_ else [(x, words[x]) for x in field.choices]
    return [("", words[""]), *found] if "" in words else found


def _ticked(
    field: CaseField, choices: Choices, given: Mapping[str, str]
) -> Sequence[str]:
    return [x for x, _ in choices if box(field, x) in given]


def parameter_texts() -> Collection[str]:
    """Return what is said of parameters, in the words of the models."""
    return {x.help for name in QUESTIONS for x in parameters_of(name)}
