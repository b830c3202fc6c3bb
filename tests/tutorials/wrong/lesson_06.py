"""Lesson 6: wrong answers of students, and what the report or the error tells them."""

NEW_MASK_IN_BACKWARD = """
random = np.random.default_rng()
return dropout(upstream, draw_mask(random, upstream.shape, p), p)"""

# exercise, answer, what is told
WRONG = [
    (1, "return", "return a boolean array of this shape, not None"),
    (1, "return random.random() < 1 - p", "return a boolean array of this shape, not True"),
    (1, "return 1.0 * (random.random(shape) < 1 - p)", "not dtype('float64')"),
    (1, "return random.random(shape) < p", "expected. p is the probability of dropping"),
    (1, "return random.random(shape[1:]) < 1 - p", "yours is (100,)"),
    (
        1,
        "return np.tile(random.random(shape[1]) < 1 - p, (shape[0], 1))",
        "neighbouring rows of your mask",
    ),
    (1, "return np.random.default_rng().random(shape) < 1 - p", "draw from `random`"),
    (2, "return", "return an array of shape (3,), not None"),
    (2, "return x * mask", "that is 0.7 times x"),
    (2, "return x * mask / p", "that is 2.333 times x"),
    (2, "return x * mask / (1 - p) ** 2", "that is 1.429 times x"),
    (2, "return x * ~mask / (1 - p)", "True = kept"),
    (2, "return x / (1 - p)", "True = kept"),
    (2, "x *= mask\nreturn x / (1 - p)", "x must hold the same values as before"),
    (3, "return", "backward must return 1 gradient"),
    (3, "return upstream", "a mask is missing"),
    (3, "return upstream / (1 - p)", "a mask is missing"),
    (3, "return upstream * mask", "yours = 0.7 * numeric"),
    (3, "return upstream * mask / p", "yours = 2.33333 * numeric"),
    (3, "return dropout(upstream, mask, p) / (1 - p)", "yours = 1.42857 * numeric"),
    (3, "return mask / (1 - p)", "the upstream gradient is ignored"),
    (3, "return dropout(x, mask, p)", "the upstream gradient is ignored"),
    (3, NEW_MASK_IN_BACKWARD, "it draws random numbers"),
]
