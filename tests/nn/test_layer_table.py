"""minireg.summary: counts and shapes, shared and unused modules, and nothing changed."""

from __future__ import annotations

import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError


class Noisy(nn.Module):
    """Does everything in evaluation that a forward should not do."""

    def __init__(self):
        self.register_buffer("mean", mr.zeros(3))
        self.steps = nn.Buffer(mr.tensor(0))
        self.generator = mr.Generator(3)
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        self.mean = self.mean + 1
        self.steps.data += 1
        self.generator.uniform(5)
        mr.default_generator().host.normal(size=4)
        self.new = 1
        return x


class Twice(nn.Module):
    """A shared layer, a tied weight, a frozen layer and one that is never called."""

    def __init__(self):
        self.first = nn.Linear(3, 3)
        self.again = self.first
        self.tied = nn.Linear(3, 3)
        self.tied.weight = self.first.weight
        self.frozen = nn.Linear(3, 2, bias=False)
        self.frozen.weight.requires_grad = False
        self.unused = nn.Sequential(nn.Linear(2, 5))

    def forward(self, x):
        return self.frozen(self.tied(self.again(self.first(x))))


def test_rows_have_paths_kinds_shapes_and_counts():
    model = nn.Sequential(
        nn.Flatten(), nn.Sequential(nn.Linear(12, 7), nn.Dropout(0.5)), nn.Linear(7, 2, bias=False)
    )
    found = mr.summary(model, (3, 2, 2), batch=4)
    assert [(r.path, r.kind, r.output_shape, r.parameters) for r in found.rows] == [
        ("", "Sequential", (4, 2), 0),
        ("0", "Flatten", (4, 12), 0),
        ("1", "Sequential", (4, 7), 0),
        ("1.0", "Linear", (4, 7), 12 * 7 + 7),
        ("1.1", "Dropout", (4, 7), 0),
        ("2", "Linear", (4, 2), 14),
    ]
    assert found.parameters == found.trainable == 12 * 7 + 7 + 14
    assert found.bytes == 4 * found.parameters


def test_shared_layers_count_once_and_unused_have_no_shape():
    found = mr.summary(Twice(), 3)
    rows = {row.path: row for row in found.rows}
    assert [row.parameters for row in found.rows] == [0, 12, 0, 3, 6, 0, 15]
    assert [path for path, row in rows.items() if row.repeated] == ["again"]
    assert rows["unused.0"].output_shape is None
    assert (rows["frozen"].parameters, rows["frozen"].trainable) == (6, 0)
    assert (found.parameters, found.trainable) == (36, 30)
    assert found.parameters == sum(p.size for p in Twice().parameters())
    table = str(found)
    assert table.isascii()
    assert "(see above)" in table
    assert "(not called)" in table


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_is_changed_also_when_the_model_raises(fails):
    noisy = Noisy()
    model = nn.Sequential(noisy, nn.Dropout(0.5), nn.Linear(4 if fails else 3, 2))
    model[1].eval()
    buffers = list(noisy.buffers())
    attributes = [dict(vars(module)) for module in model.modules()]
    states = [g.state for g in (mr.default_generator(), noisy.generator, model[1].generator)]
    if fails:
        with pytest.raises(ArgumentError, match="linear"):
            mr.summary(model, 3)
    else:
        assert mr.summary(model, 3).buffers == 4
    assert [list(vars(module)) for module in model.modules()] == [list(a) for a in attributes]
    for module, before in zip(model.modules(), attributes):
        assert all(vars(module)[name] is value for name, value in before.items())
    assert all(a is b for a, b in zip(noisy.buffers(), buffers))
    assert noisy.mean.tolist() == [0.0, 0.0, 0.0]
    assert noisy.steps.item() == 0
    assert states == [
        g.state for g in (mr.default_generator(), noisy.generator, model[1].generator)
    ]
    assert all(p.grad is None for p in model.parameters())
    assert (model.training, model[1].training) == (True, False)


def test_a_model_of_integers_needs_its_dtype(backend):
    model = nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(12, 2))
    assert mr.summary(model, 3, dtype=mr.int64).rows[0].output_shape == (1, 2)
    with pytest.raises(ArgumentTypeError, match="must be integers"):
        mr.summary(model, 3)


def test_several_outputs_have_several_shapes():
    class Split(nn.Module):
        def forward(self, x):
            return x, [x[0]]

    assert mr.summary(Split(), (2, 3)).rows[0].output_shape == ((1, 2, 3), ((2, 3),))


def test_a_model_stays_on_its_own_backend(backend):
    model = nn.Linear(3, 2).to("numpy")
    assert mr.summary(model, 3).rows[0].output_shape == (1, 2)
    assert model.weight.backend == "numpy"


def test_counts_and_bytes_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    ours = mr.summary(nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 3)), 2, dtype="int64")
    theirs = torch.nn.Sequential(torch.nn.Embedding(9, 4), torch.nn.Linear(4, 3))
    assert ours.parameters == sum(p.numel() for p in theirs.parameters())
    assert ours.bytes == sum(p.nbytes for p in theirs.parameters())
    assert ours.rows[0].output_shape == tuple(theirs(torch.zeros((1, 2), dtype=int)).shape)


@pytest.mark.host
def test_bad_input_gets_a_sentence():
    with pytest.raises(ArgumentTypeError, match="summary takes a module, got a list"):
        mr.summary([nn.Linear(3, 2)], 3)
    with pytest.raises(ArgumentTypeError, match="each length of input_shape must be a whole"):
        mr.summary(nn.Linear(3, 2), (3.5,))
    with pytest.raises(ArgumentError, match="batch must be at least 1"):
        mr.summary(nn.Linear(3, 2), 3, batch=0)
