# %% [markdown]
# # Lesson 9: augmentation, or what may change without changing the label
#
# Turn a handwritten 4 by ten degrees: other pixels, still a 4. A network does not know that. It
# has seen 300 digits, each in one position. **Augmentation** tells it: in every epoch each training
# image is changed at random, and keeps its label. That must be true of the change, and it helps
# only if such images occur in use. Neither can be seen in the code; so you will measure.
#
# In this lesson you
#
# * write a flip of single images in a batch, with its backward pass, and see what flips do to 3;
# * write the matrix of a rotation, and say why it goes from the result to the image;
# * combine two moves into one, and compute what a second resampling costs;
# * find out how many degrees are too many, and compare affine with elastic deformation;
# * write the loss of mixup, which changes the label *with* the image.
#
# **You need** lessons 1 and 2 (upstream gradients, the gradient checker), 3 (standard error, wrong
# labels) and 7 (softmax and cross-entropy), and 2 × 2 matrices.
#
# **Time:** about 60 minutes, four exercises. As before: work out the number first, then run the
# cell.
#
# ## The measurement
#
# One network says little: 300 other digits, or other first weights, change its error by a point or
# two. So everything here is measured with **six seeds**. A seed chooses the 300 digits, the first
# weights and the order of the batches. Two methods get the same six seeds, and we look at the six
# *differences*: what a seed does to both is not in them. The mean of the differences has the
# standard error $s / \sqrt 6$, where $s$ is their standard deviation.
#
# The error is measured with 1000 digits of the training file that no network learns from. The test
# digits wait for the end, as in lesson 3.
#
# **Expect** an error of 15.1 ± 0.4 % without augmentation.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minireg as mr
from minireg import augment, nn, optim, plots
from minireg.data import load_digits, load_mnist5k
from minireg.gradcheck import Booleans, Floats

pool, test = load_mnist5k()
new, rest = pool.split(1 / 4, generator=mr.Generator(0))


def choose(seed, digits=rest, wrong_labels=0.0):
    """300 of these digits, and the generator for the order of their batches."""
    generator = mr.Generator(seed)
    few = digits.sample(300, generator=generator)
    return few.with_label_noise(wrong_labels, generator=generator), generator


def train(seed, transform=None, digits=rest, wrong_labels=0.0, epochs=30):
    """A network that has learned from 300 of these digits; `transform` makes the transform."""
    few, generator = choose(seed, digits, wrong_labels)
    mr.seed(seed)
    pixels = few.x[0].size
    network = nn.Sequential(nn.Flatten(), nn.Linear(pixels, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = optim.Adam(network.parameters(), lr=3e-3)
    mr.fit(
        network, few, epochs=epochs, batch_size=50, optimizer=optimizer, metrics=(),
        transform=transform and transform(), generator=generator, progress=False,
    )  # fmt: skip
    return network


def train_six(transform=None, first=0, **options):
    return [train(seed, transform, **options) for seed in range(first, first + 6)]


def find_answers(networks, images):
    """The answer of each network to each image, (6, N)."""
    return np.array([mr.predict(network, images).argmax(axis=1) for network in networks])


def find_errors(networks, digits=new):
    """The error of each network in percent, (6,)."""
    return 100 * np.mean(find_answers(networks, digits.x) != digits.y, axis=1)


def confirm(name, values, expected, within=2):
    """Print the mean of six numbers with its standard error; stop if another one was expected."""
    print(f"{name:40} {values.mean():6.1f} ± {values.std(ddof=1) / np.sqrt(6):.1f}")
    assert abs(values.mean() - expected) < within, f"expected about {expected}"


plain = train_six()
plain_errors = find_errors(plain)
confirm("no augmentation: error", plain_errors, 15.1)

# %% [markdown]
# ## Flips
#
# The flip of a row, $y_j = x_{W-1-j}$, is a multiplication by a matrix, $y = P x$. $P$ has a single
# 1 in each row and each column: it is a **permutation**. With the upstream gradient $g$,
# $\partial L / \partial x_j = \sum_i g_i P_{ij}$, so $\partial L / \partial x = P^\top g$. What was
# moved on the way forwards is moved back: for a permutation $P^\top = P^{-1}$. Two examples with
# $W = 4$ and $g = (10, 20, 30, 40)$:
#
# * *to the right by one*, the last one comes first: $(1, 2, 3, 4)$ becomes $(4, 1, 2, 3)$. Its
#   transpose goes to the *left*, and the gradient is $(20, 30, 40, 10)$.
# * *the flip*: what is its transpose? What is the gradient?
#
# ### Exercise 1: flip, and its backward pass
#
# `images` has the shape (N, C, H, W), and `flipped` holds N times True or False: each image of a
# batch has its own draw. Return two things: the images, with left and right exchanged where
# `flipped` is True, and a **function** that takes $g$ (of the same shape) and returns
# $\partial L / \partial x$. Write it inside `flip`, as a `def` or a `lambda`: there it can read
# `flipped`. Both results are new arrays.
#
# <details><summary>Hint</summary>
#
# A slice with step −1 goes backwards; columns are the last axis. `np.where(condition, a, b)` makes
# a new array and takes each entry from a or from b: which shape must the condition have, so that it
# says one thing for each image? Then compare what you do with the images to what you have to do
# with g.
#
# </details>


# %%
def flip(images, flipped):
    """The flipped images, and a function from the upstream gradient to dL/dimages."""
    ### BEGIN SOLUTION
    chosen = flipped.reshape(-1, 1, 1, 1)
    result = np.where(chosen, images[..., ::-1], images)
    return result, lambda g: np.where(chosen, g[..., ::-1], g)
    ### END SOLUTION


# %%
def call(function, *arguments):
    """The result of your function, and a question if NumPy cannot combine the arrays."""
    try:
        return function(*arguments)
    except ValueError as error:
        hint = "Has the condition the shape (N, 1, 1, 1)?"
        raise AssertionError(f"{str(error).strip()}. {hint}") from error


row = np.array([1.0, 2, 3, 4]).reshape(1, 1, 1, 4)
both, flags = np.concatenate([row, 5 + row]), np.array([False, True])
answer = call(flip, both.copy(), flags)
assert isinstance(answer, tuple), f"return two things: images and a function, not {answer!r}"
assert len(answer) == 2, f"return two things, images and a function, not {len(answer)}"
assert callable(answer[1]), f"the second thing must be a function of g, not {answer[1]!r}"
assert np.shape(answer[0]) == (2, 1, 1, 4), (
    f"the images must keep the shape (2, 1, 1, 4), yours have {np.shape(answer[0])}. Has the "
    f"condition the shape (N, 1, 1, 1)?"
)
assert np.array_equal(answer[0][0], both[0]), (
    f"flipped[0] is False, and the row 1 2 3 4 became {np.ravel(answer[0][0])}"
)
assert np.array_equal(np.ravel(answer[0][1]), [9, 8, 7, 6]), (
    f"flipped[1] is True: 6 7 8 9 must become 9 8 7 6, yours is {np.ravel(answer[0][1])}"
)
gradient = call(answer[1], both.copy())
assert not isinstance(gradient, (tuple, list)), (
    f"the function of g must return one array, dL/dimages, not a {type(gradient).__name__}"
)
assert not np.array_equal(gradient, both[..., ::-1]), (
    "you flip g of every image, also where flipped is False: move back only what was moved"
)
report = mr.check_backward(
    flip,
    lambda upstream, backward: backward(upstream),
    inputs={"images": Floats("N", 2, "H", "W"), "flipped": Booleans("N")},
)
print("pass" if report else report)
assert report, "Exercise 1 is not right yet. The report above says what is wrong."
print("the gradient of the flip:", flip(row, flags[1:])[1](10 * row).ravel())
print("of flipping twice:       ", flip(flip(row, flags[1:])[0], flags[1:])[0].ravel())

# %% [markdown]
# ## What a flip does to digits
#
# $P^\top = P = P^{-1}$: the flip is its own backward pass, and two flips are none. Nothing is lost.
# Is it a good augmentation, then?
#
# First ask the six networks, which have never seen a mirrored digit, about mirrored ones. For you,
# a mirrored 0 or 8 is a 0 or 8. For them? What do you think they say to a mirrored 3?
#
# **Expect.** Of the mirrored 0s they get only 32 % right (before: 93 %), of the 8s 52 % (81 %).
# People write with a slant, to the right; mirrored, it goes to the left. So a mirrored 0 keeps its
# label and is still something that the networks have never seen. Mirrored 3s are called 8 or 5, 40
# % each. And of the 9s, turned by 180°, 70 % are called a 6: here the label has changed, and the
# networks are right.
#
# Then train with flips: each image with probability 1/2, drawn anew in each epoch. **Expect** a
# gain of −5.5 ± 0.6 points: six of six networks are *worse*. The 3s and the 5s lose most, 20 and 18
# points. A mirrored 3 looks like a 5, and the network was told that it is a 3: now 23 % of the 3s
# are called 5, before 8 %. The 0s, whose label stayed true, gain nothing either: nobody writes them
# that way.
#
# Two questions, then, for every augmentation: *is the label still true?* And *do such images
# occur?* (A mirrored photograph of a cat passes both, so flips are common there.)

# %%
answers = find_answers(plain, new.x)
mirrored = find_answers(plain, flip(new.x, np.ones(1000, dtype=bool))[0])
turned = find_answers(plain, np.rot90(new.x, 2, axes=(2, 3)).copy())


def share(answers, digit, answer):
    """The percentage of this answer to this digit."""
    return 100 * np.mean(answers[:, new.y == digit] == answer)


for digit, before, after in ((0, 93, 32), (8, 81, 52)):
    found = share(answers, digit, digit), share(mirrored, digit, digit)
    print(f"right on {digit}s: {found[0]:.0f} %, mirrored {found[1]:.0f} %")
    assert np.allclose(found, (before, after), atol=8)
threes = {k: round(share(mirrored, 3, k)) for k in range(10)}
print("answers to mirrored 3s, in percent:", threes)
assert set(sorted(threes, key=threes.get)[-2:]) == {5, 8}
print(f"answers 6 to a 9, turned by 180 degrees: {share(turned, 9, 6):.0f} %")
assert abs(share(turned, 9, 6) - 70) < 10

with_flips = train_six(augment.RandomHorizontalFlip)
gain = plain_errors - find_errors(with_flips)
confirm("flips: gain in points", gain, -5.5)
assert max(gain) < 0
after = find_answers(with_flips, new.x)
lost = {k: round(share(answers, k, k) - share(after, k, k)) for k in range(10)}
print("lost by digit:", lost)
assert set(sorted(lost, key=lost.get)[-2:]) == {3, 5}
assert min(lost[3], lost[5]) > 8
assert lost[0] > -2
print(f"3s called 5: {share(after, 3, 5):.0f} %, without flips {share(answers, 3, 5):.0f} %")
assert share(after, 3, 5) > 8 + share(answers, 3, 5)

# %% [markdown]
# ## Rotations, and which way the matrix goes
#
# The obvious program for a rotation goes through the pixels of the *image*, computes where each
# one moves to, rounds, and writes it there. **Expect** holes: for a white image of 28 × 28 pixels,
# turned by 30°, 76 of the 640 pixels that lie well inside the result stay black, 12 %, because no
# pixel happened to land there, while others were hit twice.
#
# The other way round has no holes: go through the pixels of the **result**, compute the point of
# the image that each one shows, and read there. So a program needs the *inverse* of the rotation:
# from the result to the image. The point is seldom the centre of a pixel; **bilinear**
# interpolation mixes the four pixels around it by their distance. Outside the image is 0.
#
# `push` below is the first program; the second is what `augment.RandomRotation` does, here with
# angles from 30° to 30°. In the right picture the corners are cut off: there the result shows
# points outside the image.


# %%
def push(image, degrees):
    """Turn counter-clockwise, the wrong way: each pixel of the image is written somewhere."""
    center = (np.array(image.shape) - 1) / 2
    points = np.indices(image.shape).reshape(2, -1)
    r, c = points - center[:, None]
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    moved = np.array([cos * r - sin * c, sin * r + cos * c]) + center[:, None]
    to = np.rint(moved).astype(int)
    inside = ((to >= 0) & (to < len(image))).all(axis=0)
    result = np.zeros(image.shape)
    result[tuple(to[:, inside])] = image[tuple(points[:, inside])]
    return result


by_30 = augment.RandomRotation((30, 30))
white = np.ones((1, 1, 28, 28))
read = by_30(white)[0, 0]
well_inside = read > 0.9999
holes = np.sum(push(white[0, 0], 30)[well_inside] == 0)
print(f"{holes} holes in {well_inside.sum()} pixels: {holes / well_inside.sum():.0%}")
assert (holes, well_inside.sum()) == (76, 640)

digit = new.x[new.y == 5][0, 0] / 255
read_digit = by_30(digit[None, None])[0, 0]
figure, panels = plt.subplots(1, 4, figsize=(9, 2.6), layout="constrained")
for panel, picture, title in zip(
    panels,
    (digit, push(digit, 30), read_digit, read),
    ("a digit", "pushed by 30°", "read", "white, read"),
):
    panel.imshow(picture, cmap="gray", vmin=0, vmax=1)
    panel.set_title(title)
    panel.axis("off")
plt.show()

# %% [markdown]
# ### Exercise 2: the matrix of a rotation
#
# A point is $(r, c, 1)$: row $r$ counts *downwards*, column $c$ to the right, and the 1 lets a
# matrix shift. The centre of the first pixel is $(0, 0)$, that of the last $(H-1, W-1)$. The image
# turns about the point in the middle. A positive angle turns **counter-clockwise on the screen**.
#
# `degrees` is an array of N angles. Write N matrices with cos and sin, an array (N, 3, 3), so that
#
# $$\text{point in the image} = A \cdot \text{point in the result}$$
#
# `mr.affine_sample(images, matrices)` then reads the images there.
#
# Two points fix everything. With 90°, what is on the left of the image goes to the bottom. So the
# result reads its bottom, $(1, 0)$ from the centre, at the left, $(0, -1)$. And it reads its right
# side, $(0, 1)$, at the bottom, $(1, 0)$. These are the columns of the 2 × 2 part for 90°. Which
# matrix of cosines and sines becomes this one?
#
# The check asks first where your matrices read single points; write down your answer for the centre
# of an image of 3 × 5 pixels.
#
# <details><summary>Hint</summary>
#
# The columns of a matrix are what becomes of (1, 0) and (0, 1). For the centre $m$: turn $p - m$ by
# the 2 × 2 part $B$ and add $m$. $B(p - m) + m = B p + (m - B m)$, and the last column is the
# shift. `np.tile(np.eye(3), (N, 1, 1))` gives N matrices to fill in, `A[:, 0, 1]` is one entry of
# all of them, and NumPy's cos and sin take radians.
#
# </details>


# %%
def turn(degrees, height, width):
    """(N, 3, 3) matrices from points (row, column, 1) of the result to points of the image."""
    ### BEGIN SOLUTION
    angles = np.deg2rad(degrees)
    center = np.array([(height - 1) / 2, (width - 1) / 2])
    matrices = np.tile(np.eye(3), (len(degrees), 1, 1))
    matrices[:, 0, 0] = matrices[:, 1, 1] = np.cos(angles)
    matrices[:, 0, 1] = np.sin(angles)
    matrices[:, 1, 0] = -np.sin(angles)
    matrices[:, :2, 2] = center - matrices[:, :2, :2] @ center
    return matrices
    ### END SOLUTION


# %%
def where(matrices, number, row, column):
    """The point of the image that matrix `number` gives for a point of the result."""
    return tuple((matrices[number] @ [row, column, 1])[:2].round(3).tolist())


try:
    answer = turn(np.array([360.0, 90.0]), 3, 5)
    matrices = np.asarray(answer)
except ValueError as error:
    raise AssertionError(
        f"{error} Each entry is an array of N numbers: make N matrices with np.tile and fill in "
        f"A[:, 0, 0], and so on."
    ) from error
assert answer is not None, "turn returned None: is its return statement missing?"
assert matrices.shape == (2, 3, 3), (
    f"two angles need the shape (2, 3, 3), the angles first; yours has {matrices.shape}"
)
assert np.array_equal(matrices[:, 2], [[0, 0, 1]] * 2), (
    "the last row of each matrix is 0 0 1: the third number of a point stays 1"
)
center = where(matrices, 1, 1, 2)
stays, quarter = np.allclose(center, (1, 2), atol=1e-3), matrices[1, :2, :2]
for m, sign, hint in (
    ((1, 2), -1, "the sign of the shift is the wrong one: it is m - B m"),
    ((2, 1), 1, "your m is (column, row)"),
    ((1.5, 2.5), 1, "the last pixel is at (2, 4), so the middle is not at (1.5, 2.5)"),
    ((0, 0), 1, "you turn about the first pixel, (0, 0): the shift is missing"),
):
    assert stays or not np.allclose(matrices[1, :2, 2], sign * (m - quarter @ m)), (
        f"the centre of 3 x 5 pixels is (1, 2) and stays there; with 90 degrees you read it at "
        f"{center}: {hint}"
    )
assert stays, (
    f"the centre of 3 x 5 pixels is (1, 2) and stays there; with 90 degrees you read it at {center}"
)
assert np.allclose(matrices[0], np.eye(3)), (
    f"360 degrees change nothing, but you read (0, 0) at {where(matrices, 0, 0, 0)}. Are these "
    f"radians?"
)
top, side = where(matrices, 1, 0, 2), where(matrices, 1, 1, 3)
assert (top, side) != ((1, 1), (0, 2)), (
    "with 90 degrees you read the top at the left and the right at the top: this turns clockwise. "
    "Is it the way from the image to the result, or does your row count upwards?"
)
assert np.allclose((top, side), ((1, 3), (2, 2)), atol=1e-3), (
    f"with 90 degrees the top (0, 2) is read at the right (1, 3), and the right (1, 3) at the "
    f"bottom (2, 2); you read them at {top} and {side}"
)
# Complex numbers turn without a matrix: with x to the right and y upwards from the centre, x + iy
# goes to exp(ia) (x + iy), so the result reads at exp(-ia) (x + iy).
random = np.random.default_rng(0)
angles, points = random.uniform(-180, 180, size=50), random.uniform(0, 9, size=(50, 2))
z = np.exp(-1j * np.deg2rad(angles)) * (points[:, 1] - 4.5 - 1j * (points[:, 0] - 3))
matrices = np.asarray(turn(angles, 7, 10))
for k, expected in enumerate(zip(3 - z.imag, 4.5 + z.real)):
    found = where(matrices, k, *points[k])
    assert np.allclose(found, expected, atol=2e-3), (
        f"{angles[k]:.1f} degrees, 7 x 10 pixels: {points[k].round(3)} is read at "
        f"{np.round(expected, 3)}, you read it at {found}"
    )
image = np.arange(9.0).reshape(1, 1, 3, 3)
turned = mr.affine_sample(image, turn(np.array([90.0]), 3, 3)).numpy()
assert np.allclose(turned[0, 0], np.rot90(image[0, 0])), "90 degrees differ from np.rot90"
print("pass: 50 angles agree with complex numbers, and 90 degrees with np.rot90")

# %% [markdown]
# ## Two moves, one resampling
#
# Turn by 20°, then shift, then turn back by 20°. In three steps each of them resamples, and each
# time four pixels are mixed: the image becomes blurred. But *moves* can be combined before a pixel
# is read. The first move reads the image with $A_1$. The second reads the *result of the first*
# with $A_2$.
#
# ### Exercise 3: combine
#
# `first` and `second` are arrays of matrices, (N, 3, 3). Return the matrices of both moves, the
# first one and *then* the second one, so that the image is read only once.
#
# A point of the final result is known. Where does it go first?
#
# **Before you run the check:** it turns 200 digits by 20° and back, with your `turn`. As a measure
# of sharpness it takes the mean difference between neighbouring pixels, relative to the original.
# Reading once: how much is left? Reading twice: 90 %. And after ten times there and back, reading
# 20 times: 51 %. Would you have guessed $0.9^{10} = 35\,\%$? Why is it more?
#
# <details><summary>Hint</summary>
#
# The second matrix turns a point of the final result into a point of the picture in between. The
# first one turns that into a point of the image. Which of the two is next to the point in
# $A \cdot \text{point}$? (`@` multiplies N matrices by N matrices.)
#
# </details>


# %%
def combine(first, second):
    """(N, 3, 3) matrices of the first move, then the second one."""
    ### BEGIN SOLUTION
    return first @ second
    ### END SOLUTION


# %%
image = np.arange(1.0, 10).reshape(1, 1, 3, 3)
quarter = turn(np.array([90.0]), 3, 3)
right = np.array([[[1.0, 0, 0], [0, 1, -1], [0, 0, 1]]])  # column 1 shows column 0
truth = np.pad(np.rot90(image[0, 0]), ((0, 0), (1, 0)))[:, :-1]  # turned, then shifted
together = combine(quarter, right)
assert together is not None, "combine returned None: is its return statement missing?"
assert np.shape(together) == (1, 3, 3), f"the shape is (1, 3, 3), yours is {np.shape(together)}"
found = mr.affine_sample(image, together).numpy()[0, 0]
other = np.rot90(np.pad(image[0, 0], ((0, 0), (1, 0)))[:, :-1])
assert not np.allclose(found, other), "you shift first and turn then: this is the other order"
assert np.allclose(found, truth), f"a quarter turn, then to the right:\n{truth}\nyours is\n{found}"


def sharpness(images):
    return np.abs(np.diff(images, axis=-1)).mean()


digits = new.x[:200] / 255
there, back = turn(np.full(200, 20.0), 28, 28), turn(np.full(200, -20.0), 28, 28)
once = mr.affine_sample(digits, combine(there, back)).numpy()
rounds = [digits]
for _ in range(10):
    turned = mr.affine_sample(rounds[-1], there).numpy()
    rounds.append(mr.affine_sample(turned, back).numpy())
left = [sharpness(x) / sharpness(digits) for x in (once, rounds[1], rounds[10])]
assert np.allclose(once, digits)
assert np.allclose(left, (1, 0.90, 0.51), atol=0.01), left
print(f"pass: sharpness {left[0]:.0%} if read once, {left[1]:.0%} twice, {left[2]:.0%} 20 times")

# %% [markdown]
# The blur takes the finest details first; what is left is coarser, and loses less at the next time.
# `augment.Compose` does what you did: neighbouring moves become one matrix, and a chain of flips,
# crops and rotations reads each image once.
#
# ## How many degrees?
#
# Now train with `RandomRotation(d)`, which draws for each image and epoch an angle from $-d$ to
# $d$. A small $d$ changes almost nothing. A large one has two costs: a 6 becomes a 9, and 64 units
# must also serve digits that lie on their side, which nobody writes.
#
# **Expect** an optimum in between. The gains, in points: 1.2 ± 0.3 for 10°, 1.5 ± 0.5 for 20°,
# 0.9 ± 0.8 for 30°, then −1.6 ± 0.7 for 45°, −11 for 90° and −27 for 180°. Which of the first three
# is the best, six seeds cannot say: *10 to 30 degrees* is the honest answer. 45° is probably too
# much; 90° certainly is.

# %%
limits = np.array([0, 10, 20, 30, 45, 90, 180])
errors = [plain_errors]
for d in limits[1:].tolist():
    networks = train_six(lambda d=d: augment.RandomRotation(d))
    errors.append(find_errors(networks))
errors = np.array(errors)
gains = plain_errors - errors
for d, gain, expected in zip(limits, gains, (0, 1.2, 1.5, 0.9, -1.6, -10.9, -27.5)):
    confirm(f"rotations up to {d}°: gain", gain, expected)
assert gains[2].mean() > gains[4].mean() > gains[5].mean() > gains[6].mean()

figure, panel = plt.subplots(figsize=(7, 3.2), layout="constrained")
middle, bars = errors.mean(axis=1), errors.std(axis=1, ddof=1) / np.sqrt(6)
panel.plot(limits, errors, ".", color="#999999", markersize=4)
panel.errorbar(limits, middle, bars, color="#0072b2", marker="o", capsize=3)
panel.axhline(middle[0], color="#d55e00", linestyle="--", label="without augmentation")
panel.set(xlabel="largest angle (degrees)", ylabel="error (%)", title="Too little, too much")
panel.set_xticks(limits)
panel.legend(frameon=False)
plt.show()

# %% [markdown]
# ## Affine and elastic
#
# A hand does more than turn: it writes larger, more slanted, higher up, and each stroke a little
# differently.
#
# * **Affine**: rotation, shift, scale and shear, all drawn at random for each image. Still one
#   matrix, and read once.
# * **Elastic**: every pixel is read a little beside its place, at $p + u(p)$. The field $u$ is
#   smooth: random numbers from −1 to 1 for each pixel, smoothed by a Gaussian of $\sigma = 4$
#   pixels, times $\alpha = 34$. This is Simard, Steinkraus and Platt (2003), whose network on all
#   60 000 digits had an error of 1.6 %, with affine 1.1 %, and with elastic deformation 0.7 %.
#
# How far does a pixel move? A Gaussian is a mean with weights; over independent numbers with the
# variance 1/3 it leaves the variance $\frac13 \cdot \frac{1}{4 \pi \sigma^2}$. **Expect** a
# standard deviation of $34 / (\sqrt{12 \pi} \cdot 4) = 1.4$ pixels.
#
# **Expect**, with 30 epochs, gains of 3.5 ± 0.3 points by affine and 2.3 ± 0.3 by elastic
# deformation: unlike in the paper, from which its strength is taken, it is not ahead. But 30 epochs
# show each digit in only 30 forms. With 100 epochs, which change nothing without augmentation
# (15.0 %), affine gains 7.5 points: **augmentation needs longer training**.
#
# With 20 % wrong labels, as in lesson 3, the error is 29 % without augmentation, 16 % with affine
# and 17 % with elastic deformation. Why so much? Count how many of its 60 wrong labels a network
# gives: 98 % without augmentation, 8 or 9 % with it. A wrong label is hard to learn by heart if its
# image never comes back.
#
# At last the test digits, once, after 100 epochs: **expect** 17 % without and 9 % with affine.


# %%
def affine():
    return augment.RandomAffine(15, translate=0.07, scale=(0.85, 1.15), shear=15)


def elastic():
    return augment.ElasticTransform(34, 4)


def find_learned(networks, digits=rest):
    """How many of its wrong labels each network gives, in percent, (6,)."""
    learned = []
    for seed, network in enumerate(networks):
        few, _ = choose(seed, digits, wrong_labels=0.2)
        answers = mr.predict(network, few.x[few.noisy]).argmax(axis=1)
        learned.append(100 * np.mean(answers == few.y[few.noisy]))
    return np.array(learned)


from_zero = np.indices((28, 28)).astype(float)  # images whose values say where they were read
places = from_zero[:, None][[0] * 100 + [1] * 100] / 27
moved = 27 * (augment.ElasticTransform(34, 4, padding_mode="edge")(places) - places)
inner = moved[..., 8:20, 8:20]
print(f"standard deviation of the displacement: {inner.std():.2f} pixels")
assert abs(inner.std() - 1.4) < 0.15

for name, transform, expected in (("affine", affine, 3.5), ("elastic", elastic, 2.3)):
    confirm(f"{name}: gain", plain_errors - find_errors(train_six(transform)), expected)
longer, longer_affine = train_six(epochs=100), train_six(affine, epochs=100)
confirm("100 epochs, nothing: error", find_errors(longer), 15.0)
confirm("100 epochs, affine: gain", find_errors(longer) - find_errors(longer_affine), 7.5)
for name, transform, error, learned in (
    ("nothing", None, 29.0, 98),
    ("affine", affine, 15.6, 8),
    ("elastic", elastic, 17.0, 9),
):
    networks = train_six(transform, wrong_labels=0.2)
    confirm(f"wrong labels, {name}: error", find_errors(networks), error)
    confirm(f"wrong labels, {name}: learned by heart", find_learned(networks), learned, within=6)
for name, networks, expected in (("nothing", longer, 17), ("affine", longer_affine, 9)):
    confirm(f"test digits, {name}: error", find_errors(networks, test), expected)

mr.seed(0)
transforms = augment.RandomHorizontalFlip(), augment.RandomRotation(20), affine(), elastic()
copies = new.x[new.y == 4][3:4].repeat(8, axis=0)
plots.image_rows(
    copies[:4],
    [transform(copies) for transform in transforms],
    names=["flip", "rotation 20°", "affine", "elastic"],
    titles=("original", "what the network sees in eight epochs"),
    ink=False,
)

# %% [markdown]
# ## Mixup: the label changes, too
#
# Every transform so far had to keep the label. **Mixup** (Zhang et al. 2018) changes it in a way
# that is known. An image $x_a$ is mixed with another one of the batch, $x_b$:
#
# $$x = \lambda \, x_a + (1 - \lambda) \, x_b \qquad
# L = \lambda \, \text{CE}(z, a) + (1 - \lambda) \, \text{CE}(z, b)$$
#
# where $a$ and $b$ are the labels, $z$ the logits of the mixture, and
# $\text{CE}(z, k) = -\log \text{softmax}(z)_k$. With the target
# $q = \lambda \, e_a + (1 - \lambda) \, e_b$ ($e_k$ has a 1 at $k$ and 0 elsewhere) this is the
# cross-entropy of a *mixed label*, $-\sum_k q_k \log p_k$ with $p = \text{softmax}(z)$: the
# cross-entropy is linear in the label. It is not linear in $x$, and $z$ is computed once, from the
# mixture.
#
# ### Exercise 4: mixup's loss, and its backward pass
#
# `logits` has the shape (N, K), `a` and `b` hold N labels each, `lam` N shares from 0 to 1. Return
# the **mean** loss, one number, and a function from the upstream gradient (one number) to
# $\partial L / \partial z$. `log_softmax(logits)` is given. In lesson 7 the gradient of
# $\text{CE}(z, k)$ was $p - e_k$. What is that of the mixture? Where is it 0? What is the loss
# there, for two different labels and $\lambda = 0.5$? Can it ever be 0?
#
# <details><summary>Hint</summary>
#
# Rows of the unit matrix `np.eye(K)` are the labels $e_k$, and an index array takes N of them.
# `lam` needs a second axis to multiply rows. Where the two gradients are mixed, the part that both
# share has the weight $\lambda + (1 - \lambda)$. And do not forget that the loss is a mean.
#
# </details>


# %%
def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def mixup_loss(logits, a, b, lam):
    """The mean loss, and a function from the upstream gradient to dL/dlogits."""
    ### BEGIN SOLUTION
    share, labels = lam[:, None], np.eye(logits.shape[1])
    target = share * labels[a] + (1 - share) * labels[b]
    log_p = log_softmax(logits)
    loss = -(target * log_p).sum(axis=1).mean()
    return loss, lambda g: g * (np.exp(log_p) - target) / len(logits)
    ### END SOLUTION


# %%
a, b, lam = np.array([0, 2, 1, 0]), np.array([2, 0, 0, 1]), np.array([0.9, 0.5, 0.25, 0.3])
logits = np.array([[2.0, 1, 0], [-1, 0, 1], [3, 3, 5], [0, 1, 0]])
answer = mixup_loss(logits, a, b, lam)
assert isinstance(answer, tuple), f"return two things: the loss and a function, not {answer!r}"
assert len(answer) == 2, f"return two things, the loss and a function, not {len(answer)}"
loss, backward = answer
assert callable(backward), f"the second thing must be a function of g, not {backward!r}"
assert np.ndim(loss) == 0, f"the loss is one number, the mean; yours has the shape {np.shape(loss)}"
# minireg mixes the labels, and not the losses.
draw = augment.Draw("MixUp", 4, {"partner": np.array([1, 3, 0, 2]), "lam": lam})
target = augment.MixUp(num_classes=3).apply(mr.Batch(np.zeros((4, 1, 2, 2)), a), draw).y


def soft(target):
    return mr.cross_entropy(logits, target).item()


right = soft(target)
for wrong, hint in (
    (-right, "the sign is the wrong one"),
    (-np.sum(target * logits) / 4, "logits are not logarithms of probabilities: use log_softmax"),
    (4 * right, "this is the sum over the examples, not the mean"),
    (soft(np.eye(3)[a]), "only the label a counts"),
    (soft((np.eye(3)[a] + np.eye(3)[b]) / 2), "both labels count by half, whatever lam is"),
    (soft(np.eye(3)[a] + np.eye(3)[b] - target), "lam is the share of a, not of b"),
):
    assert not np.isclose(loss, wrong), f"the loss is {right:.4f}, yours is {loss:.4f}: {hint}"
assert np.isclose(loss, right), f"the loss is {right:.4f}, yours is {loss:.4f}"
report = mr.check_backward(
    mixup_loss,
    lambda upstream, backward: backward(upstream),
    inputs={"logits": Floats(4, 3), "a": a, "b": b, "lam": lam},
)
print("pass" if report else report)
assert report, "Exercise 4 is not right yet. The report above says what is wrong."
best, backward = mixup_loss(np.zeros((1, 2)), np.array([0]), np.array([1]), np.array([0.5]))
print(f"two labels, lam = 0.5: the lowest loss is {best:.3f}, with the gradient {backward(1.0)[0]}")

# %% [markdown]
# ## Is a mixture a digit?
#
# The gradient is $(p - q) / N$, and 0 where $p = q$. There the loss is the entropy of $q$, for two
# labels and $\lambda = 0.5$ it is $\log 2 = 0.693$. So a network that is sure of its answer is
# punished, and the training loss never comes near 0. With $\alpha = 1$ all $\lambda$ are equally
# likely. **Expect** a lowest mean loss of
# $\frac{9}{10} \int_0^1 -\lambda \log \lambda - (1 - \lambda) \log (1 - \lambda) \,
# d\lambda = \frac{9}{10} \cdot \frac12 = 0.45$, since one partner in ten has the same label.
#
# Nobody writes a mixture. Our second question has a bad answer; is mixup then as harmful as flips?
# **Expect** that it depends.
#
# * 28 × 28 pixels, right labels: mixup loses 3.7 ± 0.5 points.
# * The smaller digits of lesson 8, 8 × 8 pixels, with 20 % wrong labels and 100 epochs: it gains
#   6.5 ± 1.1 points, from 19.5 % error to 13 %. Of the 60 wrong labels 18 % are learned by heart,
#   and not 55 %: a mixed label is another one in each epoch, too.
# * The same with right labels: it loses 0.9 ± 0.3 points. Three standard errors! But take six
#   *other* seeds: it **gains** 0.4 ± 0.3. A standard deviation of six numbers is itself inexact,
#   and of the many comparisons in this lesson one was likely to look like more than it is.
#   Together: no difference that can be told from 0.
#
# Where learning by heart is the trouble, mixup helps more than its strange images harm. With right
# labels we found harm, or nothing. (Zhang et al. report gains there, for deep networks and
# photographs.) Nothing replaces the measurement on *your* data, and with new seeds if it matters.


# %%
def mixup():
    return augment.MixUp(alpha=1, num_classes=10)


small, small_new = load_digits()
mr.seed(0)
rows = mixup()(mr.Batch(rest.x, rest.y)).y
entropy = -np.sum(rows * np.log(np.where(rows > 0, rows, 1)), axis=1)
print(f"mean entropy of 3000 mixed labels: {entropy.mean():.3f}")
assert abs(entropy.mean() - 0.45) < 0.02

confirm("28 × 28: gain", plain_errors - find_errors(train_six(mixup)), -3.7)
options = {"digits": small, "epochs": 100}
noisy = train_six(wrong_labels=0.2, **options)
noisy_mixed = train_six(mixup, wrong_labels=0.2, **options)
errors = find_errors(noisy, small_new)
confirm("8 × 8, wrong labels: error", errors, 19.5)
confirm("8 × 8, wrong labels: gain", errors - find_errors(noisy_mixed, small_new), 6.5)
confirm("learned by heart, without mixup", find_learned(noisy, small), 55, within=15)
confirm("learned by heart, with mixup", find_learned(noisy_mixed, small), 18, within=10)
for first, expected in ((0, -0.9), (6, 0.4)):
    without, mixed = train_six(first=first, **options), train_six(mixup, first=first, **options)
    gain = find_errors(without, small_new) - find_errors(mixed, small_new)
    confirm(f"8 × 8, seeds {first} to {first + 5}: gain", gain, expected, within=1)

# %% [markdown]
# ## What to keep
#
# * Ask twice: is the label still true, and do such images occur in use? Flips of digits fail; small
#   rotations pass.
# * A flip is a permutation: its backward pass is its transpose, here itself.
# * Matrices go from the result to the image, so that there are no holes. Check a sign with a marker
#   and 90°.
# * Combine the moves, $A_1 A_2$, and read the pixels once: each reading blurs.
# * Too little changes nothing, too much harms: measure the strength, over several seeds, in pairs.
#   Who makes twenty comparisons must not believe every difference of two standard errors.
# * Augmentation pays most where learning by heart is the trouble, and it needs long training.
# * Mixup's loss is the cross-entropy of the mixed label. It does not help everywhere.
#
# ## Where to read on
#
# * `minireg/augment/matrices.py`: your exercise 2, with scale and shear; `moves.py`: exercise 3.
# * `minireg augment` shows what transforms do to your images. All of them are on the page
#   "Transforms" of the documentation, `docs/transforms.md` in the repository.
# * `minireg/ops/sampling.py`: `affine_sample` has derivatives, for images and for matrices.
# * Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied
#   to visual document analysis", ICDAR.
# * Zhang, Cissé, Dauphin and Lopez-Paz (2018), "mixup: Beyond empirical risk minimization", ICLR.
#
# ## If you want more
#
# 1. Flip only the 0s, the 1s and the 8s. Does it harm now? Does it help? Write down your guess.
# 2. Let the new digits be turned by random angles up to 45°. Where is the optimum now?
# 3. Combine affine and elastic. Is the gain the sum of both? And after 100 epochs?
# 4. Train on all 3000 digits of `rest`. How much of the gains is left?
# 5. A 5 was turned by an unknown angle. Find the angle by gradient descent: `affine_sample` gives
#    $\partial L / \partial A$; the rest is your exercise 2 and the chain rule.
