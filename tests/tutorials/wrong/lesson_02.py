"""Lesson 2: wrong answers of students, and what the report or the error tells them."""

ROUNDED = """
slopes = np.zeros_like(x)
for i in np.ndindex(x.shape):
    kept = x[i]
    x[i] = kept + h
    right = f(x)
    x[i] = kept - h
    left = f(x)
    x[i] = kept
    slopes[i] = (right - left) / (2 * h)
return slopes"""
ZEROS_LIKE_X = """
slopes = np.zeros_like(x)
for i in np.ndindex(x.shape):
    step = np.zeros(x.shape)
    step[i] = h
    slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
return slopes"""
NOT_PUT_BACK = """
slopes = np.zeros(x.shape)
for i in np.ndindex(x.shape):
    x[i] += h
    right = f(x)
    x[i] -= 2 * h
    slopes[i] = (right - f(x)) / (2 * h)
return slopes"""
ONE_SIDED = """
slopes = np.zeros(x.shape)
for i in np.ndindex(x.shape):
    step = np.zeros(x.shape)
    step[i] = h
    slopes[i] = (f(x + step) - f(x)) / h
return slopes"""

# exercise, answer, what is told
WRONG = [
    (1, "return", "return an array with a slope for each entry, not None"),
    (1, "return central_difference(f, x, h)", "a slope for each entry"),
    (1, NOT_PUT_BACK, "x must hold the same values as before"),
    (1, ONE_SIDED, "but you returned"),
    (1, ZEROS_LIKE_X, "for the whole numbers [1, 2]"),
    (1, ROUNDED, "for the whole numbers [1, 2]"),
    (2, "return upstream", "a mask is missing"),
    (2, "return upstream * (x > 1)", "a part is missing"),
    (2, "return 2.0 * upstream * (abs(x) > 1)", "a 2 is too many"),
    (2, "upstream[abs(x) < 1] = 0\nreturn upstream", "the upstream gradient in place"),
    (3, "return", "backward must return 3 gradients"),
    (3, "return upstream @ w, x.T @ upstream, upstream.sum(0)", "it is transposed"),
    (3, "return upstream @ w, upstream.T @ x, upstream", "not summed over axis 0"),
    (3, "return upstream @ w, upstream.T @ x, upstream.mean(0)", "1/5"),
    (3, "return upstream @ w.T, upstream.T @ x, upstream.sum(0)", "size 3 is different from"),
]
