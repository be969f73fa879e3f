"""What we ask of a workspace: the whole of it is written down here, so that no more creeps in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.talking import wording
from bot.platforms.slack.manifest import is_optional, manifest, missing

EXPECTED = Path(__file__).with_name("expected")
NEVER = ("chat:write.public", "chat:write.customize", "links:", "admin", "users:read.email")


@pytest.mark.parametrize(
    ("name", "http"), [("manifest.socket", ""), ("manifest.http", "https://bot.example/")]
)
def test_the_manifest_is_as_written_down(name, http):
    written = json.loads((EXPECTED / f"{name}.json").read_text("utf-8"))
    assert manifest(http) == written


def test_the_manifest_asks_for_no_more_than_it_needs():
    scopes = manifest()["oauth_config"]["scopes"]
    assert set(scopes) == {"bot", "bot_optional"}
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert not [scope for scope in scopes["bot"] for never in NEVER if scope.startswith(never)]


def test_each_event_has_the_scope_that_it_needs():
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    scopes = manifest()["oauth_config"]["scopes"]["bot"]
    for event, scope in {
        "app_mention": "app_mentions:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
        "message.mpim": "mpim:history",
        "reaction_added": "reactions:read",
    }.items():
        assert event in events
        assert scope in scopes


def test_the_manifest_is_within_slacks_limits():
    whole = manifest("https://bot.example")
    assert len(whole["display_information"]["name"]) <= 35
    assert len(whole["display_information"]["description"]) <= 140
    assert len(whole["features"]["bot_user"]["display_name"]) <= 80
    for shortcut in whole["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_what_is_missing_is_named_with_what_it_is_for():
    every = set(manifest()["oauth_config"]["scopes"]["bot"])
    assert missing(every) == []
    assert missing(every - {"groups:history"}) == [("private_channels", "groups:history")]
    assert is_optional("groups:history")
    assert not is_optional("chat:write")
    for feature, scope in missing(set()):
        said = wording.slack_lacks([(feature, scope)], needed=True)
        assert scope in said
        assert f"({feature})" not in said
