"""Floor 5: the training loop.

Read `fit.py` (the arguments and their checks), `run.py` (the epochs, and the calls of callbacks),
`steps.py` (a training step), `regularization.py` (its penalty), `evaluation.py` and
`metrics.py` (how a model is measured) and `history.py` (the results of each epoch).
"""

from . import callbacks, metrics
from .checkpoint import Checkpoint
from .early_stopping import EarlyStopping
from .evaluation import evaluate, predict
from .fit import fit, prepare
from .history import History
from .lr_find import lr_find
from .monte_carlo import mc_predict
from .run import Callback, Run

__all__ = [
    "Callback", "Checkpoint", "EarlyStopping", "History", "Run", "callbacks", "evaluate", "fit",
    "lr_find", "mc_predict", "metrics", "predict", "prepare",
]  # fmt: skip
