# %% [markdown]
# # Lesson 6: dropout and its masks
#
# Dropout sets random units of a network to zero, new ones in every step. It is one line of code,
# and an astonishing number of things can go wrong in that line: the probability of the wrong event,
# a factor too many or too few, another mask on the way back. All of them train without an error.
#
# The random part makes it hard to test, or so it seems. In this lesson you
#
# * draw masks, and let a statistical test judge them, with at most one false alarm in $10^9$ tests;
# * write dropout and its backward pass, and test both *exactly*: with the mask as an argument,
#   nothing is random;
# * predict the mean and the variance of the output, and compare two forms of dropout;
# * prove that dropout on linear regression is a kind of ridge regression, and check it by going
#   through all masks there are;
# * measure what it does for a network that learns from wrong labels.
#
# **You need** lesson 2, mean and variance, and the rule
# $\text{E}[z^2] = (\text{E} z)^2 + \text{Var}\,z$.
#
# **Time:** about 50 minutes, three exercises. As before: work out the number first, then run the
# cell.

# %% [markdown]
# ## One line
#
# $$y_j = \frac{m_j \, x_j}{1 - p} \qquad m_j = 1 \text{ with probability } 1 - p,
# \text{ else } 0$$
#
# Here $p$ is the probability of *dropping*, as in most libraries today. (The paper of 2014 and
# TensorFlow 1 used $p$, or `keep_prob`, for the probability of *keeping*. At $p = 0.5$ nobody
# notices the difference.) The $m_j$ are independent and form the **mask**. What the factor
# $1/(1-p)$ is for, you will see soon.
#
# In minireg, `mr.dropout(x, mask, p)` takes the mask as an argument and draws nothing.
#
# **Expect.** With $x = (1, 2, 3, 4)$, the mask $(1, 0, 1, 1)$ and $p = 0.5$ the output is
# $(2, 0, 6, 8)$; with $p = 0.75$ and the same mask it is $(4, 0, 12, 16)$.

# %%
from itertools import product

import matplotlib.pyplot as plt
import numpy as np

import minireg as mr
from minireg import nn, optim, plots
from minireg.data import load_digits

x, mask = mr.tensor([1.0, 2.0, 3.0, 4.0]), mr.tensor([True, False, True, True])
for p in (0.5, 0.75):
    print(f"p = {p}:", mr.dropout(x, mask, p).tolist())
assert mr.dropout(x, mask, 0.5).tolist() == [2, 0, 6, 8]
assert mr.dropout(x, mask, 0.75).tolist() == [4, 0, 12, 16]

# %% [markdown]
# ## A test with a known false alarm
#
# Draw $n$ entries of a mask and count: which share is kept? About $1 - p$, but never exactly.
# How far off is too far? **Hoeffding's inequality** (1963) answers without any approximation: for
# the mean of $n$ independent numbers from an interval of length $r$,
#
# $$P\big( |\text{mean} - \text{expected}| \ge \delta \big) \le 2 \, e^{-2 n \delta^2 / r^2}$$
#
# Decide how often a right answer may be called wrong, $\alpha$, and solve for $\delta$:
#
# $$\delta = r \sqrt{\frac{\ln (2 / \alpha)}{2 n}}$$
#
# **Expect**, for $\alpha = 10^{-9}$ and $r = 1$: with $n = 20000$ it is $\delta = 0.0231$. So if
# $p = 0.3$, a share between 0.677 and 0.723 passes, and the share 0.3 of someone who keeps with
# probability $p$ is caught without doubt. With $n = 20$, $\delta = 0.73$: 20 entries prove nothing.
#
# ### Exercise 1: draw a mask
#
# `random` is a generator of NumPy, `shape` a tuple. Return a boolean array of this shape, True =
# kept, where each entry is kept with probability $1 - p$, independently of all others.
#
# The check draws 200 × 100 entries. It compares neighbours: two independent entries are equal (both
# kept or both dropped) with probability $(1-p)^2 + p^2$. Then it counts the kept entries. These are
# three tests for each of two values of $p$, with $\alpha = 10^{-9}$ each: a right function fails
# with a probability of at most $6 \cdot 10^{-9}$.
#
# <details><summary>Hint</summary>
#
# `random.random(shape)` gives numbers that are uniform between 0 and 1: a share of c of them is
# below c, for any c. Which c do you need, if True means kept?
#
# </details>


# %%
def largest_deviation(n, length=1.0, false_alarm=1e-9):
    """How far a mean of n numbers may be from its expected value (Hoeffding)."""
    return length * np.sqrt(np.log(2 / false_alarm) / (2 * n))


assert np.isclose(largest_deviation(20000), 0.0231, atol=5e-5)
assert np.isclose(largest_deviation(20), 0.73, atol=5e-3)


def draw_mask(random, shape, p):
    """A boolean array of this shape; True = kept, with probability 1 - p."""
    ### BEGIN SOLUTION
    return random.random(shape) < 1 - p
    ### END SOLUTION


# %%
for p in (0.3, 0.8):
    kept = draw_mask(np.random.default_rng(0), (200, 100), p)
    made = getattr(kept, "dtype", kept)
    assert made == "bool", f"return a boolean array of this shape, not {made!r}"
    assert kept.shape == (200, 100), f"expected the shape (200, 100), but yours is {kept.shape}"
    expected, allowed = (1 - p) ** 2 + p**2, largest_deviation(10000)
    for name, one, other in (
        ("rows", kept[::2], kept[1::2]),
        ("columns", kept[:, ::2], kept[:, 1::2]),
    ):
        share = np.mean(one == other)
        assert abs(share - expected) < allowed, (
            f"p = {p}: neighbouring {name} of your mask are equal in {share:.3f} of the entries, "
            f"expected is {expected:.3f} +- {allowed:.3f}. Draw each entry independently."
        )
    share, expected, allowed = kept.mean(), 1 - p, largest_deviation(20000)
    assert abs(share - expected) < allowed, (
        f"p = {p}: you keep {share:.3f} of the entries, but {expected:.3f} +- {allowed:.3f} is "
        f"expected. p is the probability of dropping."
    )
again = draw_mask(np.random.default_rng(0), (200, 100), 0.8)
assert np.array_equal(kept, again), "the same generator gave another mask: draw from `random`"
print("pass: the shares are right, and neighbours are independent")

# %% [markdown]
# ### Exercise 2: the forward pass
#
# Now the formula, for NumPy arrays. How do you test that the *mean* of the output is $x$? For three
# numbers there are only $2^3 = 8$ masks, and the probability of each is known: $1 - p$ for each
# entry that is kept, times $p$ for each that is dropped. So the mean over all masks is a sum of 8
# terms, and there is nothing random about it.
#
# <details><summary>Hint</summary>
#
# The formula is above. True counts as 1 in a product. Return a new array.
#
# </details>


# %%
def dropout(x, mask, p):
    """Inverted dropout of x with this mask, a new array."""
    ### BEGIN SOLUTION
    return x * mask / (1 - p)
    ### END SOLUTION


def all_masks(d, p):
    """Every mask of d entries, each with its probability."""
    for bits in product((True, False), repeat=d):
        mask = np.array(bits)
        yield mask, (1 - p) ** mask.sum() * p ** (d - mask.sum())


# %%
x = np.array([1.0, -2.0, 5.0])
for p in (0.3, 0.5):
    mean = np.zeros(3)
    for mask, probability in all_masks(3, p):
        y = dropout(x, mask, p)
        assert np.array_equal(x, [1, -2, 5]), "x must hold the same values as before"
        assert np.shape(y) == (3,), f"return an array of shape (3,), not {y!r}"
        assert np.all((y == 0) == ~mask), f"with the mask {mask}, your output is {y}: True = kept"
        mean += probability * y
    assert np.allclose(mean, x), (
        f"p = {p}: the mean of your output over all masks is {mean}, that is {mean[0]:.4g} times "
        f"x. It should be x."
    )
print("pass: the mean over all masks is x")

# %% [markdown]
# ### Exercise 3: the backward pass
#
# `upstream` is $dL/dy$, in the shape of `y`. Return $dL/dx$.
#
# The gradient checker moves one entry of $x$ and measures how the output changes. If the output
# changed at random, there would be nothing to measure. So the mask is an argument here too, and the
# check holds it fixed. Training must do the same: the backward pass needs **the mask of the forward
# pass**.
#
# <details><summary>Hint</summary>
#
# With a fixed mask, each output is its input times a number. What is the derivative of a number
# times x? So which function that you already have does the same to `upstream`?
#
# </details>


# %%
def dropout_backward(upstream, x, mask, p):
    """dL/dx, in the shape of x."""
    ### BEGIN SOLUTION
    return dropout(upstream, mask, p)
    ### END SOLUTION


# %%
def forward(x, mask):
    return dropout(x, mask, 0.3)


def backward(upstream, x, mask):
    return dropout_backward(upstream, x, mask, 0.3)


random = np.random.default_rng(0)
x, mask = random.normal(size=(4, 5)), draw_mask(random, (4, 5), 0.3)
backward(np.ones((4, 5)), x, mask)  # alone first: here an error is easy to read
report = mr.check_backward(forward, backward, x, mask)
print(report)
assert report, "Exercise 3 is not right yet. The report above says what is wrong."

# %% [markdown]
# ## The price: variance
#
# The mean is right. What dropout adds is noise. The output is $x / (1-p)$ with probability $1-p$,
# and else 0. So
#
# $$\text{E}[y] = x \qquad \text{E}[y^2] = \frac{x^2}{1-p} \qquad
# \text{Var}[y] = \frac{x^2}{1-p} - x^2 = \frac{p}{1-p} \, x^2$$
#
# The noise is proportional to the value itself: a unit that gives 0 gets none. And $p/(1-p)$ grows
# fast: 0.11 at $p = 0.1$, 1 at $p = 0.5$, 9 at $p = 0.9$. You will meet this factor again.
#
# **Expect**, for $x = 2$ and $p = 0.3$: the values 0 and 2.857, the mean 2, the mean square 5.714
# and the variance 1.714. In a sample of 100000, Hoeffding allows deviations of 0.030 for the mean
# and 0.085 for the mean square, at one false alarm in $10^9$ each.
#
# The picture shows the variance for $x = 1$ on a logarithmic scale: the line is the formula, the
# dots are measured from 10000 of your masks each.

# %%
n, x, p = 100_000, 2.0, 0.3
y = dropout(x, draw_mask(np.random.default_rng(1), (n,), p), p)
print("values:", np.unique(y).round(3).tolist())
print(f"mean {y.mean():.3f}, mean square {np.mean(y**2):.3f}, variance {y.var():.3f}")
largest = x / (1 - p)
assert abs(y.mean() - 2) < largest_deviation(n, largest) < 0.0301
assert abs(np.mean(y**2) - 5.714) < largest_deviation(n, largest**2) < 0.0851
assert np.allclose(np.unique(y), [0, 2.857], atol=5e-4)

random, rates = np.random.default_rng(2), np.linspace(0.05, 0.95, 19)
measured = [dropout(1.0, draw_mask(random, (10_000,), rate), rate).var() for rate in rates]
figure, panel = plt.subplots(figsize=(5, 3), layout="constrained")
panel.semilogy(rates, rates / (1 - rates), color="#0072b2", label="p / (1 - p)")
panel.semilogy(rates, measured, "o", color="#d55e00", label="measured")
panel.set(xlabel="p, the probability of dropping", ylabel="variance of the output")
panel.legend(frameon=False)
plt.show()

# %% [markdown]
# ## Inverted or not
#
# The dropout of the paper has no factor in training, $y = m\,x$. Its mean is $(1-p)\,x$. In use,
# nothing is dropped, so the next layer would get inputs that are too large, by the factor
# $1/(1-p)$. Therefore it multiplies by $1-p$ **at test time**. *Inverted* dropout divides in
# training, and at test time it does nothing.
#
# | | in training | its mean | at test time |
# |---|---|---|---|
# | original | $m\,x$ | $(1-p)\,x$ | $(1-p)\,x$ |
# | inverted | $m\,x / (1-p)$ | $x$ | $x$ |
#
# Both agree in training and use, and both describe the same networks: the weights that come after
# an original dropout are larger by $1/(1-p)$. The inverted form won because a trained network is
# then an ordinary network. The mistake is to mix them. With the factor in training *and* $1-p$ at
# test time, the output of each such layer is too small, and so on through the layers.
#
# **Expect.** At $p = 0.3$ both forms have test output / mean training output = 1. If the
# factor is used twice, it is 0.7, and after five linear layers $0.7^5 = 0.168$.

# %%
x, p = np.array([1.0, -2.0, 5.0]), 0.3
original = sum(probability * mask * x for mask, probability in all_masks(3, p))
inverted = sum(probability * dropout(x, mask, p) for mask, probability in all_masks(3, p))
ratios = {
    "original": (1 - p) * x / original,
    "inverted": x / inverted,
    "both": (1 - p) * x / inverted,
}
for name, ratio in ratios.items():
    print(f"{name}: {ratio[0]:.3f} in one layer, {ratio[0] ** 5:.3f} after five")
assert np.allclose([*ratios.values()], [[1], [1], [0.7]])
assert np.isclose(ratios["both"][0] ** 5, 0.168, atol=5e-4)

# %% [markdown]
# ## The layer
#
# `nn.Dropout(p)` draws the mask, keeps it in `mask`, and calls `mr.dropout`. After `eval()` it
# returns its input. So what it did can be looked at and repeated.
#
# **Expect.** With the kept mask, `mr.dropout` gives the same output bit by bit, and so does your
# `dropout`, up to rounding. In evaluation the output is $x$. Of $3 \cdot 6 \cdot 64 = 1152$ pixels,
# about half are dropped; Hoeffding allows the share to be 0.096 off.
#
# The picture shows what a layer behind the pixels sees: three digits, and each of them under six
# masks of $p = 0.5$ (not scaled, so that the ink keeps its grey).
# You can still guess many of them. A network that has to, cannot rely on any single pixel.

# %%
digits = load_digits()[1].x[:3, 0] / 255
layer = nn.Dropout(0.5, generator=mr.Generator(0))
x = mr.tensor(np.repeat(digits[:, None], 6, axis=1))
y = layer(x)
assert np.array_equal(y.numpy(), mr.dropout(x, layer.mask, 0.5).numpy())
assert np.allclose(y.numpy(), dropout(x.numpy(), layer.mask, 0.5))
assert abs(layer.mask.mean() - 0.5) < largest_deviation(1152) < 0.0965
assert np.array_equal(layer.eval()(x).numpy(), x.numpy())
plots.image_rows(digits, x.numpy() * layer.mask, titles=("digit", "under six masks"))

# %% [markdown]
# ## Why it regularizes: linear regression
#
# What does this noise do to a fit? Take the simplest model, $\hat y_i = \sum_j w_j x_{ij}$ with the
# squared error, and drop *inputs*. What training minimises is the mean over the masks. For one
# example, $\hat y_i$ is random with
#
# $$\text{E}[\hat y_i] = x_i \cdot w \qquad
# \text{Var}[\hat y_i] = \frac{p}{1-p} \sum_j w_j^2 x_{ij}^2$$
#
# The first holds because dropout keeps the mean. The second is the variance from above, and
# the variances of independent terms add up. Now the mean of a square is the square of the mean plus
# the variance. Summed over the examples,
#
# $$\text{E} \sum_i (y_i - \hat y_i)^2 = \underbrace{\sum_i (y_i - x_i \cdot w)^2}_{\text{no
# dropout}} + \underbrace{\frac{p}{1-p} \sum_j w_j^2 \sum_i x_{ij}^2}_{\text{an L2 penalty}}$$
#
# **Dropout on linear regression is ridge regression**, with a strength of its own for each weight:
# $\sum_i x_{ij}^2$ makes it independent of the units in which a feature is measured.
#
# **Expect.** Two examples, two features:
#
# $$X = \begin{pmatrix} 1 & 2 \\ 3 & 1 \end{pmatrix} \quad y = \begin{pmatrix} 1 \\ 2
# \end{pmatrix} \quad w = \begin{pmatrix} 1 \\ -1 \end{pmatrix} \quad p = 0.5$$
#
# The residuals are 2 and 0, so the squared error is 4. The penalty is
# $1 \cdot (1^2 \cdot 10 + (-1)^2 \cdot 5) = 15$. Together: 19. The cell does not use the formula:
# it goes through all four masks. Then it does the same for 20 examples with six random features,
# whose 64 masks must agree with the formula in 12 digits.


# %%
def mean_error(w, x, y, p):
    """The expected squared error under dropout of the inputs, from all masks."""
    return sum(
        probability * np.sum((y - dropout(x, mask, p) @ w) ** 2)
        for mask, probability in all_masks(len(w), p)
    )


def formula(w, x, y, p):
    return np.sum((y - x @ w) ** 2) + p / (1 - p) * np.sum(w**2 * np.sum(x**2, axis=0))


small = np.array([1.0, -1.0]), np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([1.0, 2.0])
print("all four masks:", mean_error(*small, 0.5), " formula:", formula(*small, 0.5))
assert np.isclose(mean_error(*small, 0.5), 19)
assert np.isclose(formula(*small, 0.5), 19)

random = np.random.default_rng(0)
larger = random.normal(size=6), random.normal(size=(20, 6)), random.normal(size=20)
for p in (0.1, 0.5, 0.8):
    one, other = mean_error(*larger, p), formula(*larger, p)
    print(f"p = {p}: all 64 masks {one:.10f}, formula {other:.10f}")
    assert np.isclose(one, other, rtol=1e-12)

# %% [markdown]
# ## What it does to the weights
#
# The minimum of the formula solves a linear system, as in ridge regression:
#
# $$\Big( X^\top X + \frac{p}{1-p} \, \text{diag}(X^\top X) \Big) \, w = X^\top y$$
#
# Let there be one feature, $y = 2x$. Then $X^\top X \, (1 + \frac{p}{1-p}) \, w = 2 X^\top X$, and
# since $1 + \frac{p}{1-p} = \frac{1}{1-p}$, the weight is $w = (1-p) \cdot 2$. Now give the model
# *copies* of this feature. With $k$ of them and $p = 0.5$ the system is
# $(k + 1) \, w = 2$ for each weight.
#
# **Expect.** For $p = 0.5$:
#
# | copies | each weight | sum of the weights |
# |---|---|---|
# | 1 | 1 | 1 |
# | 2 | 2/3 | 4/3 |
# | 3 | 1/2 | 3/2 |
# | 9 | 1/5 | 9/5 |
#
# What several features say is nearly believed; what a single one says is halved. And copies share
# their weight equally. This is the "less co-adaptation" of the paper, in the one model where it can
# be computed.
#
# **Training** does not go through all masks. Each step draws one, and over many steps the means
# take effect.
#
# **Expect.** In the second half of the cell, the first of six weights would be 2.09 without
# dropout. The closed form for $p = 0.5$ says 0.95. 20000 small gradient steps, each with a new mask
# from *your* functions, end there: averaged over the last three quarters of the steps, every weight
# is within 0.02 of the closed form. (A single step jumps around it: training with dropout is
# noisy.)
#
# The picture shows the closed form for every $p$, and as dots the trained weights. At the left is
# least squares, at the right everything is dropped. The features are correlated here: they share
# their weights first, then all weights fade. Unlike the path of L1 in lesson 5, none stays at zero.


# %%
def solve(x, y, p):
    """The weights with the least expected squared error under dropout of the inputs."""
    products = x.T @ x
    return np.linalg.solve(products + p / (1 - p) * np.diag(np.diag(products)), x.T @ y)


feature = np.random.default_rng(0).normal(size=(50, 1))
for copies, each in ((1, 1), (2, 2 / 3), (3, 1 / 2), (9, 1 / 5)):
    w = solve(np.repeat(feature, copies, axis=1), 2 * feature[:, 0], 0.5)
    print(f"{copies} copies: each weight {w[0]:.3f}, sum {w.sum():.3f}")
    assert np.allclose(w, each)

random = np.random.default_rng(0)
x = random.normal(size=(50, 6)) + random.normal(size=(50, 1))
y = x @ np.array([2, -1, 1, 0, 0, 0.5]) + 0.5 * random.normal(size=50)

w, total = np.zeros(6), np.zeros(6)
for i in range(20_000):
    dropped = dropout(x, draw_mask(random, x.shape, 0.5), 0.5)
    w = w - 0.01 * dropped.T @ (dropped @ w - y) / 50
    if i >= 5_000:
        total += w
print("without dropout:  ", solve(x, y, 0).round(2).tolist())
print("closed form:      ", solve(x, y, 0.5).round(2).tolist())
print("trained with masks:", (total / 15_000).round(2).tolist())
assert np.isclose(solve(x, y, 0)[0], 2.09, atol=0.01)
assert np.isclose(solve(x, y, 0.5)[0], 0.95, atol=0.01)
assert np.allclose(total / 15_000, solve(x, y, 0.5), atol=0.02)

probabilities = np.linspace(0, 0.99, 100)
figure, panel = plt.subplots(figsize=(6, 4), layout="constrained")
panel.plot(probabilities, [solve(x, y, p) for p in probabilities])
panel.set_prop_cycle(None)  # the same colours again
panel.plot([[0.5] * 6], [total / 15_000], "o")
panel.set(xlabel="p, the probability of dropping", ylabel="weight")
plt.show()

# %% [markdown]
# ## And in a network?
#
# There, nothing is proven: one has to measure. The experiment: 200 digits for training, two hidden
# layers of 128 units, dropout with $p = 0.5$ or none after each, 60 epochs of Adam. Once the labels
# are right, and once 20 % of them are wrong. A network this large can learn wrong labels by heart.
#
# Single runs prove little: they depend on the digits that were drawn and on the first weights. So
# there are eight **pairs**. The two runs of a pair have the same digits, wrong labels and first
# weights, and only their difference counts. If dropout had no effect, each difference would be
# positive as often as negative, and all eight would have the same sign with probability
# $2 / 2^8 = 0.8\,\%$. That is the sign test: fewer than eight of one sign proves nothing here.
#
# **Expect.** What follows was measured, not predicted. Nothing was tuned, and it is one data set:
# it says nothing about yours. Accuracies in percent, differences in percentage points with their
# standard error:
#
# | labels | without | with dropout | difference | positive |
# |---|---|---|---|---|
# | all right | 92.5 | 93.8 | 1.3 ± 0.5 | 7 of 8 |
# | 20 % wrong | 74.5 | 84.3 | 9.9 ± 1.1 | 8 of 8 |
#
# So with wrong labels dropout helps, beyond doubt; with right labels the sign test cannot tell.
# (Another version of NumPy may round differently, and training amplifies that: the cell allows 2
# points.)

# %%
train, test = load_digits()


def measure_accuracy(seed, p, wrong_labels):
    mr.seed(seed)  # the first weights, the order of the examples, and the masks
    few = train.sample(200, generator=mr.Generator(seed))
    few = few.with_label_noise(wrong_labels, generator=mr.Generator(100 + seed))
    model = nn.Sequential(
        *(nn.Flatten(), nn.Linear(64, 128), nn.ReLU(), nn.Dropout(p)),
        *(nn.Linear(128, 128), nn.ReLU(), nn.Dropout(p), nn.Linear(128, 10)),
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    mr.fit(model, few, epochs=60, batch_size=50, optimizer=optimizer, metrics=(), progress=False)
    return 100 * mr.evaluate(model, test)["accuracy"]


for wrong_labels, expected in ((0, 1.3), (0.2, 9.9)):
    pairs = np.array(
        [[measure_accuracy(seed, p, wrong_labels) for p in (0, 0.5)] for seed in range(8)]
    )
    differences = pairs[:, 1] - pairs[:, 0]
    error = differences.std(ddof=1) / np.sqrt(8)
    print(f"{wrong_labels:.0%} wrong labels: without {pairs[:, 0].mean():.1f}, with", end=" ")
    print(f"{pairs[:, 1].mean():.1f}, difference {differences.mean():.1f} +- {error:.1f}", end=" ")
    print(f"({np.sum(differences > 0)} of 8 positive)")
    assert abs(differences.mean() - expected) < 2

# %% [markdown]
# ## What to keep
#
# * Make randomness an argument. With a given mask, dropout is an ordinary function that a gradient
#   checker can test, and with few entries one can go through all masks.
# * Where only statistics can judge, state the false-alarm probability first.
# * $p$ is the probability of dropping. The factor $1/(1-p)$ belongs in training *or* its inverse at
#   test time, never both. The backward pass uses the mask of the forward pass.
# * The mean is $x$, the variance $\frac{p}{1-p} x^2$.
# * On linear regression, dropout is ridge regression with the strength
#   $\frac{p}{1-p} \sum_i x_{ij}^2$ for $w_j$.
#
# ## Where to read on
#
# * `minireg/ops/dropout.py` and `minireg/nn/dropout.py`: the same, in a few lines each.
# * Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
#   JMLR 15; section 9.1 is the linear regression above.
# * Wager, Wang and Liang (2013), "Dropout training as adaptive regularization": beyond the squared
#   error.
#
# ## If you want more
#
# 1. *Gaussian dropout* multiplies by $1 + \varepsilon$, where $\varepsilon$ is normal with mean 0
#    and variance $p/(1-p)$. Which mean and variance has the output? What does it do to linear
#    regression? Predict, then check.
# 2. Draw one mask per step for all examples, not one for each example. Does the formula for linear
#    regression still hold? Does training still end at the closed form?
# 3. Use $p = 0.8$ in the experiment, with 0 % and with 20 % wrong labels. Write down what you
#    expect before you run it.
# 4. Leave the dropout of a trained network on and predict 100 times. Where do the predictions
#    differ most? (Gal and Ghahramani 2016 take this as a measure of uncertainty.)
#
# Lesson 7 puts the parts together: a network by hand, whose every backward pass is yours.
