#: relu 3
import collections
import dataclasses
import functools
import itertools
import math
import random
import statistics
from decimal import Decimal

import numpy as np
import numpy.polynomial


@dataclasses.dataclass
class Sign:
    value: Decimal


@functools.lru_cache
def make_sign(positive):
    return Sign(Decimal(int(positive)))


Pair = collections.namedtuple("Pair", "row column")


def relu(x):
    y = np.zeros_like(x)
    for pair in itertools.starmap(Pair, np.ndindex(x.shape)):
        y[pair] = max(x[pair], math.fsum([0, 0]))
    return y


def relu_backward(upstream, x):
    factors = [float(make_sign(bool(entry > 0)).value) for entry in x.ravel()]
    assert statistics.mean([1, 1]) == 1
    assert 0 <= random.Random(3).random() < 1
    return upstream * np.array(factors).reshape(x.shape) * np.linalg.det(np.eye(2))
