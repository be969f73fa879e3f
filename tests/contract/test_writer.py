"""What every writer promises, fake or real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.core.writing.evidence import holds
from bot.model import Article, Channel, Method, Part, Question, Thread, Voice, Workspace
from bot.writers.embedded import EmbeddedWriter
from tests.fakes.writer import FakeWriter

if TYPE_CHECKING:
    from bot.ports import Writer

PLAIN = Article(
    url="https://example.org/harbour",
    version="v1",
    headline="Harbour ferry returns after two years",
    language="en",
    paragraphs=(
        "The harbour ferry between Northwick and Saltby sailed again on Monday after two years.",
        "Engineers replaced both of its engines at a cost of 4.2 million pounds, the council said.",
        "Around 300 commuters took the first crossing, which left ten minutes late.",
        "Mayor Ilse Brandt called the return a good day for the whole estuary.",
    ),
)
WITH_LEADS = replace(
    PLAIN,
    version="v2",
    lead_bullets=("Ferry sails again after two years", "Repairs cost 4.2 million pounds"),
)
EMPTY = Article(url=None, version="v3")


@pytest.fixture(params=[FakeWriter, EmbeddedWriter])
def writer(request: pytest.FixtureRequest) -> Writer:
    return request.param()


def question(text: str) -> Question:
    thread = Thread(channel=Channel(workspace=Workspace(platform="t", id="w"), id="c"), id="1")
    return Question(
        thread=thread, asker="ada", text=text, asked_at=datetime(2024, 5, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize("wanted", [1, 2, 3, 8])
async def test_a_brief_has_up_to_the_bullets_asked_for_each_proven(writer: Writer, wanted: int):
    brief = await writer.brief(PLAIN, bullets=wanted)

    assert brief.version == PLAIN.version
    assert 1 <= len(brief.bullets) <= wanted
    for bullet in brief.bullets:
        assert bullet.text.strip()
        assert 1 <= len(bullet.evidence) <= 3
        assert all(holds(proof, PLAIN) for proof in bullet.evidence)


async def test_the_publishers_lead_bullets_are_the_brief_whole(writer: Writer):
    brief = await writer.brief(WITH_LEADS, bullets=1)

    assert brief.method is Method.PUBLISHER
    assert tuple(bullet.text for bullet in brief.bullets) == WITH_LEADS.lead_bullets
    for index, bullet in enumerate(brief.bullets):
        assert bullet.evidence[0].part is Part.LEAD_BULLET
        assert bullet.evidence[0].paragraph == index
        assert all(holds(proof, WITH_LEADS) for proof in bullet.evidence)


async def test_own_wording_leaves_the_lead_bullets_aside(writer: Writer):
    brief = await writer.brief(WITH_LEADS, bullets=3, own_wording=True)

    assert brief.method is not Method.PUBLISHER
    assert brief.bullets
    assert all(
        proof.part is not Part.LEAD_BULLET for bullet in brief.bullets for proof in bullet.evidence
    )


async def test_an_article_without_words_has_no_bullets(writer: Writer):
    assert (await writer.brief(EMPTY, bullets=3)).bullets == ()


async def test_the_same_article_gets_the_same_brief(writer: Writer):
    assert await writer.brief(PLAIN, bullets=3) == await writer.brief(PLAIN, bullets=3)


async def test_quotes_of_an_answer_hold(writer: Writer):
    answer = await writer.answer([PLAIN], question("Who called the return a good day?"))

    assert answer.voice is not Voice.ABSENT
    assert answer.quotes
    assert all(holds(quote, PLAIN) for quote in answer.quotes)


async def test_an_article_without_words_answers_nothing(writer: Writer):
    answer = await writer.answer([EMPTY], question("Who called the return a good day?"))

    assert answer.voice is Voice.ABSENT
    assert answer.quotes == ()
