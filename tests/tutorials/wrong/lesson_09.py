"""Lesson 9: wrong answers of students, and what the report or the error tells them."""

FLIP = """
chosen = flipped[:, None, None, None]
return (
    np.where(chosen, images[..., ::-1], images),
    lambda g: np.where(chosen, g[..., ::-1], g),
)"""
TURN = """
a = np.deg2rad(degrees)
A = np.tile(np.eye(3), (len(a), 1, 1))
A[:, 0, 0] = A[:, 1, 1] = np.cos(a)
A[:, 0, 1], A[:, 1, 0] = np.sin(a), -np.sin(a)
m = np.array([(height - 1) / 2, (width - 1) / 2])
A[:, :2, 2] = m - A[:, :2, :2] @ m
return A"""
MIXUP_LOSS = """
K = logits.shape[1]
q = lam[:, None] * np.eye(K)[a] + (1 - lam[:, None]) * np.eye(K)[b]
loss = -np.mean(np.sum(q * log_softmax(logits), axis=1))
return loss, lambda g: g * (np.exp(log_softmax(logits)) - q) / len(logits)"""

# exercise, answer, what is told
WRONG = [
    (1, "return", "return two things: images and a function, not None"),
    (1, "return images[..., ::-1]", "return two things: images and a function, not array"),
    (1, "return images, images[..., ::-1]", "the second thing must be a function of g, not array"),
    (1, "return images, images, flipped", "return two things, images and a function, not 3"),
    (1, "return images[..., ::-1], lambda g: g[..., ::-1]", "flipped[0] is False"),
    (1, "return images, lambda g: g", "must become 9 8 7 6, yours is [6. 7. 8. 9.]"),
    (
        1,
        FLIP.replace("[:, None, None, None]", ""),
        "(2,1,1,4). Has the condition the shape (N, 1, 1, 1)?",
    ),
    (
        1,
        FLIP.replace("[:, None, None, None]", "[:, None]"),
        "yours have (2, 1, 2, 4). Has the condition the shape (N, 1, 1, 1)?",
    ),
    (
        1,
        FLIP.replace("where(chosen, g", "where(flipped, g"),
        "(2,1,1,4). Has the condition the shape (N, 1, 1, 1)?",
    ),
    (1, FLIP.replace("[..., ::-1]", "[:, :, ::-1]"), "9 8 7 6"),
    (1, FLIP.replace("[..., ::-1]", "[::-1]"), "9 8 7 6"),
    (1, FLIP.replace("g[..., ::-1]", "g"), "it has\n    the right numbers in the wrong places"),
    (
        1,
        FLIP.replace("np.where(chosen, g[..., ::-1], g)", "g[..., ::-1]"),
        "you flip g of every image, also where flipped is False",
    ),
    (
        1,
        FLIP.replace("np.where(chosen, g[..., ::-1], g)", "(np.where(chosen, g[..., ::-1], g),)"),
        "must return one array, dL/dimages, not a tuple",
    ),
    (
        1,
        FLIP.replace("np.where(chosen, g[..., ::-1], g)", "None"),
        "backward must return 1 gradient (images), in the order of the arguments, but returned "
        "None",
    ),
    (
        1,
        FLIP.replace("np.where", "mr.where"),
        "it returned a Tensor: use NumPy (np.where, not mr.where)",
    ),
    (
        1,
        FLIP.replace("g[..., ::-1]", "0 * g"),
        "yours is zero in some entries where the input matters",
    ),
    (1, FLIP.replace("where(chosen, g", "where(~chosen, g"), "it is\n    reversed along axis 3"),
    (
        1,
        FLIP.replace("g[..., ::-1]", "g[:, :, ::-1]"),
        "a reshape, permutation, flip or shift is not undone",
    ),
    (
        1,
        "images[flipped] = images[flipped][..., ::-1]\nreturn images, lambda g: 1 * g",
        "it changes its input images in place",
    ),
    (2, "return", "turn returned None: is its return statement missing?"),
    (2, TURN.replace("return A", "return A[0]"), "yours has (3, 3)"),
    (2, TURN.replace("return A", "return A[:, :2]"), "yours has (2, 2, 3)"),
    (
        2,
        "c, s = np.cos(degrees), np.sin(degrees)\n"
        "return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])",
        "Each entry is an array of N numbers: make N matrices with np.tile",
    ),
    (
        2,
        "c, s, z = np.cos(degrees), np.sin(degrees), 0 * degrees\n"
        "return np.array([[c, s, z], [-s, c, z], [z, z, z + 1]])",
        "the angles first; yours has (3, 3, 2)",
    ),
    (
        2,
        TURN.replace("return A", "return A.swapaxes(1, 2)"),
        "the last row of each matrix is 0 0 1",
    ),
    (2, TURN.replace("np.deg2rad(degrees)", "degrees"), "Are these radians?"),
    (2, TURN.replace(" - 1)", ")"), "so the middle is not at (1.5, 2.5)"),
    (2, TURN.replace("m - A[:, :2, :2] @ m", "0"), "(2.0, -1.0): you turn about the first pixel"),
    (2, TURN.replace("m - A[:, :2, :2] @ m", "m"), "with 90 degrees you read it at (3.0, 1.0)"),
    (2, TURN.replace("m - A[:, :2, :2] @ m", "A[:, :2, :2] @ m - m"), "the sign of the shift"),
    (
        2,
        TURN.replace("(height - 1) / 2, (width - 1)", "(width - 1) / 2, (height - 1)"),
        "you read it at (3.0, 2.0): your m is (column, row)",
    ),
    (2, TURN.replace("np.sin(a), -np.sin(a)", "-np.sin(a), np.sin(a)"), "this turns clockwise"),
    (
        2,
        TURN.replace("np.sin(a), -np.sin(a)", "np.sin(a), np.sin(a)"),
        "the right (1, 3) at the bottom (2, 2); you read them at (1.0, 1.0) and (2.0, 2.0)",
    ),
    (
        2,
        TURN.replace("A[:, 1, 1] = np.cos(a)", "A[:, 1, 1] = np.abs(np.cos(a))"),
        "degrees, 7 x 10 pixels",
    ),
    (3, "return", "combine returned None: is its return statement missing?"),
    (3, "return (first @ second)[0]", "the shape is (1, 3, 3), yours is (3, 3)"),
    (3, "return second @ first", "you shift first and turn then"),
    (3, "return first * second", "a quarter turn, then to the right"),
    (3, "return first + second", "a quarter turn, then to the right"),
    (3, "return np.linalg.inv(first @ second)", "a quarter turn, then to the right"),
    (4, "return", "return two things: the loss and a function, not None"),
    (4, MIXUP_LOSS.replace("return loss, lambda g:", "g = 1\nreturn loss,"), "must be a function"),
    (4, MIXUP_LOSS.replace("np.mean(", "("), "the loss is one number, the mean"),
    (4, MIXUP_LOSS.replace("np.mean(", "np.sum("), "the sum over the examples"),
    (4, MIXUP_LOSS.replace("-np.mean", "np.mean"), "the sign is the wrong one"),
    (4, MIXUP_LOSS.replace("np.eye(K)[b]", "np.eye(K)[a]"), "only the label a counts"),
    (4, MIXUP_LOSS.replace("q = lam", "lam = 0 * lam + 0.5\nq = lam"), "both labels count by half"),
    (
        4,
        MIXUP_LOSS.replace("K)[a]", "K)[c]").replace("K)[b]", "K)[a]").replace("[c]", "[b]"),
        "lam is the share of a, not of b",
    ),
    (
        4,
        MIXUP_LOSS.replace("log_softmax(logits), axis", "logits, axis"),
        "logits are not logarithms of probabilities",
    ),
    (4, MIXUP_LOSS.replace(" / len(logits)", ""), "4 is the length of\n    axis 0 of logits"),
    (
        4,
        MIXUP_LOSS.replace(") - q)", ") - np.eye(K)[a])"),
        "the labels belong to other rows or classes",
    ),
    (4, MIXUP_LOSS.replace("g * (", "("), "the upstream gradient is ignored"),
    (
        4,
        MIXUP_LOSS.replace("np.exp(log_softmax(logits))", "logits"),
        "a mean, variance, norm, sum or maximum is treated as a\n    constant",
    ),
    (
        4,
        MIXUP_LOSS.replace("np.exp(log_softmax(logits)) - q", "q - np.exp(log_softmax(logits))"),
        "the sign is wrong",
    ),
]
