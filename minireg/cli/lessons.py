"""`minireg lessons`: the lessons as notebooks."""

from __future__ import annotations

import click

from ..lessons import write_notebooks


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--solutions", is_flag=True, help="For teachers: with the solutions.")
def lessons(folder: str, solutions: bool) -> None:
    """Write the lessons into the folder DIR, as notebooks with exercises.

    Open them with `jupyter lab DIR`.  This needs: pip install "minireg[lessons]".
    """
    for path in write_notebooks(folder, solutions=solutions):
        print(path)
