"""Floor 7: the study that `minireg demo` runs.

A small network learns few handwritten digits, some of them with a wrong label, seven times: without
regularization, with each method alone, and with all of them.  Read `recipes.py` (what is tried),
`experiment.py` (the training), `results.py` (its numbers), `figures.py`, `charts.py` and
`report.py` (how the numbers are shown).
"""

from .experiment import Watcher, run_experiment
from .recipes import FULL, QUICK, Recipe, Settings
from .study import run

__all__ = ["FULL", "QUICK", "Recipe", "Settings", "Watcher", "run", "run_experiment"]
