"""Dialogues: what was said, what was answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.talking.wording import CONSOLE
from bot.flows.converse import Conversation
from bot.flows.spending import Spending
from bot.model import (
    Budget,
    Channel,
    Message,
    Purpose,
    Reading,
    Reason,
    Thread,
    Tokens,
    Verdict,
    Workspace,
)
from bot.platforms.console.plain import plain
from bot.writers.embedded import EmbeddedWriter
from tests.fakes.clock import FakeClock
from tests.fakes.pages import FakePages
from tests.fakes.store import FakeStore
from tests.fakes.telemetry import FakeTelemetry
from tests.flows.articles import MUSEUM, PIER

CHANNEL = Channel(workspace=Workspace(platform="terminal", id="local"), id="terminal")
OTHER = Channel(workspace=Workspace(platform="terminal", id="local"), id="other")
PIER_URL, MUSEUM_URL = "https://sample.example/pier", "https://sample.example/museum"


class Dialogue:
    """Says things in one channel and keeps what came back."""

    def __init__(self, *, store: FakeStore | None = None, channel: Channel = CHANNEL) -> None:
        self.clock = FakeClock()
        self.pages = FakePages(
            {
                PIER_URL: Reading(source=PIER_URL, verdict=Verdict.ARTICLE, article=PIER, share=1),
                MUSEUM_URL: Reading(source=MUSEUM_URL, verdict=Verdict.ARTICLE, article=MUSEUM),
                "https://wall.example/a": Reading(
                    source="https://wall.example/a", verdict=Verdict.CONSENT_WALL
                ),
            }
        )
        self.store = store or FakeStore()
        self.conversation = Conversation(
            channel=channel,
            pages=self.pages,
            writer=EmbeddedWriter(),
            store=self.store,
            clock=self.clock,
            hints=CONSOLE,
            where="/data",
        )
        self._said = 0

    async def say(self, text: str) -> str:
        self._said += 1
        self.clock.wait(minutes=1)
        name = f"m{self._said}"
        message = Message(
            thread=Thread(channel=self.conversation.channel, id=name),
            id=name,
            author="ada",
            text=text,
            sent_at=self.clock.now(),
        )
        return "\n".join(plain(post) for post in await self.conversation.hear(message))


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


async def test_a_link_is_briefed_with_its_own_bullets_and_what_only_they_state(dialogue):
    said = await dialogue.say(f"look at this {PIER_URL}")
    assert "Old pier at Wexcombe to reopen after storm repairs" in said
    assert "The Sample Post · 3 March 2026 · read whole" in said
    assert "1  The pier at Wexcombe reopens on Friday" in said
    assert "[¶1]" in said
    assert "Its own bullets." in said
    assert "Text kept 90 days in /data." in said


async def test_without_bullets_of_its_own_an_article_is_briefed_from_its_sentences(dialogue):
    said = await dialogue.say(MUSEUM_URL)
    assert "1  The National Museum has returned a bronze bell" in said
    assert "Sentences of the article." in said


async def test_the_same_link_with_the_same_words_is_one_entry(dialogue):
    await dialogue.say(PIER_URL)
    assert "First read on 4 March 2026." in await dialogue.say(PIER_URL)
    assert (await dialogue.say("list")).count("Old pier at Wexcombe") == 1


async def test_a_page_that_could_not_be_read_says_why_and_what_to_do(dialogue):
    said = await dialogue.say("https://wall.example/a")
    assert "shows a cookie notice in place of the article" in said
    assert "paste it here" in said
    assert await dialogue.say("list") == "Nothing was briefed yet.\n"


async def test_a_question_beside_a_link_is_answered_with_the_brief(dialogue):
    said = await dialogue.say(f"{PIER_URL} how many legs did the storm break?")
    assert "The article says:" in said
    assert "broke eleven of the pier's iron legs" in said


async def test_a_question_before_anything_was_read(dialogue):
    said = await dialogue.say("What did the repairs cost?")
    assert said == "Nothing was read yet. Start with: a link or a text\n"


async def test_a_question_is_answered_from_the_newest_article_with_its_place(dialogue):
    await dialogue.say(PIER_URL)
    await dialogue.say(MUSEUM_URL)
    said = await dialogue.say("How much does the bell weigh?")
    assert said.startswith("The article says:")
    assert "¶4  >>The bell weighs 340 kilograms" in said or "¶4  The bell weighs" in said


async def test_what_the_article_does_not_say_is_not_said(dialogue):
    await dialogue.say(MUSEUM_URL)
    said = await dialogue.say("What is the mayor's favourite football club?")
    assert said.startswith("The article doesn't say.")


async def test_a_follow_up_leans_on_the_question_before(dialogue):
    await dialogue.say(PIER_URL)
    await dialogue.say("What did the council's leader say about the ferry?")
    assert "Idris Penn" in await dialogue.say("and who said that?")


async def test_a_question_over_everything_names_the_article(dialogue):
    await dialogue.say(PIER_URL)
    await dialogue.say(MUSEUM_URL)
    said = await dialogue.say("what did we read about the pier this week?")
    assert "Old pier at Wexcombe" in said
    assert "bell" not in said


async def test_a_language_that_only_a_model_could_write_is_not_promised(dialogue):
    assert "language = article   (article, en, es, fr, it, nl, pt)" in await dialogue.say(
        "settings"
    )
    assert "fr" in await dialogue.say("settings language fr")
    said = await dialogue.say(f"{MUSEUM_URL} how much does the bell weigh?")
    assert said.count("French is set here, but only a model translates") == 2
    await dialogue.say("settings language article")
    assert "only a model" not in await dialogue.say(PIER_URL)


async def test_a_question_never_draws_on_another_channel(dialogue):
    await dialogue.say(PIER_URL)
    other = Dialogue(store=dialogue.store, channel=OTHER)
    assert "Nothing was read yet" in await other.say("What did the repairs cost?")
    assert "pier" not in (await other.say("search pier")).lower()
    assert "pier" not in (await other.say("what did we read about the pier?")).lower()
    assert "Nothing" in await other.say("proof 1")


async def test_proof_shows_the_words_that_a_bullet_rests_on(dialogue):
    await dialogue.say(PIER_URL)
    said = await dialogue.say("proof 2")
    assert "Proof of bullet 2 of 2" in said
    assert "2  It was closed in November" in said
    assert "broke eleven of the pier's iron legs" in said
    assert "There is no bullet 9" in await dialogue.say("proof 9")


async def test_a_pasted_text_is_briefed_and_kept_for_the_shorter_time(dialogue):
    text = "\n\n".join([PIER.headline or "", *PIER.paragraphs])
    dialogue.pages.add_text(Reading(source="-", verdict=Verdict.ARTICLE, article=PIER))
    said = await dialogue.say(text)
    assert "Pasted text kept 30 days" in said


async def test_forgetting_leaves_nothing_to_ask(dialogue):
    await dialogue.say(PIER_URL)
    assert "Erased: 1 posted article, 1 brief" in await dialogue.say("forget 1")
    assert "Nothing was read yet" in await dialogue.say("What did the repairs cost?")


async def test_what_is_forgotten_while_it_is_answered_is_not_said(dialogue):
    await dialogue.say(PIER_URL)
    writer = dialogue.conversation.writer

    class Slow(EmbeddedWriter):
        async def answer(self, articles, question, **given):
            await dialogue.store.forget(CHANNEL, [1])
            return await writer.answer(articles, question, **given)

    dialogue.conversation = replace(dialogue.conversation, writer=Slow())
    said = await dialogue.say("What did the repairs cost?")
    assert said == "Nothing was read yet. Start with: a link or a text\n"


async def test_forgetting_an_address_forgets_every_version_of_it(dialogue):
    await dialogue.say(PIER_URL)
    changed = replace(PIER, version="later", paragraphs=(*PIER.paragraphs, "One more thing."))
    dialogue.pages.add(PIER_URL, Reading(source=PIER_URL, verdict=Verdict.ARTICLE, article=changed))
    await dialogue.say(PIER_URL)
    assert "Erased: 2 posted articles, 2 briefs" in await dialogue.say(f"forget {PIER_URL}")
    assert await dialogue.store.mentions(CHANNEL, limit=10) == []


async def test_an_article_briefed_again_is_the_one_that_is_talked_about(dialogue):
    await dialogue.say(PIER_URL)
    await dialogue.say(MUSEUM_URL)
    await dialogue.say(PIER_URL)
    assert "The pier at Wexcombe reopens" in await dialogue.say("proof 1")
    assert "Idris Penn" in await dialogue.say("Who is the council's leader?")
    said = await dialogue.say(f"{MUSEUM_URL} how much does the bell weigh?")
    assert "The bell weighs 340 kilograms" in said


async def test_an_article_whose_text_is_gone_keeps_its_brief_and_says_so(dialogue):
    await dialogue.say(PIER_URL)
    dialogue.clock.wait(days=91)
    assert "no longer kept" in await dialogue.say("What did the repairs cost?")
    assert "broke eleven of the pier's iron legs" in await dialogue.say("proof 2")
    assert "Old pier at Wexcombe" in await dialogue.say("list")


async def test_a_mistyped_command_is_not_taken_for_a_question(dialogue):
    assert await dialogue.say("/serach tea") == (
        "There is no command “serach”. Did you mean “search tea”?\n"
    )


async def test_numbers_beyond_all_bounds_name_nothing(dialogue):
    await dialogue.say(PIER_URL)
    assert "Nothing stored goes by" in await dialogue.say("forget " + "9" * 40)
    assert "There is no bullet 999" in await dialogue.say("proof " + "9" * 40)


async def test_forget_wants_to_know_what(dialogue):
    await dialogue.say(PIER_URL)
    assert "forget NUMBER|URL" in await dialogue.say("/forget")
    assert "Nothing stored goes by “7”" in await dialogue.say("forget 7")
    assert "Old pier" in await dialogue.say("list")


async def test_settings_are_shown_changed_and_kept_within_bounds(dialogue):
    assert "bullets = 5   (3 to 8 (or short, standard, long))" in await dialogue.say("settings")
    assert await dialogue.say("settings bullets short") == "bullets: 5 -> 3\n"
    assert "can be 3 to 8" in await dialogue.say("settings bullets 12")
    assert "There is no setting “colour”" in await dialogue.say("settings colour blue")
    brief = await dialogue.say(MUSEUM_URL)
    assert "\n3  " in brief
    assert "\n4  " not in brief


async def test_search_finds_articles_by_their_words(dialogue):
    await dialogue.say(PIER_URL)
    await dialogue.say(MUSEUM_URL)
    said = await dialogue.say("search bronze bell")
    assert "Museum returns bronze bell" in said
    assert "Old pier" not in said


async def test_export_carries_every_proof_and_no_full_text(dialogue):
    await dialogue.say(PIER_URL)
    said = await dialogue.say("export md")
    assert "- The pier at Wexcombe reopens on Friday" in said
    assert "> ¶1 The pier at Wexcombe will reopen" in said
    assert "Marion Ashdown" not in said


def may_spend(dialogue: Dialogue, budget: Budget) -> None:
    spending = Spending(
        store=dialogue.store,
        clock=dialogue.clock,
        telemetry=FakeTelemetry(),
        budget=budget,
        local=False,
    )
    dialogue.conversation = replace(dialogue.conversation, budget=budget, spending=spending)


async def test_usage_shows_this_channel_s_tokens_against_its_part(dialogue):
    may_spend(dialogue, Budget(a_day=100_000, a_channel=20_000))
    assert await dialogue.say("usage") == (
        "No model was asked in the last 30 days.\nToday: 0 of this channel's 20,000 tokens.\n"
    )
    today = dialogue.clock.now().date()
    for channel, day, model in (
        (CHANNEL, today, "small"),
        (CHANNEL, today - timedelta(days=29), "large"),
        (CHANNEL, today - timedelta(days=30), "too old"),
        (OTHER, today, "secret"),
    ):
        row = {"day": day, "purpose": Purpose.BRIEF, "model": model}
        async with dialogue.store.begin() as tx:
            await dialogue.store.reserve_tokens(
                tx, channel, **row, tokens=2_000, budget=Budget(a_day=10**6, a_channel=10**6)
            )
            await dialogue.store.settle_tokens(
                tx, channel, **row, reserved=1_990, used=Tokens(taken_in=1_200, written=90)
            )
    assert await dialogue.say("/usage") == (
        f"{today}  brief  small: 1 call, 1,200 tokens in, 90 out, 10 set aside\n"
        f"{today - timedelta(days=29)}  brief  large: 1 call, 1,200 tokens in, 90 out,"
        " 10 set aside\n"
        "Today: 1,300 of this channel's 20,000 tokens.\n"
    )


async def test_usage_without_a_budget_says_that_no_model_is_asked(dialogue):
    assert "No model is set up" in await dialogue.say("usage")
    may_spend(dialogue, Budget(a_day=0, a_channel=0))
    assert "No model is asked: its budget is 0 tokens a day." in await dialogue.say("usage")


async def test_help_lists_the_commands(dialogue):
    said = await dialogue.say("help")
    assert "proof [BULLET]" in said
    assert "doctor" not in said


async def test_why_tells_how_the_last_brief_came_about(dialogue):
    assert "Nothing was read yet" in await dialogue.say("why")
    await dialogue.say(PIER_URL)
    said = await dialogue.say("why")
    assert "Old pier" in said
    assert "publisher's own bullets" in said


async def test_an_unreadable_link_among_good_ones_spoils_nothing(dialogue):
    dialogue.pages.add(
        "https://gone.example/x",
        Reading(source="https://gone.example/x", verdict=Verdict.GONE, detail="404"),
    )
    said = await dialogue.say(f"{PIER_URL} https://gone.example/x {MUSEUM_URL}")
    assert "is gone (HTTP 404)" in said
    assert "Old pier" in said
    assert "Museum returns" in said


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.PRIVATE_ADDRESS, "BRIEFBOT_FETCH_ALLOW_HOSTS"),
        (Reason.MALFORMED_URL, "not a working web address"),
        (Reason.USER_INFO, "carries a user name or password"),
    ],
)
async def test_refusals_name_their_remedy(dialogue, reason, words):
    url = "https://user:secret@intern.example/x"
    dialogue.pages.add(url, Reading(source=url, verdict=Verdict.REFUSED, reason=reason))
    assert words in await dialogue.say(f"brief {url}")
