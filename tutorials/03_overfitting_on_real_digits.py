# %% [markdown]
# # Lesson 3: overfitting on real digits
#
# A network that is right on every example it has seen may still be wrong on the next one. It has
# then learned the examples **by heart**, with everything that is accidental about them: this is
# called **overfitting**. Regularization is everything that one does against it. Before the methods
# comes the measurement, and this lesson is about that.
#
# In this lesson you
#
# * train a network on 300 real handwritten digits, 60 of which have a wrong label;
# * measure how far its accuracy on new digits falls behind, and how exact this measurement is;
# * see in which order a network learns right and wrong labels;
# * write early stopping, and compare it with fewer weights and with more data.
#
# **You need** to have trained a network once (end of lesson 1), and the standard deviation.
#
# **Time:** about 45 minutes, three exercises. As before: work out the number first, then run the
# cell.

# %% [markdown]
# ## Three sets of digits
#
# The digits were written by people, and are part of minireg. We divide them:
#
# * **training digits**: 300. The network sees them and their labels. As in real life some labels
#   are wrong: `with_label_noise` replaces exactly 20 % of them by one of the nine other digits.
# * **validation digits**: 500 others, with right labels. The network never learns from them, but
#   *we* make decisions with them, for example when to stop.
# * **test digits**: 1000 others. They are used once, when all decisions are made.
#
# **Expect** 60 wrong labels. A reader who makes no mistake agrees with the other 240: the
# accuracy of the *truth* on these training labels is only 80 %.
#
# The picture shows twelve of the 60, each with the label that the network will be told.

# %%
from math import comb

import matplotlib.pyplot as plt
import numpy as np

import minireg as mr
from minireg import nn, optim, plots
from minireg.data import load_mnist5k

pool, test = load_mnist5k()
generator = mr.Generator(0)
validation, rest = pool.split(1 / 8, generator=generator)
true = rest.sample(300, generator=generator)
train = true.with_label_noise(0.2, generator=generator)
print("training:  ", train)
print("validation:", validation)
print(f"the truth agrees with {np.mean(true.y == train.y):.0%} of the training labels")
assert train.noisy.sum() == 60
assert np.mean(true.y == train.y) == 0.8

wrong = train[train.noisy]
figure, panels = plt.subplots(1, 12, figsize=(10, 1.2), layout="constrained")
for panel, image, label in zip(panels, wrong.x, wrong.y):
    panel.imshow(image[0], cmap="gray_r")
    panel.set_title(f"“{label}”")
    panel.axis("off")
plt.show()

# %% [markdown]
# ### Exercise 1: the accuracy
#
# For each image a network gives ten numbers, one for each digit, called **logits**. The largest one
# is its answer. The **accuracy** is the share of right answers, from 0 to 1.
#
# `logits` has the shape (N, K): a row for each image. `labels` has the shape (N,) and holds whole
# numbers from 0 to K − 1. The logits need not be probabilities, nor positive.
#
# <details><summary>Hint</summary>
#
# `np.argmax` tells *where* the largest number is. Along which axis do you have to look, if there
# is a row for each image? A comparison of two arrays gives True and False, which count as 1 and 0
# in a mean.
#
# </details>


# %%
def accuracy(logits, labels):
    """The share of rows whose largest logit is at the label, from 0 to 1."""
    ### BEGIN SOLUTION
    return np.mean(np.argmax(logits, axis=1) == labels)
    ### END SOLUTION


# %%
def find_mistake(yours, right, mistakes):
    """A sentence about an answer that is not right; "" for the right one."""
    if yours is None:
        return f"Expected {right}, but you returned None."
    yours = np.array(yours, dtype=float)

    def is_yours(answer):
        return yours.shape == np.shape(answer) and np.allclose(yours, answer, rtol=1e-3)

    if is_yours(right):
        return ""
    shown = f"Expected {np.round(right, 4).tolist()}, but you returned {yours.round(4).tolist()}."
    named = [sentence for answer, sentence in mistakes if is_yours(answer)]
    return " ".join([shown, *named[:1]])


logits = np.array([[2.0, 1, 0], [0.1, 0.2, 0.3], [-3, -1, -5], [4, 9, 8], [-1, -2, -3]])
told = find_mistake(
    accuracy(logits, np.array([0, 2, 0, 1, 0])),
    0.8,
    [
        (4, "This is the number of right answers. Which share of all rows is it?"),
        (80, "This is a percentage; the accuracy goes from 0 to 1."),
        (0.2, "This is the share of wrong answers."),
        (0.6, "Do only logits above 0 count? The largest one may be negative."),
        (0.4, "Do only logits above 0.5 count? They are no probabilities."),
        (0, "The answer is the place of the largest number, not the number, in each row."),
        ([1, 1, 0, 1, 1], "These are the single answers: take their mean."),
    ],
)
assert not told, told
print("pass: 4 of the 5 answers are right, and you say 0.8")

# %% [markdown]
# ## More weights than labels
#
# The network has one hidden layer of 128 units. How many numbers can it adjust? From 784 pixels to
# 128 units there are $784 \cdot 128$ weights and 128 biases, and then $128 \cdot 10 + 10$ more:
# with $h$ hidden units $795 h + 10$, together **101 770**. That is 339 for each training label. So
# it *can* agree with every label, the wrong ones included. Does it?
#
# `fit` shows all training digits to the network in every **epoch**, in a new order, and measures
# both accuracies after it. `seed` is for the first weights and `generator` for the order: every
# network of this lesson starts alike.
#
# **Expect** 101 770 numbers. After 60 epochs, which take a second or two: 100 % of the *training*
# labels, although 60 of them are wrong (the truth has 80 %). On the new digits only about 72 %.


# %%
def make_network(hidden=128):
    mr.seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def learn(network, digits, epochs=60, **options):
    """Train with Adam, and return the history: a list of numbers for each quantity."""
    return mr.fit(
        network, digits, validation, epochs=epochs, progress=False,
        optimizer=optim.Adam(network.parameters(), lr=1e-3), generator=mr.Generator(1), **options,
    )  # fmt: skip


class Watch(mr.callbacks.Callback):
    """After every epoch: the accuracy on training digits with a right and with a wrong label."""

    def __init__(self):
        self.right, self.wrong, self.true = [], [], []

    def after_epoch(self, run):
        logits = mr.predict(run.model, train.x)
        self.right.append(accuracy(logits[~train.noisy], train.y[~train.noisy]))
        self.wrong.append(accuracy(logits[train.noisy], train.y[train.noisy]))
        self.true.append(accuracy(logits[train.noisy], true.y[train.noisy]))


network, watch = make_network(), Watch()
history = learn(network, train, callbacks=[watch])
count = sum(p.size for p in network.parameters())
new = history.validation_accuracy[-1]
print(f"{count} numbers, {count / len(train):.0f} for each label")
print(f"right on {history.train_accuracy[-1]:.1%} of the training and {new:.1%} of the new digits")
assert count == 101770
assert history.train_accuracy[-1] > 0.99
assert 0.66 < new < 0.78

# %% [markdown]
# ## How exact is "72 %"?
#
# The difference between both accuracies is the **gap**: here 28 percentage points. But the 500
# new digits were drawn by chance; 500 others would give another number. Suppose that the
# network is right on a new digit with the probability $a$. Each digit is then a coin that shows 1
# with probability $a$, otherwise 0: its variance is $a (1 - a)$. The accuracy is the mean of $n$
# such coins, and the variance of a mean of $n$ independent numbers is that of one, divided by $n$.
# The square root of it is the **standard error**.
#
# Nothing of this applies to the training accuracy: it is known exactly, because these digits are
# the ones that the network was trained with.
#
# ### Exercise 2: the gap and its standard error
#
# Write both. All accuracies go from 0 to 1, and $n$ is the number of new digits. A positive gap
# means that the network is better on the training digits.
#
# Before you run the check: about how large is the standard error of our 72 % of 500 digits? Is the
# gap of 28 points an accident? Is a difference of one point between two networks worth a sentence?
# And how many new digits would halve the standard error?
#
# <details><summary>Hint</summary>
#
# The gap is what training has and new digits have not. For the standard error follow the text: the
# variance of one coin, that of the mean, and the square root. Which of the two accuracies is the
# measured one?
#
# </details>


# %%
def gap(train_accuracy, new_accuracy, n):
    """The gap, and the standard error of it."""
    ### BEGIN SOLUTION
    error = np.sqrt(new_accuracy * (1 - new_accuracy) / n)
    return train_accuracy - new_accuracy, error
    ### END SOLUTION


# %%
# The check uses no formula for the standard error: it goes through all 26 results that 25 digits
# can have, from 0 right to 25 right, each with its exact probability.
results = np.arange(26) / 25
chances = np.array([comb(25, k) * 0.8**k * 0.2 ** (25 - k) for k in range(26)])
spread = float(np.sum(chances * (results - 0.8) ** 2) ** 0.5)

told = find_mistake(
    gap(0.95, 0.8, 25),
    (0.15, spread),
    [
        (0.15, "Return two numbers: the gap and its standard error."),
        ((-0.15, spread), "The sign of the gap: it is positive if training is better."),
        ((0.15, 0.0064), "The second number is a variance: its root is missing."),
        ((0.15, 0.4), "The second number is for a single digit: where is n?"),
        ((0.15, 0.016), "The root of n is missing: only the variance is divided by n itself."),
        ((0.15, 0.0816), "The variance of a mean is that of one coin divided by n, not by n - 1."),
        ((0.15, 0.0436), "The second number is that of the training accuracy, which is exact."),
        ((0.15, 0.0714), "The second number is made from the gap; the coin is right with a = 0.8."),
        ((15, 100 * spread), "These are percentage points; everything goes from 0 to 1."),
    ],
)
assert not told, told
print(f"pass: over all results of 25 digits, the standard error is {spread:.3f}, as you say")
size, error = gap(history.train_accuracy[-1], new, len(validation))
print(f"our network: gap {100 * size:.0f} points, standard error {100 * error:.1f} points")
print(
    f"with four times as many new digits: {100 * gap(1.0, new, 4 * len(validation))[1]:.1f} points"
)

# %% [markdown]
# ## In which order is it learned?
#
# `watch` used your `accuracy` after every epoch, on the 240 training digits with a right label and
# on the 60 with a wrong one. What do you think happens with the 60?
#
# **Expect.** A digit with a right label looks like many others with the same label: what helps for
# one helps for all of them. A wrong label helps for no other digit; it can only be learned by
# heart, one at a time. So the right labels come first. When 90 % of them are learned (after about 4
# epochs), the network gives the wrong label to fewer than a fifth of the 60, and the *true* digit,
# which nobody told it, to more than half. At the end it gives the wrong label to all 60, and the
# true digit to none.

# %%
early = int(np.argmax(np.array(watch.right) >= 0.9))
print("                      right labels   wrong labels   wrong ones: the true digit")
for name, i in ((f"after {early + 1} epochs", early), (f"after {len(history)} epochs", -1)):
    print(f"{name:20} {watch.right[i]:11.0%} {watch.wrong[i]:14.0%} {watch.true[i]:19.0%}")
assert early < 15
assert watch.wrong[early] < 0.2
assert watch.true[early] > 0.5
assert min(watch.right[-1], watch.wrong[-1]) > 0.97

figure, panel = plt.subplots(figsize=(8, 3), layout="constrained")
epochs = np.arange(1, len(history) + 1)
for values, name, colour in (
    (watch.right, "right labels", "#0072b2"),
    (watch.wrong, "wrong labels", "#d55e00"),
    (history.validation_accuracy, "new digits", "#009e73"),
):
    panel.plot(epochs, 100 * np.array(values), color=colour, label=name)
panel.set(xlabel="epoch", ylabel="accuracy (%)", title="Right labels first, wrong ones later")
panel.legend(frameon=False)
plt.show()

# %% [markdown]
# ## Stop in time
#
# While the wrong labels are learned, the new digits get worse. So stop before. **Early stopping**
# looks at the validation loss after every epoch. If it has not become lower than its lowest value
# for `patience` epochs, training ends, and the weights of the best epoch are put back.
#
# ### Exercise 3: early stopping
#
# You get the validation losses of the epochs, as a list, and the patience. Return two whole
# numbers: the epoch after which training ends, and the best epoch *up to there*. Epochs count from
# 1. An equal loss is not an improvement. If the patience never runs out, training ends with the
# list.
#
# An example with `patience=2`: the losses 1.0, 0.5, 0.6, 0.7, 0.4. After epoch 4 there were two
# epochs without an improvement: training ends, and the answer is (4, 2). That epoch 5 would have
# been better, nobody will ever know.
#
# <details><summary>Hint</summary>
#
# Go through the epochs and remember the best one so far. You need no counter of the epochs without
# an improvement: their number is a difference of two epochs. And do not forget what to return when
# the loop ends by itself.
#
# </details>


# %%
def stop_early(losses, patience):
    """The pair (last epoch, best epoch), both counted from 1."""
    ### BEGIN SOLUTION
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best - 1]:
            best = epoch
        if epoch - best >= patience:
            return epoch, best
    return len(losses), best
    ### END SOLUTION


# %%
def referee(losses, patience):
    """The same pair by minireg's own early stopping."""
    stopping = mr.EarlyStopping(patience)
    stops = (epoch for epoch, loss in enumerate(losses, 1) if stopping.should_stop(loss))
    last = next(stops, len(losses))
    return last, 1 + int(np.argmin(losses[:last]))


losses = [5.0, 6.0, 4.0, 6.0, 3.0, 3.5, 3.2, 3.1, 3.3, 1.0]
told = find_mistake(
    stop_early(losses, 3),
    (8, 5),
    [
        ((10, 10), "Epochs 6, 7 and 8 are not better than epoch 5: training never gets to 10."),
        ((8, 10), "Training ends after epoch 8: the loss of epoch 10 is not known then."),
        ((7, 4), "Epochs count from 1."),
        ((8, 8), "The last epoch is not the best one."),
        ((8, 3.0), "The second number is a loss; return its epoch."),
        ((9, 5), "After epoch 8 there were three epochs without an improvement: one too many."),
        ((7, 5), "After epoch 7 there were only two epochs without an improvement."),
        ((6, 5), "Epochs 2 and 4 do not count any more: an improvement starts the count anew."),
        (8, "Return two numbers: the last epoch and the best one."),
    ],
)
told = told or find_mistake(
    stop_early([2.0, 2.0, 2.0], 2),
    (3, 1),
    [((3, 3), "An equal loss is not an improvement."), ((3, 2), "An equal loss is no better.")],
)
random = np.random.default_rng(0)
for _ in range(200):
    losses, patience = random.integers(0, 9, size=12).tolist(), int(random.integers(1, 5))
    told = told or find_mistake(stop_early(losses, patience), referee(losses, patience), [])
    assert not told, f"{told} (The losses are {losses}, the patience is {patience}.)"
print("pass: on 200 random lists you stop where minireg's EarlyStopping does")

# %% [markdown]
# Now apply it to our network. `history.validation_loss` has 60 entries. If training had been
# stopped by your rule, with `patience=5`, when would that have been?
#
# **Expect** an end after about 19 of the 60 epochs, and a best epoch of about 14. There the network
# is right on about 78 % of the new digits instead of 72 %: three standard errors more, for a third
# of the time. The gap is not 28 points but 9. And `fit(early_stopping=5)` ends after the very same
# epoch.

# %%
last, best = stop_early(history.validation_loss, patience=5)
at_best = history[best - 1]["train_accuracy"], history[best - 1]["validation_accuracy"]
print(f"end after epoch {last}, best epoch {best}")
print(f"there right on {at_best[0]:.1%} of the training and {at_best[1]:.1%} of the new digits")

stopped = make_network()
stopped_history = learn(stopped, train, early_stopping=5)
assert len(stopped_history) == last < 35
assert at_best[1] > new + 0.02
assert gap(*at_best, 500)[0] < 0.16

loss = {"training digits": history.loss, "new digits": history.validation_loss}
accuracies = {"training digits": history.train_accuracy, "new digits": history.validation_accuracy}
plots.training_curves({"loss": loss, "accuracy": accuracies}, best_epoch=best)

# %% [markdown]
# The pictures show why the loss is watched and not the accuracy. On the new digits the loss falls
# smoothly and rises again, as soon as the network becomes *sure* of wrong answers. The accuracy
# only counts answers; it jumps up and down by a point from one epoch to the next, so that its best
# epoch (the ninth) is partly luck.
#
# ## Fewer weights
#
# The fewer numbers a network can adjust, the harder it is to learn by heart. So make the hidden
# layer smaller.
#
# **Expect**, for 4, 8, 32 and 128 hidden units, $795 h + 10$ numbers: 3190, 6370, 25 450, 101 770.
# After the same 60 epochs the gap grows with the network: about 7, 13, 26 and 28 points. But look
# at *both* accuracies, too. With 4 units the gap is small because the network is bad at everything:
# it gets only half of the *training* digits right. That is called **underfitting**. On the new
# digits all but the smallest are within two standard errors of each other (70 to 72 %), and 8 units
# still have 21 numbers for each label: here, the size of the network does not decide much.

# %%
results = {hidden: learn(make_network(hidden), train) for hidden in (4, 8, 32)} | {128: history}
gaps = []
for hidden, result in results.items():
    count = sum(p.size for p in make_network(hidden).parameters())
    known, new = result.train_accuracy[-1], result.validation_accuracy[-1]
    gaps.append(gap(known, new, 500)[0])
    print(f"{hidden:4} units, {count:6} numbers: {known:6.1%} and {new:.1%}", end=", ")
    print(f"gap {100 * gaps[-1]:.0f} points")
    assert count == 795 * hidden + 10
assert gaps[0] < gaps[1] < gaps[2]
assert results[4].train_accuracy[-1] < 0.65

plots.learning_curves(
    {f"{hidden} units": result.train_accuracy for hidden, result in results.items()},
    {f"{hidden} units": result.validation_accuracy for hidden, result in results.items()},
    ceiling=(0.8, "the truth, on the training labels"),
)

# %% [markdown]
# ## More data
#
# The surest remedy is more examples, even if they are as unreliable as the others. Wrong labels
# contradict each other: nine different wrong digits, each only for one image in forty-five. The
# right label has a clear majority among similar images.
#
# **Expect**, for 100, 300, 1000 and 3000 digits, each with 20 % of wrong labels and 30 epochs: the
# accuracy on new digits rises from about 64 % over 70 and 81 % to 84 %, and the gap falls from
# about 35 points over 28 and 13 to 11. On their training digits all of these networks are better
# than the truth: the gap is not closed by underfitting, as it was in the small networks.

# %%
gaps, new_accuracies = [], []
for m in (100, 300, 1000, 3000):
    digits = rest.sample(m, generator=mr.Generator(3))
    digits = digits.with_label_noise(0.2, generator=mr.Generator(4))
    large = make_network()
    row = learn(large, digits, epochs=30, measure_train=False)[-1]
    train_accuracy = accuracy(mr.predict(large, digits.x), digits.y)
    new_accuracies.append(row["validation_accuracy"])
    gaps.append(gap(train_accuracy, new_accuracies[-1], 500)[0])
    print(f"{m:4} digits: {train_accuracy:6.1%} and {new_accuracies[-1]:.1%}", end=", ")
    print(f"gap {100 * gaps[-1]:.0f} points")
assert new_accuracies[0] < new_accuracies[1] < new_accuracies[2]
assert new_accuracies[0] < 0.68
assert new_accuracies[3] > 0.78
assert train_accuracy > 0.85
assert gaps[3] < 0.6 * gaps[0]

# %% [markdown]
# ## The test, once
#
# All decisions are made, with the validation digits: the best epoch was *chosen* because it looked
# good on them. So its 78 % are a little too good: a choice always takes some of the luck with it.
# Only digits that played no part in any decision give an honest number. That is what the 1000
# test digits are for.
#
# **Expect** the early-stopped network ahead of the one that learned everything by heart: about
# 74 % against 69 %, each with a standard error of 1.4 points. Both are lower than on the
# validation digits, the second one by chance alone: nothing was chosen for it.

# %%
by_heart = accuracy(mr.predict(network, test.x), test.y)
in_time = accuracy(mr.predict(stopped, test.x), test.y)
error = gap(1.0, in_time, len(test))[1]
print(f"by heart {by_heart:.1%}, stopped in time {in_time:.1%}, each ± {100 * error:.1f} points")
assert abs(error - 0.014) < 0.001
assert in_time > by_heart + 0.02

# %% [markdown]
# ## What to keep
#
# * A network with enough weights learns everything, wrong labels too. Training accuracy says
#   nothing about new digits; the gap shows it.
# * A measured accuracy has a standard error $\sqrt{a (1 - a) / n}$. Two networks that differ by
#   less than two of them do not differ.
# * Right labels are learned before wrong ones. Early stopping uses exactly that.
# * A smaller gap is no aim in itself: underfitting has a small gap, too. And a small network may
#   only need longer to overfit.
# * More data raises the accuracy on new digits and closes the gap.
# * Decide with the validation set; use the test set once.
#
# ## Where to read on
#
# * `minireg/training/early_stopping.py`: `should_stop` is your exercise 3, in six lines.
# * `minireg/data/dataset.py`: `split`, `sample` and `with_label_noise`.
# * `minireg demo` compares L1, L2, dropout, augmentation and early stopping on such digits, and
#   writes a report.
# * Zhang, Bengio, Hardt, Recht and Vinyals (2017), "Understanding deep learning requires rethinking
#   generalization": networks that learn *random* labels by heart.
#
# ## If you want more
#
# 1. Make all labels wrong: `with_label_noise(0.9)` makes them random. Does the training accuracy
#    still reach 100 %? How many epochs does it take? And the new digits?
# 2. Train 8 units for 300 epochs. Do they learn the wrong labels after all? What does that say
#    about counting weights? Repeat it with other seeds: how much do the accuracies vary, compared
#    with the standard error?
# 3. Let the validation labels be wrong as often as the training labels. What is now the best
#    possible validation accuracy? Does early stopping still find about the same epoch?
# 4. Two networks that are tested on the *same* digits: look only at the digits on which they
#    differ. Why does this tell more than two standard errors?
#
# Lesson 4 is about a penalty on large weights: L2, and what weight decay has to do with it.
