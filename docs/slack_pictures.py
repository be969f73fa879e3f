"""Make docs/slack/*.png: what people see in Slack, drawn from the blocks that are really sent.

The articles are those of seeds/. Run it with `make pictures` when what people see has changed; it
needs Chromium.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.app.slack import words
from bot.core.answering.answer import answer_text
from bot.core.reading.text import read_text
from bot.core.talking import layout, sheets, usage, wording
from bot.core.writing import extract, publisher
from bot.model import (
    Answered,
    Briefed,
    Channel,
    ChannelSettings,
    Kept,
    Mention,
    Origin,
    Room,
    SettingChange,
    Strike,
    Thread,
    Workspace,
)
from bot.pages.html.extract import extract as read_page
from bot.platforms.slack import views
from bot.platforms.slack.blocks import message
from docs.png import lighter
from docs.slack_html import STYLE, Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Post, Reading

ROOT = Path(__file__).parent.parent
PICTURES = Path(__file__).with_name("slack")
NOW = datetime(2026, 3, 4, 10, 2, tzinfo=UTC)
TODAY = date(2026, 3, 4)
NAMES = {"U0PRIYA": "Priya", "U0JONAS": "Jonas"}
CHANNEL = Channel(workspace=Workspace(platform="slack", id="T0NEWS"), id="C0DESK")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
SHARP = (1.5, 1.25, 1.0)
WIDTH = 660
HEAVIEST = 120_000
"""Bytes of a picture, which is less sharp where it would be heavier."""
WORDS = words()
DRAWING = Drawing(NAMES)


def read(name: str) -> Reading:
    """Read a sample as if it had come from the web."""
    path = ROOT / "seeds" / name
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        return read_page(text, f"https://sample.example/{path.stem.partition('.')[0]}")
    return read_text(text, source=path.name, markdown=path.suffix == ".md")


def briefed(name: str, number: int, bullets: int = 5) -> Briefed:
    """Brief a sample."""
    reading = read(name)
    article = reading.article
    if article is None:
        return Briefed(reading=reading, mention=None)
    own = article.lead_bullets
    brief = publisher.write(article) if own else extract.write(article, bullets=bullets)
    mention = Mention(
        number=number,
        message="1772618520.000100",
        thread=Thread(channel=CHANNEL, id="1772618520.000100"),
        poster="U0PRIYA",
        at=NOW,
        origin=Origin.LINK,
        source=article.url or name,
        article=article,
        brief=brief,
    )
    return Briefed(reading=reading, mention=mention)


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


def asked(done: Briefed, text: str) -> Post:
    """Answer a question from an article."""
    assert done.mention is not None  # noqa: S101 - a sample with an article
    given = answer_text(done.mention.article, text)
    return layout.answered([Answered(mention=done.mention, answer=given)])


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
    yield from _dialogs(briefed("river-sensors.no-bullets.html", 13, bullets=3), bullets)


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


def page(drawn: list[tuple[str, str]]) -> str:
    """Return a page of scenes, which tells their heights once it is shown."""
    body = "".join(f'<div class="scene" id="{name}">{html}</div>' for name, html in drawn)
    script = (
        "document.body.dataset.heights = [...document.querySelectorAll('.scene')]"
        ".map(one => one.id + '=' + Math.ceil(one.getBoundingClientRect().height)).join(' ')"
    )
    return (
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body>{body}"
        f"<script>{script}</script>"
    )


def photograph(browser: str, drawn: list[tuple[str, str]]) -> None:
    """Write a picture of each scene."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="briefbot-pictures-") as folder:
        place = Path(folder, "page.html")

        def run(*options: str) -> str:
            profile = f"--user-data-dir={folder}/profile"
            command = [browser, *OPTIONS, profile, *options, place.as_uri()]
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
            return done.stdout

        place.write_text(page(drawn), "utf-8")
        found: Any = re.search(r'data-heights="([^"]*)"', run("--dump-dom"))
        heights = dict(one.split("=") for one in found[1].split())
        for name, html in drawn:
            place.write_text(page([(name, html)]), "utf-8")
            picture = PICTURES / f"{name}.png"
            for sharp in SHARP:
                run(
                    f"--screenshot={picture}",
                    f"--window-size={WIDTH},{heights[name]}",
                    f"--force-device-scale-factor={sharp}",
                )
                picture.write_bytes(lighter(picture.read_bytes()))
                if picture.stat().st_size < HEAVIEST:
                    break
            else:
                sys.exit(f"{picture} is too heavy")


def main() -> None:
    """Write the pictures, or say what is missing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("This needs Chromium: apt-get install -y chromium")
    photograph(browser, list(scenes()))


if __name__ == "__main__":
    main()
