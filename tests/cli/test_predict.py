"""`minireg predict` on every kind of data, with and without labels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import minireg as mr
from minireg import load_model
from tests.models.user_files import rows_in

pytestmark = pytest.mark.host


@pytest.fixture(autouse=True)
def working_folder(home, monkeypatch):
    monkeypatch.chdir(home)


# -- pictures --------------------------------------------------------------------------------------


def test_folders_of_pictures_and_a_single_picture(predicted, tmp_path):
    rows = predicted("photos-run", "photos")
    assert len(rows) == 24
    assert all(row["example"].startswith(row["prediction"]) for row in rows)
    flat = tmp_path / "new"
    flat.mkdir()
    for name in ("0.png", "1.png"):
        shutil.copy(Path("photos/dark", name), flat / name)
    found = predicted("photos-run", flat)
    assert [(row["example"], row["prediction"]) for row in found] == [
        ("0.png", "dark"), ("1.png", "dark"),
    ]  # fmt: skip
    assert predicted("photos-run", "photos/dark/0.png") == found[:1]


def test_pictures_get_the_size_and_channels_of_the_training(predicted, tmp_path):
    from PIL import Image  # noqa: PLC0415

    Image.new("RGB", (31, 17), (240, 240, 240)).save(tmp_path / "large.jpg")
    assert predicted("photos-run", tmp_path)[0]["prediction"] == "bright"


def test_a_folder_without_pictures_is_said(command, tmp_path):
    assert "There is no picture" in command("predict", "photos-run", tmp_path, code=2)


# -- arrays ----------------------------------------------------------------------------------------


def test_an_npz_with_x_only(predicted, tmp_path):
    x = np.load("data.npz")["x"][:4]
    np.savez(tmp_path / "new.npz", x=x)
    np.savez(tmp_path / "other-name.npz", pictures=x)
    rows = predicted("data-run", tmp_path / "new.npz")
    assert [row["prediction"] for row in rows] == ["low", "high"] * 2
    assert [row["example"] for row in rows] == list("0123")
    assert predicted("data-run", tmp_path / "other-name.npz") == rows


def test_idx_images_without_labels(predicted, tmp_path):
    shutil.copy("train-images-idx3-ubyte.gz", tmp_path / "images.gz")
    rows = predicted("train-run", tmp_path / "images.gz")
    assert [row["prediction"] for row in rows] == list("012") * 8


def test_examples_of_another_shape_or_unit_are_refused(command, tmp_path):
    x = np.load("data.npz")["x"]
    np.savez(tmp_path / "flat.npz", x=x.reshape(len(x), -1))
    said = command("predict", "data-run", tmp_path / "flat.npz", code=2)
    assert "The model takes images of 3 × 8 × 8, and" in said
    assert "holds 192 numbers for each example" in said
    np.savez(tmp_path / "floats.npz", x=x.astype(np.float32))
    assert "Save them as uint8" in command("predict", "data-run", tmp_path / "floats.npz", code=2)


def test_floats_from_0_to_1_mean_the_same_as_pixels(predicted, tmp_path):
    x = np.load("data.npz")["x"]
    np.savez(tmp_path / "floats.npz", x=x / 255)
    rows, pixels = predicted("data-run", tmp_path / "floats.npz"), predicted("data-run", "data.npz")
    assert [row["prediction"] for row in rows] == [row["prediction"] for row in pixels]


# -- tables ----------------------------------------------------------------------------------------


def test_a_table_needs_its_columns_in_any_order_and_no_target(predicted, tmp_path):
    rows = rows_in("flowers.csv")
    new = tmp_path / "new.csv"
    lines = ["note;width;length", *(f"x;{row['width']};{row['length']}" for row in rows)]
    new.write_text("\n".join(lines), encoding="utf-8")
    assert predicted("flowers-run", new) == predicted("flowers-run", "flowers.csv")


def test_a_missing_column_or_a_wrong_cell_is_said(command, tmp_path):
    new = tmp_path / "new.csv"
    new.write_text("length,height\n1,2\n", encoding="utf-8")
    assert "has no column 'width'" in command("predict", "flowers-run", new, code=2)
    new.write_text("length,width\n1,2\n1,wide\n", encoding="utf-8")
    said = command("predict", "flowers-run", new, code=2)
    assert "Row 2" in said
    assert "column 'width': 'wide' is not a finite number" in said
    new.write_text("length,width\n1,2\n1\n", encoding="utf-8")
    assert "row 2, column 'width'" in command("predict", "flowers-run", new, code=2)
    new.write_text("length,width\n", encoding="utf-8")
    assert "a header and no rows" in command("predict", "flowers-run", new, code=2)


def test_one_feature_is_enough(command, predicted, tmp_path):
    line = tmp_path / "line.csv"
    line.write_text("x,y\n" + "".join(f"{i},{2 * i + 0.5}\n" for i in range(20)), encoding="utf-8")
    command("train", "--data", line, "--model", "linear", "--lr", "0.1", "--epochs", "80",
            "--out", tmp_path / "run")  # fmt: skip
    new = tmp_path / "new.csv"
    new.write_text("x\n3\n100\n", encoding="utf-8")
    found = [float(row["prediction"]) for row in predicted(tmp_path / "run", new)]
    assert found == pytest.approx([6.5, 200.5], rel=0.02)


def test_a_table_without_header_is_known_by_its_width(command, predicted, tmp_path):
    bare = tmp_path / "bare.csv"
    lines = Path("flowers.csv").read_text(encoding="utf-8").splitlines()[1:]
    bare.write_text("\n".join(lines), encoding="utf-8")
    command("train", "--data", bare, "--drop", "0", "--epochs", "5", "--out", tmp_path / "run")
    new = tmp_path / "new.csv"
    new.write_text("\n".join(",".join(line.split(",")[1:3]) for line in lines), encoding="utf-8")
    assert predicted(tmp_path / "run", new) == predicted(tmp_path / "run", bare)
    assert '"accuracy"' in command("evaluate", tmp_path / "run", bare, "--json")


def test_numbers_are_predicted_in_the_unit_of_the_targets(predicted):
    rows = predicted("prices-run", "prices.csv")
    true = rows_in("prices.csv")
    assert list(rows[0]) == ["example", "prediction"]
    for row, other in zip(rows, true):
        assert float(row["prediction"]) == pytest.approx(float(other["price"]), rel=0.1)


# -- how answers are given -------------------------------------------------------------------------


def test_probabilities_have_a_column_each_and_add_up(predicted):
    rows = predicted("flowers-run", "flowers.csv", "--probabilities")
    names = [f"probability of {name}" for name in ("iris", "rose", "tulip")]
    assert list(rows[0]) == ["example", "prediction", "probability", *names]
    for row in rows:
        assert sum(float(row[name]) for name in names) == pytest.approx(1, abs=1e-4)
        assert row["probability"] == row[f"probability of {row['prediction']}"]


def test_json_holds_the_same(command, predicted):
    rows = json.loads(command("predict", "flowers-run", "flowers.csv", "--json", "--probabilities"))
    plain = predicted("flowers-run", "flowers.csv")
    assert [row["prediction"] for row in rows] == [row["prediction"] for row in plain]
    assert set(rows[0]["probabilities"]) == {"iris", "rose", "tulip"}
    assert "probabilities" not in command("predict", "flowers-run", "flowers.csv", "--json")


def test_answers_can_go_to_a_file(command, tmp_path):
    out = tmp_path / "new folder" / "answers.csv"
    assert command("predict", "flowers-run", "flowers.csv", "--out", out) == ""
    assert out.read_text(encoding="utf-8") == command("predict", "flowers-run", "flowers.csv")


def test_the_answers_are_those_of_the_model_in_python(command):
    saved = load_model(Path("data-run"))
    rows = json.loads(command("predict", "data-run", "data.npz", "--json", "--probabilities"))
    table = mr.predict(saved.model, np.load("data.npz")["x"], output="probabilities")
    found = np.array([list(row["probabilities"].values()) for row in rows])
    np.testing.assert_allclose(found, table)


# -- what does not fit ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state["config"]["architecture"].update(hidden=[7]),
        lambda state: state["config"]["architecture"].update(input_shape="wide"),
        lambda state: state["config"]["architecture"].pop("outputs"),
        lambda state: state["config"].pop("classes"),
        lambda state: state["model"].popitem(),
    ],
)
def test_a_damaged_model_is_not_a_traceback(command, tmp_path, change):
    state = mr.load("flowers-run/model.safetensors")
    change(state)
    mr.save(state, tmp_path / "model.safetensors")
    said = command("predict", tmp_path, "flowers.csv", code=2)
    assert "is damaged: its description and its weights" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["predict", "flowers-run", "photos"], "The model takes 2 numbers, not pictures"),
        (["predict", "nothing", "photos"], "There is no file 'nothing'"),
        (["predict", "photos", "photos"], "There is no model.safetensors in the folder 'photos'"),
        (["predict", "flowers.csv", "photos"], "is damaged, or not a safetensors file"),
        (["predict", "photos-run/checkpoint.safetensors", "photos"], "does not hold a model"),
        (["predict", "photos-run", "photos", "--out", "flowers.csv/x"], "Cannot write into"),
        (["predict", "photos-run"], "Missing argument 'DATA'"),
        (
            ["predict", "photos-run", "flowers.csv"],
            "The model takes images of 1 × 8 × 8, and flowers.csv is a table",
        ),
    ],
)
def test_a_mistake_gives_a_sentence(command, arguments, words):
    said = command(*arguments, code=2)
    assert words in said
    assert "Traceback" not in said
