"""`python -m tests.isolation --histories 1000 --steps 50`: at least so many of both, and what came.

Exit status 1 where anything leaked.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context

from tests.isolation.leaks import Counts, Leak
from tests.isolation.running import batch

_BATCH = 50
"""Histories that one process makes before it says how far it is."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.isolation")
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=50, help="of each history, at the most")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    began, counts, leaks = time.monotonic(), Counts(), []
    numbers, running = count(given.seed), set()
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        # Some histories end sooner: as many are made as it takes.
        while counts.histories < given.histories or counts.steps < given.histories * given.steps:
            while len(running) < given.processes:
                running.add(pool.submit(batch, _BATCH, given.steps, next(numbers)))
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for done in (one.result() for one in ended):
                if isinstance(done, Leak):
                    leaks.append(done)
                    sys.stderr.write(f"{done}\n")
                else:
                    counts.add(done)
                    sys.stderr.write(f"{counts.histories} histories, {counts.steps} steps\n")
            if leaks:
                break
    sys.stdout.write(json.dumps(vars(counts), indent=1) + "\n")
    sys.stdout.write(
        f"{counts.histories} histories, {counts.steps} steps, {counts.outputs.total()} outputs "
        f"looked at ({counts.holding.total()} held words of their own channel), {counts.sought} "
        f"times a foreign or forgotten canary looked for, found {counts.found + len(leaks)}, "
        f"in {time.monotonic() - began:.0f} s\n"
    )
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
