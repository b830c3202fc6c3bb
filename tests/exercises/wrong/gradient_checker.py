#: for 100 + sin(5x): the result is wrong in 5 of 6 entries
def numeric_gradient(f, x, upstream):
    h = 1e-5
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        gradient[i] = (f(plus) - f(minus)).sum() / (2 * h) * upstream.ravel()[0]
    return gradient


#: for 100 + sin(5x): the result is wrong in 6 of 6 entries
def numeric_gradient(f, x, upstream):
    h = 1e-5
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus = x.copy()
        plus[i] += h
        gradient[i] = np.sum(upstream * (f(plus) - f(x))) / h
    return gradient


#: the error of such a central difference is of the order h**2
def numeric_gradient(f, x, upstream):
    h = 1e-8
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus = x.copy()
        plus[i] += h
        gradient[i] = np.sum(upstream * (f(plus) - f(x))) / h
    return gradient


#: for which h are both small?
def numeric_gradient(f, x, upstream):
    h = 1e-12
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        gradient[i] = np.sum(upstream * (f(plus) - f(minus))) / (2 * h)
    return gradient


#: Is all of it computed in float64?
def numeric_gradient(f, x, upstream):
    h = 1e-3
    x = x.astype(np.float32)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        gradient[i] = np.sum(upstream * (f(plus) - f(minus))) / (2 * h)
    return gradient


#: it changes its argument x in place. The caller still needs the old values
def numeric_gradient(f, x, upstream):
    h = 1e-5
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        plus = np.sum(upstream * f(x))
        x[i] -= 2 * h
        minus = np.sum(upstream * f(x))
        x[i] += h
        gradient[i] = (plus - minus) / (2 * h)
    return gradient


#: f(x) is a view of x: when you change x later, it changes, too
def numeric_gradient(f, x, upstream):
    h = 1e-5
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        plus = f(x)
        x[i] = old - h
        minus = f(x)
        x[i] = old
        gradient[i] = np.sum(upstream * (plus - minus)) / (2 * h)
    return gradient


#: the result is an array of shape (3,)
def numeric_gradient(f, x, upstream):
    h = 1e-5
    return upstream * (f(x + h) - f(x - h)) / (2 * h)


#: numeric_gradient raised IndexError
def numeric_gradient(f, x, upstream):
    h = 1e-5
    gradient = np.zeros_like(x)
    for i in range(x.size):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        gradient[i] = np.sum(upstream * (f(plus) - f(minus))) / (2 * h)
    return gradient


#: it ignores upstream
def check(forward, backward, x, upstream):
    upstream = np.ones_like(forward(x))
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    return np.shape(a) == x.shape and np.allclose(a, n)


#: Is your tolerance relative to the gradient?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    return np.shape(a) == x.shape and bool((np.abs(a - n) < 1e-5).all())


#: What happens to it in a norm of all?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    if np.shape(a) != x.shape:
        return False
    return np.linalg.norm(a - n) <= 1e-7 * (np.linalg.norm(a) + np.linalg.norm(n))


#: Do you look at all entries of x?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    first = (0,) * x.ndim
    return np.shape(a) == x.shape and abs(a[first] - n[first]) <= 1e-5 * abs(n[first])


#: Do you compare the shapes?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    return np.allclose(a, n)


#: How large is your tolerance, and how exact is your numeric gradient?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    return np.shape(a) == x.shape and np.isclose(a, n, rtol=1e-2).all()


#: Which of the two does your check ask?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    if np.shape(a) != x.shape:
        return False
    for i in np.ndindex(x.shape):
        if abs(a[i] - n[i]) > 1e-5 * abs(n[i]) + 1e-9 * np.abs(n).max():
            return False
    return True


#: What does your check do with 0 / 0?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    if np.shape(a) != x.shape:
        return False
    return bool((np.abs(a - n) / (np.abs(a) + np.abs(n)) < 1e-5).all())


#: What does your check divide by?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    if np.shape(a) != x.shape:
        return False
    error = np.abs(a - n) - 1e-5 * np.abs(n)
    return bool(error.max() / np.abs(n).max() < 1e-9)


#: rounding of the others hides it
def numeric_gradient(f, x, upstream):
    h = 1e-5
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        total = np.sum(upstream * f(plus)) - np.sum(upstream * f(minus))
        gradient[i] = total / (2 * h)
    return gradient


def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    return np.shape(a) == x.shape and np.allclose(a, n, rtol=1e-5, atol=0)


#: Does your step lead across one?
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    if np.shape(a) != x.shape:
        return False
    h = 1e-3
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        n = np.sum(upstream * (forward(plus) - forward(minus))) / (2 * h)
        if not abs(a[i] - n) <= 5e-5 * abs(n) + 1e-9:
            return False
    return True


#: the score is 3 of 12. It refuses 12 of 12 wrong backward passes, and 9 of 10 right ones
def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    return np.shape(a) == x.shape and bool((a == n).all())


#: the score is 0 of 12. It refuses 0 of 12 wrong backward passes, and 0 of 10 right ones
def check(forward, backward, x, upstream):
    return True


#: must return True or False. It returned an array of shape
def check(forward, backward, x, upstream):
    return backward(upstream, x) - numeric_gradient(forward, x, upstream)


#: pass
def numeric_gradient(f, x, upstream):
    gradient = np.empty(x.shape)
    for i in range(x.size):
        h = np.zeros(x.size)
        h[i] = 6e-6
        h = h.reshape(x.shape)
        gradient.flat[i] = np.sum(upstream * f(x + h)) - np.sum(upstream * f(x - h))
    return gradient / 1.2e-5


def check(forward, backward, x, upstream):
    a, n = backward(upstream, x), numeric_gradient(forward, x, upstream)
    return np.shape(a) == np.shape(n) and np.allclose(a, n)
