"""`minireg summary`: the layers of a network, trained or only planned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..errors import ArgumentError
from .options import COUNT, SHAPE, SHARE, SectionedCommand, all_of, model_options, option

PLAN = "A network that is planned"


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
    type=SHAPE,
    metavar="CxHxW",
    help="The shape of an example: 3x32x32, or 13 for 13 numbers.",
)
@option(
    PLAN,
    "--classes",
    type=COUNT,
    metavar="N",
    help="How many classes, or numbers to predict.",
)
@all_of(model_options(PLAN))
@option(
    PLAN,
    "--dropout",
    type=SHARE,
    default=0.0,
    metavar="P",
    help="Probability of dropping a hidden unit.",
)
@click.pass_context
def summary(
    context: click.Context,
    trained: Path | None,
    input_shape: list[int] | None,
    classes: int | None,
    **settings: Any,
) -> None:
    """Show a network's layers, shapes and parameters.

    MODEL is the folder of a run, or the model.safetensors in it.  Without MODEL, the options plan a
    network as `minireg train` would build it.
    """
    from .. import summary as layers_of  # noqa: PLC0415  `minireg --help` needs none of it
    from ..models.architecture import build_model, chosen_architecture  # noqa: PLC0415
    from ..models.saved import load_model  # noqa: PLC0415
    from .options import explicit  # noqa: PLC0415

    if trained is not None:
        planned = explicit(context) - {"trained"}
        if planned:
            raise ArgumentError(
                f"{str(trained)!r} is built already: leave --{min(planned).replace('_', '-')} out, "
                f"or leave the model out to plan another one."
            )
        saved = load_model(trained)
        print(layers_of(saved.model, saved.architecture.input_shape))
        return
    if input_shape is None or classes is None:
        raise ArgumentError(
            "Name a trained MODEL, or plan a network: --input 1x28x28 --classes 10."
        )
    architecture = chosen_architecture(settings, input_shape, classes)
    print(layers_of(build_model(architecture), architecture.input_shape))
