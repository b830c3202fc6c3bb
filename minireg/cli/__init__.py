"""Floor 6: the command line.  `minireg --help` shows what there is.

Read `app.py` first (how a command starts and how it ends).

* `train.py`, with `options.py` (what can be typed), `training.py` (data, network and optimizer
  together), `run_folder.py` and `configuration.py` (what is kept).
* `predict.py` and `evaluate.py`: a trained model on new data; `summary.py`; `completion.py`.
* `demo.py`: `recipes.py` and `experiment.py` (the training), `results.py` (its numbers),
  `figures.py` and `report.py` (what is shown of them).
* `gradcheck.py`, with its table `examples.py`; `backends.py`.
* For all of them: `terminal.py`, `progress.py`, `threads.py`.
"""

from .app import main

__all__ = ["main"]
