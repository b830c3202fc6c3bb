# %% [markdown]
# # Lesson 2: checking gradients, and why the step size matters
#
# A wrong gradient raises no error. The loss often still falls, only less, so the mistake is hard to
# find. A **gradient check** finds it in a second: it measures the slope of the function itself and
# compares. But the measurement has an error, too. If you do not know this error, you take right
# gradients for wrong ones, and wrong ones for right.
#
# In this lesson you
#
# * predict the error of a measured slope, and the best step size, before you measure either;
# * write a numeric gradient, and two backward passes that the gradient checker tests;
# * see why thresholds mislead, what happens at a kink, and why the upstream gradient is random;
# * let the gradient checker of minireg name typical mistakes.
#
# **You need** Taylor's formula and lesson 1, at least its first half.
#
# **Time:** about 45 minutes, three exercises. As before: work out the number first, then run the
# cell.

# %% [markdown]
# ## Two ways to measure a slope
#
# The derivative is the limit of $(f(x + h) - f(x)) / h$. A computer cannot go to the limit, so it
# stops at some small step $h$. Taylor's formula says what is lost:
#
# $$f(x \pm h) = f(x) \pm h f'(x) + \tfrac{h^2}{2} f''(x) \pm \tfrac{h^3}{6} f'''(x) + \ldots$$
#
# $$\text{forward:}\quad \frac{f(x + h) - f(x)}{h} = f'(x) + \tfrac{h}{2} f''(x) + \ldots$$
#
# $$\text{central:}\quad \frac{f(x + h) - f(x - h)}{2h} = f'(x) + \tfrac{h^2}{6} f'''(x) + \ldots$$
#
# In the central difference the terms with $f''$ cancel. What remains is called the **truncation
# error**: of first order in $h$ for the forward, of second order for the central difference.
#
# **Expect.** All derivatives of $f(x) = e^x$ at $x = 1$ are $e = 2.71828$. So for $h = 10^{-3}$ the
# forward difference is too large by $\frac{h}{2} e = 1.36 \cdot 10^{-3}$, and the central one by
# $\frac{h^2}{6} e = 4.53 \cdot 10^{-7}$, three thousand times less. A step ten times smaller makes
# the first error 10 times smaller and the second one 100 times.

# %%
from functools import partial

import matplotlib.pyplot as plt
import numpy as np

import minireg as mr


def forward_difference(f, x, h):
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


print("step      forward error   central error")
for h in (1e-2, 1e-3, 1e-4):
    forward_error = forward_difference(np.exp, 1.0, h) - np.e
    central_error = central_difference(np.exp, 1.0, h) - np.e
    print(f"{h:.0e} {forward_error:15.3e} {central_error:15.3e}")
    assert abs(forward_error / (h / 2 * np.e) - 1) < 0.01
    assert abs(central_error / (h**2 / 6 * np.e) - 1) < 0.01

# %% [markdown]
# ## Then why not a tiny step?
#
# Because a computer keeps a limited number of digits: every $f(x)$ is rounded by up to about
# $\varepsilon |f(x)|$, with $\varepsilon = 2.2 \cdot 10^{-16}$ in float64 and $1.2 \cdot 10^{-7}$
# in float32. The difference of two nearly equal numbers consists of their last digits, and those
# are the rounded ones. Divided by $h$, this **round-off error** is about $\varepsilon / h$: the
# smaller the step, the *larger* it is. For a function whose derivatives are as large as itself,
# such as $e^x$, the relative errors are
#
# $$E_{\text{forward}}(h) \approx h + \frac{\varepsilon}{h} \qquad\qquad
# E_{\text{central}}(h) \approx h^2 + \frac{\varepsilon}{h}$$
#
# (factors like $\frac12$ left out). On a log-log plot these are two straight lines that form a V.
# Its right arm has the slope 1 or 2, its left arm the slope $-1$, and the tip is where both errors
# are equal: $h = \varepsilon / h$, that is $h = \varepsilon^{1/2}$; and $h^2 = \varepsilon / h$,
# that is $h = \varepsilon^{1/3}$.
#
# **Expect**, up to the factors that were left out:
#
# | | | float64 | float32 |
# |---|---|---|---|
# | forward, best step | $\varepsilon^{1/2}$ | 1.5e-8 | 3.5e-4 |
# | forward, error there | $\varepsilon^{1/2}$ | 1.5e-8 | 3.5e-4 |
# | central, best step | $\varepsilon^{1/3}$ | 6.1e-6 | 4.9e-3 |
# | central, error there | $\varepsilon^{2/3}$ | 3.7e-11 | 2.4e-5 |
#
# The cell measures the error for 1000 values of $x$ and takes the median, since round-off varies
# from one $x$ to the next.

# %%
RULES = {
    "forward": (forward_difference, 1, "#d55e00"),  # the rule, its order, its colour
    "central": (central_difference, 2, "#0072b2"),
}
curves = {}


def median_error(rule, dtype, h):
    """The median of the relative errors for 1000 values of x, computed in dtype."""
    x = np.linspace(0.5, 1.5, 1000).astype(dtype)
    slopes = rule(np.exp, x, dtype(h)).astype(np.float64)
    return np.median(abs(slopes / np.exp(x.astype(np.float64)) - 1))


def arm(steps, errors):
    """The slope of a piece of a curve on a log-log plot."""
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]


for dtype in (np.float32, np.float64):
    epsilon = float(np.finfo(dtype).eps)
    steps = np.logspace(np.log10(20 * epsilon), -0.5, 80)
    for name, (rule, order, _) in RULES.items():
        errors = np.array([median_error(rule, dtype, h) for h in steps])
        curves[dtype, name] = steps, errors
        tip, best = epsilon ** (1 / (order + 1)), errors.argmin()
        left = arm(steps[steps < tip / 10], errors[steps < tip / 10])
        right = arm(steps[steps > tip * 10], errors[steps > tip * 10])
        print(f"{dtype.__name__} {name}: arms {left:.2f} and {right:.2f}", end=", ")
        print(f"best step {steps[best]:.1e}, error there {errors[best]:.1e}")
        assert np.allclose([left, right], [-1, order], atol=0.2)
        assert 0.1 < steps[best] / tip < 10
        assert 0.1 < errors[best] / tip**order < 10

# %% [markdown]
# **The picture.** Dashed: the best steps as predicted. Dotted: the predicted errors $h$, $h^2$ and
# $\varepsilon / h$, drawn without any fitting. It shows two things. The central difference moves
# every input twice instead of once, and its best slope is several hundred times more exact (in
# float32, about twenty times). And in float32 even the best slope has only five digits, while a
# mistake may be in the sixth: **gradients are checked in float64.**

# %%
figure, panels = plt.subplots(1, 2, figsize=(10, 4), sharex=True, sharey=True, layout="constrained")
for panel, dtype in zip(panels, (np.float32, np.float64)):
    epsilon = float(np.finfo(dtype).eps)
    for name, (_, order, colour) in RULES.items():
        steps, errors = curves[dtype, name]
        panel.loglog(steps, errors, color=colour, label=f"{name} difference")
        tip = epsilon ** (1 / (order + 1))
        panel.axvline(tip, color=colour, linestyle="--", linewidth=1)
        panel.text(tip, 2, rf"$\varepsilon^{{1/{order + 1}}}$", color=colour, ha="center")
        falling = steps[steps >= tip]
        panel.loglog(falling, falling**order, color=colour, linestyle=":")
        panel.text(0.4, 0.4**order, f"$h^{order}$", color=colour, va="center")
    rising = steps[steps <= tip]
    panel.loglog(rising, epsilon / rising, color="#767676", linestyle=":")
    panel.text(rising[0], 2 * epsilon / rising[0], r"$\varepsilon / h$", color="#767676")
    panel.set_title(dtype.__name__, pad=24)
    panel.set(xlabel="step h", ylim=(1e-12, 1), xlim=(1e-15, 4))
panels[0].set_ylabel("relative error of the slope")
panels[0].legend(frameon=False, loc="lower left")
plt.show()

# %% [markdown]
# ### Exercise 1: the numeric gradient
#
# A network has not one input but many, in arrays. Write the central difference for *every entry* of
# an array: move one entry by $h$, leave the others unchanged, and put the slope in the same
# position of the result.
#
# `f` takes an array and returns a number. `x` may have any shape, and must hold the same values
# afterwards. It should also work for an array of whole numbers.
#
# <details><summary>Hint</summary>
#
# `np.ndindex(x.shape)` gives the indices of all entries, one after the other, whatever the shape.
# An array of whole numbers cannot hold x + h, so do not write into `x`: make an array of zeros, of
# floats, put h in one place of it, and add.
#
# </details>


# %%
def numeric_gradient(f, x, h=1e-5):
    """The array of the slopes df/dx[i], in the shape of x."""
    ### BEGIN SOLUTION
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
    ### END SOLUTION


# %%
def sum_of_cubes(x):
    return np.sum(x**3)


x = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
kept = x.copy()
slopes = numeric_gradient(sum_of_cubes, x)
assert np.shape(slopes) == x.shape, f"return an array with a slope for each entry, not {slopes!r}"
assert np.array_equal(x, kept), f"x must hold the same values as before, and holds\n{x}"
assert np.allclose(slopes, 3 * x**2, rtol=1e-7), f"expected\n{3 * x**2}\nbut you returned\n{slopes}"
slopes = numeric_gradient(lambda x: sum_of_cubes(x) / 2, np.array([1, 2]))
assert np.allclose(slopes, [1.5, 6]), (
    f"for the whole numbers [1, 2], expected [1.5, 6] but you returned {slopes}. In which array do "
    f"you keep x + h, and in which one the slopes?"
)
print("pass: your slopes are 3 x squared")

# %% [markdown]
# ## What if the output is an array, too?
#
# A backward pass takes an upstream gradient $u$, of the shape of the output, and returns
# $\sum_j u_j \, \partial f_j / \partial x_i$. That is the gradient of *one number*,
# $\varphi(x) = \sum_j u_j f_j(x)$. So choose a $u$, measure the slopes of $\varphi$, and compare.
#
# Which $u$? All ones, the plain sum of the outputs, seems natural. But the outputs of a softmax add
# up to 1 in each row. With ones, $\varphi$ is the number of rows for every $x$. Its gradient is
# zero, and so is any multiple of it.
#
# **Expect.** The backward pass below is twice as large as it should be. With ones it *passes*. With
# a random $u$ of both signs, which the checker draws if you do not choose one, it fails, and every
# entry is wrong by the factor 2.


# %%
def softmax(x):
    p = np.exp(x)
    return p / p.sum(axis=1, keepdims=True)


def doubled(upstream, x):
    p = softmax(x)
    return 2 * p * (upstream - (upstream * p).sum(axis=1, keepdims=True))


x = np.random.default_rng(0).normal(size=(5, 3))
with_ones = mr.check_backward(softmax, doubled, x, gradient=np.ones((5, 3)))
with_random = mr.check_backward(softmax, doubled, x)
print("upstream gradient of ones:", with_ones.verdict)
print("random upstream gradient: ", with_random)
assert (with_ones.verdict, with_random.verdict) == ("pass", "fail")
assert "a 2 is too many" in str(with_random.causes[0])

# %% [markdown]
# ## A threshold can mislead
#
# Many courses say: "The relative error must be below $10^{-7}$." Let $a$ be your gradient and $n$
# the numeric one, as vectors. The usual measure is $\|a - n\| / (\|a\| + \|n\|)$. It misleads in
# both directions:
#
# * **Right, but looks wrong.** Let $f(x) = 1 + 10^{-10} \sin x$ at $x = 1$, with the gradient
#   $5.4 \cdot 10^{-11}$. For $h = 10^{-5}$ the round-off $\varepsilon / h = 2.2 \cdot 10^{-11}$ is
#   of the same size: the right gradient is off by a percent or more. In a deep network such a small
#   gradient is not rare.
# * **Wrong, but looks right.** Let $L = 10^8 w^2 + b^2$ at $w = 3$, $b = 4$, and let the sign of
#   $dL/db$ be wrong: $-8$ for $8$. Compared with $dL/dw = 6 \cdot 10^8$ this is tiny:
#   $16 / (1.2 \cdot 10^9) = 1.3 \cdot 10^{-8}$.
#
# So the checker of minireg compares entry by entry, and estimates how exact each slope is. It
# measures with **two step sizes**, $h$ and $h/2$: truncation shows in their difference (halve the
# step, and an error of second order falls to a quarter). It measures the round-off of $f$, too.
# This gives the error of each slope, and a gradient is right if it agrees up to that error and
# $10^{-7}$ of *this* slope, the `tolerance` in the report. If the error is too large to tell right
# from wrong, the report says so. So there are **three verdicts**: `pass`, `fail` and `cannot tell`,
# with a reason.
#
# **Expect** `cannot tell` for the first and `fail` for the second. The third computes in float32:
# expect `cannot tell`, with another reason. The last one is a dropout that draws a new mask in
# every call, so it has no derivative: expect `fail`.


# %%
def relative_error(a, n):
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))


def tiny(x):
    return 1 + 1e-10 * np.sin(x)


def steep(w, b):
    return 1e8 * w**2 + b**2


a, n = 1e-10 * np.cos(1.0), central_difference(tiny, 1.0, 1e-5)
print(f"right, but its relative error is {relative_error(a, n):.0e}")
assert relative_error(a, n) > 1e-3
a = np.array([2e8 * 3.0, -2 * 4.0])
n = numeric_gradient(lambda wb: steep(*wb), np.array([3.0, 4.0]))
print(f"wrong, but its relative error is {relative_error(a, n):.0e}\n")
assert relative_error(a, n) < 1e-7

mask = np.random.default_rng(0)
x = np.array([0.5, 1.0, 1.5, 2.0])
for expected, report in (
    ("cannot tell", mr.check_backward(tiny, lambda u, x: u * 1e-10 * np.cos(x), 1.0)),
    ("fail", mr.check_backward(steep, lambda u, w, b: (u * 2e8 * w, -u * 2 * b), 3.0, 4.0)),
    ("cannot tell", mr.check_backward(lambda x: np.float32(x) ** 2, lambda u, x: 2 * u * x, x)),
    ("fail", mr.check_backward(lambda x: x * (mask.random(4) < 0.5), lambda u, x: u, x)),
):
    print(report, "\n")
    assert report.verdict == expected

# %% [markdown]
# ## Kinks
#
# $\text{relu}(x) = \max(x, 0)$ has no derivative at 0: the slope is 0 on the left and 1 on the
# right. Any value between them is called a **subgradient**, and each of them is right; libraries
# take 0.
#
# **Expect.** At 0 the central difference is the mean of both slopes: 0.5, which is neither of the
# two. And *near* the kink, at $x = h/2$, where the slope is 1, it reaches across the
# kink: $(\tfrac32 h - 0) / 2h = 0.75$. A right gradient seems to be wrong by a quarter.
#
# So the checker measures both sides separately. If they disagree, it shrinks the step, until a kink
# nearby is out of reach. If they still disagree, the kink is at this point, and every value between
# the two slopes is right.


# %%
def relu(x):
    return np.maximum(x, 0)


h = 1e-5
print("at 0:   ", central_difference(relu, 0.0, h))
print("at h/2: ", central_difference(relu, h / 2, h))
assert np.isclose(central_difference(relu, 0.0, h), 0.5)
assert np.isclose(central_difference(relu, h / 2, h), 0.75)

report = mr.check_backward(relu, lambda u, x: u * (x > 0), np.array([-1.0, 0.0, h / 2, 2.0]))
print(report)
assert report

# %% [markdown]
# ### Exercise 2: a backward pass with kinks
#
# The *soft threshold* moves every entry towards zero by 1, and sets entries that are smaller than
# that to exactly zero:
#
# $$y = \begin{cases} x - 1 & x > 1 \\ 0 & -1 \le x \le 1 \\ x + 1 & x < -1 \end{cases}$$
#
# It is how L1 regularization removes weights; you will meet it again. Write its backward pass. `x`
# and `upstream` are arrays of one shape. At the kinks choose any valid value: which values are
# valid there?
#
# <details><summary>Hint</summary>
#
# Draw y. There are three pieces: what is the slope of each? A comparison of arrays gives an array
# of True and False, which count as 1 and 0 in a product. Do not forget the factor upstream of the
# chain rule.
#
# </details>


# %%
def soft_threshold(x):
    return x - np.clip(x, -1, 1)


def soft_threshold_backward(upstream, x):
    """dL/dx, in the shape of x."""
    ### BEGIN SOLUTION
    return upstream * (abs(x) > 1)
    ### END SOLUTION


# %%
smooth, kinks = np.array([-2.5, -1.3, -0.5, 0.0, 0.4, 1.2, 3.0]), np.array([-1.0, 1.0])
soft_threshold_backward(np.ones(7), smooth)  # alone first: here an error is easy to read
for x in (smooth, kinks):
    report = mr.check_backward(soft_threshold, soft_threshold_backward, x)
    print(report)
    assert report, "Exercise 2 is not right yet. The report above says what is wrong."

# %% [markdown]
# ### Exercise 3: the backward pass of a linear layer
#
# The most common layer is $Y = X W^\top + b$. Here $X$ holds 5 examples of 3 features, $W$
# is $(7, 3)$, $b$ is $(7)$, and $Y$ and `upstream` are $(5, 7)$. Entry by entry,
#
# $$y_{nk} = \sum_j x_{nj} \, w_{kj} + b_k$$
#
# Write the three gradients with matrix products and sums, without a loop.
#
# <details><summary>Hint</summary>
#
# Take one weight and ask which outputs it reaches: all n, one k. Sum upstream times local
# derivative over them, and read the sum as a product of two matrices. Then check by shapes: from
# (5, 7), (5, 3) and (7, 3) there is one product with the shape of X, and one with the shape of W.
# Which outputs does a single bias reach?
#
# </details>


# %%
def linear(x, w, b):
    return x @ w.T + b


def linear_backward(upstream, x, w, b):
    """dL/dx of shape (5, 3), dL/dw of shape (7, 3) and dL/db of shape (7,)."""
    ### BEGIN SOLUTION
    return upstream @ w, upstream.T @ x, upstream.sum(axis=0)
    ### END SOLUTION


# %%
random = np.random.default_rng(0)
layer = random.normal(size=(5, 3)), random.normal(size=(7, 3)), random.normal(size=7)
linear_backward(np.ones((5, 7)), *layer)
report = mr.check_backward(linear, linear_backward, *layer)
print(report)
assert report, "Exercise 3 is not right yet. The report above says what is wrong."

# %% [markdown]
# ## Mistakes leave traces
#
# A mistake leaves a trace in the numbers: a constant ratio, a missing sum, the same values in other
# places. The checker looks for the traces of common mistakes. Now that your backward pass
# is right, change it in six ways:
#
# 1. $dL/dX$ twice as large;
# 2. $dL/dW$ with the wrong sign;
# 3. $dL/db$ as a mean over the batch instead of the sum;
# 4. $dL/db$ not summed at all;
# 5. $dL/dW$ transposed;
# 6. $dL/dW$ computed from an upstream gradient of ones.
#
# What would *you* look for to recognise each of them? Think first, then read what the checker looks
# for. **Expect** six times `fail`, and each time exactly one cause: the right one. (The sizes 5, 3
# and 7 are chosen to be different primes: so a factor 1/5 can only come from the batch, while in a
# batch of 7 a factor 1/7 could as well come from the outputs.)


# %%
def make_wrong(number, u, x, w, b):
    dx, dw, db = linear_backward(u, x, w, b)
    return (
        (2 * dx, dw, db),
        (dx, -dw, db),
        (dx, dw, db / len(u)),
        (dx, dw, u),
        (dx, dw.T, db),
        (dx, linear_backward(np.ones_like(u), x, w, b)[1], db),
    )[number - 1]


traces = (
    "a 2 is too many",
    "the sign is wrong",
    "1/5, where 5 is the length of axis 0",
    "it is not summed over axis 0",
    "it is transposed",
    "the upstream gradient is ignored",
)
for number, trace in enumerate(traces, start=1):
    report = mr.check_backward(linear, partial(make_wrong, number), *layer)
    cause = report.causes[0]
    print(f"{number}. {report.verdict}: {cause}")
    assert report.verdict == "fail"
    assert trace in str(cause)

# %% [markdown]
# ## What to keep
#
# * Truncation grows with the step, round-off with its inverse. The best step is $\varepsilon^{1/2}$
#   for the forward and $\varepsilon^{1/3}$ for the central difference, times the scale of $x$.
#   Check in float64.
# * Reduce an array to one number with a random upstream gradient of both signs, never with ones.
# * A relative error means nothing without the error of the measurement. Know both, or say "cannot
#   tell".
# * At a kink, every value between the one-sided slopes is right.
# * A check compares a gradient with *your* function. If the function itself is not what you meant,
#   it still passes.
#
# ## Where to read on
#
# * `minireg/gradcheck/differences.py`: the formulas of this lesson, and how two steps make a better
#   slope.
# * `minireg/gradcheck/slopes.py`: which step to trust, and what counts as a kink.
# * `minireg/gradcheck/causes.py`: the traces of mistakes, one short function each.
# * In a terminal, `minireg gradcheck` checks every operation of the library.
#
# ## If you want more
#
# 1. Combine two central differences, $D(h)$ and $D(h/2)$, to $(4 D(h/2) - D(h)) / 3$. Which order
#    does its error have, and where is its best step? Predict both, then add the curve to the
#    picture.
# 2. Replace `np.exp` in the picture by `np.sin` or by a function of your own. What changes, and
#    what stays?
# 3. Make a mistake in `linear_backward` that the checker notices but cannot name. What trace does
#    it leave?
# 4. Take the network of lesson 1 and check the gradient of its loss with
#    `mr.check_gradients(loss, parameters=[w1, b1, w2, b2])`. Which entries does the checker look
#    at, and why not at all of them?
