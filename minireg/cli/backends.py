"""`minireg backends`: which array libraries work here, and what to do about the others."""

from __future__ import annotations

import os

import click

from ..backend import backend, backend_names
from ..errors import BackendError


@click.command()
def backends() -> None:
    """Show which array libraries can be used here, and why not the others.

    A backend counts as usable once it has compiled and run a kernel and multiplied two matrices.
    """
    chosen = os.environ.get("MINIREG_BACKEND")
    for name in backend_names():
        try:
            found = backend(name)
        except BackendError as error:
            print(f"{name}: not usable here")
            print(click.wrap_text(str(error), 78, "  ", "  "))
        else:
            device = ""
            if name == "cupy":
                runtime = found.library.cuda.runtime
                properties = runtime.getDeviceProperties(runtime.getDevice())
                device = f" on {properties['name'].decode()}"
            print(f"{name} {found.library.__version__}: works{device}")
    reason = "MINIREG_BACKEND" if chosen else "MINIREG_BACKEND is not set"
    print(f"\nauto takes {backend('auto').name} here.")
    print(f"New tensors start on {chosen or 'numpy'} ({reason}).")
    print("Choose with mr.set_backend(name), MINIREG_BACKEND=name, or --backend of demo and train.")
