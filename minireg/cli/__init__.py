"""Floor 6: the command line.  `minireg --help` shows what there is.

Read `app.py` first (how a command starts and how it ends).

* `train.py`, with what it is made of: `options.py` (what can be typed), `user_data.py` (the data),
  `architectures.py`, `regression.py` and `optimizers.py` (the network and how it moves),
  `training.py` (all of them together), `run_folder.py`, `configuration.py` and `model_file.py`
  (what is kept).
* `predict.py` and `evaluate.py`: a trained model on `new_data.py` and `new_table.py`;
  `summary.py`; `completion.py`.
* `demo.py`: `recipes.py` and `experiment.py` (the training), `results.py` (its numbers),
  `figures.py` and `report.py` (what is shown of them).
* `gradcheck.py`, `backends.py`.
* For all of them: `terminal.py`, `progress.py`, `threads.py`.
"""

from .app import main

__all__ = ["main"]
