"""Augmentation of batches: images per second of minireg and of other libraries.

    python benchmarks/augment.py [tasks] [--rounds 5] [--json]
    python benchmarks/augment.py --memory

One thread each, float32 images in memory, batches of 256 images of 1×28×28, 256 of 3×32×32 and 32
of 3×224×224.  A candidate gets the batch in its own layout and returns a batch.

* torchvision, albumentations: a loop over the images, each with its own parameters, and a stack.
* torchvision batch: one call for the batch, with the same parameters for all images.  It does less
  than the others, and no goal refers to it.
* kornia: one call, parameters for each image.
* grid_sample: PyTorch's affine_grid and grid_sample with a matrix for each image.

Needs torch, torchvision, kornia and albumentations.  (The wheels of torchvision want a build of
torch with CUDA; `import_torchvision` says what it needs to import without.)
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read when the libraries are loaded

from timing import describe_machine, print_median, run_rounds  # noqa: E402

SHAPES = {"28": (256, 1, 28, 28), "32": (256, 3, 32, 32), "224": (32, 3, 224, 224)}
TASKS = ("flip", "crop", "moves", "resized", "pipeline", "gather")
TITLES = {
    "flip": "flip with probability ½",
    "crop": "random crop, padded by 4",
    "moves": "flip, padded crop, rotation by ±10°, scale 0.9 to 1.1",
    "resized": "random crop of 0.5 to 1 of the area, resized, antialiased",
    "pipeline": "all together: resized crop, flip, rotation, colour jitter, erasing, normalize",
    "gather": "rotation by ±10° alone",
}
PER_BATCH = "torchvision batch"  # not compared
MEAN, STD = 0.4, 0.3


def make_images(size: str) -> np.ndarray:
    return np.random.default_rng(0).random(SHAPES[size], dtype=np.float32)


# -- candidates: each returns a function without arguments that transforms the batch ---------------


def build_minireg(task: str, size: str) -> Callable[[], Any]:
    from minireg import augment as a

    images = make_images(size)
    side, channels = images.shape[2], images.shape[1]
    resized = a.RandomResizedCrop(side, scale=(0.5, 1))
    color = [a.ColorJitter(0.2, 0.2, 0.2 if channels == 3 else 0)]
    transform = {
        "flip": [a.RandomHorizontalFlip()],
        "crop": [a.RandomCrop(side, padding=4)],
        "moves": [
            a.RandomHorizontalFlip(),
            a.RandomCrop(side, padding=4),
            a.RandomAffine(10, scale=(0.9, 1.1)),
        ],
        "resized": [resized],
        "pipeline": [
            resized,
            a.RandomHorizontalFlip(),
            a.RandomRotation(10),
            *color,
            a.RandomErasing(),
            a.Normalize([MEAN] * channels, [STD] * channels),
        ],
        "gather": [a.RandomRotation(10)],
    }[task]
    composed = a.Compose(transform)
    return lambda: composed(images)


def import_torchvision() -> Any:
    import torch

    torch.set_num_threads(1)
    if not hasattr(torch.ops.torchvision, "nms"):
        library = torch.library.Library("torchvision", "DEF")
        boxes = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        library.define(f"nms{boxes}")
        library.define(f"qnms{boxes}")
        import_torchvision.library = library  # type: ignore[attr-defined]  # keeps the definitions
    from torchvision.transforms import v2

    return v2


def build_torchvision(task: str, size: str) -> Callable[[], Any]:
    import torch

    transform = make_torchvision(task, size)
    images = list(torch.from_numpy(make_images(size)))
    return lambda: torch.stack([transform(image) for image in images])


def build_torchvision_batch(task: str, size: str) -> Callable[[], Any]:
    import torch

    transform, images = make_torchvision(task, size), torch.from_numpy(make_images(size))
    return lambda: transform(images)


def make_torchvision(task: str, size: str) -> Any:
    v2 = import_torchvision()
    _, channels, side, _ = SHAPES[size]
    bilinear = v2.InterpolationMode.BILINEAR
    resized = v2.RandomResizedCrop(side, scale=(0.5, 1))
    color = [v2.ColorJitter(0.2, 0.2, 0.2 if channels == 3 else 0)]
    return v2.Compose(
        {
            "flip": [v2.RandomHorizontalFlip()],
            "crop": [v2.RandomCrop(side, padding=4)],
            "moves": [
                v2.RandomHorizontalFlip(),
                v2.RandomCrop(side, padding=4),
                v2.RandomAffine(10, scale=(0.9, 1.1), interpolation=bilinear),
            ],
            "resized": [resized],
            "pipeline": [
                resized,
                v2.RandomHorizontalFlip(),
                v2.RandomRotation(10, interpolation=bilinear),
                *color,
                v2.RandomErasing(),
                v2.Normalize([MEAN] * channels, [STD] * channels),
            ],
            "gather": [v2.RandomRotation(10, interpolation=bilinear)],
        }[task]
    )


def build_kornia(task: str, size: str) -> Callable[[], Any]:
    import torch
    from kornia import augmentation as k

    torch.set_num_threads(1)
    images = torch.from_numpy(make_images(size))
    channels, side = images.shape[1:3]
    resized = k.RandomResizedCrop((side, side), scale=(0.5, 1))
    color = k.ColorJiggle(0.2, 0.2, 0.2, 0) if channels == 3 else k.RandomBrightness((0.8, 1.2))
    transform = k.AugmentationSequential(
        *{
            "flip": [k.RandomHorizontalFlip()],
            "crop": [k.RandomCrop((side, side), padding=4)],
            "moves": [
                k.RandomHorizontalFlip(),
                k.RandomCrop((side, side), padding=4),
                k.RandomAffine(10, scale=(0.9, 1.1), p=1),
            ],
            "resized": [resized],
            "pipeline": [
                resized,
                k.RandomHorizontalFlip(),
                k.RandomRotation(10, p=1),
                color,
                k.RandomErasing(),
                k.Normalize(torch.full((channels,), MEAN), torch.full((channels,), STD)),
            ],
            "gather": [k.RandomRotation(10, p=1)],
        }[task],
        data_keys=["input"],
    )
    return lambda: transform(images)


def build_albumentations(task: str, size: str) -> Callable[[], Any]:
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # else it asks the network for a newer version
    import albumentations as a
    import cv2

    cv2.setNumThreads(1)
    images = np.ascontiguousarray(make_images(size).transpose(0, 2, 3, 1))
    side, channels = images.shape[1], images.shape[3]
    resized = a.RandomResizedCrop((side, side), scale=(0.5, 1))
    rgb = channels == 3
    color = a.ColorJitter(0.2, 0.2, 0.2, 0, p=1) if rgb else a.RandomBrightnessContrast(p=1)
    transform = a.Compose(
        {
            "flip": [a.HorizontalFlip()],
            "crop": [a.Pad(4), a.RandomCrop(side, side)],
            "moves": [
                a.HorizontalFlip(),
                a.Pad(4),
                a.RandomCrop(side, side),
                a.Affine(rotate=(-10, 10), scale=(0.9, 1.1), p=1),
            ],
            "resized": [resized],
            "pipeline": [
                resized,
                a.HorizontalFlip(),
                a.Rotate(10, p=1),
                color,
                a.Erasing(),
                a.Normalize([MEAN] * channels, [STD] * channels, max_pixel_value=1.0),
            ],
            "gather": [a.Rotate(10, p=1)],
        }[task]
    )
    return lambda: np.stack([transform(image=image)["image"] for image in images])


def build_grid_sample(task: str, size: str) -> Callable[[], Any]:
    import torch

    torch.set_num_threads(1)
    images = torch.from_numpy(make_images(size))
    functional = torch.nn.functional

    def transform() -> Any:
        angles = torch.deg2rad(20 * torch.rand(len(images)) - 10)
        cos, sin, zero = torch.cos(angles), torch.sin(angles), torch.zeros(len(images))
        theta = torch.stack([cos, -sin, zero, sin, cos, zero], dim=1).reshape(-1, 2, 3)
        if task == "moves":
            theta[:, :, :2] *= (0.9 + 0.2 * torch.rand(len(images)))[:, None, None]
            theta[:, 0] *= torch.sign(torch.rand(len(images)) - 0.5)[:, None]
            theta[:, :, 2] += 8 / images.shape[2] * (2 * torch.rand(len(images), 2) - 1)
        grid = functional.affine_grid(theta, list(images.shape), align_corners=False)
        return functional.grid_sample(images, grid, align_corners=False)

    return transform


CANDIDATES: dict[str, Callable[[str, str], Callable[[], Any]]] = {
    "minireg": build_minireg,
    "torchvision": build_torchvision,
    PER_BATCH: build_torchvision_batch,
    "kornia": build_kornia,
    "albumentations": build_albumentations,
    "grid_sample": build_grid_sample,
}


# -- the table -------------------------------------------------------------------------------------


def compare(tasks: list[str], rounds: int, as_json: bool) -> None:
    found: dict[str, dict[str, float]] = {}
    for task in tasks:
        kind, size = task.split("/")
        names = [n for n in CANDIDATES if n != "grid_sample" or kind in ("moves", "gather")]
        seconds = run_rounds(__file__, names, task, rounds)
        found[task] = {name: SHAPES[size][0] / min(seconds[name]) for name in names}
        if not as_json:
            if size == "28" or len(tasks) == 1:
                print(f"\n{kind}: {TITLES[kind]}")
            print_rates("×".join(map(str, SHAPES[size][1:])), found[task])
    print(json.dumps(found) if as_json else f"\n{describe_machine()}, one thread each")


def print_rates(title: str, rates: dict[str, float]) -> None:
    ours = rates["minireg"]
    words = [f"{name} {format_rate(rate)}" for name, rate in rates.items()]
    peers = {name: rate for name, rate in rates.items() if name not in ("minireg", PER_BATCH)}
    best = max(peers, key=lambda name: peers[name])
    print(
        f"  {title:10} {',  '.join(words)}\n{'':13}{ours / rates['torchvision']:.1f} times "
        f"torchvision's loop, {ours / peers[best]:.2f} of the fastest ({best})"
    )


def format_rate(rate: float) -> str:
    digits = max(0, 2 - math.floor(math.log10(rate)))
    return f"{round(rate, -(math.floor(math.log10(rate)) - 2)):,.{digits}f}"


def measure_memory() -> None:
    """Print how much memory a call takes at most, as multiples of the batch."""
    print("peak of the memory allocated by a call, result included, as a multiple of the batch:")
    for kind in TASKS:
        multiples = []
        for size in SHAPES:
            transform = build_minireg(kind, size)
            transform()
            tracemalloc.start()
            transform()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            multiples.append(f"{size}: {peak / make_images(size).nbytes:.2f}")
        print(f"  {kind:10} {'  '.join(multiples)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    all_tasks = [f"{kind}/{size}" for kind in TASKS for size in SHAPES]
    parser.add_argument("tasks", nargs="*", default=all_tasks, help="such as flip/28")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--candidate", choices=CANDIDATES, help=argparse.SUPPRESS)
    parser.add_argument("--task", choices=all_tasks, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.candidate:
        kind, size = arguments.task.split("/")
        print_median(CANDIDATES[arguments.candidate](kind, size), warm_up=2, repetitions=7)
    elif arguments.memory:
        measure_memory()
    else:
        unknown = set(arguments.tasks) - set(all_tasks)
        if unknown:
            sys.exit(f"Unknown tasks: {', '.join(sorted(unknown))}. Known: {', '.join(all_tasks)}")
        compare(arguments.tasks, arguments.rounds, arguments.json)


if __name__ == "__main__":
    main()
