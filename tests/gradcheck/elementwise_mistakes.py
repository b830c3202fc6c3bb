"""Mistakes in functions of one number: y = f(x), dL/dx = upstream · f'(x)."""

from __future__ import annotations

from tests.gradcheck.cases import D, N, elementwise, normal, positive, xp

SLOPE = 0.2

exp = elementwise(
    "exp",
    normal((N, D)),
    lambda x: xp(x).exp(x),
    lambda x, y: y,
    input_for_output=lambda x, y: x,
    zero=lambda x, y: 0 * x,
    negative=lambda x, y: -y,
    times_x=lambda x, y: x * y,
)
exp.wrong["upstream_ignored"] = lambda d, x: (xp(x).exp(x),)
exp.wrong["upstream_squared"] = lambda d, x: (d * d * xp(x).exp(x),)
exp.wrong["upstream_added"] = lambda d, x: (d + xp(x).exp(x),)
elementwise(
    "log",
    positive((N, D)),
    lambda x: xp(x).log(x),
    lambda x, y: 1 / x,
    output_for_input=lambda x, y: 1 / y,
    not_inverted=lambda x, y: x,
)
elementwise(
    "sqrt",
    positive((N, D)),
    lambda x: xp(x).sqrt(x),
    lambda x, y: 0.5 / y,
    half_missing=lambda x, y: 1 / y,
    input_for_output=lambda x, y: 0.5 / x,
)
elementwise(
    "square",
    normal((N, D)),
    lambda x: x * x,
    lambda x, y: 2 * x,
    factor_missing=lambda x, y: x,
    factor_twice=lambda x, y: 4 * x,
)
elementwise(
    "power",
    positive((N, D)),
    lambda x: x**3,
    lambda x, y: 3 * x**2,
    factor_missing=lambda x, y: x**2,
    exponent_kept=lambda x, y: 3 * x**3,
    exponent_of_result=lambda x, y: 2 * x**2,
)
elementwise(
    "tanh",
    normal((N, D)),
    lambda x: xp(x).tanh(x),
    lambda x, y: 1 - y * y,
    input_for_output=lambda x, y: 1 - x * x,
    square_missing=lambda x, y: 1 - y,
    that_of_sigmoid=lambda x, y: y * (1 - y),
)
elementwise(
    "sigmoid",
    normal((N, D)),
    lambda x: 1 / (1 + xp(x).exp(-x)),
    lambda x, y: y * (1 - y),
    input_for_output=lambda x, y: x * (1 - x),
    factor_missing=lambda x, y: y,
    that_of_tanh=lambda x, y: 1 - y * y,
    sign=lambda x, y: y * (y - 1),
)
relu = elementwise(
    "relu",
    normal((N, D)),
    lambda x: xp(x).maximum(x, 0),
    lambda x, y: x > 0,
    mask_missing=lambda x, y: x == x,
    mask_inverted=lambda x, y: x <= 0,
    times_x=lambda x, y: y,
)
relu.wrong["relu_of_upstream"] = lambda d, x: (xp(d).maximum(d, 0),)
relu.wrong["mask_of_upstream"] = lambda d, x: (d * (d > 0) * (x > 0),)
elementwise(
    "leaky_relu",
    normal((N, D)),
    lambda x: xp(x).where(x > 0, x, SLOPE * x),
    lambda x, y: xp(x).where(x > 0, 1.0, SLOPE),
    slope_dropped=lambda x, y: (x > 0) * 1.0,
    slope_for_the_wrong_side=lambda x, y: xp(x).where(x > 0, SLOPE, 1.0),
    slope_times_x=lambda x, y: xp(x).where(x > 0, 1.0, SLOPE * x),
)
elementwise(
    "abs",
    normal((N, D)),
    lambda x: xp(x).abs(x),
    lambda x, y: xp(x).sign(x),
    ones=lambda x, y: x == x,
    step=lambda x, y: x > 0,
    input=lambda x, y: x,
)
elementwise(
    "clip",
    normal((N, D)),
    lambda x: xp(x).clip(x, -0.5, 0.5),
    lambda x, y: (x > -0.5) & (x < 0.5),
    one_side=lambda x, y: x < 0.5,
    none=lambda x, y: x == x,
)
elementwise(
    "soft_threshold",
    normal((D, D)),
    lambda x: x - xp(x).clip(x, -0.5, 0.5),
    lambda x, y: xp(x).abs(x) > 0.5,
    mask_missing=lambda x, y: x == x,
    mask_inverted=lambda x, y: xp(x).abs(x) <= 0.5,
    one_side=lambda x, y: x > 0.5,
)
elementwise(
    "used_twice",
    normal((N, D)),
    lambda x: x * x + xp(x).exp(x),
    lambda x, y: 2 * x + xp(x).exp(x),
    first_overwritten=lambda x, y: xp(x).exp(x),
    second_overwritten=lambda x, y: 2 * x,
)
