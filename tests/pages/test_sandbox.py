"""The sandbox: results, deadlines, caps, and that no process outlives it."""

from __future__ import annotations

import asyncio
import operator
import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.model import Reading, Verdict
from bot.pages import child
from bot.pages.sandbox import Crashed, Overtime, Sandbox, SandboxError


@pytest.fixture
def sandbox():
    made = Sandbox(deadline=0.5, memory_bytes=512 << 20, preload=("bot.model",))
    yield made
    made.close()


async def test_a_job_returns_what_its_function_returns(sandbox):
    assert await sandbox.run(operator.add, 1, 2) == 3
    assert await sandbox.run(operator.mul, b"x", 3_000_000) == b"x" * 3_000_000


async def test_readings_come_back_whole(sandbox):
    reading = Reading(source="a", verdict=Verdict.GONE, detail="404")
    assert await sandbox.run(operator.itemgetter(0), (reading,)) == reading


async def test_what_the_nursery_imports_every_job_inherits():
    chores = [("no.such.module", "f"), ("wave", "open")]
    made = Sandbox(preload=["colorsys", "no.such.module"], chores=chores)
    loaded = "'colorsys' in __import__('sys').modules"
    try:
        assert await made.run(eval, loaded)
    finally:
        made.close()


async def test_chores_are_done_when_nothing_waits_and_may_fail():
    made = Sandbox(workers=1, chores=[("colorsys", "no_such_function")])
    try:
        made.warm()
        async with asyncio.timeout(5):
            while not await made.run(eval, "'colorsys' in __import__('sys').modules"):  # noqa: ASYNC110 - as below
                await asyncio.sleep(1.1)
    finally:
        made.close()


async def test_each_job_has_a_process_of_its_own(sandbox):
    first, second = await sandbox.run(os.getpid), await sandbox.run(os.getpid)
    assert len({first, second, os.getpid()}) == 3


async def test_a_job_is_ended_at_its_deadline_and_the_next_one_runs(sandbox):
    with pytest.raises(Overtime):
        await sandbox.run(time.sleep, 60)
    assert await sandbox.run(operator.add, 1, 2) == 3


async def test_the_deadline_holds_within_c_code(sandbox):
    with pytest.raises(Overtime):
        await sandbox.run(pow, 3, 10**9)


async def test_a_hanging_job_does_not_hold_up_the_others(sandbox):
    hanging = asyncio.create_task(sandbox.run(time.sleep, 60))
    await asyncio.sleep(0)
    assert await sandbox.run(operator.add, 1, 2) == 3
    assert not hanging.done()
    with pytest.raises(Overtime):
        await hanging


async def test_memory_is_capped(sandbox):
    with pytest.raises(Crashed, match="MemoryError"):
        await sandbox.run(bytearray, 1 << 30)


@pytest.mark.parametrize("death", [os.abort, sys.exit])
async def test_a_job_that_dies_is_told_as_such(sandbox, death):
    with pytest.raises(Crashed):
        await sandbox.run(death)


async def test_what_a_job_raises_is_told_by_name(sandbox):
    with pytest.raises(Crashed, match="ZeroDivisionError"):
        await sandbox.run(operator.truediv, 1, 0)


async def test_it_recovers_from_the_loss_of_its_nursery(sandbox):
    nursery = await sandbox.run(os.getppid)
    os.kill(nursery, signal.SIGKILL)
    await _until_gone(nursery)
    assert await sandbox.run(operator.add, 1, 2) == 3


async def test_closing_leaves_no_process(sandbox):
    nursery = await sandbox.run(os.getppid)
    hanging = asyncio.create_task(sandbox.run(time.sleep, 60))
    await asyncio.sleep(0.1)
    sandbox.close()
    with pytest.raises(SandboxError):
        await hanging
    await _until_gone(nursery)
    with pytest.raises(Crashed):
        await sandbox.run(operator.add, 1, 2)


async def test_closing_what_was_never_used_is_no_trouble():
    Sandbox().close()


@pytest.mark.chaos
@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGINT])
async def test_the_children_of_a_killed_program_die_with_it(death):
    program = (
        "import asyncio, os, time\n"
        "from bot.pages.sandbox import Sandbox\n"
        "async def main():\n"
        "    sandbox = Sandbox(deadline=60, preload=())\n"
        "    print(await sandbox.run(os.getppid), flush=True)\n"
        "    await sandbox.run(time.sleep, 60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(  # noqa: ASYNC220, S603 - short-lived, and our own words
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with parent:
        group = int(parent.stdout.readline())
        await asyncio.sleep(0.1)
        parent.send_signal(death)
    await _until_gone(group)


async def _until_gone(group):
    """Wait until no member of a process group lives; a zombie is for init to bury."""
    async with asyncio.timeout(5):
        while any(_living(group)):  # noqa: ASYNC110 - no event tells of another process
            await asyncio.sleep(0.01)


def _living(group):
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it went while we looked
            state, _, its_group = stat.read_text("utf-8").rpartition(")")[2].split()[:3]
            if its_group == str(group) and state != "Z":
                yield stat.parent.name


def test_an_answer_can_hold_values_but_make_no_calls():
    reading = Reading(source="a", verdict=Verdict.GONE)
    assert child.unpack_answer(pickle.dumps((True, reading))) == (True, reading)
    for hostile in (
        pickle.dumps((True, os.system)),
        b"cbot.model\ndataclass\n.",
        b"\x80\x04\x8c\tbot.model\x8c\x13dataclass.__class__\x93.",
        pickle.dumps("no pair"),
        b"",
    ):
        with pytest.raises(ValueError, match=":"):
            child.unpack_answer(hostile)


def test_a_job_of_an_unknown_module_is_an_answer_too():
    job = b"(cno.such.module\nfunction\n)t."
    assert child.unpack_answer(child.answer(job))[1].startswith("ModuleNotFoundError")
