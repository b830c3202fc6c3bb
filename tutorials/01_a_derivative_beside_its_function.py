# %% [markdown]
# # Lesson 1: a derivative beside its function
#
# A deep-learning library has one main idea: **every operation has its own derivative**. Where
# $y = x^3$ is computed, the library also records how a gradient passes back through it. A network
# is a chain of such operations, and its gradient is computed by walking the chain backwards.
#
# In this lesson you
#
# * read operations of minireg: the function and its derivative, side by side;
# * follow a gradient backwards through a chain, first by hand, then by the engine;
# * write three backward passes of your own, and test each of them with the *gradient checker*;
# * train a network that reads digits, with an activation and a loss that *you* differentiated.
#
# **You need** the rules of differentiation from school (product, quotient, chain) and NumPy arrays
# with broadcasting.
#
# **Time:** about 40 minutes, three exercises.
#
# **How to work.** Before a cell that computes, the text says what to **expect**. Cover the text
# from there on, work the number out yourself, and only then read on and run the cell. An exercise
# is a cell that says `YOUR CODE HERE`. The cell below it checks what you wrote. If you are stuck,
# open the hint.

# %% [markdown]
# ## One function, one derivative
#
# Every computation ends in one number $L$, the loss. Somewhere inside it an operation computes
# $y = f(x)$, and all it has to do is to turn $dL/dy$ into $dL/dx$. The chain rule says
#
# $$\frac{dL}{dx} = \underbrace{\frac{dL}{dy}}_{\text{upstream } g} \cdot
# \underbrace{f'(x)}_{\text{local derivative}}$$
#
# The **upstream gradient** $g$ comes from the operations that used $y$. The **local derivative**
# belongs to the operation itself. A function that maps $g$ to $g \cdot f'(x)$ is called a **vjp**
# (for vector-Jacobian product, a name that exercise 3 will explain).
#
# In minireg an operation is a Python function that returns both: its value, and a tuple with one
# vjp for each argument. (The comma in `(vjp,)` makes it a tuple, even with a single entry.)
#
# **Expect.** For $y = x^3$ at $x = 2$ the value is 8 and the local derivative $3x^2$ is 12.
# `backward()` starts with $g = 1$, so the first gradient is 12. For $L = 5y$, the operation gets
# $g = 5$ from upstream, and the gradient is 60.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minireg as mr
from minireg import optim
from minireg.data import load_digits


@mr.primitive
def cube(x):
    """x cubed.  Its local derivative is 3 x squared."""
    return x * x * x, (lambda g: g * 3 * x * x,)


x = mr.tensor(2.0, requires_grad=True)
y = cube(x)
y.backward()
print("y =", y.item(), "and dy/dx =", x.grad)
assert (y.item(), x.grad) == (8, 12)

x.grad = None  # backward adds to .grad, so we clear it first
(5 * cube(x)).backward()
print("d(5y)/dx =", x.grad)
assert x.grad == 60

# %% [markdown]
# ## The chain, walked backwards
#
# Now cube twice: $u = x^3$, then $L = u^3$. At $x = 2$ that is $u = 8$ and $L = 512$. Backwards,
# the last operation comes first, and the gradient that it passes on is the upstream of the next:
#
# | operation | upstream | local derivative | passed on |
# |---|---|---|---|
# | $L = u^3$ at $u = 8$ | 1 | $3 \cdot 8^2 = 192$ | 192 |
# | $u = x^3$ at $x = 2$ | 192 | $3 \cdot 2^2 = 12$ | 2304 |
#
# **Expect** these two lines, in this order, printed by the derivative itself. The result is right,
# too: $L = x^9$, and $9x^8 = 9 \cdot 256 = 2304$.


# %%
@mr.primitive
def printing_cube(x):
    """x cubed, with a derivative that prints what it does."""

    def vjp(g):
        local = 3 * x * x
        print(f"at {x:g}: upstream {g:g}, local derivative {local:g}, passed on {g * local:g}")
        return g * local

    return x * x * x, (vjp,)


x = mr.tensor(2.0, requires_grad=True)
printing_cube(printing_cube(x)).backward()
assert x.grad == 2304

# %% [markdown]
# ## Two arguments, two paths
#
# An operation with two arguments returns two vjps. Each is for one argument, while the other one
# is held fixed. For $y = a \cdot b$ the local derivatives are $b$ (for $a$) and $a$ (for $b$).
#
# If a tensor is used in two places, $L$ depends on it along both paths, and the contributions
# **add up**. The engine adds them.
#
# **Expect.** Let $L = x^3 \cdot x$ at $x = 2$. Along the first path the product passes $b = 2$ to
# the cube, which passes on $2 \cdot 12 = 24$. Along the second path it passes $a = 8$ straight to
# $x$. The sum is 32, and indeed $L = x^4$ has the derivative $4x^3 = 32$.


# %%
@mr.primitive
def times(a, b):
    """a times b, entry by entry.  The local derivatives are b and a."""
    return a * b, (lambda g: g * b, lambda g: g * a)


x = mr.tensor(2.0, requires_grad=True)
times(cube(x), x).backward()
print("dL/dx =", x.grad)
assert x.grad == 32

# %% [markdown]
# ## Arrays: what is stretched forwards is summed backwards
#
# Multiply a (3, 2) array by a (3, 1) column, and NumPy *broadcasts* the column: each of its entries
# is used twice, once in each column of the result. So there are two paths, and they add up: the
# gradient of the column is **summed over the axis along which it was stretched**, and has the
# shape (3, 1) again.
#
# `times` contains no sum. The engine looks at the shapes and sums for every operation, so that an
# operation cannot forget it.
#
# **Expect.** With the $x$ and $s$ below and $L = \sum_{ij} x_{ij} s_i$, the gradient of $s$ holds
# the sums of the rows of $x$: 3, 7 and 11. The gradient of $x$ is $s$, repeated in both columns.

# %%
x = mr.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)
s = mr.tensor([[10.0], [20.0], [30.0]], requires_grad=True)
times(x, s).sum().backward()
print("dL/ds =", s.grad.tolist())
print("dL/dx =", x.grad.tolist())
assert s.grad.tolist() == [[3], [7], [11]]
assert x.grad.tolist() == [[10, 10], [20, 20], [30, 30]]

# %% [markdown]
# ### Exercise 1: a quotient, by hand
#
# In a loop of plain NumPy, no engine sums for you. Do it once yourself. Each row of $x$ is divided
# by a number of its own:
#
# $$y_{ij} = \frac{x_{ij}}{s_i}, \qquad x \text{ is } (5, 3), \quad s \text{ is } (5, 1)$$
#
# The backward function gets `upstream`, which is $dL/dy$ and has the shape of $y$, and returns two
# arrays: $dL/dx$ in the shape of $x$, and $dL/ds$ in the shape of $s$.
#
# The gradient checker, `mr.check_backward`, compares your arrays with slopes that it measures by
# moving each input a little (lesson 2 shows how). It says `pass`, or it says `fail` and shows the
# worst entries: your value, `yours`, beside the measured one, `numeric`. If it recognises your
# mistake, it names it.
#
# <details><summary>Hint</summary>
#
# The quotient rule gives one local derivative for x and one for s; what does each become after the
# multiplication with `upstream`? Write down the shapes of both products. One of them is not the
# shape you have to return: the section above says what to do about it, and `keepdims=True` keeps an
# axis that `sum` would drop.
#
# </details>


# %%
def quotient(x, s):
    return x / s


def quotient_backward(upstream, x, s):
    """The pair dL/dx of shape (5, 3) and dL/ds of shape (5, 1)."""
    ### BEGIN SOLUTION
    dx = upstream / s
    ds = -(upstream * x / s**2).sum(axis=1, keepdims=True)
    return dx, ds
    ### END SOLUTION


# %%
random = np.random.default_rng(0)
x, s = random.normal(size=(5, 3)), random.uniform(1, 2, size=(5, 1))
quotient_backward(np.ones((5, 3)), x, s)  # alone first: here an error is easy to read
report = mr.check_backward(quotient, quotient_backward, x, s)
print(report)
assert report, "Exercise 1 is not right yet. The report above says what is wrong."

# %% [markdown]
# ## Keep what the derivative will need
#
# The derivative of $\tanh$ is $1 - \tanh^2$. The value $y = \tanh x$ is already known and need not
# be computed again: the vjp uses `y`, and Python keeps it for as long as the vjp exists.
#
# ```python
# @mr.primitive
# def tanh(x):
#     y = mr.namespace(x).tanh(x)
#     return y, (lambda g: g * (1 - y * y),)
# ```
#
# This is minireg's own `tanh`, nearly word for word. `mr.namespace(x)` is the array library that
# `x` belongs to: NumPy here, CuPy on a GPU. During training, most of the memory holds such values,
# kept from the forward pass for the backward pass. One rule: a vjp reads `g` and the kept values
# and **changes neither**, because other paths may still need them. It returns a new array.
#
# ### Exercise 2: an activation of your own
#
# $$y = \frac{x}{\sqrt{1 + x^2}} = x \, r, \qquad r = \frac{1}{\sqrt{1 + x^2}}$$
#
# squeezes any number into $(-1, 1)$ as $\tanh$ does, without an exponential. Differentiate it and
# write the vjp. The result can be written with $r$ alone, and `r` is already there: you need
# neither another root nor a division.
#
# Before you run the check: near 0, $y \approx x$. So what must the derivative at 0 be? Does yours
# give that?
#
# <details><summary>Hint</summary>
#
# Product rule: y' = r + x r'. Differentiate r = (1 + x²)^(-1/2) with the chain rule and write the
# result as a power of r. Then factor out as many r as you can, and use 1 + x² = 1/r².
#
# </details>


# %%
@mr.primitive
def squash(x):
    """x / sqrt(1 + x^2), between -1 and 1."""
    r = (1 + x * x) ** -0.5

    def vjp(g):
        """dL/dx from g = dL/dy, with the help of r."""
        ### BEGIN SOLUTION
        return g * r * r * r
        ### END SOLUTION

    return x * r, (vjp,)


# %%
squash(mr.zeros(5, requires_grad=True)).sum().backward()  # alone first, as above
report = mr.check_gradients(squash, np.array([-3.0, -0.5, 0.0, 0.7, 2.0]))
print(report)
assert report, "Exercise 2 is not right yet. The report above says what is wrong."

# %% [markdown]
# ## A picture of both
#
# How does `squash` differ from `tanh`? The picture shows the function, and its slope from your vjp.
#
# **Expect.** Both slopes are 1 at 0 and vanish far from 0. But $\tanh$ flattens exponentially,
# which is a straight line on a logarithmic scale, and `squash` only like a power of $x$. At $x = 3$
# the slopes are 0.010 and 0.032: a unit whose input is 3 passes on three times as much of its
# upstream gradient through `squash`.


# %%
def slope(function, points):
    """The derivative of an elementwise function at each of the points."""
    x = mr.tensor(points, requires_grad=True)
    return mr.grad(function(x).sum(), x).numpy()


points = np.linspace(-5, 5, 201)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for function, colour in ((mr.tanh, "#d55e00"), (squash, "#0072b2")):
    left.plot(points, function(mr.tensor(points)).numpy(), color=colour)
    right.plot(points, slope(function, points), color=colour, label=function.__name__)
left.set_title("the function")
right.set_title("its derivative, from the vjp (logarithmic)")
right.set_yscale("log")
right.legend(frameon=False)
plt.show()

at_three = [slope(function, np.array([3.0]))[0] for function in (mr.tanh, squash)]
print("slopes at 3: tanh {:.3f}, squash {:.3f}".format(*at_three))
assert np.allclose(at_three, [0.010, 0.032], atol=5e-4)

# %% [markdown]
# ## When every output depends on every input
#
# So far each $y_i$ came from one $x_i$. The softmax is different: it turns a row of scores
# $x_1 \ldots x_K$ into probabilities $p_i = e^{x_i} / \sum_k e^{x_k}$. Losses need their logarithm,
#
# $$y_i = \log p_i = x_i - \log \sum_k e^{x_k}$$
#
# Move one score $x_j$, and all $K$ outputs move:
#
# $$\frac{\partial y_i}{\partial x_j} = [i = j] - p_j$$
#
# where $[i = j]$ is 1 for $i = j$ and 0 otherwise. These $K \times K$ numbers are the **Jacobian**.
# $L$ depends on $x_j$ through all outputs, so all paths add up:
#
# $$\frac{dL}{dx_j} = \sum_i g_i \, \frac{\partial y_i}{\partial x_j}$$
#
# This is the vector $g$ times the Jacobian: hence the name *vjp*. **The Jacobian itself is never
# built.** Put its entries into the sum, simplify, and $K \times K$ numbers become a few operations
# on arrays of length $K$.
#
# ### Exercise 3: the vjp of log-softmax
#
# Here `x`, `y` and `g` are (N, K) arrays, and each row is a softmax of its own. `xp` is the array
# library.
#
# <details><summary>Hint</summary>
#
# The sum over i splits into two sums. In the first one [i = j] leaves a single term. In the second,
# the probability of j does not depend on i, so you can move it before the sum. You need not
# compute a softmax: you have its logarithm y.
#
# </details>


# %%
@mr.primitive
def log_softmax(x):
    """The logarithm of the softmax of each row of x."""
    xp = mr.namespace(x)
    y = x - xp.log(xp.exp(x).sum(axis=1, keepdims=True))

    def vjp(g):
        """dL/dx from g = dL/dy, both of shape (N, K)."""
        ### BEGIN SOLUTION
        return g - xp.exp(y) * g.sum(axis=1, keepdims=True)
        ### END SOLUTION

    return y, (vjp,)


# %%
log_softmax(mr.zeros((5, 3), requires_grad=True)).sum().backward()
report = mr.check_gradients(log_softmax, np.random.default_rng(0).normal(size=(5, 3)))
print(report)
assert report, "Exercise 3 is not right yet. The report above says what is wrong."

# %% [markdown]
# ## Your primitives in a network
#
# Now train a network with your activation and your loss: 64 pixels of a small digit, 32 hidden
# units through `squash`, 10 scores through `log_softmax`. The loss is $-\log p$ of the right digit,
# averaged over the images. The last layer starts with zeros.
#
# **Expect**, at the first step, before anything is learned:
#
# * All ten scores are 0, so each digit has the probability 1/10: the loss is $\ln 10 = 2.3026$.
# * Raising the bias of digit $k$ raises $p_k$ for every image, which is good only where the image
#   shows a $k$: there the gradient is $p_k - 1$, everywhere else it is $p_k$. The mean over all
#   images is $1/10$ minus the share of images that show a $k$.
# * The gradient of the *first* layer has to pass through the last one, whose weights are all 0. So
#   it is exactly 0: at the first step only the last layer learns.

# %%
train, test = load_digits()
images = mr.tensor(train.x.reshape(-1, 64) / 255, dtype=mr.float32)
start = np.random.default_rng(0).normal(scale=1 / 8, size=(32, 64))
w1, b1 = mr.tensor(start, dtype=mr.float32, requires_grad=True), mr.zeros(32, requires_grad=True)
w2, b2 = mr.zeros((10, 32), requires_grad=True), mr.zeros(10, requires_grad=True)


def log_probabilities(images):
    hidden = squash(mr.linear(images, w1, b1))
    return log_softmax(mr.linear(hidden, w2, b2))


def loss():
    right = log_probabilities(images)[np.arange(len(train)), train.y]
    return -right.mean()


first = loss()
first.backward()
share = np.bincount(train.y) / len(train)
print(f"first loss {first.item():.4f}")
print("gradient of the last bias: ", np.round(b2.grad, 5))
print("1/10 - share of each digit:", np.round(1 / 10 - share, 5))
assert abs(first.item() - np.log(10)) < 1e-5
assert np.allclose(b2.grad, 1 / 10 - share, atol=1e-6)
assert not w1.grad.any()

# %% [markdown]
# **Expect.** Guessing gets 10 of 100 right. After 300 steps of plain gradient descent, which take a
# second or two, the network gets about 98 of 100 right on test images that it has never seen.

# %%
optimizer = optim.SGD([w1, b1, w2, b2], lr=1.0)
for step in range(1, 301):
    optimizer.zero_grad()
    value = loss()
    value.backward()
    optimizer.step()
    if step in (1, 10, 100, 300):
        print(f"step {step:3}: loss {value.item():.3f}")

scores = log_probabilities(mr.tensor(test.x.reshape(-1, 64) / 255, dtype=mr.float32))
accuracy = np.mean(scores.numpy().argmax(axis=1) == test.y)
print(f"right on {accuracy:.1%} of {len(test)} test images")
assert accuracy > 0.96

# %% [markdown]
# ## What to keep
#
# * An operation is a function with its vjp beside it: upstream gradient times local derivative.
# * Backward walks from the last operation to the first. Where paths meet, their gradients add up.
# * What was stretched forwards is summed backwards; the engine does it for primitives.
# * A vjp keeps what it will need, and does not build a Jacobian.
#
# ## Where to read on
#
# * `minireg/ops/activations.py`: all activations, ten lines each, in just the form of your
#   `squash`.
# * `minireg/ops/reductions.py`: compare its `log_softmax` with yours.
# * `minireg/autograd/primitive.py`: what `@mr.primitive` does with value and vjps.
# * `minireg/autograd/backward.py`: the walk backwards. Find the line that adds up two paths, and
#   the function that sums what was stretched.
#
# ## If you want more
#
# 1. Give your `log_softmax` a score of 1000. What happens, and why? How does minireg's avoid it?
# 2. Write the softplus $\log(1 + e^x)$ as a primitive, and plot it with its slope. Which well-known
#    function is its derivative?
# 3. `mr.check_gradients(squash, x, order=2)` checks the *second* derivative, which you never wrote.
#    Where does it come from? (CONTRIBUTING.md explains it under "The contract".)
# 4. Make one vjp slightly wrong (a factor 0.5, say) and train again. Does the network still learn?
#    Would you have noticed the mistake without the gradient checker?
#
# Lesson 2 is about the gradient checker: how to measure a slope, and how far to trust it.
