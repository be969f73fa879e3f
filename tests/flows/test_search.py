"""Dialogues: a search over all that was read, with its filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.reading.identity import article
from bot.model import ChannelSettings, Message, Reading, Strike, Thread, Verdict
from tests.flows.test_converse import CHANNEL, MUSEUM_URL, PIER_URL, Dialogue

FERRY = article(
    url="https://www.harbour.co.uk/ferry",
    headline="Ferry to Norsay stops",
    publisher="Harbour News",
    language="en",
    paragraphs=[
        "The ferry from Wexcombe to Norsay made its last trip on Sunday.",
        "The pier could not be used since November. The owners lost 80,000 pounds.",
    ],
)


class Shared(Dialogue):
    """Several people say things."""

    async def say_as(self, who: str, text: str) -> str:
        conversation, self.conversation = self.conversation, _As(self.conversation, who)
        try:
            return await self.say(text)
        finally:
            self.conversation = conversation


class _As:
    """A conversation in which somebody else speaks."""

    def __init__(self, conversation, who):
        self.channel, self._conversation, self._who = conversation.channel, conversation, who

    async def hear(self, message: Message):
        return await self._conversation.hear(replace(message, author=self._who))


@pytest.fixture
async def dialogue():
    made = Shared()
    made.pages.add(
        str(FERRY.url), Reading(source=str(FERRY.url), verdict=Verdict.ARTICLE, article=FERRY)
    )
    await made.say_as("bob", PIER_URL)
    made.clock.wait(days=2)
    await made.say_as("ada", MUSEUM_URL)
    await made.say_as("ada", str(FERRY.url))
    return made


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("search pier", {1, 3}),
        ("search pier in Harbour News", {3}),
        ("search pier from harbour.co.uk", {3}),
        ("search from:harbour.co.uk", {3}),
        ("search in the Sample Post", {1, 2}),
        ("search by bob", {1}),
        ("search by:me", {2, 3}),
        ("search pier that I posted", {3}),
        ("search pier by @eve", {1, 3}),
        ("search today", {2, 3}),
        ("search by bob today", set()),
        ("search pier in the Sample Post since yesterday", set()),
        ("search pier from nosuch.com", {1, 3}),
        ("search from nosuch.com", set()),
    ],
)
async def test_a_search(dialogue, search, numbers):
    said = await dialogue.say_as("ada", search)
    found = {
        number
        for number, title in enumerate(
            ["Old pier at Wexcombe to reopen", "Museum returns bronze bell", "Ferry to Norsay"], 1
        )
        if f"{number}  {title}" in said
    }
    assert found == numbers


async def test_a_hit_shows_headline_outlet_date_passage_and_who_posted_it(dialogue):
    said = await dialogue.say("search legs that the storm broke")
    head, address, details, _, quote, _, brought = said.splitlines()
    assert head == "1  Old pier at Wexcombe to reopen after storm repairs"
    assert address == PIER_URL
    assert details == "2026-03-04 12:01 · The Sample Post · 3 March 2026"
    assert quote.startswith("¶2  A storm on 14 November broke eleven of the pier's iron legs")
    assert brought == "bob posted the link on 04 March 2026 at 12:01 UTC."


async def test_an_unknown_outlet_is_said_to_be_unknown(dialogue):
    said = await dialogue.say("search pier from nosuch.com")
    assert said.startswith(
        "Nothing that was read here came from “nosuch.com”, so I looked for the words alone.\n"
    )
    said = await dialogue.say("what did we read about the pier from:nosuch.com?")
    assert said.startswith("Nothing that was read here came from “nosuch.com”")
    assert "Old pier at Wexcombe" in said


@pytest.mark.parametrize(
    "question",
    [
        "what did Bob post?",
        "What did bob share about the pier?",
        "what did we read about the pier by bob?",
        "what did we read about the pier in the Sample Post?",
    ],
)
async def test_a_question_with_a_filter(dialogue, question):
    said = await dialogue.say_as("ada", question)
    assert "Old pier at Wexcombe" in said
    assert "Ferry to Norsay" not in said


async def test_hits_and_answers_lead_to_their_threads(dialogue):
    links = replace(dialogue.conversation, link=lambda thread: f"https://chat.example/{thread.id}")
    dialogue.conversation = links
    assert "[https://chat.example/m1]" in await dialogue.say("search storm")
    said = await dialogue.say("what did we read about the storm?")
    assert "1 · Old pier at Wexcombe" in said
    assert "[https://chat.example/m1]" in said


async def test_days_are_those_of_the_channel(dialogue):
    async with dialogue.store.begin() as tx:
        kept = ChannelSettings(zone="Pacific/Auckland")  # thirteen hours ahead
        await dialogue.store.change_settings(tx, CHANNEL, kept, [])
    dialogue.clock.wait(hours=1)
    assert "Ferry" in await dialogue.say("search ferry today")
    midnight = datetime(2026, 3, 7, 11, 30, tzinfo=UTC)
    dialogue.clock.wait(seconds=(midnight - dialogue.clock.now()) / timedelta(seconds=1))
    assert "Ferry" not in await dialogue.say("search ferry today")
    assert "Ferry" in await dialogue.say("search ferry yesterday")


async def test_what_is_said_to_be_wrong_is_no_passage(dialogue):
    (ferry,) = await dialogue.store.mentions_in(Thread(channel=CHANNEL, id="m3"))
    assert ferry.brief
    assert "made its last trip" in await dialogue.say("search ferry trip")
    async with dialogue.store.begin() as tx:
        for number in range(1, len(ferry.brief.bullets) + 1):
            strike = Strike(bullet=number, who="bob", why="no", at=dialogue.clock.now())
            await dialogue.store.strike(tx, ferry, strike)
    for asked in ("search ferry trip", "what did we read about the ferry's last trip?"):
        said = await dialogue.say(asked)
        for bullet in ferry.brief.bullets:
            assert bullet.evidence[0].quote not in said
