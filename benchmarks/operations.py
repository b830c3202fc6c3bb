"""Every operation that PyTorch has, too: forward and backward on a million float32 numbers.

    python benchmarks/operations.py [names] [--rounds 5] [--json]

One thread each.  The calls are those of the tests (`tests/ops/cases.py`), which compare the values.
Operations that only make a view of their input are left out.  The table is sorted by the ratio of
the times; its last line is the geometric mean of the ratios.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from timing import describe_machine, measure_median, run_rounds

from minireg.backend.memory import keep_freed_memory

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`

REPETITIONS = 5

# Operations of one matrix, in families that share their options.
OF_NUMBERS = (
    "abs", "arctan", "cos", "cosh", "elu", "erf", "exp", "expm1", "gelu", "hardtanh", "leaky_relu",
    "negative", "normal_cdf", "relu", "selu", "sigmoid", "silu", "sin", "sinh", "softplus",
    "square", "tan", "tanh", "tril", "triu",
)  # fmt: skip
OF_POSITIVE_NUMBERS = ("log", "log1p", "log2", "reciprocal", "sqrt")
OF_TWO = ("add", "divide", "matmul", "maximum", "minimum", "multiply", "subtract")
ALONG_AN_AXIS = (
    "cumulative_sum", "log_softmax", "logsumexp", "max", "mean", "min", "prod", "softmax",
    "sort", "std", "sum", "unstack", "var",
)  # fmt: skip
LOSSES_OF_TWO = ("huber_loss", "kl_div", "l1_loss", "mse_loss", "smooth_l1_loss")
EXTRA: dict[str, dict[str, Any]] = {
    "hardtanh": {"min_val": -1.0, "max_val": 1.0},
    "kl_div": {"log_target": False}, "prod": {"keepdims": False}, "sort": {"descending": False},
    "tril": {"k": 0}, "triu": {"k": 0},
}  # fmt: skip


def make_calls() -> dict[str, tuple[list[np.ndarray], dict[str, Any]]]:
    """The inputs and options of each operation; where inputs differ in size, the first is large."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 1000, 1000)).astype(np.float32)
    positive, weight = np.abs(x) + np.float32(0.2), y[0].copy()
    flags, labels, places = y > 0, rng.integers(0, 1000, 1000), rng.permutation(1000)
    mean_loss = {"reduction": "mean"}
    images = x.reshape(16, 4, 125, 125)
    calls = {
        **{name: ([x], {}) for name in OF_NUMBERS},
        **{name: ([positive], {}) for name in OF_POSITIVE_NUMBERS},
        **{name: ([x, y], {}) for name in OF_TWO},
        **{name: ([x], {"axis": 1}) for name in ALONG_AN_AXIS},
        **{name: ([x, positive], mean_loss) for name in LOSSES_OF_TWO},
        "adaptive_avg_pool2d": ([images], {"output_size": 25}),
        "avg_pool2d": ([images], {"kernel_size": 2}),
        "batch_norm": (
            [images, weight[:4].copy(), weight[4:8].copy()],
            {"running_mean": weight[:4], "running_var": positive[0, :4], "training": True},
        ),
        "binary_cross_entropy_with_logits": (
            [x, flags.astype(np.float32)],
            {"weight": None, "pos_weight": None} | mean_loss,
        ),
        "broadcast_to": ([weight], {"shape": (1000, 1000)}),
        "clip": ([x], {"min": -1.0, "max": 1.0}),
        "concat": ([x, y], {"axis": 0}),
        "conv2d": ([images, y[:8, :36].reshape(8, 4, 3, 3).copy()], {"padding": 1}),
        "cosine_similarity": ([x, y], {"axis": -1}),
        "cross_entropy": ([x], {"labels": labels, "weight": None} | mean_loss),
        "diagonal": ([x], {"offset": 0, "axis1": 0, "axis2": 1}),
        "dropout": ([x], {"mask": flags, "p": 0.5}),
        "einsum": ([x, weight], {"equation": "ij,j->i"}),
        "getitem": ([x], {"index": (slice(1, None), slice(None, -1))}),
        "hinge": ([x], {"target": np.sign(y)} | mean_loss),
        "layer_norm": ([x, weight, y[1].copy()], {"normalized_shape": (1000,)}),
        "linear": ([x, y[:100].copy(), weight[:100].copy()], {}),
        "max_pool2d": ([images], {"kernel_size": 2}),
        "nll_loss": ([x], {"labels": labels, "weight": None} | mean_loss),
        "norm": ([x], {"p": 2, "axis": 1, "keepdims": False}),
        "overlap_add": ([x.reshape(1, 4, 5, 5, 100, 100)], {"size": (500, 500), "stride": 5}),
        "outer": ([weight, y[1].copy()], {}),
        "pad": ([x], {"widths": ((1, 1), (1, 1)), "value": 0}),
        "power": ([positive, y], {}),
        "repeat": ([x], {"repeats": 2, "axis": 0}),
        "roll": ([x], {"shift": 1, "axis": 1}),
        "scatter_add": ([x], {"index": places, "shape": x.shape}),
        "split": ([x], {"size": 100, "axis": 0}),
        "stack": ([x, y], {"axis": 0}),
        "take": ([x], {"indices": places, "axis": 0}),
        "take_along_axis": ([x], {"indices": np.argsort(x, axis=1), "axis": 1}),
        "tensordot": ([x, weight], {"axes": 1}),
        "tile": ([x], {"repetitions": [2, 1]}),
        "vecdot": ([x, y], {"axis": -1}),
        "where": ([x, y], {"condition": flags}),
        "windows": ([images], {"kernel_size": 5, "stride": 5}),
    }
    return {name: (xs, options | EXTRA.get(name, {})) for name, (xs, options) in calls.items()}


def minireg() -> Callable[[str], Callable[[], object]]:
    """A function that gives, for the name of an operation, what is timed."""
    from threadpoolctl import threadpool_limits

    import minireg as mr
    from tests.ops.cases import called

    threadpool_limits(1)

    def prepare(name: str) -> Callable[[], object]:
        arrays, options = calls[name]
        xs = [mr.tensor(a, requires_grad=True) for a in arrays]
        g = make_upstream(called(name, xs, dict(options)).shape)

        @mr.primitive
        def loss(y):  # one whose gradient is g: backward(g) would copy g first
            return 0.0, (lambda _: g,)

        def run():
            for x in xs:
                x.grad = None
            loss(called(name, xs, dict(options))).backward()

        return run

    calls = make_calls()
    return prepare


def pytorch() -> Callable[[str], Callable[[], object]]:
    """The same for PyTorch."""
    import torch

    from tests.ops.cases import CASES

    torch.set_num_threads(1)

    def prepare(name: str) -> Callable[[], object]:
        arrays, options = calls[name]
        function: Any = CASES[name].torch
        xs = [torch.tensor(a, requires_grad=True) for a in arrays]
        g = torch.tensor(make_upstream(function(torch, xs, dict(options)).shape))

        def run():
            for x in xs:
                x.grad = None
            function(torch, xs, dict(options)).backward(g)

        return run

    calls = make_calls()
    return prepare


def make_upstream(shape: Any) -> np.ndarray:
    return np.asarray(np.random.default_rng(1).normal(size=tuple(shape)), np.float32)


def measure(candidate: str, names: list[str]) -> dict[str, float]:
    """What a candidate's process does: one round of all these operations."""
    keep_freed_memory()
    prepare = CANDIDATES[candidate]()
    times = {}
    for name in names:
        run = prepare(name)
        measure_median(run, 2)  # warm up
        # The time of the processor, which one thread spends: others may use it at the same time.
        times[name] = measure_median(run, REPETITIONS, time.process_time)
    return times


CANDIDATES = {"minireg": minireg, "pytorch": pytorch}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="the operations to measure; all by default")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--candidate", choices=CANDIDATES, help=argparse.SUPPRESS)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.candidate:
        print(json.dumps(measure(options.candidate, options.task.split())))
        return

    names = options.names or list(make_calls())
    rounds = run_rounds(__file__, list(CANDIDATES), " ".join(names), options.rounds)
    results = {
        name: {candidate: min(each[name] for each in rounds[candidate]) for candidate in CANDIDATES}
        for name in names
    }
    if options.json:
        print(json.dumps({"machine": describe_machine(), "seconds": results}))
        return
    ratios = {name: s["minireg"] / s["pytorch"] for name, s in results.items()}
    print(f"Forward and backward, 10⁶ float32, one thread.  {describe_machine()}")
    print(f"{'operation':<34} {'minireg':>10} {'pytorch':>10}   ratio")
    for name in sorted(ratios, key=ratios.__getitem__, reverse=True):
        ours, theirs = (results[name][candidate] * 1e3 for candidate in CANDIDATES)
        print(f"{name:<34} {ours:>7.2f} ms {theirs:>7.2f} ms   {ratios[name]:.2f}")
    print(f"geometric mean of {len(ratios)}: {statistics.geometric_mean(ratios.values()):.2f}")


if __name__ == "__main__":
    main()
