"""views.*: modals and homes."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from tests.standins.slack.blocks import view_form
from tests.standins.slack.errors import Refused

if TYPE_CHECKING:
    from tests.standins.slack.requests import Asked
    from tests.standins.slack.server import SlackServer
    from tests.standins.slack.state import State, View


def open_view(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    if not asked["trigger_id"]:
        raise Refused("invalid_arguments", "missing required field: trigger_id")
    made = view_form(asked["view"], "modal")
    _unique(slack, made)
    user = slack.use_trigger(asked["trigger_id"])
    return {"view": view_json(slack, slack.show(user, "modal", made))}


def update_view(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    found = _found(slack, asked)
    made = view_form(asked["view"], found.surface)
    if asked["hash"] and asked["hash"] != found.hash:
        raise Refused("hash_conflict")
    slack.reshape(found, made)
    return {"view": view_json(slack, found)}


def publish(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    if asked["user_id"] not in slack.place.users:
        raise Refused("invalid_arguments", "invalid user: user_id")
    made = view_form(asked["view"], "home")
    found = slack.homes.get(asked["user_id"])
    if found is None:
        found = slack.show(asked["user_id"], "home", made)
        slack.homes[asked["user_id"]] = found
    else:
        if asked["hash"] and asked["hash"] != found.hash:
            raise Refused("hash_conflict")
        slack.reshape(found, made)
    return {"view": view_json(slack, found)}


def _found(slack: SlackServer, asked: Asked) -> View:
    if bool(asked["view_id"]) is bool(asked["external_id"]):
        raise Refused("invalid_arguments", "needs either view_id or external_id")
    for one in slack.views.values():
        named = asked["external_id"] and one.form.get("external_id") == asked["external_id"]
        if not one.closed and (one.id == asked["view_id"] or named):
            return one
    raise Refused("not_found")


def _unique(slack: SlackServer, made: dict[str, Any]) -> None:
    given = made.get("external_id")
    if given and any(
        one.form.get("external_id") == given for one in slack.views.values() if not one.closed
    ):
        raise Refused("duplicate_external_id")


def new_hash() -> str:
    return f"{int(time.time())}.{uuid.uuid4().hex[:8]}"


def view_json(slack: State, one: View) -> dict[str, Any]:
    """Return a view as answers and payloads have it."""
    given = one.form
    found: dict[str, Any] = {
        "id": one.id,
        "team_id": slack.place.team,
        "type": one.surface,
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "state": {"values": one.values},
        "hash": one.hash,
        "title": given.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": None,
        "root_view_id": one.id,
        "app_id": slack.place.app_id,
        "external_id": given.get("external_id", ""),
        "app_installed_team_id": slack.place.team,
        "bot_id": slack.place.bot_id,
    }
    return found
