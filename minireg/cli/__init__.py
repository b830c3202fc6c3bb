"""Floor 6: the command line.  `minireg --help` shows what there is.

Read `app.py` first (how a command starts and how it ends), then `demo.py` and what it is made of:
`recipes.py` and `experiment.py` (the training), `results.py` (its numbers), `figures.py` and
`report.py` (what is shown of them).
"""

from .app import main

__all__ = ["main"]
