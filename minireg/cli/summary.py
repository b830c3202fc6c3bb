"""`minireg summary`: the layers of a network, trained or only planned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .. import models
from .. import summary as list_layers
from ..errors import ArgumentError
from ..models import kinds
from .options import SectionedCommand, Typed, get_chosen, option, setting_options

PLAN = "A network that is planned"
PLANNED = (
    "model", "hidden", "channels", "activation", "batch_norm", "dropout", "dropout_kind",
    "block_size", "gaussian_noise",
)  # fmt: skip


@click.command(
    cls=SectionedCommand,
    epilog="""\b
Examples:
  minireg summary minireg-run
  minireg summary --input 1x28x28 --classes 10
  minireg summary --input 3x64x64 --classes 5 --channels 16,32,64 --batch-norm
  minireg summary --input 13 --classes 1 --hidden 64,64""",
)
@click.argument("trained", type=click.Path(path_type=Path), metavar="[MODEL]", required=False)
@option(
    PLAN,
    "--input",
    "input_shape",
    type=Typed(kinds.Shape("CxHxW", "3x32x32", (1, 3))),
    help="The shape of an example: 3x32x32, or 13 for 13 numbers.",
)
@option(
    PLAN,
    "--classes",
    type=click.IntRange(1),
    metavar="N",
    help="How many classes, or numbers to predict.",
)
@setting_options(PLANNED, PLAN)
@click.pass_context
def summary(
    context: click.Context,
    trained: Path | None,
    input_shape: tuple[int, ...] | None,
    classes: int | None,
    **_: Any,
) -> None:
    """Show a network's layers, shapes and parameters.

    MODEL is the folder of a run, or the model.safetensors in it.  Without MODEL, the options plan a
    network as `minireg train` would build it.
    """
    chosen = get_chosen(context)
    given = [*chosen, *(["input"] if input_shape else []), *(["classes"] if classes else [])]
    if trained is not None:
        if given:
            raise ArgumentError(
                f"{str(trained)!r} is built already: leave --{given[0].replace('_', '-')} out, or "
                f"leave the model out to plan another one."
            )
        saved = models.load_model(trained)
        print(list_layers(saved.model, saved.architecture.input_shape))
        return
    if input_shape is None or classes is None:
        raise ArgumentError(
            "Name a trained MODEL, or plan a network: --input 1x28x28 --classes 10."
        )
    architecture = models.choose_architecture(models.Settings(**chosen), input_shape, classes)
    print(list_layers(models.build_model(architecture), architecture.input_shape))
