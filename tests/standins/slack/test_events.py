"""The events that the app is told, held to the payloads that Slack prints in its documentation."""

from __future__ import annotations

import pytest

from tests.standins.slack import SCOPES, Impossible, SlackServer

WRAPPED = {
    "token": "verification-token",
    "team_id": "T0TEAM",
    "context_team_id": "T0TEAM",
    "context_enterprise_id": None,
    "api_app_id": "A0BRIEF",
    "type": "event_callback",
    "authorizations": [
        {
            "enterprise_id": None,
            "team_id": "T0TEAM",
            "user_id": "U0BRIEF",
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ],
    "is_ext_shared_channel": False,
    "event_context": "4-message-T0TEAM-C0GENERAL",
}


def told(slack):
    return [one.payload["event"] for one in slack.deliveries.all]


def kinds(slack):
    return [one.get("subtype") or one["type"] for one in told(slack)]


async def test_a_message_as_slack_wraps_it(slack):
    ts = slack.says("ada", "general", "see https://a.example/x?a=1&b=2 <now>")
    (one,) = slack.deliveries.all
    payload = one.payload
    event = payload.pop("event")
    assert payload.pop("event_id").startswith("Ev")
    assert payload.pop("event_time") == int(float(ts))
    assert payload == WRAPPED
    assert event.pop("client_msg_id")
    (block,) = event.pop("blocks")
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "see "},
        {"type": "link", "url": "https://a.example/x?a=1&b=2"},
        {"type": "text", "text": " <now>"},
    ]
    assert event == {
        "type": "message",
        "text": "see <https://a.example/x?a=1&amp;b=2> &lt;now&gt;",
        "user": "U0ADA",
        "ts": ts,
        "team": "T0TEAM",
        "channel": "C0GENERAL",
        "event_ts": ts,
        "channel_type": "channel",
    }


async def test_a_mention_comes_twice_but_not_in_a_dm(slack):
    slack.says("ada", "general", "@briefbot hi")
    first, second = told(slack)
    assert (first["type"], second["type"]) == ("message", "app_mention")
    assert first["ts"] == second["ts"]
    assert "channel_type" not in second
    slack.says("ada", "ada", "@briefbot hi")
    assert told(slack)[2:][0]["channel_type"] == "im"
    assert len(told(slack)) == 3


async def test_a_reply_names_its_thread(slack):
    top = slack.says("ada", "general", "top")
    slack.says("bob", "general", "reply", thread=top)
    assert told(slack)[1]["thread_ts"] == top
    assert told(slack)[1]["parent_user_id"] == "U0ADA"


async def test_an_edit_has_what_was_and_what_is(slack):
    ts = slack.says("ada", "general", "one")
    slack.edits("general", ts, "two")
    event = told(slack)[1]
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("one", "two")
    assert event["message"]["edited"]["user"] == "U0ADA"
    assert event["message"]["ts"] == ts != event["ts"]
    slack.unfurls("general", ts, "https://a.example")
    event = told(slack)[2]
    assert event["subtype"] == "message_changed"
    assert event["message"]["edited"] == event["previous_message"]["edited"]


async def test_a_deletion(slack):
    ts = slack.says("ada", "general", "one")
    slack.deletes("general", ts)
    event = told(slack)[1]
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", ts)
    assert event["previous_message"]["text"] == "one"


async def test_the_first_message_of_a_thread_leaves_a_tombstone(slack, client):
    top = slack.says("ada", "general", "https://a.example")
    made = await client.chat_postMessage(channel="C0GENERAL", thread_ts=top, text="brief")
    slack.deletes("general", top)
    event = told(slack)[-1]
    assert event["subtype"] == "message_changed"
    assert event["message"]["subtype"] == "tombstone"
    assert event["message"]["user"] == "USLACKBOT"
    assert event["previous_message"]["user"] == "U0ADA"
    assert slack.transcript("general") == [
        "USLACKBOT: This message was deleted.",
        "  briefbot: brief",
    ]
    await client.chat_delete(channel="C0GENERAL", ts=made["ts"])
    assert kinds(slack)[-2:] == ["message_deleted", "message_deleted"]
    assert told(slack)[-1]["previous_message"]["subtype"] == "tombstone"
    assert slack.transcript("general") == []


async def test_our_own_posts_edits_and_deletions_come_back(slack, client):
    made = await client.chat_postMessage(channel="C0GENERAL", text="one")
    await client.chat_update(channel="C0GENERAL", ts=made["ts"], text="two")
    await client.chat_delete(channel="C0GENERAL", ts=made["ts"])
    assert kinds(slack) == ["message", "message_changed", "message_deleted"]
    own = (told(slack)[0], told(slack)[1]["message"], told(slack)[2]["previous_message"])
    assert {(one["bot_id"], one["app_id"]) for one in own} == {("B0BRIEF", "A0BRIEF")}
    await client.chat_postEphemeral(channel="C0GENERAL", user="U0ADA", text="psst")
    assert len(told(slack)) == 3


async def test_other_bots_files_and_reactions(slack):
    slack.says("feeds", "general", "news", bot=True)
    file = slack.place.add_file("a.pdf", b"%PDF", mimetype="application/pdf")
    ts = slack.says("ada", "general", "see", files=[file.id, ("b.txt", b"text")])
    slack.reacts("bob", "general", ts, ":eyes:")
    bot, shared, reacted = told(slack)
    assert (bot["subtype"], bot["username"]) == ("bot_message", "feeds")
    assert "user" not in bot
    assert shared["subtype"] == "file_share"
    assert shared["files"][0]["url_private"].startswith(slack.root)
    assert [one["name"] for one in shared["files"]] == ["a.pdf", "b.txt"]
    assert reacted["item"] == {"type": "message", "channel": "C0GENERAL", "ts": ts}
    assert (reacted["user"], reacted["item_user"]) == ("U0BOB", "U0ADA")


async def test_the_bot_hears_only_where_it_is(slack):
    slack.says("ada", "random", "@briefbot hello")
    assert told(slack) == []
    slack.invites("ada", "random")
    assert told(slack)[0]["inviter"] == "U0ADA"
    slack.says("ada", "random", "hello")
    slack.kicks("random")
    slack.says("ada", "random", "bye")
    assert kinds(slack) == [
        "member_joined_channel",
        "channel_join",
        "message",
        "member_left_channel",
    ]
    assert slack.transcript("random") == [
        "ada: @briefbot hello",
        "-- briefbot has joined the channel",
        "ada: hello",
        "ada: bye",
    ]


async def test_nothing_comes_without_its_scope_or_subscription():
    subscribed = ("message.channels", "message.groups", "reaction_removed")
    async with SlackServer(scopes=SCOPES, subscribed=subscribed) as slack:
        slack.place.add_channel("secret", members=("ada", "briefbot"), kind="private")
        slack.says("ada", "secret", "hi")
        ts = slack.says("ada", "general", "@briefbot hi")
        slack.reacts("ada", "general", ts, "eyes")
        slack.unreacts("ada", "general", ts, "eyes")
        assert kinds(slack) == ["message", "reaction_removed"]


async def test_a_shared_channel_says_so(slack):
    slack.place.add_user("carol", team="T0OTHER")
    slack.place.add_channel("partners", members=("carol", "briefbot"), is_ext_shared=True)
    slack.says("carol", "partners", "hi")
    assert slack.deliveries.all[0].payload["is_ext_shared_channel"]
    assert slack.deliveries.all[0].payload["team_id"] == "T0TEAM"
    assert (told(slack)[0]["team"], told(slack)[0]["user_team"]) == ("T0OTHER", "T0OTHER")


async def test_an_uninstalled_app_is_told_and_no_more(slack):
    slack.uninstalls()
    slack.says("ada", "general", "hi")
    assert kinds(slack) == ["tokens_revoked", "app_uninstalled"]


async def test_a_session_is_stopped(slack, client):
    top = slack.says("ada", "general", "hi")
    with pytest.raises(Impossible):
        slack.stops("ada", "general", top)
    session = {"channel_id": "C0GENERAL", "thread_ts": top, "status": "processing"}
    await client.api_call("agents.sessions.setStatus", json=session)
    slack.stops("ada", "general", top)
    assert told(slack)[-1]["thread_ts"] == top


async def test_what_nobody_can_do_is_refused(slack):
    ts = slack.says("ada", "general", "hi")
    slack.place.add_user("eve")
    for impossible in (
        lambda: slack.says("eve", "general", "hi"),
        lambda: slack.says("mallory", "general", "hi"),
        lambda: slack.says("ada", "general", "hi", thread="1.1"),
        lambda: slack.edits("general", "1.1", "x"),
        lambda: slack.unreacts("ada", "general", ts, "eyes"),
        lambda: slack.presses("ada", "general", ts, "proof"),
        lambda: slack.submits("ada", "V1", {}),
    ):
        with pytest.raises(Impossible):
            impossible()


@pytest.mark.parametrize(
    ("typed", "text", "parts"),
    [
        ("a & b", "a &amp; b", ["text"]),
        ("@ada @nobody", "<@U0ADA> @nobody", ["user", "text"]),
        ("<@U0ADA> <!here>", "<@U0ADA> <!here>", ["user", "text", "broadcast"]),
        ("(https://a.example/b).", "(<https://a.example/b>).", ["text", "link", "text"]),
        ("<https://a.example|x & y>", "<https://a.example|x &amp; y>", ["link"]),
        ("", "", []),
    ],
)
async def test_what_is_typed_is_understood(slack, typed, text, parts):
    ts = slack.says("ada", "general", typed)
    one = slack.place.message("general", ts)
    assert one.text == text
    found = [part["type"] for part in one.blocks[0]["elements"][0]["elements"]] if parts else []
    assert found == parts
