"""Cases from files: a YAML or JSON file, or a shipped case.

Only the text is parsed here; models.reading validates the case.
"""

import difflib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import cast

from service.files.json_values import parse_json
from service.files.text import decode, fault, read_text
from service.files.yaml_values import parse_yaml

SUFFIX = ".yaml"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped cases in alphabetical order."""
    return tuple(
        sorted(
            entry.name.removesuffix(SUFFIX)
            for entry in files("service").joinpath("cases").iterdir()
            if entry.name.endswith(SUFFIX)
        )
    )


def load(name_or_path: str) -> Mapping[str, object]:
    """Return the content of a case, or raise InvalidCaseError.

    The name of a shipped case takes precedence; a file of that name is ./name.
    """
    if name_or_path in shipped_names():
        case = files("service").joinpath("cases", f"{name_or_path}{SUFFIX}")
        return _mapping(decode(case.read_bytes(), name_or_path), name_or_path, SUFFIX)
    path = Path(name_or_path)
    text = read_text(path, f"a file or {_suggestion(path)}")
    return _mapping(text, name_or_path, path.suffix.lower())


def load_values(path: str) -> object:
    """Return the content of a YAML or JSON file, or raise InvalidCaseError."""
    return _values(read_text(Path(path)), path, Path(path).suffix.lower())


def _mapping(text: str, source: str, suffix: str) -> Mapping[str, object]:
    if not text.strip():
        raise fault(source, "empty", "a case in YAML or JSON")
    content = _values(text, source, suffix)
    if not isinstance(content, dict):
        found = "empty" if content is None else type(content).__name__
        raise fault(source, found, "a mapping of sections")
    return cast("dict[str, object]", content)


def _values(text: str, source: str, suffix: str) -> object:
    looks_like_json = text.lstrip().startswith(("{", "[")) and "y" not in suffix
    if suffix == ".json" or looks_like_json:
        return parse_json(text, source)
    return parse_yaml(text, source)


def _suggestion(path: Path) -> str:
    names = shipped_names()
    close = difflib.get_close_matches(path.stem.lower(), names, n=1)
    listed = close or names
    return f"the name of a shipped case ({', '.join(listed) or 'there are none'})"
