"""Posts at a terminal: as people see them, and as a pipe gets them."""

import asyncio
import io

import pytest

from bot.errors import SourceMissing
from bot.model import Bullets, Heading, Item, Line, Post, Quote, Thread, Upload
from bot.platforms.console import styled
from bot.platforms.console.console import CHANNEL, Console, working
from bot.platforms.console.plain import plain

POST = Post(
    blocks=(
        Heading(text="A [bold]head[/bold]", url="https://a.example/x", details=("Post", "undated")),
        Bullets(items=(Item(text="One", places=("¶1",), note="*"), Item(text="Two")), first=9),
        Quote(place="¶1", quote="said so", before="She ", after=" twice."),
        Quote(place="¶2", quote="whole", quiet=True),
        Line(text="First\nsecond \x1b[31mline", quiet=True),
    )
)
THREAD = Thread(channel=CHANNEL, id="1")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_text_has_one_bullet_a_line_and_marks_what_is_quoted():
    assert plain(POST) == (
        "A [bold]head[/bold]\nhttps://a.example/x\nPost · undated\n\n"
        " 9  One *  [¶1]\n10  Two\n\n"
        "¶1  She >>said so<< twice.\n¶2  whole\n\n"
        "First\nsecond [31mline\n"
    )


def test_a_terminal_gets_the_same_words(capsys):
    styled.show(POST)
    shown = capsys.readouterr().out
    for words in ("A [bold]head[/bold]", "https://a.example/x", "One *", ">>said so<<", "whole"):
        assert words in shown
    assert "\x1b" not in shown, "no colour where there is no terminal, and none from a text"


async def test_a_post_is_laid_out_for_who_looks_at_it(monkeypatch, capsys):
    await Console().post(THREAD, POST, key="1")
    assert capsys.readouterr().out == plain(POST)
    monkeypatch.setattr("sys.stdout", Terminal())
    reference = await Console().post(THREAD, POST, key="1")
    assert reference.thread == THREAD
    assert Console().name == "terminal"


async def test_a_terminal_is_always_there_and_remembers_nothing():
    terminal = Console()
    assert terminal.connected
    assert terminal.settle == 0
    assert await terminal.find(THREAD, "1") is None
    await terminal.close()


async def test_a_terminal_brings_no_events_and_listens_until_it_is_cancelled():
    async def accept(incoming):
        raise AssertionError(incoming)

    listening = asyncio.create_task(Console().listen(accept))
    await asyncio.sleep(0)
    assert not listening.done()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening


async def test_nothing_is_uploaded_to_a_terminal():
    upload = Upload(name="a.pdf", media_type="", size=1, handle="")
    with pytest.raises(SourceMissing):
        await Console().download(upload)


async def test_a_sign_of_work_shows_only_after_a_while_and_only_to_people(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    async with working("Reading …"):
        pass
    assert screen.getvalue() == ""
    async with working("Reading …"):
        while "Reading" not in screen.getvalue():  # noqa: ASYNC110 - a screen sends no events
            await asyncio.sleep(0.01)
    monkeypatch.setattr("sys.stderr", io.StringIO())
    async with working("Reading …"):
        pass
