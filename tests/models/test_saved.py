"""A saved model in Python takes every kind of data, and agrees with the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import minireg as mr
from minireg.cli import app
from minireg.data import Dataset, read, read_table
from minireg.errors import ArgumentError, DataError
from tests.models.user_files import rows_in

pytestmark = pytest.mark.host


@pytest.fixture(autouse=True)
def working_folder(home, monkeypatch):
    monkeypatch.chdir(home)


@pytest.fixture
def printed(capsys):
    """What a command prints."""

    def run(*arguments):
        capsys.readouterr()
        assert app.run(list(map(str, arguments))) == 0
        return capsys.readouterr().out

    return run


SOURCES = [
    ("photos-run", "photos"), ("train-run", "train-images-idx3-ubyte.gz"),
    ("flowers-run", "flowers.csv"), ("data-run", "data.npz"), ("prices-run", "prices.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "data"), SOURCES)
def test_predictions_are_those_that_the_command_prints(printed, model, data):
    rows = list(csv.DictReader(io.StringIO(printed("predict", model, data))))
    saved = mr.load_model(model)
    assert [row["example"] for row in rows] == list(saved.read(data).names)
    said = saved.predict(data)
    if saved.classes:
        assert [row["prediction"] for row in rows] == said.tolist()
        best = saved.predict(data, output="probabilities").max(axis=1)
        assert [float(row["probability"]) for row in rows] == pytest.approx(best, rel=1e-5)
    else:
        assert [float(row["prediction"]) for row in rows] == pytest.approx(said, rel=1e-5)
        assert said.shape == (40,)


@pytest.mark.parametrize(("model", "data"), SOURCES)
def test_scores_are_those_that_the_command_prints(printed, model, data):
    shown = json.loads(printed("evaluate", model, data, "--json"))
    saved = mr.load_model(model)
    scores = saved.evaluate(data)
    assert scores.keys() == {"loss", *saved.usual_metrics}
    assert scores == {name: shown[name] for name in scores}
    assert saved.evaluate(data, ()) == {"loss": shown["loss"]}


def test_outputs_agree_with_each_other_and_with_the_network():
    saved = mr.load_model("data-run")
    x = np.load("data.npz")["x"]
    logits, table = saved.predict(x, "logits"), saved.predict(x, "probabilities")
    np.testing.assert_array_equal(logits, mr.predict(saved.model, x))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(table, shares, rtol=1e-5)
    names = np.array(saved.classes)[logits.argmax(axis=1)]
    np.testing.assert_array_equal(saved.predict(x), names)
    with pytest.raises(ArgumentError, match="must be 'classes' or 'probabilities' or 'logits'"):
        saved.predict(x, "numbers")
    with pytest.raises(ArgumentError, match="must be 'numbers' for this model, got 'classes'"):
        mr.load_model("prices-run").predict("prices.csv", "classes")


@pytest.mark.parametrize(
    "form",
    [
        lambda data: data.x,
        lambda data: data.x.tolist(),
        lambda data: mr.tensor(data.x),
        lambda data: data,
        lambda data: (data.x, data.y),
        lambda data: (data.x, np.array(data.classes)[data.y]),
    ],
    ids=["array", "list", "tensor", "dataset", "pair", "names"],
)
def test_arrays_and_datasets_give_the_results_of_files(form):
    saved, (data, _) = mr.load_model("data-run"), read("data.npz")
    if isinstance(form(data), list):
        data = Dataset(data.x / 255, data.y, data.classes)
    np.testing.assert_array_equal(saved.predict(form(data)), saved.predict("data.npz"))
    if isinstance(form(data), Dataset | tuple):
        assert saved.evaluate(form(data)) == saved.evaluate("data.npz")


def test_grey_images_need_no_axis_of_channels():
    saved, (data, _) = mr.load_model("photos-run"), read("photos")
    assert data.x.shape[1:] == (1, 8, 8)
    np.testing.assert_array_equal(saved.predict(data.x[:, 0]), saved.predict("photos"))
    assert saved.evaluate((data.x[:, 0], data.y)) == saved.evaluate("photos")


def test_classes_of_a_dataset_are_known_by_their_names():
    saved, (data, _) = mr.load_model("data-run"), read("data.npz")
    turned = Dataset(data.x, 1 - data.y, data.classes[::-1])
    assert saved.evaluate(turned) == saved.evaluate(data)
    with pytest.raises(DataError, match="a class 'medium' in the data, which the model does not"):
        saved.evaluate(Dataset(data.x, data.y, ["low", "medium"]))


def test_a_dataframe_is_a_table_in_any_order_of_its_columns():
    pandas = pytest.importorskip("pandas")
    for model, path in (("flowers-run", "flowers.csv"), ("prices-run", "prices.csv")):
        saved, frame = mr.load_model(model), pandas.read_csv(path)
        turned = frame[frame.columns[::-1]]
        np.testing.assert_allclose(saved.predict(turned.iloc[:, 1:]) == saved.predict(path), True)
        assert saved.evaluate(turned) == pytest.approx(saved.evaluate(path))
        assert saved.predict(frame.iloc[5:7]).tolist() == saved.predict(path)[5:7].tolist()


def test_a_table_of_numbers_may_come_as_an_array():
    saved = mr.load_model("prices-run")
    rows = [[float(row["area"]), float(row["age"])] for row in rows_in("prices.csv")]
    np.testing.assert_allclose(saved.predict(rows), saved.predict("prices.csv"), rtol=1e-6)
    data = read_table("prices.csv")
    assert saved.evaluate(data) == saved.evaluate((data.x, data.y[:, None]))


def test_what_was_read_can_be_used_again():
    saved = mr.load_model("photos-run")
    photos = saved.read("photos")
    assert photos.names[0] == "bright/0.png"
    np.testing.assert_array_equal(saved.predict(photos), saved.predict("photos"))
    assert saved.evaluate(saved.read_labelled("photos")) == saved.evaluate("photos")


def test_a_model_is_loaded_from_a_file_or_a_folder(tmp_path):
    saved = mr.load_model("prices-run")
    saved.save(tmp_path / "model.safetensors")
    for path in (tmp_path, str(tmp_path / "model.safetensors")):
        again = mr.load_model(path)
        assert (again.scores, again.schema, again.epoch) == (
            saved.scores, saved.schema, saved.epoch,
        )  # fmt: skip
        np.testing.assert_array_equal(again.predict("prices.csv"), saved.predict("prices.csv"))
    assert (
        Path("prices-run/model.safetensors").read_bytes()
        == (tmp_path / "model.safetensors").read_bytes()
    )


def test_words_become_what_they_were_in_the_training(tmp_path):
    rng = np.random.default_rng(0)
    towns, areas = np.array(["Bern", "Oslo", "Rome"] * 20), rng.uniform(50, 150, 60)
    prices = 100 + 2 * areas + 50 * (towns == "Oslo")
    lines = [f"{t},{a},{p}" for t, a, p in zip(towns, areas, prices)]
    path = tmp_path / "homes.csv"
    path.write_text("town,area,price\n" + "\n".join(lines), encoding="utf-8")
    settings = mr.Settings(data=path, model="linear", lr=0.1, epochs=200)
    mr.models.train(settings, tmp_path / "run", progress=False)
    saved = mr.load_model(tmp_path / "run")
    (tmp_path / "new.csv").write_text("area,town\n100,Oslo\n100,Bern\n", encoding="utf-8")
    assert saved.predict(tmp_path / "new.csv") == pytest.approx([350, 300], rel=0.02)
    (tmp_path / "new.csv").write_text("area,town\n100,Paris\n", encoding="utf-8")
    with pytest.warns(UserWarning, match="'Paris'"):
        saved.predict(tmp_path / "new.csv")


@pytest.mark.parametrize(
    ("model", "data", "words"),
    [
        ("data-run", (np.zeros((2, 3, 4, 4)), [0, 1]), "takes images of 3 × 8 × 8, and the data"),
        ("data-run", (np.full((2, 3, 8, 8), 7.0), [0, 1]), "holds float64 up to 7. Save them as"),
        ("prices-run", (np.zeros((2, 2)), [0, 1]), "The model predicts numbers, and the targets"),
        ("prices-run", (np.zeros((2, 2)), np.zeros((2, 3))), "predicts 1 numbers for an example"),
        ("data-run", (np.zeros((2, 3, 8, 8)), ["low", "x"]), "holds 'x', which is not among the"),
        ("flowers-run", "photos", "The model takes 2 numbers, not pictures"),
    ],
)  # fmt: skip
def test_data_that_the_model_does_not_take_are_refused(model, data, words):
    with pytest.raises(DataError, match=words):
        mr.load_model(model).evaluate(data)


def test_a_file_from_before_an_option_existed_is_loaded(tmp_path):
    state = mr.load("flowers-run/model.safetensors")
    for name in ("dropout_kind", "block_size", "gaussian_noise"):
        del state["config"]["architecture"][name]
    mr.save(state, tmp_path / "model.safetensors")
    new, old = mr.load_model("flowers-run"), mr.load_model(tmp_path)
    assert old.architecture == new.architecture
    np.testing.assert_array_equal(old.predict("flowers.csv"), new.predict("flowers.csv"))


WRONG = {
    "hidden": [(-4,), (10**12,), (4.0,), [4], "4", None],
    "channels": [(10**9,), (0,)],
    "activation": ["step", 3],
    "batch_norm": [1, True],
    "dropout": [1.5, -0.1, float("nan"), "0.5"],
    "dropout_kind": ["variational", 3],
    "normalize": ["yes", False],
    "input_shape": [(-2,), (10**12,), (), "2"],
    "outputs": [-2, 10**12, 2.0],
    "regression": [True, None],
    "model": ["resnet", "cnn"],
    "colour": [1],
}


@pytest.mark.parametrize("name", WRONG)
def test_an_architecture_that_is_not_of_the_weights_is_refused(name, tmp_path):
    path = tmp_path / "model.safetensors"
    for wrong in WRONG[name]:
        state = mr.load("flowers-run/model.safetensors")
        state["config"]["architecture"][name] = wrong
        mr.save(state, path)
        with pytest.raises(DataError, match="its description and its weights do not belong"):
            mr.load_model(path)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("epoch", -1), ("epoch", 1.5), ("classes", ("a",)), ("classes", (1, 2, 3)), ("pixels", 1),
        ("label_smoothing", 2.0), ("scores", {"loss": "low"}), ("reading", {"x": 3}),
        ("schema", {"columns": 3}),
    ],
)  # fmt: skip
def test_a_description_of_other_types_is_refused(name, wrong, tmp_path):
    state = mr.load("flowers-run/model.safetensors")
    state["config"][name] = wrong
    mr.save(state, tmp_path / "model.safetensors")
    with pytest.raises(DataError, match="its description and its weights do not belong"):
        mr.load_model(tmp_path)
