"""Modals, homes and response addresses: what outlives the press that led to it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.standins.slack.blocks import view_form
from tests.standins.slack.errors import Refused
from tests.standins.slack.posting import content
from tests.standins.slack.state import State, View
from tests.standins.slack.viewing import new_hash, view_json

if TYPE_CHECKING:
    from tests.standins.slack.workspace import Message

_USES, _LIFE = 5, 30 * 60.0
_RESPONSE = {
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
    "metadata",
}


@dataclass
class ResponseUrl:
    """Where the app may answer a command or a press, five times within half an hour."""

    channel: str
    user: str
    origin: Message | None = None
    uses: int = 0
    at: float = field(default_factory=time.monotonic)


class Surfaces(State):
    """State that has views and response addresses, too."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.response_urls: dict[str, ResponseUrl] = {}
        self.response_life = _LIFE

    # --- views ---

    def use_trigger(self, id_: str) -> str:
        """Exchange a trigger id for the person it stands for. Raises Refused."""
        if id_ not in self._triggers:
            raise Refused("invalid_trigger_id")
        at, user = self._triggers[id_]
        if not user:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - at > self.trigger_life:
            raise Refused("expired_trigger_id")
        self._triggers[id_] = (at, "")
        return user

    def show(self, user: str, surface: str, form: dict[str, Any]) -> View:
        made = View(self.place.next_id("V"), user, surface, form, new_hash())
        self.views[made.id] = made
        self.look(user, made.id, "", form)
        return made

    def reshape(self, one: View, form: dict[str, Any]) -> None:
        one.form, one.hash, one.errors = form, new_hash(), {}
        kept = {block["block_id"] for block in form["blocks"]}
        one.values = {id_: value for id_, value in one.values.items() if id_ in kept}
        self.look(one.user, one.id, "", form)

    def view_json(self, one: View) -> dict[str, Any]:
        return view_json(self, one)

    def home(self, user: str) -> View | None:
        """Return what the app published for a person, if anything."""
        return self.homes.get(self.place.user(user).id)

    def modal(self, user: str) -> View | None:
        """Return the modal that a person has open, the newest one."""
        id_ = self.place.user(user).id
        open_ = [one for one in self.views.values() if one.user == id_ and not one.closed]
        return next((one for one in reversed(open_) if one.surface == "modal"), None)

    def _submitted(self, one: View, ack: dict[str, Any] | None) -> None:
        """Do what the app's answer to a submission asks for."""
        answer = ack or {}
        try:
            match answer.get("response_action"):
                case None if not answer:
                    one.closed = True
                case "errors":
                    self._show_errors(one, answer.get("errors"))
                case "update":
                    self.reshape(one, view_form(answer["view"], "modal"))
                case "push":
                    self.show(one.user, "modal", view_form(answer["view"], "modal"))
                case "clear":
                    for view in self.views.values():
                        view.closed |= view.user == one.user and view.surface == "modal"
                case other:
                    self.complaints.append(f"answer to a submission: {other}")
        except (Refused, KeyError) as error:
            self.complaints.append(f"answer to a submission: {error!r}")

    def _show_errors(self, one: View, errors: Any) -> None:
        inputs = {block["block_id"] for block in one.form["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or set(errors) - inputs:
            self.complaints.append(f"errors of no input: {errors}")
        else:
            one.errors = errors

    # --- response addresses ---

    def response_url(self, channel: str, user: str, origin: Message | None = None) -> str:
        id_ = secrets.token_hex(12)
        self.response_urls[id_] = ResponseUrl(channel, user, origin)
        return f"{self.root}/response/{self.place.team}/{id_}"

    def respond(self, id_: str, given: Any) -> None:
        """Take what was posted to a response address. Raises Refused."""
        found = self.response_urls.get(id_)
        if found is None:
            raise Refused("invalid_url", status=404)
        if time.monotonic() - found.at > self.response_life:
            raise Refused("expired_url", status=404)
        if found.uses >= _USES:
            raise Refused("used_url", status=404)
        self.answer_to(found, given)
        found.uses += 1

    def answer_to(self, found: ResponseUrl, given: Any) -> None:
        """Show a person the answer to a command or a press. Raises Refused."""
        if not isinstance(given, dict):
            raise Refused("invalid_payload", status=400)
        unknown = sorted(set(given) - _RESPONSE)
        if unknown or given.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
            raise Refused("invalid_arguments", *unknown, status=400)
        if given.get("delete_original") and found.origin is not None:
            self.remove(found.origin)
            return
        text, blocks = content(self, given)
        if given.get("replace_original") and found.origin is not None:
            self.change(found.origin, marked=not blocks, text=text, blocks=blocks)
            return
        self.post(
            self.place.channels[found.channel],
            text=text,
            blocks=blocks,
            thread=given.get("thread_ts"),
            only_to="" if given.get("response_type") == "in_channel" else found.user,
        )
