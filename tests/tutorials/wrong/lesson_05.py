"""Lesson 5: wrong answers of students, and what the report or the error tells them."""

SLOPE = "g = x.T @ (x @ w - y) / len(y)\n"

# exercise, answer, what is told
WRONG = [
    (1, "return", "backward must return 1 gradient"),
    (1, "return STRENGTH * np.sign(w)", "the upstream gradient is ignored"),
    (1, "return upstream * np.sign(w)", "yours = 10 * numeric"),
    (1, "return upstream * STRENGTH * w / np.abs(w)", "nan [-0.1, 0.1]"),
    (1, "return upstream * 2 * STRENGTH * w", "is wrong in 4 of 6 entries"),
    (1, "return -upstream * STRENGTH * np.sign(w)", "the sign is wrong"),
    (1, "return upstream * STRENGTH * np.where(w >= 0, 1, -1)", "at w = 0 the exercise asks"),
    (2, "return", "return an array of shape (5, 5), not None"),
    (2, "return np.maximum(u - t, 0)", "u = -3.0, t = 0.0: your w = 0"),
    (2, "return u - t * np.sign(u)", "u = -0.25, t = 0.5: your w = 0.25"),
    (2, "return np.where(np.abs(u) > t, u, 0)", "u = -3.0, t = 0.5: your w = -3"),
    (2, "return u / (1 + t)", "u = -3.0, t = 0.5: your w = -2"),
    (2, "u[np.abs(u) <= t] = 0\nreturn u - t * np.sign(u)", "u must hold the same values"),
    (3, "return", "return an array of shape (12,), not None"),
    (3, f"{SLOPE}return soft_threshold(w - step * g, strength)", "with another strength"),
    (3, f"{SLOPE}return soft_threshold(w, step * strength) - step * g", "must come last"),
    (3, f"{SLOPE}return w - step * (g + strength * np.sign(w))", "not one weight is exactly 0"),
    (3, f"{SLOPE}return soft_threshold(w - g, strength)", "the steps are too long"),
    (3, f"{SLOPE}return soft_threshold(w - step * len(y) * g, step * strength)", "by n"),
    (3, f"{SLOPE}return soft_threshold(w + step * g, step * strength)", "go uphill"),
    (3, "return soft_threshold(w, step * strength)", "these weights must leave zero"),
]
