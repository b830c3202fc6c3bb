"""Lesson 7: wrong answers of students, and what the report or the error tells them."""

LINEAR = "return upstream @ w.T, x.T @ upstream, upstream"
CROSS_ENTROPY = """
n, rows = len(labels), np.arange(len(labels))
{shift}
p = np.exp(scores) / np.exp(scores).sum(axis={axis}, keepdims=True)
loss = {loss}
gradient = p.copy()
{subtract}
return {returned}"""
PARTS = {
    "shift": "scores = scores - scores.max(axis=1, keepdims=True)",
    "axis": 1,
    "loss": "-(scores[rows, labels] - np.log(np.exp(scores).sum(axis=1))).mean()",
    "subtract": "gradient[rows, labels] -= 1",
    "returned": "loss, gradient / n",
}
NETWORK = """
dactive, dw2, db2 = linear_backward({upstream}, {active}, w2, b2)
dhidden = {dhidden}
_, dw1, db1 = linear_backward(dhidden, x, w1, b1)
return loss, {{"w1": {w1}, "b1": {b1}, "w2": dw2 + {decay} * w2, {b2}: db2}}"""
LAYERS = {
    "upstream": "dscores",
    "active": "active",
    "dhidden": "relu_backward(dactive, hidden)",
    "w1": "dw1 + strength * w1",
    "b1": "db1",
    "decay": "strength",
    "b2": '"b2"',
}


def cross_entropy(**changed):
    return CROSS_ENTROPY.format(**PARTS | changed)


def network(**changed):
    return NETWORK.format(**LAYERS | changed)


# exercise, answer, what is told
WRONG = [
    (1, "return", "backward must return 3 gradients"),
    (1, LINEAR, "it is not summed"),
    (1, f"{LINEAR}.mean(axis=0)", "1/5, where 5"),
    (1, f"{LINEAR}.sum()", "the sum of all entries is right"),
    (1, f"{LINEAR}.sum(axis=1)", "a sum or mean runs over another axis"),
    (1, f"{LINEAR}.sum(axis=0)".replace("w.T", "w"), "size 7 is different from 3"),
    (1, f"{LINEAR}.sum(axis=0)".replace("x.T @ upstream", "upstream.T @ x"), "transpose"),
    (1, "return x.T @ upstream, upstream @ w.T, upstream.sum(axis=0)", "are swapped"),
    (2, "return", "must return 1 gradient"),
    (2, "return 1.0 * (x > 0)", "the upstream gradient is ignored"),
    (2, "return upstream", "a mask is missing"),
    (2, "return upstream * relu(x)", "what was returned is upstream * y"),
    (2, "return relu(upstream)", "the mask depends on the upstream gradient"),
    (2, "return upstream * (x < 0)", "the mask is inverted"),
    (2, "upstream[x < 0] = 0\nreturn upstream", "work on a copy, upstream.copy()"),
    (3, "return", "Return two things: loss, gradient. You return None"),
    (3, cross_entropy(returned="gradient / n"), "Return two things"),
    (3, cross_entropy(shift=""), "called with scores = [[1000.0, 0.0,"),
    (3, cross_entropy(loss="-np.log(p[rows, labels]).mean()"), "Expected is the number 1000"),
    (3, cross_entropy(loss="-np.log(p[rows, labels])"), "The loss is one number"),
    (3, cross_entropy(loss="-np.log(p[rows, labels]).sum()"), "mean over the 5 images, not"),
    (3, cross_entropy(loss="np.log(p[rows, labels]).mean()"), "the sign of the loss"),
    (3, cross_entropy(loss="p[rows, labels].mean()"), "its logarithm is missing"),
    (
        3,
        cross_entropy(axis=0, loss="-np.log(p[rows, labels]).mean()"),
        "Each row has a softmax of its own",
    ),
    (3, cross_entropy(returned="loss, gradient"), "5 * numeric; 5 is"),
    (3, cross_entropy(returned="loss, gradient / p.size"), "0.142857 * numeric; that is 1/7"),
    (3, cross_entropy(returned="loss, -gradient / n"), "yours = -numeric"),
    (3, cross_entropy(subtract=""), "1 is not subtracted at the label of each row"),
    (3, cross_entropy(subtract="gradient[:, labels] -= 1"), "the columns that occur in labels"),
    (4, "return", "it must return (loss, gradient)"),
    (4, "return loss, dscores", "must return 4 gradients"),
    (4, network(w1="dw1"), "the derivative of the penalty is missing"),
    (4, network(decay="strength / 2"), "right for strength/2 in place of strength"),
    (4, network(b1="db1 + strength * b1"), "Which parameters does the penalty"),
    (4, network(w1="dw1 + strength * np.sum(w1)"), "is that of another penalty"),
    (4, network(dhidden="dactive"), "the gradient of w1 is wrong in 7 of 21 entries"),
    (4, network(active="hidden"), "the gradient of w2 is wrong in 22 of 33 entries"),
    (4, network(upstream="scores"), "the gradient of b2 is wrong in 11 of 11"),
    (4, network(w1="dw1.T + strength * w1"), "with shapes (32,64) (64,32)"),
    (4, network(b2='"bias"'), "the gradients must have the names of the arguments (w1, b1,"),
    (
        4,
        network().replace("return loss,", "made =") + "\nreturn loss, tuple(made.values())",
        "Return them in a dictionary",
    ),
]
