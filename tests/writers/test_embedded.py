"""The embedded writer chooses between the publisher's bullets and the article's sentences."""

from dataclasses import replace

from bot.model import Article, Method
from bot.writers.embedded import EmbeddedWriter

ARTICLE = Article(
    url=None,
    version="v1",
    language="en",
    lead_bullets=("Library stays open until midnight",),
    paragraphs=("The city library will stay open until midnight from June, the council said.",),
)


async def test_lead_bullets_come_first():
    brief = await EmbeddedWriter().brief(ARTICLE, bullets=5)

    assert brief.method is Method.PUBLISHER
    assert [bullet.text for bullet in brief.bullets] == ["Library stays open until midnight"]


async def test_without_lead_bullets_the_body_is_extracted():
    brief = await EmbeddedWriter().brief(replace(ARTICLE, lead_bullets=()), bullets=5)

    assert brief.method is Method.EXTRACTIVE
    assert [bullet.text for bullet in brief.bullets] == [
        "The city library will stay open until midnight from June, the council said"
    ]
