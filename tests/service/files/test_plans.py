"""Plans and other files: written whole or not at all, and only where they can be."""

import os
from pathlib import Path

import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import InvalidCaseError
from service.files.plans import read_plan, write_plan
from service.files.writing import check_writable, write_whole
from tests.service.fake_solver import plan_of


@pytest.fixture
def plan(instance: Instance) -> Plan:
    """Return the plan that holds nothing."""
    return plan_of(instance)


def test_a_plan_is_read_as_it_was_written(tmp_path: Path, plan: Plan) -> None:
    """What comes back is the same plan."""
    write_plan(plan, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plan


def test_nothing_else_is_left_behind(tmp_path: Path, plan: Plan) -> None:
    """The draft becomes the plan."""
    check_writable(tmp_path / "plan.json")
    write_plan(plan, tmp_path / "plan.json")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_link_stays_a_link(tmp_path: Path, plan: Plan) -> None:
    """The file that it leads to is written."""
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "plan.json")
    write_plan(plan, link)
    assert link.is_symlink()
    assert read_plan(tmp_path / "plan.json") == plan


def test_a_write_that_fails_leaves_all_as_it_was(tmp_path: Path, plan: Plan) -> None:
    """The error is raised, and no draft is left."""
    in_the_way = tmp_path / "plan.json"
    in_the_way.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_plan(plan, in_the_way)
    assert list(tmp_path.rglob("*")) == [in_the_way]


def test_the_mode_of_the_file_is_the_usual_one(tmp_path: Path, plan: Plan) -> None:
    """Others may read a plan if they may read other new files."""
    write_plan(plan, tmp_path / "plan.json")
    (tmp_path / "usual").touch()
    modes = {(tmp_path / name).stat().st_mode for name in ("plan.json", "usual")}
    assert len(modes) == 1


def test_every_mistake_of_a_plan_file_is_reported(tmp_path: Path, plan: Plan) -> None:
    """Missing, unknown and wrong fields come with their paths."""
    path = tmp_path / "plan.json"
    text = plan.model_dump_json()
    text = text.replace('"awards":[],', '"prizes":[],').replace('"gap":0.0', '"gap":-1')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidCaseError) as caught:
        read_plan(path)
    assert {mistake.path for mistake in caught.value.mistakes} == {
        "awards",
        "prizes",
        "promise.gap",
    }


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    """Whole, and nothing else is left."""
    path = tmp_path / "file"
    write_whole(b"before", path)
    write_whole(b"after", path)
    assert [(x.name, x.read_bytes()) for x in tmp_path.iterdir()] == [
        ("file", b"after")
    ]


def test_a_check_leaves_what_is_there(tmp_path: Path) -> None:
    """Finding out whether a file can be written does not write it."""
    path = tmp_path / "plan.json"
    path.write_text("before", encoding="utf-8")
    check_writable(path)
    assert path.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize(
    ("name", "obstacle"),
    [
        ("", "a directory"),
        ("absent/plan.json", "in a folder that is not there"),
        ("file/plan.json", "in a folder that is not there"),
        ("x" * 250, "File name too long"),
        ("x" * 5000, "File name too long"),
    ],
)
def test_unwritable_places_fail(tmp_path: Path, name: str, obstacle: str) -> None:
    """The obstacle is named."""
    (tmp_path / "file").touch()
    with pytest.raises(InvalidCaseError) as caught:
        check_writable(tmp_path / name)
    assert f"is '{obstacle}'" in str(caught.value)


def test_a_device_is_never_replaced() -> None:
    """Writing to /dev/null would put a file in its place."""
    with pytest.raises(InvalidCaseError) as caught:
        check_writable(Path(os.devnull))
    assert "is 'a device, pipe or socket'" in str(caught.value)
