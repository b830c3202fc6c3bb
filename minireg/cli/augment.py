"""`minireg augment`: a contact sheet of what transforms make of images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ..augment import parse
from ..augment.operations import OPERATIONS
from ..augment.sheet import draw_operations, draw_variants
from ..data import load_mnist5k
from ..errors import ArgumentError, MiniregError
from ..files import check_folder
from ..models import Settings, kinds, read_images
from ..models.inputs import reader_options
from ..models.settings import DATA
from ..plots import save_figure
from ..random import Generator
from .options import SectionedCommand, Typed, get_chosen, option, setting_options

SHEET = "The sheet"


@click.command(
    cls=SectionedCommand,
    epilog="""\b
Examples:
  minireg augment                              every operation, on a digit
  minireg augment cat.jpg --only rotate,shear_x
  minireg augment photos --size 64x64 --pipeline "flip, rotate:10, erase"
  minireg augment --pipeline "crop:28:2" --json | jq '.draws[0]'""",
)
@click.argument("path", type=click.Path(path_type=Path), required=False)
@option(
    SHEET,
    "--pipeline",
    "text",
    metavar="TEXT",
    help="Show what this pipeline makes of images, such as 'flip, rotate:10'.",
)
@option(
    SHEET,
    "--only",
    "names",
    type=Typed(kinds.Several(kinds.Text())),
    metavar="NAME,NAME",
    help="Without --pipeline: only these operations.",
)
@option(
    SHEET,
    "--images",
    type=click.IntRange(1, 100),
    default=4,
    show_default=True,
    metavar="N",
    help="With --pipeline: the first N images, in a folder from all classes in turn.",
)
@option(
    SHEET,
    "--columns",
    type=click.IntRange(1, 100),
    default=9,
    show_default=True,
    metavar="K",
    help="How many variants of an image.",
)
@option(
    SHEET,
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    metavar="N",
    help="With --pipeline: the seed of its draws.",
)
@option(
    SHEET,
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write it: .png (by default augment.png), .svg, .pdf or another format of "
    "matplotlib.",
)
@option(
    SHEET,
    "--json",
    "as_json",
    is_flag=True,
    help="Print the draws as JSON, nothing else; write a picture only with --out.",
)
@setting_options(("size", "color", "x", "y", "labels"), DATA)
@click.pass_context
def augment(
    context: click.Context,
    path: Path | None,
    text: str | None,
    names: tuple[str, ...] | None,
    images: int,
    columns: int,
    seed: int,
    out: Path | None,
    as_json: bool,
    **_: Any,
) -> None:
    """Draw what transforms make of images: a contact sheet.

    PATH is a picture, a folder of pictures, or any data with images that `minireg train` reads;
    without it, the digits that come with minireg are taken.

    A row for each operation shows the first image, from the lowest to the highest strength.  With
    --pipeline, a row for each image shows draws as in the first epochs of a training.
    """
    if text is not None and names is not None:
        raise click.UsageError("--only is for the sheet without --pipeline.")
    for name in ("images", "seed") if text is None else ():
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--{name} is for the sheet of a --pipeline.")
    options = reader_options(Settings(**get_chosen(context)))
    if out is None and not as_json:
        out = Path("augment.png")
    results: dict[str, Any] = {}
    if out is not None:
        check_folder(out.parent, "out")
        results["out"] = str(out)
    if path is not None:
        x = read_images(path, 1 if text is None else images, options)
    elif options:
        raise click.UsageError(f"--{next(iter(options))} needs the PATH of your own images.")
    else:
        x = load_mnist5k()[0].x[:images]
    if text is None:
        sheet = draw_operations(x, names, columns)
        draws = [draw.to_dict() for draw in sheet.draws]
        results["operations"] = dict(zip(names or OPERATIONS, draws))
    else:
        t = parse(text, generator=Generator(seed))
        try:
            sheet = draw_variants(t, x, columns)
        except MiniregError as error:  # its argument is one of a transform
            raise ArgumentError(str(error), argument="text") from error
        results["pipeline"] = str(t)
        results["draws"] = [draw.to_dict() for draw in sheet.draws]
    if out is not None:
        save_figure(sheet.plot(), out)
    if as_json:
        print(json.dumps(results, indent=1, ensure_ascii=False))
    else:
        count, kind = len(sheet.variants), "operation" if text is None else "image"
        print(f"The sheet of {count} {kind}{'s' * (count > 1)} is in {out}.")
