"""What the chat server's platform reads and writes: events in, texts out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import (
    Bullets,
    Channel,
    Commanded,
    Deleted,
    Edited,
    Heading,
    Item,
    Joined,
    Line,
    Message,
    Post,
    Posted,
    Quote,
    Reacted,
    Removed,
    Thread,
    Workspace,
)
from bot.platforms.loopback.events import decode
from bot.platforms.loopback.text import text_of

CHANNEL = Channel(workspace=Workspace(platform="loopback", id="W1"), id="C1")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

WHERE = {"key": "k1", "workspace": "W1", "channel": "C1"}
SAID = {
    **WHERE,
    "thread": "m0",
    "message": "m1",
    "author": "ada",
    "text": "hello",
    "sent_at": "2026-03-04T13:00:00+01:00",
}
EVENTS = {
    "posted": {"kind": "posted", **SAID, "mentions_us": True, "direct": False},
    "edited": {"kind": "edited", **SAID},
    "reacted": {"kind": "reacted", **SAID, "who": "bo", "reaction": "newspaper"},
    "deleted": {"kind": "deleted", **WHERE, "thread": "m0", "message": "m1"},
    "commanded": {
        "kind": "commanded",
        **WHERE,
        "thread": "m0",
        "who": "bo",
        "text": "help",
        "at": "2026-03-04T12:00:00Z",
    },
    "joined": {"kind": "joined", **WHERE, "inviter": "bo"},
    "removed": {"kind": "removed", **WHERE},
}


def message(thread: str = "m0") -> Message:
    return Message(
        thread=Thread(channel=CHANNEL, id=thread),
        id="m1",
        author="ada",
        text="hello",
        sent_at=NOON,
    )


@pytest.mark.parametrize(
    ("kind", "incoming"),
    [
        ("posted", Posted(key="k1", message=message(), mentions_us=True)),
        ("edited", Edited(key="k1", message=message())),
        ("reacted", Reacted(key="k1", message=message(), who="bo", reaction="newspaper")),
        ("deleted", Deleted(key="k1", thread=message().thread, message_id="m1")),
        (
            "commanded",
            Commanded(key="k1", thread=message().thread, who="bo", text="help", at=NOON),
        ),
        ("joined", Joined(key="k1", channel=CHANNEL, inviter="bo")),
        ("removed", Removed(key="k1", workspace=CHANNEL.workspace, channel=CHANNEL)),
    ],
)
def test_every_kind_of_event_is_read(kind, incoming):
    assert decode(EVENTS[kind]) == incoming


def test_without_a_thread_a_message_or_a_command_is_the_root_of_its_own():
    assert decode({**EVENTS["posted"], "thread": None}).message == message("m1")
    assert decode({**EVENTS["deleted"], "thread": None}).thread.id == "m1"
    assert decode({**EVENTS["commanded"], "thread": None}).thread.id == "k1"


@pytest.mark.parametrize("kind", EVENTS)
def test_a_field_too_few_or_too_many_is_refused(kind):
    event = EVENTS[kind]
    for field in event:
        with pytest.raises(ValueError, match=field):
            decode({name: value for name, value in event.items() if name != field})
    with pytest.raises(ValueError, match="more"):
        decode({**event, "more": None})


@pytest.mark.parametrize("kind", EVENTS)
def test_a_field_of_another_type_is_refused(kind):
    for field in EVENTS[kind]:
        for wrong in (7, [], {}, 1.5, "a\0b", "\ud83d"):
            with pytest.raises(ValueError, match=field):
                decode({**EVENTS[kind], field: wrong})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("key", ""),
        ("author", None),
        ("thread", ""),
        ("sent_at", "2026-03-04T12:00:00"),
        ("sent_at", "noon"),
        ("sent_at", "0001-01-01T00:00:00+14:00"),
        ("mentions_us", 1),
        ("direct", None),
        ("kind", "shouted"),
    ],
)
def test_values_out_of_bounds_are_refused(field, wrong):
    with pytest.raises(ValueError, match=field):
        decode({**EVENTS["posted"], field: wrong})


@pytest.mark.parametrize("event", [None, [], "posted", 3])
def test_what_is_no_object_is_refused(event):
    with pytest.raises(ValueError, match="event"):
        decode(event)


def test_a_post_is_plain_lines():
    post = Post(
        blocks=(
            Heading(text="A head", url="https://a.example/?a=1&b=2", details=("Post", "undated")),
            Bullets(items=(Item(text="One", places=("¶1",), note="*"), Item(text="Two")), first=9),
            Quote(place="¶1", quote="said so", before="She ", after=" twice."),
            Quote(place="¶2", quote="whole", quiet=True),
            Line(text="First\nsecond \x1b[31mline", quiet=True),
            Heading(text="Another", url=None),
        )
    )
    assert text_of(post) == (
        "A head\nhttps://a.example/?a=1&amp;b=2\nPost · undated\n\n"
        "9. One * [¶1]\n10. Two\n\n"
        "¶1 She *said so* twice.\n¶2 *whole*\n\n"
        "First\nsecond [31mline\n\n"
        "Another"
    )


def test_the_words_of_an_article_call_nobody_and_stay_on_their_line():
    shout = "<!here> & <@U1>\nnew\tline\x00"
    calm = "&lt;!here&gt; &amp; &lt;@U1&gt; new line"
    item = Item(text=shout, places=(shout,), note=shout)
    quote = Quote(place=shout, quote=shout, before=shout, after=shout)
    heading = Heading(text=shout, url=shout, details=(shout,))
    for block in (heading, Bullets(items=(item,)), quote, Line(text=shout.replace("\n", " "))):
        text = text_of(Post(blocks=(block,)))
        assert calm in text
        assert not {"<", ">", "\0", "\t"} & set(text)
