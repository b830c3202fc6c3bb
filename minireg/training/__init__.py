"""Floor 5: the training loop.

Read `fit.py` (the loop), `steps.py` (a training step), `regularization.py` (the part of a penalty
in it), `evaluation.py` and `metrics.py` (how a model is measured), `history.py` (what is remembered
of each epoch), `run.py` and `callbacks.py` (what else happens meanwhile), `checkpoint.py` (how a
run survives interruptions) and `progress.py` (what is shown).  `lr_find.py` looks for a learning
rate.
"""

from . import callbacks, metrics
from .checkpoint import Checkpoint
from .early_stopping import EarlyStopping
from .evaluation import evaluate, predict
from .fit import fit
from .history import History
from .lr_find import lr_find
