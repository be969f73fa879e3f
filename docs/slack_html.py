"""Block Kit as HTML, for pictures: enough of it for what we post, and an error for the rest."""

from __future__ import annotations

import re
from html import escape
from typing import Any

Json = dict[str, Any]

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #fff; color: #1d1c1d; font: 15px/1.46668 "Noto Sans", "Segoe UI", sans-serif }
.scene { padding: 14px 18px; width: 660px }
.said { display: flex; gap: 10px; padding: 5px 0 }
.face { border-radius: 6px; color: #fff; flex: none; font-weight: 700; height: 36px; width: 36px;
  line-height: 36px; text-align: center }
.who { font-weight: 800 } .when { color: #616061; font-size: 12px; margin-left: 6px }
.app { background: #e8e8e8; border-radius: 2px; color: #616061; font-size: 10px; font-weight: 700;
  margin-left: 5px; padding: 1px 3px }
.alone { color: #616061; font-size: 13px }
.body { flex: 1; min-width: 0 }
.replies { border-top: 1px solid #e2e2e2; color: #616061; font-size: 13px; margin: 8px 0 4px;
  padding-top: 8px }
a { color: #1264a3; text-decoration: none }
.rich { margin: 4px 0 } .rich p { white-space: pre-wrap }
ul, ol { padding-left: 26px } ul { list-style: disc } li { padding-left: 2px }
blockquote { border-left: 4px solid #ddd; padding: 1px 0 3px 12px; white-space: pre-wrap }
.context { color: #616061; display: flex; flex-wrap: wrap; font-size: 13px; gap: 1px 10px;
  line-height: 1.4; margin: 3px 0; white-space: pre-wrap }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 6px }
.button { background: #fff; border: 1px solid #bbb; border-radius: 4px; font-size: 13px;
  font-weight: 700; line-height: 26px; padding: 0 10px }
.user { background: #e8f2fa; border-radius: 3px; color: #1264a3; padding: 0 2px }
.modal { border: 1px solid #ccc; border-radius: 8px; box-shadow: 0 3px 14px #0002;
  margin: 0 auto; width: 560px }
.modal header { border-bottom: 1px solid #e2e2e2; display: flex; font-size: 18px; font-weight: 800;
  justify-content: space-between; padding: 12px 20px }
.modal .in { padding: 8px 20px 10px }
.modal footer { border-top: 1px solid #e2e2e2; display: flex; gap: 10px; justify-content: flex-end;
  padding: 12px 20px }
.modal footer .button { font-size: 15px; line-height: 32px; padding: 0 12px }
.button.main { background: #007a5a; border-color: #007a5a; color: #fff }
hr { border: 0; border-top: 1px solid #e2e2e2; margin: 10px 0 }
h1 { font-size: 18px; font-weight: 800; margin: 4px 0 }
.input { margin: 10px 0 } .label { font-weight: 700 }
.box { border: 1px solid #bbb; border-radius: 4px; min-height: 36px; padding: 6px 12px }
.box.menu::after { content: "⌄"; float: right; line-height: 1 }
.hint { color: #616061; font-size: 13px; margin-top: 2px }
.radio { display: flex; gap: 8px; margin: 3px 0 } .description { color: #616061; font-size: 13px }
"""
_MARK = re.compile(r"<(@[^>]+|https?://[^>|]+)(?:\|([^>]*))?>")


class Drawing:
    """Draws blocks; `names` are those of people by their ids."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def message(self, who: str, when: str, blocks: list[Json], *, colour: str, only: str) -> str:
        """Draw what somebody said; `only` says who alone sees it."""
        app = '<span class="app">APP</span>' if who == "Briefbot" else ""
        alone = f'<div class="alone">{escape(only)}</div>' if only else ""
        return (
            f'<div class="said"><div class="face" style="background:{colour}">{escape(who[0])}'
            f'</div><div class="body">{alone}<span class="who">{escape(who)}</span>{app}'
            f'<span class="when">{escape(when)}</span>{self.blocks(blocks)}</div></div>'
        )

    def modal(self, view: Json) -> str:
        """Draw a dialog."""
        submit = view.get("submit")
        main = f'<span class="button main">{_plain(submit)}</span>' if submit else ""
        return (
            f'<div class="modal"><header>{_plain(view["title"])}<span>✕</span></header>'
            f'<div class="in">{self.blocks(view["blocks"])}</div>'
            f'<footer><span class="button">{_plain(view["close"])}</span>{main}</footer></div>'
        )

    def blocks(self, blocks: list[Json]) -> str:
        """Draw blocks, one below the other."""
        return "".join(self._block(block) for block in blocks)

    def _block(self, block: Json) -> str:
        match block["type"]:
            case "rich_text":
                return f'<div class="rich">{"".join(map(self._part, block["elements"]))}</div>'
            case "context":
                inner = "".join(f"<span>{self._text(one)}</span>" for one in block["elements"])
                return f'<div class="context">{inner}</div>'
            case "actions":
                return f'<div class="actions">{"".join(map(_pressable, block["elements"]))}</div>'
            case "divider":
                return "<hr>"
            case "header":
                return f"<h1>{_plain(block['text'])}</h1>"
            case "input":
                hint = block.get("hint")
                under = f'<div class="hint">{_plain(hint)}</div>' if hint else ""
                label = f'<div class="label">{_plain(block["label"])}</div>'
                return f'<div class="input">{label}{_input(block["element"])}{under}</div>'
            case other:
                raise ValueError(other)

    def _part(self, part: Json) -> str:
        match part["type"]:
            case "rich_text_section":
                return f"<p>{self._leaves(part)}</p>"
            case "rich_text_quote":
                return f"<blockquote>{self._leaves(part)}</blockquote>"
            case "rich_text_list":
                tag = "ol" if part["style"] == "ordered" else "ul"
                start = f' start="{part["offset"] + 1}"' if part.get("offset") else ""
                items = "".join(f"<li>{self._leaves(one)}</li>" for one in part["elements"])
                return f"<{tag}{start}>{items}</{tag}>"
            case other:
                raise ValueError(other)

    def _leaves(self, part: Json) -> str:
        return "".join(map(self._leaf, part["elements"]))

    def _leaf(self, leaf: Json) -> str:
        match leaf["type"]:
            case "text":
                drawn = escape(leaf["text"])
            case "link":
                drawn = f"<a>{escape(leaf['text'])}</a>"
            case "user":
                drawn = self._user(leaf["user_id"])
            case other:
                raise ValueError(other)
        for style, tag in (("bold", "b"), ("italic", "i"), ("strike", "s")):
            if leaf.get("style", {}).get(style):
                drawn = f"<{tag}>{drawn}</{tag}>"
        return drawn

    def _user(self, who: str) -> str:
        return f'<span class="user">@{escape(self._names[who])}</span>'

    def _text(self, text: Json) -> str:
        if text["type"] == "plain_text":
            return _plain(text)
        if text["type"] != "mrkdwn":
            raise ValueError(text["type"])
        drawn, at = "", 0
        for match in _MARK.finditer(text["text"]):
            inner, label = match[1], match[2]
            drawn += text["text"][at : match.start()]
            drawn += self._user(inner[1:]) if inner[0] == "@" else f"<a>{label}</a>"
            at = match.end()
        return drawn + text["text"][at:]  # what is escaped in it is so as HTML wants it


def _plain(text: Json) -> str:
    return escape(text["text"])


def _pressable(one: Json) -> str:
    match one["type"]:
        case "button":
            return f'<span class="button">{_plain(one["text"])}</span>'
        case "overflow":
            return '<span class="button">⋯</span>'
        case other:
            raise ValueError(other)


def _input(element: Json) -> str:
    match element["type"]:
        case "radio_buttons":
            chosen = element.get("initial_option")
            return "".join(_radio(one, chosen=one == chosen) for one in element["options"])
        case "static_select":
            chosen = element.get("initial_option")
            return f'<div class="box menu">{_plain(chosen["text"]) if chosen else "Select…"}</div>'
        case "plain_text_input" | "number_input":
            return f'<div class="box">{escape(element.get("initial_value", ""))}</div>'
        case "timepicker":
            return f'<div class="box menu">{element.get("initial_time", "")}</div>'
        case other:
            raise ValueError(other)


def _radio(option: Json, *, chosen: bool) -> str:
    more = option.get("description")
    under = f'<div class="description">{_plain(more)}</div>' if more else ""
    sign = "◉" if chosen else "○"
    return f'<div class="radio"><span>{sign}</span><div>{_plain(option["text"])}{under}</div></div>'
