"""`minireg augment`: what it reads, writes, prints and refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest

import minireg as mr
from minireg.augment import Draw, parse
from minireg.augment.operations import OPERATIONS
from minireg.cli import augment as command_file
from tests.models import user_files

pytestmark = pytest.mark.host


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def read(monkeypatch):
    """The images that a command draws, instead of a file with a figure."""
    sheets = []
    monkeypatch.setattr(command_file, "save_figure", lambda figure, path: None)
    for name in ("draw_operations", "draw_variants"):
        own = getattr(command_file, name)

        def keep(*arguments, own=own):
            sheets.append(own(*arguments))
            return sheets[-1]

        monkeypatch.setattr(command_file, name, keep)
    return sheets


def test_without_a_path_the_digits_are_drawn(command, tmp_path):
    said = command("augment", "--pipeline", "rotate:10", "--images", 2, "--columns", 2)
    assert said == "The sheet of 2 images is in augment.png.\n"
    assert (tmp_path / "augment.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_without_a_pipeline_every_operation_is_drawn(command, read):
    said = command("augment", "--columns", 1, "-o", "sheet.svg")
    assert said == f"The sheet of {len(OPERATIONS)} operations is in sheet.svg.\n"
    np.testing.assert_array_equal(read[0].originals[0], mr.data.load_mnist5k()[0].x[0])
    said = command("augment", "--only", "rotate", "--columns", 1)
    assert said == "The sheet of 1 operation is in augment.png.\n"


@pytest.mark.parametrize("seed", [0, 3])
def test_json_holds_the_draws_and_nothing_else(seed, command, read):
    options = "--pipeline", "flip,rotate:10", "--columns", 2, "--seed", seed
    found = json.loads(command("augment", "--json", *options))
    assert list(found) == ["pipeline", "draws"]
    assert found["pipeline"] == "flip, rotate:10"
    t = parse("flip, rotate:10", generator=mr.Generator(seed))
    expected = [t.sample(range(4), epoch, (28, 28)).to_dict() for epoch in range(2)]
    assert found["draws"] == json.loads(json.dumps(expected))


def test_json_comes_with_a_picture_if_its_file_is_named(command, tmp_path):
    options = "augment", "--only", "flip", "--columns", 1, "--json"
    command(*options)
    assert not list(tmp_path.iterdir())
    assert json.loads(command(*options, "-o", "sheet.jpg"))["out"] == "sheet.jpg"
    assert (tmp_path / "sheet.jpg").read_bytes().startswith(b"\xff\xd8\xff")


def test_json_of_operations_names_them(command, read):
    found = json.loads(command("augment", "--only", "scale,rotate", "--columns", 3, "--json"))
    assert list(found["operations"]) == ["scale", "rotate"]
    assert Draw.from_dict(found["operations"]["rotate"])["degrees"].tolist() == [-30, 0, 30]


def test_pictures_are_read_with_and_without_classes(command, read, tmp_path):
    folder = user_files.image_folder(tmp_path / "photos", each=3)
    first = folder / "bright/0.png"
    pipeline = "--pipeline", "flip", "--columns", 1
    for path, count in ((first, 1), (folder / "dark", 3), (folder, 4)):
        command("augment", path, *pipeline)
        assert read[-1].originals.shape == (count, 1, 8, 8)
    np.testing.assert_array_equal(read[0].originals[0], read[2].originals[0])
    command("augment", folder, *pipeline, "--size", "6x5", "--color", "rgb", "--images", 2)
    assert read[-1].originals.shape == (2, 3, 6, 5)


def test_pictures_of_a_folder_are_taken_from_all_classes_in_turn(command, read, tmp_path):
    from PIL import Image  # noqa: PLC0415

    names = ["a/1", "a/2", "a/3", "b/1", "b/deep/1", "c/1", "c/2"]
    for grey, name in enumerate(names):
        place = tmp_path / "photos" / f"{name}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), grey).save(place)
    (tmp_path / "photos/a/0.txt").write_text("not a picture", encoding="utf-8")
    command("augment", "photos", "--pipeline", "flip", "--columns", 1, "--images", 6)
    taken = [names[grey] for grey in read[0].originals[:, 0, 0, 0]]
    assert taken == ["a/1", "b/1", "b/deep/1", "c/1", "a/2", "c/2"]


def test_any_images_that_can_be_trained_on_are_read(command, read, tmp_path):
    pipeline = "--pipeline", "flip", "--columns", 1
    command("augment", user_files.idx_pair(tmp_path), *pipeline)
    assert read[-1].originals.shape == (4, 1, 4, 4)
    data = user_files.arrays(tmp_path / "data.npz")
    command("augment", data, *pipeline)
    np.testing.assert_array_equal(read[-1].originals, np.load(data)["x"][:4])


def test_pictures_of_several_sizes_need_one(command, read, tmp_path):
    from PIL import Image  # noqa: PLC0415

    for n in (8, 9):
        Image.new("L", (n, n)).save(tmp_path / f"{n}.png")
    pipeline = "--pipeline", "flip", "--columns", 1
    said = command("augment", tmp_path, *pipeline, code=2)
    assert "have 2 different sizes" in said
    assert "--size" in said
    command("augment", tmp_path, *pipeline, "--size", "10")
    command("augment", tmp_path, "--only", "flip")  # draws the first one alone


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pipeline", "flip, rotat:10"], "--pipeline: There is no transform 'rotat'. Did you"),
        (["--pipeline", "flip,"], "--pipeline: 'flip,' is not a pipeline"),
        (["--pipeline", "crop:40"], "--pipeline: RandomCrop: a window of (40, 40)"),
        (["--only", "rotat"], "--only must be "),
        (["--only", "flip", "--pipeline", "flip"], "--only is for the sheet without --pipeline"),
        (["--images", "3"], "--images is for the sheet of a --pipeline"),
        (["--seed", "0", "--only", "flip"], "--seed is for the sheet of a --pipeline"),
        (["--columns", "0"], "0 is not in the range"),
        (["nothing"], "There is no file or folder nothing"),
        (["--size", "28"], "--size needs the PATH of your own images"),
        (["--columns", "1", "--only", "flip", "-o", "sheet.txt"], "saved as .png, .svg or .pdf"),
        (["--only", "flip", "-o", "file/sheet.png"], "Cannot write into the folder 'file'"),
        (["table.csv"], "table.csv is a text, which holds no images. Pass a picture, a folder of "
                        "pictures, or an .npz or IDX file with images."),
        (["rows.npz"], "holds 3 numbers for each example, not images (C, H, W)"),
        (["floats.npz"], "holds float64 from 0 to 255. Save images as uint8, or as floats"),
        (["broken.png"], "is not a picture, or a damaged one"),
    ],
)  # fmt: skip
def test_a_mistake_gives_one_sentence(arguments, words, command, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    user_files.table(tmp_path / "table.csv")
    np.savez(
        tmp_path / "floats.npz", x=np.array([0.0, 255.0] * 8).reshape(4, 1, 2, 2), y=[0, 1] * 2
    )
    np.savez(tmp_path / "rows.npz", x=np.zeros((4, 3)), y=[0, 1] * 2)
    said = command("augment", *arguments, code=2)
    assert words in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("*.txt")) + list(tmp_path.glob("augment.png"))
