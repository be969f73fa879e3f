"""What stands under a brief, and what comes of pressing it."""

import pytest

from tests.platforms.slack.bot import MUSEUM_URL, PIER_BULLET, PIER_URL

GONE = "That brief is no longer kept, so there is nothing to show. Brief the link again."


@pytest.fixture
async def briefed(bot):
    """Give the bot in a channel with one brief, of a link that ada posted."""
    await bot.founds("news")
    bot.root = await bot.says("ada", PIER_URL, "news")
    await bot.reacts("bob", bot.root, "news")
    return bot


async def test_proof(briefed):
    await briefed.presses("bob", "proof", "news")
    lines = briefed.dialog("bob").splitlines()
    assert lines[:3] == [
        "== Proof",
        "Old pier at Wexcombe to reopen after storm repairs",
        "Proof of bullet 1 of 2",
    ]
    assert any(PIER_BULLET in line for line in lines)
    assert any(line.startswith("> ¶1") for line in lines)
    assert "Proof of bullet 2 of 2" in lines


async def test_shorter_and_longer(briefed):
    (brief,) = briefed.thread(briefed.root, "news")
    assert brief.count("•") == 2
    await briefed.presses("bob", "shorter", "news")
    (brief,) = briefed.thread(briefed.root, "news")
    assert brief.count("•") == 3
    assert "Sentences of the article." in brief
    await briefed.presses("bob", "longer", "news")
    (brief,) = briefed.thread(briefed.root, "news")
    assert brief.count("•") > 3
    assert briefed.told("bob", "news") == []
    await briefed.presses("bob", "proof", "news")
    assert f"of {brief.count('•')}" in briefed.dialog("bob")


async def test_shorter_when_the_text_is_no_longer_kept(briefed):
    await briefed.settles("ada", "article_days 1", "news")
    await briefed.store.expire(briefed.later(days=2))
    await briefed.presses("bob", "shorter", "news")
    (told,) = briefed.told("bob", "news")
    assert told.startswith("The text of that article is no longer kept; its brief is.")


async def test_wrong(briefed):
    await briefed.presses("bob", "more", "news", option="Wrong?")
    assert briefed.dialog("bob").startswith("== What is wrong?")
    assert await briefed.submits("bob", bullet="1", why="It is <!here> & *never* <@U0ADA>") == []
    (brief,) = briefed.thread(briefed.root, "news")
    assert "@bob says that bullet 1 is wrong: It is <!here> & ∗never∗ <＠U0ADA>" in brief
    await briefed.presses("ada", "more", "news", option="Wrong?")
    await briefed.submits("ada", bullet="2", why="Not so")
    (brief,) = briefed.thread(briefed.root, "news")
    assert "@ada says that bullet 2 is wrong: Not so" in brief
    await briefed.presses("ada", "more", "news", option="Wrong?")
    assert "Every bullet of this brief is struck already." in briefed.dialog("ada")


async def test_a_struck_bullet_is_struck_in_the_export(briefed):
    await briefed.presses("bob", "more", "news", option="Wrong?")
    await briefed.submits("bob", bullet="2", why="It was twelve")
    exported = "\n".join(await briefed.types("ada", "export", "news"))
    assert "~~ It was twelve" in exported


async def test_strikes_do_not_outlive_another_length(briefed):
    await briefed.presses("bob", "more", "news", option="Wrong?")
    await briefed.submits("bob", bullet="1", why="Not Friday")
    await briefed.presses("bob", "shorter", "news")
    (brief,) = briefed.thread(briefed.root, "news")
    assert "says that bullet 1 is wrong" not in brief


async def test_delete_by_whoever_posted_the_link(briefed):
    await briefed.presses("bob", "more", "news", option="Delete")
    (told,) = briefed.told("bob", "news")
    assert told.startswith("Only whoever posted the link, or somebody who looks after")
    await briefed.presses("ada", "more", "news", option="Delete")
    assert briefed.thread(briefed.root, "news") == []
    assert await briefed.types("ada", "list", "news") == ["Nothing was briefed yet."]


async def test_delete_by_a_keeper(bot):
    await bot.founds("news", by="bob")
    ts = await bot.says("ada", f"@briefbot {PIER_URL}", "news")
    await bot.presses("bob", "more", "news", option="Delete")
    assert bot.thread(ts, "news") == []


async def test_briefed_again_after_it_was_deleted(briefed):
    await briefed.presses("ada", "more", "news", option="Delete")
    await briefed.reacts("ada", briefed.root, "news")
    assert PIER_BULLET in briefed.thread(briefed.root, "news")[0]


async def test_why(briefed):
    await briefed.presses("bob", "more", "news", option="Why this brief?")
    lines = briefed.dialog("bob").splitlines()
    assert lines[0] == "== Why this brief"
    assert lines[2].startswith("@ada posted the link on ")
    assert lines[3] == "These are the publisher's own bullets, word for word."


async def test_forgetting_a_link_takes_its_brief_away(briefed):
    receipt = (await briefed.types("ada", "forget 1", "news"))[-1]
    assert receipt.startswith("Erased: 1 posted article, 1 brief.")
    assert "1 post of mine about it taken away" in receipt
    assert briefed.thread(briefed.root, "news") == []


async def gone(bot):
    """Have what is kept of the brief go, as it does with time, and its post stay."""
    await bot.store.forget(bot.place("news"), [1])


@pytest.mark.parametrize("option", ["Wrong?", "Why this brief?"])
async def test_an_old_menu_after_the_brief_was_forgotten(briefed, option):
    await gone(briefed)
    post = briefed.posts("news")[-1].ts
    await briefed.presses("bob", "more", "news", post, option)
    assert GONE in briefed.dialog("bob")


@pytest.mark.parametrize("control", ["proof", "shorter", "longer"])
async def test_an_old_button_after_the_brief_was_forgotten(briefed, control):
    await gone(briefed)
    await briefed.presses("bob", control, "news")
    if control == "proof":
        assert GONE in briefed.dialog("bob")
    else:
        assert briefed.told("bob", "news") == [GONE]


async def test_delete_after_the_brief_was_forgotten(briefed):
    await gone(briefed)
    await briefed.presses("bob", "more", "news", option="Delete")
    assert briefed.told("bob", "news")[0].startswith("Only whoever posted the link")
    await briefed.presses("ada", "more", "news", option="Delete")
    assert briefed.thread(briefed.root, "news") == []


async def test_a_control_of_a_version_that_is_gone(briefed):
    message = briefed.posts("news")[-1]
    for block in message.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == "briefbot:shorter":
                element["action_id"] = "briefbot:translate"
    await briefed.presses("bob", "translate", "news")
    (told,) = briefed.told("bob", "news")
    assert told.startswith("That button is of another version of mine")


async def test_two_links_have_their_own_controls(bot):
    await bot.founds("news")
    ts = await bot.says("ada", f"@briefbot {PIER_URL} {MUSEUM_URL}", "news")
    await bot.presses("bob", "proof:2", "news")
    assert "Museum returns bronze bell" in bot.dialog("bob")
    await bot.presses("bob", "shorter:2", "news")
    (brief,) = bot.thread(ts, "news")
    assert PIER_BULLET in brief  # the other one is as it was
    await bot.presses("ada", "more:2", "news", option="Delete")
    assert bot.thread(ts, "news") == []


async def test_pressed_twice_at_the_same_time(briefed):
    post = briefed.posts("news")[-1].ts
    for _ in range(3):
        briefed.slack.presses("bob", "news", post, "briefbot:longer")
        briefed.slack.presses("ada", "news", post, "briefbot:shorter")
    await briefed.idle()
    assert len(briefed.thread(briefed.root, "news")) == 1


async def test_shorter_after_the_post_was_deleted_by_hand(briefed):
    post = briefed.posts("news")[-1]
    briefed.slack.faults.refuse("chat.update", "message_not_found")
    await briefed.presses("bob", "shorter", "news", post.ts)
    assert briefed.thread(briefed.root, "news") != []
