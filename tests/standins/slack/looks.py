"""The workspace as people see it: a channel as lines of text."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from tests.standins.slack.blocks import elements_of
from tests.standins.slack.pressing import Pressing

if TYPE_CHECKING:
    from tests.standins.slack.state import View
    from tests.standins.slack.workspace import Message

_MARK = re.compile(r"<([^<>\n]+)>")
_BULLETS = "•◦▪"


class Looks(Pressing):
    """What tests read: transcripts, messages, views."""

    def messages(self, channel: str, *, ephemeral: bool = True) -> list[Message]:
        """Return a channel's messages, oldest first."""
        found = self.place.channel(channel).messages.values()
        return [one for one in found if ephemeral or not one.only_to]

    def last(self, channel: str) -> Message:
        """Return the newest message of a channel."""
        return self.messages(channel)[-1]

    def transcript(self, channel: str) -> list[str]:
        """Return what stands in a channel, replies indented below what they reply to."""
        threads: dict[str | None, list[Message]] = {}
        for one in self.messages(channel):
            threads.setdefault(one.thread, []).append(one)
        lines: list[str] = []
        for one in threads.get(None, ()):
            lines += self._seen(one, "")
            for reply in threads.get(one.ts, ()):
                lines += self._seen(reply, "  ")
        return lines

    def seen(self, channel: str, ts: str) -> list[str]:
        """Return one message as lines."""
        return self._seen(self.place.message(channel, ts), "")

    def home_seen(self, user: str) -> list[str]:
        """Return a person's home as lines; nothing if none was published."""
        found = self.home(user)
        return [] if found is None else self.view_seen(found)

    def view_seen(self, one: View) -> list[str]:
        title = one.form.get("title", {}).get("text", "")
        submit = one.form.get("submit", {}).get("text", "")
        lines = [f"== {title}"] if title else []
        lines += self._blocks(one.form["blocks"])
        lines += [f"! {error}" for error in one.errors.values()]
        return [*lines, f"[{submit}]"] if submit else lines

    # --- messages ---

    def _seen(self, one: Message, indent: str) -> list[str]:
        if one.subtype == "channel_join":
            return [f"{indent}-- {self._user(one.user)} has joined the channel"]
        who = self._name(one)
        only = f" (only to {one.only_to})" if one.only_to else ""
        body = self._blocks(one.blocks) if one.blocks else self._marked(one.text).split("\n")
        body += [f"[file {self.place.files[id_].name}]" for id_ in one.files]
        body += [f"| {shown['title']}" for shown in one.attachments]
        body = body or [""]
        if one.edited:
            body[0] += " (edited)"
        lines = [f"{indent}{who}{only}: {body[0]}"]
        lines += [f"{indent}  {line}" for line in body[1:]]
        for name, users in one.reactions.items():
            lines.append(f"{indent}  :{name}: {', '.join(self._user(id_) for id_ in users)}")
        return lines

    def _name(self, one: Message) -> str:
        return one.username or self._user(one.user)

    def _user(self, id_: str) -> str:
        found = self.place.users.get(id_)
        return found.name if found else id_

    def _channel(self, id_: str) -> str:
        found = self.place.channels.get(id_)
        return found.name if found else id_

    # --- blocks ---

    def _blocks(self, blocks: list[dict[str, Any]]) -> list[str]:
        lines: list[str] = []
        for block in blocks:
            lines += self._block(block)
        return lines

    def _block(self, block: dict[str, Any]) -> list[str]:  # noqa: PLR0911 - one a kind
        match block["type"]:
            case "section":
                texts = [block.get("text"), *block.get("fields", ())]
                lines = [line for one in texts if one for line in self._text(one).split("\n")]
                return lines + _buttons(block)
            case "header":
                return [f"# {block['text']['text']}"]
            case "context":
                return ["  ".join(self._text(one) for one in block["elements"])]
            case "markdown":
                return self._marked(block["text"]).split("\n")
            case "rich_text":
                return [line for part in block["elements"] for line in self._part(part)]
            case "divider":
                return ["---"]
            case "image":
                return [f"[image {block['alt_text']}]"]
            case "input":
                return [f"{block['label']['text']}: {_control(block['element'])}"]
            case _:
                return _buttons(block)

    def _text(self, one: dict[str, Any]) -> str:
        if one["type"] == "image":
            return f"[image {one['alt_text']}]"
        return self._marked(one["text"]) if one["type"] == "mrkdwn" else str(one["text"])

    def _part(self, part: dict[str, Any]) -> list[str]:
        match part["type"]:
            case "rich_text_list":
                return self._list(part)
            case "rich_text_quote":
                return [f"> {line}" for line in self._inline(part).split("\n")]
            case _:
                return self._inline(part).rstrip("\n").split("\n")

    def _list(self, part: dict[str, Any]) -> list[str]:
        indent, start = part.get("indent", 0), part.get("offset", 0) + 1
        lines = []
        for number, one in enumerate(part["elements"], start):
            ordered = part["style"] == "ordered"
            sign = f"{number}." if ordered else _BULLETS[indent % len(_BULLETS)]
            first, *rest = self._inline(one).split("\n")
            lines.append(f"{'  ' * indent}{sign} {first}")
            lines += [f"{'  ' * indent}  {line}" for line in rest]
        return lines

    def _inline(self, part: dict[str, Any]) -> str:
        return "".join(self._element(one) for one in part["elements"])

    def _element(self, one: dict[str, Any]) -> str:  # noqa: PLR0911 - one a kind
        match one["type"]:
            case "link":
                return f"{one['text']} <{one['url']}>" if one.get("text") else str(one["url"])
            case "user":
                return f"@{self._user(one['user_id'])}"
            case "usergroup":
                return f"@{one['usergroup_id']}"
            case "channel":
                return f"#{self._channel(one['channel_id'])}"
            case "broadcast":
                return f"@{one['range']}"
            case "emoji":
                return f":{one['name']}:"
            case _:
                return str(one["text"])

    def _marked(self, text: str) -> str:
        """Return mrkdwn as it is read: names for ids, labels before addresses, no escapes."""

        def shown(match: re.Match[str]) -> str:
            inner, _, label = match[1].partition("|")
            if inner.startswith("@"):
                return f"@{self._user(inner[1:])}"
            if inner.startswith("#"):
                return f"#{label or self._channel(inner[1:])}"
            if inner.startswith("!"):
                return f"@{label or inner[1:]}"
            return f"{label} <{inner}>" if label else inner

        return html.unescape(_MARK.sub(shown, text))


def _buttons(block: dict[str, Any]) -> list[str]:
    found = [_control(one) for one in elements_of(block)]
    return [" ".join(found)] if found else []


def _control(one: dict[str, Any]) -> str:
    match one["type"]:
        case "button":
            return f"[{one['text']['text']}]"
        case "overflow":
            return f"[… {' | '.join(option['text']['text'] for option in one['options'])}]"
        case _:
            return _field(one)


def _field(one: dict[str, Any]) -> str:
    held = one.get("initial_option", {}).get("text", {}).get("text") or one.get("initial_value")
    chosen = [option["text"]["text"] for option in one.get("initial_options", ())]
    placeholder = one.get("placeholder", {}).get("text", "")
    return f"[{held or ', '.join(chosen) or placeholder or one['type']} ▾]"
