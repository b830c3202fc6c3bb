"""`minireg gradcheck` checks everything there is, and notices what is wrong."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn, ops, regularizers
from minireg.cli import app, examples
from minireg.cli.examples import Example

TABLE = {example.name: example for example in examples.examples()}


@pytest.mark.host
@pytest.mark.parametrize("package", [ops, nn, regularizers], ids=lambda package: package.__name__)
def test_every_public_name_that_has_a_derivative_is_in_the_table(package):
    exempt = examples.WITHOUT_GRADIENT | examples.ABSTRACT
    missing = set(package.__all__) - set(TABLE) - exempt
    assert not missing, f"add an example for {sorted(missing)} to minireg/cli/examples.py"


@pytest.mark.host
def test_the_table_names_nothing_twice_and_nothing_that_does_not_exist():
    names = [example.name for example in examples.examples()]
    assert len(names) == len(set(names))
    existing = {*ops.__all__, *nn.__all__, *regularizers.__all__}
    assert existing >= examples.WITHOUT_GRADIENT | examples.ABSTRACT
    assert set(names) <= existing | {"L1 + L2"}


@pytest.mark.host
@pytest.mark.parametrize("name", sorted(examples.WITHOUT_GRADIENT))
def test_what_the_table_leaves_out_passes_no_gradient_on(name):
    x = mr.tensor([[0.5, -1.0], [2.0, 3.0]], requires_grad=True)
    calls = {
        "arange": lambda: ops.arange(3),
        "from_dlpack": lambda: ops.from_dlpack(np.zeros(2)),
        "full_like": lambda: ops.full_like(x, 2.0),
        "logical_not": lambda: ops.logical_not(x),
        "one_hot": lambda: ops.one_hot(mr.tensor([1, 0]), 3),
        "ones": lambda: ops.ones(3),
        "searchsorted": lambda: ops.searchsorted(x[0], x),
        "zeros": lambda: ops.zeros(3),
    }
    unary = {
        "all", "any", "argmax", "argmin", "argsort", "isfinite", "isinf", "isnan", "ones_like",
        "sign", "tensor", "zeros_like",
    }  # fmt: skip
    function = getattr(ops, name)
    result = calls.get(name, lambda: function(x) if name in unary else function(x, x))()
    assert not result.requires_grad


@pytest.mark.host
def test_everything_passes(capsys):
    assert app.run(["gradcheck"]) == 0
    shown = capsys.readouterr().out
    assert f"{len(TABLE)} of {len(TABLE)} pass." in shown
    assert "fail" not in shown
    for name in TABLE:
        assert f"\n{name} " in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.host
def test_names_select(capsys):
    assert app.run(["gradcheck", "relu", "L1 + L2"]) == 0
    shown = capsys.readouterr().out
    assert "2 of 2 pass." in shown
    assert "sigmoid" not in shown


@pytest.mark.host
def test_a_wrong_derivative_is_shown_and_gives_exit_code_1(monkeypatch, capsys):
    @mr.primitive
    def crooked(x):
        return x * x, (lambda g: g * x,)  # half of what it should be

    table = [Example("crooked", "operation", crooked, (examples.numbers(3),)), TABLE["exp"]]
    monkeypatch.setattr(examples, "examples", lambda: table)
    assert app.run(["gradcheck"]) == 1
    shown = capsys.readouterr().out
    assert "1 of 2 pass." in shown
    assert "fail: crooked" in shown


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_example_passes_on_this_backend(name, backend):
    """The command line checks on one backend; here it is every one of them."""
    from minireg.gradcheck import check_gradients  # noqa: PLC0415

    example = next(e for e in examples.examples() if e.name == name)  # made on this backend
    options = {"parameters": example.parameters} if example.parameters else {}
    assert check_gradients(example.function, *example.inputs, order=2, **options)
