"""`briefbot doctor` with Slack, and its manifest: what can be wrong, and what to do."""

import json

import pytest
from pydantic import SecretStr

from bot.errors import BadSetting
from bot.settings import Settings
from bot.terminal.doctor_slack import examine
from bot.terminal.exits import Exit
from bot.terminal.findings import Finding
from bot.terminal.slack import manifest
from tests.standins.slack import OPTIONAL_SCOPES, SCOPES, SlackServer


async def found(slack: SlackServer, **wrong: str) -> Finding:
    tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    (finding,) = await examine(Settings(SLACK_API_URL=slack.url, **{**tokens, **wrong}))
    assert finding.well or finding.code is Exit.SETTINGS
    return finding


async def test_tokens_that_fit_are_told_with_where_and_as_whom():
    async with SlackServer() as slack:
        finding = await found(slack)
    assert finding.well
    assert finding.detail == "installed in Marlow Times as @briefbot, tokens and scopes fit."


async def test_a_scope_that_is_missing_is_named_with_what_it_is_for():
    async with SlackServer(scopes=(SCOPES | OPTIONAL_SCOPES) - {"reactions:read"}) as slack:
        finding = await found(slack)
    assert not finding.well
    assert "reactions:read (to hear 📰)" in finding.detail


async def test_an_optional_scope_that_was_left_out_is_no_failure():
    async with SlackServer(scopes=SCOPES) as slack:
        finding = await found(slack)
    assert finding.well
    assert "Left out: " in finding.detail
    assert "files:read (to read files)" in finding.detail


@pytest.mark.parametrize("token", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_does_not_know_is_told(token: str):
    async with SlackServer() as slack:
        finding = await found(slack, **{token: "xoxb-mistyped"})
    assert not finding.well
    assert "mistyped" not in finding.detail
    assert "token" in finding.detail


async def test_slack_that_cannot_be_reached_is_told():
    async with SlackServer() as slack:
        pass
    finding = await found(slack)
    assert not finding.well
    assert finding.detail.startswith("can't be reached")


async def test_half_of_the_tokens_are_told():
    (finding,) = await examine(Settings(SLACK_BOT_TOKEN=SecretStr("xoxb-1")))
    assert not finding.well
    assert "SLACK_SIGNING_SECRET" in finding.detail


@pytest.mark.parametrize(("http", "socket"), [("", True), ("https://bot.example.com", False)])
async def test_the_manifest_is_printed_as_json(capsys, http: str, socket: bool):
    assert await manifest(http) is Exit.DONE
    printed = json.loads(capsys.readouterr().out)
    assert printed["settings"]["socket_mode_enabled"] is socket
    assert ("https://bot.example.com/slack/events" in json.dumps(printed)) is not socket


async def test_an_address_that_slack_cannot_call_is_refused():
    with pytest.raises(BadSetting):
        await manifest("ftp://bot.example.com")
