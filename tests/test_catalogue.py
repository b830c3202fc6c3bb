"""The catalogue has an example of everything that can be differentiated, and all of them pass."""

from __future__ import annotations

import pytest

import minireg as mr
from minireg import catalogue, nn, ops, regularizers
from minireg.errors import ArgumentError
from tests.ops.cases import WITHOUT_GRADIENT

NAMES = [example.name for example in catalogue.examples()]
# Parts of `nn` and `regularizers` that are not a layer, loss or penalty themselves.
ABSTRACT = {
    "Buffer", "Constraint", "MaskedLayer", "Module", "ModuleDict", "ModuleList", "OutputPenalty",
    "Parameter", "Penalty", "Sequential", "describe", "equivalent", "masks", "of_layers", "replay",
}  # fmt: skip


@pytest.mark.host
@pytest.mark.parametrize("package", [ops, nn, regularizers], ids=lambda package: package.__name__)
def test_every_public_name_with_a_derivative_has_an_example(package):
    missing = set(package.__all__) - {*NAMES, *WITHOUT_GRADIENT, *ABSTRACT}
    assert not missing, f"add an example of {sorted(missing)} to minireg/catalogue/"


@pytest.mark.host
def test_every_example_has_its_own_existing_name():
    assert len(NAMES) == len(set(NAMES))
    existing = {*ops.__all__, *nn.__all__, *regularizers.__all__}
    assert {*NAMES, *ABSTRACT} <= existing | {"L1 + L2"}


@pytest.mark.backends("guarded", "cupy")  # guarded arrays hold NumPy's numbers
@pytest.mark.parametrize("name", NAMES)
def test_an_example_passes_on_this_backend(name):
    example = catalogue.find_examples([name])[0]  # made on this backend
    first, second = example.check()
    assert all(first), first
    assert all(second), second
    assert len(first) == 1 + (example.at_kink is not None)
    assert second


@pytest.mark.host
def test_a_wrong_first_derivative_has_no_second_one():
    @mr.primitive
    def crooked(x):
        return x * x, (lambda g: g * x,)  # half of what it should be

    example = catalogue.Example("crooked", "operation", crooked, (catalogue.numbers(3),))
    first, second = example.check()
    assert [report.verdict for report in first] == ["fail"]
    assert second == []


@pytest.mark.host
def test_an_unknown_name_raises_and_names_what_is_close():
    with pytest.raises(ArgumentError, match=r"called 'sigmoyd'\. Did you mean 'sigmoid'"):
        catalogue.find_examples(["relu", "sigmoyd"])
