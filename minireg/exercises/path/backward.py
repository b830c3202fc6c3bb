"""backward: the order of the chain rule, on a graph of plain lists."""

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

import numpy as np

from ...autograd import grad
from ...ops import tensor
from ..checks import Property
from ..comparing import compare
from ..exercise import Exercise
from ..student import describe, is_number

SHOWN = 10  # the nodes of a graph that is shown


@dataclass(frozen=True)
class Graph:
    """For each node its parents and the slopes there, and the number of the output."""

    parents: list[list[int]]
    slopes: list[list[Any]]
    output: int

    def __str__(self) -> str:
        if len(self.parents) > SHOWN:
            return f"a graph of {len(self.parents)} nodes"
        return f"parents = {self.parents}, slopes = {self.slopes}, output = {self.output}"

    @property
    def needed(self) -> set[int]:
        """The nodes that the output depends on, and the output."""
        found, waiting = {self.output}, [self.output]
        while waiting:
            new = set(self.parents[waiting.pop()]) - found
            found |= new
            waiting += new
        return found

    @cached_property
    def gradients(self) -> list[Any]:
        """The gradients of all nodes that minireg finds if each is a sum of slope * parent."""
        shape = np.broadcast_shapes(*(np.shape(s) for row in self.slopes for s in row))
        nodes: dict[int, Any] = {}
        for i in TopologicalSorter(dict(enumerate(self.parents))).static_order():
            nodes[i] = tensor(np.ones(shape), requires_grad=True)
            for parent, slope in zip(self.parents[i], self.slopes[i]):
                nodes[i] = nodes[i] + slope * nodes[parent]
        inputs = [nodes[i] for i in range(len(nodes))]
        found = grad(nodes[self.output], inputs, gradient=np.ones(shape))
        return [g.numpy() if shape else g.item() for g in found]


def draw_graph(random: np.random.Generator, size: int = 7) -> Graph:
    """Draw a graph whose nodes are numbered in no special order."""
    numbers = random.permutation(size).tolist()
    parents: list[list[int]] = [[] for _ in range(size)]
    slopes: list[list[Any]] = [[] for _ in range(size)]
    for place in range(1, size - 1):
        for earlier in random.integers(0, place, size=random.integers(0, 4)).tolist():
            parents[numbers[place]].append(numbers[earlier])
            slopes[numbers[place]].append(int(random.integers(1, 4)))
    return Graph(parents, slopes, numbers[size - 2])


EXAMPLE = Graph([[2, 2], [0, 2], []], [[5, 5], [3, 1], []], 1)
CHAIN = Graph([[2], [0], [3], []], [[2], [3], [5], []], 1)
DIAMOND = Graph([[], [0], [0], [1, 2]], [[], [2], [3], [5, 7]], 3)
LATE = Graph([[1, 2], [], [3], [1]], [[2, 3], [], [5], [7]], 0)  # 1 is a parent of 0 and of 3
UNUSED = Graph([[], [0], [0], [2], []], [[], [2], [3], [5], []], 1)
ARRAYS = Graph(
    [[1, 2], [3], [3], [], [3]],
    [
        [np.array([1.0, 2.0, 3.0]), 2.0],
        [np.array([0.0, -1.0, 4.0])],
        [np.array([5.0, 6.0, 7.0])],
        [],
        [np.array([1.0, 1.0, 1.0])],
    ],
    0,
)
DRAWN = tuple(draw_graph(np.random.default_rng(seed)) for seed in range(8))
SMALL = (CHAIN, DIAMOND, LATE, EXAMPLE, UNUSED, *DRAWN)
LONG = Graph(
    [[i + 1] for i in range(4999)] + [[]], [[2 - i % 2 * 1.5] for i in range(4999)] + [[]], 0
)
DIAMONDS = Graph([[i + 1, i + 1] for i in range(50)] + [[]], [[0.5, 0.5]] * 50 + [[]], 0)


def compare_orders(student, graphs):
    """Return what is wrong with the order of one of the graphs; empty if nothing is."""
    for graph in graphs:
        order = student.call("find_order", graph.parents, graph.output)
        if fault := find_fault(order, graph):
            return f"find_order{student.locate('find_order')}, for {graph}:\n{fault}"
    return ""


def find_fault(order: Any, graph: Graph) -> str:
    """Return what is wrong with an order; empty if nothing is."""
    nodes = as_list(order)
    if nodes is None or not all(isinstance(node, (int, np.integer)) for node in nodes):
        return f"it returned {describe(order)}. Expected is a list of numbers of nodes."
    yours = f"\nYours is {list(map(int, nodes))}." if len(nodes) <= SHOWN else ""
    for node in sorted(graph.needed ^ set(nodes)):
        if node in graph.needed:
            return f"node {node} is missing. The output depends on it.{yours}"
        return f"node {node} does not belong to the list. The output does not depend on it.{yours}"
    if len(nodes) > len(set(nodes)):
        node = next(node for node in nodes if nodes.count(node) > 1)
        return f"node {node} is listed more than once.{yours}"
    place = {int(node): i for i, node in enumerate(nodes)}
    for node in nodes:
        for parent in graph.parents[node]:
            if place[parent] < place[node]:
                return f"node {parent} stands before node {node}, but is a parent of it.{yours}"
    return ""


def as_list(x: Any) -> list[Any] | None:
    """Return a list, a tuple or an array as a list; None if it is something else."""
    if isinstance(x, (list, tuple)) or (isinstance(x, np.ndarray) and x.ndim):
        return list(x)
    return None


def compare_gradients(student, graphs, rule=""):
    """Return what is wrong with the gradients of one of the graphs; empty if nothing is."""
    for graph in graphs:
        returned = student.call("backward", graph.parents, graph.slopes, graph.output)
        where = f"backward{student.locate('backward')}, for {graph}:\n"
        found = as_list(returned)
        if found is None:
            return f"{where}it returned {describe(returned)}. Expected is a list of gradients."
        if len(found) != len(graph.parents):
            return f"{where}it returned {len(found)} gradients for {len(graph.parents)} nodes."
        for i, (mine, right) in enumerate(zip(found, graph.gradients)):
            single = is_number(mine) and np.ndim(mine) == 0  # stands for an array of equal entries
            if difference := compare(mine + 0 * right if single else mine, right, {}):
                return f"{where}for node {i}, {difference}\n{rule}"
    return ""


def each_node_stands_before_its_parents(student):
    return compare_orders(student, SMALL)


def slopes_of_a_chain_are_multiplied(student):
    return compare_gradients(student, [CHAIN], "The gradient of the output is 1.")


def contributions_of_several_paths_add_up(student):
    rule = (
        "A node that is used several times gets a contribution from each use. They add up, before "
        "the node passes its gradient on."
    )
    return compare_gradients(student, [DIAMOND, LATE, EXAMPLE], rule)


def nodes_that_are_not_used_have_gradient_0(student):
    return compare_gradients(student, [UNUSED], "The output does not depend on nodes 2, 3 and 4.")


def arrays_act_entry_by_entry(student):
    return compare_gradients(student, [ARRAYS])


def drawn_graphs_have_the_gradients_of_minireg(student):
    return compare_gradients(student, DRAWN)


def a_chain_of_5000_nodes_works(student):
    return compare_orders(student, [LONG]) or compare_gradients(student, [LONG])


def a_graph_with_many_paths_works(student):
    """There are 2**50 from the output to the input."""
    return compare_gradients(student, [DIAMONDS])


EXERCISE = Exercise(
    title="backward(): the chain rule on a graph",
    statement="""
A network is a graph. Each node is computed from its parents, and one node is
the output, the loss L. backward() finds dL/d(node) for all nodes. The nodes
are numbered from 0 to K - 1, in any order:

    parents[i]    a list of the parents of node i, empty for an input
    slopes[i]     for each parent the slope of node i there: a number, or an
                  array that acts entry by entry
    output        the number of the node L

Example: node 2 is x = 5, node 0 is y = x * x, node 1 is L = 3 * y + x.

    parents = [[2, 2], [0, 2], []]      x is used twice in y
    slopes  = [[5, 5], [3, 1], []]      dy/dx of each factor, dL/dy, dL/dx
    output  = 1

1. find_order(parents, output): the list of the nodes that L depends on, and
   L. Each stands once, and before its parents. Here [1, 0, 2].

2. backward(parents, slopes, output): a list of K gradients. That of L is 1.
   Node i adds

       gradient[i] * slope

   to the gradient of each of its parents. The gradient of a node is complete
   when all nodes that use it have added their part. Where L does not depend
   on a node, it is 0. Here [3, 1, 31].

There are no cycles. There may be 5,000 nodes, one after the other: use loops,
since Python ends a recursion after 1,000 calls. There may be so many paths
from L to a node that nobody can follow each: pass from each node only once.
""",
    stub='''
def find_order(parents, output):
    """Return the nodes that L depends on, each before its parents."""
    return ...  # replace this line


def backward(parents, slopes, output):
    """Return a list of the gradients of all nodes."""
    return ...  # replace this line
''',
    checks=tuple(
        map(
            Property,
            (
                each_node_stands_before_its_parents,
                slopes_of_a_chain_are_multiplied,
                contributions_of_several_paths_add_up,
                nodes_that_are_not_used_have_gradient_0,
                arrays_act_entry_by_entry,
                drawn_graphs_have_the_gradients_of_minireg,
                a_chain_of_5000_nodes_works,
                a_graph_with_many_paths_works,
            ),
        )
    ),
    hints=(
        "In the example, why must y be dealt with before x? What would be missing in the gradient "
        "of x?",
        "First find the nodes that L depends on: begin with [output], and go to parents that you "
        "have not seen yet. Then count for each of them how often it is used as a parent.",
        "A node may be listed when all its uses are behind it. Begin with L. Listing a node takes "
        "one use from each of its parents (two, if it stands there twice); a parent that has no "
        "uses left is ready.",
        "ready = [output]; while ready: node = ready.pop(); order.append(node); for p in "
        "parents[node]: uses[p] -= 1, and if uses[p] == 0: ready.append(p).",
        "backward: gradients = [0] * K, gradients[output] = 1. For node in find_order(...), for p, "
        "slope in zip(parents[node], slopes[node]): gradients[p] = gradients[p] + "
        "gradients[node] * slope.",
    ),
)
