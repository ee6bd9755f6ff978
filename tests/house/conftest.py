"""The pages of the repository, as paths and as fenced blocks."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("deploy", "models", "optimizer", "service", "tests")
README, CHANGELOG = ROOT / "README.md", ROOT / "CHANGELOG.md"
PAGES = (
    README,
    CHANGELOG,
    *sorted(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md")),
)
BLOCK = re.compile(r"^```(\S[^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def name_of(page: Path) -> str:
    """Return the path of a page from the root, for the name of a test."""
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path, kind: str) -> list[str]:
    """Return the texts of the fenced blocks of a kind, in order."""
    return [text for found, text in BLOCK.findall(text_of(page)) if found == kind]


def linked(page: Path) -> set[Path]:
    """Return the files and folders of the repository that a page links to."""
    return {(page.parent / link).resolve() for link in LINK.findall(text_of(page))}
