"""Cause: a mistake that a wrong gradient is consistent with, and the hints that lead to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """A mistake that what was found is consistent with; `str` gives it as one sentence.

    Attributes:
        name: its name in `CAUSES`, such as "constant-factor".
        explanation: what kind of mistake it is.
        evidence: what in the numbers, or in the calls, shows it.
        hints: a question that leads to the mistake, and the rule that it breaks.
    """

    name: str
    explanation: str
    evidence: str
    hints: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.explanation}: {self.evidence}" if self.evidence else self.explanation


def make_cause(name: str, evidence: str = "", explanation: str = "") -> Cause:
    """Return the cause of this name, with its explanation and hints.

    >>> str(make_cause("sign-flipped", "yours = -1 * numeric"))
    'the sign is wrong: yours = -1 * numeric'
    """
    usual, question, rule = CAUSES[name]
    return Cause(name, explanation or usual, evidence, (question, rule))


# name: what kind of mistake it is, a question, a rule
CAUSES: dict[str, tuple[str, str, str]] = {
    "wrong-shape": (
        "the gradient does not have the shape of its input",
        "What shape does the input have, and each array that its gradient is made of?",
        "The gradient of an input has exactly its shape: one number for each of its entries.",
    ),
    "not-summed-over-broadcast": (
        "the sum over the broadcast axes is missing",
        "How many outputs does one entry of this input reach?",
        "An entry that was copied by broadcasting gets the sum of the gradients of its copies.",
    ),
    "wrong-axis": (
        "a sum or mean runs over another axis than it should",
        "Over which axis does the forward pass go, and over which the backward pass?",
        "A sum, mean, norm or softmax of the backward pass goes over the axis of the forward pass.",
    ),
    "constant-factor": (
        "a constant factor",
        "Which constants does the formula of the forward pass have: 2, N, p, a mean or a sum?",
        "A constant factor of the function is a factor of its derivative, once.",
    ),
    "sign-flipped": (
        "the sign is wrong",
        "Does the output grow or fall when this input grows?",
        "d(a - b)/db = -1, and d(1/x)/dx = -1/x**2.",
    ),
    "transposed": (
        "it is transposed",
        "How many rows and columns has each factor, and how many must the result have?",
        "For y = x @ w: dx = upstream @ w.T and dw = x.T @ upstream.",
    ),
    "swapped-arguments": (
        "two arguments or two gradients are exchanged",
        "In which order are the arguments of forward, and in which order are the gradients?",
        "The gradients are returned in the order of the arguments of forward.",
    ),
    "order-not-undone": (
        "a reshape, permutation, flip or shift is not undone",
        "What moves the entries in the forward pass, and what moves them back?",
        "The backward pass undoes each rearrangement, the last one first.",
    ),
    "upstream-ignored": (
        "the upstream gradient is ignored",
        "What changes in the result when the upstream gradient is doubled?",
        "The chain rule: the derivative is multiplied by the upstream gradient, once.",
    ),
    "upstream-nonlinear": (
        "the upstream gradient is not just multiplied",
        "How often does the upstream gradient occur in the formula, and in which places?",
        "A backward pass is linear in the upstream gradient: twice as much gives twice the result.",
    ),
    "output-for-input": (
        "the output is used in place of the input, or the input in place of the output",
        "Is the derivative a formula of the input x or of the output y?",
        "tanh' = 1 - y**2 and exp' = y in terms of the output; log' = 1/x in terms of the input.",
    ),
    "missing-chain-factor": (
        "a factor of the chain rule is missing, or it is another formula",
        "What are the steps from this input to the output, and what is the derivative of each?",
        "The derivative of f(g(x)) is f'(g(x)) * g'(x): one factor for each step.",
    ),
    "mask-missing": (
        "a mask is missing",
        "Which entries of the input does the output not depend on?",
        "What the forward pass cuts off gets no gradient: multiply by the same mask.",
    ),
    "mask-inverted": (
        "the mask is inverted",
        "Which entries does the forward pass keep, and which does the mask keep?",
        "Entries that the forward pass keeps get a gradient; those that it cuts off get 0.",
    ),
    "mask-resampled": (
        "the mask is not that of the forward pass",
        "Which random numbers did the forward pass draw, and which does the backward pass use?",
        "The backward pass uses the mask of the forward pass: save it.",
    ),
    "mask-from-upstream": (
        "the mask depends on the upstream gradient",
        "On what does the forward pass decide which entries to keep?",
        "A mask depends on the input, never on the upstream gradient.",
    ),
    "zero-gradient": (
        "the gradient is zero although the input matters",
        "Where is this gradient written, and does a later line replace it?",
        "An input that moves the output has a gradient that is not zero.",
    ),
    "penalty-missing": (
        "the derivative of the penalty is missing",
        "Which terms does the loss have, and which of them depend on this input?",
        "The gradient of a sum is the sum of the gradients: add that of the penalty.",
    ),
    "penalty-scaled": (
        "the derivative of the penalty has a wrong factor",
        "What is the derivative of the penalty exactly as the loss computes it?",
        "The derivative of s * sum(w**2) is 2 * s * w, that of s * sum(|w|) is s * sign(w).",
    ),
    "penalty-kind-confused": (
        "the derivative is that of another penalty",
        "Does the loss have squares or absolute values of the weights?",
        "The derivative of s * sum(w**2) is 2 * s * w, that of s * sum(|w|) is s * sign(w).",
    ),
    "bias-regularized": (
        "the penalty acts on an input that the loss does not penalize",
        "Which parameters does the penalty of the loss contain?",
        "Only what the penalty contains gets its derivative; a bias usually is not in it.",
    ),
    "overwritten-not-accumulated": (
        "contributions overwrite each other",
        "In how many places is this input used?",
        "An input that is used several times gets the sum of all contributions: +=, not =.",
    ),
    "one-hot-missing": (
        "1 is not subtracted at the label of each row",
        "How does the loss of one example depend on the score of its own label?",
        "For softmax cross-entropy: probabilities minus 1 at the label of the same row.",
    ),
    "labels-shifted": (
        "the labels belong to other rows or classes",
        "Which class does label 0 mean, and which label belongs to row 0?",
        "Row i is compared with label i, and labels count from 0.",
    ),
    "softmax-twice": (
        "softmax is applied to probabilities",
        "What does this function take: scores or probabilities?",
        "softmax turns scores into probabilities, once.",
    ),
    "jacobian-diagonal-only": (
        "only the diagonal of the Jacobian is used",
        "Does an output depend only on the input at the same place?",
        "If outputs depend on several inputs, each input adds up over all these outputs.",
    ),
    "statistics-held-constant": (
        "a mean, variance, norm, sum or maximum is treated as a constant",
        "Which numbers of the forward pass are computed from the whole row or column?",
        "A statistic depends on every entry it is computed from, and so has a derivative.",
    ),
    "max-not-routed": (
        "the gradient of a maximum or minimum does not go to the chosen entry",
        "Which entry does the output equal, and which entries does it not depend on?",
        "The gradient of a maximum goes to the largest entry; all others get 0.",
    ),
    "not-finite": (
        "the gradient is not finite",
        "Which expression divides by zero, takes a logarithm of zero, or overflows?",
        "Where the slope is finite, the gradient is: rewrite the expression, or treat this case.",
    ),
    "input-mutated": (
        "an array that is still needed is changed in place",
        "Which arrays does this function write to, and who else uses them?",
        "Write to new arrays only: x.copy(), or x = x * 2 in place of x *= 2.",
    ),
    "upstream-mutated": (
        "the upstream gradient is changed in place",
        "Who else may use the upstream gradient after this function?",
        "Write to new arrays only: upstream.copy(), or upstream * mask in place of *=.",
    ),
    "aliased-gradients": (
        "a gradient shares memory with another array",
        "What happens to the other array if someone adds to this gradient in place?",
        "Each gradient is an array of its own: return a copy.",
    ),
    "nondeterministic": (
        "random numbers are drawn",
        "Which line draws random numbers, and when?",
        "A function that is differentiated gives the same result for the same inputs: pass the "
        "mask as an argument, or save it.",
    ),
    "stateful": (
        "the result depends on earlier calls",
        "Which variable keeps its value from one call to the next?",
        "The same inputs give the same result: begin with new arrays in every call.",
    ),
    "integer-input": (
        "decimals are cut off in an array of whole numbers",
        "What dtype does the array have that the gradient is written to?",
        "Create arrays for gradients with dtype float: np.zeros(x.shape).",
    ),
    "raised": (
        "an error was raised",
        "What shape does each operand of this line have?",
        "Read the last line of the error first, then the line of your file.",
    ),
    "unknown": (
        "none of the known mistakes",
        "For the smallest case that is shown: what should the gradient be, computed by hand?",
        "Compute one entry by hand, and compare it with what each line of backward gives.",
    ),
}
