import gzip
from pathlib import Path

import pytest

from service.cli.exit_status import ExitStatus
from tests.service.cli.conftest import Strongroom


def test_a_case_becomes_one_file(strongroom: Strongroom, tmp_path: Path) -> None:
    """Plain or packed, the content is the same."""
    plain, packed = tmp_path / "case.mps", tmp_path / "case.mps.gz"
    for path in (plain, packed):
        result = strongroom("mps", "write", "two_materials", path, "--relaxed")
        assert result.exit_code == ExitStatus.SUCCESS
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert plain.read_text().startswith("NAME          two_materials\n")


@pytest.mark.parametrize("name", ["case.lp", "case.gz", "mps"])
def test_another_ending_is_refused(
    strongroom: Strongroom, tmp_path: Path, name: str
) -> None:
    """Solvers tell the format by the ending."""
    result = strongroom("mps", "write", "two_materials", tmp_path / name)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "ends in .mps or .mps.gz" in result.stderr
    assert not (tmp_path / name).exists()
