"""YAML 1.2 text as plain values.

Of unquoted words, only true and false are booleans (NO is a country), 8e9 is a number,
and a date stays text. A repeated key, a tag and a second document are mistakes. Values
are built from parser events, so that limits on depth and aliases apply while parsing.
"""

import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

import yaml

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.files.json_values import MAXIMUM_DEPTH, measure
from service.files.text import fault

MAXIMUM_COPIED = 100_000
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
# Look like a space or like nothing, but YAML takes them for letters.
SPACE_LIKE = "\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
IN_A_WORD = re.compile(f"(?:^|(?<=:))[{SPACE_LIKE}]|[{SPACE_LIKE}]+$")
IN_A_LINE = re.compile(f"(?:^|(?<=[-:\\s]))[{SPACE_LIKE}]|[{SPACE_LIKE}]+$")
FORBIDDEN = yaml.reader.Reader.NON_PRINTABLE


def parse_yaml(text: str, source: str) -> object:
    """Return the value of a YAML text, or raise InvalidCaseError with every mistake.

    `source` names the text in messages. An empty text is None.
    """
    builder = _Builder(source, text)
    try:
        for event in _events(text):
            builder.process(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse_space_like(error, text, source)
        at, line = source, ""
        if mark is not None:
            at = f"{source}, line {mark.line + 1}, column {mark.column + 1}"
            line = (text.splitlines()[mark.line : mark.line + 1] or [""])[0].strip()
        raise fault(at, line, f"YAML ({error.problem})") from None
    except UnicodeEncodeError:
        # A lone surrogate: from JSON, or from arguments that are not UTF-8.
        raise fault(source, text, "text that UTF-8 can carry") from None
    except yaml.YAMLError as error:
        if (found := FORBIDDEN.search(text)) is not None:
            raise _character_fault(text, found.start(), source) from None
        raise fault(source, str(error).partition("\n")[0], "YAML") from None
    if builder.mistakes:
        raise InvalidCaseError(builder.mistakes)
    return builder.root


def _events(text: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    yield from yaml.parse(text, Loader=loader)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return 0 if mark is None else mark.line + 1


def _refuse_space_like(error: yaml.MarkedYAMLError, text: str, source: str) -> None:
    """Raise InvalidCaseError if a character that looks like a space is the cause."""
    marks = [x.line for x in (error.context_mark, error.problem_mark) if x is not None]
    if not marks:
        return
    lines = text.splitlines(keepends=True)
    # The parser notices it in the line after.
    first = max(min(marks) - 1, 0)
    index = sum(map(len, lines[:first]))
    for line in lines[first : max(marks) + 1]:
        if (found := IN_A_LINE.search(line)) is not None:
            raise _character_fault(text, index + found.start(), source)
        index += len(line)


def _character_fault(text: str, index: int, source: str) -> InvalidCaseError:
    """Return the error for one character, with its name, line and column."""
    character = text[index]
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    name = unicodedata.name(character, "a control character")
    at = f"{source}, line {line}, column {column}"
    expected = (
        "YAML (control characters are not allowed)"
        if FORBIDDEN.match(character)
        else "a plain space (or quotation marks, if it is meant)"
    )
    return fault(at, f"the character U+{ord(character):04X} {name}", expected)


@dataclass(slots=True)
class _Frame:
    """A mapping or list under construction, and the key without a value yet."""

    content: dict[str, object] | list[object]
    anchor: str | None
    key: str | None = None
    lines: dict[str, int] = field(default_factory=dict[str, int])

    def step(self) -> str:
        """Return the step of the path from this container to its next value."""
        if isinstance(self.content, dict):
            return f".{self.key}"
        return f"[{len(self.content)}]"


class _Builder:
    """Builds the value of one document from its events."""

    def __init__(self, source: str, text: str) -> None:
        self._text = text
        self.root: object = None
        self.mistakes: list[Mistake] = []
        self._source = source
        self._frames: list[_Frame] = []
        self._anchored: dict[str, object] = {}
        self._copied = 0
        self._documents = 0

    def process(self, event: yaml.Event) -> None:
        """Process the next event of the parser."""
        match event:
            case yaml.ScalarEvent():
                self._check_tag(event)
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._open(event, {})
            case yaml.SequenceStartEvent():
                self._open(event, [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                frame = self._frames.pop()
                self._put(frame.content, frame.anchor)
            case yaml.AliasEvent():
                self._put(self._copy(event), None)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self._fault(event, "a second document", "one document")
            case _:
                pass

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._check_spaces(event)
        top = self._frames[-1] if self._frames else None
        if top is not None and isinstance(top.content, dict) and top.key is None:
            self._key(top, event)
        else:
            value = event.value if event.style else _scalar_of(event.value)
            self._put(value, event.anchor)

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
        self._frames.append(_Frame(content, event.anchor))

    def _put(self, value: object, anchor: str | None) -> None:
        if anchor is not None:
            self._anchored[anchor] = value
        if not self._frames:
            self.root = value
            return
        frame = self._frames[-1]
        if isinstance(frame.content, list):
            frame.content.append(value)
        else:
            frame.content[frame.key or ""] = value
            frame.key = None

    def _copy(self, alias: yaml.AliasEvent) -> object:
        """Return a copy of the value of an alias, within the limits."""
        name = str(alias.anchor)
        if name not in self._anchored:
            raise self._fault(alias, f"the alias *{name}", f"&{name} before it")
        size, depth = measure(self._anchored[name])
        self._copied += size
        if self._copied > MAXIMUM_COPIED:
            expected = f"aliases for at most {MAXIMUM_COPIED:,} values"
            raise self._fault(alias, f"the alias *{name}", expected)
        if len(self._frames) + depth > MAXIMUM_DEPTH:
            raise self._fault(alias, "nested", f"at most {MAXIMUM_DEPTH} levels")
        return deepcopy(self._anchored[name])

    def _check_spaces(self, event: yaml.ScalarEvent) -> None:
        """Refuse characters like spaces around unquoted words and in numbers."""
        begin, end = event.start_mark, event.end_mark
        if event.style or event.value.isascii() or begin is None or end is None:
            return
        written = self._text[begin.index : end.index].rstrip(" \n")
        found = IN_A_WORD.search(written)
        if found is None and _is_number(re.sub(f"[{SPACE_LIKE}]", "", written)):
            found = re.search(f"[{SPACE_LIKE}]", written)
        if found is not None:
            raise _character_fault(
                self._text, begin.index + found.start(), self._source
            )

    def _check_tag(self, event: yaml.NodeEvent) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            raise self._fault(event, f"the tag {tag}", "no tags")

    def _fault(self, event: yaml.Event, value: str, expected: str) -> InvalidCaseError:
        line = _line(event)
        return fault(f"{self._source}, line {line}, {self._path()}", value, expected)

    def _path(self) -> str:
        return "".join(frame.step() for frame in self._frames).lstrip(".") or "case"


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def _scalar_of(text: str) -> object:
    """Return the value of an unquoted word."""
    if text in WORDS:
        return WORDS[text]
    if len(text) <= MAXIMUM_DIGITS and INTEGER.fullmatch(text):
        return int(text)
    if _is_number(text):
        return float(text)
    return text
