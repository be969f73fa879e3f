"""The sandbox: results, deadlines, caps, and that no process outlives it."""

from __future__ import annotations

import asyncio
import operator
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from bot.model import Article, Reading, Reason, Verdict
from bot.pages import answers, child
from bot.pages.sandbox import Crashed, Overtime, Raised, Sandbox, SandboxError


@pytest.fixture
def sandbox():
    made = Sandbox(deadline=0.5, memory_bytes=512 << 20, preload=("bot.model",))
    yield made
    made.close()


async def test_a_job_returns_what_its_function_returns(sandbox):
    assert await sandbox.run(operator.add, 1, 2) == 3
    assert await sandbox.run(operator.mul, "x", 3_000_000) == "x" * 3_000_000


@pytest.mark.parametrize(
    "reading",
    [
        Reading(source="a", verdict=Verdict.GONE, detail="404"),
        Reading(
            source="\ud800",
            verdict=Verdict.TEASER,
            article=Article(
                url=None,
                version="v",
                authors=("A. Keeper",),
                published=date(2024, 5, 1),
                paragraphs=("One.", "Two."),
                pages=(1, 2),
            ),
            share=0.5,
            reason=Reason.BARE,
        ),
    ],
)
async def test_readings_come_back_whole(sandbox, reading):
    back = await sandbox.run(operator.itemgetter(0), (reading,))
    assert back == reading
    assert back.verdict is reading.verdict


async def test_jobs_cannot_see_the_environment(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "canary")
    monkeypatch.setenv("COVERAGE_PROCESS_CONFIG", "canary")
    made = Sandbox(preload=())
    try:
        seen = await made.run(eval, "sorted(__import__('os').environ.items())")
    finally:
        made.close()
    assert ["LANG", "C.UTF-8"] in seen
    assert "canary" not in str(seen)


async def test_a_lower_limit_of_the_system_holds():
    program = (
        "import asyncio, operator, resource\n"
        "from bot.pages.sandbox import Sandbox\n"
        "resource.setrlimit(resource.RLIMIT_AS, (900_000 << 10, 900_000 << 10))\n"
        "sandbox = Sandbox(preload=())\n"
        "print(asyncio.run(sandbox.run(operator.add, 1, 2)))\n"
        "sandbox.close()\n"
    )
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "3\n"


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
    with pytest.raises(Crashed):
        await sandbox.run(bytearray, 1 << 30)


@pytest.mark.parametrize("death", [os.abort, sys.exit])
async def test_a_job_that_dies_is_told_as_such(sandbox, death):
    with pytest.raises(Crashed):
        await sandbox.run(death)


async def test_a_job_that_runs_out_of_stack_is_told_as_such(sandbox):
    with pytest.raises(Crashed):
        await sandbox.run(eval, "(lambda again: again(again))(lambda again: again(again))")


async def test_what_a_job_raises_is_told_by_name(sandbox):
    with pytest.raises(Raised, match="ZeroDivisionError"):
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


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b'"no pair"',
        b"[" * 100_000,
        b'[true, {"Reading": {}}]',
        b'[true, {"Reading": {"source": 1, "verdict": "gone"}}]',
        b'[true, {"Reading": {"source": "a", "verdict": "no such"}}]',
        b'[true, {"Reading": {"source": "a", "verdict": "gone", "__class__": 1}}]',
        b'[true, {"Reading": {"source": "a", "verdict": "gone", "article": "b"}}]',
        b'[true, {"Reading": {"source": "a", "verdict": "gone", "share": "x"}}]',
        b'[true, {"Reading": {"source": "a", "verdict": "gone", "article": {"url": 1}}}]',
        b'[true, {"Reading": {"source": "a", "verdict": "gone", "article": {"pages": ["1"]}}}]',
        b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
    ],
)
def test_an_answer_holds_what_it_may_or_is_none(hostile):
    with pytest.raises(ValueError, match=":"):
        answers.unpack(hostile)


def test_no_answer_changes_a_class_of_ours():
    spoilt = b"\x88cbot.model\nVerdict\n}X\x08\x00\x00\x00__hash__NsbI1\n\x86."
    with pytest.raises(ValueError, match=":"):
        answers.unpack(spoilt)
    assert {Verdict.GONE: 1}[Verdict("gone")] == 1


def test_a_result_that_cannot_be_told_is_an_error():
    job = child.pack_job(eval, ("object()",))
    assert answers.unpack(child.answer(job)) == (False, "TypeError: a result holds a object")


def test_a_job_of_an_unknown_module_is_an_answer_too():
    job = b"(cno.such.module\nfunction\n)t."
    assert answers.unpack(child.answer(job))[1].startswith("ModuleNotFoundError")
