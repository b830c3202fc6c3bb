"""`minireg.demo.run` does what the command does, from Python."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from threadpoolctl import threadpool_info

from minireg import demo
from minireg.demo import study
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host

TINY = replace(demo.QUICK, train_size=40, validation_size=20, hidden=8, epochs=1, seeds=2)


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(study, "QUICK", TINY)


def test_it_returns_what_it_writes_and_writes_only_on_request(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    silent = demo.run(quick=True, seed=1)
    assert not list(tmp_path.iterdir())
    results = demo.run(quick=True, seed=1, out="out")
    assert len(list((tmp_path / "out").glob("*.png"))) == 8
    text = (tmp_path / "out" / "results.json").read_text(encoding="utf-8")
    assert json.loads(text) == results
    assert silent | {"seconds": 0} == results | {"seconds": 0}


def test_matrix_products_use_one_thread_while_it_trains():
    def count_threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    class Counter(demo.Watcher):
        def epoch(self, history):
            assert set(count_threads()) <= {1}

    before = count_threads()
    demo.run(quick=True, watcher=Counter())
    assert count_threads() == before


def test_a_folder_that_cannot_be_made_is_refused_before_training(tmp_path):
    class Never(demo.Watcher):
        def begin(self, settings):
            pytest.fail("the study has begun")

    (tmp_path / "file").write_text("")
    with pytest.raises(ArgumentError, match="Cannot write into the folder"):
        demo.run(quick=True, out=tmp_path / "file" / "out", watcher=Never())
