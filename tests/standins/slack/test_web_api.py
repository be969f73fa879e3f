"""The Web API, spoken to by Slack's own client: what it does and what it refuses."""

from __future__ import annotations

import json

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.standins.slack import SCOPES, SlackServer
from tests.standins.slack.methods import METHODS
from tests.standins.slack.server import HANDLERS
from tests.standins.slack.talking import error, refused

META = {"event_type": "brief", "event_payload": {"key": "k1"}}


async def test_who_the_token_is(slack, client):
    found = await client.auth_test()
    assert (found["user_id"], found["bot_id"]) == (slack.place.bot_user, slack.place.bot_id)
    assert "chat:write" in found.headers["x-oauth-scopes"].split(",")


def test_every_method_of_the_table_is_served():
    assert set(HANDLERS) == set(METHODS)


async def test_arguments_come_by_query_form_and_json_by_get_and_post(slack):
    sent = {"channel": "C0GENERAL", "text": "hi", "blocks": [{"type": "divider"}]}
    flat = {**sent, "blocks": json.dumps(sent["blocks"])}
    bearer = {"Authorization": f"Bearer {slack.bot_token}"}
    token = {"token": slack.bot_token}
    address = f"{slack.url}chat.postMessage"
    ways = (
        {"method": "GET", "params": flat, "headers": bearer},
        {"method": "GET", "params": {**flat, **token}},
        {"method": "POST", "data": flat, "headers": bearer},
        {"method": "POST", "data": {**flat, **token}},
        {"method": "POST", "json": sent, "headers": bearer},
    )
    async with aiohttp.ClientSession() as session:
        for way in ways:
            async with session.request(url=address, **way) as answer:
                found = await answer.json()
                assert found["ok"], found
                assert found["message"]["blocks"][0]["type"] == "divider"
        async with session.post(address, data=b"[]", headers={**bearer, **_JSON}) as answer:
            assert (await answer.json())["error"] == "invalid_form_data"
    assert [one.outcome for one in slack.calls] == ["ok"] * 5 + ["invalid_form_data"]


_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("", "not_authed"),
        ("xoxb-other", "invalid_auth"),
        ("xapp-stand-in", "not_allowed_token_type"),
    ],
)
async def test_a_wrong_token_is_refused(slack, token, name):
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with session.post(f"{slack.url}auth.test", headers=headers) as answer:
            assert (await answer.json())["error"] == name


async def test_after_uninstalling_the_tokens_are_revoked(slack, client):
    slack.uninstalls()
    assert await error(client.auth_test()) == "token_revoked"


async def test_a_missing_scope_is_named():
    async with SlackServer(scopes=SCOPES - {"reactions:write"}) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.url)
        ts = slack.says("ada", "general", "hi")
        found = await refused(client.reactions_add(channel="C0GENERAL", name="eyes", timestamp=ts))
        assert (found["error"], found["needed"]) == ("missing_scope", "reactions:write")
        assert "chat:write" in found["provided"]
        assert await error(client.conversations_open(users="U0ADA")) == "missing_scope"
        assert await error(client.users_info(user="U0ADA")) == "missing_scope"
        listed = client.conversations_list(types="public_channel,private_channel")
        assert await error(listed) == "missing_scope"


async def test_only_our_own_messages_can_be_changed(slack, client):
    ts = slack.says("ada", "general", "hi")
    assert (
        await error(client.chat_update(channel="C0GENERAL", ts=ts, text="x"))
        == "cant_update_message"
    )
    assert await error(client.chat_delete(channel="C0GENERAL", ts=ts)) == "cant_delete_message"


async def test_a_post_is_seen_and_found_by_its_metadata(slack, client):
    asked = slack.says("ada", "general", "look at https://a.example/x?a=1&b=2")
    made = await client.chat_postMessage(
        channel="C0GENERAL", thread_ts=asked, text="hello", metadata=META, unfurl_links=False
    )
    found = await client.conversations_replies(
        channel="C0GENERAL", ts=asked, include_all_metadata=True
    )
    assert [one["ts"] for one in found["messages"]] == [asked, made["ts"]]
    assert found["messages"][0]["reply_count"] == 1
    assert found["messages"][1]["metadata"] == META
    assert found["messages"][0]["text"] == "look at <https://a.example/x?a=1&amp;b=2>"
    assert slack.transcript("general") == [
        "ada: look at https://a.example/x?a=1&b=2",
        "  briefbot: hello",
    ]
    without = await client.conversations_replies(channel="C0GENERAL", ts=asked)
    assert "metadata" not in without["messages"][1]


async def test_an_update_replaces_the_blocks_and_keeps_the_metadata(slack, client):
    section = [{"type": "section", "text": {"type": "mrkdwn", "text": "one"}}]
    made = await client.chat_postMessage(
        channel="C0GENERAL", text="one", blocks=section, metadata=META
    )
    await client.chat_update(channel="C0GENERAL", ts=made["ts"], text="two")
    assert slack.transcript("general") == ["briefbot: two (edited)"]
    found = await client.conversations_history(channel="C0GENERAL", include_all_metadata=True)
    assert found["messages"][0]["metadata"] == META
    assert "blocks" not in found["messages"][0]
    await client.chat_delete(channel="C0GENERAL", ts=made["ts"])
    assert slack.messages("general") == []


async def test_an_update_with_blocks_does_not_show_as_edited(slack, client):
    made = await client.chat_postMessage(channel="C0GENERAL", text="one")
    divider = [{"type": "divider"}]
    await client.chat_update(channel="C0GENERAL", ts=made["ts"], text="two", blocks=divider)
    assert slack.transcript("general") == ["briefbot: ---"]


async def test_history_is_paged_and_bounded(slack, client):
    said = [slack.says("ada", "general", f"m{number}") for number in range(5)]
    first = await client.conversations_history(channel="C0GENERAL", limit=2)
    assert [one["text"] for one in first["messages"]] == ["m4", "m3"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel="C0GENERAL", limit=2, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["m2", "m1"]
    one = {"channel": "C0GENERAL", "oldest": said[1], "latest": said[3]}
    between = await client.conversations_history(**one)
    assert [found["text"] for found in between["messages"]] == ["m2"]
    between = await client.conversations_history(**one, inclusive=True)
    assert [found["text"] for found in between["messages"]] == ["m3", "m2", "m1"]


async def test_the_pages_of_a_thread_each_begin_with_its_first_message(slack, client):
    top = slack.says("ada", "general", "top")
    for number in range(3):
        slack.says("bob", "general", f"r{number}", thread=top)
    asked = {"channel": "C0GENERAL", "ts": top, "limit": 2}
    first = await client.conversations_replies(**asked)
    assert [one["text"] for one in first["messages"]] == ["top", "r0", "r1"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_replies(**asked, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["top", "r2"]
    assert not second["has_more"]


async def test_reactions(slack, client):
    ts = slack.says("ada", "general", "hi")
    where = {"channel": "C0GENERAL", "name": "eyes", "timestamp": ts}
    await client.reactions_add(**where)
    assert await error(client.reactions_add(**where)) == "already_reacted"
    assert slack.transcript("general")[1] == "  :eyes: briefbot"
    found = await client.reactions_get(channel="C0GENERAL", timestamp=ts)
    assert found["message"]["reactions"] == [
        {"name": "eyes", "users": [slack.place.bot_user], "count": 1}
    ]
    await client.reactions_remove(**where)
    assert await error(client.reactions_remove(**where)) == "no_reaction"


async def test_channels_are_listed_as_far_as_the_bot_may_know(slack, client):
    slack.place.add_channel("secret", members=("ada",), kind="private")
    slack.place.add_channel("partners", members=("ada", "briefbot"), is_ext_shared=True)
    kinds = "public_channel,private_channel"
    found = await client.conversations_list(types=kinds)
    assert [one["name"] for one in found["channels"]] == ["general", "random", "partners"]
    found = await client.users_conversations(user="U0ADA", types=kinds)
    assert [one["is_member"] for one in found["channels"]] == [True, False, True]
    found = await client.conversations_info(channel="C0PARTNERS", include_num_members=True)
    assert found["channel"]["is_ext_shared"]
    assert found["channel"]["num_members"] == 2
    found = await client.conversations_members(channel="C0GENERAL")
    assert found["members"] == ["U0ADA", "U0BOB", "U0BRIEF"]
    assert await error(client.conversations_info(channel="C0SECRET")) == "channel_not_found"


async def test_a_dm_is_opened_and_spoken_in(slack, client):
    opened = await client.conversations_open(users="U0BOB")
    await client.chat_postMessage(channel=opened["channel"]["id"], text="your digest")
    assert slack.transcript("bob") == ["briefbot: your digest"]
    found = await client.users_info(user="U0BOB")
    assert found["user"]["tz"] == "America/New_York"


async def test_an_ephemeral_message_is_seen_by_one(slack, client):
    await client.chat_postEphemeral(channel="C0GENERAL", user="U0ADA", text="psst")
    assert slack.transcript("general") == ["briefbot (only to U0ADA): psst"]
    assert slack.messages("general", ephemeral=False) == []
    (one,) = slack.messages("general")
    update = client.chat_update(channel="C0GENERAL", ts=one.ts, text="x")
    assert await error(update) == "message_not_found"
    found = await client.conversations_history(channel="C0GENERAL")
    assert found["messages"] == []


async def test_a_permalink(slack, client):
    top = slack.says("ada", "general", "top")
    ts = slack.says("bob", "general", "reply", thread=top)
    found = await client.chat_getPermalink(channel="C0GENERAL", message_ts=ts)
    assert found["permalink"].startswith("https://marlow.slack.com/archives/C0GENERAL/p")
    assert f"?thread_ts={top}" in found["permalink"]


async def test_posts_come_one_a_second_and_channel():
    async with SlackServer(pace=600) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.url)
        await client.chat_postMessage(channel="C0GENERAL", text="one")
        await client.chat_postEphemeral(channel="C0GENERAL", user="U0ADA", text="apart")
        await client.chat_postMessage(channel="U0ADA", text="elsewhere")
        found = await refused(client.chat_postMessage(channel="C0GENERAL", text="two"))
        assert (found.status_code, found["error"]) == (429, "ratelimited")
        assert 1 <= int(found.headers["Retry-After"]) <= 600
        slack.pace.seconds = 0
        await client.chat_postMessage(channel="C0GENERAL", text="two")
        assert [one.text for one in slack.messages("general", ephemeral=False)] == ["one", "two"]


async def test_history_is_scarce_for_apps_sold_elsewhere():
    async with SlackServer(history_pace=600) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.url)
        for number in range(20):
            slack.says("ada", "general", f"m{number}")
        found = await client.conversations_history(channel="C0GENERAL", limit=100)
        assert len(found["messages"]) == 15
        again = await refused(client.conversations_history(channel="C0GENERAL"))
        assert again.status_code == 429


async def test_a_file_is_handed_to_the_token_only(slack, client):
    file = slack.place.add_file("minutes.txt", b"the minutes")
    ts = slack.says("ada", "general", "see", files=[file.id])
    found = await client.files_info(file=file.id)
    address = found["file"]["url_private"]
    assert slack.seen("general", ts) == ["ada: see", "  [file minutes.txt]"]
    async with aiohttp.ClientSession() as session:
        bearer = {"Authorization": f"Bearer {slack.bot_token}"}
        for path in ("url_private", "url_private_download"):
            async with session.get(found["file"][path], headers=bearer) as answer:
                assert await answer.read() == b"the minutes"
        async with session.get(address) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")


async def test_statuses_can_be_off(slack, client):
    top = slack.says("ada", "general", "top")
    where = {"channel_id": "C0GENERAL", "thread_ts": top}
    await client.assistant_threads_setStatus(**where, status="is reading")
    session = {**where, "status": "processing"}
    await client.api_call("agents.sessions.setStatus", json=session)
    assert slack.statuses == [
        ("C0GENERAL", top, "is reading"),
        ("C0GENERAL", top, "processing"),
    ]
    slack.faults.statuses = False
    assert await error(client.assistant_threads_setStatus(**where, status="x")) == "no_permission"
    call = client.api_call("agents.sessions.setStatus", json=session)
    assert await error(call) == "feature_disabled"


async def test_what_a_bot_ought_not_to_do_is_complained_of(slack, client):
    post = {"channel": "C0GENERAL"}
    await client.chat_postMessage(**post, text="x" * 3001)
    await client.chat_postMessage(**post, text="x", thread_ts="1700000000.000001")
    await client.api_call("chat.postMessage", json={**post, "blocks": [{"type": "divider"}]})
    assert [one.split(" ")[0] for one in slack.complaints] == ["text", "reply", "blocks"]
    assert [one.thread for one in slack.messages("general")] == [None] * 3
    slack.complaints.clear()
    await client.chat_postMessage(**post, text="a < b")
    await client.chat_postMessage(**post, text="R&D")
    await client.chat_postMessage(**post, text="a &lt; b <@U0ADA> <https://a.example/?a=1&b=2|x>")
    assert slack.complaints == ["not escaped: a < b", "not escaped: R&D"]
