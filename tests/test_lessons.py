"""Notebooks of lessons, and the command that writes them."""

import sys

import nbformat
import pytest

import minireg.lessons
from minireg.cli import app
from minireg.errors import ArgumentError
from minireg.lessons import BEGIN, END, list_lessons, make_notebook, write_notebooks

pytestmark = pytest.mark.host

LESSON = f'''# %% [markdown]
# # A lesson
# with a formula, $x^2$

# %%
def square(x):
    """x squared"""
    {BEGIN}
    return x * x
    {END}


# %%
assert square(3) == 9
'''


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "01_lesson.py"
    path.write_text(LESSON, encoding="utf-8")
    return path


def test_a_solution_becomes_a_stub(lesson):
    assert make_notebook(lesson).cells[1].source == (
        "def square(x):\n"
        '    """x squared"""\n'
        "    # YOUR CODE HERE\n"
        '    raise NotImplementedError("Exercise 1 is still open: write your code in place of this '
        'line.")'
    )


def test_a_teacher_gets_the_solution_and_its_marks(lesson):
    source = make_notebook(lesson, solutions=True).cells[1].source
    assert f"    {BEGIN}\n    return x * x\n    {END}" in source


def test_markdown_loses_the_signs_of_comments(lesson):
    assert make_notebook(lesson).cells[0].source == "# A lesson\nwith a formula, $x^2$"


def test_cells_have_names_that_stay(lesson):
    assert [cell.id for cell in make_notebook(lesson).cells] == ["cell-1", "exercise-1", "check-1"]


def test_nbgrader_grades_the_check_of_an_exercise(lesson):
    text, exercise, check = (cell.metadata.get("nbgrader") for cell in make_notebook(lesson).cells)
    assert text is None
    assert (exercise.solution, exercise.grade, exercise.locked) == (True, False, False)
    assert (check.solution, check.grade, check.locked, check.points) == (False, True, True, 1)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f"    {END}\n", "", f"'{END}' is missing"),
        (f"    {BEGIN}\n", "", f"'{END}' is not expected here"),
        (f"    {END}\n", f"    {BEGIN}\n", f"'{BEGIN}' is not expected here"),
        ("# %%\nassert square(3) == 9\n", "", "has no check in a cell below it"),
    ],
)
def test_a_mistake_in_a_lesson_is_located(lesson, old, new, told):
    lesson.write_text(LESSON.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=r"01_lesson\.py.*exercise 1") as refused:
        make_notebook(lesson)
    assert told in str(refused.value)


@pytest.mark.parametrize("options", [[], ["--solutions"]])
def test_the_command_writes_valid_notebooks(options, tmp_path, capsys):
    assert app.run(["lessons", str(tmp_path / "new" / "folder"), *options]) == 0
    written = sorted((tmp_path / "new" / "folder").iterdir())
    assert [path.stem for path in written] == [lesson.stem for lesson in list_lessons()]
    assert capsys.readouterr().out.splitlines() == [str(path) for path in written]
    for path in written:
        made = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        nbformat.validate(made)
        assert (made.nbformat, made.metadata.kernelspec.name) == (4, "python3")
        code = [cell for cell in made.cells if cell.cell_type == "code"]
        assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
        assert any(BEGIN in cell.source for cell in code) == bool(options)
        assert len({cell.id for cell in made.cells}) == len(made.cells)


def test_the_same_lessons_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_notebooks(tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_notebooks_with_answers_are_not_replaced(tmp_path, capsys):
    answered, *_ = write_notebooks(tmp_path)
    answered.write_text("my answers", encoding="utf-8")
    assert app.run(["lessons", str(tmp_path)]) == 2
    assert "exists already, perhaps with your answers" in capsys.readouterr().err
    assert answered.read_text(encoding="utf-8") == "my answers"


def test_without_jupytext_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)  # as if it was not installed
    with pytest.raises(ArgumentError, match=r"minireg\[lessons\]"):
        write_notebooks(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_wheel_has_its_own_copy_of_the_lessons(tmp_path, monkeypatch, lesson):
    installed = tmp_path / "minireg"
    (installed / "tutorials").mkdir(parents=True)
    lesson.rename(installed / "tutorials" / lesson.name)
    monkeypatch.setattr(minireg.lessons, "__file__", str(installed / "lessons.py"))
    assert [path.stem for path in write_notebooks(tmp_path / "mine")] == [lesson.stem]
