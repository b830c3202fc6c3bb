"""The zip that Gradescope runs: https://gradescope-autograders.readthedocs.io/en/latest/specs/"""

from __future__ import annotations

import io
import zipfile

from ... import __version__

SETUP = """#!/usr/bin/env bash
set -e
apt-get update
apt-get install -y python3 python3-venv
python3 -m venv /autograder/python
/autograder/python/bin/pip install "{package}"
"""
RUN = """#!/usr/bin/env bash
exec /autograder/python/bin/minireg exercise grade /autograder/submission \\
    --gradescope /autograder/results/results.json
"""


def make_zip(package: str = f"minireg=={__version__}") -> bytes:
    """Return an autograder as a zip with `setup.sh` and `run_autograder`.

    Args:
        package: what pip installs.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in (("setup.sh", SETUP.format(package=package)), ("run_autograder", RUN)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16  # a file that may be run
            archive.writestr(entry, text)
    return out.getvalue()
