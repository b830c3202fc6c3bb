"""early_stopping: when training ends, and which epoch was the best."""

import numpy as np

from ...training import EarlyStopping
from ..checks import Property, Values
from ..comparing import compare
from ..exercise import Exercise


def early_stopping(losses, patience):
    best, waited = 0, 0
    for epoch in range(len(losses)):
        if epoch == 0 or losses[epoch] < losses[best]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def training_stops_where_minireg_stops(student):
    random = np.random.default_rng(0)
    for patience in (1, 2, 3):
        for _ in range(10):
            losses = random.integers(1, 6, size=6) / 2  # with ties
            stopping = EarlyStopping(patience)
            stops = [stopping.should_stop(loss) for loss in losses.tolist()]
            last = stops.index(True) + 1 if True in stops else len(losses)
            expected = last, int(losses[:last].argmin()) + 1
            given = {"losses": losses, "patience": patience}
            found = student.call("early_stopping", losses, patience)
            if difference := compare(found, expected, given):
                return f"early_stopping{student.locate('early_stopping')}: {difference}"


EXAMPLES = tuple(
    {"losses": np.array(losses), "patience": patience}
    for losses, patience in (
        ([5.0, 4.0, 3.0, 2.0], 2),  # never stops
        ([3.0, 1.0, 2.0, 2.0, 2.0, 0.0], 2),  # a better one comes too late
        ([3.0, 1.0, 2.0, 0.5, 0.6, 0.7], 2),  # an improvement ends the waiting
        ([3.0, 1.0, 1.0, 1.0, 1.0], 2),  # an equal loss is not an improvement
        ([1.0, 2.0, 3.0], 1),
        ([2.0, 3.0, 2.5, 2.2, 1.0], 3),  # lower than the one before, but not than the best
        ([1.0], 1),
    )
)

EXERCISE = Exercise(
    title="Early stopping",
    statement="""
After each epoch of training, the loss of the validation set is measured. It
falls at first, and rises when the network begins to overfit. Early stopping
ends the training when the loss has not improved for some epochs in a row:

    An epoch improves if its loss is lower than all losses before it. An equal
    loss is not an improvement. The first epoch always improves.
    Training stops after the epoch at which the last `patience` epochs did
    not improve. If this never happens, it stops after the last epoch.
    The best epoch is the one with the lowest loss until then. If several have
    this loss, it is the first of them.

    losses (N,)       the validation losses of N epochs, in their order
    patience          a whole number, 1 or more

Return two numbers: the epoch after which training stops, and the best epoch.
Epochs are counted from 1. Example: for the losses 3, 1, 2, 2, 0 and patience 2
training stops after epoch 4, and epoch 2 is the best. It never sees the 0.
""",
    stub='''
def early_stopping(losses, patience):
    """Return the epoch after which training stops, and the best epoch."""
    return ..., ...  # replace this line
''',
    checks=(
        Values(early_stopping, *EXAMPLES),
        Property(training_stops_where_minireg_stops),
    ),
    hints=(
        "Do the example by hand. Which numbers do you keep in mind from epoch to epoch?",
        "Keep the best epoch, its loss, and how many epochs you have waited since. What happens to "
        "each of them if an epoch improves, and if not?",
        "for epoch, loss in enumerate(losses, 1): if loss is lower than the best one, it is the "
        "new best, and waited = 0. Otherwise waited += 1.",
        "If waited == patience: return epoch, best. After the loop: return len(losses), best. "
        "Begin with best_loss = np.inf.",
    ),
)
