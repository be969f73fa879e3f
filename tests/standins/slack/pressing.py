"""What people do with the app's own things: commands, shortcuts, buttons and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.standins.slack.blocks import elements_of
from tests.standins.slack.errors import Impossible, Refused
from tests.standins.slack.events import VERIFICATION
from tests.standins.slack.inputs import filled, pressed, untouched
from tests.standins.slack.people import People
from tests.standins.slack.surfaces import ResponseUrl

if TYPE_CHECKING:
    from tests.standins.slack.delivery import Ack, Delivery
    from tests.standins.slack.state import View
    from tests.standins.slack.workspace import Message, User

_NAMES = {"im": "directmessage", "private": "privategroup", "mpim": "privategroup"}


class Pressing(People):
    """The verbs that lead to commands and interactions; each returns its Delivery."""

    def commands(self, user: str, channel: str, command: str, text: str = "") -> Delivery:
        """Use a slash command; it works in any channel, never in a thread."""
        if "commands" not in self.scopes:
            raise Impossible("the app has no commands")
        who, place = self.place.user(user), self._inside(channel, user)
        payload = {
            "token": VERIFICATION,
            "team_id": self.place.team,
            "team_domain": self.place.domain,
            "channel_id": place.id,
            "channel_name": _NAMES.get(place.kind, place.name),
            "user_id": who.id,
            "user_name": who.name,
            "command": command,
            "text": text,
            "api_app_id": self.place.app_id,
            "is_enterprise_install": "false",
            "response_url": self.response_url(place.id, who.id),
            "trigger_id": self.trigger(who.id),
        }
        answered = ResponseUrl(place.id, who.id)
        return self.deliveries.send(
            "slash_commands", payload, lambda ack: self._answered(answered, ack)
        )

    def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Delivery:
        """Choose a shortcut from a message's menu."""
        who, place = self.place.user(user), self._inside(channel, user)
        one = self.place.message(channel, ts)
        payload = {
            **self._by("message_action", who),
            "action_ts": self.place.ts(),
            "channel": {"id": place.id, "name": _NAMES.get(place.kind, place.name)},
            "callback_id": callback_id,
            "message_ts": ts,
            "message": self.message_json(one),
            "response_url": self.response_url(place.id, who.id),
        }
        return self.deliveries.send("interactive", payload)

    def presses(  # noqa: PLR0917 - who presses where what
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        block_id: str | None = None,
        value: Any = None,
        option: Any = None,
    ) -> Delivery:
        """Press or choose something in a message, or in a view whose id stands for `ts`.

        `value` tells buttons of the same action apart; `option` is what is chosen, by value or
        by text. Raises Impossible where there is no such element.
        """
        who = self.place.user(user)
        view = self.views.get(ts)
        if view is not None:
            return self._presses_in_view(
                who,
                view,
                _element(view.form["blocks"], action_id, block_id, value),
                value if option is None else option,
            )
        one = self.place.message(channel, ts)
        self._inside(channel, user)
        if one.only_to not in ("", who.id):
            raise Impossible(f"{user} does not see {ts}")
        found = _element(one.blocks, action_id, block_id, value)
        chosen = value if option is None else option
        return self._presses_in_message(who, one, self._action(*found, chosen))

    def submits(self, user: str, view_id: str, values: dict[str, Any] | None = None) -> Delivery:
        """Fill in and submit a modal; `values` has what was filled in, by action or block id.

        What the app answers is done: errors are in the view's `errors`, else it is closed,
        changed or covered. Raises Impossible for what the form would not let anyone do.
        """
        view = self._open_view(user, view_id)
        if "submit" not in view.form:
            raise Impossible("the view cannot be submitted")
        view.values = _states(view, dict(values or {}))
        payload = {
            **self._by("view_submission", self.place.user(user)),
            "view": self.view_json(view),
            "response_urls": [],
        }
        return self.deliveries.send("interactive", payload, lambda ack: self._submitted(view, ack))

    def closes(self, user: str, view_id: str) -> Delivery | None:
        """Close a modal; the app is told if it asked for that."""
        view = self._open_view(user, view_id)
        view.closed = True
        if not view.form.get("notify_on_close"):
            return None
        payload = {
            **self._by("view_closed", self.place.user(user)),
            "view": self.view_json(view),
            "is_cleared": False,
        }
        return self.deliveries.send("interactive", payload)

    # --- parts ---

    def _presses_in_message(self, who: User, one: Message, action: dict[str, Any]) -> Delivery:
        place = self.place.channels[one.channel]
        seen: dict[str, Any] = {} if one.only_to else {"message": self.message_json(one)}
        payload = {
            **self._by("block_actions", who),
            "container": {
                "type": "message",
                "message_ts": one.ts,
                "channel_id": place.id,
                "is_ephemeral": bool(one.only_to),
                **({"thread_ts": one.thread} if one.thread else {}),
            },
            "channel": {"id": place.id, "name": _NAMES.get(place.kind, place.name)},
            **seen,
            "state": {"values": {}},
            "response_url": self.response_url(place.id, who.id, self._origin(one)),
            "actions": [action],
        }
        return self.deliveries.send("interactive", payload)

    def _presses_in_view(
        self, who: User, view: View, found: tuple[dict[str, Any], dict[str, Any]], value: Any
    ) -> Delivery:
        if view.user != who.id or view.closed:
            raise Impossible(f"{who.name} does not see {view.id}")
        block, element = found
        action = self._action(block, element, value)
        if element["type"] not in ("button", "overflow"):
            held = {"type": element["type"], **filled(element, value)}
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = held
        payload = {
            **self._by("block_actions", who),
            "container": {"type": "view", "view_id": view.id},
            "view": self.view_json(view),
            "actions": [action],
        }
        return self.deliveries.send("interactive", payload)

    def _by(self, kind: str, who: User) -> dict[str, Any]:
        team = self.place.team
        user = {"id": who.id, "username": who.name, "name": who.name, "team_id": team}
        return {
            "type": kind,
            "user": user,
            "api_app_id": self.place.app_id,
            "token": VERIFICATION,
            "trigger_id": self.trigger(who.id),
            "team": {"id": team, "domain": self.place.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _action(self, block: dict[str, Any], element: dict[str, Any], value: Any) -> dict[str, Any]:
        return {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            **pressed(element, value),
            "action_ts": self.place.ts(),
        }

    def _origin(self, one: Message) -> Message | None:
        return one if one.bot_id == self.place.bot_id else None

    def _open_view(self, user: str, view_id: str) -> View:
        view = self.views.get(view_id)
        if view is None or view.closed or view.user != self.place.user(user).id:
            raise Impossible(f"{user} has no view {view_id}")
        return view

    def _answered(self, to: ResponseUrl, ack: Ack) -> None:
        """Show what came with the ack of a command."""
        if ack:
            try:
                self.answer_to(to, ack)
            except Refused as refused:
                self.complaints.append(f"answer to a command: {refused.error}")


def _element(
    blocks: list[dict[str, Any]], action_id: str, block_id: str | None, value: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Find an element and its block. Raises Impossible."""
    for block in blocks:
        for one in elements_of(block) if block_id in (None, block["block_id"]) else ():
            told_apart = one["type"] == "button" and value is not None
            if one["action_id"] == action_id and not (told_apart and one.get("value") != value):
                return block, one
    raise Impossible(f"nothing to press: {action_id} {block_id or ''} {value or ''}")


def _states(view: View, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the state of a form that is filled in. Raises Impossible."""
    found: dict[str, dict[str, Any]] = {}
    for block in view.form["blocks"]:
        for element in elements_of(block):
            if element["type"] in ("button", "overflow"):
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            name = action_id if action_id in values else block_id
            if name in values:
                held = filled(element, values.pop(name))
            else:
                held = view.values.get(block_id, {}).get(action_id) or untouched(element)
            empty = not any(value for name, value in held.items() if name != "type")
            if block["type"] == "input" and not block.get("optional") and empty:
                raise Impossible(f"{action_id} has to be filled in")
            found.setdefault(block_id, {})[action_id] = {**held, "type": element["type"]}
    if values:
        raise Impossible(f"no input {', '.join(values)}")
    return found
