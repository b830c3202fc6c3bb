"""Mistakes and their error messages: what was given, what was expected, what to do."""

import numpy as np
import pytest

import minireg as mr
from minireg.errors import MiniregError


def tensor(*shape, **options):
    return mr.tensor(np.ones(shape), **options)


MISTAKES = {
    "shapes that do not broadcast": (
        lambda: tensor(2, 3) + tensor(4),
        r"add: operands could not be broadcast.*float64 \(2, 3\), float64 \(4,\)",
    ),
    "matrices that do not fit": (
        lambda: tensor(2, 3) @ tensor(2, 3),
        r"matmul: .*float64 \(2, 3\), float64 \(2, 3\)",
    ),
    "a column and a matrix": (
        lambda: tensor(2, 1) @ tensor(2, 3),
        r"matmul: .*float64 \(2, 1\), float64 \(2, 3\)",
    ),
    "PyTorch's dim": (
        lambda: tensor(2, 3).sum(dim=1),
        r"sum calls this argument 'axis', not 'dim'",
    ),
    "PyTorch's keepdim": (lambda: mr.max(tensor(2), keepdim=True), "'keepdims', not 'keepdim'"),
    "an argument that does not exist": (
        lambda: mr.exp(tensor(2), base=2),
        "exp: .*unexpected keyword argument 'base'",
    ),
    "an axis out of range": (lambda: tensor(2, 3).sum(axis=2), "sum: axis 2 is out of bounds"),
    "an index out of range": (lambda: tensor(2, 3)[5], "getitem: index 5 is out of bounds"),
    "a reshape that loses entries": (
        lambda: tensor(2, 3).reshape(4),
        r"reshape: cannot reshape array of size 6",
    ),
    "flatten from the wrong axis": (
        lambda: mr.flatten(tensor(2, 3), 2),
        r"flatten: shape \(2, 3\) has no axis 2",
    ),
    "an axis that does not exist": (lambda: mr.moveaxis(tensor(2, 3), 0, 2), "moveaxis: shape"),
    "an axis that is not a number": (
        lambda: mr.swapaxes(tensor(2, 3), 0, None),
        "swapaxes: an axis is a whole number, got None",
    ),
    "an axis twice": (lambda: mr.prod(tensor(2, 3), axis=(0, -2)), r"prod: an axis occurs twice"),
    "two axes to one place": (
        lambda: mr.moveaxis(tensor(2, 3), (0, 1), 0),
        r"moveaxis: 2 axes \(0, 1\) cannot go to 1 places 0",
    ),
    "a cumulative sum along no axis": (
        lambda: mr.cumulative_sum(tensor(2, 3)),
        r"cumulative_sum: axis is needed for shape \(2, 3\)",
    ),
    "a cumulative sum of a number": (
        lambda: mr.cumulative_sum(tensor()),
        r"cumulative_sum: axis is needed for shape \(\)",
    ),
    "a take along no axis": (
        lambda: mr.take(tensor(2, 3), [0]),
        "take: axis is needed for shape .* left out for a vector",
    ),
    "a take at fractions": (lambda: mr.take(tensor(3), [0.5]), "take: indices must be integers"),
    "indices with fewer axes": (
        lambda: mr.take_along_axis(tensor(2, 3), [0, 1]),
        r"indices of shape \(2,\) must have 2 axes",
    ),
    "the diagonal of one axis": (
        lambda: mr.diagonal(tensor(2, 3), axis1=1, axis2=-1),
        "axis1 and axis2 are both axis 1",
    ),
    "sizes that do not add up": (
        lambda: mr.split(tensor(5), [2, 2]),
        r"split: the sizes \[2, 2\] must add up to 5",
    ),
    "parts of size zero": (lambda: mr.split(tensor(5), 0), "split: size must be at least 1"),
    "too few repeats": (
        lambda: mr.repeat(tensor(3), [1, 2]),
        "repeat: 2 numbers of repeats for 3 entries",
    ),
    "a negative border": (lambda: mr.pad(tensor(3), -1), "pad: a width must be at least 0"),
    "a border for too many axes": (
        lambda: mr.pad(tensor(2, 3), ((1, 1), (0, 0), (0, 0))),
        r"pad: widths must be one \(before, after\) for each of the 2 axes, got \(\(1, 1\), ",
    ),
    "a border with three sides": (lambda: mr.pad(tensor(2), (1, 2, 3)), "pad: widths must be one"),
    "an equation of one term for two": (
        lambda: mr.einsum("ij", tensor(2, 3), tensor(2)),
        "'ij' has 1 terms, and there are 2 tensors",
    ),
    "an equation that names too few axes": (
        lambda: mr.einsum("i->i", tensor(2, 3)),
        "the term 'i' names 1 axes of a tensor that has 2",
    ),
    "an equation that names too many axes": (
        lambda: mr.einsum("ijk,l->i", tensor(2, 3), tensor(2)),
        "the term 'ijk' names 3 axes of a tensor that has 2",
    ),
    "an equation with a number": (lambda: mr.einsum("i1->i", tensor(2, 3)), "may only contain"),
    "an equation whose result is new": (
        lambda: mr.einsum("ij->ik", tensor(2, 3)),
        "must contain indices of its terms, each once",
    ),
    "an equation that does not fit": (
        lambda: mr.einsum("ij,jk->ik", tensor(2, 3), tensor(4, 2)),
        r"for the shapes \(2, 3\), \(4, 2\) an index has the lengths 3 and 4",
    ),
    "a diagonal of a matrix that is not square": (
        lambda: mr.einsum("ii->i", tensor(1, 3)),
        r"for the shapes \(1, 3\) an index has the lengths 3 and 1",
    ),
    "an equation in the wrong place": (
        lambda: mr.einsum(tensor(2, 3), "ij"),
        "the first argument must be the equation",
    ),
    "too many axes to contract": (
        lambda: mr.tensordot(tensor(2), tensor(2)),
        r"tensordot: the shapes \(2,\) and \(2,\) do not both have 2 axes",
    ),
    "axes of other lengths": (
        lambda: mr.tensordot(tensor(2, 3), tensor(2, 3), 1),
        r"tensordot: the axes \(1,\) of \(2, 3\) and \(0,\) of \(2, 3\) differ",
    ),
    "an outer product of matrices": (
        lambda: mr.outer(tensor(2, 3), tensor(2)),
        r"outer: a and b must be vectors, got the shapes \(2, 3\) and \(2,\)",
    ),
    "an axis from the start of the longer": (
        lambda: mr.vecdot(tensor(2, 3), tensor(3), axis=0),
        r"shapes \(2, 3\) and \(3,\) count the axis from the end",
    ),
    "an axis from the start of the shorter": (
        lambda: mr.vecdot(tensor(3), tensor(2, 3), axis=0),
        r"shapes \(3,\) and \(2, 3\) count the axis from the end",
    ),
    "vectors of other lengths": (
        lambda: mr.vecdot(tensor(2, 3), tensor(1)),
        "along axis -1 there are 3 and 1 entries",
    ),
    "vectors of other lengths, the first of 1": (
        lambda: mr.vecdot(tensor(2, 1), tensor(3)),
        "along axis -1 there are 1 and 3 entries",
    ),
    "windows of seven axes": (
        lambda: mr.overlap_add(tensor(1, 1, 1, 1, 1, 1, 2), 1),
        r"y must be \(N, C, height, width, rows, columns\), got shape \(1, 1, 1, 1, 1, 1, 2\)",
    ),
    "an unknown approximation": (
        lambda: mr.gelu(tensor(2), approximate="fast"),
        "gelu: approximate must be 'none' or 'tanh', got 'fast'",
    ),
    "a target of another shape": (
        lambda: mr.l1_loss(tensor(2, 1), tensor(2)),
        r"l1_loss: prediction \(2, 1\) and target \(2,\) must have the same shape",
    ),
    "a Huber loss with delta 0": (
        lambda: mr.huber_loss(tensor(2), tensor(2), delta=0),
        "delta must be greater than 0",
    ),
    "a mean over no entries": (lambda: mr.mse_loss(tensor(0, 2), tensor(0, 2)), "an empty batch"),
    "a divergence of no entries": (
        lambda: mr.kl_div(tensor(0, 2), tensor(0, 2), reduction="batchmean"),
        "the mean over an empty batch does not exist",
    ),
    "an ignored row": (
        lambda: mr.cross_entropy(tensor(2, 3), tensor(2, 3), ignore_index=0),
        r"ignore_index is for \(N,\) integer labels, got rows of shape \(2, 3\)",
    ),
    "an ignored fraction": (
        lambda: mr.nll_loss(tensor(2, 3), [0, 1], ignore_index=0.5),
        "ignore_index must be a whole number",
    ),
    "an unknown reduction of kl_div": (
        lambda: mr.kl_div(tensor(2), tensor(2), reduction="average"),
        "reduction must be 'batchmean', 'mean', 'sum' or 'none', got 'average'",
    ),
    "PyTorch's dim of a composed operation": (
        lambda: mr.concat([tensor(2)], dim=0),
        "concat calls this argument 'axis', not 'dim'",
    ),
    "an option without its keyword": (
        lambda: mr.mse_loss(tensor(2), tensor(2), "sum"),
        r"takes 2 positional .*Write mse_loss\(prediction, target, \*, reduction='mean'\)",
    ),
    "lists instead of tensors": (
        lambda: mr.mse_loss([1.0], [2.0]),
        r"mse_loss takes Tensors. It was given \(\[1.0\], \[2.0\]\)",
    ),
    "three lists of axes": (
        lambda: mr.tensordot(tensor(2), tensor(2), ([0], [0], [0])),
        "tensordot: axes must be a number or two lists",
    ),
    "a softplus without slope": (lambda: mr.softplus(tensor(2), 0), "beta must be greater than 0"),
    "the upper triangle of a vector": (lambda: mr.triu(tensor(2)), "triu: .*two axes"),
    "a broken number of classes": (
        lambda: mr.one_hot(mr.tensor([0]), 2.5),
        "num_classes must be a whole number, got 2.5",
    ),
    "the maximum of nothing": (lambda: tensor(0, 3).max(axis=0), "max: zero-size array"),
    "the unbiased variance of one value": (
        lambda: tensor(1).var(correction=1),
        "var: 1 values are too few for correction=1",
    ),
    "a norm below 1": (lambda: mr.norm(tensor(2), 0.5), "norm: p must be at least 1, got 0.5"),
    "clip without bounds": (lambda: mr.clip(tensor(2)), "clip: min, max or both are needed"),
    "dropping everything": (
        lambda: mr.dropout(tensor(2), mr.tensor([True, False]), 1.0),
        r"dropout: p, the probability of dropping, must be in \[0, 1\), got 1.0",
    ),
    "a linear layer of other size": (
        lambda: mr.linear(tensor(2, 3), tensor(5, 4)),
        r"linear: x \(..., in_features\) of shape \(2, 3\) does not fit W",
    ),
    "a linear layer of one axis": (
        lambda: mr.linear(tensor(), tensor(5)),
        r"linear: x \(..., in_features\) of shape \(\) does not fit W .* of shape \(5,\)",
    ),
    "singular values of a vector": (
        lambda: mr.singular_values(tensor(3)),
        r"x must be a matrix or a stack of matrices, got shape \(3,\)",
    ),
    "a bias of other size": (
        lambda: mr.linear(tensor(2, 3), tensor(5, 3), tensor(2)),
        r"the bias must have shape \(5,\), got \(2,\)",
    ),
    "float labels": (
        lambda: mr.cross_entropy(tensor(2, 3), tensor(2)),
        "class labels must be integers from 0 to 2, got float64",
    ),
    "too many labels": (
        lambda: mr.cross_entropy(tensor(2, 3), mr.tensor([0, 1, 2])),
        r"labels must be \(2,\) integers or \(2, 3\) rows",
    ),
    "integer rows as soft labels": (
        lambda: mr.cross_entropy(tensor(2, 2), mr.tensor([[0, 1], [1, 0]])),
        "one-hot or soft rows must be floats, got int64",
    ),
    "logits of a single example": (
        lambda: mr.cross_entropy(tensor(3), mr.tensor(1)),
        r"logits must be \(N, K\), got \(3,\)",
    ),
    "logits of three axes": (
        lambda: mr.cross_entropy(tensor(2, 3, 4), [0, 1]),
        r"logits must be \(N, K\), got \(2, 3, 4\)",
    ),
    "an empty batch": (
        lambda: mr.cross_entropy(tensor(0, 3), mr.tensor(np.zeros(0, dtype=int))),
        "the mean over an empty batch does not exist",
    ),
    "class weights of other length": (
        lambda: mr.cross_entropy(tensor(2, 3), mr.tensor([0, 1]), weight=tensor(2)),
        r"one entry for each of the 3 classes, got shape \(2,\)",
    ),
    "an unknown reduction": (
        lambda: mr.mse_loss(tensor(2), tensor(2), reduction="avg"),
        "reduction must be 'mean', 'sum' or 'none', got 'avg'",
    ),
    "a loss that would broadcast": (
        lambda: mr.mse_loss(tensor(5, 1), tensor(5)),
        r"prediction \(5, 1\) and target \(5,\) must have the same shape",
    ),
    "label smoothing above 1": (
        lambda: mr.cross_entropy(tensor(2, 3), mr.tensor([0, 1]), label_smoothing=2),
        r"label_smoothing must be in \[0, 1\], got 2",
    ),
    "lists of unequal length": (
        lambda: mr.tensor([[1.0], [1.0, 2.0]]),
        "tensor: nested lists must have equal lengths",
    ),
    "words": (lambda: mr.tensor("abc"), "tensor: data must be real numbers, got str"),
    "nothing": (lambda: mr.tensor(None), "tensor: data must be real numbers, got NoneType"),
    "complex numbers": (lambda: mr.tensor([1j]), "tensor: data must be real numbers"),
    "a list instead of an array": (
        lambda: mr.Tensor([1.0]),
        r"Tensor takes a plain array and keeps it as it is, got \[1.0\] \(list\). mr.tensor\(…\)",
    ),
    "a Tensor instead of an array": (
        lambda: mr.Tensor(tensor(2)),
        r"Tensor takes a plain array and keeps it as it is, got float64 \(2,\) \(Tensor\)",
    ),
    "a masked array instead of an array": (
        lambda: mr.Tensor(np.ma.array([[1.0]])),
        r"got float64 \(1, 1\) \(MaskedArray\)",
    ),
    "masked entries": (
        lambda: mr.tensor(np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 1])),
        r"2 entries of data are masked. Fill them: data.filled\(0\)",
    ),
    "an array of complex numbers": (
        lambda: mr.tensor(np.ones(2, "c8")),
        "real numbers, got .* complex64",
    ),
    "complex dtype": (lambda: mr.tensor([1.0], dtype=complex), "real numbers, got list of .*compl"),
    "text": (lambda: mr.tensor(np.array(["a"])), "must be real numbers, got ndarray of dtype <U1"),
    "objects": (lambda: mr.tensor(np.array([1, None])), "real numbers, got .* object"),
    "a list where a Tensor is needed": (
        lambda: mr.sum([1.0, 2.0]),
        r"sum takes Tensors. It was given \(\[1.0, 2.0\]\). mr.tensor makes one from a list",
    ),
    "None where a Tensor is needed": (
        lambda: mr.matmul(None, tensor(2, 2)),
        r"matmul takes Tensors. It was given \(None, float64 \(2, 2\)\)",
    ),
    "an axis beyond all integers": (lambda: mr.sum(tensor(3), axis=10**30), "sum: .*too large"),
    "no inputs of grad": (lambda: mr.grad(tensor(requires_grad=True), None), "inputs, got None"),
    "a Tensor as a gradient": (
        lambda: setattr(tensor(2, requires_grad=True), "grad", tensor(2)),
        r".grad must be None or a floating-point .* array of shape \(2,\), got .* p.grad = t.data",
    ),
    "a gradient of another shape": (
        lambda: setattr(tensor(2, 3, requires_grad=True), "grad", tensor(3).data),
        r"array of shape \(2, 3\), got float64 \(3,\)",
    ),
    "a gradient of integers": (
        lambda: setattr(tensor(2), "grad", mr.tensor([1, 2]).data),
        r"must be None or a floating-point .* got int64 \(2,\)",
    ),
    "a gradient for integers": (
        lambda: mr.tensor([1, 2], requires_grad=True),
        "Only floating-point tensors have gradients, and this one is int64",
    ),
    "backward from many values": (
        lambda: (tensor(3, requires_grad=True) * 2.0).backward(),
        r"backward needs a scalar, and this tensor has shape \(3,\)",
    ),
    "an upstream gradient of other shape": (
        lambda: (tensor(3, requires_grad=True) * 2.0).backward(tensor(2)),
        r"gradient must have the shape \(3,\) of the tensor, got \(2,\)",
    ),
    "backward from a constant": (
        lambda: tensor().backward(),
        "Nothing to differentiate: .*requires_grad=True",
    ),
    "the gradient of a number": (lambda: mr.grad(3.0, tensor(1)), "requires_grad=True|Only a T"),
    "a derivative that does not exist": (
        lambda: mr.dropout(tensor(2), tensor(2, requires_grad=True), 0.5),
        r"dropout has no derivative with respect to its argument number 2.*x.detach\(\)",
    ),
    "item of many": (lambda: tensor(3).item(), r"one element, and this one has shape \(3,\)"),
    "truth of many": (lambda: bool(tensor(3)), r"shape \(3,\) is neither true nor false"),
    "length of a number": (lambda: len(mr.tensor(1.0)), "0-d tensor has no length"),
    "a fraction as an index": (lambda: [1, 2][mr.tensor(1.0)], "Only an integer tensor"),
    "an unknown backend": (lambda: mr.set_backend("tpu"), "No backend is called 'tpu'. Known: 'n"),
    "a negative seed": (lambda: mr.seed(-1), "seed must be at least 0, got -1"),
    "a fractional seed": (lambda: mr.Generator(0.5), "seed must be a whole number, got 0.5"),
    "a probability above 1": (
        lambda: mr.Generator(0).bernoulli(3, 1.5),
        r"p must be in \[0, 1\], got 1.5",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_its_sentence(mistake):
    do, sentence = MISTAKES[mistake]
    with pytest.raises(MiniregError, match=sentence):
        do()


def test_an_error_names_its_operation_once_and_its_argument():
    with pytest.raises(MiniregError) as raised:
        mr.softplus(tensor(2), -1)
    assert (raised.value.operation, raised.value.argument) == ("softplus", "beta")
    with pytest.raises(MiniregError) as raised:
        mr.stack([tensor(2), tensor(3)])  # made of the primitive _stack
    assert str(raised.value).startswith("stack: all input arrays")
    with pytest.raises(MiniregError) as raised:
        mr.cosine_similarity(tensor(2, 3), tensor(2, 3), axis=2)  # made of norm and others
    assert raised.value.operation == "norm"
    assert str(raised.value).count("norm: ") == 1


@pytest.mark.host
@pytest.mark.parametrize(("label", "advice"), [(-100, "pass ignore_index"), (3, "subtract 1")])
def test_labels_out_of_range_are_named(label, advice):
    with pytest.raises(MiniregError, match=rf"from 0 to 2 for 3 classes, got {label}.*{advice}"):
        mr.cross_entropy(tensor(2, 3), mr.tensor([0, label]))
    with pytest.raises(MiniregError, match=f"one_hot: labels must be from 0 to 2 .* got {label}"):
        mr.one_hot(mr.tensor([label]), 3)


@pytest.mark.backends("numpy")  # elsewhere the check would cost a transfer
def test_values_out_of_range_get_a_sentence_on_numpy():
    with pytest.raises(MiniregError, match=r"nll_loss: labels must be from 0 to 2 .*, got -1"):
        mr.nll_loss(tensor(2, 3), [0, -1])
    with pytest.raises(MiniregError, match="the mean over no example does not exist"):
        mr.nll_loss(tensor(2, 3), [-1, -1], ignore_index=-1)
    for loss in (mr.cross_entropy, mr.nll_loss):
        with pytest.raises(MiniregError, match=r"weight must not be negative, got \[1.0, -1.0"):
            loss(tensor(2, 3), [0, 1], weight=[1.0, -1.0, 1.0])
    with pytest.raises(MiniregError, match="pos_weight must not be negative"):
        mr.binary_cross_entropy_with_logits(tensor(2), tensor(2), pos_weight=-1.0)
    with pytest.raises(MiniregError, match=r"hinge: targets must be -1 or \+1. .* 2 \* labels - 1"):
        mr.hinge(tensor(2), mr.tensor([0.0, 1.0]))
