"""What Slack refuses by name, the stand-in refuses by the same name."""

from __future__ import annotations

import pytest

from tests.standins.slack.talking import error

HERE, AT = {"channel": "C0GENERAL"}, {"channel_id": "C0GENERAL"}
TEXT, TS = {**HERE, "text": "x"}, "1700000000.000001"
META = {"event_type": "brief", "event_payload": {}}


@pytest.mark.parametrize(
    ("method", "arguments", "name"),
    [
        ("chat.nothing", {}, "unknown_method"),
        ("chat.postMessage", {**TEXT, "as_user": True}, "invalid_arguments"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
        ("chat.postMessage", {**HERE, "text": " "}, "no_text"),
        ("chat.postMessage", HERE, "no_text"),
        ("chat.postMessage", {**HERE, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {**TEXT, "username": "b"}, "missing_scope"),
        ("chat.postMessage", {**TEXT, "mrkdwn": "no"}, "invalid_arguments"),
        ("chat.postMessage", {**TEXT, "markdown_text": "x"}, "markdown_text_conflict"),
        ("chat.postMessage", {**TEXT, "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {**TEXT, "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        (
            "chat.postMessage",
            {**TEXT, "metadata": {**META, "event_payload": []}},
            "invalid_metadata_format",
        ),
        ("chat.postEphemeral", {**TEXT, "user": "U0EVE"}, "user_not_in_channel"),
        ("chat.update", {**TEXT, "ts": "1.1"}, "message_not_found"),
        ("chat.delete", {**HERE, "ts": "1.1"}, "message_not_found"),
        ("chat.getPermalink", {**HERE, "message_ts": "1.1"}, "message_not_found"),
        ("conversations.replies", {**HERE, "ts": "1.1"}, "thread_not_found"),
        ("conversations.history", {"channel": "C0RANDOM"}, "not_in_channel"),
        ("conversations.history", {**HERE, "cursor": "x"}, "invalid_cursor"),
        ("conversations.history", {**HERE, "oldest": "x"}, "invalid_ts_oldest"),
        ("conversations.history", {**HERE, "limit": "x"}, "invalid_arguments"),
        ("conversations.list", {"types": "channel"}, "invalid_types"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
        ("users.info", {"user": "U0NONE"}, "user_not_found"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
        ("reactions.add", {**HERE, "name": "eyes", "timestamp": TS}, "message_not_found"),
        ("reactions.add", {**HERE, "name": "e yes", "timestamp": "1"}, "invalid_name"),
        ("reactions.add", {**HERE, "name": "eyes", "timestamp": "1"}, "bad_timestamp"),
        ("reactions.get", HERE, "no_item_specified"),
        (
            "assistant.threads.setStatus",
            {**AT, "thread_ts": "1.1", "status": "x"},
            "invalid_thread_ts",
        ),
        ("agents.sessions.setStatus", {**AT, "status": "x"}, "invalid_status"),
        ("agents.sessions.setStatus", {**AT, "status": "active"}, "thread_ts_required"),
        ("views.update", {"view_id": "V1", "view": {}}, "not_found"),
        ("auth.test", {"team_id": "T0OTHER"}, "invalid_arguments"),
    ],
)
async def test_what_slack_refuses_is_refused(slack, client, method, arguments, name):
    slack.place.add_channel("secret", members=("ada",), kind="private")
    slack.place.add_channel("old", members=("ada", "briefbot"), is_archived=True)
    slack.place.add_user("eve")
    assert await error(client.api_call(method, json=arguments)) == name
    assert slack.calls[-1].outcome == name
    assert slack.complaints == []
