"""A question over all that was read, with a model: one answer from the nearest articles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.reading.identity import article
from bot.core.writing.evidence import evidence
from bot.flows.spending import Denied, Spending
from bot.model import Answer, Budget, Method, Part, Reading, Verdict, Voice
from bot.writers.embedded import EmbeddedWriter
from tests.fakes.telemetry import FakeTelemetry
from tests.flows.test_converse import CHANNEL, PIER_URL, Dialogue

ASKED = "what did we read about the pier?"
WORDED = "The repairs of the pier cost 2.4 million pounds, the council said."


class Worded(EmbeddedWriter):
    """A model that answers with the first words of the best article, or as it is told to."""

    def __init__(self) -> None:
        self.asked = []
        self.left = []
        self.changes = {}
        self.meanwhile = None

    async def answer(self, articles, question, *, language=None, leave=None):
        if leave is None:
            return await super().answer(articles, question, language=language)
        self.asked.append([one.version for one in articles])
        self.left.append(leave)
        if self.meanwhile:
            await self.meanwhile()
        first = articles[0].paragraphs[0]
        said = Answer(
            voice=Voice.SAYS,
            text=WORDED,
            quotes=(evidence(articles[0], Part.BODY, 0, 0, len(first)),),
            confidence=0.9,
            method=Method.ABSTRACTIVE,
            model="m",
        )
        return replace(said, **self.changes)


@pytest.fixture
async def dialogue():
    made = Dialogue()
    spending = Spending(
        store=made.store,
        clock=made.clock,
        telemetry=FakeTelemetry(),
        budget=Budget(a_day=10**6, a_channel=10**6),
        local=False,
    )
    made.writer = Worded()
    made.conversation = replace(made.conversation, writer=made.writer, spending=spending)
    await made.say(PIER_URL)
    return made


async def test_a_model_answers_once_and_the_article_is_named(dialogue):
    said = await dialogue.say(ASKED)

    assert said.startswith(WORDED)
    assert said.count("1 · Old pier at Wexcombe") == 1
    assert "Worded by m from these passages" in said


async def test_it_reads_five_articles_at_most(dialogue):
    for at in range(7):
        url = f"https://sample.example/{at}"
        text = f"The pier number {at} was painted on Monday, said the pier's keeper."
        one = article(url=url, language="en", headline=f"Pier {at}", paragraphs=[text])
        dialogue.pages.add(url, Reading(source=url, verdict=Verdict.ARTICLE, article=one))
        await dialogue.say(url)
    await dialogue.say(ASKED)

    assert len(dialogue.writer.asked) == 1
    assert len(set(dialogue.writer.asked[0])) == 5


@pytest.mark.parametrize("method", [Method.EXTRACTIVE, Method.ABSTRACTIVE])
async def test_where_it_found_nothing_the_nearest_words_are_no_more_than_close(dialogue, method):
    dialogue.writer.changes = {"voice": Voice.CLOSEST, "method": method}
    said = await dialogue.say(ASKED)

    assert said.startswith("The closest passage of “Old pier at Wexcombe")
    assert WORDED not in said


async def test_where_it_failed_the_articles_speak_and_a_line_says_why(dialogue):
    failed = ("untranslated:French", "model_timed_out")
    dialogue.writer.changes = {"method": Method.EXTRACTIVE, "warnings": failed}
    said = await dialogue.say(ASKED)

    assert said.startswith("“Old pier at Wexcombe to reopen after storm repairs” says:")
    assert "The model took too long" in said
    assert "French" not in said


async def test_what_is_forgotten_meanwhile_is_not_said(dialogue):
    async def forget():
        await dialogue.store.forget(CHANNEL, [1])

    dialogue.writer.meanwhile = forget
    assert await dialogue.say(ASKED) == "Nothing that was read here says.\n"


async def test_a_private_text_among_them_is_not_sent(dialogue):
    pasted = article(url=None, language="en", paragraphs=["The pier is mine, said the keeper."])
    dialogue.pages.add_text(Reading(source="-", verdict=Verdict.ARTICLE, article=pasted))
    await dialogue.say("\n\n".join([*["The pier is mine, said the keeper of the pier."] * 12]))
    await dialogue.say(ASKED)
    assert isinstance(dialogue.writer.left[-1], Denied)


async def test_a_list_of_what_was_read_asks_no_model(dialogue):
    assert "Old pier at Wexcombe" in await dialogue.say("what did we read this week?")
    assert dialogue.writer.asked == []


async def test_what_nothing_stored_is_near_to_asks_no_model(dialogue):
    said = await dialogue.say("what did we read about volcanoes?")
    assert said == "Nothing that was read here says.\n"
    assert dialogue.writer.asked == []
