"""What `import minireg` costs beyond `import numpy`: fresh interpreters, interleaved, best of many.

python benchmarks/imports.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from timing import describe_machine

ROUNDS = 15
# Compiled files are kept, as they are in an installed package.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def measure_import(module: str) -> float:
    """The time of one interpreter that imports `module` and ends."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, env=ENVIRONMENT)
    return time.perf_counter() - start


def main() -> None:
    modules = ("numpy", "minireg")
    for module in modules:  # once for the files to be read and compiled
        measure_import(module)
    rounds = [[measure_import(module) for module in modules] for _ in range(ROUNDS)]
    numpy, minireg = (min(times) * 1e3 for times in zip(*rounds))
    print(f"One interpreter that imports and ends.  {describe_machine()}")
    print(f"numpy {numpy:.0f} ms, minireg {minireg:.0f} ms: {minireg - numpy:.0f} ms more")


if __name__ == "__main__":
    main()
