#: a constant factor: yours = 0.333333 * numeric; that is 1/n, with n = 3
def power_backward(upstream, x, n):
    return upstream * x ** (n - 1)


#: the upstream gradient is not just multiplied
def power_backward(upstream, x, n):
    return upstream * n * x**n - 1


#: return upstream * n * x**n What are the steps
def power_backward(upstream, x, n):
    return upstream * n * x**n


#: called with n = 3
def power_backward(upstream, x, n):
    return upstream * 2 * x


#: the upstream gradient is ignored
def power_backward(upstream, x, n):
    return n * x ** (n - 1)


#: the gradient is not finite: 9 of 35 entries
def power_backward(upstream, x, n):
    return upstream * n * x**n / x


#: the gradient is not finite: 19 of 35 entries
import numpy as np


def power_backward(upstream, x, n):
    return upstream * x**n * np.log(x)


#: a constant factor: yours = 0.666667 * numeric
def power_backward(upstream, x, n):
    return upstream * (n - 1) * x ** (n - 1)


#: the upstream gradient is not just multiplied
def power_backward(upstream, x, n):
    return n * (upstream * x) ** (n - 1)


#: every wrong entry has x < 0
import numpy as np


def power_backward(upstream, x, n):
    return upstream * n * np.abs(x) ** (n - 1)
