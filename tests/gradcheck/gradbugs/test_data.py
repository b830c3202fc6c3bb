"""The data set is what it says: right backward passes are right, and each wrong one is wrong."""

from __future__ import annotations

import pytest

from tests.gradcheck.gradbugs import PARTS, Bug, Operation, load_bugs, load_operations
from tests.gradcheck.gradbugs.truth import agree, call, differentiate, points

pytestmark = pytest.mark.host
OPERATIONS = [operation for part in PARTS for operation in load_operations(part)]
BUGS = [bug for part in PARTS for bug in load_bugs(part)]
# Mistakes against the contract of a backward pass: its numbers may be right.
CONTRACT = {
    "input-mutated", "upstream-mutated", "aliased-gradients", "nondeterministic", "stateful",
    "mask-resampled", "raised", "integer-input", "wrong-shape", "not-finite",
}  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_right_backward_agrees_with_differences(operation: Operation):
    for arguments, upstream in points(operation):
        expected = differentiate(operation, upstream, arguments)
        assert agree(call(operation, operation.backward, upstream, arguments), expected)


@pytest.mark.parametrize("bug", [b for b in BUGS if not CONTRACT & set(b.causes)], ids=str)
def test_a_wrong_backward_is_wrong(bug: Bug):
    for arguments, upstream in points(bug.operation):
        expected = differentiate(bug.operation, upstream, arguments)
        if not agree(call(bug.operation, bug.function, upstream, arguments), expected):
            return
    assert bug.function.__doc__, f"{bug} computes the right gradient at two points"
    for arguments, upstream in points(bug.operation, "special"):  # where slopes may not exist
        expected = call(bug.operation, bug.operation.backward, upstream, arguments)
        assert not agree(call(bug.operation, bug.function, upstream, arguments), expected)
