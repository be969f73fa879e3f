"""That nothing is torn apart when all kinds of writes meet on PostgreSQL."""

import asyncio
import random
from collections.abc import Callable

import pytest

from bot.errors import StoreBusy
from bot.model import ChannelSettings
from bot.store.sql import SqlStore
from tests.postgres import Server, name_of
from tests.store.samples import ABROAD, NEWS, NOON, OTHER, article, ask, days, mention

pytestmark = pytest.mark.postgres

CHANNELS = (NEWS, OTHER, ABROAD)
NAMES = ("ash", "birch", "cedar")

# Each finds what must not be: see `bot.store.locks` for who keeps it from happening.
WRONG = {
    "a mention whose words are gone too soon": """
        SELECT m.id FROM mentions m LEFT JOIN article_texts t USING (version_id)
        WHERE m.text_until IS NOT NULL AND t.version_id IS NULL""",
    "words that nobody has a right to": """
        SELECT t.version_id FROM article_texts t WHERE NOT EXISTS
        (SELECT FROM mentions m WHERE m.version_id = t.version_id AND m.text_until IS NOT NULL)""",
    "words that cannot be found": """
        SELECT t.version_id FROM article_texts t LEFT JOIN passages p USING (version_id)
        GROUP BY t.version_id HAVING count(p.id) <> 2""",
    "a version that nobody mentions": """
        SELECT v.id FROM article_versions v WHERE NOT EXISTS
        (SELECT FROM mentions m WHERE m.version_id = v.id)""",
    "an article without a version": """
        SELECT a.id FROM articles a WHERE NOT EXISTS
        (SELECT FROM article_versions v WHERE v.article_id = a.id)""",
    "an answer that quotes what was forgotten": """
        SELECT q.id FROM questions q WHERE q.quotes <> '[]' AND NOT EXISTS
        (SELECT FROM question_versions v JOIN mentions m USING (version_id)
         WHERE v.question_id = q.id AND m.channel_id = q.channel_id)""",
    "a deadline of old settings": """
        SELECT m.id FROM mentions m LEFT JOIN channel_settings s USING (channel_id)
        WHERE m.text_until <> m.at + make_interval(
            days => coalesce((s.settings::json ->> 'article_days')::int, 90))""",
    "a number over the last one": """
        SELECT m.id FROM mentions m JOIN channels c ON c.id = m.channel_id
        WHERE m.number > c.last_number""",
}


async def take_step(store: SqlStore, chance: random.Random, step: str) -> None:
    channel, name = chance.choice(CHANNELS), chance.choice(NAMES)
    match chance.choice(["mention", "mention", "mention", "ask", "forget", "expire", "set"]):
        case "mention":
            message = chance.choice([step, "the same"])
            at = NOON + days(chance.randrange(100))
            await mention(
                store, article(name), channel=channel, message=message, at=at, briefed=True
            )
        case "ask":
            await ask(store, article(name), channel=channel, text=step)
        case "forget":
            known = await store.mentions(channel, limit=9)
            await store.forget(channel, [one.number for one in known if chance.random() < 0.5])
        case "expire":
            await store.expire(NOON + days(chance.randrange(200)))
        case "set":
            kept = ChannelSettings(article_days=chance.choice([1, 50, 90]))
            async with store.begin() as tx:
                await store.change_settings(tx, channel, kept, [])


async def keep_going(step: Callable[[], object]) -> int:
    """Take a step again for as long as the store is busy; return how often it was."""
    busy = 0
    while True:
        try:
            await step()  # type: ignore[misc]
        except StoreBusy:
            busy += 1
            assert busy < 20
        else:
            return busy


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_meets_leaves_everything_whole(
    postgres_url: str, postgres_server: Server, seed: int
) -> None:
    stores = [await SqlStore.open(postgres_url, patience=10) for _ in range(2)]

    async def write(place: int) -> int:
        chance = random.Random(f"{seed} {place}")  # noqa: S311 - steps, not secrets
        store = stores[place % 2]
        return sum(
            [
                await keep_going(lambda step=step: take_step(store, chance, f"{place} {step}"))  # type: ignore[misc]
                for step in range(25)
            ]
        )

    busy = await asyncio.gather(*(write(place) for place in range(8)))
    found = {
        what: rows
        for what, query in WRONG.items()
        if (rows := postgres_server.execute(query, name_of(postgres_url)))
    }
    assert found == {}
    assert sum(busy) < 40
    for store in stores:
        await store.close()
