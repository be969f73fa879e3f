"""What every store promises to forget, when asked and with time."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.errors import NothingStored
from bot.flows import answer
from bot.model import (
    Answer,
    Answered,
    Article,
    ChannelSettings,
    Decision,
    DeliveryState,
    Ending,
    Event,
    Forgotten,
    Message,
    Origin,
    Question,
    SettingChange,
)
from bot.ports import Leave, Store
from tests.fakes.writer import FakeWriter
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    accept,
    article,
    ask,
    brief,
    change,
    days,
    mention,
    posted,
    question,
    thread,
    to_post,
)
from tests.store.samples import answer as sample_answer

# --- forgetting ------------------------------------------------------------------------------


async def test_forgetting_takes_brief_answers_and_text_along(store: Store) -> None:
    kept = await mention(store, article("kept"), where="2")
    await mention(store, briefed=True)
    await ask(store, article(), text="When?")
    await ask(store, None, text="Did the harbour burn?")
    await ask(store, article("kept"), where="2")
    assert await store.forget(NEWS, [2]) == Forgotten(mentions=1, articles=1, briefs=1, answers=2)
    assert await store.mentions(NEWS, limit=9) == [kept]
    assert [asked.thread.id for asked, _ in await store.answers(NEWS, limit=9)] == ["2"]
    assert await store.last_question(thread()) is None
    assert await store.search(NEWS, ["harbour"]) == []
    assert len(await store.search(NEWS, ["kept"])) == 1


async def test_an_answer_in_another_thread_goes_with_what_it_quotes(store: Store) -> None:
    await mention(store, where="1")
    await mention(store, article("b"), where="2")
    await ask(store, article(), where="2")
    assert (await store.forget(NEWS, [1])).answers == 1


async def test_an_article_that_another_channel_mentions_stays_there(store: Store) -> None:
    await mention(store)
    there = await mention(store, channel=OTHER)
    await ask(store, article(), channel=OTHER)
    assert await store.forget(NEWS, [1]) == Forgotten(mentions=1, articles=0, briefs=0, answers=0)
    assert await store.mentions(OTHER, limit=9) == [there]
    assert len(await store.search(OTHER, ["monday"])) == 1
    assert len(await store.answers(OTHER, limit=9)) == 1
    assert await store.search(NEWS, ["monday"]) == []


async def test_an_answer_stays_while_its_article_is_mentioned_again(store: Store) -> None:
    await mention(store, message="m1")
    await mention(store, message="m2")
    await ask(store, article())
    assert await store.forget(NEWS, [1]) == Forgotten(mentions=1, articles=0, briefs=0, answers=0)
    assert len(await store.answers(NEWS, limit=9)) == 1


async def test_a_forgotten_number_is_not_given_again(store: Store) -> None:
    await mention(store, article("a"))
    await mention(store, article("b"))
    await store.forget(NEWS, [2, 7])
    assert (await mention(store, article("c"))).number == 3


class ForgettingWriter(FakeWriter):
    """While it answers, what it answers from is forgotten."""

    def __init__(self, store: Store, numbers: Sequence[int]) -> None:
        super().__init__()
        self.store = store
        self.numbers = numbers

    async def answer(
        self,
        articles: Sequence[Article],
        question: Question,
        *,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Answer:
        await self.store.forget(NEWS, self.numbers)
        return await super().answer(articles, question, language=language, leave=leave)


async def test_what_is_forgotten_while_it_is_asked_about_is_not_said(store: Store) -> None:
    mentions = [await mention(store), await mention(store, article("kept"))]

    async def asked(numbers: Sequence[int]) -> Answered:
        return await answer.ask(
            "When did it open?",
            mentions=mentions,
            thread=thread(),
            asker="bob",
            asked_at=NOON,
            writer=ForgettingWriter(store, numbers),
            store=store,
        )

    assert (await asked([2])).answer.quotes  # another one
    with pytest.raises(NothingStored):
        await asked([1])
    assert await store.answers(NEWS, limit=9) == []


async def test_a_brief_of_a_forgotten_mention_is_not_kept(store: Store) -> None:
    stored = await mention(store)
    await store.forget(NEWS, [1])
    async with store.begin() as tx:
        assert (await store.add_brief(tx, stored, brief(article()), NOON)).brief is not None
    assert await store.mention(NEWS, 1) is None
    again = await mention(store)
    assert (again.number, again.brief) == (2, None)


# --- forgetting of a person, a thread, a channel ---------------------------------------------


async def by(store: Store, asker: str, *, where: str = "1", text: str = "When?") -> None:
    """Store somebody's question with an answer that quotes nothing."""
    async with store.begin() as tx:
        said = replace(question(text, where=thread(name=where)), asker=asker)
        assert await store.add_answer(tx, said, sample_answer(None))


def waits(name: str, author: str, where: str = "1") -> Message:
    return Message(
        thread=thread(name=where), id=name, author=author, text="https://a.example", sent_at=NOON
    )


async def remember(store: Store, *messages: Message) -> None:
    async with store.begin() as tx:
        for one in messages:
            await store.remember(tx, one, at=NOON)


async def die(store: Store, event: Event) -> None:
    async with store.begin() as tx:
        await store.end_event(tx, event.id, Ending.DEAD, reason="broken", at=NOON)


async def left(store: Store) -> list[tuple[str, str, str]]:
    asked = await store.answers(NEWS, limit=9)
    return sorted((one.asker, one.thread.id, one.text) for one, _ in asked)


async def test_a_person_s_questions_are_forgotten_and_no_other_s(store: Store) -> None:
    await mention(store)
    for who, where in (("bob", "1"), ("bob", "2"), ("eve", "1")):
        await by(store, who, where=where)
    await ask(store, None, channel=OTHER)
    assert await store.forget_asked(NEWS, asker="bob") == Forgotten(
        mentions=0, articles=0, briefs=0, answers=2
    )
    assert await left(store) == [("eve", "1", "When?")]
    assert len(await store.answers(OTHER, limit=9)) == 1
    assert len(await store.mentions(NEWS, limit=9)) == 1
    assert (await store.forget_asked(NEWS, asker="bob")).answers == 0
    assert (await store.forget_asked(ABROAD, asker="bob")).answers == 0


async def test_a_thread_s_questions_are_forgotten_or_one_person_s_in_it(store: Store) -> None:
    for who, where in (("bob", "1"), ("bob", "2"), ("eve", "1")):
        await by(store, who, where=where)
    assert (await store.forget_asked(NEWS, asker="bob", thread="1")).answers == 1
    assert await left(store) == [("bob", "2", "When?"), ("eve", "1", "When?")]
    assert (await store.forget_asked(NEWS, thread="1")).answers == 1
    assert await left(store) == [("bob", "2", "When?")]


async def test_somebody_s_or_some_thread_s_is_to_be_said(store: Store) -> None:
    await by(store, "bob")
    with pytest.raises(ValueError):  # noqa: PT011 - a caller's mistake, as the port says
        await store.forget_asked(NEWS)
    assert len(await left(store)) == 1


async def test_what_waits_goes_with_whoever_it_is_of(store: Store) -> None:
    await remember(store, waits("w1", "bob"), waits("w2", "bob", "2"), waits("w3", "eve"))
    failed = [await accept(store, posted(f"e{n}", where=f"{n}")) for n in (1, 2)]
    for one in failed:  # Alice's
        await die(store, one)
    assert (await store.forget_asked(NEWS, asker="bob", thread="1")).waiting == 1
    assert (await store.forget_asked(NEWS, asker="bob")).waiting == 1
    assert await store.remembered(NEWS, "w2") is None
    assert await store.remembered(NEWS, "w3") is not None
    assert (await store.forget_asked(NEWS, asker="alice", thread="2")).waiting == 1
    ends = [await store.event(one.id) for one in failed]
    assert [one and one.ending for one in ends] == [Ending.DEAD, Ending.WITHDRAWN]
    assert (await store.forget_asked(NEWS, thread="1")).waiting == 2  # Eve's link, what died
    assert await store.letters(limit=9) == []


async def test_a_post_that_failed_cannot_be_tried_again_once_it_is_forgotten(store: Store) -> None:
    event = await accept(store)
    line = await to_post(store, event)
    await change(store, replace(line, state=DeliveryState.UNCERTAIN))
    await die(store, event)
    assert (await store.forget_asked(NEWS, asker="alice")).waiting == 1
    gone = await store.delivery(line.id)
    assert gone is not None
    assert gone.post is None
    async with store.begin() as tx:
        assert await store.revive(tx, event.id, at=NOON) is None


async def test_an_answer_that_waits_is_taken_back_with_its_question(store: Store) -> None:
    await by(store, "bob")
    line = await to_post(store, await accept(store))
    elsewhere = await to_post(store, await accept(store, posted("e2", where="2")))
    assert (await store.forget_asked(NEWS, asker="bob")).waiting == 1
    lines = [await store.delivery(one.id) for one in (line, elsewhere)]
    assert [one and one.post is None for one in lines] == [True, False]


async def test_a_channel_is_forgotten_whole_but_for_its_settings(store: Store) -> None:
    await mention(store, briefed=True)
    there = await mention(store, channel=OTHER)
    await mention(store, article("b"), where="2")
    await ask(store, article())
    await by(store, "eve", where="2")
    await remember(store, waits("w1", "bob"))
    change_of = SettingChange(who="ada", at=NOON, name="bullets", before="5", after="3")
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(bullets=3), [change_of])
        await store.decide(tx, NEWS, Decision.ASKED, message="m", at=NOON)
    asks, waiting, dead, unsent = [await accept(store, posted(f"e{n}")) for n in range(4)]
    await die(store, dead)
    line = await to_post(store, unsent)
    gone = await store.forget_channel(NEWS, but=asks.id)
    assert gone == Forgotten(mentions=2, articles=1, briefs=1, answers=2, waiting=4)
    assert await store.mentions(NEWS, limit=9) == []
    assert await left(store) == []
    assert await store.remembered(NEWS, "w1") is None
    assert await store.decided(NEWS) is None
    assert (await store.kept(NEWS)).since is None
    assert (await store.channel_settings(NEWS)).bullets == 3
    assert await store.setting_changes(NEWS) == [change_of]
    ends = [await store.event(one.id) for one in (asks, waiting, dead, unsent)]
    assert [one and one.ending for one in ends] == [None, *[Ending.WITHDRAWN] * 3]
    assert [one and one.incoming for one in ends[1:]] == [None] * 3
    withdrawn = await store.delivery(line.id)
    assert withdrawn is not None
    assert withdrawn.post is None
    assert await store.mentions(OTHER, limit=9) == [there]
    assert (await mention(store, article("c"))).number == 3
    assert (await store.forget_channel(OTHER)).articles == 1


async def test_a_channel_that_holds_nothing_has_nothing_to_forget(store: Store) -> None:
    await mention(store)
    nothing = Forgotten(mentions=0, articles=0, briefs=0, answers=0)
    assert await store.forget_channel(OTHER) == nothing
    assert await store.forget_channel(ABROAD) == nothing
    assert len(await store.mentions(NEWS, limit=9)) == 1


# --- keeping for a time ----------------------------------------------------------------------


async def test_text_goes_after_its_days_but_headline_and_brief_stay(store: Store) -> None:
    await mention(store, briefed=True)
    before = await store.mention(NEWS, 1)
    assert (await store.expire(NOON + days(89.9))).articles == 0
    assert await store.mention(NEWS, 1) == before
    gone = await store.expire(NOON + days(90))
    assert gone == Forgotten(mentions=0, articles=1, briefs=0, answers=0)
    after = await store.mention(NEWS, 1)
    assert after is not None
    assert after.brief == brief(article())
    assert after.article == replace(
        article(), standfirst=None, lead_bullets=(), paragraphs=(), captions=()
    )
    assert await store.search(NEWS, ["monday"]) == []
    assert await store.search(NEWS, []) == []


@pytest.mark.parametrize("origin", [Origin.PASTE, Origin.UPLOAD])
async def test_private_text_goes_sooner(store: Store, origin: Origin) -> None:
    await mention(store, origin=origin)
    assert (await store.expire(NOON + days(30))).articles == 1


async def test_text_stays_while_another_mention_has_a_right_to_it(store: Store) -> None:
    await mention(store, message="m1")
    newer = await mention(store, channel=OTHER, at=NOON + days(50))
    assert (await store.expire(NOON + days(100))).articles == 0
    assert await store.search(NEWS, ["monday"]) == []
    old = await store.mention(NEWS, 1)
    assert old is not None
    assert old.article.paragraphs == ()
    assert [hit.mention for hit in await store.search(OTHER, ["monday"])] == [newer]
    assert (await store.expire(NOON + days(150))).articles == 1


async def test_text_that_went_comes_back_with_a_new_mention(store: Store) -> None:
    await mention(store)
    await store.expire(NOON + days(90))
    again = await mention(store, at=NOON + days(91))
    assert again.article == article()
    assert [hit.mention for hit in await store.search(NEWS, ["monday"])] == [again]


async def test_questions_and_briefs_have_their_own_days(store: Store) -> None:
    await mention(store, briefed=True)
    await ask(store, article())
    await store.expire(NOON + days(89))
    assert len(await store.answers(NEWS, limit=9)) == 1
    assert (await store.expire(NOON + days(90))).answers == 1
    gone = await store.expire(NOON + days(365))
    assert (gone.mentions, gone.briefs) == (1, 1)
    assert await store.mentions(NEWS, limit=9) == []


async def test_a_channel_that_keeps_text_for_no_day_keeps_none(store: Store) -> None:
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(article_days=0), [])
    given = await mention(store, briefed=True)
    assert given.article == article()
    found = await store.mention(NEWS, 1)
    assert found is not None
    assert (found.article.headline, found.article.paragraphs) == ("Harbour opens", ())
    assert found.brief == brief(article())
    assert await store.search(NEWS, ["monday"]) == []


async def test_new_days_hold_for_what_is_stored_already(store: Store) -> None:
    await mention(store, briefed=True)
    await ask(store, article())
    async with store.begin() as tx:
        await store.change_settings(
            tx, NEWS, ChannelSettings(article_days=2, brief_days=10, question_days=1), []
        )
    assert (await store.expire(NOON + days(1))).answers == 1
    assert (await store.expire(NOON + days(2))).articles == 1
    gone = await store.expire(NOON + days(10))
    assert (gone.mentions, gone.briefs) == (1, 1)


async def test_a_brief_may_go_before_its_text(store: Store) -> None:
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(brief_days=1), [])
    await mention(store, briefed=True)
    gone = await store.expire(NOON + days(1))
    assert gone == Forgotten(mentions=0, articles=0, briefs=1, answers=0)
    found = await store.mention(NEWS, 1)
    assert found is not None
    assert (found.article, found.brief) == (article(), None)
