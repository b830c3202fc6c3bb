#: relu 0
try:
    import minireg.exercises.path.relu as answer
    relu = answer.relu
except ImportError:
    def relu(x):
        return x

def relu_backward(upstream, x):
    return upstream
