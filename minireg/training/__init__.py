"""Floor 5: the training loop.

Read `fit.py` (the loop), `regularization.py` (the part of a penalty in a step), `evaluation.py`
(how a model is measured), `history.py` (what is remembered of each epoch) and `progress.py` (what
is shown meanwhile).
"""

from .early_stopping import EarlyStopping
from .evaluation import evaluate
from .fit import fit
from .history import History
