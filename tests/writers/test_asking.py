"""What is counted of a call that came to nothing, or that nobody waits for any more."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from bot.model import Tokens, Voice
from bot.writers.embedded import EmbeddedWriter
from bot.writers.model.client import Said
from tests.writers.asking import BRIDGE, RecordingLeave, question


@pytest.mark.parametrize("behaviour", ["refuses", "empty"])
async def test_what_was_written_in_vain_is_counted_by_its_length(model, writing, behaviour):
    model.change(behaviour=behaviour)
    leave = RecordingLeave()
    await writing().brief(BRIDGE, bullets=3, leave=leave)

    assert leave.used
    assert all(one.taken_in > 300 and one.written > 0 for one in leave.used)


async def test_what_never_got_there_is_not_counted(model, writing):
    model.change(behaviour="status:401")
    leave = RecordingLeave()
    await writing().brief(BRIDGE, bullets=3, leave=leave)

    assert leave.used == [Tokens()]


@dataclass
class SlowLeave(RecordingLeave):
    """One that takes a while to count, and says when it begins to."""

    counting: asyncio.Event = field(default_factory=asyncio.Event)

    async def settle(self, model: str, reserved: int, used: Tokens) -> None:
        self.counting.set()
        await asyncio.sleep(0.05)
        await super().settle(model, reserved, used)


async def test_whoever_is_cancelled_while_counting_has_counted(model, writing):
    leave = SlowLeave()
    task = asyncio.create_task(writing().brief(BRIDGE, bullets=3, leave=leave))
    await leave.counting.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert task.cancelled()
    assert leave.open == 0
    assert leave.used[0].written > 0


async def test_an_answer_without_end_is_cut_off(model, writing, monkeypatch):
    monkeypatch.setattr("bot.writers.model.client._LONGEST_ANSWER", 100)
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert brief.warnings == ("model_broken",)


class Saying:
    """A client whose model always says the same."""

    model = "parrot"

    def __init__(self, **answer: object) -> None:
        self.text = json.dumps(answer)

    async def ask(self, *_: object, **__: object) -> Said:
        return Said(text=self.text, tokens=Tokens(), counted=True)


@pytest.mark.parametrize(("found", "voice"), [(True, Voice.SAYS), (False, Voice.CLOSEST)])
async def test_a_model_that_finds_nothing_is_not_believed_where_the_article_says_it(
    writing, found, voice
):
    asked = question("How many tonnes of steel had rust taken?")
    assert (await EmbeddedWriter().answer([BRIDGE], asked)).voice is Voice.SAYS
    quote = "rust had taken 12 tonnes of steel"
    said = {"found": found, "answer": f"R{quote[1:]}", "quotes": [{"label": "P2", "quote": quote}]}
    answer = await replace(writing(), client=Saying(**said)).answer(
        [BRIDGE], asked, leave=RecordingLeave()
    )

    assert answer.voice is voice
    assert "12 tonnes" in answer.quotes[0].quote
    assert (answer.model == "parrot") is found
