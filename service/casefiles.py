"""Cases from files: YAML, JSON, tables, a shipped case, or a variant of one.

Only the text is parsed here; models.reading validates the case. Tables, of a workbook
or a folder of CSV files, are validated as they are read, since only there the cell of a
mistake is known.
"""

import difflib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from models.content import canonical_json
from models.mistakes import Mistake
from models.reading import InvalidCaseError, read_instance
from service.case_tables.reading import CaseReader
from service.csv_folder.reading import folder_reader
from service.csv_folder.zipped import is_zipped_folder, zip_reader
from service.files.json_values import parse_json
from service.files.text import decode, fault, read_bytes, read_text
from service.files.yaml_values import parse_yaml
from service.variants.changing import nearest
from service.variants.merge_patch import difference
from service.variants.named import (
    IDENTITY,
    SECTION,
    in_variant,
    read_variants_section,
    varied_case,
)
from service.variants.overlay import Overlay
from service.workbook.package import is_workbook
from service.workbook.reading import workbook_reader

SUFFIX = ".yaml"
SIGN = ":"  # between a case and its variant


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What a case file has: the content of the case, and its variants by name."""

    name: str
    content: Mapping[str, object]
    variants: Mapping[str, Overlay] = field(default_factory=dict[str, Overlay])
    is_variant: bool = False

    def varied(self, variant: str) -> Mapping[str, object]:
        """Return the content of a variant.

        Raises InvalidCaseError if it is unknown, or with every mistake of its overlay;
        a change that changes nothing is one.
        """
        overlay = self.overlay(variant, f"{self.name}{SIGN}{variant}")
        base = self._base_of(overlay)
        try:
            return varied_case(base, variant, overlay, must_change=True)
        except InvalidCaseError as error:
            raise in_variant(variant, error) from None

    def of_the_case(self, variant: str) -> Overlay:
        """Return an overlay of the case itself that makes a variant, or raise.

        It is that of the variant, unless another variant is its base.
        """
        overlay = self.overlay(variant, variant)
        if not overlay.base:
            return overlay
        before, after = _document(self.content), self.varied(variant)
        patch = difference(before, {**after, **_identity(before)})
        return Overlay(patch=patch, title=overlay.title, reason=overlay.reason)

    def _base_of(self, overlay: Overlay) -> dict[str, Any]:
        """Return what an overlay changes, under the name of the case."""
        if not overlay.base:
            return _document(self.content)
        return {**_document(self.varied(overlay.base)), **_identity(self.content)}

    def overlay(self, variant: str, at: str) -> Overlay:
        """Return the overlay of a variant, which messages call `at`, or raise."""
        if variant in self.variants:
            return self.variants[variant]
        if self.is_variant:
            expected = f"no variant: {self.name} is one itself, and has none"
        elif not self.variants:
            expected = f"no variant: {self.name} has none"
        else:
            known = nearest(variant, list(self.variants))
            expected = f"one of the variants of {self.name} {known}"
        raise InvalidCaseError([Mistake(at, variant, expected)])


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
    """Return the content of a case or, of CASE:VARIANT, of a variant of it.

    The name of a shipped case takes precedence; a file of that name is ./name. Raises
    InvalidCaseError.
    """
    return open_case(name_or_path).content


def open_case(name_or_path: str) -> CaseFile:
    """Return a case with its variants, or a variant, which has none."""
    case, variant = _parted(name_or_path)
    if SIGN in case and _parted(case)[1] is not None:
        expected = "a case and one variant of it: a variant has no variants"
        raise InvalidCaseError([Mistake("CASE", name_or_path, expected)])
    opened = _shipped(case) if case in shipped_names() else _from_file(case)
    return opened if variant is None else _variant_of(opened, variant)


def open_shipped(name: str) -> CaseFile | None:
    """Return a shipped case or variant, None if no shipped case has that name.

    No other file is read. Raises InvalidCaseError if the case has no such variant.
    """
    case, sign, variant = name.partition(SIGN)
    if case not in shipped_names():
        return None
    return _variant_of(_shipped(case), variant) if sign else _shipped(case)


def tables_of(name_or_path: str) -> CaseReader | None:
    """Return the reader of the tables of a case; None if a case is no tables.

    It can change the case before it is checked. Raises InvalidCaseError.
    """
    path = path_of(name_or_path)
    if path is None or _parted(name_or_path)[1] is not None:
        return None
    if _is_folder(path):
        return folder_reader(path)
    if not _is_there(name_or_path):
        return None
    return tables_in(read_bytes(path), name_or_path)


def tables_in(content: bytes, name: str) -> CaseReader | None:
    """Return the reader of a workbook or of a zipped folder; None of another file."""
    if is_zipped_folder(content):
        return zip_reader(content, name)
    is_tables = is_workbook(content, Path(name).suffix)
    return workbook_reader(content, name) if is_tables else None


def path_of(name_or_path: str) -> Path | None:
    """Return the file that a case or its base is read from; None if it is shipped."""
    case = _parted(name_or_path)[0]
    return None if case in shipped_names() else Path(case)


def given_case(content: Mapping[str, object], name: str) -> CaseFile:
    """Return a case with the variants in its section of them, or raise."""
    case = {key: value for key, value in content.items() if key != SECTION}
    if len(case) == len(content):
        return CaseFile(name, case)
    try:
        return CaseFile(name, case, read_variants_section(content[SECTION]))
    except InvalidCaseError as error:
        raise InvalidCaseError([*error.mistakes, *_mistakes_in(case)]) from None


def _document(case: Mapping[str, object]) -> dict[str, Any]:
    """Return the content of a case as documents have it."""
    return json.loads(canonical_json(read_instance(case)))


def _identity(case: Mapping[str, object]) -> dict[str, Any]:
    return {field: case[field] for field in IDENTITY if field in case}


def _mistakes_in(case: Mapping[str, object]) -> tuple[Mistake, ...]:
    try:
        read_instance(case)
    except InvalidCaseError as error:
        return error.mistakes
    return ()


def load_values(path: str) -> object:
    """Return the content of a YAML or JSON file, or raise InvalidCaseError."""
    return _values(read_text(Path(path)), path, Path(path).suffix.lower())


def sent_values(content: bytes, name: str) -> object:
    """Return the content of a file that was sent, of the kind that its name says.

    A name without a known ending is of a text in JSON or YAML. Raises InvalidCaseError.
    """
    suffix = Path(name).suffix
    if (tables := tables_in(content, name)) is not None:
        return tables.checked()
    return _values(decode(content, name), name, suffix.lower())


def _parted(name_or_path: str) -> tuple[str, str | None]:
    """Return the case and the variant that a name stands for; None if the case."""
    case, sign, variant = name_or_path.rpartition(SIGN)
    if not sign or not case or "/" in variant or _is_there(name_or_path):
        return name_or_path, None
    return case, variant


def _is_folder(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir()
    return False


def _is_there(path: str) -> bool:
    with suppress(OSError):
        return Path(path).exists()
    return False


def _variant_of(case: CaseFile, variant: str) -> CaseFile:
    name = f"{case.name}{SIGN}{variant}"
    return CaseFile(name, case.varied(variant), is_variant=True)


def _shipped(name: str) -> CaseFile:
    case = files("service").joinpath("cases", f"{name}{SUFFIX}")
    text = decode(case.read_bytes(), name)
    return given_case(_mapping(text, name, SUFFIX), name)


def _from_file(name: str) -> CaseFile:
    path = Path(name)
    if _is_folder(path):
        return CaseFile(name, folder_reader(path).checked())
    content, suffix = read_bytes(path, f"a file or {_suggestion(path)}"), path.suffix
    if (tables := tables_in(content, name)) is not None:
        return CaseFile(name, tables.checked())
    text = decode(content, str(path))
    return given_case(_mapping(text, name, suffix.lower()), name)


def _mapping(text: str, source: str, suffix: str) -> Mapping[str, object]:
    if not text.strip():
        raise fault(source, "empty", "a case in YAML or JSON, or a workbook")
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
