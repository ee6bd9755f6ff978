"""The file of a workbook: a zip of XML, unpacked and parsed within limits.

Each part is parsed as it is unpacked and never held as a whole. What a part says of
its own size is not believed, and a document type, which could define entities that
grow without end, is refused.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.parsers import expat

from models.reading import InvalidCaseError
from service.files.text import fault

MOST_UNPACKED_BYTES = 100_000_000
MOST_PARTS = 5_000
CHUNK_BYTES = 1_000_000
OLD_OR_ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK"
SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
WANTED = "an Excel workbook (.xlsx)"
CONTENT_TYPES = "[Content_Types].xml"

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def _nothing(*_: object) -> None:
    """Do nothing with an event of a parser."""


@dataclass(frozen=True, slots=True)
class Events:
    """What is done at the start and the end of an element, and with its text."""

    start: Start
    end: End = _nothing
    text: Text = _nothing


@dataclass(slots=True)
class Package:
    """The parts of the file; `source` names it in messages."""

    source: str
    parts: zipfile.ZipFile
    unpacked_bytes: int = 0
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = frozenset(self.parts.namelist())

    def parse(self, part: str, events: Events) -> None:
        """Parse a part; raise InvalidCaseError if it is wrong or too large."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: events.start(
            _local(name), {_local(key): value for key, value in attributes.items()}
        )
        parser.EndElementHandler = lambda name: events.end(_local(name))
        parser.CharacterDataHandler = events.text
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        try:
            with self.parts.open(part) as content:
                while chunk := content.read(CHUNK_BYTES):
                    self._count(len(chunk))
                    parser.Parse(chunk, False)  # noqa: FBT003 - takes no keyword
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            raise self._wrong(part, str(error), "XML") from None
        except (*BROKEN, KeyError) as error:
            raise self._wrong(part, f"broken ({error})", WANTED) from None

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the parts that a part names: their last word of type, by id."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: Attributes) -> None:
            is_inside = attributes.get("TargetMode") != "External"
            if element == "Relationship" and is_inside:
                target = posixpath.join(f"/{folder}", attributes.get("Target", ""))
                path = posixpath.normpath(target).lstrip("/")
                kind = PurePosixPath(attributes.get("Type", "")).name
                found[attributes.get("Id", "")] = kind, path

        if rels in self.names:
            self.parse(rels, Events(start))
        return found

    def _wrong(self, part: str, found: str, expected: str) -> InvalidCaseError:
        return fault(f"{self.source}, {part}", found, expected)

    def _count(self, number: int) -> None:
        self.unpacked_bytes += number
        if self.unpacked_bytes > MOST_UNPACKED_BYTES:
            found = f"more than {MOST_UNPACKED_BYTES / 1e6:g} MB when unpacked"
            expected = "a smaller one: rows that are only formatted take room too"
            raise fault(self.source, found, expected)

    def _refuse_document_type(self, *_: object) -> None:
        raise fault(self.source, "a document type in its XML", WANTED)


BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


def is_workbook(content: bytes, suffix: str) -> bool:
    """Say whether a file is a workbook, or is meant to be one by its suffix."""
    return content.startswith((ZIP, OLD_OR_ENCRYPTED)) or suffix.lower() in SUFFIXES


def opened_package(content: bytes, source: str) -> Package:
    """Return the parts of a workbook.

    Raises InvalidCaseError if it is another kind of file, or has macros.
    """
    if content.startswith(OLD_OR_ENCRYPTED):
        found = "a workbook of before 2007, or one with a password"
        raise fault(source, found, f"{WANTED} without a password")
    try:
        parts = zipfile.ZipFile(io.BytesIO(content))
    except (*BROKEN, ValueError) as error:
        raise fault(source, f"no workbook ({error})", WANTED) from None
    if len(parts.namelist()) > MOST_PARTS:
        found = f"a file of {len(parts.namelist()):,} parts"
        raise fault(source, found, f"at most {MOST_PARTS:,}")
    package = Package(source, parts)
    _check_kind(package)
    return package


def _check_kind(package: Package) -> None:
    if CONTENT_TYPES not in package.names:
        is_open = "mimetype" in package.names
        found = "an OpenDocument file" if is_open else "a zip file of something else"
        raise fault(package.source, found, WANTED)
    kinds: set[str] = set()

    def start(_: str, attributes: Attributes) -> None:
        kinds.add(attributes.get("ContentType", ""))

    package.parse(CONTENT_TYPES, Events(start))
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds):
        found = "a workbook with macros"
        raise fault(package.source, found, f"{WANTED}, which has none: save it as one")
    if any("sheet.binary" in kind for kind in kinds):
        raise fault(package.source, "a binary workbook (.xlsb)", WANTED)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
