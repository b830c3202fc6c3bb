# %% [markdown]
# # Lesson 7: a network by hand
#
# In this lesson no engine computes a gradient for you. You write the backward pass of a whole
# network in NumPy, let the gradient checker judge each part, and train the network on real digits
# with a short loop. Then minireg trains the same network from the same weights, and in every step
# its loss must be yours, in 13 digits.
#
# In this lesson you
#
# * write the backward passes of a linear layer, of ReLU, and of softmax with cross-entropy;
# * connect them to a network with an L2 penalty, and get the gradients of all its weights;
# * predict losses before you train: at chance, with the penalty, and for 20 examples;
# * train to 98 % on new digits, and see what is left of weights that no image uses;
# * train with four wrong gradients, three of which nobody would notice.
#
# **You need** lesson 1; lessons 2 and 4 help.
#
# **Time:** about 60 minutes, four exercises.
#
# | minutes | |
# |---|---|
# | 5 | the network, its shapes, its number of parameters |
# | 10 | exercise 1, a linear layer: find each gradient by its shape, then prove it |
# | 5 | exercise 2, ReLU |
# | 15 | exercise 3, softmax and cross-entropy: derive the gradient on paper first |
# | 10 | exercise 4, the network |
# | 15 | predict, train, compare with minireg; look at the weights; wrong gradients that train |
#
# As before: work out the number first, then run the cell. In a class, collect everyone's numbers
# before the cell is run, above all the four accuracies of the last section.

# %% [markdown]
# ## The network and its shapes
#
# | | formula | shape |
# |---|---|---|
# | images | $X$, one image in each row | $(N, 64)$ |
# | hidden | $H = X W_1 + b_1$ | $(N, 32)$ |
# | active | $A = \max(H, 0)$ | $(N, 32)$ |
# | scores | $S = A W_2 + b_2$ | $(N, 10)$ |
# | loss | $L = \text{data loss}(S) + \frac{\lambda}{2} (\sum W_1^2 + \sum W_2^2)$ | a number |
#
# The data loss is the cross-entropy of exercise 3. Three conventions hold everywhere below:
#
# * An example is a row. A weight matrix has the shape (inputs, outputs), so that shapes chain:
#   $(N, 64)(64, 32)$ is $(N, 32)$. (`nn.Linear` stores the transposed matrix, as in lesson 2.)
# * The gradient of an array has **the shape of the array**.
# * The data loss is a *mean* over the $N$ examples. The penalty is not divided by $N$: it is the
#   scaling `half` of lesson 4. Biases are not penalized.
#
# **Expect.** $W_1$ has $64 \cdot 32 = 2048$ entries, $b_1$ has 32, $W_2$ has 320, $b_2$ has 10:
# together **2410** parameters, for 1438 images to learn from and 359 new ones.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.data import load_digits
from minireg.exercises import check
from minireg.gradcheck import Booleans, Floats, Integers

train_digits, new_digits = load_digits()
images, labels = train_digits.x.reshape(-1, 64) / 255, train_digits.y
new_images, new_labels = new_digits.x.reshape(-1, 64) / 255, new_digits.y


def draw_weights(seed):
    """The parameters before training: a random first layer, and zeros."""
    random = np.random.default_rng(seed)
    return {
        "w1": random.normal(scale=1 / 8, size=(64, 32)),
        "b1": np.zeros(32),
        "w2": np.zeros((32, 10)),
        "b2": np.zeros(10),
    }


sizes = {name: array.size for name, array in draw_weights(0).items()}
print(sizes, "together", sum(sizes.values()))
print(len(images), "images to learn from,", len(new_images), "new ones")
assert sum(sizes.values()) == 2410
assert (len(images), len(new_images)) == (1438, 359)

# %% [markdown]
# ## A linear layer
#
# $$Y = X W + b \qquad y_{nm} = \sum_d x_{nd} \, w_{dm} + b_m$$
#
# The backward pass gets `upstream`, $G = dL/dY$, in the shape of $Y$, and returns $dL/dX$, $dL/dW$
# and $dL/db$.
#
# **The shapes find it.** Let $X$ be $(N, D)$ and $W$ $(D, M)$, so that $G$ is $(N, M)$. $dL/dX$ is
# made of $G$ and $W$, since $L$ reaches $X$ only through products with $W$: which product of these
# two has the shape $(N, D)$? Which one of $X$ and $G$ has the shape $(D, M)$?
#
# **The indices prove it.** $w_{dm}$ is in $y_{nm}$ for every $n$, with the factor $x_{nd}$, so its
# gradient is $\sum_n x_{nd} \, g_{nm}$. Do the same for $x_{nd}$ and $b_m$.
#
# ### Exercise 1: the backward pass of a linear layer
#
# The check is exercise `linear` of `minireg exercise`. It draws inputs of three kinds: ordinary
# numbers, other lengths, and special numbers such as exact zeros. It also tests that you change no
# input and return new arrays.
#
# <details><summary>Hint</summary>
#
# A product of matrices adds up over the inner index. In the gradient of W the sum is over n, so n
# must be the inner index: transpose the matrix that has n on the left. For b: over which axis of
# upstream must you sum, so that M numbers are left?
#
# </details>


# %%
def linear(x, w, b):
    return x @ w + b


def linear_backward(upstream, x, w, b):
    """dL/dx, dL/dw and dL/db, each in the shape of its input."""
    ### BEGIN SOLUTION
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=0)
    ### END SOLUTION


# %%
x, w, b = np.ones((5, 7)), np.ones((7, 3)), np.zeros(3)
linear_backward(np.ones((5, 3)), x, w, b)  # alone first: here an error is easy to read
result = check("linear", linear, linear_backward)
print(result)
assert result, "Exercise 1 is not right yet. The result above says what is wrong."

# %% [markdown]
# ## ReLU
#
# Without it, two linear layers would be one: $(X W_1) W_2 = X (W_1 W_2)$. Here `x` is the *input*
# of ReLU, and `upstream` and the result have its shape.
#
# ### Exercise 2: the backward pass of ReLU
#
# Where an input is negative, moving it a little does not move the output. What is its gradient? At
# exactly 0 each value between the slopes of both sides is right (lesson 2).
#
# <details><summary>Hint</summary>
#
# A comparison of arrays gives an array of True and False, which count as 1 and 0 in a product.
# Whether an entry passes is decided by the input, not by the upstream gradient.
#
# </details>


# %%
def relu(x):
    return np.maximum(x, 0)


def relu_backward(upstream, x):
    """dL/dx, in the shape of x."""
    ### BEGIN SOLUTION
    return upstream * (x > 0)
    ### END SOLUTION


# %%
relu_backward(np.ones((5, 7)), np.ones((5, 7)))  # alone first, as above
result = check("relu", relu, relu_backward)
print(result)
assert result, "Exercise 2 is not right yet. The result above says what is wrong."

# %% [markdown]
# ## Softmax and cross-entropy, in one function
#
# The softmax turns the scores $s_1 \ldots s_C$ of an image into probabilities, and the loss of the
# image is $-\log$ of the probability of its label $y$:
#
# $$p_k = \frac{e^{s_k}}{\sum_j e^{s_j}} \qquad
# -\log p_y = \log \sum_j e^{s_j} - s_y$$
#
# On the right there is no quotient any more: two simple terms to differentiate, and that is why
# both are one function. There is no division by a small $p$ either.
#
# $L$ is the mean over the $N$ images. The loss is where the backward pass begins, so there is no
# upstream gradient: the function returns the loss together with its gradient $dL/dS$.
#
# **Large scores.** $e^{1000}$ is infinite in floating point. But if you subtract the same number
# from all scores of a row, $p$ stays what it was. Subtract the largest score of the row: then the
# largest exponent is 0, and nothing overflows.
#
# **Expect**, before you write a line:
#
# * If all scores of an image are equal, each of 10 digits has probability $1/10$, and the loss is
#   $\ln 10 =$ **2.3026**: this is *chance*. Keep the number in mind. A network that is not trained
#   starts there, and a loss far above it is a mistake or a bad start.
# * Add the same to all scores of a row: the loss stays. So the gradient of each row **sums to 0**.
# * More score for the label lowers the loss: there the gradient is negative, elsewhere positive.
#
# ### Exercise 3: the loss and its gradient
#
# <details><summary>Hint</summary>
#
# Differentiate log of the sum with respect to one score: which of the quantities above do you get?
# The second term depends on a single score. `scores[np.arange(n), labels]` picks one entry of each
# of n rows, and you can also write `a[np.arange(n), labels] -= 1`. What does a mean over n rows do
# to a gradient?
#
# </details>


# %%
def softmax_cross_entropy(scores, labels):
    """The mean loss, a number, and its gradient dL/dscores, of shape (N, C)."""
    ### BEGIN SOLUTION
    rows = np.arange(len(labels))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    gradient = np.exp(log_p)
    gradient[rows, labels] -= 1
    return -log_p[rows, labels].mean(), gradient / len(labels)
    ### END SOLUTION


# %%
returned = softmax_cross_entropy(np.zeros((5, 10)), np.arange(5))  # alone first, at chance
assert isinstance(returned, tuple), f"Return two things: loss, gradient. You return {returned!r}."
loss = returned[0]
assert np.ndim(loss) == 0, f"The loss is one number, the mean over the images, not {loss!r}."
explained = (
    (5 * np.log(10), "Take the mean over the 5 images, not the sum."),
    (np.log(10) / 10, "Take the mean over the 5 images: here you divide by another number, too."),
    (np.log(5), "Each row has a softmax of its own: add up over the 10 scores, which is axis 1."),
    (-np.log(10), "The logarithm of a probability is negative: the sign of the loss is wrong."),
    (0.1, "This is the probability of the label: its logarithm is missing."),
)
named = [sentence for number, sentence in explained if np.isclose(loss, number)]
assert np.isclose(loss, np.log(10)), (
    f"All scores are 0, so the loss must be ln 10 = 2.3026, and yours is {loss:.4f}. "
    f"{' '.join(named)}"
)
result = check("softmax_cross_entropy", softmax_cross_entropy)
print(result)
assert result, "Exercise 3 is not right yet. The result above says what is wrong."
print(f"\nat chance: loss {loss:.4f}, 5 times the gradient of a row: {5 * returned[1][0].round(2)}")

# %% [markdown]
# ## The whole network
#
# The forward pass is written below. Backwards you walk it in the other order, and each of your
# functions hands the gradient to the next:
#
# $$\frac{dL}{dS} \; \longrightarrow \; \frac{dL}{dA}, \frac{dL}{dW_2}, \frac{dL}{db_2}
# \; \longrightarrow \; \frac{dL}{dH}
# \; \longrightarrow \; \frac{dL}{dW_1}, \frac{dL}{db_1}$$
#
# $W_1$ and $W_2$ reach the loss along a second path, the penalty. Gradients of two paths add up.
#
# ### Exercise 4: the gradients of all parameters
#
# Return the loss and a dictionary with the gradients of `w1`, `b1`, `w2` and `b2`.
#
# The check is `mr.check_loss`. It draws small black-and-white images, labels and weights, measures
# the slope of the loss for every parameter, and compares. Where rounding hides a slope, it says so:
# at special values the loss is near 800, and some slopes are smaller than its rounding.
#
# <details><summary>Hint</summary>
#
# Three calls: linear_backward, relu_backward, linear_backward. For each, ask which upstream it
# gets, and which inputs its forward call had. Of the last call you do not need the gradient of x.
# The derivative of half a square is no half any more.
#
# </details>


# %%
def network_loss(x, labels, w1, b1, w2, b2, strength):
    """The loss, and its gradients in a dictionary with the names of the parameters."""
    hidden = linear(x, w1, b1)
    active = relu(hidden)
    scores = linear(active, w2, b2)
    loss, dscores = softmax_cross_entropy(scores, labels)
    loss = loss + strength / 2 * (np.sum(w1**2) + np.sum(w2**2))
    ### BEGIN SOLUTION
    dactive, dw2, db2 = linear_backward(dscores, active, w2, b2)
    dhidden = relu_backward(dactive, hidden)
    _, dw1, db1 = linear_backward(dhidden, x, w1, b1)
    return loss, {"w1": dw1 + strength * w1, "b1": db1, "w2": dw2 + strength * w2, "b2": db2}
    ### END SOLUTION


# %%
INPUTS = {
    "x": Booleans("N", "D"),
    "labels": Integers("N", below="C"),
    "w1": Floats("D", "H"),
    "b1": Floats("H"),
    "w2": Floats("H", "C"),
    "b2": Floats("C"),
    "strength": 0.3,
}
returned = network_loss(images[:5], labels[:5], **draw_weights(0), strength=0)  # alone first
report = mr.check_loss(network_loss, inputs=INPUTS)
print(report)
assert report, "Exercise 4 is not right yet. The report above says what is wrong."
assert isinstance(returned[1], dict), (
    "Your gradients are right. Return them in a dictionary, from which training takes them by name."
)

# %% [markdown]
# ## Three predictions before training
#
# A gradient check compares your gradient with *your* loss. If the loss is not what you meant, it
# passes all the same. So predict the loss where you know it. This costs a minute, and finds what a
# gradient check cannot.
#
# **Expect.**
#
# 1. *At chance.* $W_2$ and $b_2$ start at 0, so all scores are 0, whatever $W_1$ is: the loss is
#    **2.3026**, $\ln 10$.
# 2. *With the penalty.* The 2048 entries of $W_1$ are drawn with variance $1/64$: the sum of their
#    squares is about $2048/64 = 32$, with a standard deviation of $\sqrt{2 \cdot 2048}/64 = 1$. So
#    $\lambda = 0.1$ raises the loss by **1.6 ± 0.05**. Without the ½ it would be 3.2; with
#    a mean in place of the sum, 0.0008.
# 3. *Twenty examples.* 2410 parameters can learn 20 images by heart. Without a penalty, 1000 steps
#    take the loss **below 0.001**, and 20 of 20 are right. If your network cannot do this, it will
#    not learn 1438 images either: look for a mistake in the loop.


# %%
def count_right(parameters, x, labels):
    hidden = relu(linear(x, parameters["w1"], parameters["b1"]))
    scores = linear(hidden, parameters["w2"], parameters["b2"])
    return int(np.sum(scores.argmax(axis=1) == labels))


start = draw_weights(0)
at_chance, _ = network_loss(images, labels, **start, strength=0)
penalized, _ = network_loss(images, labels, **start, strength=0.1)
print(f"at chance {at_chance:.4f}, the penalty adds {penalized - at_chance:.3f}")
assert np.isclose(at_chance, 2.3026, atol=5e-5)
assert abs(penalized - at_chance - 1.6) < 4 * 0.05

few, parameters = slice(20), draw_weights(0)
for _ in range(1000):
    loss, gradients = network_loss(images[few], labels[few], **parameters, strength=0)
    for name in parameters:
        parameters[name] -= 0.5 * gradients[name]
right = count_right(parameters, images[few], labels[few])
print(f"20 examples: loss {loss:.5f}, {right} of 20 right")
assert loss < 0.001
assert right == 20

# %% [markdown]
# ## Train, and compare with minireg
#
# **Plain SGD** is the inner loop that you have just seen, on another batch of about 50 images in
# each step: $29$ batches an epoch, 20 epochs, 580 steps. The learning rate is 0.5, and
# $\lambda = 0.001$.
#
# Then minireg trains the same network with `nn.Linear`, `cross_entropy`, `L2` and `optim.SGD`, from
# the same weights, on the same batches. It shares no line with your code.
#
# **Expect.**
#
# * The first loss is $\ln 10$ and the penalty, $2.3026 + 0.0005 \cdot 32 =$ **2.319**, up to
#   0.002.
# * After 580 steps about **98 %** of the new digits are right. (This is measured, not predicted.
#   Other versions of NumPy may round differently: the cell allows one point.)
# * Both losses agree in every step up to rounding. A float64 has 16 digits, and a loss of 2.3 is
#   known to about $4 \cdot 10^{-16}$. Errors of rounding can add up over the steps, but a training
#   that converges forgets them: expect a difference **below $10^{-13}$** at all 580 steps.

# %%
RATE, STRENGTH = 0.5, 0.001
random = np.random.default_rng(1)
BATCHES = [
    rows for epoch in range(20) for rows in np.array_split(random.permutation(len(images)), 29)
]


def train(loss_function, seed=0):
    """Plain SGD: the trained parameters, and the loss of every step."""
    parameters, losses = draw_weights(seed), []
    for rows in BATCHES:
        loss, gradients = loss_function(images[rows], labels[rows], **parameters, strength=STRENGTH)
        for name in parameters:
            parameters[name] -= RATE * gradients[name]
        losses.append(loss)
    return parameters, np.array(losses)


trained, losses = train(network_loss)
share = count_right(trained, new_images, new_labels) / len(new_images)
print(f"{len(losses)} steps: loss {losses[0]:.3f} at first, then {share:.1%} of the new digits")
assert len(losses) == 580
assert abs(losses[0] - 2.319) < 0.002
assert abs(share - 0.98) < 0.01

start = draw_weights(0)
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
for layer, number in ((model[0], 1), (model[2], 2)):
    layer.weight.data = start[f"w{number}"].T.copy()  # nn.Linear stores (outputs, inputs)
    layer.bias.data = start[f"b{number}"]
penalty, optimizer = reg.L2(STRENGTH), optim.SGD(model.parameters(), lr=RATE)
losses_of_minireg = []
for rows in BATCHES:
    optimizer.zero_grad()
    loss = mr.cross_entropy(model(mr.tensor(images[rows])), labels[rows]) + penalty(model)
    loss.backward()
    optimizer.step()
    losses_of_minireg.append(loss.item())
difference = np.max(abs(losses - losses_of_minireg))
print(f"largest difference from minireg, in {len(losses)} steps: {difference:.0e}")
assert difference < 1e-13

# %% [markdown]
# ## What the network has learned
#
# Three pixels are 0 in all images: the corner at the top left, and both ends of the fifth row. So
# the data loss says nothing about their weights: only the penalty acts on them. Each step
# multiplies these weights by $1 - 0.5 \cdot 0.001$.
#
# **Expect.** After 580 steps exactly $(1 - 0.0005)^{580} =$ **0.7482** of each of these weights is
# left, up to rounding. Without a penalty they would stay at random for ever.
#
# **The picture.** Left: both loss curves, one on top of the other. They fall from chance, steeply
# at first, and jump from batch to batch. Right: the weights of the 32 hidden units as images of
# 8 × 8 pixels, red = positive, blue = negative. Where the ink is, units look for strokes: a red
# side and a blue side. At the edges the noise of the start is left, faded. A few units are only
# noise: hardly an image makes them positive, so ReLU lets no gradient through.

# %%
unused = ~images.any(axis=0)
left = trained["w1"][unused] / draw_weights(0)["w1"][unused]
print("pixels without ink:", np.flatnonzero(unused).tolist())
print(f"left of their weights: {left.min():.4f} to {left.max():.4f}")
assert unused.sum() == 3
assert np.allclose(left, 0.7482, atol=5e-5)

figure = plt.figure(figsize=(10, 3.6), layout="constrained")
for_curves, for_units = figure.subfigures(1, 2, width_ratios=(1, 1.3))
panel = for_curves.subplots()
panel.plot(losses, color="#56b4e9", linewidth=3, label="by hand")
panel.plot(losses_of_minireg, color="#000000", linewidth=0.6, label="minireg")
panel.axhline(np.log(10), color="#767676", linestyle=":", label="chance, ln 10")
panel.set(xlabel="step", ylabel="loss of the batch", yscale="log")
panel.legend(frameon=False)
limit = abs(trained["w1"]).max()
for panel, unit in zip(for_units.subplots(4, 8).flat, trained["w1"].T):
    panel.imshow(unit.reshape(8, 8), cmap="RdBu_r", vmin=-limit, vmax=limit)
    panel.axis("off")
plt.show()

# %% [markdown]
# ## Would training have shown a mistake?
#
# Four mistakes that students make:
#
# 1. the gradients of the biases are means over the batch, not sums (divided by $N$ twice);
# 2. the penalty of $W_1$ is in the loss, but not in its gradient;
# 3. the gradients of the biases contain a penalty, too;
# 4. the backward pass of ReLU hands on everything.
#
# Which accuracy do you expect of each? And minireg's losses as a reference: in which step is the
# loss the first to differ from them? Think of what is 0 at the start. Write it down, then read on.
#
# **Expect.** With the right gradients it was about 98.1 %. With the first three mistakes it is
# **98.1 % again**. Without the mask of ReLU it is about 96 %: worse, but who would know without
# having seen 98? A network learns in spite of mistakes. (Measured; the cell allows one point.)
#
# The first loss needs no gradient. Wrong gradients of the first step show in the **second** loss:
# mistakes 1 and 2. Mistake 3 does nothing while the biases are 0, and mistake 4 while $W_2$ is 0,
# which hands back zeros: both act from the second step on, and show in the **third** loss. Without
# a reference you would not see it: the difference is as small as $7 \cdot 10^{-7}$.
#
# The gradient checker needs no training and no reference. **Expect** four times `fail`, with the
# causes `constant-factor`, `penalty-missing`, `bias-regularized` and `mask-missing`.


# %%
def make_wrong(change):
    """network_loss with other gradients; `change` takes the gradients and all arguments."""

    def wrong_loss(x, labels, w1, b1, w2, b2, strength):
        loss, gradients = network_loss(x, labels, w1, b1, w2, b2, strength)
        arguments = {"w1": w1, "b1": b1, "b2": b2, "strength": strength, "n": len(x)}
        return loss, gradients | change(gradients, **arguments)

    return wrong_loss


def take_means(g, n, **others):
    return {"b1": g["b1"] / n, "b2": g["b2"] / n}


def forget_penalty(g, w1, strength, **others):
    return {"w1": g["w1"] - strength * w1}


def penalize_biases(g, b1, b2, strength, **others):
    return {"b1": g["b1"] + strength * b1, "b2": g["b2"] + strength * b2}


def forget_mask(upstream, x):
    return 1.0 * upstream


def show(name, trained_wrong, report):
    """Print, and return: the accuracy, the step whose loss is the first to differ, the cause."""
    parameters, losses = trained_wrong
    accuracy = count_right(parameters, new_images, new_labels) / len(new_images)
    step = 1 + int(np.argmax(abs(losses - losses_of_minireg) > 1e-13))
    print(
        f"{name:16} {accuracy:.1%}, loss {step} differs; {report.verdict}: {report.causes[0].name}"
    )
    return accuracy, step, report.causes[0].name


found = []
for change in (take_means, forget_penalty, penalize_biases):
    wrong_loss = make_wrong(change)
    report = mr.check_loss(wrong_loss, inputs=INPUTS)
    found.append(show(change.__name__, train(wrong_loss), report))
right_backward, relu_backward = relu_backward, forget_mask  # for one training
trained_wrong = train(network_loss)
relu_backward = right_backward
report = mr.check_backward(relu, forget_mask, inputs={"x": Floats("N", "D")})
found.append(show("forget_mask", trained_wrong, report))

accuracies, steps, causes = zip(*found)
assert np.allclose(accuracies, [0.981, 0.981, 0.981, 0.96], atol=0.01)
assert steps == (2, 2, 3, 3)
assert causes == ("constant-factor", "penalty-missing", "bias-regularized", "mask-missing")

# %% [markdown]
# ## What to keep
#
# * A backward pass is the forward pass in the other order. Each function gets the upstream gradient
#   of its output, and the inputs of its own forward call.
# * The gradient of an array has its shape: this finds the transposes. The indices prove them.
# * Softmax and cross-entropy belong together: probabilities minus the truth, divided by $N$, once.
# * Predict before you train: chance, the rise by the penalty, twenty examples by heart.
# * An accuracy proves no gradient. Check each part, then the whole.
#
# ## Where to read on
#
# * `docs/derivations.md`: softmax cross-entropy with targets that are no labels.
# * `minireg/ops/losses.py` and `minireg/ops/contractions.py`: the same functions, for all shapes.
# * `minireg/autograd/backward.py`: what walks the network for you, whatever its form is.
# * Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors",
#   Nature 323; Glorot, Bordes and Bengio (2011), "Deep sparse rectifier neural networks".
#
# ## If you want more
#
# 1. Start $W_1$ with zeros, too. Which gradients are 0 in the first step, and which for ever?
#    Predict, then train.
# 2. Learn twenty images with *wrong* labels by heart. Is the loss as low after 1000 steps? What
#    does that say about a low training loss?
# 3. Add a third layer. How many lines of `network_loss` change? What is the gradient of `x` good
#    for now?
# 4. Compute in float32 and compare with minireg in float32. How many digits agree at the first
#    step, and at the last one?
# 5. Make mistakes of your own in exercise 4: let `check_loss` show the line, and
#    `print(report.hint(2))` the rule.
#
# Lesson 8 adds batch norm, whose backward pass is the hardest of the common layers.
