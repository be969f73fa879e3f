"""Make docs/slack/*.png: what people see in Slack, drawn from the blocks that are really sent.

The articles are those of seeds/. Run it with `make pictures` when what people see has changed; it
needs Chromium.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.slack import words
from bot.core.talking import layout, sheets, usage, wording
from bot.model import (
    Channel,
    ChannelSettings,
    Kept,
    Room,
    SettingChange,
    Strike,
    Workspace,
)
from bot.platforms.slack import views
from bot.platforms.slack.blocks import message
from docs import day, pictures
from docs.pictures import NOW, TODAY, asked, photograph, read
from docs.slack_html import STYLE, Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Briefed, Post, Thread

PICTURES = Path(__file__).with_name("slack")
NAMES = {"U0PRIYA": "Priya", "U0JONAS": "Jonas"}
CHANNEL = Channel(workspace=Workspace(platform="slack", id="T0NEWS"), id="C0DESK")
WORDS = words()
DRAWING = Drawing(NAMES)


def briefed(name: str, number: int, bullets: int = 5) -> Briefed:
    """Brief a sample that Priya posted."""
    return pictures.briefed(
        name, number, bullets, channel=CHANNEL, thread="1772618520.000100", who="U0PRIYA"
    )


def brief_of(done: Briefed) -> Post:
    """Lay out a brief as it is laid out in a channel."""
    return layout.briefed(done, hints=wording.SLACK, today=TODAY, days=90, where="")


def person(text: str, who: str = "Priya", when: str = "10:02") -> str:
    """Draw what a person wrote; an address is a link."""
    leaves = [
        {"type": "link", "url": word, "text": word}
        if "://" in word
        else {"type": "text", "text": word}
        for word in re.split(r"(https?://\S+)", text)
        if word
    ]
    colour = "#b5502f" if who == "Priya" else "#3f6b4f"
    rich = {"type": "rich_text_section", "elements": leaves}
    blocks = [{"type": "rich_text", "elements": [rich]}]
    return DRAWING.message(who, when, blocks, colour=colour, only="")


def ours(post: Post, when: str = "10:02", only: str = "") -> str:
    """Draw a post of ours."""
    blocks, _ = message(post, WORDS)
    return DRAWING.message("Briefbot", when, blocks, colour="#1f3a5f", only=only)


def replies(count: int) -> str:
    """Draw the line below a message that began a thread."""
    return f'<div class="replies">{wording.plural(count, "reply", "replies")}</div>'


def scenes() -> Iterator[tuple[str, str]]:
    """Yield a name and the HTML of each picture."""
    bullets = briefed("harbour-tunnel.bullets.html", 12)
    none = briefed("river-sensors.no-bullets.html", 13)
    walled = briefed("lithium-mine.paywall.html", 14)
    tunnel, sensors = (
        "https://sample.example/harbour-tunnel",
        "https://sample.example/river-sensors",
    )
    yield "brief", person(sensors) + replies(1) + ours(brief_of(none))
    yield (
        "brief-own-bullets",
        person(f"Worth a look: {tunnel}") + replies(1) + ours(brief_of(bullets)),
    )
    both = layout.joined([brief_of(bullets), brief_of(none)])
    yield "two-links", person(f"{tunnel} and {sensors}") + replies(1) + ours(both)
    led, fast = "Who led the inquiry into the flood?", "How fast may cars drive in the tunnel?"
    yield (
        "questions",
        person(led, "Jonas", "10:05")
        + ours(asked(bullets, led), "10:05")
        + person(fast, "Jonas", "10:06")
        + ours(asked(bullets, fast), "10:06"),
    )
    wall = "https://sample.example/consent-wall"
    refused = layout.refused(read("consent-wall.html"), wording.SLACK)
    only = "Only visible to you"
    yield "refusal", person(wall) + ours(refused, only=only) + _teaser(walled)
    yield "struck", ours(brief_of(_struck(none)), "10:09")
    told = day.digest(CHANNEL, "U0PRIYA", lambda number: f"1795075200.0001{number:02}")
    yield "digest", ours(layout.digest(told, wording.SLACK, _link), "18:00")
    yield from _dialogs(briefed("river-sensors.no-bullets.html", 13, bullets=3), bullets)


def _link(thread: Thread) -> str:
    return f"https://newsdesk.example/archives/{thread.channel.id}/p{thread.id}"


def _teaser(done: Briefed) -> str:
    link = person("https://sample.example/lithium-mine", "Jonas", "10:04")
    return link + replies(1) + ours(brief_of(done), "10:04")


def _struck(done: Briefed) -> Briefed:
    assert done.mention is not None  # noqa: S101 - as above
    strike = Strike(bullet=2, who="U0JONAS", why="That was the year before.", at=NOW)
    return replace(done, mention=replace(done.mention, strikes=(strike,)))


def _dialogs(none: Briefed, bullets: Briefed) -> Iterator[tuple[str, str]]:
    settings = ChannelSettings()
    yield "proof", DRAWING.modal(views.modal(sheets.proof(none.mention), WORDS))
    yield "proof-own-bullets", DRAWING.modal(views.modal(sheets.proof(bullets.mention), WORDS))
    yield "wrong", DRAWING.modal(views.modal(sheets.wrong(none.mention, ""), WORDS))
    form = sheets.settings_form("newsdesk", settings, "")
    yield "settings", DRAWING.modal(views.modal(form, WORDS))
    state = sheets.RoomState(
        room=Room(channel=CHANNEL, name="newsdesk"),
        settings=settings,
        kept=Kept(mentions=14, articles=12, questions=9, since=NOW),
        changes=(SettingChange(who="U0PRIYA", at=NOW, name="bullets", before="3", after="5"),),
        stuck=(),
        spent=usage.nothing(1, 40_000),
    )
    other = replace(state, room=Room(channel=CHANNEL, name="energy-beat"), changes=())
    yield "home", DRAWING.blocks(views.home(sheets.home([state, other], more=0), WORDS)["blocks"])


def main() -> None:
    """Write the pictures, or say what is missing."""
    photograph(PICTURES, list(scenes()), STYLE)


if __name__ == "__main__":
    main()
