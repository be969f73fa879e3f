"""Answers that were made to cost time: reading them stays cheap, and everybody gets a turn."""

import asyncio
import time

import pytest

from bot.writers.model import Client, wire
from tests.standins.model import Model

_MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "<think>" * _MANY,
        '{"bullets": ' + "/*" * _MANY,
        '{"bullets": "' + '\\"' * _MANY,
        '{"bullets": [1' + ",  " * _MANY,
        "```" + " " * _MANY,
        "```json" * _MANY,
        "[" * _MANY,
        '{"a":' * _MANY,
        "{" + " " * _MANY,
    ],
)
def test_what_is_no_answer_is_told_apart_in_no_time(text):
    began = time.process_time()
    with pytest.raises(ValueError, match=r"\w"):
        wire.read(text, wire.WrittenBrief)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        '<think>I wonder, {"bullets": []}</think>{"bullets": ["a"]}',
        'without a beginning</think>\n{"bullets": ["a"]}',
        '{"bullets": [/* one */ "a",] // done\n}',
        'Here: ```json\n\n  {"bullets": ["a"]}\n``` Anything else?',
        '{"bullets": ["a"',
    ],
)
def test_what_stands_round_an_answer_is_passed_over(text):
    if text.endswith('"a"'):
        with pytest.raises(ValueError, match=r"\w"):
            wire.read(text, wire.WrittenBrief)
    else:
        assert [one.text for one in wire.read(text, wire.WrittenBrief).bullets] == ["a"]


async def test_an_answer_that_comes_at_once_leaves_others_their_turn():
    form = wire.schema("brief", wire.WrittenBrief)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with Model(seed=1) as model:
        client = Client(base_url=model.url, key="", model="stand-in", timeout=10)
        task = asyncio.create_task(others())
        system = 'Write 5 bullets with "bullets", "text"'
        user = "=42=\n" + "\n".join(f"[P{n}] The {n} ships sailed again." for n in range(9))
        said = await client.ask("stand-in", system, user + "\n=42=", form, patience=10)
        task.cancel()
        await client.close()
    assert turns > len(said.text) / 40
