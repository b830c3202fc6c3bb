def find_order(parents, output):
    uses, waiting = {output: 0}, [output]
    while waiting:
        for p in parents[waiting.pop()]:
            if p not in uses:
                uses[p] = 0
                waiting.append(p)
            uses[p] += 1
    order, ready = [], [output]
    while ready:
        node = ready.pop()
        order.append(node)
        for p in parents[node]:
            uses[p] -= 1
            if uses[p] == 0:
                ready.append(p)
    return order


def backward(parents, slopes, output):
    gradients = [0] * len(parents)
    gradients[output] = 1
    for node in find_order(parents, output):
        for p, slope in zip(parents[node], slopes[node]):
            gradients[p] = gradients[p] + gradients[node] * slope
    return gradients
