"""DropConnect: x @ (w * mask) / keep."""

from minireg.gradcheck import Booleans, Floats

INPUTS = {
    "x": Floats("N", "D"),
    "w": Floats("D", "M"),
    "mask": Booleans("D", "M", share=0.5),
    "keep": 0.5,
}


def forward(x, w, mask, keep):
    return x @ (w * mask) / keep


def backward(g, x, w, mask, keep):
    g = g / keep
    return g @ (w * mask).T, x.T @ g * mask


def dropped_weights_learn(g, x, w, mask, keep):
    g = g / keep
    dx = g @ (w * mask).T
    dw = x.T @ g  # <- mask-missing
    return dx, dw


def input_sees_all_weights(g, x, w, mask, keep):
    g = g / keep
    dx = g @ w.T  # <- mask-missing
    dw = x.T @ g * mask
    return dx, dw


def other_weights_learn(g, x, w, mask, keep):
    g = g / keep
    dw = x.T @ g
    dw *= 1 - mask  # <- mask-inverted
    return g @ (w * mask).T, dw


def mask_changed(g, x, w, mask, keep):
    g = g / keep
    w *= mask  # <- input-mutated
    return g @ w.T, (x.T @ g) * mask
