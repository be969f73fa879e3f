"""What the pictures of chats are made of: sample articles, and Chromium, which draws a page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.core.answering.answer import answer_text
from bot.core.reading.text import read_text
from bot.core.talking import layout
from bot.core.writing import extract, publisher
from bot.model import Answered, Briefed, Mention, Origin, Thread
from bot.pages.html.extract import extract as read_page
from docs.png import lighter

if TYPE_CHECKING:
    from bot.model import Channel, Post, Reading

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 4, 10, 2, tzinfo=UTC)
TODAY = date(2026, 3, 4)
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


def read(name: str) -> Reading:
    """Read a sample as if it had come from the web."""
    path = ROOT / "seeds" / name
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        return read_page(text, f"https://sample.example/{path.stem.partition('.')[0]}")
    return read_text(text, source=path.name, markdown=path.suffix == ".md")


def briefed(
    name: str, number: int, bullets: int = 5, *, channel: Channel, thread: str, who: str
) -> Briefed:
    """Brief a sample that somebody posted in a thread of a channel."""
    reading = read(name)
    article = reading.article
    if article is None:
        return Briefed(reading=reading, mention=None)
    own = article.lead_bullets
    brief = publisher.write(article) if own else extract.write(article, bullets=bullets)
    mention = Mention(
        number=number,
        message=thread,
        thread=Thread(channel=channel, id=thread),
        poster=who,
        at=NOW,
        origin=Origin.LINK,
        source=article.url or name,
        article=article,
        brief=brief,
    )
    return Briefed(reading=reading, mention=mention)


def asked(done: Briefed, text: str) -> Post:
    """Answer a question from an article."""
    assert done.mention is not None  # noqa: S101 - a sample with an article
    given = answer_text(done.mention.article, text)
    return layout.answered([Answered(mention=done.mention, answer=given)])


def page(drawn: list[tuple[str, str]], style: str) -> str:
    """Return a page of scenes, which tells their heights once it is shown."""
    body = "".join(f'<div class="scene" id="{name}">{html}</div>' for name, html in drawn)
    script = (
        "document.body.dataset.heights = [...document.querySelectorAll('.scene')]"
        ".map(one => one.id + '=' + Math.ceil(one.getBoundingClientRect().height)).join(' ')"
    )
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}</style><body>{body}"
        f"<script>{script}</script>"
    )


def photograph(pictures: Path, drawn: list[tuple[str, str]], style: str) -> None:
    """Write a picture of each scene into a folder, or say what is missing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("This needs Chromium: apt-get install -y chromium")
    pictures.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="briefbot-pictures-") as folder:
        place = Path(folder, "page.html")

        def run(*options: str) -> str:
            profile = f"--user-data-dir={folder}/profile"
            command = [browser, *OPTIONS, profile, *options, place.as_uri()]
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
            return done.stdout

        place.write_text(page(drawn, style), "utf-8")
        found: Any = re.search(r'data-heights="([^"]*)"', run("--dump-dom"))
        heights = dict(one.split("=") for one in found[1].split())
        for name, html in drawn:
            place.write_text(page([(name, html)], style), "utf-8")
            picture = pictures / f"{name}.png"
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
