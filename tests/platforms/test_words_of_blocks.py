"""What has no markup where there is only text: who, addresses, what is struck, what is pressed."""

from __future__ import annotations

from bot.model import Bullets, Control, Controls, Item, Line, Post
from bot.platforms.console.plain import plain
from bot.platforms.console.styled import show
from bot.platforms.loopback.text import text_of

POST = Post(
    blocks=(
        Bullets(
            items=(Item(text="It rained.", places=("¶1",), struck=True), Item(text="It froze."))
        ),
        Line(text="says that bullet 1 is wrong.", who="ada", quiet=True),
        Line(text="Read before", url="https://chat.example/1"),
        Controls(about="1", shown=(Control.PROOF,), folded=(Control.DELETE,)),
        Line(text="Reply to ask."),
    )
)
SAID = """\
1  ~It rained.~  [¶1]
2  It froze.

ada says that bullet 1 is wrong.
Read before [https://chat.example/1]
Reply to ask.
"""


def test_plain_text_names_who_and_where_and_strikes_with_strokes():
    assert plain(POST) == SAID


def test_a_chat_gets_the_same():
    assert text_of(POST) == (
        "1. ~It rained.~ [¶1]\n2. It froze.\n\nada says that bullet 1 is wrong.\n"
        "Read before [https://chat.example/1]\nReply to ask."
    )


def test_a_terminal_gets_the_same(capsys):
    show(POST)
    shown = capsys.readouterr().out
    for words in ("~It rained.~  [¶1]", "ada says that", "Read before [https://chat.example/1]"):
        assert words in shown
    assert "\n\n\n" not in shown


def test_what_can_be_pressed_leaves_no_gap_behind():
    only = Post(blocks=(Line(text="Done."), Controls(about="1", shown=(Control.PROOF,))))
    assert plain(only) == "Done.\n"
    assert text_of(only) == "Done."
