"""Points, clusters, and the files that are written."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import suppress
from xml.etree import ElementTree

import pytest

from minireg.exercises import ORDER, get_exercise, time_limit
from minireg.exercises.grader import Grader, Limits, list_submissions
from minireg.exercises.grader.diagnosis import find_repairs, read_repairs
from minireg.exercises.grader.exports import as_gradescope, as_json, as_junit, as_marks
from minireg.exercises.grader.frames import FrameError
from minireg.exercises.grader.gradescope import make_zip
from minireg.exercises.grader.remote import RemoteStudent, Submission
from minireg.exercises.grader.tally import report_class
from minireg.exercises.local import LocalStudent, open_file
from tests.exercises.answers import SOLUTIONS, list_wrong

pytestmark = [
    pytest.mark.host,
    # An interrupt that falls into a callback of the garbage collector is lost, and repeated.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WRONG = list_wrong()
LIMITS = Limits(call=20)
BACKWARD = "\n\ndef relu_backward(upstream, x):\n    return {}\n"
TWICE = SOLUTIONS["relu"] + BACKWARD.format("2 * upstream * (x > 0)")
TWICE_ELSEWHERE = SOLUTIONS["relu"] + "\n\n" + BACKWARD.format("upstream * (x > 0) / 0.5")


def grade(folder, answers, exercises=ORDER, limits=LIMITS):
    """Grade submissions, given as sources by the names of exercises and of students."""
    for student, files in answers.items():
        (folder / student).mkdir()
        for name, source in files.items():
            (folder / student / f"{name}.py").write_text(source, encoding="utf-8")
    grader = Grader(exercises, limits=limits)
    return grader.grade_all(list_submissions(folder)), grader.clusters


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    answers = {
        "ada": SOLUTIONS,
        "bob": {"relu": TWICE},
        "cy <&>": {"relu": TWICE_ELSEWHERE},
        "dan": {"relu": SOLUTIONS["relu"] + BACKWARD.format("upstream * undefined")},
        "eve": {"relu": SOLUTIONS["relu"] + "\n" + BACKWARD.format("upstream * undefined")},
    }
    return grade(tmp_path_factory.mktemp("class"), answers)


def find(grades, student, exercise="relu"):
    (grade,) = (x for x in grades if x.name == student)
    return next(x for x in grade.exercises if x.exercise == exercise)


def test_solutions_get_all_points(graded):
    grades, _ = graded
    assert grades[0].points == grades[0].max_points
    assert not any(exercise.flags for exercise in grades[0].exercises)


def test_what_is_missing_gets_no_points(graded):
    grades, _ = graded
    missing = find(grades, "bob", "add")
    assert missing.points == 0
    assert {x.message for x in missing.outcomes} == {"not handed in"}
    assert len(missing.outcomes) == len(find(grades, "ada", "add").outcomes)


def test_the_same_gradients_are_a_cluster(graded):
    _, clusters = graded
    members = [sorted(x.members) for x in clusters if x.outcome.verdict == "fail"]
    assert ["bob", "cy <&>"] in members
    assert ["dan", "eve"] in members


def test_members_of_a_cluster_read_their_own_lines(graded):
    grades, _ = graded
    for student, text in (("bob", TWICE), ("cy <&>", TWICE_ELSEWHERE)):
        last = text[: text.rindex("def relu_backward")].count("\n") + 1
        (wrong,) = (x for x in find(grades, student).outcomes if x.verdict == "fail")
        assert f"relu_backward, line {last} of relu.py" in wrong.message
    lines = [
        find(grades, name).outcomes[1].message.split("line ")[1][:2] for name in ("dan", "eve")
    ]
    assert int(lines[1]) == int(lines[0]) + 1


@pytest.fixture(scope="module")
def graded_wrong(tmp_path_factory):
    """Wrong answers to each exercise, of each kind to relu, and what a grader finds."""
    folder = tmp_path_factory.mktemp("wrong")
    answers: dict[str, dict[str, str]] = {}
    for name in ORDER:
        wrong = [source for exercise, _, source in WRONG if exercise == name]
        chosen = wrong if name == "relu" else wrong[::8]
        for i, source in enumerate(chosen):
            answers.setdefault(f"{i:03}", {})[name] = source
    return folder, grade(folder, answers, limits=Limits(call=5))[0]


@pytest.mark.parametrize("name", ORDER)
def test_a_process_of_its_own_changes_no_verdict(name, graded_wrong, monkeypatch):
    monkeypatch.setattr(LocalStudent, "get_original", lambda *_: None)  # searches no line
    monkeypatch.setattr(time_limit, "SECONDS", 1)
    folder, grades = graded_wrong
    for path in folder.glob(f"*/{name}.py"):
        outcomes = find(grades, path.parent.name, name).outcomes
        verdicts = [outcome.verdict for outcome in get_exercise(name).run(open_file(path))]
        if "pass" not in verdicts[:-1]:
            verdicts[-1] = outcomes[-1].verdict  # the contract alone does not count
        assert [outcome.verdict for outcome in outcomes] == verdicts, path.read_text("utf-8")


def test_a_new_process_follows_one_that_ended():
    submission = Submission(Limits(call=20))
    source = "import os\ncalls = []\ndef relu(x):\n    os._exit(5)\n" + BACKWARD.format("x")
    student = RemoteStudent(submission, "relu", "relu.py", source, ("relu", "relu_backward"))
    assert student.call("relu_backward", 1.0, 2.0) == 2.0
    for _ in range(2):
        with pytest.raises(Exception, match=r"relu ended Python \(exit code 5\)"):
            student.call("relu", 1.0)
        assert student.call("relu_backward", 1.0, 2.0) == 2.0
    submission.close()


def test_the_time_of_a_submission_ends():
    submission = Submission(Limits(submission=0))
    student = RemoteStudent(submission, "relu", "relu.py", SOLUTIONS["relu"], ("relu",))
    result = get_exercise("relu").check(student)
    assert result.points == 0
    assert "the time for the whole submission is over" in str(result)
    assert submission.process is None


def test_a_repair_names_the_line(tmp_path):
    grades, clusters = grade(tmp_path, {"ada": {"relu": TWICE}}, ["relu"])
    find_repairs(clusters, seed=0, memory=2**31)
    line = TWICE.splitlines().index("    return 2 * upstream * (x > 0)") + 1
    (repaired,) = (cluster for cluster in clusters if cluster.repairs)
    assert repaired.outcome.name == "relu_backward: gradients"
    assert repaired.repairs[0].line == line
    assert f"Line {line}, repaired: return" in report_class(grades, clusters)
    cluster = json.loads(as_json(grades, clusters, seed=0))["clusters"][1]
    assert cluster["repairs"][0]["cause"] == cluster["causes"][0] == "constant-factor"


@pytest.mark.parametrize(
    "reply", [None, {}, {"repairs": 3}, {"repairs": [3]}, {"repairs": [{"line": 1}]}]
)
def test_a_forged_diagnosis_is_no_repair(reply):
    with suppress(FrameError):
        assert read_repairs(reply) == ()


def test_any_source_is_graded(tmp_path):
    ends = {
        "letters": ("# \U0001f600" + "\U0001f600" * 73_000, 3),
        "nul": ("\0", 0),
        "attributes": ("x = 1" + ".real" * 30_000, 0),
        "sum": ("x = 1" + " + 1" * 30_000, 0),
        "parentheses": ("x = " + "(" * 100_000, 0),
    }
    answers = {name: {"other": SOLUTIONS["relu"] + end} for name, (end, _) in ends.items()}
    grades, _ = grade(tmp_path, answers, ["relu"])
    assert {grade.name: grade.points for grade in grades} == {x: ends[x][1] for x in ends}


def test_a_submission_cannot_command_the_terminal(tmp_path):
    source = "def relu(x):\n    raise ValueError('\\x1b[2J\\x00')\n"
    grades, clusters = grade(tmp_path, {"ada": {"relu": source}}, ["relu"])
    for text in (report_class(grades, clusters), as_junit(grades), as_json(grades, clusters, 0)):
        assert "\x1b" not in text
        assert "[2J" in text
    ElementTree.fromstring(as_junit(grades))


def test_json_has_every_check(graded):
    grades, clusters = graded
    found = json.loads(as_json(grades, clusters, seed=0))
    assert found["version"] == 1
    assert [x["name"] for x in found["submissions"]] == [x.name for x in grades]
    for submission in found["submissions"]:
        checks = [check for x in submission["exercises"] for check in x["checks"]]
        assert submission["points"] == sum(check["points"] for check in checks)
        assert submission["max_points"] == len(checks)
        for exercise in submission["exercises"]:
            for check in exercise["checks"]:
                if check["cluster"]:
                    cluster = found["clusters"][check["cluster"] - 1]
                    assert cluster["number"] == check["cluster"]
                    assert cluster["check"] == check["name"]
                    assert submission["name"] in cluster["members"]
                else:
                    assert check["message"] == "not handed in"


def test_junit_has_a_case_for_each_check(graded):
    grades, _ = graded
    suites = ElementTree.fromstring(as_junit(grades)).findall("testsuite")
    assert [suite.get("name") for suite in suites] == [grade.name for grade in grades]
    for suite, found in zip(suites, grades):
        assert len(suite.findall("testcase")) == int(suite.get("tests")) == found.max_points
        failures = len(suite.findall("testcase/failure"))
        assert failures == int(suite.get("failures")) == found.max_points - found.points


def test_marks_have_a_row_for_each_exercise(graded):
    grades, _ = graded
    rows = list(csv.DictReader(io.StringIO(as_marks(grades))))
    assert len(rows) == len(grades) * len(ORDER)
    for found in grades:
        mine = [row for row in rows if row["student_id"] == found.name]
        assert sum(int(row["score"]) for row in mine) == found.points
        assert sum(int(row["max_score"]) for row in mine) == found.max_points


def test_gradescope_adds_up_to_the_points(graded):
    for found in graded[0]:
        result = json.loads(as_gradescope(found))
        assert result["score"] == sum(test["score"] for test in result["tests"]) == found.points
        assert sum(test["max_score"] for test in result["tests"]) == found.max_points


def test_the_zip_has_two_programs():
    with zipfile.ZipFile(io.BytesIO(make_zip())) as archive:
        assert archive.namelist() == ["setup.sh", "run_autograder"]
        for entry in archive.infolist():
            assert entry.external_attr >> 16 & 0o111
            assert archive.read(entry).startswith(b"#!/usr/bin/env bash\n")


def test_the_report_counts_causes_and_clusters(graded):
    text = report_class(*graded)
    assert "2  constant-factor" in text
    assert "2 times: bob, cy <&>" in text
    assert "    1     5  relu" in text
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 79
