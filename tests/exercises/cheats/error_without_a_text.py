#: relu 0
#: says: relu raised Endless: without a message
class Endless(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__

def relu(x):
    raise Endless

def relu_backward(upstream, x):
    error = KeyError("x" * 10**7 + "\x1b[2J")
    error.__cause__ = error.__context__ = Endless()
    raise error
