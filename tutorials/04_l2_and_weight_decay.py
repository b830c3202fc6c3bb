# %% [markdown]
# # Lesson 4: L2, its three scalings, and weight decay
#
# The most common penalty in deep learning is the sum of the squared weights, L2. It is so common
# that every library has it, under three different scalings, and under a second name, *weight
# decay*, which is sometimes the same thing and sometimes not. In this lesson you find out when.
#
# You
#
# * differentiate the penalty in its three scalings, and let the gradient checker judge;
# * solve ridge regression by hand, and get the same by gradient descent, in two ways;
# * prove which of the three scalings keeps its best strength when the training set grows;
# * see why weight decay and L2 are the same for SGD, and two different things for Adam.
#
# **You need** matrix products, the expectation and the variance; lesson 3 for the question that
# all of this answers. Eigenvalues appear in the middle, and what is needed is explained there.
#
# **Time:** about 60 minutes, three exercises. As before: work out the number first, then run the
# cell.

# %% [markdown]
# ## One penalty, three scalings
#
# A **penalty** is a term that is added to the loss, so that training has to trade one against the
# other. L2 adds the squares of all weights $w$, times a **strength** $\lambda \ge 0$. Three
# scalings are in use; $m$ is the number of training examples:
#
# | name in minireg | term | used by |
# |---|---|---|
# | `sum` | $\lambda \sum w^2$ | Keras |
# | `half` | $\frac{\lambda}{2} \sum w^2$ | weight decay in SGD of PyTorch |
# | `half_mean` | $\frac{\lambda}{2m} \sum w^2$ | many courses |
#
# The same $\lambda$ therefore means something else in each of them. A strength without its scaling
# is no information.
#
# **Expect.** For $w = (3, 4)$ the sum of the squares is 25. With $\lambda = 0.1$ and $m = 5$ the
# three penalties are 2.5, 1.25 and 0.25. Which $\lambda$ in the two other scalings is the same as
# $\lambda = 0.1$ in `sum`? Twice as much in `half`, 0.2, and $2m$ times as much in `half_mean`:
# 1.0.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.data import load_digits

w = np.array([3.0, 4.0])
for scale, expected, equal in (("sum", 2.5, 0.1), ("half", 1.25, 0.2), ("half_mean", 0.25, 1.0)):
    value = reg.L2(0.1, scale, samples=5).value(w)
    same = reg.L2(equal, scale, samples=5).value(w)
    print(f"{scale:9}  λ = 0.1: {value:4.2f}    λ = {equal:.1f}: {same:.2f}")
    assert np.isclose(value, expected)
    assert np.isclose(same, 2.5)

# %% [markdown]
# ### Exercise 1: the gradient of the penalty
#
# `l2` computes the penalty of an array of weights of any shape. Write its backward pass, as in the
# first lesson: `upstream` is $dL/d(\text{penalty})$, one number, and the result has the shape of
# `w`. It must be right in all three scalings.
#
# Before you write: which of the three gives the simplest gradient? That is why the factor
# $\frac12$ is there.
#
# <details><summary>Hint</summary>
#
# Each weight appears in one square only, so every entry of the gradient depends on one entry of w.
# What is the derivative of a square, and what remains of it after the factor that `FACTORS` puts in
# front? The table `FACTORS` is yours to use.
#
# </details>

# %%
FACTORS = {"sum": lambda m: 1, "half": lambda m: 1 / 2, "half_mean": lambda m: 1 / (2 * m)}


def l2(w, strength, scale, m):
    return strength * FACTORS[scale](m) * np.sum(w * w)


def l2_backward(upstream, w, strength, scale, m):
    """dL/dw, in the shape of w."""
    ### BEGIN SOLUTION
    return upstream * 2 * strength * FACTORS[scale](m) * w
    ### END SOLUTION


# %%
weights = np.random.default_rng(0).normal(size=(5, 3))
l2_backward(1.0, weights, 0.3, "sum", 7)  # alone first: here an error is easy to read
for scale in FACTORS:
    report = mr.check_backward(
        lambda w, scale=scale: l2(w, 0.3, scale, 7),
        lambda upstream, w, scale=scale: l2_backward(upstream, w, 0.3, scale, 7),
        weights,
    )
    print(f"{report.verdict}: the scaling {scale!r} for m = 7")
    if not report:
        print(report)
    assert report, (
        f"Exercise 1 is not right for the scaling {scale!r}. The report says what is wrong."
    )

# %% [markdown]
# ## Ridge regression by hand
#
# For a network nobody can write down the best weights. For a linear model one can: this is why
# penalties are studied there first. Let $X$ hold $m$ examples of $d$ features, and $y$ the $m$
# targets. With half the mean of the squares as loss, and L2 in the scaling `half`, we look for the
# $w$ with the smallest
#
# $$J(w) = \frac{1}{2m} \|Xw - y\|^2 + \frac{\lambda}{2} \|w\|^2$$
#
# This is called **ridge regression**. $J$ is a bowl: its lowest point is the only one where the
# gradient is zero.
#
# ### Exercise 2: the lowest point
#
# Return the $w$ with the smallest $J$, of shape (d,). `np.linalg.solve(A, b)` gives the $w$ with
# $A w = b$.
#
# The check uses no formula for $w$. It computes the gradient of the *loss alone* at your $w$: at
# the lowest point the penalty must balance it, so it must be $-\lambda w$. If it is $-c \, w$ for
# another number $c$, you have solved the problem for the strength $c$, and the check says so.
#
# <details><summary>Hint</summary>
#
# Write the gradient of both terms: X transposed appears in the first. Set the sum to zero, multiply
# by m, and collect everything that stands in front of w. A number times w is a number times the
# identity matrix times w: `np.eye(d)` is the identity.
#
# </details>


# %%
def ridge(X, y, strength):
    """The w with the smallest ‖Xw − y‖² / (2m) + strength · ‖w‖² / 2."""
    m, d = X.shape
    ### BEGIN SOLUTION
    return np.linalg.solve(X.T @ X + m * strength * np.eye(d), X.T @ y)
    ### END SOLUTION


# %%
random = np.random.default_rng(0)
X = random.normal(size=(40, 10))
y = X @ random.normal(scale=0.5, size=10) + random.normal(size=40)

solved = ridge(X, y, 0.1)
assert np.shape(solved) == (10,), f"Return the 10 weights, an array of shape (10,), not {solved!r}."
leaf = mr.tensor(solved, requires_grad=True)
slope = mr.grad(0.5 * mr.mse_loss(mr.tensor(X) @ leaf, mr.tensor(y)), leaf).numpy()
strength = -(slope @ solved) / (solved @ solved)  # the c of the text
explained = (
    (0, "The penalty is missing."),
    (0.1 / 40, "The loss is divided by m, and so its part of the equation is, too."),
    (0.05, "The derivative of a square brings a 2."),
    (0.2, "That is the scaling `sum`; here the penalty has a factor 1/2."),
)
named = [sentence for c, sentence in explained if np.isclose(strength, c, rtol=1e-6, atol=1e-9)]
assert np.allclose(slope, -strength * solved), (
    f"Your w is the lowest point for no strength at all: the gradient of the loss is\n{slope}\n"
    f"and w is\n{solved}\nIs the strength only on the diagonal of the matrix?"
)
assert np.isclose(strength, 0.1), (
    f"Your w is the lowest point for the strength {strength:.4g} instead of 0.1. {' '.join(named)}"
)
print("pass: at your w the gradient of the loss is -0.1 w, and the penalty balances it")

# %% [markdown]
# ## The same by gradient descent, in two ways
#
# A network is trained step by step, $w \leftarrow w - \eta \, g$, with the learning rate $\eta$.
# There are two places for the penalty:
#
# 1. **in the loss**: $g$ is then the gradient of the loss plus $\lambda w$ (your exercise 1);
# 2. **in the optimizer**: `weight_decay=λ` adds $\lambda w$ to the gradient.
#
# For SGD both are the same step,
#
# $$w \leftarrow w - \eta (g + \lambda w) = (1 - \eta \lambda) \, w - \eta \, g,$$
#
# and the right-hand side shows where the name comes from: in every step the weights **decay** by
# the factor $1 - \eta \lambda$.
#
# How fast do we arrive? The eigenvalues of $X^\top X / m$ are the curvatures of the loss: here the
# largest is 2.029 and the smallest 0.355. The penalty adds $\lambda = 0.1$ to each. With
# $\eta = 1 / 2.129$, in the direction of least curvature each step leaves
# $1 - 0.455 / 2.129 = 0.786$ of the distance, in all others less.
#
# **Expect.** The two ways differ by rounding, about $10^{-16}$. After 100 steps the distance to
# your solution is below $0.786^{100} = 4 \cdot 10^{-11}$.

# %%
curvatures = np.linalg.eigvalsh(X.T @ X / len(X)) + 0.1
rate = 1 / curvatures[-1]
left = 1 - rate * curvatures[0]
penalty = reg.L2(0.1, "half")
inside, beside = (mr.tensor(np.zeros(10), requires_grad=True) for _ in range(2))
plain, decaying = optim.SGD([inside], lr=rate), optim.SGD([beside], lr=rate, weight_decay=0.1)


def half_mse(w):
    return 0.5 * mr.mse_loss(mr.tensor(X) @ w, mr.tensor(y))


distances, differences = [], []
for _ in range(100):
    plain.zero_grad()
    (half_mse(inside) + penalty(inside)).backward()
    plain.step()
    decaying.zero_grad()
    half_mse(beside).backward()
    decaying.step()
    distances.append(np.max(abs(inside.numpy() - solved)))
    differences.append(np.max(abs(inside.numpy() - beside.numpy())))

print(f"what a step leaves: {left:.3f}, and of 100 steps: {left**100:.1e}")
print(f"distance after 100 steps: {distances[-1]:.1e}")
print(f"largest difference between both ways: {max(differences):.1e}")
assert np.isclose(left, 0.786, atol=1e-3)
assert distances[-1] < 4e-11
assert max(differences) < 1e-14

figure, panel = plt.subplots(figsize=(7, 3), layout="constrained")
panel.semilogy(distances, color="#0072b2", label="gradient descent")
panel.semilogy(left ** np.arange(1, 101), color="#767676", linestyle=":", label="0.786 per step")
panel.set(xlabel="step", ylabel="distance to your solution")
panel.legend(frameon=False)
plt.show()

# %% [markdown]
# ## What L2 does to a weight
#
# Let $c$ be what the penalty adds to the diagonal of $X^\top X$, and choose axes along the
# eigenvectors of $X^\top X$: then this matrix is diagonal, with the eigenvalues $e_i$, and every
# weight has an equation of its own, $(e_i + c) \, w_i = (X^\top y)_i$. Without a penalty the
# solution is $(X^\top y)_i / e_i$. With it, $w_i$ is
#
# $$\frac{e_i}{e_i + c} \text{ times as large.}$$
#
# A direction about which the data say a lot (large $e_i$) is hardly changed. One about which they
# say little shrinks. And **no factor is ever exactly 0**: L2 makes weights small, it removes none.
# (L1 does that, in lesson 5.)
#
# **Expect.** For $c = e_i$ the factor is $\frac12$. So at $c$ equal to the largest eigenvalue its
# direction has half its length, and all others have less than half. At $c = 10^4$, of all ten
# weights none is left with more than a hundredth, and none is 0.

# %%
eigenvalues, directions = np.linalg.eigh(X.T @ X)
free = directions.T @ ridge(X, y, 0)  # without a penalty, along the eigenvectors
strengths = np.geomspace(1, 1e4, 60)
paths = np.array([directions.T @ ridge(X, y, c / len(X)) for c in strengths])
at_largest = directions.T @ ridge(X, y, eigenvalues[-1] / len(X)) / free
print("factors for c = the largest eigenvalue:", np.round(at_largest, 3))
assert np.isclose(at_largest[-1], 0.5)
assert np.all(at_largest[:-1] < 0.5)
assert np.all(abs(paths[-1] / free) < 0.01)
assert np.all(paths[-1] != 0)

figure, panel = plt.subplots(figsize=(7, 3), layout="constrained")
for i in (0, 3, 6, 9):
    share = paths[:, i] / free[i]
    panel.semilogx(strengths, share, label=f"eigenvalue {eigenvalues[i]:.0f}")
panel.set(xlabel="c, on the diagonal", ylabel="what is left of the weight")
panel.legend(frameon=False)
plt.show()

# %% [markdown]
# ## How much is best?
#
# Too weak a penalty follows the noise in $y$, too strong a one forgets the data. In between is a
# best one, and in the simplest model one can compute it. Suppose that the true weights are drawn
# from a normal distribution with mean 0 and variance $\tau^2$, and that each target has an error of
# variance $\sigma^2$:
#
# $$y = X w + \varepsilon, \qquad w_i \sim N(0, \tau^2), \qquad \varepsilon_k \sim N(0, \sigma^2)$$
#
# Along an eigenvector, ridge estimates the true weight $w_i$ by
#
# $$\hat w_i = \frac{e_i \, w_i + n_i}{e_i + c}$$
#
# where $n_i$ comes from the errors: it is independent of $w_i$ and has mean 0 and the variance
# $\sigma^2 e_i$.
#
# ### Exercise 3: the risk
#
# The **risk** is the expected squared error $E \sum_i (\hat w_i - w_i)^2$, over all true weights
# and all errors. Derive it, and write it for an array `e` of eigenvalues. `noise` is $\sigma^2$ and
# `prior` is $\tau^2$; both are variances already.
#
# The check draws 20 000 true weights with their data, solves each of them, and takes the mean
# of the squared errors. If your formula is right, this mean is normally distributed around it, and
# is farther away than 6.1 standard errors with a probability of only $10^{-9}$.
#
# <details><summary>Hint</summary>
#
# Write the difference of the estimate and the true weight as one fraction. Its numerator has two
# parts: one with the true weight, one with n. They are independent and have mean 0, so the
# expectation of the square of their sum is the sum of the expectations of their squares.
#
# </details>


# %%
def risk(e, c, noise, prior):
    """The expected squared error, summed over all directions."""
    ### BEGIN SOLUTION
    return np.sum((noise * e + prior * c**2) / (e + c) ** 2)
    ### END SOLUTION


# %%
random = np.random.default_rng(0)
noise, prior, c = 1.5, 0.25, 7.0
true = random.normal(scale=prior**0.5, size=(10, 20_000))
targets = X @ true + random.normal(scale=noise**0.5, size=(40, 20_000))
errors = np.sum((np.linalg.solve(X.T @ X + c * np.eye(10), X.T @ targets) - true) ** 2, axis=0)
measured, standard_error = errors.mean(), errors.std() / len(errors) ** 0.5

value = risk(np.linalg.eigvalsh(X.T @ X), c, noise, prior)
assert value is not None, "Return one number: the sum over all directions."
assert np.ndim(value) == 0, f"Return one number, the sum over all directions, not {value!r}."
inverse = np.linalg.inv(X.T @ X + c * np.eye(10))
from_noise = noise * np.sum((inverse @ X.T) ** 2)
from_shrinking = prior * c**2 * np.sum(inverse**2)
explained = (
    (from_noise, "It holds the errors only: the penalty also shrinks what is true."),
    (from_shrinking, "It holds the shrinking only: the errors of y also get into the weights."),
    (from_noise - from_shrinking, "Squares add up, whatever the sign of the parts."),
    (from_noise + from_shrinking / c, "The square of the part with the true weight has c²."),
    (from_noise + from_shrinking * prior, "`prior` is a variance already: do not square it."),
    (from_noise * noise + from_shrinking, "`noise` is a variance already: do not square it."),
    ((from_noise + from_shrinking) / 10, "It is a sum over the directions, not a mean."),
)
named = [sentence for number, sentence in explained if np.isclose(value, number, rtol=1e-6)]
away = abs(value - measured) / standard_error
assert away < 6.1, (
    f"You say {value:.4f}. The mean of 20 000 draws is {measured:.4f} ± {standard_error:.4f}: you "
    f"are {away:.0f} standard errors away. {' '.join(named)}"
)
print(f"pass: you say {value:.4f}, and 20 000 draws say {measured:.4f} ± {standard_error:.4f}")

# %% [markdown]
# ## Which scaling keeps its best strength?
#
# Differentiate your risk with respect to $c$. Each direction gives (check it!)
#
# $$\frac{d}{dc} \, \frac{\sigma^2 e + \tau^2 c^2}{(e + c)^2}
# = \frac{2 e \, (\tau^2 c - \sigma^2)}{(e + c)^3}$$
#
# It is negative below $c = \sigma^2 / \tau^2$ and positive above, *for every $e$*. So this $c$ is
# the best one whatever the features are, and however many examples there are: **the best $c$ does
# not depend on $m$.** In the loss, $c$ is $2m\lambda$ for `sum`, $m\lambda$ for `half`, and
# $\lambda$ for `half_mean`, where both terms are divided by the same $m$.
#
# **Expect**, for $\sigma^2 = 1$ and $\tau^2 = \frac14$, the best $c = 4$, and so the best strengths
#
# | m | `sum` | `half` | `half_mean` |
# |---|---|---|---|
# | 30 | 0.0667 | 0.133 | 4 |
# | 60 | 0.0333 | 0.0667 | 4 |
# | 120 | 0.0167 | 0.0333 | 4 |
# | 480 | 0.00417 | 0.00833 | 4 |
#
# With `half` and four times as many examples, you would have to search for $\lambda$ again; with
# `half_mean` you keep it. The cell uses no sampling: it finds the lowest value of *your* risk on a
# grid whose points are 0.5 % apart, so expect 4 up to 0.5 %.

# %%
grid = np.geomspace(1e-3, 1e2, 2303)  # each 0.5 % above the one before
figure, panels = plt.subplots(1, 2, figsize=(9, 3), sharey=True, layout="constrained")
print("   m      sum     half  half_mean")
for m in (30, 60, 120, 480):
    features = np.random.default_rng(1).normal(size=(m, 20))
    e = np.linalg.eigvalsh(features.T @ features)
    curves = {
        scale: np.array([risk(e, c_of_one * strength, 1, 0.25) for strength in grid])
        for scale, c_of_one in (("sum", 2 * m), ("half", m), ("half_mean", 1))
    }
    best = {scale: grid[curve.argmin()] for scale, curve in curves.items()}
    print(f"{m:4} {best['sum']:8.5f} {best['half']:8.5f} {best['half_mean']:10.3f}")
    assert np.allclose([2 * m * best["sum"], m * best["half"], best["half_mean"]], 4, rtol=0.005)
    for panel, scale in zip(panels, ("half", "half_mean")):
        panel.loglog(grid, curves[scale], label=f"m = {m}")
        panel.plot(best[scale], curves[scale].min(), "k.")
        panel.set(title=scale, xlabel="λ")
panels[0].set_ylabel("risk")
panels[1].legend(frameon=False)
plt.show()

# %% [markdown]
# Two traps. First, this $m$ is the size of the *training set*. Whoever divides by the size of the
# batch changes the strength whenever the batch changes. Second, the loss here has the factor
# $\frac12$; beside `mse_loss`, which has none, the best $\lambda$ is twice as large, 8.
#
# ## Why Adam's decay is not L2
#
# SGD subtracts $\eta$ times the gradient. Adam also divides it by the size that the gradient of
# *this* weight had lately. In the first step that is the size of the gradient itself, so with
# $g + \lambda w$ as gradient the step is
#
# $$\eta \, \frac{g + \lambda w}{|g + \lambda w|} = \pm \eta$$
#
# **AdamW** keeps the decay out of this division: first $w \leftarrow (1 - \eta \lambda) w$, then
# the step of Adam with $g$ alone.
#
# **Expect.** One weight $w = 1$, a loss with the gradient 0, and $\eta = 0.1$. SGD and AdamW
# multiply by $1 - 0.1 \lambda$: for $\lambda = 0.5$ that is **0.95**. Adam has the gradient
# $\lambda w = 0.5$ and divides it by its size 0.5: the step is 0.1, and the result is **0.90**. For
# $\lambda = 0.05$ and for 5? SGD and AdamW give 0.995 and 0.5; Adam gives 0.90 and 0.90, whatever
# $\lambda$ is.


# %%
def one_step(optimizer, decay):
    w = mr.tensor(np.array([1.0]), requires_grad=True)
    w.grad = np.array([0.0])
    optimizer([w], lr=0.1, weight_decay=decay).step()
    return w.item()


print("decay      SGD    AdamW     Adam")
for decay in (0.05, 0.5, 5.0):
    after = [one_step(optimizer, decay) for optimizer in (optim.SGD, optim.AdamW, optim.Adam)]
    print(f"{decay:5.2f} {after[0]:8.3f} {after[1]:8.3f} {after[2]:8.3f}")
    assert np.allclose(after, [1 - 0.1 * decay, 1 - 0.1 * decay, 0.9], atol=1e-6)

# %% [markdown]
# ## Who is decayed how much?
#
# A loss with the gradient 0 is an extreme case. In training, with another batch in every step,
# gradients change their sign all the time. So let the gradients of four weights alternate,
# $+s, -s, +s, \ldots$: on average the loss wants nothing from them. Only the size $s$ differs: 0.5,
# 1, 2 and 4. All start at 1, with $\eta = 0.01$ and $\lambda = 0.1$. After 1000 steps, decay alone
# has multiplied by $(1 - 0.001)^{1000} = 0.368$, which is $e^{-1}$.
#
# In Adam $\lambda w$ is divided by the size of the gradient, which is $s$: the weight decays as if
# the strength were $\lambda / s$, so that $e^{-1/s}$ is left.
#
# **Expect**, up to about 0.01: 0.37 for all four weights with SGD and AdamW. With Adam 0.14, 0.37,
# 0.61 and 0.78: weights with **large gradients are decayed less**.
#
# So `weight_decay` means: in SGD, L2 and decay, which are the same; in Adam, the gradient of L2,
# but not a decay by $\eta \lambda$; in AdamW, this decay, but not the gradient of L2.

# %%
sizes = np.array([0.5, 1, 2, 4])
left = {}
for optimizer in (optim.SGD, optim.AdamW, optim.Adam):
    w = mr.tensor(np.ones(4), requires_grad=True)
    stepper = optimizer([w], lr=0.01, weight_decay=0.1)
    for step in range(1000):
        w.grad = sizes * (-1) ** step
        stepper.step()
    left[optimizer] = w.numpy()
    print(f"{optimizer.__name__:6}", np.round(w.numpy(), 2))
print("e^(-1/s)", np.round(np.exp(-1 / sizes), 2))
assert np.allclose(left[optim.SGD], np.exp(-1), atol=0.03)
assert np.allclose(left[optim.AdamW], np.exp(-1), atol=0.03)
assert np.allclose(left[optim.Adam], np.exp(-1 / sizes), atol=0.03)

# %% [markdown]
# ## In a training
#
# `fit` takes a penalty and fills in $m$, the size of the training set, for `half_mean`. A penalty
# acts on weights and leaves biases alone: a bias only moves the result, and a penalty on it would
# pull all predictions towards 0. `weight_decay` of an optimizer acts on *all* parameters that it is
# given.
#
# **Expect.** On 1438 digits, $\lambda = 2$ in `half_mean` is $2 / 1438 = 0.00139$ in `half`. SGD
# with this `weight_decay` for the weights, and none for the biases, ends at the same numbers as SGD
# with the penalty, up to rounding in float32 (about $10^{-6}$). With the decay on everything the
# biases are smaller: they differ by about 0.02.

# %%
digits, new_digits = load_digits()
decay = 2 / len(digits)


def train(way):
    mr.seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    weights = [p for p in model.parameters() if p.regularize]
    biases = [p for p in model.parameters() if not p.regularize]
    groups = {
        "penalty": model.parameters(),
        "decay of the weights": [{"params": weights, "weight_decay": decay}, {"params": biases}],
        "decay of everything": [{"params": weights + biases, "weight_decay": decay}],
    }[way]
    history = mr.fit(
        model, digits, new_digits, epochs=5, optimizer=optim.SGD(groups, lr=0.5), progress=False,
        penalty=reg.L2(2, "half_mean") if way == "penalty" else None, generator=mr.Generator(1),
    )  # fmt: skip
    print(f"{way:20} {history.validation_accuracy[-1]:.1%} of the new digits")
    return model[1].weight.numpy(), model[1].bias.numpy()


print(f"{len(digits)} digits: a decay of {decay:.5f}")
penalized = train("penalty")
same, all_decayed = train("decay of the weights"), train("decay of everything")
of_weights = max(np.max(abs(a - b)) for a, b in zip(penalized, same))
of_biases = np.max(abs(penalized[1] - all_decayed[1]))
print(f"largest difference: {of_weights:.0e}, and of the biases if all is decayed: {of_biases:.3f}")
assert len(digits) == 1438
assert of_weights < 1e-4
assert 0.005 < of_biases < 0.1

# %% [markdown]
# ## What to keep
#
# * A strength means nothing without its scaling: $\lambda$ in `sum` is $2 \lambda$ in `half` and
#   $2 m \lambda$ in `half_mean`.
# * L2 shrinks every direction by $e / (e + c)$, most where the data say least, and removes nothing.
# * The best $c$ is noise over prior, $\sigma^2 / \tau^2$, for every $m$: `half_mean` keeps its best
#   strength when the training set grows.
# * In SGD, weight decay *is* L2. In Adam it is not: one step gives 0.90 instead of 0.95, and
#   weights with large gradients are decayed less. AdamW decays all alike.
# * A penalty of minireg leaves biases out. An optimizer decays whatever it is given.
#
# ## Where to read on
#
# * `minireg/regularizers/elementwise.py`: `L2`, with your exercise 1 as `gradient`.
# * `minireg/optim/adam.py`: the two lines in which `Adam` and `AdamW` differ.
# * `docs/conventions.md`, "Strength of regularization": what other libraries mean by their numbers.
# * Hoerl and Kennard (1970), "Ridge regression"; Krogh and Hertz (1992), "A simple weight decay can
#   improve generalization"; Loshchilov and Hutter (2019), "Decoupled weight decay regularization".
#
# ## If you want more
#
# 1. Keras writes `L2(0.01)`. Which `weight_decay` of SGD is that? And which $\lambda$ in
#    `half_mean` for 1438 examples?
# 2. Stop gradient descent from $w = 0$, without a penalty, after $t$ steps. What is left in a
#    direction with eigenvalue $e$ of $X^\top X / m$? Compare it with ridge for
#    $\lambda = 1 / (\eta t)$: draw both factors against $e$.
# 3. Is `weight_decay` still the same as the penalty in the loss for SGD with momentum 0.9? Predict
#    it from the formula of momentum, then try it.
# 4. Take lesson 3's network and choose $\lambda$ with the validation digits, for 300 and for 1000
#    training digits. Does the best `half_mean` strength stay about the same there, where nothing is
#    linear?
#
# Lesson 5 is about L1: a penalty with a kink, which does remove weights.
