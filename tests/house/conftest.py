"""README as text and as blocks."""

import re
from pathlib import Path

import pytest

Blocks = list[tuple[str, str]]
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\S[^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def readme() -> str:
    """Return the text of README."""
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def blocks(readme: str) -> Blocks:
    """Return the kind and the text of every fenced block of README, in order."""
    return BLOCK.findall(readme)
