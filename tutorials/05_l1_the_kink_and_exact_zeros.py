# %% [markdown]
# # Lesson 5: L1, the kink, and exact zeros
#
# The L1 penalty adds $\lambda \sum_j |w_j|$ to a loss. It has a reputation: it *removes* weights,
# it makes them exactly zero. But if you add it to a loss and train by gradient descent, you will
# not find a single zero. Both facts come from one point: the kink of $|w|$ at 0.
#
# In this lesson you
#
# * learn what a gradient may be at a kink, and what it means for a minimum;
# * see why gradient steps jump around zero and never stay there;
# * derive a step that does, the *soft threshold*, and test yours against every other answer;
# * use it to solve a lasso problem, and count zeros as $\lambda$ grows;
# * compare L1 with L2, which never removes anything.
#
# **You need** derivatives, NumPy, and from lesson 2 the section about kinks.
#
# **Time:** about 45 minutes, three exercises. As before: work out the number first, then run the
# cell.

# %% [markdown]
# ## What a gradient may be at a kink
#
# To the right of 0, $\lambda |w|$ has the slope $\lambda$; to the left, $-\lambda$. At 0 there is
# no derivative. What can take its place? A derivative gives a tangent, and the tangent of a convex
# function stays below the graph. At a kink there are many such lines. The slope of any of them is a
# **subgradient**: a number $s$ with
#
# $$f(w) \ge f(0) + s \, w \quad \text{for all } w$$
#
# For $f(w) = \lambda |w|$ this says $\lambda |w| \ge s\,w$, which holds for every $w$ if and only
# if $-\lambda \le s \le \lambda$. So **every value in $[-\lambda, \lambda]$ is right at 0**, and at
# any other point only $\lambda \, \text{sign}(w)$ is.
#
# **Expect.** For $\lambda = 0.5$, the gradient checker accepts $-0.5$, $0$, $0.2$ and $0.5$ at
# $w = 0$, since it measures both sides. It rejects $0.8$. At $w = 1$ it accepts only $0.5$.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minireg as mr
from minireg import nn, optim
from minireg.regularizers import L1


def absolute(w):
    return 0.5 * np.abs(w)


def judge(claimed, w):
    """The verdict on a slope of 0.5 |w| that someone claims at w."""
    return mr.check_backward(absolute, lambda upstream, w: upstream * claimed, w).verdict


claims = (-0.5, 0.0, 0.2, 0.5, 0.8)
verdicts = {w: [judge(claimed, w) for claimed in claims] for w in (0.0, 1.0)}
print("claimed: ", claims)
print("at w = 0:", verdicts[0.0])
print("at w = 1:", verdicts[1.0])
assert verdicts[0.0] == ["pass", "pass", "pass", "pass", "fail"]
assert verdicts[1.0] == ["fail", "fail", "fail", "pass", "fail"]

# %% [markdown]
# ### Exercise 1: the gradient of the penalty
#
# Write the backward pass of $L = \lambda \sum_j |w_j|$ for an array $w$ of any shape, with
# $\lambda$ = `STRENGTH`. The upstream gradient is a single number.
#
# Every value between $-\lambda$ and $\lambda$ would pass at 0. Choose 0, as all libraries do: it is
# the middle, and it leaves a weight that is zero where it is.
#
# <details><summary>Hint</summary>
#
# w / |w| has the right values, except in one place. NumPy has a function that gives 1, -1 and, in
# that place, 0. Do not forget the strength and the factor upstream of the chain rule.
#
# </details>

# %%
STRENGTH = 0.1


def l1(w):
    return STRENGTH * np.sum(np.abs(w))


def l1_backward(upstream, w):
    """dL/dw, in the shape of w; 0 where w is 0."""
    ### BEGIN SOLUTION
    return upstream * STRENGTH * np.sign(w)
    ### END SOLUTION


# %%
w = np.array([[-2.0, -0.5, 0.0], [0.7, 0.001, 3.0]])
l1_backward(1.0, np.ones(2))  # alone first: here an error is easy to read
report = mr.check_backward(l1, l1_backward, w)
print(report)
assert report, "Exercise 1 is not right yet. The report above says what is wrong."
at_zero = l1_backward(1.0, np.zeros(2))
assert not np.any(at_zero), f"valid, but at w = 0 the exercise asks for 0 and you gave {at_zero}"

# %% [markdown]
# ## Gradient steps jump around zero
#
# Take the penalty alone, with $\lambda = 1$. Its minimum is at 0. A gradient step with learning
# rate $\eta$ is $w \leftarrow w - \eta \, \text{sign}(w)$: the slope does not become smaller near
# the minimum, so neither does the step. Every step has the length $\eta\lambda$, down to the last.
#
# **Expect**, for $\eta = 0.1$:
#
# * from $w = 0.25$: 0.15, 0.05, −0.05, 0.05, −0.05, … It jumps for ever, and never gets closer than
#   0.05;
# * from $w = 0.3$ three steps should lead exactly to 0. They do not: 0.1 is not an exact number in
#   a computer. The third value is $-3 \cdot 10^{-17}$, which has a sign like any other number, so
#   the fourth is 0.1;
# * a ten times smaller rate from $w = 0.025$ gives ten times smaller jumps, after which they are
#   0.005, and still no zero.


# %%
def descend(w, rate, steps):
    """The values after each gradient step on |w|."""
    values = []
    for _ in range(steps):
        w = w - rate * np.sign(w)
        values.append(w)
    return np.array(values)


for start, rate in ((0.25, 0.1), (0.3, 0.1), (0.025, 0.01)):
    print(f"from {start}, rate {rate}:", "  ".join(f"{w:.2g}" for w in descend(start, rate, 6)))
assert np.allclose(descend(0.25, 0.1, 5), [0.15, 0.05, -0.05, 0.05, -0.05])
assert 0 < -descend(0.3, 0.1, 3)[-1] < 1e-16
assert np.isclose(descend(0.3, 0.1, 4)[-1], 0.1)
assert np.allclose(abs(descend(0.025, 0.01, 100)[2:]), 0.005)

# %% [markdown]
# ## When is zero the minimum?
#
# Now with data. The simplest loss that pulls a weight towards a value $a$ is $\tfrac12 (w - a)^2$.
# Let
#
# $$f(w) = \tfrac12 (w - a)^2 + \lambda |w|$$
#
# A convex function has its minimum where **0 is one of its subgradients**. At $w = 0$ the loss has
# the slope $-a$, and the penalty any slope in $[-\lambda, \lambda]$. Their sum can be 0 if and only
# if $|a| \le \lambda$: if the loss pulls less than the penalty can hold. A smooth penalty cannot
# hold at all. The slope of $\tfrac{\lambda}{2} w^2$ at 0 is 0, so the weakest pull moves $w$ away.
#
# **Expect**, for $\lambda = 1$. With L1, the minimum is at 0 for $a = 0.5$, and for $a = 3$ it is
# where $w - 3 + 1 = 0$, at 2. With L2, $w - a + w = 0$ gives half of $a$: 0.25 and 1.5. The cell
# simply tries all values of $w$ on a fine grid.

# %%
grid = np.arange(-4000, 4001) / 1000
penalties = {"L1": np.abs(grid), "L2": grid**2 / 2}
found = {
    (name, a): grid[np.argmin((grid - a) ** 2 / 2 + penalty)]
    for name, penalty in penalties.items()
    for a in (0.5, 3.0)
}
for (name, a), minimum in found.items():
    print(f"{name}, a = {a}: the minimum is at w = {minimum}")
assert found == {("L1", 0.5): 0, ("L1", 3.0): 2, ("L2", 0.5): 0.25, ("L2", 3.0): 1.5}

# %% [markdown]
# ## The soft threshold in five lines
#
# The minimum of $\tfrac12 (w - u)^2 + t \, |w|$ can be found for every $u$ and every $t \ge 0$,
# with what you know:
#
# 1. If the minimum is at some $w > 0$, the derivative is zero there: $w - u + t = 0$, so
#    $w = u - t$. This is positive only if $u > t$.
# 2. If it is at some $w < 0$, then $w - u - t = 0$, so $w = u + t$. This is negative only if
#    $u < -t$.
# 3. It is at $w = 0$ if and only if $-u$ plus some value in $[-t, t]$ is 0: if $-t \le u \le t$.
# 4. The function is strictly convex, so it has exactly one minimum, and every $u$ is in exactly one
#    of the three cases.
# 5. In words: move $u$ towards zero by $t$, and stop there.
#
# The result is called the **soft threshold** of $u$ at $t$, or the *proximal step* of $t\,|w|$.
#
# ### Exercise 2: write it
#
# `u` is an array of any shape, `t` a number. Return a new array, without a loop over its entries.
#
# <details><summary>Hint</summary>
#
# Two ways. Either split u into its sign and its size: the size becomes smaller by t, but not
# smaller than 0. Or ask what is taken away from u in each of the three cases: it is u itself, but
# limited to the range from -t to t.
#
# </details>


# %%
def soft_threshold(u, t):
    """The minimiser of (w - u)^2 / 2 + t |w|, entry by entry."""
    ### BEGIN SOLUTION
    return np.sign(u) * np.maximum(np.abs(u) - t, 0)
    ### END SOLUTION


# %%
u = np.arange(-12, 13).reshape(5, 5) / 4
for t in (0.0, 0.5, 1.0):
    kept = u.copy()
    w = soft_threshold(u, t)
    assert np.array_equal(u, kept), "u must hold the same values as before: return a new array"
    assert np.shape(w) == u.shape, f"return an array of shape {u.shape}, not {w!r}"
    for one, yours in zip(u.ravel(), w.ravel()):
        objective = (grid - one) ** 2 / 2 + t * np.abs(grid)
        value, best = (yours - one) ** 2 / 2 + t * abs(yours), grid[objective.argmin()]
        assert value <= objective.min() + 1e-12, (
            f"u = {one}, t = {t}: your w = {yours:.4g} gives {value:.4g}, but w = {best:.4g} gives "
            f"{objective.min():.4g}"
        )
print("pass: none of 8001 values of w is better than yours, for 25 values of u and 3 of t")

# %% [markdown]
# **The picture.** What L1 and L2 make of a number $u$. Between $-t$ and $t$ the soft threshold is
# flat: there are the exact zeros. Outside, it takes away the *same amount* $t$ from every number.
# L2 takes away the *same share*: $u / (1 + t)$ is steep everywhere, and zero only at zero. The
# grey line keeps what is larger than $t$ as it is. Many people write it instead of the soft
# threshold; it is called the hard threshold, and it solves a different problem.

# %%
line = np.linspace(-3, 3, 601)
figure, panel = plt.subplots(figsize=(5, 4), layout="constrained")
panel.plot(line, np.where(abs(line) > 1, line, 0), color="#b0b0b0", label="hard threshold")
panel.plot(line, soft_threshold(line, 1.0), color="#d55e00", label="L1: soft threshold")
panel.plot(line, line / 2, color="#0072b2", label="L2: u / (1 + t)")
panel.set(xlabel="u", ylabel="w", title="the proximal steps for t = 1")
panel.legend(frameon=False)
plt.show()

# %% [markdown]
# ## The lasso, step by step
#
# Linear regression with an L1 penalty is the **lasso** (Tibshirani 1996):
#
# $$\min_w \; \frac{1}{2n} \sum_{i=1}^n (x_i \cdot w - y_i)^2 + \lambda \sum_j |w_j|$$
#
# A **proximal gradient step** treats each part as it deserves. It takes a gradient step on the
# smooth part, the loss:
#
# $$u = w - \eta \, g, \qquad g = \tfrac1n X^\top (X w - y)$$
#
# Then it minimises, exactly, the sum of the penalty and of the distance to $u$:
#
# $$w \leftarrow \arg\min_w \; \tfrac{1}{2\eta} \|w - u\|^2 + \lambda \|w\|_1$$
#
# If you multiply this by $\eta$, you know the answer, and its threshold. If $\eta$ is at most 1
# divided by the largest eigenvalue of $\tfrac1n X^\top X$, the objective falls at every step.
#
# ### Exercise 3: one step
#
# `x` is $(n, d)$, `y` is $(n)$, `w` is $(d)$. Use your `soft_threshold`.
#
# The check takes 2000 of your steps on data with 12 features, of which only three matter. Then it
# asks whether 0 is a subgradient: where $w_j \ne 0$, the loss must have the slope
# $-\lambda \, \text{sign}(w_j)$; where $w_j = 0$, any slope in $[-\lambda, \lambda]$.
#
# <details><summary>Hint</summary>
#
# Which number stands before |w| after the multiplication by the step? It is not the strength alone:
# a short step must also make a small threshold. And n is len(y).
#
# </details>


# %%
def proximal_step(w, x, y, strength, step):
    """The weights after one proximal gradient step of the lasso."""
    ### BEGIN SOLUTION
    slope = x.T @ (x @ w - y) / len(y)
    return soft_threshold(w - step * slope, step * strength)
    ### END SOLUTION


# %%
random = np.random.default_rng(0)
x = random.normal(size=(60, 12)) + 0.7 * random.normal(size=(60, 1))  # correlated features
truth = np.zeros(12)
truth[[0, 3, 7]] = 3, -2, 1
y = x @ truth + random.normal(size=60)
step = 1 / np.linalg.eigvalsh(x.T @ x / 60).max()

w = np.zeros(12)
for i in range(2000):
    w = proximal_step(w, x, y, 0.3, step)
    assert np.shape(w) == (12,), f"return an array of shape (12,), not {w!r}"
    assert abs(w).max() < 1e6, (
        f"after {i + 1} steps a weight is {abs(w).max():.0e}: the steps are too long (is the slope "
        f"divided by n, and multiplied by the step?) or go uphill"
    )
slopes = x.T @ (x @ w - y) / 60
zero = w == 0
assert zero.any(), (
    "not one weight is exactly 0. The soft threshold must come last, after the gradient step."
)
assert np.allclose(slopes[~zero], -0.3 * np.sign(w[~zero]), atol=1e-6), (
    f"where your weights are not 0, the loss has the slopes {np.round(slopes[~zero], 3)}, but they "
    f"must be 0.3 in size. You have minimised with another strength. Which threshold did you use?"
)
assert np.all(abs(slopes[zero]) <= 0.3), (
    f"where your weights are 0, the loss has slopes up to {abs(slopes[zero]).max():.3g}, more than "
    f"0.3: these weights must leave zero"
)
print(f"pass: 0 is a subgradient, and {zero.sum()} of 12 weights are exactly 0:")
print((np.round(w, 2) + 0).tolist())

# %% [markdown]
# ## How many zeros? A case that can be counted by hand
#
# Suppose the features are uncorrelated and scaled: $\tfrac1n X^\top X$ is the identity matrix. Then
# the loss is $\tfrac12 \sum_j (w_j - z_j)^2$ plus a constant, with $z = \tfrac1n X^\top y$, the
# solution without a penalty. Each weight is a problem of its own, and you have solved it: the lasso
# gives the soft threshold of $z_j$ at $\lambda$, and ridge regression, L2 with
# $\tfrac{\lambda}{2} \sum w_j^2$, gives $z_j / (1 + \lambda)$.
#
# **Expect**, for $z = (3, -2, 1, 0.5, -0.25, 0.1)$, this number of weights that are not zero:
#
# | $\lambda$ | 0 | 0.2 | 0.4 | 0.8 | 1.5 | 2.5 | 3 |
# |---|---|---|---|---|---|---|---|
# | L1 | 6 | 5 | 4 | 3 | 2 | 1 | 0 |
# | L2 | 6 | 6 | 6 | 6 | 6 | 6 | 6 |
#
# Here $\eta = 1$ is allowed, and then one step from anywhere is enough.

# %%
z = np.array([3, -2, 1, 0.5, -0.25, 0.1])
plain = np.linalg.qr(np.random.default_rng(1).normal(size=(50, 6)))[0] * np.sqrt(50)
strengths = (0, 0.2, 0.4, 0.8, 1.5, 2.5, 2.9999, 3.0001)
counts = []
for strength in strengths:
    lasso = proximal_step(np.ones(6), plain, plain @ z, strength, 1.0)
    assert np.allclose(lasso, z - np.clip(z, -strength, strength), atol=1e-9)
    counts.append((np.sum(lasso != 0), np.sum(z / (1 + strength) != 0)))
    print(f"strength {strength}: not zero with L1 {counts[-1][0]}, with L2 {counts[-1][1]}")
assert [l1_count for l1_count, _ in counts] == [6, 5, 4, 3, 2, 1, 1, 0]
assert [l2_count for _, l2_count in counts] == [6] * 8

# %% [markdown]
# ## The path
#
# Back to the data of exercise 3. Let $\lambda$ grow, and follow each weight: this is the lasso
# **path**. It ends where all weights are zero. At $w = 0$ the slopes of the loss are
# $-\tfrac1n X^\top y$, and 0 is the minimum if and only if none of them is larger than $\lambda$:
#
# $$\lambda_{\max} = \max_j \left| \tfrac1n X^\top y \right|_j$$
#
# **Expect.** This number is 3.598 here, so there is no nonzero weight at $1.001\,\lambda_{\max}$,
# one at $0.999\,\lambda_{\max}$, and all 12 at $0.001\,\lambda_{\max}$. Between
# $0.05\,\lambda_{\max}$ and $0.25\,\lambda_{\max}$ it is the three that made the data. (With more
# noise or stronger correlations, this need not work so well.) Ridge regression keeps all 12 at
# every strength.
#
# The picture shows, in colour, the three features that made the data, and in grey the other nine.
# On the left, the weights reach zero one after the other, along straight lines with a bend wherever
# one of them gets there, and they stay at zero. On the right they fade, and the curves do not end.
# For L2 the penalty's slope $\lambda w$ fades as $w$ does; for L1 it stays $\lambda$ until the end.
#
# Two more things to see. L1 makes the *large* weights smaller, too: the first one is 2.98 without a
# penalty and 2.76 at $\lambda = 0.3$. And L2 spreads a weight over correlated features: some of the
# grey curves grow before they fade.


# %%
def solve_lasso(strength):
    w = np.zeros(12)
    for _ in range(1000):
        w = proximal_step(w, x, y, strength, step)
    return w


def solve_ridge(strength):
    return np.linalg.solve(x.T @ x / 60 + strength * np.eye(12), x.T @ y / 60)


largest = np.max(abs(x.T @ y / 60))
print(f"largest useful strength: {largest:.3f}")
assert np.isclose(largest, 3.598, atol=5e-4)
for share, expected in ((1.001, 0), (0.999, 1), (0.25, 3), (0.1, 3), (0.05, 3), (0.001, 12)):
    lasso, ridge = solve_lasso(share * largest), solve_ridge(share * largest)
    print(f"{share:5} of it: not zero with L1 {np.sum(lasso != 0)}, with L2 {np.sum(ridge != 0)}")
    assert (np.sum(lasso != 0), np.sum(ridge != 0)) == (expected, 12)

path = np.linspace(0, 1.05, 64) * largest
figure, panels = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
for panel, name, solve in zip(panels, ("L1: lasso", "L2: ridge"), (solve_lasso, solve_ridge)):
    weights = np.array([solve(strength) for strength in path])
    panel.plot(path, weights[:, truth == 0], color="#b0b0b0", linewidth=1)
    for j, colour in zip(np.flatnonzero(truth), ("#d55e00", "#0072b2", "#009e73")):
        panel.plot(path, weights[:, j], color=colour, label=f"feature {j}, made with {truth[j]:g}")
    panel.set(xlabel="strength", title=name)
panels[0].set_ylabel("weight")
panels[0].legend(frameon=False)
plt.show()

# %% [markdown]
# ## The same in minireg
#
# `L1(strength)` has both: `gradient` is your exercise 1, `proximal(w, step)` your exercise 2. `fit`
# uses the gradient by default, as other deep-learning libraries do, and the proximal step with
# `proximal=True`, after each step of the optimizer.
#
# One factor has to be converted. `mse_loss` is $\tfrac1n \sum (\ldots)^2$, without the $\tfrac12$
# of the lasso, so loss and slope are twice as large. The same minimum needs twice the strength,
# 0.6, and half the step.
#
# **Expect.** Both runs have the same data, the same number of steps and the same penalty. With
# `proximal=True` the result has 9 exact zeros: it is your solution from exercise 3, up to the
# precision of float32, and it has found the three features that made the data. As a term of the
# loss the penalty gives no zero at all. These weights jump around zero by about
# $\eta\lambda = 0.3 / 7.9 = 0.04$, and the objective stays one to three percent above the minimum,
# which is 1.877.

# %%
u = np.array([-3.0, -0.2, 0.0, 0.5, 2.0])
assert np.allclose(L1(1.0).proximal(u, step=0.4), soft_threshold(u, 0.4))
assert np.allclose(L1(0.1).gradient(u), l1_backward(1.0, u))


def objective(w):
    return np.sum((x @ w - y) ** 2) / 120 + 0.3 * np.sum(np.abs(w))


weights = {}
for proximal in (False, True):
    model = nn.Linear(12, 1, bias=False)
    model.weight.data[:] = 0
    mr.fit(
        model,
        (x.astype("float32"), y.astype("float32")[:, None]),
        epochs=1000,
        batch_size=60,
        optimizer=optim.SGD(model.parameters(), lr=step / 2),
        criterion=mr.mse_loss,
        penalty=L1(0.6),
        proximal=proximal,
        metrics=(),
        progress=False,
    )
    weights[proximal] = model.weight.numpy()[0]
    print(f"proximal={proximal}: {np.sum(weights[proximal] == 0)} exact zeros", end=", ")
    print(f"objective {objective(weights[proximal]):.3f}")
    print("  ", (np.round(weights[proximal].astype(float), 2) + 0).tolist())
assert np.allclose(weights[True], w, atol=1e-4)
assert np.flatnonzero(weights[True]).tolist() == np.flatnonzero(truth).tolist() == [0, 3, 7]
assert np.all(weights[False] != 0)
assert np.isclose(objective(weights[True]), 1.877, atol=5e-4)
assert 1.01 < objective(weights[False]) / 1.877 < 1.03

# %% [markdown]
# ## What to keep
#
# * At 0, every value in $[-\lambda, \lambda]$ is a subgradient of $\lambda |w|$. Libraries take 0.
# * A convex function is minimal where 0 is a subgradient. So a weight is zero if the loss pulls at
#   it with at most $\lambda$.
# * Gradient steps on $|w|$ keep their length $\eta\lambda$ and jump around zero. A proximal step
#   stops there.
# * The threshold is $\eta\lambda$, the step times the strength.
# * L1 takes the same amount from every weight, L2 the same share.
#
# ## Where to read on
#
# * `minireg/regularizers/elementwise.py`: L1 and L2, each with value, gradient and proximal step.
# * `docs/regularizers.md`: three ways to use a penalty, and what each does.
# * Parikh and Boyd (2014), "Proximal algorithms": the general idea, and many more proximal steps.
#
# ## If you want more
#
# 1. In exercise 3, use the threshold $\lambda$ instead of $\eta\lambda$. Which strength have you
#    then in fact used? Predict the slopes that the check will show.
# 2. Derive the proximal step of L1 + L2, $t_1 |w| + \tfrac{t_2}{2} w^2$, in five lines. In which
#    order do the threshold and the shrinking come?
# 3. Minimise $\tfrac12 (w - 3)^2 + |w|$ by SGD with momentum 0.9 and a soft threshold of
#    $\eta\lambda$ after each step. The answer should be 2. What do you get, and which step should
#    the threshold have used? (In the long run, momentum makes every step $1 / (1 - 0.9)$ times as
#    long.)
# 4. Copy feature 0 of the data into a second column. What does the lasso do with the two, and what
#    does ridge regression do?
