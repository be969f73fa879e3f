"""The Web API, spoken to by Slack's own client."""

import pytest
from slack_sdk.errors import SlackApiError


async def refused(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def test_who_the_token_is(slack, client):
    found = await client.auth_test()
    assert (found["user_id"], found["bot_id"]) == (slack.place.bot_user, slack.place.bot_id)
    assert "chat:write" in found.headers["x-oauth-scopes"].split(",")


async def test_a_post_is_seen_and_found_by_its_metadata(slack, client):
    asked = slack.says("ada", "general", "look at https://a.example/x?a=1&b=2")
    meta = {"event_type": "brief", "event_payload": {"key": "k1"}}
    made = await client.chat_postMessage(
        channel="C0GENERAL", thread_ts=asked, text="hello", metadata=meta, unfurl_links=False
    )
    found = await client.conversations_replies(
        channel="C0GENERAL", ts=asked, include_all_metadata=True
    )
    assert [one["ts"] for one in found["messages"]] == [asked, made["ts"]]
    assert found["messages"][1]["metadata"] == meta
    assert found["messages"][0]["text"] == "look at <https://a.example/x?a=1&amp;b=2>"
    assert slack.transcript("general") == [
        "ada: look at https://a.example/x?a=1&b=2",
        "  briefbot: hello",
    ]
    without = await client.conversations_replies(channel="C0GENERAL", ts=asked)
    assert "metadata" not in without["messages"][1]


async def test_reactions(slack, client):
    ts = slack.says("ada", "general", "hi")
    await client.reactions_add(channel="C0GENERAL", name="eyes", timestamp=ts)
    again = client.reactions_add(channel="C0GENERAL", name="eyes", timestamp=ts)
    assert (await refused(again))["error"] == "already_reacted"
    assert slack.transcript("general")[1] == "  :eyes: briefbot"
    await client.reactions_remove(channel="C0GENERAL", name="eyes", timestamp=ts)
    again = client.reactions_remove(channel="C0GENERAL", name="eyes", timestamp=ts)
    assert (await refused(again))["error"] == "no_reaction"
