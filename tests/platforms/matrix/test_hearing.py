"""What an event says: each kind, as an Incoming."""

import json
from datetime import UTC, datetime

import pytest

from bot.errors import NotSent
from bot.model import Control, Deleted, Edited, Posted, Pressed, Reacted
from bot.platforms.matrix.hearing import Hearing
from tests.platforms.matrix.fake import ANN, BOB, ROOM, US, event, said, session

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LINK = "https://example.org/pier"
OURS = {**said("A brief.", sender=US, event_id="$ours"), "unsigned": {}}
IN_THREAD = {"rel_type": "m.thread", "event_id": "$root"}
OURS_IN_THREAD = said("A brief.", sender=US, event_id="$brief", content={"m.relates_to": IN_THREAD})
THEIRS = said(f"Look: {LINK}", event_id="$theirs")
SECRET = event("m.room.encrypted", event_id="$secret", session_id="s", ciphertext="...")


def about(event_id, **more):
    return {"m.relates_to": {"event_id": event_id, **more}}


def annotation(key, of, sender=ANN):
    return event("m.reaction", sender, **about(of, rel_type="m.annotation", key=key))


def replacement(of, sender=ANN, new=None, **more):
    new = new or {"msgtype": "m.text", "body": f"Rather {LINK}/2"}
    content = {"m.new_content": new, **about(of, rel_type="m.replace")}
    return said("* edited", sender=sender, content=content, **more)


def reply(of):
    return {"m.relates_to": {"m.in_reply_to": {"event_id": of}}}


def redaction(of, **more):
    return {**event("m.room.redaction", redacts=of), **more}


# An event, and of what it comes to: the kind, its thread, its text.
TABLE = {
    "a message": (said("Hello"), Posted, "$e", "Hello"),
    "in a thread": (said("What?", content={"m.relates_to": IN_THREAD}), Posted, "$root", "What?"),
    "in a thread that is none": (
        said("Hi", content=about({"a": 1}, rel_type="m.thread")), Posted, "$e", "Hi",
    ),
    "in a thread without a root": (
        said("Hi", content={"m.relates_to": {"rel_type": "m.thread"}}), Posted, "$e", "Hi",
    ),
    "in a thread of rubbish": (
        said("Hi", content=about("$\x00\ud800", rel_type="m.thread")), Posted, "$e", "Hi",
    ),
    "relations that are none": (said("Hi", content={"m.relates_to": ["x"]}), Posted, "$e", "Hi"),
    "a reply to our post": (said("What?", content=reply("$ours")), Posted, "$ours", "What?"),
    "a reply into our thread": (said("What?", content=reply("$brief")), Posted, "$root", "What?"),
    "a reply to somebody": (said("What?", content=reply("$theirs")), Posted, "$e", "What?"),
    "a reply to what is elsewhere": (said("What?", content=reply("$far")), Posted, "$e", "What?"),
    "a reply to what is none": (said("Hm", content=reply({"x": []})), Posted, "$e", "Hm"),
    "a command": (said("!brief digest now"), Posted, "$e", "digest now"),
    "no text": (said("x", content={"body": ["a"]}), Posted, "$e", ""),
    "an image": (said("a.png", content={"msgtype": "m.image"}), Posted, "$e", ""),
    "an edit": (replacement("$theirs"), Edited, "$theirs", f"Rather {LINK}/2"),
    "somebody else's edit": (replacement("$theirs", sender=BOB), None, "", ""),
    "an edit of our post": (replacement("$ours"), None, "", ""),
    "an edit of our own": (replacement("$ours", sender=US), None, "", ""),
    "an edit of nothing": (replacement("$far"), None, "", ""),
    "an edit of what is none": (replacement({"x": 1}), None, "", ""),
    "an edit to nothing": (
        said("* x", content={"m.new_content": "x", **about("$theirs", rel_type="m.replace")}),
        None, "", "",
    ),
    "our own words": (said("Hello", sender=US), None, "", ""),
    "a control": (annotation("🔍", "$brief"), Pressed, "$root", Control.PROOF),
    "a control in another dress": (annotation("🗑", "$ours"), Pressed, "$ours", Control.DELETE),
    "a control on what is not ours": (annotation("🔍", "$theirs"), None, "", ""),
    "our own reaction": (annotation("🔍", "$ours", US), None, "", ""),
    "a newspaper": (annotation("📰", "$theirs"), Reacted, "$theirs", f"Look: {LINK}"),
    "a newspaper on nothing": (annotation("📰", "$far"), None, "", ""),
    "another reaction": (annotation("👍", "$theirs"), None, "", ""),
    "a reaction that is none": (annotation(["🔍"], "$ours"), None, "", ""),
    "a reaction on what is none": (annotation("🔍", ["$ours"]), None, "", ""),
    "a redaction": (redaction("$theirs"), Deleted, "$theirs", "$theirs"),
    "an old room's redaction": (redaction(None, redacts="$x"), Deleted, "$x", "$x"),
    "a redaction of nothing": (redaction(5), None, "", ""),
    "state": ({**event("m.room.topic", topic="x"), "state_key": ""}, None, "", ""),
    "what nobody knows": (event("org.example.thing", body=LINK), None, "", ""),
    "what was encrypted and is none of ours": (event("", redacts="$theirs"), None, "", ""),
    "what cannot be read": (event("m.room.encrypted", session_id="s"), None, "", ""),
}  # fmt: skip


@pytest.fixture
def here():
    one = session()
    one.calls.events = {each["event_id"]: each for each in (OURS, OURS_IN_THREAD, THEIRS)}
    return one


@pytest.fixture
def hearing(here):
    return Hearing(here, prefix="!brief", now=lambda: NOW)


@pytest.mark.parametrize(("told", "kind", "thread", "text"), TABLE.values(), ids=TABLE)
async def test_each_kind_of_event_says_what_it_says(hearing, told, kind, thread, text):
    found = await hearing.incoming(ROOM, told)
    if kind is None:
        assert found is None
        return
    assert isinstance(found, kind)
    assert found.key == "$e"
    match found:
        case Posted() | Edited() | Reacted():
            assert (found.message.thread.id, found.message.text) == (thread, text)
        case Pressed():
            assert (found.thread.id, found.action, found.who) == (thread, text, ANN)
        case Deleted():
            assert (found.thread.id, found.message_id) == (thread, text)


async def test_what_is_no_event_of_ours_is_not_asked_for(here, hearing):
    for of in ("", "x", "..", "$" + "x" * 300, "$\x00", "$a\nb", "$\ud800", 5, None, {"a": 1}):
        await hearing.incoming(ROOM, annotation("🔍", of))
        await hearing.incoming(ROOM, said("x", content=reply(of)))
        await hearing.incoming(ROOM, replacement(of))
    assert here.calls.asked == []


async def test_a_message_that_was_deleted_has_no_controls(here, hearing):
    here.calls.events["$ours"] = {**OURS, "content": {}}
    assert await hearing.incoming(ROOM, annotation("🗑", "$ours")) is None


async def test_the_last_edit_counts_where_its_author_made_it(here, hearing):
    edit = replacement("$theirs", event_id="$edit")
    told = {**THEIRS, "unsigned": {"m.relations": {"m.replace": edit}}}
    here.calls.events["$theirs"] = told
    found = await hearing.message(ROOM, "$theirs")
    assert found.text == f"Rather {LINK}/2"
    told["unsigned"]["m.relations"]["m.replace"] = {**edit, "sender": BOB}
    found = await hearing.message(ROOM, "$theirs")
    assert found.text == f"Look: {LINK}"


async def test_what_is_about_an_encrypted_message_is_looked_up_there(here, hearing):
    here.calls.events["$secret"] = SECRET
    here.cipher.secrets["s"] = {"type": "m.room.message", "content": THEIRS["content"]}
    found = await hearing.incoming(ROOM, annotation("📰", "$secret"))
    assert found.message.text == f"Look: {LINK}"


async def test_a_server_that_is_away_is_no_answer(here, hearing):
    here.calls.answers["%24theirs"] = NotSent("matrix", "away")
    with pytest.raises(NotSent):
        await hearing.incoming(ROOM, annotation("📰", "$theirs"))


@pytest.mark.parametrize("answer", [{}, {"sender": 5}, {**THEIRS, "content": "x"}, {"errcode": 1}])
async def test_an_answer_that_is_no_event_is_none(here, hearing, answer):
    here.calls.events["$theirs"] = answer
    assert await hearing.incoming(ROOM, annotation("📰", "$theirs")) is None


@pytest.mark.parametrize("told", [0, -1, 4_000_000_000_000, 2**60, True, 1.5, "1", None])
async def test_when_something_was_said_is_not_up_to_its_senders_server(hearing, told):
    """Else questions of the past would not count in an hour, and those of the future be kept."""
    found = await hearing.incoming(ROOM, {**said("Hello"), "origin_server_ts": told})
    assert found.message.sent_at == NOW


FILE = {
    "msgtype": "m.file",
    "body": "a.pdf",
    "info": {"size": 10, "mimetype": "application/pdf"},
    "file": {
        "url": "mxc://x/abc",
        "key": {"k": "key", "alg": "A256CTR", "more": [[[]]]},
        "iv": "iv",
        "hashes": {"sha256": "hash"},
    },
}


async def test_a_file_comes_with_what_opens_it_and_no_more(hearing):
    found = await hearing.incoming(ROOM, event(**FILE))
    (upload,) = found.message.uploads
    assert (upload.name, upload.size, upload.media_type) == ("a.pdf", 10, "application/pdf")
    assert json.loads(upload.handle) == {
        "url": "mxc://x/abc",
        "key": {"k": "key"},
        "iv": "iv",
        "hashes": {"sha256": "hash"},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"info": "x"},
        {"info": {"size": 10**30, "mimetype": "\ud800"}},
        {"info": {"size": -1, "mimetype": ["x"]}},
        {"filename": "\ud800\x00", "body": 5},
        {"filename": "x" * 60_000},
        {"file": {"url": "mxc://x/abc", "key": [], "hashes": 5, "iv": {}}},
    ],
)
async def test_a_file_that_is_described_wrongly_is_a_file(hearing, wrong):
    found = await hearing.incoming(ROOM, event(**{**FILE, **wrong}))
    (upload,) = found.message.uploads
    assert 0 < len(upload.name) <= 255
    assert 0 <= upload.size < 2**63
    f"{upload.name}{upload.media_type}{upload.handle}".encode()


async def test_what_is_remembered_does_not_grow_with_what_is_said(hearing):
    for number in range(180):
        await hearing.incoming(ROOM, said("x" * 60_000, event_id=f"${number}"))
    kept = sum(one.size for one in hearing._known.values())
    assert kept == hearing._size <= 10_000_000
    assert ("!room:x", "$179") in hearing._known
