"""Lesson 1: wrong answers of students, and what the report or the error tells them."""

# exercise, answer, what is told
WRONG = [
    (1, "return", "backward must return 2 gradients"),
    (1, "return upstream / s", "backward must return 2 gradients"),
    (1, "return upstream / s, -upstream * x / s**2", "not summed over axis 1"),
    (1, "return upstream / s, (upstream * x / s**2).sum(1, keepdims=True)", "the sign"),
    (1, "return upstream / s, -(upstream * x / s**2).sum(1)", "reshape it to (5, 1)"),
    (1, "return upstream / s, -(upstream * x / s**2).sum()", "has the shape ()"),
    (1, "upstream /= s\nreturn upstream, 0 * s", "changes the upstream gradient in place"),
    (1, "x /= s\nreturn upstream / s, 0 * s", "changes its input x in place"),
    (2, "return", "must be an array of shape (5,)"),
    (2, "return r * r * r", "the upstream gradient is ignored"),
    (2, "return -g * r * r * r", "the sign is wrong"),
    (2, "return (g * r * r * r).sum()", "must be an array of shape (5,)"),
    (2, "g *= r * r * r\nreturn g", "read-only"),
    (3, "return g", "yours only on the entry at the same place"),
    (3, "return g - xp.exp(y)", "is not just multiplied"),
    (3, "return g - xp.exp(y) * g.sum()", "is wrong in 15 of 15 entries"),
]
