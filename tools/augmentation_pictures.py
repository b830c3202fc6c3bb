"""Draw the pictures of docs/transforms.md and of the README, with the preview of augmentation.

    python tools/augmentation_pictures.py           writes docs/images/*.png

A picture shows a shipped digit, or a landscape that is computed here; in the terminal, `minireg
augment` draws the same rows.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
COLUMNS = 7
DOTS = 100  # per inch

sys.path.insert(0, str(ROOT))

from minireg import augment, data, plots  # noqa: E402
from minireg.augment.sheet import draw_operations  # noqa: E402
from minireg.random import Generator  # noqa: E402

FIRST = "in the epochs 0, 1, …"

ROWS = {  # pictures, whether they show the landscape, and the pipelines of their rows
    "affine": (False, ["affine:25:0.1:0.8..1.2:15", "turn"]),
    "outside": (True, ["rotate:30", "rotate:30:fill=128", "rotate:30:padding_mode=edge",
                       "rotate:30:padding_mode=reflect", "rotate:30:padding_mode=symmetric"]),
    "crops": (True, ["crop:48", "crop:64:8", "crop:64:8:padding_mode=reflect",
                     "resizedcrop:64:0.2..1", "centercrop:48", "pad:12:fill=128",
                     "resize:16", "resize:16:antialias=false"]),
    "jitter": (True, ["jitter:0.4:0.4:0.4:0.1", "totensor, normalize:0.5:0.25"]),
    "erasing": (True, ["erase:1", "erase:1:value=random", "cutout:24"]),
    "policies": (True, ["sometimes:0.5(rotate:30)", "oneof(flip:1 | erase:1 | blur:9:2)",
                        "trivial"]),
}  # fmt: skip
SHEETS = {  # pictures, whether they show the landscape, and operations, from weak to strong
    "geometric": (False, ["flip", "vflip", "rotate", "shear_x", "shear_y", "translate_x",
                          "translate_y", "scale"]),
    "colour": (True, ["brightness", "contrast", "saturation"]),
    "noise": (False, ["noise", "blur"]),
}  # fmt: skip
PLOTS = {  # pictures of digits, and their pipelines
    "pipeline": "rotate:10, scale:0.9..1.1, crop:28:2, elastic:15:4",
    "elastic": "elastic:34:4",
    "mixup": "mixup:1",
    "cutmix": "cutmix:1",
}


def draw_landscape(side: int = 64) -> np.ndarray:
    """Return a picture (1, 3, side, side) uint8: sky, sun, hills, a house."""
    y, x = np.mgrid[:side, :side] / side
    sky = np.floor(8 * y) / 8
    picture = np.stack([0.45 + 0.4 * sky, 0.65 + 0.25 * sky, 0.95 - 0.05 * sky])

    def paint(where: np.ndarray, colour: tuple[float, float, float]) -> None:
        picture[:, where] = np.reshape(colour, (3, 1))

    paint((x - 0.78) ** 2 + (y - 0.2) ** 2 < 0.01, (1.0, 0.85, 0.2))
    paint(y > 0.62 - 0.12 * np.sin(5 * x), (0.3, 0.6, 0.3))
    paint(y > 0.8 + 0.06 * np.sin(8 * x + 1), (0.55, 0.7, 0.25))
    paint((abs(x - 0.36) < 0.14) & (abs(y - 0.66) < 0.13), (0.9, 0.87, 0.8))
    paint((y > 0.38 + abs(x - 0.36)) & (y < 0.54) & (abs(x - 0.36) < 0.18), (0.75, 0.2, 0.15))
    paint((abs(x - 0.36) < 0.035) & (abs(y - 0.72) < 0.07), (0.35, 0.2, 0.1))
    return np.rint(255 * picture)[None].astype(np.uint8)


def draw_rows(image: np.ndarray, texts: list[str]) -> Any:
    """Return a figure with a row for each pipeline; one that is not random has one variant."""
    rows = []
    for text in texts:
        t = augment.parse(text, generator=Generator(0))
        epochs = COLUMNS if any(step.is_random for step in t.transforms) else 1
        size = tuple(image.shape[2:])
        rows.append([t.apply(image, t.sample([0], epoch, size))[0] for epoch in range(epochs)])
    names = [re.sub(r"(:(?=padding_mode)|padding_mode=|\| )", "\\1\n", text) for text in texts]
    originals = np.repeat(image, len(rows), axis=0)
    return plots.image_rows(
        originals, list(map(np.stack, rows)), names=names, titles=("original", FIRST), ink=False
    )


def save(figure: Any, name: str) -> None:
    """Write docs/images/NAME.png with 256 colours: a small file."""
    from PIL import Image  # noqa: PLC0415  it comes with matplotlib

    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=DOTS)
    options = {"method": Image.Quantize.MAXCOVERAGE, "kmeans": 2, "dither": Image.Dither.NONE}
    picture = Image.open(buffer).convert("RGB").quantize(256, **options)
    picture.save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    digits, landscape = data.load_mnist5k()[0].x, draw_landscape()
    for name, (coloured, texts) in ROWS.items():
        save(draw_rows(landscape if coloured else digits[:1], texts), name)
    for name, (coloured, names) in SHEETS.items():
        sheet = draw_operations(landscape if coloured else digits, names, COLUMNS)
        save(sheet.plot(), name)
    for name, text in PLOTS.items():
        t = augment.parse(text, generator=Generator(0))
        save(t.plot(digits[:3], COLUMNS), name)


if __name__ == "__main__":
    main()
