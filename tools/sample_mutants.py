"""Leave a random sample of a mutation run: python tools/sample_mutants.py run.sqlite --count 600

The other mutants are marked as skipped.  The same seed leaves the same sample.
"""

from __future__ import annotations

import argparse
import random

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkResult


def leave_sample(path: str, count: int, seed: int) -> None:
    """Skip all pending mutants but `count` of them."""
    with use_db(path, WorkDB.Mode.open) as session:
        places = {
            item.job_id: (str(m.module_path), m.operator_name, m.occurrence)
            for item in session.pending_work_items
            for m in item.mutations
        }
        pending = sorted(places, key=places.__getitem__)
        random.Random(seed).shuffle(pending)
        for job in pending[count:]:
            session.set_result(job, WorkResult(WorkerOutcome.SKIPPED))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("session", help="the file that `cosmic-ray init` made")
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    leave_sample(arguments.session, arguments.count, arguments.seed)
