"""Where modules and tests are."""

from pathlib import Path

import pytest

from tests.house.conftest import ROOT

PACKAGES = ("models", "optimizer", "service")
CLIENT = ROOT / "service" / "client" / "strongroom_client"


def modules(*folders: str) -> list[Path]:
    """Return every module below the folders."""
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_every_folder_with_modules_is_a_package() -> None:
    """Else the wheel would have it and an import would not find it."""
    folders = {path.parent for path in modules(*PACKAGES)}
    assert {path for path in folders if not (path / "__init__.py").exists()} == set()


def test_folders_of_tests_are_no_packages() -> None:
    """A package tests.models could be found in place of models."""
    assert [path for path in modules("tests") if path.stem == "__init__"] == []


@pytest.mark.parametrize("package", [*PACKAGES, CLIENT])
def test_types_of_a_package_are_for_its_users(package: str | Path) -> None:
    """Each package has a marker of its types."""
    assert (ROOT / package / "py.typed").exists()


def test_every_module_says_what_it_is() -> None:
    """A module of the packages opens with its docstring."""
    silent = [
        path
        for path in modules(*PACKAGES)
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_every_folder_of_tests_mirrors_one_of_the_packages() -> None:
    """What is tested has its tests at the same place."""
    kinds = {"benchmark", "browser", "campaign", "golden", "house", "journeys", "laws"}
    kinds |= {"fuzz_api", "mission", "service_benchmark"}
    mirrored = {
        path.parent.relative_to(ROOT / "tests")
        for path in modules("tests")
        if path.relative_to(ROOT / "tests").parts[0] not in {*kinds, path.name}
    }
    assert {path for path in mirrored if not (ROOT / path).is_dir()} == set()
