"""Lesson 8: wrong answers of students, and what the report or the error tells them."""

STANDARDIZE = """
s = np.sqrt(x.var(axis=0) + EPS)
return (x - x.mean(axis=0)) / s, s"""
BATCH_NORM_BACKWARD = """
h = gamma * upstream
dx = (h - h.mean(axis=0) - x_hat * (h * x_hat).mean(axis=0)) / s
return dx, (upstream * x_hat).sum(axis=0), upstream.sum(axis=0)"""
BATCH_NORM_LAYER = """
if not training:
    return gamma * (x - running_mean) / np.sqrt(running_var + EPS) + beta, running_mean, running_var
n = len(x)
mean = 0.9 * running_mean + 0.1 * x.mean(axis=0)
var = 0.9 * running_var + 0.1 * x.var(axis=0) * n / (n - 1)
return batch_norm(x, gamma, beta)[0], mean, var"""

# exercise, answer, what is told
WRONG = [
    (1, "return", "return the pair x_hat, s, not None"),
    (1, STANDARDIZE.replace(", s", ""), "return the pair x_hat, s, not array"),
    (1, STANDARDIZE.replace("axis=0", "ddof=1, axis=0", 1), "you divide by N - 1"),
    (1, STANDARDIZE.replace(" + EPS)", ") + EPS"), "inside the root"),
    (1, STANDARDIZE.replace(" + EPS", ""), "eps is missing"),
    (1, STANDARDIZE.replace("np.sqrt", ""), "its root is missing"),
    (1, STANDARDIZE.replace("axis=0", "axis=1, keepdims=True"), "yours has 4"),
    (1, STANDARDIZE.replace("axis=0", ""), "yours has 1"),
    (1, STANDARDIZE.replace("x.mean(axis=0)", "x.mean()"), "the means of x_hat are"),
    (1, STANDARDIZE.replace(" / s", " / s**2"), "the variances of x_hat are"),
    (1, "x -= x.mean(axis=0)\nreturn x, x.std(axis=0)", "x must hold the same values"),
    (2, "return", "backward must return 3 gradients"),
    (2, "return gamma * upstream / s", "backward must return 3 gradients"),
    (
        2,
        "return gamma * upstream / s, (upstream * x_hat).sum(0), upstream.sum(0)",
        "a mean, variance, norm, sum or maximum is treated as a\n    constant",
    ),
    (
        2,
        BATCH_NORM_BACKWARD.replace(" - x_hat * (h * x_hat).mean(axis=0)", ""),
        "a mean, variance, norm, sum or maximum is treated as a\n    constant",
    ),
    (2, BATCH_NORM_BACKWARD.replace("mean(axis=0)", "mean()"), "over another axis"),
    (2, BATCH_NORM_BACKWARD.replace("mean(axis=0)", "mean(axis=1)"), "(5,7) (5,)"),
    (
        2,
        BATCH_NORM_BACKWARD.replace("gamma * ", ""),
        "yours = numeric / gamma",
    ),
    (2, BATCH_NORM_BACKWARD.replace(" / s", ""), "a factor of the chain rule is missing"),
    (
        2,
        BATCH_NORM_BACKWARD.replace(" - x_hat *", " + x_hat *"),
        "from the variance is missing or wrong",
    ),
    (2, BATCH_NORM_BACKWARD.replace("sum(axis=0)", "mean(axis=0)"), "yours = 0.2 * numeric"),
    (2, BATCH_NORM_BACKWARD.replace(".sum(axis=0)", ""), "not summed\n    over axis 0"),
    (
        2,
        BATCH_NORM_BACKWARD.replace("(upstream * x_hat).sum", "upstream.sum"),
        "it is the\n    gradient of beta",
    ),
    (2, f"upstream *= gamma{BATCH_NORM_BACKWARD}", "changes the upstream gradient in place"),
    (3, "return", "return y, running_mean, running_var, not None"),
    (3, "return batch_norm(x, gamma, beta)", "return three arrays"),
    (3, BATCH_NORM_LAYER.replace("[0]", ""), "not ['tuple', 'ndarray', 'ndarray']"),
    (
        3,
        BATCH_NORM_LAYER.replace("if not training:", "if True:"),
        "with the statistics of the batch",
    ),
    (
        3,
        BATCH_NORM_LAYER.replace("0.9 *", "0.1 *", 1).replace("0.1 * x.m", "0.9 * x.m"),
        "is the share of the new value",
    ),
    (3, BATCH_NORM_LAYER.replace(" * n / (n - 1)", ""), "N / (N - 1) is missing"),
    (
        3,
        BATCH_NORM_LAYER.replace("0.9 * running_var", "running_var"),
        "the running variance is 1.56667, yours is [1.66",
    ),
    (3, BATCH_NORM_LAYER.replace("+ EPS", ""), "minireg gives another y"),
    (3, f"running_mean += 1{BATCH_NORM_LAYER}", "you changed the running statistics in place"),
    (3, BATCH_NORM_LAYER.replace("if not training:", "if False:"), "in evaluation x = 5 gives 10"),
    (
        3,
        BATCH_NORM_LAYER.replace(
            "running_mean, running_var\nn", "0 * running_mean, running_var\nn"
        ),
        "evaluation must not update",
    ),
]
