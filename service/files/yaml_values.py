"""YAML text as plain values, as YAML 1.2 reads them.

Only true and false are booleans (NO is a country), 8e9 is a number, a date stays text.
A key given twice, an alias, a tag and a second document are mistakes. Built
from parser events, so that neither depth nor aliases can make a small text large.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from models.consistency import Mistake
from models.reading import InvalidCaseError
from service.files.text import fault

MAXIMUM_DEPTH = 64
WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
INTEGER = re.compile(r"[-+]?[0-9](_?[0-9])*")
NUMBER = re.compile(r"[-+]?([0-9](_?[0-9])*(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
MAXIMUM_DIGITS = 400


def parse_yaml(text: str, source: str) -> object:
    """Return the value of a YAML text, or raise InvalidCaseError with every mistake.

    `source` names the text in messages. An empty text is None.
    """
    builder = _Builder(source)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at, line = source, ""
        if mark is not None:
            at = f"{source}, line {mark.line + 1}, column {mark.column + 1}"
            line = (text.splitlines()[mark.line : mark.line + 1] or [""])[0].strip()
        raise fault(at, line, f"YAML ({error.problem})") from None
    except yaml.YAMLError as error:
        raise fault(source, str(error).partition("\n")[0], "YAML") from None
    if builder.mistakes:
        raise InvalidCaseError(builder.mistakes)
    return builder.root


def scalar(text: str) -> object:
    """Return what an unquoted word stands for."""
    if text in WORDS:
        return WORDS[text]
    if len(text) <= MAXIMUM_DIGITS and INTEGER.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text):
        return float(text)
    return text


def _events(text: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    yield from yaml.parse(text, Loader=loader)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return 0 if mark is None else mark.line + 1


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being built, and the key that waits for its value."""

    content: dict[str, object] | list[object]
    key: str | None = None
    lines: dict[str, int] = field(default_factory=dict[str, int])

    def step(self) -> str:
        """Return the way from this container to what is being built inside it."""
        if isinstance(self.content, dict):
            return f".{self.key}"
        return f"[{len(self.content)}]"


class _Builder:
    """Takes the events of one document and holds its value."""

    def __init__(self, source: str) -> None:
        self.root: object = None
        self.mistakes: list[Mistake] = []
        self._source = source
        self._frames: list[_Frame] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event of the parser."""
        match event:
            case yaml.ScalarEvent():
                self._check_tag(event)
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._open(event, {})
            case yaml.SequenceStartEvent():
                self._open(event, [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._put(self._frames.pop().content)
            case yaml.AliasEvent():
                raise self._fault(event, f"the alias *{event.anchor}", "no aliases")
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self._fault(event, "a second document", "one document")
            case _:
                pass

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        top = self._frames[-1] if self._frames else None
        if top is not None and isinstance(top.content, dict) and top.key is None:
            self._key(top, event)
        else:
            self._put(event.value if event.style else scalar(event.value))

    def _key(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        key = event.value
        line = _line(event)
        frame.key = key
        if key in frame.lines:
            expected = f"each key once (first on line {frame.lines[key]})"
            path = f"{self._source}, line {line}, {self._path()}"
            self.mistakes.append(Mistake(path, "given twice", expected))
        else:
            frame.lines[key] = line

    def _open(
        self,
        event: yaml.CollectionStartEvent,
        content: dict[str, object] | list[object],
    ) -> None:
        self._check_tag(event)
        top = self._frames[-1] if self._frames else None
        if top is not None and isinstance(top.content, dict) and top.key is None:
            raise self._fault(event, "a mapping or list as key", "a word as key")
        if len(self._frames) >= MAXIMUM_DEPTH:
            raise self._fault(event, "nested", f"at most {MAXIMUM_DEPTH} levels")
        self._frames.append(_Frame(content))

    def _put(self, value: object) -> None:
        if not self._frames:
            self.root = value
            return
        frame = self._frames[-1]
        if isinstance(frame.content, list):
            frame.content.append(value)
        else:
            frame.content[frame.key or ""] = value
            frame.key = None

    def _check_tag(self, event: yaml.NodeEvent) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            raise self._fault(event, f"the tag {tag}", "no tags")

    def _fault(self, event: yaml.Event, value: str, expected: str) -> InvalidCaseError:
        line = _line(event)
        return fault(f"{self._source}, line {line}, {self._path()}", value, expected)

    def _path(self) -> str:
        return "".join(frame.step() for frame in self._frames).lstrip(".") or "case"
