"""strongroom solve: what it answers, how it exits, where the plan goes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models.fresh_cost import FreshCost
from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from models.plan_warnings import plan_warnings
from service.cli.commands.solve import CaseSolver, solve_case
from service.cli.exit_status import ExitStatus
from service.files.plans import read_plan
from service.files.progress_logs import read_log
from tests.service.cli.conftest import strongroom

Output = pytest.CaptureFixture[str]


def solver(outcome: Outcome) -> CaseSolver:
    """Return a solver that reports once and comes to a known outcome.

    Its plan is reported as an incumbent first.
    """

    def solve(
        instance: Instance,
        *,
        on_progress: Callable[[ProgressRecord], None],
        on_incumbent: Callable[[Plan], None],
        is_interrupted: Callable[[], bool],
    ) -> Outcome:
        assert instance.id == "tiny"
        assert not is_interrupted()
        on_progress(
            ProgressRecord(
                seconds=1.5, stage="bound", lower_bound_usd=1.2e9, gap=0.125, cuts=1234
            )
        )
        if outcome.plan is not None:
            on_incumbent(outcome.plan)
        return outcome

    return solve


@pytest.fixture
def found(plan: Plan) -> CaseSolver:
    """Return a solver that finds the plan made by hand."""
    outcome = Outcome(termination=Termination.GAP_REACHED, plan=plan, seconds=12.34)
    return solver(outcome)


INFEASIBLE = Outcome(
    termination=Termination.INFEASIBLE,
    conflict=("minimum cover of gallium", "limit of the loan"),
    seconds=0.5,
)


def test_the_answer_in_json_is_one_object(
    instance: Instance, found: CaseSolver, capsys: Output
) -> None:
    """Standard output parses as a whole, and nothing is on standard error."""
    status = solve_case(instance, solve=found, output=None, as_json=True)
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert status == ExitStatus.SUCCESS
    assert captured.err == ""
    assert answer["status"] == "GAP_REACHED"
    assert answer["expected_shortage_cost_usd"] == 1.234e9
    assert answer["scenarios"] == instance.options.number_of_scenarios
    assert answer["seconds"] == 12.34


def test_the_answer_lists_materials_with_their_tranches(
    instance: Instance, found: CaseSolver, capsys: Output
) -> None:
    """Tonnes, cover, and the rule of each tranche in words."""
    solve_case(instance, solve=found, output=None, as_json=True)
    (material,) = json.loads(capsys.readouterr().out)["materials"]
    assert material["material"] == "gallium"
    assert material["days_of_cover"] == 30.4
    (tranche,) = material["tranches"]
    assert tranche["tonnes"] == 1.0
    assert tranche["rule"] == "immediate"
    assert tranche["text"].startswith("Hold 1 t")


def test_progress_is_header_rows_and_footer_on_standard_error(
    instance: Instance, found: CaseSolver, capsys: Output
) -> None:
    """Without a terminal aligned lines show the case, the progress and the end."""
    solve_case(instance, solve=found, output=None, as_json=False)
    lines = capsys.readouterr().err.splitlines()
    assert instance.content_hash[:12] in lines[0]
    assert "1 materials, 2 routes" in lines[1]
    assert "gap 1 %" in lines[2]
    headings, row = lines[3:5]
    assert headings.index("lower bound") + len("lower bound") == (
        row.index("$1.20 bn") + len("$1.20 bn")
    )
    assert row.split()[-3:] == ["12.5", "%", "1,234"]
    assert lines[-1] == "GAP_REACHED, gap 0.98 %, 12.3 s"


def test_the_plan_is_written_and_can_be_read_back(
    instance: Instance, found: CaseSolver, plan: Plan, tmp_path: Path
) -> None:
    """The file is the plan document."""
    path = tmp_path / "plan.json"
    solve_case(instance, solve=found, output=path, as_json=True)
    assert read_plan(path) == plan


def test_an_infeasible_case_exits_with_3(instance: Instance, capsys: Output) -> None:
    """The limits that cannot hold together are listed, and the status is 3."""
    status = solve_case(instance, solve=solver(INFEASIBLE), output=None, as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert status == 3
    assert answer["status"] == "INFEASIBLE"
    assert answer["conflict"] == ["minimum cover of gallium", "limit of the loan"]


def test_no_plan_leaves_an_older_plan_alone(instance: Instance, tmp_path: Path) -> None:
    """Nothing is written where there is no plan."""
    path = tmp_path / "plan.json"
    path.write_text("older", encoding="utf-8")
    solve_case(instance, solve=solver(INFEASIBLE), output=path, as_json=True)
    assert path.read_text(encoding="utf-8") == "older"


@pytest.mark.parametrize(
    "end", [Termination.TIME_LIMIT, Termination.INTERRUPTED, Termination.NUMERICAL]
)
def test_no_plan_within_the_limits_has_a_status_of_its_own(
    instance: Instance, capsys: Output, end: Termination
) -> None:
    """The status is 4, and the termination is named."""
    outcome = Outcome(termination=end, seconds=900.0)
    status = solve_case(instance, solve=solver(outcome), output=None, as_json=False)
    assert status == 4
    assert end.value in capsys.readouterr().out


@pytest.mark.parametrize("end", [Termination.TIME_LIMIT, Termination.INTERRUPTED])
def test_a_plan_of_a_solve_that_was_cut_short_is_a_plan(
    instance: Instance, plan: Plan, capsys: Output, end: Termination
) -> None:
    """What counts is that there is one."""
    outcome = Outcome(termination=end, plan=plan, seconds=900.0)
    status = solve_case(instance, solve=solver(outcome), output=None, as_json=True)
    assert status == 0
    assert json.loads(capsys.readouterr().out)["status"] == end.value


def test_the_answer_for_people_has_headline_and_levels(
    instance: Instance, found: CaseSolver, capsys: Output
) -> None:
    """Standard output has the tables and the option that keeps the plan."""
    solve_case(instance, solve=found, output=None, as_json=False)
    out = capsys.readouterr().out
    assert "$1.23 bn" in out
    assert "Gallium" in out
    assert "--output FILE keeps it" in out


def test_a_plan_that_cannot_be_written_at_the_end_is_rescued(
    instance: Instance, found: CaseSolver, plan: Plan, tmp_path: Path, capsys: Output
) -> None:
    """It is kept elsewhere, the message has the path, and the status is 1."""
    in_the_way = tmp_path / "plan.json"
    in_the_way.mkdir()
    status = solve_case(instance, solve=found, output=in_the_way, as_json=False)
    warning, *_, message = capsys.readouterr().err.splitlines()[5:]
    assert warning.startswith("warning: ")
    assert warning.endswith("the solve continues")
    rescued = Path(message.rpartition(" ")[2])
    assert status == 1
    assert read_plan(rescued) == plan
    rescued.unlink()
    rescued.parent.rmdir()


@pytest.mark.parametrize(
    ("place", "obstacle"),
    [
        (".", "is 'a directory'"),
        ("absent/plan.json", "is 'in a folder that is not there'"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_the_solve(
    case_file: Path, place: str, obstacle: str
) -> None:
    """The status is 2 at once: nothing is solved and then lost."""
    result = strongroom("solve", case_file, "--output", case_file.parent / place)
    assert result.exit_code == 2
    assert obstacle in result.stderr


def test_the_plan_does_not_overwrite_its_case(case_file: Path) -> None:
    """The file of the case is no place for the plan."""
    result = strongroom("solve", case_file, "--output", case_file)
    assert result.exit_code == 2
    assert "is 'the file of the case', expected another file" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is 'empty', expected a case in YAML or JSON"),
        ("a: [", "expected YAML"),
        ("a: 1\na: 2\n", "is 'given twice', expected each key once"),
        ("a: *b\n", "is 'the alias *b'"),
        ("- 1\n", "expected a mapping of sections"),
        ("id: x\n", "materials: is 'absent'"),
    ],
)
def test_a_wrong_file_is_a_mistake(tmp_path: Path, content: str, message: str) -> None:
    """The status is 2, the message is on standard error, and there is no traceback."""
    path = tmp_path / "case.yaml"
    path.write_text(content, encoding="utf-8")
    result = strongroom("solve", path)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("absent.yaml",),
        ("{case}", "--set", "financing.lone.limit_usd=1"),
        ("{case}", "--set", "materials.gallium.lot_tonnes=-1"),
        ("{case}", "--scenarios", "0"),
        ("{case}", "--gap", "nan"),
        ("{case}", "--seed", "many"),
        ("{case}", "--method", "guess"),
        ("{case}", "--executor", "cloud"),
        ("{case}", "--output", "/"),
        ("{case}", "--no-such-option"),
        (),
    ],
)
def test_any_mistake_is_one_json_object(
    case_file: Path, words: tuple[str, ...]
) -> None:
    """Status error, at least one mistake with path and message, nothing else."""
    named = [word.replace("{case}", str(case_file)) for word in words]
    result = strongroom("solve", *named, "--json")
    answer = json.loads(result.output)
    assert result.exit_code == 2
    assert answer["status"] == "error"
    assert answer["mistakes"][0]["path"]
    assert answer["mistakes"][0]["message"]


def test_an_unknown_method_is_refused_with_a_list(case_file: Path) -> None:
    """The status is 2, and the message lists the choices."""
    result = strongroom("solve", case_file, "--method", "guess")
    assert result.exit_code == 2
    assert "'automatic', 'extensive_form', 'decomposition'" in result.stderr


def test_the_chosen_method_solves(tmp_path: Path) -> None:
    """The plan names it."""
    path = tmp_path / "plan.json"
    words = ("--method", "decomposition", "--executor", "here", "--output", path)
    result = strongroom("solve", "two_materials", *words)
    assert result.exit_code == 0
    assert read_plan(path).provenance.method == "decomposition"


def test_options_and_assignments_reach_the_reader(case_file: Path) -> None:
    """A mistake is reported where it is in the case, not on the command line."""
    result = strongroom(
        "solve",
        case_file,
        "--scenarios",
        0,
        "--time-limit",
        "-1",
        "--set",
        "financing.loan.limit_usd=-8e9",
    )
    assert "options.number_of_scenarios: is 0" in result.stderr
    assert "options.time_limit_s: is -1" in result.stderr
    assert "financing.facilities[loan].limit_usd: is -8000000000.0" in result.stderr


def test_the_log_is_kept(tmp_path: Path, instance: Instance, found: CaseSolver) -> None:
    """Every record that the solve reported, also when there is no plan."""
    for number, solve in enumerate((found, solver(INFEASIBLE))):
        log = tmp_path / f"{number}.jsonl"
        solve_case(instance, solve=solve, output=None, log=log, as_json=True)
        (record,) = read_log(log)
        assert (record.seconds, record.stage, record.cuts) == (1.5, "bound", 1234)


def test_a_log_that_cannot_be_written_does_not_cost_the_plan(
    tmp_path: Path, instance: Instance, found: CaseSolver, capsys: Output
) -> None:
    """The plan is in its file, and the status is that of an error."""
    output = tmp_path / "plan.json"
    status = solve_case(
        instance, solve=found, output=output, log=tmp_path, as_json=False
    )
    assert status == ExitStatus.INTERNAL_ERROR
    assert "the log is lost" in capsys.readouterr().err
    assert read_plan(output).promise.expected_shortage_cost_usd == 1.234e9


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent/log.jsonl", "in a folder that is not there"),
        ("plan.json", "the file of --output"),
        ("tiny.json", "the file of the case"),
    ],
)
def test_a_log_is_not_written_anywhere(
    case_file: Path, tmp_path: Path, name: str, message: str
) -> None:
    """Found out before the solve begins."""
    words = ("--output", tmp_path / "plan.json", "--log", tmp_path / name)
    result = strongroom("solve", case_file, *words)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert message in result.stderr
    assert not (tmp_path / "plan.json").exists()


def test_simplicity_has_a_row_for_each_limit() -> None:
    """Fewer tranches never cost less than the bound, which is one for all limits."""
    result = strongroom("solve", "two_materials", "--simplicity", "--json")
    assert result.exit_code == 0
    rows = json.loads(result.stdout)["simplicity"]
    assert [row["max_tranches"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(
        row["lower_bound_usd"] <= row["objective_usd"] * (1 + 1e-9) for row in rows
    )


def test_simplicity_is_a_table_too() -> None:
    """The table follows the levels."""
    result = strongroom("solve", "two_materials", "--simplicity")
    assert "What fewer tranches cost" in result.stdout


def test_the_cost_on_fresh_scenarios_is_beside_the_promise(
    instance: Instance, plan: Plan, capsys: Output
) -> None:
    """In the table and in JSON, with a warning if the promise is far from it."""
    promised = plan.promise.expected_shortage_cost_usd
    fresh = FreshCost(
        number_of_scenarios=400,
        seed=8,
        expected_shortage_cost_usd=2 * promised,
        confidence_interval_usd=(1.9 * promised, 2.1 * promised),
    )
    rough = plan.model_copy(update={"fresh": fresh})
    outcome = Outcome(
        termination=Termination.OPTIMAL,
        plan=rough,
        seconds=1.0,
        warnings=plan_warnings(instance, rough),
    )
    solve_case(instance, solve=solver(outcome), output=None, as_json=False)
    captured = capsys.readouterr()
    assert "On 400 fresh scenarios" in captured.out
    assert "planning scenarios are too few" in captured.err
    solve_case(instance, solve=solver(outcome), output=None, as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["fresh"] == json.loads(fresh.model_dump_json())
    assert any("are too few" in warning for warning in answer["warnings"])
