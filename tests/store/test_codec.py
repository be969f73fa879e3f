"""That what the inbox and the ledger keep comes back as it was, or is kept for who can read it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import model
from bot.model import (
    Channel,
    Commanded,
    Deleted,
    DeliveryState,
    Edited,
    Ending,
    Incoming,
    Joined,
    Line,
    Message,
    Mode,
    Origin,
    Post,
    Posted,
    Pressed,
    Reacted,
    Reading,
    Reason,
    Removed,
    Step,
    Thread,
    Unreadable,
    Upload,
    Verdict,
    Workspace,
)
from bot.store import codec
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, NOON, accept, mention, post, posted, thread, to_post

moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3, minutes=-30))]))
threads = st.from_type(Thread)
messages = st.builds(
    Message,
    thread=threads,
    id=st.text(),
    author=st.text(),
    text=st.text(),
    uploads=st.from_type(tuple[Upload, ...]),
    sent_at=moments,
    private=st.booleans(),
)
with_messages = [
    st.builds(kind, message=messages, **others)
    for kind, others in (
        (Posted, {"key": st.text(), "mentions_us": st.booleans(), "direct": st.booleans()}),
        (Edited, {"key": st.text()}),
        (Reacted, {"key": st.text(), "who": st.text(), "reaction": st.text()}),
    )
]
without = [st.from_type(kind) for kind in (Deleted, Pressed, Joined, Removed, Unreadable)]
commands = st.builds(
    Commanded, key=st.text(), thread=threads, who=st.text(), text=st.text(), at=moments
)
incoming = st.one_of(*with_messages, *without, commands)
posts = st.from_type(Post)
# An article is long, and never in a step.
readings = st.builds(
    Reading,
    source=st.text(),
    verdict=st.sampled_from(Verdict),
    article=st.none(),
    detail=st.text(),
    share=st.none() | st.floats(0, 1),
    reason=st.sampled_from(Reason),
)


@given(incoming)
def test_what_comes_in_comes_back(value: Incoming) -> None:
    assert codec.load(codec.dump(value)) == value


@given(posts)
def test_what_goes_out_comes_back(value: Post) -> None:
    assert codec.load(codec.dump(value)) == value


steps = st.builds(
    Step,
    place=st.integers(),
    reading=readings,
    number=st.none() | st.integers(),
    again=st.booleans(),
)


@given(steps)
def test_steps_come_back(value: Step) -> None:
    assert codec.load(codec.dump(value)) == value


@pytest.mark.parametrize("kind", get_args(Incoming))
def test_every_kind_of_incoming_is_written_by_its_name(kind: type) -> None:
    assert kind.__name__ in codec._KNOWN


@pytest.mark.parametrize(
    "value", ["word", 7, 0.25, True, None, (), ("a", ("b",)), date(2026, 3, 2), NOON, Mode.OFF]
)
def test_plain_values_come_back(value: object) -> None:
    back = codec.load(codec.dump(value))
    assert (type(back), back) == (type(value), value)


@pytest.mark.parametrize("value", [{"a": 1}, [1], b"bytes", object(), Posted])
def test_what_is_no_value_of_the_model_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        codec.dump(value)


def test_what_is_not_in_the_model_is_not_made() -> None:
    assert "StrEnum" not in codec._KNOWN
    for kind in codec._KNOWN.values():
        assert kind.__module__.startswith(f"{model.__name__}.")


def test_a_field_that_was_not_there_yet_takes_its_default() -> None:
    older = json.loads(codec.dump(posted()))
    older.pop("mentions_us", None)
    older["message"].pop("uploads", None)
    read = codec.load(json.dumps(older))
    assert (read.mentions_us, read.message.uploads) == (False, ())


def fields_of(value: object) -> dict[str, set[str]]:
    """Return by its type which fields of each value inside are written."""
    found: dict[str, set[str]] = {}

    def look(part: object) -> None:
        if isinstance(part, list):
            for one in part:
                look(one)
        elif isinstance(part, dict):
            found.setdefault(part["is"], set()).update(part.keys() - {"is"})
            look(list(part.values()))

    look(json.loads(codec.dump(value)))
    return found


def test_what_uses_nothing_new_can_be_read_by_the_previous_release() -> None:
    joined = Joined(key="e1", channel=NEWS, inviter="ann")
    assert fields_of(joined)["Joined"] == {"key", "channel", "inviter"}
    assert fields_of(post()).get("Post") == {"blocks"}
    message = {"thread", "id", "author", "text", "sent_at"}
    assert fields_of(posted())["Message"] == message
    sent = posted().message
    assert fields_of(replace(sent, private=True))["Message"] == {*message, "private"}
    assert fields_of(replace(post(), asker="ann", loud=True))["Post"] == {"blocks", "asker", "loud"}


@pytest.mark.parametrize("kind", codec._KNOWN.values())
def test_of_any_value_only_what_is_not_as_by_default_is_written(kind: type) -> None:
    if not is_dataclass(kind):
        return
    given = {one.name: "x" for one in fields(kind) if one.default is MISSING}
    bare = kind(**given)
    assert fields_of(bare)[kind.__name__] == set(given)
    assert codec.load(codec.dump(bare)) == bare


@pytest.mark.parametrize("origin", Origin)
async def test_how_an_article_came_in_is_kept(store: SqlStore, origin: Origin) -> None:
    stored = await mention(store, origin=origin)
    assert stored.origin is origin
    assert await store.mention(NEWS, stored.number) == stored


@pytest.mark.parametrize(
    "change",
    [
        {"is": "Whispered"},
        {"loudness": 3},
        {"message": {"is": "Note", "text": "?"}},
        {"message": {"text": "without a type"}},
        {"is": "Reading"},
        {"is": "ValueError"},
    ],
)
def test_what_another_version_wrote_is_unreadable(change: dict[str, Any]) -> None:
    newer = {**json.loads(codec.dump(posted())), **change}
    with pytest.raises(codec.UnreadableError):
        codec.load(json.dumps(newer))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        '{"is": 3}',
        '{"is": []}',
        '{"is": "Mode", "value": "shouting"}',
        '{"is": "Mode"}',
        '{"is": "datetime", "value": "yesterday"}',
        '{"is": "datetime", "value": 5}',
        '{"is": "Posted", "key": "lacks the rest"}',
    ],
)
def test_what_is_damaged_is_unreadable(text: str) -> None:
    with pytest.raises(codec.UnreadableError):
        codec.load(text)


def test_an_error_says_nothing_of_what_was_stored() -> None:
    with pytest.raises(codec.UnreadableError) as raised:
        codec.load('{"is": "Posted", "key": "secret"')
    assert "secret" not in str(raised.value)


# --- in the store ----------------------------------------------------------------------------


def rewrite(path: Path, table: str, column: str, before: str, after: str) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (before, after))  # noqa: S608 - names of ours


async def test_an_event_of_another_version_is_kept_until_it_can_be_read(
    store: SqlStore, path: Path
) -> None:
    event = await accept(store)
    rewrite(path, "events", "incoming", '"Posted"', '"Whispered"')
    (read,) = await store.open_events(after=0, limit=9)
    assert read == await store.event(event.id)
    assert (read.incoming, read.ending, read.key) == (None, None, event.key)
    async with store.begin() as tx:
        await store.end_event(tx, event.id, Ending.DEAD, reason="unreadable", at=NOON)
    assert [one.reason for one in await store.letters(limit=9)] == ["unreadable"]
    rewrite(path, "events", "incoming", '"Whispered"', '"Posted"')
    async with store.begin() as tx:
        revived = await store.revive(tx, event.id, at=NOON)
    assert revived == (event, None)


async def test_a_post_of_another_version_is_kept_until_it_can_be_read(
    store: SqlStore, path: Path
) -> None:
    event = await accept(store)
    line = await to_post(store, event)
    rewrite(path, "deliveries", "post", '"Line"', '"Verse"')
    (read,) = await store.open_deliveries(after=0, limit=9)
    assert (read.post, read.state) == (None, DeliveryState.NEW)
    rewrite(path, "deliveries", "post", '"Verse"', '"Line"')
    assert await store.delivery(line.id) == line


async def test_what_stands_for_a_post_and_is_none_is_unreadable(
    store: SqlStore, path: Path
) -> None:
    line = await to_post(store, await accept(store))
    rewrite(path, "deliveries", "post", codec.dump(post()), codec.dump(Line(text="a line")))
    read = await store.delivery(line.id)
    assert read is not None
    assert read.post is None


async def test_steps_of_another_version_are_taken_once_more(store: SqlStore, path: Path) -> None:
    event = await accept(store)
    here = [
        Step(place=0, reading=Reading(source="a", verdict=Verdict.GONE)),
        Step(place=1, reading=Reading(source="b", verdict=Verdict.REFUSED, reason=Reason.PORT)),
    ]
    for step in here:
        async with store.begin() as tx:
            await store.add_step(tx, event.id, step)
    rewrite(path, "steps", "step", '"gone"', '"vanished"')
    assert await store.steps(event.id) == here[1:]


async def test_a_channel_s_own_words_are_stored_as_they_are(store: SqlStore) -> None:
    odd = Channel(workspace=Workspace(platform="matrix", id="ø"), id='!"\\\u2028')
    there = Deleted(key="e1", thread=thread(odd), message_id="📰")
    async with store.begin() as tx:
        event = await store.add_event(tx, there, thread=there.thread, message="📰", at=NOON)
    assert event is not None
    read = await store.event(event.id)
    assert read == event
    assert await store.open_events(after=0, limit=9) == [event]
    assert (await store.standing(thread(NEWS), most=9, since=NOON)).backlog == 0
