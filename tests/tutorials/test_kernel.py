"""Notebooks of the lessons in a real kernel; their code itself is run by `test_exercises.py`."""

import pytest

from minireg.lessons import make_notebook
from tests.tutorials.lessons import LESSONS, fill_in, is_check
from tests.tutorials.wrong.lesson_07 import network

nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytestmark = pytest.mark.host


@pytest.mark.parametrize("number", ["01", "05"])
@pytest.mark.filterwarnings("default")  # warnings of the kernel itself
def test_a_solved_notebook_passes_in_a_real_kernel(number, tmp_path):
    resources = {"metadata": {"path": str(tmp_path)}}
    solved = make_notebook(LESSONS[number], solutions=True)
    nbclient.NotebookClient(solved, kernel_name="python3", resources=resources).execute()
    for cell in solved.cells:
        if is_check(cell):
            assert cell.outputs[0].text.startswith("pass")


def test_a_notebook_shows_the_line_of_a_mistake(tmp_path):
    notebook = make_notebook(LESSONS["07"], solutions=True)
    place = [cell.id for cell in notebook.cells].index("exercise-4")
    open_cell = make_notebook(LESSONS["07"]).cells[place]
    mistake = "relu_backward(dactive, dactive)"
    notebook.cells[place].source = fill_in(open_cell.source, network(dhidden=mistake))
    notebook.cells = notebook.cells[: place + 2]
    resources = {"metadata": {"path": str(tmp_path)}}
    client = nbclient.NotebookClient(
        notebook, kernel_name="python3", resources=resources, allow_errors=True
    )
    client.execute()
    assert f"dhidden = {mistake}\n" in notebook.cells[-1].outputs[0].text
