"""no_grad and detect_anomaly: of one thread or task, as `with` blocks and as decorators."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import AnomalyError

BLOCKS = {"no_grad": mr.no_grad, "detect_anomaly": mr.detect_anomaly}


def is_in_effect(name):
    """Whether operations of this thread are now not recorded, or checked."""
    x = mr.tensor([0.0], requires_grad=True)
    if name == "no_grad":
        return not (x * 2).requires_grad
    try:
        with np.errstate(all="ignore"):
            mr.log(x)
    except AnomalyError:
        return True
    return False


each_block = pytest.mark.parametrize("name", BLOCKS)


@each_block
def test_a_block_holds_for_its_own_thread_only(name):
    inside, leave = threading.Event(), threading.Event()

    def wait_inside():
        with BLOCKS[name]():
            inside.set()
            leave.wait()
            return is_in_effect(name)

    with ThreadPoolExecutor() as threads:
        other = threads.submit(wait_inside)
        inside.wait()
        here = is_in_effect(name)
        leave.set()
        assert other.result()
    assert not here
    assert not is_in_effect(name)


@each_block
def test_a_block_holds_for_its_own_task_only(name):
    async def wait_inside(inside, leave):
        with BLOCKS[name]():
            inside.set()
            await leave.wait()
            return is_in_effect(name)

    async def compare():
        inside, leave = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(wait_inside(inside, leave))
        await inside.wait()
        here = is_in_effect(name)
        leave.set()
        return here, await task

    assert asyncio.run(compare()) == (False, True)


@each_block
def test_one_block_can_be_entered_many_times(name):
    block = BLOCKS[name]()
    with block, block:
        with block:
            assert is_in_effect(name)
        assert is_in_effect(name)
    assert not is_in_effect(name)
    decorated = block(is_in_effect)
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(decorated, [name] * 20))
    assert not is_in_effect(name)


@each_block
def test_a_decorated_generator_leaves_its_caller_alone(name):
    @BLOCKS[name]()
    def generate():
        seen = [is_in_effect(name)]
        try:
            while True:
                seen.append((yield is_in_effect(name)))
        except KeyError:
            seen.append("thrown")
            yield is_in_effect(name)
        return seen

    generator = generate()
    assert next(generator)
    assert not is_in_effect(name)
    assert generator.send("sent")
    assert generator.throw(KeyError())
    assert not is_in_effect(name)
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == [True, "sent", "thrown"]
    closed = generate()
    next(closed)
    closed.close()
    assert not is_in_effect(name)


def test_generators_left_in_any_order_end_no_grad():
    def pause():
        with mr.no_grad():
            yield

    first, second = pause(), pause()
    next(first), next(second)
    first.close()
    assert is_in_effect("no_grad")
    second.close()
    assert not is_in_effect("no_grad")


def test_a_derivative_is_recorded_inside_no_grad():
    x = mr.tensor(2.0, requires_grad=True)
    y = x * x * x
    with mr.no_grad():
        first = mr.grad(y, x, create_graph=True)
        assert is_in_effect("no_grad")
    assert mr.grad(first, x).item() == 12.0


def test_trainings_in_parallel_threads_equal_those_alone():
    x = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)

    def train(seed):
        generators = [mr.Generator(seed).spawn() for _ in range(2)]
        model = nn.Sequential(nn.Linear(4, 8, generator=generators[0]), nn.ReLU())
        model.append(nn.Linear(8, 2, generator=generators[1]))
        mr.fit(model, (x, y), (x, y), epochs=8, generator=mr.Generator(seed), progress=False)
        return [p.numpy() for p in model.parameters()]

    alone = [train(seed) for seed in range(6)]
    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(train, range(6)))
    for ours, theirs in zip(alone, together):
        for p, q in zip(ours, theirs):
            np.testing.assert_array_equal(p, q)
