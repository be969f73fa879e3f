"""That whatever Unicode an article, a brief or an answer holds comes back the same."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Answer,
    Article,
    Brief,
    Bullet,
    ChannelSettings,
    Evidence,
    Mention,
    Method,
    Mode,
    Origin,
    Part,
    Passage,
    Question,
    Robots,
    SettingChange,
    Voice,
)
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, NOON, thread

Place = Callable[[], AbstractContextManager[Path | str]]

# All of Unicode but surrogates: NUL, controls, unassigned and combining characters among it.
anything = st.text(st.characters(codec="utf-8"), max_size=20)
perhaps = st.none() | anything
texts = st.lists(anything, max_size=3).map(tuple)
# Fixed offsets: Python calls a moment in the hour that a zone repeats unequal to all others.
offsets = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
moments = st.datetimes(timezones=offsets).filter(lambda moment: 1 < moment.year < 9000)

counts = st.integers(0, 2**40)

articles = st.builds(
    Article,
    url=perhaps,
    version=anything,
    headline=perhaps,
    standfirst=perhaps,
    authors=texts,
    publisher=perhaps,
    published=st.none() | st.dates(),
    language=perhaps,
    lead_bullets=texts,
    paragraphs=texts,
    captions=texts,
    pages=st.lists(counts, max_size=3).map(tuple),
)


def evidence(version: str) -> st.SearchStrategy[tuple[Evidence, ...]]:
    one = st.builds(
        Evidence,
        version=st.just(version),
        part=st.sampled_from(Part),
        paragraph=counts,
        start=counts,
        end=counts,
        quote=anything,
        page=st.none() | counts,
    )
    return st.lists(one, max_size=3).map(tuple)


def briefs(version: str) -> st.SearchStrategy[Brief]:
    bullets = st.builds(
        Bullet, text=anything, evidence=evidence(version), lead_only=texts, quoted=st.booleans()
    )
    return st.builds(
        Brief,
        version=st.just(version),
        method=st.sampled_from(Method),
        bullets=st.lists(bullets, max_size=3).map(tuple),
        warnings=texts,
        model=perhaps,
        prompt_hash=perhaps,
    )


def in_store(place: Place, work: Callable[[SqlStore], Awaitable[None]]) -> None:
    async def main(where: Path | str) -> None:
        store = await SqlStore.open(where)
        try:
            await work(store)
        finally:
            await store.close()

    with place() as where:
        asyncio.run(main(where))


@settings(max_examples=20, deadline=None)
@given(st.data(), articles, moments, st.sampled_from(Origin))
def test_articles_briefs_and_answers_come_back(
    new_place: Place, data: st.DataObject, article: Article, at: datetime, origin: Origin
) -> None:
    who, terms = data.draw(anything), data.draw(anything)
    brief = data.draw(briefs(article.version))
    question = data.draw(
        st.builds(
            Question,
            thread=st.just(thread(name=who)),
            asker=anything,
            text=anything,
            asked_at=moments,
        )
    )
    answer = data.draw(
        st.builds(
            Answer,
            voice=st.sampled_from(Voice),
            text=anything,
            quotes=evidence(article.version),
            confidence=st.floats(0, 1),
            method=st.sampled_from(Method),
            warnings=texts,
            model=perhaps,
            prompt_hash=perhaps,
        )
    )

    async def work(store: SqlStore) -> None:
        async with store.begin() as tx:
            stored = await store.add_mention(
                tx,
                thread=thread(name=who),
                message=who,
                poster=who,
                at=at,
                origin=origin,
                source=who,
                article=article,
                passages=[Passage(first=0, last=0, terms=terms)],
            )
            stored = await store.add_brief(tx, stored, brief, stored.at)
            await store.add_answer(tx, question, answer)
        assert stored == Mention(
            number=1,
            message=who,
            thread=thread(name=who),
            poster=who,
            at=at,
            origin=origin,
            source=who,
            article=article,
            brief=brief,
        )
        assert await store.mention(NEWS, 1) == stored
        assert await store.mentions_of(NEWS, article.key) == [stored]
        assert await store.answers(NEWS, limit=9) == [(question, answer)]
        assert [hit.passage.terms for hit in await store.search(NEWS, [])] == [terms]

    in_store(new_place, work)


@settings(max_examples=10, deadline=None)
@given(
    st.builds(
        ChannelSettings,
        mode=st.sampled_from(Mode),
        robots=st.sampled_from(Robots),
        own_wording=st.booleans(),
        digest_time=anything,
        article_days=st.integers(0, 3650),
    ),
    st.lists(
        st.builds(
            SettingChange, who=anything, at=moments, name=anything, before=anything, after=anything
        ),
        max_size=3,
    ),
)
def test_settings_come_back(
    new_place: Place, wanted: ChannelSettings, log: list[SettingChange]
) -> None:
    async def work(store: SqlStore) -> None:
        async with store.begin() as tx:
            await store.change_settings(tx, NEWS, wanted, log)
        assert await store.channel_settings(NEWS) == wanted
        assert await store.setting_changes(NEWS) == log

    in_store(new_place, work)


@settings(max_examples=20, deadline=None)
@given(st.lists(anything, max_size=5), st.lists(anything, max_size=5))
def test_any_terms_may_be_looked_for(new_place: Place, held: list[str], wanted: list[str]) -> None:
    async def work(store: SqlStore) -> None:
        async with store.begin() as tx:
            await store.add_mention(
                tx,
                thread=thread(),
                message="m",
                poster="p",
                at=NOON,
                origin=Origin.LINK,
                source="s",
                article=Article(url=None, version="v", paragraphs=("text",)),
                passages=[Passage(first=0, last=0, terms=" ".join([*held, "always"]))],
            )
        assert len(await store.search(NEWS, [*wanted, "always"])) == 1

    in_store(new_place, work)
