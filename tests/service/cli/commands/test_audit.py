"""strongroom audit: what is in the zip, what fails a check, what is refused."""

import csv
import json
import os
import shutil
import subprocess
import sys
import warnings
from hashlib import sha256
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from models.manifest import Manifest
from models.plan import Plan
from models.sensitivity import Assumption
from service.analyses.dossier import parts
from service.cli.exit_status import ExitStatus
from service.files.plans import read_plan, write_plan
from tests.cases import Case
from tests.conftest import smallest_case
from tests.service.cli.conftest import strongroom, with_history, written
from tests.service.dossier.page import Page

ROOT = Path(__file__).parents[4]
FEW = ("--scenarios", 10, "--value-scenarios", 2)
PROGRAM = "from service.cli import main; main()"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the files are that tests share and none changes."""
    return tmp_path_factory.mktemp("audited")


@pytest.fixture(scope="module")
def case_file(folder: Path) -> Path:
    """Return the file of a case with history, an offer and sources."""
    case = with_history(smallest_case())
    case["materials"][0]["sources"] = {"lot_tonnes": "assumption: <usual>"}
    case["unmodelled"] = [{"id": "helium", "name": "Helium", "reason": "no prices"}]
    return written(folder / "case.json", case)


@pytest.fixture(scope="module")
def log_file(folder: Path) -> Path:
    """Return where the log of the solve is."""
    return folder / "log.jsonl"


@pytest.fixture(scope="module")
def solved(case_file: Path, log_file: Path, folder: Path) -> Path:
    """Return the file of a plan for the case, made with options of its own."""
    path = folder / "solved.json"
    words = ("--scenarios", 5, "--output", path, "--log", log_file)
    result = strongroom("solve", case_file, *words)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="module")
def audited(case_file: Path, solved: Path, log_file: Path, folder: Path) -> Path:
    """Return the file of an audit with a log."""
    output = folder / "audit.zip"
    words = ("--output", output, "--log", log_file, *FEW)
    result = strongroom("audit", case_file, solved, *words)
    assert result.exit_code == ExitStatus.SUCCESS, result.output
    assert "log.jsonl" in result.stdout
    assert "audit: other rules" in result.stderr
    return output


@pytest.fixture
def files(audited: Path) -> dict[str, bytes]:
    """Return the files of that audit."""
    return unpacked(audited)


def unpacked(path: Path) -> dict[str, bytes]:
    """Return the content of each file in a zip."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the audit."""
    return [*csv.DictReader(StringIO(files[f"tables/{name}.csv"].decode()))]


def test_the_manifest_is_true(files: dict[str, bytes], solved: Path) -> None:
    """It names every other file with size and hash, and what the plan rests on."""
    manifest = Manifest.model_validate_json(files["manifest.json"])
    listed = {x.name: (x.bytes, x.sha256) for x in manifest.files}
    assert listed == {
        name: (len(content), sha256(content).hexdigest())
        for name, content in files.items()
        if name != "manifest.json"
    }
    plan = read_plan(solved)
    assert manifest.plan_hash == plan.content_hash
    assert manifest.made_for_hash == plan.provenance.instance_hash
    assert manifest.gap == plan.promise.gap
    assert manifest.is_passed
    assert manifest.is_made_for_case
    assert [x.name for x in manifest.checks][:3] == ["replay", "seal", "form"]
    assert manifest.checks[-1].name == "log"


def test_the_case_is_that_of_the_plan(files: dict[str, bytes], solved: Path) -> None:
    """Its SHA-256 is the hash in the plan, whose options it has."""
    made_for = read_plan(solved).provenance.instance_hash
    assert sha256(files["case.json"]).hexdigest() == made_for
    assert json.loads(files["case.json"])["options"]["number_of_scenarios"] == 5


def test_what_was_handed_in_is_there_as_it_was(
    files: dict[str, bytes], solved: Path, log_file: Path
) -> None:
    """Byte by byte."""
    assert files["plan.json"] == solved.read_bytes()
    assert files["log.jsonl"] == log_file.read_bytes()


def test_every_element_of_a_list_is_a_row(files: dict[str, bytes]) -> None:
    """In the order of the document, with its first word; in both formats."""
    for document, path in (
        ("plan", "levels"),
        ("plan", "financing"),
        ("plan", "shortfalls"),
        ("plan", "unmodelled"),
        ("evaluation", "products"),
        ("rule_comparison", "rows"),
        ("history", "replays"),
        ("financing", "schedule"),
        ("financing", "stresses"),
        ("trajectories", "materials"),
        ("verification", "checks"),
    ):
        elements = json.loads(files[f"{document}.json"])[path]
        rows = table(files, f"{document}_{path}")
        first = next(iter(elements[0]))
        assert [row[first] for row in rows] == [str(x[first]) for x in elements]
        assert f"tables/{document}_{path}.parquet" in files


def test_losses_stand_beside_published_figures(files: dict[str, bytes]) -> None:
    """As a document, and as a section of the report."""
    rows = json.loads(files["calibration.json"])["rows"]
    assert [row["modelled_loss_usd"] > 0 for row in rows] == [True]
    assert b"Losses beside published figures" in files["report.html"]


def test_tables_without_a_document_are_there(files: dict[str, bytes]) -> None:
    """Rules by alert, the log, sources, and what each column means."""
    levels = json.loads(files["plan.json"])["levels"]
    tranches = sum(len(level["tranches"]) for level in levels)
    assert tranches > 0
    assert len(table(files, "plan_levels_tranches_steps")) == 4 * tranches
    assert len(table(files, "log_records")) == files["log.jsonl"].count(b"\n")
    (source,) = table(files, "case_sources")
    assert source["is_assumption"] == "true"
    named = {row["table"] for row in table(files, "columns")}
    assert {f"tables/{name}.csv" for name in {*named, "columns"}} == {
        name for name in files if name.endswith(".csv")
    }


def test_the_report_stands_on_its_own(files: dict[str, bytes]) -> None:
    """Whole, without scripts, with nothing to fetch; what matters is in it."""
    page = Page(files["report.html"].decode())
    assert {x.partition(":")[0] for x in page.references} <= {
        "data",
        *(f"#{name}" for name in page.identifiers),
    }
    assert not {"script", "link", "iframe", "object"} & {*page.tags}
    assert b"url(" not in files["report.html"]
    assert page.tags.count("img") == 6
    assert "The answer under other assumptions" not in page.words
    text = " ".join(page.words)
    for said in (
        "All 14 checks passed",
        "Gallium 1",
        "The ban",
        "Helium",
        "no prices",
        "Clairvoyant",
        "95 % interval",
        "Lower bound",
        "* The budget of the case.",
        "* Lowest 5 % quantile of cash of all periods.",
        "whole lots" if "whole lots" in files["log.jsonl"].decode() else "checked",
    ):
        assert said in text, said


def test_the_same_bytes_in_another_process(
    case_file: Path, solved: Path, log_file: Path, audited: Path, tmp_path: Path
) -> None:
    """Whatever the order of sets, which each process has its own, and in any folder."""
    words = [str(x) for x in (case_file, solved, "--output", "made.zip", *FEW)]
    made = subprocess.run(  # noqa: S603 - the program itself
        [sys.executable, "-c", PROGRAM, "audit", *words, "--log", log_file],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert made.returncode == 0, made.stdout
    assert (tmp_path / "made.zip").read_bytes() == audited.read_bytes()
    everything = b"".join(unpacked(audited).values())
    assert not any(str(x).encode() in everything for x in (tmp_path, audited.parent))


def more_gap(plan: Plan) -> Plan:
    """Return the plan with another gap than its bound has."""
    promise = plan.promise.model_copy(update={"gap": plan.promise.gap + 0.01})
    return plan.model_copy(update={"promise": promise})


def less_cost(plan: Plan) -> Plan:
    """Return the plan with a cheaper world without vault."""
    cost = plan.promise.cost_without_vault_usd
    update = {"cost_without_vault_usd": 0.999 * cost}
    promise = plan.promise.model_copy(update=update)
    return plan.model_copy(update={"promise": promise})


def more_stock(plan: Plan) -> Plan:
    """Return the plan with a tenth more in a tranche."""
    (level,) = plan.levels
    first, *others = level.tranches
    more = first.model_copy(update={"tonnes": 1.1 * first.tonnes})
    level = level.model_copy(update={"tranches": (more, *others)})
    return plan.model_copy(update={"levels": (level,)})


def test_a_plan_changed_by_hand_fails(
    case_file: Path, solved: Path, tmp_path: Path
) -> None:
    """The file is written, and its verdict names the failed checks of each change.

    The JSON is the manifest, to which the path and size of the file are added.
    """
    changed, output = tmp_path / "changed.json", tmp_path / "audit.zip"
    write_plan(more_stock(less_cost(more_gap(read_plan(solved)))), changed)
    words = ("--output", output, *FEW, "--json")
    result = strongroom("audit", case_file, changed, *words)
    assert result.exit_code == ExitStatus.CHECK_FAILED
    answer = json.loads(result.stdout)
    failed = {x["name"] for x in answer["checks"] if not x["is_passed"]}
    assert {"promise", "replay", "tranches", "levels"} <= failed
    assert not answer["is_passed"]
    page = Page(unpacked(output)["report.html"].decode())
    (verdict,) = [word for word in page.words if "checks FAILED" in word]
    assert all(name in verdict for name in failed)
    rows = table(unpacked(output), "verification_checks_violations")
    assert {row["checks.name"] for row in rows} == failed - {"replay"}
    assert answer.pop("output") == str(output)
    assert answer.pop("bytes") == output.stat().st_size
    (zipped,) = answer.pop("outputs")
    assert zipped["sha256"] == sha256(output.read_bytes()).hexdigest()
    files = unpacked(output)
    assert answer == json.loads(files["manifest.json"])
    assert not answer["has_log"]
    assert "No log was given" in files["report.html"].decode()


def test_another_case_is_warned_of_and_a_foreign_log_fails(
    case_file: Path, solved: Path, tmp_path: Path
) -> None:
    """All that the plan names is there, but a price is another; so is the log."""
    log, output = tmp_path / "other.jsonl", tmp_path / "audit.zip"
    log.write_text('{"seconds": 0, "stage": "bound", "lower_bound_usd": -5}\n')
    setting = ("--set", "materials.gallium.price_usd_per_tonne=600000")
    words = ("--output", output, "--log", log, *FEW, *setting)
    result = strongroom("audit", case_file, solved, *words)
    assert result.exit_code == ExitStatus.CHECK_FAILED
    assert "warning: the plan was made for another case" in result.stderr
    files = unpacked(output)
    manifest = Manifest.model_validate_json(files["manifest.json"])
    assert not manifest.is_made_for_case
    failed = {x.name for x in manifest.checks if not x.is_passed}
    assert {"provenance", "log"} <= failed
    assert "upper_bound_usd: in no record" in files["report.html"].decode()


def test_warnings_about_the_plan_are_listed_and_pass(tmp_path: Path) -> None:
    """A plan that holds nothing for lack of money keeps its promise."""
    plan, output = tmp_path / "plan.json", tmp_path / "audit.zip"
    case = ("two_materials", "--set", "financing.loan.limit_usd=1000")
    assert strongroom("solve", *case, "--output", plan).exit_code == 0
    words = (case[0], plan, *case[1:], "--output", output, *FEW)
    result = strongroom("audit", *words)
    assert result.exit_code == ExitStatus.SUCCESS, result.output
    found = unpacked(output)
    (warning,) = Manifest.model_validate_json(found["manifest.json"]).warnings
    assert warning.startswith("nothing is held, although the next dollar avoids $2.00")
    report = found["report.html"].decode()
    assert "Warnings about the plan" in report
    assert "the cheapest lot is 1 t of alpha" in report


def test_a_wrong_log_is_refused(case_file: Path, solved: Path, tmp_path: Path) -> None:
    """With the line and what was expected there; nothing is written."""
    log, output = tmp_path / "wrong.jsonl", tmp_path / "audit.zip"
    log.write_text('{"seconds": 0, "stage": "bound"}\n{"seconds": "x"}\n')
    result = strongroom("audit", case_file, solved, "--output", output, "--log", log)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert f"{log}, line 2, seconds: is 'x'" in result.stderr
    assert f"{log}, line 2, stage: is 'absent'" in result.stderr
    assert not output.exists()


def test_wrong_options_of_a_plan_are_refused(
    case_file: Path, solved: Path, tmp_path: Path
) -> None:
    """Without them no scenario can be sampled again."""
    document = json.loads(solved.read_text())
    document["provenance"]["options"]["gap"] = 7
    changed = written(tmp_path / "changed.json", document)
    words = ("--output", tmp_path / "audit.zip")
    result = strongroom("audit", case_file, changed, *words)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "provenance.options.gap: is 7" in result.stderr


def test_inputs_are_not_written(case_file: Path, solved: Path, tmp_path: Path) -> None:
    """Neither the case nor the plan; both are as before."""
    before = case_file.read_bytes(), solved.read_bytes()
    case_file, solved = (
        Path(shutil.copy(path, tmp_path)) for path in (case_file, solved)
    )
    for name, path in ("case", case_file), ("plan", solved):
        result = strongroom("audit", case_file, solved, "--output", path)
        assert result.exit_code == ExitStatus.BAD_INPUT
        assert f"the file of the {name}" in result.stderr
    assert before == (case_file.read_bytes(), solved.read_bytes())


def test_sensitivity_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a document, as tables, in the report and as its seventh picture.

    Here of one assumption, beside those that are changed together.
    """
    few = (Assumption.SHORTAGE_COSTS,)
    monkeypatch.setattr(parts, "Assumption", few)
    case, plan, output = "two_materials", tmp_path / "p.json", tmp_path / "audit.zip"
    assert strongroom("solve", case, "--output", plan).exit_code == 0
    words = ("--output", output, *FEW, "--sensitivity")
    result = strongroom("audit", case, plan, *words)
    assert result.exit_code == 0, result.output
    files = unpacked(output)
    variants = json.loads(files["sensitivity.json"])["variants"]
    assert [*few] in [list(x["factors"]) for x in variants]
    rows = table(files, "sensitivity_variants")
    assert [row["name"] for row in rows] == [x["name"] for x in variants]
    page = Page(files["report.html"].decode())
    assert page.tags.count("img") == 7
    text = " ".join(page.words)
    assert "The answer under other assumptions" in text
    assert "shortage costs +20 %" in text


def test_names_of_any_kind_pass_into_the_file(tiny_case: Case, tmp_path: Path) -> None:
    """Formulas, dollars, control characters and East Asian ones: the check passes.

    So it does with a warning of the case, which is no fault of the plan.
    """
    tiny_case["events"][0]["country"] = "CHM"
    name = '=HYPERLINK("http://x","y") US$ #1 and A$ #2 \x1b[31m タンタル'
    tiny_case["materials"][0]["name"] = name
    case, plan = written(tmp_path / "case.json", tiny_case), tmp_path / "plan.json"
    output = tmp_path / "made.zip"
    assert strongroom("solve", case, "--scenarios", 5, "--output", plan).exit_code == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        made = strongroom("audit", case, plan, "--output", output, *FEW)
    assert made.exit_code == 0, made.output
    files = unpacked(output)
    doubled = name.replace('"', '""')
    assert f'"\'{doubled}"'.encode() in files["tables/plan_levels.csv"]
    assert json.loads(files["plan.json"])["levels"][0]["name"] == name
    assert "warning: events[chn-ban].country: is 'CHM'" in made.stderr
    (warning,) = Manifest.model_validate_json(files["manifest.json"]).warnings
    assert warning.startswith("events[chn-ban].country")
    report = files["report.html"].decode()
    assert "Warnings of the case" in report
    assert "this cuts nothing" in report
    assert "\x1b" not in report
    assert r"A$ #2 \x1b[31m タンタル" in report
