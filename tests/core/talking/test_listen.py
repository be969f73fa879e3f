"""What was typed after a command's prefix, and words that are nearly commands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.talking.commands import Typed, chat_commands
from bot.core.talking.listen import (
    Asked,
    Links,
    Nothing,
    Pasted,
    Said,
    as_typed,
    check_typing,
    ordered,
    understand,
)
from bot.errors import UnknownCommand

LINK = "https://news.example/harbour"
LONG = "word " * 130
LINES = "\n".join(["The harbour of the town opens on Monday, the council said today."] * 4)


def meaning(text: str, read: object) -> tuple[object, ...]:
    """Return what a reading of a text says; an empty text is a call for help."""
    try:
        said: Said = read(text)  # type: ignore[operator]
    except UnknownCommand as error:
        return ("unknown", error.word, error.meant)
    match said:
        case Nothing():
            return ("help", "")
        case Typed(command=command, argument=argument):
            return (command.name, argument)
        case _:
            return (said,)


def typed(text: str) -> tuple[object, ...]:
    """Return what a message says that `as_typed` made."""
    return meaning(as_typed(text), understand)


TABLE = [
    # what was typed, and what it is as a message
    ("", "help"),
    ("  \n ", "help"),
    ("help", "help"),
    ("list", "list"),
    (" LIST ", "LIST"),
    ("List:", "List:"),
    ("/list", "/list"),
    ("!list", "!list"),
    ("usage", "usage"),
    ("stop", "stop"),
    ("why", "why"),
    ("proof", "proof"),
    ("proof 2", "proof 2"),
    ("proof #2", "proof #2"),
    ("proof 2 please", "/proof 2 please"),
    ("export", "export"),
    ("export json", "export json"),
    ("export mine", "export mine"),
    ("export JSON thread", "export JSON thread"),
    ("export xml", "/export xml"),
    ("export of goods", "/export of goods"),
    ("forget 3", "forget 3"),
    ("forget mine", "forget mine"),
    (f"forget {LINK}", f"forget {LINK}"),
    ("forget", "forget"),
    ("forget channel yes", "forget channel yes"),
    ("forget channel no", "/forget channel no"),
    ("forget all of it", "/forget all of it"),
    ("search tea", "search tea"),
    ("search tea this week", "search tea this week"),
    ("search", "search"),
    ("settings", "settings"),
    ("settings mode", "settings mode"),
    ("settings mode automatic", "settings mode automatic"),
    ("settings bullets 8", "settings bullets 8"),
    ("settings digest_days mon tue fri", "settings digest_days mon tue fri"),
    ("settings ignore a.example b.example", "settings ignore a.example b.example"),
    ("Settings ignore a.example b.example", "Settings ignore a.example b.example"),
    ("ask who paid for it", "ask who paid for it"),
    ("ask who paid for it?", "ask who paid for it?"),
    ("ask", "ask"),
    ("brief", "brief"),
    (f"brief {LINK}", f"brief {LINK}"),
    ("brief the harbour", "/brief the harbour"),
    ("lst", "/lst"),
    ("lsit", "/lsit"),
    ("/lst", "/lst"),
    ("serach tea", "/serach tea"),
    ("serach tea please", "/serach tea please"),
    ("xyzzy", "/xyzzy"),
    ("console", "/console"),  # a terminal's
    ("serve", "/serve"),
    ("list everything we have read", "/list everything we have read"),
    ("list them?", "list them?"),
    ("lst?", "lst?"),
    ("who are the ministers?", "who are the ministers?"),
    ("Who paid?", "Who paid?"),
    ("settings of the new cabinet?", "settings of the new cabinet?"),
    ("tell me who paid for it", "tell me who paid for it"),
    ("thank you very much, friend", "thank you very much, friend"),
    ("thanks a lot", "/thanks a lot"),
    ("c'est quoi", "c'est quoi"),
    ("42", "42"),
    ("…", "…"),
    ("¿quién pagó?", "¿quién pagó?"),
    (LINK, LINK),
    (f"{LINK} who paid for it?", f"{LINK} who paid for it?"),
    (f"look at {LINK}", f"look at {LINK}"),
    ("www.example.org/b", "www.example.org/b"),
    (LONG, LONG.strip()),
    (LINES, LINES),
    ("settings\nmode", "settings\nmode"),
]


@pytest.mark.parametrize(("text", "message"), TABLE)
def test_a_message_says_what_was_ordered(text: str, message: str) -> None:
    assert as_typed(text) == message
    assert typed(text) == meaning(text, ordered)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("lst", ("unknown", "lst", "list")),
        ("serach tea", ("unknown", "serach", "search")),
        ("settings mode automatic", ("settings", "mode automatic")),
        ("settings digest_days mon tue fri", ("settings", "digest_days mon tue fri")),
        ("", ("help", "")),
        ("who are the ministers?", (Asked(text="who are the ministers?"),)),
        (LINK, (Links(urls=(LINK,)),)),
        (LINES, (Pasted(text=LINES),)),
    ],
)
def test_what_that_is(text: str, means: tuple[object, ...]) -> None:
    assert typed(text) == means


pieces = st.sampled_from(
    [
        *(command.name for command in chat_commands()),
        "lst",
        "/",
        "!",
        "?",
        LINK,
        "8",
        "\n",
        "é",
        ":",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=6).map(" ".join)))
def test_it_is_so_whatever_is_typed(text: str) -> None:
    assert typed(text) == meaning(text, ordered)
    assert as_typed(as_typed(text)) == as_typed(text)


# --- where nobody else is --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "meant"),
    [("lsit", "list"), ("hepl", "help"), ("Serach", "search"), (" setings ", "settings")],
)
def test_a_lone_word_that_is_nearly_a_command_is_told(word: str, meant: str) -> None:
    with pytest.raises(UnknownCommand) as told:
        check_typing(word)
    assert (told.value.word, told.value.meant) == (word.strip(), meant)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("lenght 8", "length 8"),
        ("langauge French", "language French"),
        ("digset on 9:00 paris", "digest on 9:00 paris"),
        ("setings bullets 8", "settings bullets 8"),
        ("prof 2", "proof 2"),
        ("exprot json", "export json"),
    ],
)
def test_a_line_that_is_nearly_a_command_is_told(text: str, line: str) -> None:
    with pytest.raises(UnknownCommand) as told:
        check_typing(text)
    assert (told.value.line, told.value.word) == (line, text.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    "text",
    ["lists of ships", "digests of it", "lengths of rope", "stops here", "help him", "settling in"],
)
def test_a_sentence_that_begins_nearly_so_is_none(text: str) -> None:
    check_typing(text)


@pytest.mark.parametrize(
    "text",
    ["", "thanks", "hello", "Hi", "ok", "yes", "no", "lsit?", "lsit them", "serach tea", "42", "¶"],
)
def test_anything_else_is_not(text: str) -> None:
    check_typing(text)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("list", ("list", "")),
        ("proof 2", ("proof", "2")),
        ("settings bullets 8", ("settings", "bullets 8")),
        ("help", ("help", "")),
    ],
)
def test_bare_commands_are_understood(text: str, means: tuple[object, ...]) -> None:
    assert meaning(text, understand) == means
