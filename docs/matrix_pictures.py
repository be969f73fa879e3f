"""Make docs/matrix/*.png: what people see in Matrix, drawn from the events that are really sent.

Drawn in nobody's style: a client of Matrix shows the HTML of an event as it likes. The articles
are those of seeds/. Run it with `make pictures` when what people see has changed; it needs
Chromium.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.matrix import words
from bot.core.talking import layout, wording
from bot.model import Channel, ChannelSettings, Workspace
from bot.platforms.matrix.content import message
from docs import day, pictures
from docs.pictures import TODAY, asked, photograph, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Briefed, Post, Thread

PICTURES = Path(__file__).with_name("matrix")
NAMES = {"@priya:example.org": "Priya", "@jonas:example.org": "Jonas"}
COLOURS = {"Priya": "#7a4a8a", "Jonas": "#3f6b4f", "Briefbot": "#2f4f5f"}
CHANNEL = Channel(workspace=Workspace(platform="matrix", id="example.org"), id="!desk")
LINK = "$link"
PREFIX = "!brief"
HINTS = wording.matrix(PREFIX)
WORDS = words(PREFIX)
STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #fff; color: #22262a; font: 15px/1.45 "Noto Sans", "Segoe UI", sans-serif }
.scene { padding: 12px 18px; width: 660px }
.said { display: flex; gap: 11px; padding: 6px 0 }
.face { border-radius: 50%; color: #fff; flex: none; font-weight: 600; height: 34px;
  line-height: 34px; text-align: center; width: 34px }
.body { flex: 1; min-width: 0 }
.who { font-weight: 700 } .when { color: #6a7178; font-size: 12px; margin-left: 7px }
.thread { border-left: 2px solid #d5dade; margin: 2px 0 2px 16px; padding-left: 16px }
.thread > .label { color: #6a7178; font-size: 13px }
p { margin: 3px 0 7px } p:last-child { margin-bottom: 2px }
em { color: #5a6168 } a { color: #0b5a8a; text-decoration: none }
ul, ol { margin: 0 0 7px; padding-left: 24px } li { margin: 2px 0 }
blockquote { border-left: 3px solid #c9cfd4; margin: 3px 0 7px; padding-left: 11px }
code { background: #eef0f2; border-radius: 3px; font: 13px "Noto Sans Mono", monospace;
  padding: 1px 4px }
.pill { background: #e6edf2; border-radius: 9px; padding: 0 7px }
.reaction { border: 1px solid #c9cfd4; border-radius: 11px; display: inline-block;
  font-size: 13px; margin-top: 3px; padding: 0 8px }
"""
_PILL = re.compile(r'<a href="https://matrix\.to/#/(@[^"]+)">[^<]*</a>')


def briefed(name: str, number: int, bullets: int = 5) -> Briefed:
    """Brief a sample that Priya posted."""
    return pictures.briefed(
        name, number, bullets, channel=CHANNEL, thread=LINK, who="@priya:example.org"
    )


def said(who: str, when: str, html: str, *, reaction: str = "") -> str:
    """Draw what somebody said, and who reacted to it."""
    below = f'<div class="reaction">{reaction}</div>' if reaction else ""
    return (
        f'<div class="said"><div class="face" style="background:{COLOURS[who]}">{who[0]}</div>'
        f'<div class="body"><span class="who">{who}</span><span class="when">{when}</span>'
        f"{html}{below}</div></div>"
    )


def person(text: str, who: str = "Priya", when: str = "10:02", *, reaction: str = "") -> str:
    """Draw what a person wrote; an address is a link."""
    html = re.sub(r"(https?://\S+)", r"<a>\1</a>", escape(text))
    return said(who, when, f"<p>{html}</p>", reaction=reaction)


def ours(post: Post, when: str = "10:02", *, root: str = LINK) -> str:
    """Draw a post of ours: the HTML of its event, which clients show as it is but for names."""
    html = message(post, WORDS, root=root)["formatted_body"]
    return said("Briefbot", when, _PILL.sub(_pill, html))


def _pill(match: re.Match[str]) -> str:
    return f'<span class="pill">{NAMES[match[1]]}</span>'


def thread(*parts: str) -> str:
    """Draw a thread below the message that began it."""
    return f'<div class="thread"><div class="label">Thread</div>{"".join(parts)}</div>'


def brief_of(done: Briefed) -> Post:
    """Lay out a brief as it is laid out in a room."""
    return layout.briefed(done, hints=HINTS, today=TODAY, days=90, where="")


def scenes() -> Iterator[tuple[str, str]]:
    """Yield a name and the HTML of each picture."""
    inviter, settings = "@priya:example.org", ChannelSettings()
    for name, encrypted in (("welcome", False), ("welcome-encrypted", True)):
        hello = layout.welcome(settings, HINTS, inviter=inviter, leaves="", encrypted=encrypted)
        yield name, ours(hello, "10:00")
    sensors = "https://sample.example/river-sensors"
    none = briefed("river-sensors.no-bullets.html", 13)
    yield "brief", person(sensors, reaction="📰 1") + thread(ours(brief_of(none)))
    tunnel = briefed("harbour-tunnel.bullets.html", 12)
    led, fast = "Who led the inquiry into the flood?", "How fast may cars drive in the tunnel?"
    yield (
        "questions",
        thread(
            person(led, "Jonas", "10:05"),
            ours(asked(tunnel, led), "10:05"),
            person(fast, "Jonas", "10:06"),
            ours(asked(tunnel, fast), "10:06"),
        ),
    )
    yield (
        "refusal",
        person(f"{PREFIX} https://sample.example/consent-wall", "Jonas", "10:08")
        + thread(ours(layout.refused(read("consent-wall.html"), HINTS), "10:08")),
    )
    assert none.mention is not None  # noqa: S101 - a sample with an article
    yield (
        "proof",
        thread(
            person(f"{PREFIX} proof 2", "Jonas", "10:09"),
            ours(layout.proof(none.mention, 2), "10:09"),
        ),
    )
    told = day.digest(CHANNEL, "@priya:example.org", lambda number: f"$m{number}")
    yield "digest", ours(layout.digest(told, HINTS, _link), "18:00", root="")


def _link(thread: Thread) -> str:
    return f"https://matrix.to/#/{thread.channel.id}:example.org/{thread.id}"


def main() -> None:
    """Write the pictures, or say what is missing."""
    photograph(PICTURES, list(scenes()), STYLE)


if __name__ == "__main__":
    main()
