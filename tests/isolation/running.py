"""Runs histories, and adds up what was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.isolation.leaks import Counts, Leak
from tests.isolation.machine import Isolation

if TYPE_CHECKING:
    from collections.abc import Collection


def run(
    histories: int, *, steps: int, number: int, phases: Collection[Phase] = (Phase.generate,)
) -> Counts:
    """Run so many histories of so many steps; `number` makes them others. Raises Leak."""

    class Seeded(Isolation):
        counts = Counts()

    run_state_machine_as_test(
        seed(number)(Seeded),
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=False,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            print_blob=False,
        ),
    )
    return Seeded.counts


def batch(histories: int, steps: int, number: int) -> Counts | Leak:
    """Run so many histories in a process of their own; what leaked is returned."""
    try:
        return run(histories, steps=steps, number=number)
    except Leak as leak:
        return leak
