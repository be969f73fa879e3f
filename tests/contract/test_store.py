"""What every store promises: the real one and the one in memory."""

import asyncio
from dataclasses import replace

import pytest

from bot.model import (
    Channel,
    ChannelSettings,
    Forgotten,
    Mode,
    Notify,
    Origin,
    Outlet,
    Robots,
    SettingChange,
    Sources,
)
from bot.ports import Store
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    answer,
    article,
    ask,
    brief,
    days,
    mention,
    passages,
    question,
    thread,
)

# --- mentions --------------------------------------------------------------------------------


async def test_a_mention_comes_back_as_it_was_stored(store: Store) -> None:
    stored = await mention(store, article())
    assert (stored.number, stored.article, stored.at) == (1, article(), NOON)
    assert await store.mention(NEWS, 1) == stored
    assert await store.mentions(NEWS, limit=9) == [stored]
    assert await store.mentions_of(NEWS, article().key) == [stored]
    assert await store.mentions_in(thread()) == [stored]


async def test_nothing_is_there_before_anything_was_stored(store: Store) -> None:
    assert await store.mentions(NEWS, limit=9) == []
    assert await store.mention(NEWS, 1) is None
    assert await store.mentions_of(NEWS, article().key) == []
    assert await store.mentions_in(thread()) == []
    assert await store.last_question(thread()) is None
    assert await store.answers(NEWS, limit=9) == []
    assert await store.search(NEWS, ["harbour"]) == []
    assert await store.channel_settings(NEWS) == ChannelSettings()
    assert await store.setting_changes(NEWS) == []
    assert await store.forget(NEWS, [1]) == Forgotten(mentions=0, articles=0, briefs=0, answers=0)


async def test_an_article_without_an_address_is_known_by_its_words(store: Store) -> None:
    pasted = replace(article(), url=None)
    stored = await mention(store, pasted, origin=Origin.PASTE)
    assert await store.mentions_of(NEWS, "text:v-harbour") == [stored]


async def test_numbers_count_per_channel_and_newest_comes_first(store: Store) -> None:
    names = ["a", "b", "c"]
    for name in names:
        await mention(store, article(name))
    assert (await mention(store, channel=OTHER)).number == 1
    assert [one.number for one in await store.mentions(NEWS, limit=9)] == [3, 2, 1]
    assert [one.number for one in await store.mentions(NEWS, limit=1, offset=1)] == [2]


async def test_the_same_message_and_article_is_one_mention(store: Store) -> None:
    first = await mention(store, message="m1", briefed=True)
    again = await mention(store, message="m1", at=NOON + days(1))
    assert again == first
    assert len(await store.mentions(NEWS, limit=9)) == 1


async def test_an_article_read_again_keeps_both_versions(store: Store) -> None:
    old = await mention(store, article(version="v1"))
    new = await mention(store, article(version="v2", text="It shut."))
    assert await store.mentions_of(NEWS, article().key) == [new, old]
    assert old.article.paragraphs[0] == "The harbour opened on Monday."
    assert new.article.paragraphs[0] == "It shut."


async def test_a_thread_knows_only_its_own(store: Store) -> None:
    here = await mention(store, article("a"), where="t1")
    await mention(store, article("b"), where="t2")
    assert await store.mentions_in(thread(name="t1")) == [here]


async def test_the_newest_brief_is_the_mention_s(store: Store) -> None:
    stored = await mention(store, briefed=True)
    newer, older = brief(article(), "Newer"), brief(article(), "Older")
    async with store.begin() as tx:
        assert (await store.add_brief(tx, stored, newer, NOON + days(2))).brief == newer
        await store.add_brief(tx, stored, older, NOON + days(1))
    found = await store.mention(NEWS, 1)
    assert found == replace(stored, brief=newer)


async def test_of_two_briefs_at_once_the_later_stored_counts(store: Store) -> None:
    stored = await mention(store, briefed=True)
    async with store.begin() as tx:
        await store.add_brief(tx, stored, brief(article(), "Second"), NOON)
    found = await store.mention(NEWS, 1)
    assert found is not None
    assert found.brief == brief(article(), "Second")


# --- transactions ----------------------------------------------------------------------------


async def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    async def fail() -> None:
        async with store.begin() as tx:
            stored = await store.add_mention(
                tx,
                thread=thread(),
                message="m",
                poster="alice",
                at=NOON,
                origin=Origin.LINK,
                source="s",
                article=article(),
                passages=passages(article()),
            )
            await store.add_brief(tx, stored, brief(article()), NOON)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await store.mentions(NEWS, limit=9) == []
    assert await store.search(NEWS, ["harbour"]) == []
    assert (await mention(store)).number == 1


async def test_being_cancelled_undoes_the_whole_transaction(store: Store) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        async with store.begin() as tx:
            await store.change_settings(tx, NEWS, ChannelSettings(bullets=3), [])
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.channel_settings(NEWS) == ChannelSettings()
    await mention(store)  # and the next writer is let in


async def test_readers_see_what_is_committed(store: Store) -> None:
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(bullets=3), [])
        assert await store.channel_settings(NEWS) == ChannelSettings()
    assert await store.channel_settings(NEWS) == ChannelSettings(bullets=3)


async def test_writers_at_once_all_get_through(store: Store) -> None:
    await asyncio.gather(*(mention(store, article(f"a{place}")) for place in range(20)))
    numbers = [one.number for one in await store.mentions(NEWS, limit=99)]
    assert numbers == list(range(20, 0, -1))


async def test_a_transaction_is_over_after_its_block(store: Store) -> None:
    async with store.begin() as tx:
        pass
    with pytest.raises(TypeError):
        await store.change_settings(tx, NEWS, ChannelSettings(), [])


@pytest.mark.parametrize(("poster", "at"), [("alice", NOON.replace(tzinfo=None)), ("\ud800", NOON)])
async def test_what_cannot_be_stored_is_the_caller_s_mistake(
    store: Store, poster: str, at: object
) -> None:
    async def store_it() -> None:
        async with store.begin() as tx:
            await store.add_mention(
                tx,
                thread=thread(),
                message="m",
                poster=poster,
                at=at,  # type: ignore[arg-type]
                origin=Origin.LINK,
                source="s",
                article=article(),
                passages=(),
            )

    with pytest.raises(ValueError):  # noqa: PT011 - which one is the store's own affair
        await store_it()
    assert await store.mentions(NEWS, limit=9) == []


async def test_a_brief_of_another_version_is_refused(store: Store) -> None:
    stored = await mention(store)
    async with store.begin() as tx:
        with pytest.raises(ValueError):  # noqa: PT011 - no message is promised
            await store.add_brief(tx, stored, brief(article(version="v2")), NOON)


# --- questions -------------------------------------------------------------------------------


async def test_questions_come_back_with_their_answers_newest_first(store: Store) -> None:
    await mention(store)
    await ask(store, article(), text="When?")
    await ask(store, None, text="Who?", at=NOON + days(1))
    assert await store.answers(NEWS, limit=9) == [
        (question("Who?", at=NOON + days(1), where=thread()), answer(None)),
        (question("When?", where=thread()), answer(article())),
    ]
    assert len(await store.answers(NEWS, limit=1, offset=1)) == 1


async def test_the_last_question_brings_the_one_before(store: Store) -> None:
    await mention(store)
    await ask(store, article(), text="When?")
    assert await store.last_question(thread()) == question("When?", where=thread())
    await ask(store, None, text="Who?", at=NOON + days(1))
    await ask(store, None, text="Elsewhere?", at=NOON + days(2), where="2")
    last = await store.last_question(thread())
    assert last is not None
    assert (last.text, last.previous) == ("Who?", "When?")


async def test_an_answer_that_quotes_what_is_not_mentioned_is_not_kept(store: Store) -> None:
    await mention(store, channel=OTHER)
    assert not await ask(store, article(), channel=NEWS)
    assert await store.answers(NEWS, limit=9) == []
    assert await ask(store, article(), channel=OTHER)
    assert await ask(store, article(), channel=OTHER)  # the same once more: it is kept already
    assert await ask(store, None, channel=NEWS)


# --- search ----------------------------------------------------------------------------------


async def test_search_ranks_what_says_it_most(store: Store) -> None:
    once = article("once", text="The bridge is long. The river is wide. The road is old.")
    often = article("often", text="A bridge beside a bridge.")
    for one in (often, once, article("none", text="A school.")):
        await mention(store, one)
    found = await store.search(NEWS, ["bridge"])
    assert [hit.mention.article for hit in found] == [often, once]
    assert found[0].passage == passages(often)[0]
    assert len(await store.search(NEWS, ["bridge"], limit=1)) == 1


async def test_any_of_the_terms_will_do(store: Store) -> None:
    await mention(store)
    assert len(await store.search(NEWS, ["mayor", "monday", "zebra"])) == 2
    assert await store.search(NEWS, ["zebra"]) == []


@pytest.mark.parametrize(
    "term", ['"', "a OR b", "ribbon*", "NEAR(", "\0", "", "  ", "-", "^x", ")"]
)
async def test_a_term_may_hold_anything(store: Store, term: str) -> None:
    await mention(store)
    found = await store.search(NEWS, [term, "monday"])
    assert [hit.passage.first for hit in found if "monday" in hit.passage.terms] == [0]


async def test_terms_of_nothing_but_blanks_find_nothing(store: Store) -> None:
    await mention(store)
    assert await store.search(NEWS, [" "]) == []


async def test_a_passage_comes_once_with_its_newest_mention(store: Store) -> None:
    await mention(store, message="m1")
    newest = await mention(store, message="m2", at=NOON + days(1))
    (hit,) = await store.search(NEWS, ["monday"])
    assert hit.mention == newest


async def test_dates_bound_the_mention(store: Store) -> None:
    first = await mention(store, article("a", text="A bridge."), at=NOON)
    second = await mention(store, article("b", text="A bridge."), at=NOON + days(1))

    async def found(**bounds: object) -> set[int]:
        hits = await store.search(NEWS, ["bridge"], **bounds)  # type: ignore[arg-type]
        return {hit.mention.number for hit in hits}

    assert await found(since=NOON + days(1)) == {second.number}
    assert await found(until=NOON + days(1)) == {first.number}
    assert await found(since=NOON, until=NOON + days(2)) == {1, 2}
    assert await found(since=NOON + days(2)) == set()


async def test_without_terms_come_the_openings_newest_first(store: Store) -> None:
    await mention(store, article("a"), at=NOON - days(3))
    await mention(store, article("b"))
    await mention(store, article("c"))
    hits = await store.search(NEWS, [], since=NOON - days(1))
    assert [(hit.mention.number, hit.passage.first) for hit in hits] == [(3, 0), (2, 0)]
    assert len(await store.search(NEWS, [], limit=2)) == 2


async def test_outlets_and_people_bound_the_mention(store: Store) -> None:
    other = replace(article("b"), url="http://www.other.org:81/b?c", publisher=None)
    pasted = replace(article("c"), url=None, publisher="The Example")
    await mention(store, article("a"), who="ann")
    await mention(store, other, who="bob")
    await mention(store, pasted, who="ann")
    here, there, none = (
        Outlet(publisher="The Example", host="example.org"),
        Outlet(publisher=None, host="www.other.org:81"),
        Outlet(publisher="The Example", host=""),
    )

    async def found(*terms: str, **bounds: object) -> set[int]:
        hits = await store.search(NEWS, terms, **bounds)  # type: ignore[arg-type]
        return {hit.mention.number for hit in hits}

    for terms in (["mayor"], []):
        assert await found(*terms, outlets=[here]) == {1}
        assert await found(*terms, outlets=[there]) == {2}
        assert await found(*terms, outlets=[none, there]) == {2, 3}
        assert await found(*terms, outlets=[Outlet(publisher="The Example", host="o")]) == set()
        assert await found(*terms, posters=["ann"]) == {1, 3}
        assert await found(*terms, posters=["ann", "bob"]) == {1, 2, 3}
        assert await found(*terms, posters=["eve"]) == set()
        assert await found(*terms, outlets=[here, there], posters=["bob"]) == {2}
        assert await found(*terms, posters=["ann"], since=NOON + days(1)) == set()


async def test_a_mention_of_somebody_else_does_not_lend_its_words(store: Store) -> None:
    first = await mention(store, message="m1", who="ann")
    await mention(store, message="m2", who="bob", at=NOON + days(1))
    (hit,) = await store.search(NEWS, ["monday"], posters=["ann"])
    assert hit.mention == first


async def test_the_sources_are_those_of_the_channel(store: Store) -> None:
    assert await store.sources(NEWS) == Sources()
    await mention(store, article("a"), who="ann")
    await mention(store, article("b"), who="ann", message="m2")
    await mention(store, replace(article("c"), url=None, publisher=None), who="bob")
    await mention(store, replace(article("d"), publisher="Elsewhere"), channel=OTHER, who="eve")
    found = await store.sources(NEWS)
    assert set(found.posters) == {"ann", "bob"}
    assert sorted(found.outlets, key=str) == [
        Outlet(publisher="The Example", host="example.org"),
        Outlet(publisher=None, host=""),
    ]


async def test_words_from_all_over_an_article_bring_it_up_first(store: Store) -> None:
    spread = article("spread", text="A bridge of stone.")
    spread = replace(spread, paragraphs=("A bridge of stone.", "The river is wide."))
    await mention(store, spread)
    for name in ("x", "y", "z"):
        await mention(store, article(name, text="A bridge of stone."))
    found = await store.search(NEWS, ["bridge", "river"])
    assert found[0].mention.article == spread


# --- walls -----------------------------------------------------------------------------------


@pytest.mark.parametrize("elsewhere", [OTHER, ABROAD])
async def test_a_channel_sees_nothing_of_another(store: Store, elsewhere: Channel) -> None:
    canary = article("canary")
    await mention(store, canary, channel=elsewhere, briefed=True)
    await ask(store, canary, channel=elsewhere)
    async with store.begin() as tx:
        await store.change_settings(
            tx,
            elsewhere,
            ChannelSettings(bullets=8),
            [SettingChange(who="eve", at=NOON, name="bullets", before="5", after="8")],
        )
    assert await store.mentions(NEWS, limit=9) == []
    assert await store.mention(NEWS, 1) is None
    assert await store.mentions_of(NEWS, canary.key) == []
    assert await store.mentions_in(thread()) == []
    assert await store.search(NEWS, ["canary"]) == []
    assert await store.search(NEWS, []) == []
    assert await store.sources(NEWS) == Sources()
    assert await store.last_question(thread()) is None
    assert await store.answers(NEWS, limit=9) == []
    assert await store.channel_settings(NEWS) == ChannelSettings()
    assert await store.setting_changes(NEWS) == []
    assert (await store.forget(NEWS, [1])).mentions == 0
    assert len(await store.mentions(elsewhere, limit=9)) == 1


async def test_the_ranking_does_not_betray_what_others_hold(store: Store) -> None:
    await mention(store, article("a", text="A bridge of stone. It is old."))
    await mention(store, article("b", text="A tunnel of brick. It is old."))
    before = await store.search(NEWS, ["bridge", "tunnel"])
    for place in range(30):
        await mention(store, article(f"c{place}", text="A bridge again."), channel=OTHER)
        await mention(store, article(f"d{place}", text="A bridge again."), channel=ABROAD)
    assert await store.search(NEWS, ["bridge", "tunnel"]) == before


async def test_two_channels_of_a_workspace_share_an_article_but_not_its_mention(
    store: Store,
) -> None:
    await mention(store)
    await mention(store, channel=OTHER, at=NOON + days(1), briefed=True)
    (hit,) = await store.search(NEWS, ["monday"])
    assert (hit.mention.thread.channel, hit.mention.at, hit.mention.brief) == (NEWS, NOON, None)


# --- settings --------------------------------------------------------------------------------


async def test_settings_and_their_log_come_back(store: Store) -> None:
    wanted = ChannelSettings(
        mode=Mode.AUTOMATIC, bullets=3, robots=Robots.ALWAYS, notify=Notify.ALL, digest=True
    )
    log = [
        SettingChange(who="ann", at=NOON, name="mode", before="reaction", after="automatic"),
        SettingChange(who="ann", at=NOON, name="bullets", before="5", after="3"),
    ]
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, wanted, log[:1])
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, wanted, log[1:])
    assert await store.channel_settings(NEWS) == wanted
    assert await store.setting_changes(NEWS) == log
