"""Response addresses: five answers within half an hour, to the same limits as any message."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.standins.slack import Impossible, SlackServer
from tests.standins.slack.forms import PROOF, SHOWN, plain


async def respond(address, **given):
    answer = await AsyncWebhookClient(address, retry_handlers=[]).send_dict(given)
    return answer.status_code, answer.body


async def test_a_response_address_is_good_five_times(slack):
    address = slack.response_url("C0GENERAL", "U0ADA")
    for _ in range(5):
        assert await respond(address, text="x") == (200, "ok")
    assert await respond(address, text="x") == (404, "used_url")
    address = slack.response_url("C0GENERAL", "U0ADA")
    slack.response_life = 0
    assert await respond(address, text="x") == (404, "expired_url")
    assert await respond(f"{address}x", text="x") == (404, "invalid_url")
    assert slack.transcript("general") == ["briefbot (only to U0ADA): x"] * 5


async def test_a_response_is_held_to_the_same_limits(slack):
    address = slack.response_url("C0GENERAL", "U0ADA")
    blocks = [{"type": "divider"}] * 51
    assert await respond(address, text="x", blocks=blocks) == (400, "invalid_blocks")
    assert await respond(address, text="") == (400, "no_text")
    assert await respond(address, text="x", colour="red") == (400, "invalid_arguments")
    async with aiohttp.ClientSession() as session, session.post(address, data="{") as answer:
        assert answer.status == 400
    assert slack.messages("general") == []


async def test_a_response_replaces_or_deletes_what_was_pressed(slack, client):
    made = await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=SHOWN)
    address = slack.presses("ada", "general", made["ts"], "proof").payload["response_url"]
    await respond(address, text="y", replace_original=True)
    assert slack.transcript("general") == ["briefbot: y (edited)"]
    await respond(address, delete_original=True)
    assert slack.transcript("general") == []


async def test_an_ephemeral_message_is_pressed_without_being_shown(slack, client):
    asked = {"channel": "C0GENERAL", "user": "U0ADA", "text": "x", "blocks": SHOWN}
    made = await client.chat_postEphemeral(**asked)
    payload = slack.presses("ada", "general", made["message_ts"], "proof").payload
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    with pytest.raises(Impossible):
        slack.presses("bob", "general", made["message_ts"], "proof")


async def test_buttons_of_one_action_are_told_apart_by_value(client):
    async with SlackServer(pace=0) as slack:
        client.base_url, client.token = slack.url, slack.bot_token
        two = [{**PROOF, "value": "2", "text": plain("Two")}]
        blocks = [*SHOWN, {"type": "actions", "block_id": "c", "elements": two}]
        made = await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
        sent = slack.presses("ada", "general", made["ts"], "proof", value="2")
        assert sent.payload["actions"][0]["block_id"] == "c"
        with pytest.raises(Impossible):
            slack.presses("ada", "general", made["ts"], "proof", value="3")
