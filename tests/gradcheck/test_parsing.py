"""Sources can be parsed by several threads at the same time."""

import ast
import gc
import inspect
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from minireg.gradcheck.parsing import parse

pytestmark = pytest.mark.host


@pytest.fixture
def switching():
    """Other threads run whenever the garbage collector does, which is often."""

    def switch(phase, info):
        time.sleep(0)

    thresholds = gc.get_threshold()
    gc.callbacks.append(switch)
    gc.set_threshold(50)
    yield
    gc.set_threshold(*thresholds)
    gc.callbacks.remove(switch)


def test_threads_parse_at_the_same_time(switching):
    source = inspect.getsource(ast)[:10_000].rpartition("\n\n\n")[0]

    def parse_at(depth):
        return ast.dump(parse(source)) if depth == 0 else parse_at(depth - 1)

    with ThreadPoolExecutor(4) as pool:
        trees = list(pool.map(parse_at, range(0, 60, 5)))
    assert set(trees) == {ast.dump(ast.parse(source))}
