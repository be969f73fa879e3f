"""What people and the bot say to each other, in plain and in encrypted rooms.

Everybody but the bot refuses devices that nobody signed, as Element does: what they say reaches
the bot, and they see what it says, only because its device is signed.
"""

import pytest

from bot.model import Reading, Verdict
from tests.flows.articles import PIER
from tests.platforms.matrix.bot import MUSEUM_URL, PIER_URL, WALL_URL
from tests.platforms.matrix.talk import Talk

pytestmark = pytest.mark.synapse


either = pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])


@pytest.fixture
def encrypted():
    return True


@pytest.fixture
async def talk(encrypted, bot, people):
    """Give a room with two people and the bot."""
    async with Talk.begun(bot, people, encrypted=encrypted) as begun:
        yield begun
        begun.check()


@either
async def test_from_the_invitation_to_forgetting(talk):
    welcome = await talk.ann.sees(talk.room, "invited me")
    assert "!brief settings" in welcome.body
    assert welcome.msgtype == "m.notice"
    assert ("decrypted" in welcome.body) is talk.encrypted

    link = await talk.ann_says(f"Briefbot: {PIER_URL}", mentions=[talk.bot.user_id])
    brief = await talk.post_in(link)
    assert "• The pier at Wexcombe reopens on Friday" in brief.body
    assert brief.msgtype == "m.notice"
    assert brief.mentions == ()

    asked = await talk.bob.say(talk.room, "How much did the repairs cost?", thread=link)
    answer = await talk.post_in(link, after=brief)
    assert "2.4 million pounds" in answer.body
    assert answer.msgtype == "m.text"
    assert answer.mentions == (talk.bob.user_id,)
    assert asked

    await talk.ann.say(talk.room, "Who said that the ferry would return?", thread=link)
    other = await talk.post_in(link, after=answer)
    assert "Idris Penn" in other.body
    assert other.mentions == (talk.ann.user_id,)

    forgotten = await talk.ann_says("!brief forget 1")
    assert "Erased: 1 posted article" in (await talk.post_in(forgotten)).body
    await talk.gone(brief)
    again = await talk.ann_says("!brief list")
    assert "Nothing was briefed yet" in (await talk.post_in(again)).body


@either
async def test_another_link_in_place_of_the_first_has_another_brief(talk):
    link = await talk.ann_says(f"!brief {PIER_URL}")
    first = await talk.post_in(link)
    await talk.ann.edit(link, f"!brief {MUSEUM_URL}")
    second = await talk.post_in(link, after=first)
    assert "museum" in second.body.lower()
    await talk.gone(first)
    assert [one.event_id for one in talk.ours_in(link)] == [second.event_id]


async def test_a_deleted_link_takes_its_brief_with_it(talk):
    link = await talk.ann_says(f"!brief {PIER_URL}")
    brief = await talk.post_in(link)
    await talk.ann.redact(link)
    await talk.gone(brief)
    listed = await talk.ann_says("!brief list")
    assert "Nothing was briefed yet" in (await talk.post_in(listed)).body


async def test_reactions_are_the_controls(talk):
    link = await talk.ann_says(f"Somebody should read {PIER_URL}")
    await talk.bob.react(link, "📰")
    brief = await talk.post_in(link)
    await talk.bob.react(brief.event_id, "🔍")
    proof = await talk.post_in(link, after=brief)
    assert "¶1" in proof.body
    assert "Checked: names, numbers, quotes" in proof.body or "word for word" in proof.body
    await talk.bob.react(brief.event_id, "🗑️")  # of what ann posted
    refused = await talk.post_in(link, after=proof)
    assert "Only whoever posted the link" in refused.body
    await talk.ann.react(brief.event_id, "🗑️")
    await talk.gone(brief)


@either
async def test_missed_while_it_was_away(talk):
    """Thirty messages at once: more than a sync brings, so the gap is filled."""
    await talk.settled("mode automatic")
    for number in range(4):
        talk.bot.pages.add(
            f"{PIER_URL}/{number}",
            Reading(source=PIER_URL, verdict=Verdict.ARTICLE, article=PIER),
        )
    await talk.bot.stop()
    links = [
        await talk.ann.say(talk.room, f"Number {number}: {PIER_URL}/{number}")
        for number in range(4)
    ]
    for number in range(60):
        await talk.bob.say(talk.room, f"Chatter {number}")
    links += [await talk.bob.say(talk.room, f"Last: {MUSEUM_URL}")]
    await talk.bot.start()
    for link in links:
        assert await talk.post_in(link)
    for link in links:
        assert len(talk.ours_in(link)) == 1
    question = await talk.bob.say(talk.room, "What did the repairs cost?", thread=links[0])
    assert question
    await talk.post_in(links[0], after=talk.ours_in(links[0])[0])


async def test_settings_by_command_and_who_may(talk):
    bold = await talk.bob.say(talk.room, "!brief settings mode automatic")
    assert "Only those who look after" in (await talk.post_in(bold)).body
    quieter = await talk.bob.say(talk.room, "!brief settings mode mention")
    assert "mode" in (await talk.post_in(quieter)).body
    await talk.ann.set_power(talk.room, talk.bob.user_id, 50)
    bold = await talk.bob.say(talk.room, "!brief settings mode automatic")
    assert "automatic" in (await talk.post_in(bold)).body
    link = await talk.ann.say(talk.room, f"Look at this {PIER_URL}")
    assert "Wexcombe" in (await talk.post_in(link)).body


async def test_what_cannot_be_read_and_what_is_mistyped(talk):
    link = await talk.ann_says(f"!brief {WALL_URL}")
    refused = await talk.post_in(link)
    assert "cookie" in refused.body
    assert refused.mentions == (talk.ann.user_id,)
    typo = await talk.ann_says("!brief lst")
    assert "Did you mean “!brief list”?" in (await talk.post_in(typo)).body


async def test_a_file_is_briefed(talk):
    text = "\n\n".join(
        f"The lighthouse at Cape Sample reopened on Monday after {years} years of repairs, and its "
        f"keeper said that {years} ships had already greeted it with their horns."
        for years in (12, 13, 14, 15)
    )
    file = await talk.ann.send_file(talk.room, "lighthouse.txt", "text/plain", text.encode())
    await talk.bob.react(file, "📰")
    brief = await talk.post_in(file)
    assert "lighthouse" in brief.body


async def test_alone_with_somebody_no_prefix_is_needed(bot, people):
    ann = await people("ann", strict=True)
    room = await ann.create_room(encrypted=True, invite=[bot.user_id], direct=True)
    await ann.sees_member(room, bot.user_id)
    await ann.sees(room, "invited me")
    link = await ann.say(room, PIER_URL)
    brief = await ann.sees(room, lambda one: one.thread == link and "Wexcombe" in one.body)
    asked = await ann.say(room, "list")
    await ann.sees(room, lambda one: one.thread == asked and "Old pier" in one.body)
    question = await ann.say(room, "How much did the repairs cost?")
    await ann.sees(room, lambda one: one.thread == question and "2.4 million" in one.body)
    assert brief.mentions == ()
