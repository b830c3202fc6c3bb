"""A PyTorch script of an MLP runs under minireg after changing its imports, and does the same."""

from __future__ import annotations

import re

import numpy as np
import pytest

import minireg as mr

torch = pytest.importorskip("torch")

IMPORTS = {
    "import torch\n": "import minireg as torch\n",
    "import torch.nn as nn\n": "import minireg.nn as nn\n",
    "import torch.optim as optim\n": "import minireg.optim as optim\n",
}

SCRIPT = """\
import torch
import torch.nn as nn
import torch.optim as optim


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.fc1 = nn.Linear(784, 128)
        self.dropout = nn.Dropout(0.5)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        x = torch.relu(self.fc1(x))
        x = self.dropout(x)
        return self.fc2(x)


net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01, weight_decay=0.001)

for epoch in range(2):
    running_loss = 0.0
    for i, data in enumerate(trainloader, 0):
        inputs, labels = data
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, labels)
        loss += 0.0001 * torch.norm(net.fc1.weight, 1)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print("epoch %d: loss %.6f" % (epoch + 1, running_loss / len(trainloader)))

correct, total = 0, 0
net.eval()
with torch.no_grad():
    for images, labels in trainloader:
        outputs = net(images)
        predicted = outputs.argmax(1)
        total += labels.shape[0]
        correct += (predicted == labels).sum().item()
print(f"accuracy {correct / total:.3f}")
"""


@pytest.fixture(autouse=True)
def one_thread():
    """Two pools of threads, NumPy's and PyTorch's, would wait for each other most of the time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def adapted(script):
    """The script for minireg: its import lines changed and nothing else."""
    for theirs, ours in IMPORTS.items():
        assert script.count(theirs) == 1
        script = script.replace(theirs, ours)
    return script


def loader(library):
    """Sixteen batches of 32 images of ten overlapping classes, as a list of pairs of tensors."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 512)
    images = 0.5 * rng.normal(size=(10, 784))[labels] + 0.5 * rng.normal(size=(512, 784))
    images = images.reshape(-1, 1, 28, 28).astype(np.float32)
    return [
        (library.tensor(images[i : i + 32]), library.tensor(labels[i : i + 32]))
        for i in range(0, 512, 32)
    ]


def run(script, library, start=None):
    """Execute the script, with its network's parameters replaced by `start` before the training.

    Returns:
        The script's variables.
    """
    variables = {"__name__": "__main__", "trainloader": loader(library)}
    where = script.index("criterion = ")
    exec(compile(script[:where], "<definition>", "exec"), variables)
    if start is not None:
        variables["net"].load_state_dict(start)
    exec(compile(script[where:], "<training>", "exec"), variables)
    return variables


def numbers(text):
    return [float(number) for number in re.findall(r"\d+\.\d+", text)]


def test_only_the_import_lines_are_changed():
    ours, theirs = adapted(SCRIPT).splitlines(), SCRIPT.splitlines()
    changed = [b for a, b in zip(ours, theirs, strict=True) if a != b]
    assert changed == [line.strip() for line in IMPORTS]


def test_the_script_learns_in_both_libraries(capsys):
    for script, library in ((SCRIPT, torch), (adapted(SCRIPT), mr)):
        torch.manual_seed(0)
        run(script, library)
        first, second, accuracy = numbers(capsys.readouterr().out)
        assert 1 < second < first < 5
        assert accuracy > 0.8


def test_without_dropout_both_libraries_give_the_same_numbers(capsys):
    script = SCRIPT.replace("nn.Dropout(0.5)", "nn.Dropout(0.0)")
    torch.manual_seed(0)
    their_net = torch.nn.ModuleDict(
        {"fc1": torch.nn.Linear(784, 128), "fc2": torch.nn.Linear(128, 10)}
    )
    start = {name: value.clone() for name, value in their_net.state_dict().items()}

    theirs = run(script, torch, start)
    their_text = capsys.readouterr().out
    ours = run(adapted(script), mr, {name: value.numpy() for name, value in start.items()})
    our_text = capsys.readouterr().out

    # the printed losses have six decimals; a float32 loss near 3 has an ε of 2e-7
    assert len(numbers(our_text)) == len(numbers(their_text)) == 3
    np.testing.assert_allclose(numbers(our_text), numbers(their_text), rtol=0, atol=2e-6)
    for (name, p), q in zip(
        ours["net"].named_parameters(), theirs["net"].parameters(), strict=True
    ):
        w, v = p.numpy().astype(np.float64), q.detach().numpy().astype(np.float64)
        # the bound of test_training_run.py
        assert np.linalg.norm(w - v) / np.linalg.norm(v) <= 3e-6, name


# -- phrases of such scripts -----------------------------------------------------------------------

# Each is evaluated in both libraries on the same network and batch.
PHRASES = [
    "outputs.shape[0]",
    "len(outputs)",
    "outputs.argmax(1)",
    "torch.argmax(outputs, 1)",
    "(outputs.argmax(1) == labels).sum()",
    "(outputs.argmax(1) == labels).sum().item()",
    "torch.sum(outputs.argmax(1) == labels)",
    "inputs.reshape(-1, 784)",
    "inputs.reshape(inputs.shape[0], -1)",
    "inputs.flatten(1)",
    "(inputs - 0.5) / 0.5",
    "torch.flatten(inputs, 1)",
    "torch.relu(outputs)",
    "torch.tanh(outputs)",
    "torch.sigmoid(outputs)",
    "torch.exp(outputs)",
    "torch.log_softmax(outputs, 1)",
    "torch.softmax(outputs, 1)",
    "outputs.softmax(1).sum(1)",
    "outputs.mean()",
    "outputs.mean(0)",
    "outputs.max()",
    "torch.matmul(outputs, outputs.T)",
    "outputs @ net.fc2.weight",
    "net.fc1.weight.abs().sum()",
    "torch.abs(net.fc1.weight).sum()",
    "torch.square(net.fc1.weight).sum()",
    "torch.norm(net.fc1.weight)",
    "torch.norm(net.fc1.weight, 1)",
    "torch.norm(net.fc1.weight, p=2)",
    "sum(p.abs().sum() for p in net.parameters())",
    "sum((p ** 2).sum() for p in net.parameters())",
    "(net.fc1.weight == 0).sum().item()",
    "torch.stack([outputs, outputs])",
    "torch.where(outputs > 0, outputs, 0.0)",
    "torch.zeros((2, 3))",
    "torch.tensor([1, 2, 3])",
    "torch.tensor([1.0, 2.0])",
    "torch.arange(5)",
    "nn.CrossEntropyLoss()(outputs, labels)",
    "nn.CrossEntropyLoss(label_smoothing=0.1)(outputs, labels)",
    "nn.CrossEntropyLoss(reduction='none')(outputs, labels)",
    "nn.Sequential(nn.Flatten(), nn.ReLU())(inputs)",
    "loss.item()",
    "round(loss.item(), 4)",
    "loss.detach()",
    "loss * inputs.shape[0]",
    "outputs.detach().numpy().argmax(axis=1)",
    "outputs[0]",
    "outputs[:3, 1]",
    "outputs[labels == 1].shape[1]",
    "outputs[range(3), [0, 1, 2]]",
    "[row.sum().item() for row in outputs]",
    "net.fc1.in_features",
    "[name for name, p in net.named_parameters()]",
    "[len(value) for value in net.state_dict().values()]",
    "torch.autograd.grad(net(inputs).sum(), [net.fc2.weight])[0]",
    "[p.requires_grad for p in net.parameters()]",
    "net.train().training, net.eval().training, net.train(False).training",
    "optim.SGD(net.parameters(), 0.1).param_groups[0]['lr']",
    "optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4).zero_grad()",
    "optim.Adam(net.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8).param_groups[0]['eps']",
    "optim.AdamW(net.parameters(), weight_decay=0.05).state_dict()['param_groups'][0]['lr']",
    "optim.RMSprop(net.parameters(), lr=1e-2, alpha=0.9).state_dict()['state']",
    "optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True).defaults['nesterov']",
    "optim.lr_scheduler.StepLR(optim.SGD(net.parameters(), lr=0.1), step_size=30).get_last_lr()",
    "torch.optim.lr_scheduler.LinearLR(optim.SGD(net.parameters(), lr=0.1)).get_last_lr()",
]


def variables_of(script, library):
    """What a script has at hand in its first step, with a fixed network and no dropout."""
    variables = {"trainloader": loader(library)}
    exec(script[: script.index("criterion = ")], variables)
    rng, net = np.random.default_rng(1), variables["net"]
    start = {
        name: rng.normal(size=tuple(p.shape), scale=0.1).astype(np.float32)
        for name, p in net.named_parameters()
    }
    net.load_state_dict({name: library.tensor(value) for name, value in start.items()})
    net.eval()
    variables["inputs"], variables["labels"] = variables["trainloader"][0]
    variables["outputs"] = net(variables["inputs"])
    variables["loss"] = library.nn.CrossEntropyLoss()(variables["outputs"], variables["labels"])
    return variables


def plain(value):
    """Tensors of either library as NumPy arrays; anything else as it is."""
    return value.detach().numpy() if isinstance(value, (torch.Tensor, mr.Tensor)) else value


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrases_of_such_scripts_mean_the_same(phrase):
    found = plain(eval(phrase, variables_of(adapted(SCRIPT), mr)))
    expected = plain(eval(phrase, variables_of(SCRIPT, torch)))
    if "float" in str(np.asarray(expected).dtype):
        # float32 sums of up to 100 000 terms in another order
        np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-5, strict=True)
    else:
        np.testing.assert_array_equal(found, expected)
