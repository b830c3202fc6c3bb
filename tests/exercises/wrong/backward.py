#: node 2 is missing. The output depends on it
def find_order(parents, output):
    return list(range(output, -1, -1))


#: node 1 stands before node 3, but is a parent of it
def find_order(parents, output):
    order, waiting = [], [output]
    while waiting:
        node = waiting.pop(0)
        if node not in order:
            order.append(node)
            waiting += parents[node]
    return order


#: node 0 is listed more than once
def find_order(parents, output):
    order, waiting = [], [output]
    while waiting:
        node = waiting.pop(0)
        order.append(node)
        waiting += parents[node]
    return order


#: node 3 stands before node 2, but is a parent of it
def find_order(parents, output):
    order = []

    def visit(node):
        if node not in order:
            for p in parents[node]:
                visit(p)
            order.append(node)

    visit(output)
    return order


#: more than about 1000 times
def find_order(parents, output):
    order, seen = [], set()

    def visit(node):
        seen.add(node)
        for p in parents[node]:
            if p not in seen:
                visit(p)
        order.append(node)

    visit(output)
    return order[::-1]


#: node 2 does not belong to the list. The output does not depend on it
def find_order(parents, output):
    order = []

    def visit(node):
        if node not in order:
            for p in parents[node]:
                visit(p)
            order.append(node)

    for node in range(len(parents)):
        visit(node)
    return order[::-1]


#: for node 0, the result is the number 10. Expected is the number 31. A node that is used several times
def backward(parents, slopes, output):
    gradients = [0] * len(parents)
    gradients[output] = 1
    for node in find_order(parents, output):
        for p, slope in zip(parents[node], slopes[node]):
            gradients[p] = gradients[node] * slope
    return gradients


#: for node 3, the result is the number 0. Expected is the number 30
def backward(parents, slopes, output):
    gradients = [0] * len(parents)
    gradients[output] = 1
    for node in range(len(parents) - 1, -1, -1):
        for p, slope in zip(parents[node], slopes[node]):
            gradients[p] = gradients[p] + gradients[node] * slope
    return gradients


#: The gradient of the output is 1
def backward(parents, slopes, output):
    gradients = [0] * len(parents)
    for node in find_order(parents, output):
        for p, slope in zip(parents[node], slopes[node]):
            gradients[p] = gradients[p] + gradients[node] * slope
    return gradients


#: The gradient of the output is 1
def backward(parents, slopes, output):
    gradients = [1] * len(parents)
    for node in find_order(parents, output):
        for p, slope in zip(parents[node], slopes[node]):
            gradients[p] = gradients[p] + gradients[node] * slope
    return gradients


#: for node 2, the result is None
def backward(parents, slopes, output):
    gradients = [None] * len(parents)
    gradients[output] = 1
    for node in find_order(parents, output):
        for p, slope in zip(parents[node], slopes[node]):
            part = gradients[node] * slope
            gradients[p] = part if gradients[p] is None else gradients[p] + part
    return gradients


#: for node 2, the result is the number 16. Expected is the number 31
def backward(parents, slopes, output):
    gradients = [0] * len(parents)
    gradients[output] = 1
    for node in find_order(parents, output):
        for p, slope in dict(zip(parents[node], slopes[node])).items():
            gradients[p] = gradients[p] + gradients[node] * slope
    return gradients


#: for node 5, the result is the number 30. Expected is the number 26
def backward(parents, slopes, output):
    gradients = [0] * len(parents)

    def visit(node, gradient):
        gradients[node] = gradients[node] + gradient
        for p, slope in zip(parents[node], slopes[node]):
            visit(p, gradients[node] * slope)

    visit(output, 1)
    return gradients


#: it returned a dict of 4
def backward(parents, slopes, output):
    gradients = {output: 1}
    for node in find_order(parents, output):
        for p, slope in zip(parents[node], slopes[node]):
            gradients[p] = gradients.get(p, 0) + gradients[node] * slope
    return gradients


#: gradients[node] * float(slope)
def backward(parents, slopes, output):
    gradients = [0] * len(parents)
    gradients[output] = 1
    for node in find_order(parents, output):
        for p, slope in zip(parents[node], slopes[node]):
            gradients[p] = gradients[p] + gradients[node] * float(slope)
    return gradients
