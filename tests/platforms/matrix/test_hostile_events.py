"""Whatever a stranger or a homeserver sends: we go on, and nobody is acted for who did not ask."""

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import NotSent, PlatformError, Rejected
from bot.model import (
    Deleted,
    Edited,
    Joined,
    Posted,
    Pressed,
    Reacted,
    Removed,
    Unreadable,
)
from bot.platforms.matrix.calls import Calls
from bot.platforms.matrix.cipher import Cipher
from bot.platforms.matrix.hearing import Hearing
from bot.platforms.matrix.pace import Pace
from bot.platforms.matrix.receiving import Manner, Receiving
from bot.platforms.matrix.synced import event_of, sync
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.fakes.telemetry import FakeTelemetry
from tests.platforms.matrix.fake import ANN, BOB, ROOM, US, event, said, session

KEYS = [
    "type", "sender", "content", "event_id", "state_key", "redacts", "unsigned", "body", "msgtype",
    "origin_server_ts", "m.relates_to", "rel_type", "m.in_reply_to", "m.new_content", "key", "url",
    "file", "info", "size", "mimetype", "filename", "formatted_body", "m.mentions", "user_ids",
    "room", "membership", "displayname", "prev_content", "prev_sender", "m.relations", "m.replace",
    "algorithm", "session_id", "sender_key", "device_id", "ciphertext", "replacement_room", "users",
    "users_default", "additional_creators", "room_version", "events", "timeline", "state", "join",
    "limited", "prev_batch", "invite", "invite_state", "leave", "rooms", "to_device",
]  # fmt: skip
WORDS = [
    "m.room.message", "m.reaction", "m.room.redaction", "m.room.encrypted", "m.room.member",
    "m.room.tombstone", "m.room.create", "m.room.power_levels", "m.room.encryption", "m.replace",
    "m.thread", "m.annotation", "m.text", "m.notice", "m.file", "m.megolm.v1.aes-sha2", "join",
    "leave", "invite", "ban", "🔍", "🗑", "📰", "!brief https://a.example/b", "$known", "$e", "$a/b",
    "$\x00", "\ud800", "..", "", US, ANN, BOB, ROOM, "!a/b:evil", "mxc://../..", "x" * 300,
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=5)
)
RUBBISH = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)
CONTENT = st.dictionaries(st.sampled_from(KEYS), RUBBISH, max_size=6)
EVENT = st.fixed_dictionaries(
    {
        "type": st.sampled_from(WORDS),
        "sender": st.sampled_from([ANN, BOB, US]) | RUBBISH,
        "event_id": st.sampled_from(["$e", "$f", "$g"]) | RUBBISH,
        "content": CONTENT | RUBBISH,
    },
    optional={
        "state_key": st.sampled_from(["", US, ANN]) | RUBBISH,
        "redacts": RUBBISH,
        "unsigned": CONTENT | RUBBISH,
        "origin_server_ts": RUBBISH,
    },
)
EVENTS = st.lists(EVENT | RUBBISH, max_size=4) | RUBBISH
PART = st.fixed_dictionaries({}, optional={"events": EVENTS, "limited": RUBBISH, "x": RUBBISH})
JOINED = st.fixed_dictionaries({}, optional={"timeline": PART | RUBBISH, "state": PART | RUBBISH})
ROOM_IDS = st.sampled_from([ROOM, "!other:x", "!a/b:evil", "!nowhere", "x"])
ROOMS = st.fixed_dictionaries(
    {},
    optional={
        "join": st.dictionaries(ROOM_IDS, JOINED | RUBBISH, max_size=2) | RUBBISH,
        "invite": st.dictionaries(
            ROOM_IDS, st.fixed_dictionaries({"invite_state": PART | RUBBISH}) | RUBBISH, max_size=2
        ),
        "leave": st.dictionaries(ROOM_IDS, JOINED | RUBBISH, max_size=2) | RUBBISH,
    },
)
SYNC = st.fixed_dictionaries(
    {"rooms": ROOMS | RUBBISH},
    optional={
        "to_device": PART | RUBBISH,
        "device_lists": CONTENT | RUBBISH,
        "device_one_time_keys_count": st.dictionaries(
            st.sampled_from(["signed_curve25519", "x"]), RUBBISH, max_size=2
        ),
        "device_unused_fallback_key_types": RUBBISH,
    },
)
MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


class Here:
    """We, between a homeserver that answers what it is told and an inbox that takes all."""

    def __init__(self, cipher=None):
        self.session = session()
        if cipher is not None:
            self.session.cipher = cipher
        self.calls, self.clock = self.session.calls, FakeClock()
        self.accepted, self.telemetry = {}, FakeTelemetry()
        self.store = FakeStore()
        self.syncs, self.asked_from = [], []
        self.calls.answers["/sync"] = self._synced
        self.calls.events["$known"] = said("We met.", sender=BOB, event_id="$known")

    def _synced(self):
        found = self.syncs.pop(0) if self.syncs else asyncio.CancelledError()
        if isinstance(found, BaseException):
            raise found
        return found

    async def accept(self, incoming):
        self.accepted.setdefault(incoming.key, incoming)

    async def hears(self, *syncs, position="s0"):
        """Start, be told these syncs, and be stopped; return the position that is noted."""
        if position is not None:
            await self.store.note(f"matrix:{US}", {"position": position})
        self.syncs = list(syncs)
        receiving = Receiving(
            self.session,
            Hearing(self.session, prefix="!brief", now=self.clock.now),
            notes=self.store,
            accept=self.accept,
            manner=Manner(grace=300.0),
            clock=self.clock,
            telemetry=self.telemetry,
            pace=Pace(lambda: 0.0),
        )
        with suppress(asyncio.CancelledError):
            await receiving.run(ready=asyncio.Event())
        return (await self.store.notes(f"matrix:{US}")).get("position")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    async def at_once(_seconds):
        await real(0)

    real = asyncio.sleep
    monkeypatch.setattr("bot.platforms.matrix.receiving.asyncio.sleep", at_once)


def room(*events, **more):
    return {"timeline": {"events": list(events), **more}}


def told(*events, position="s1", where=ROOM, **more):
    return {"next_batch": position, "rooms": {"join": {where: room(*events, **more)}}}


def last(*events):
    return told(*events, said("I am heard.", event_id="$last"), position="s9")


@MANY
@given(EVENT)
async def test_no_event_breaks_the_hearing(told_of):
    here = session()
    here.calls.events["$known"] = said("We met.", sender=BOB, event_id="$known")
    sound = event_of(told_of)
    if sound is None:
        return
    found = await Hearing(here, prefix="!brief", now=FakeClock().now).incoming(ROOM, sound)
    match found:
        case Posted() | Edited():
            assert found.message.author == sound["sender"] != US
        case Reacted() | Pressed():
            assert found.who == sound["sender"] != US
        case Deleted():
            assert sound["type"] == "m.room.redaction"
        case None:
            pass
    repr(found).encode("utf-8", "backslashreplace")


@MANY
@given(SYNC)
async def test_no_sync_keeps_the_next_from_being_heard(first):
    here = Here()
    position = await here.hears({**first, "next_batch": "s1"}, last())
    assert position == "s9"
    assert "$last" in here.accepted
    for key, incoming in here.accepted.items():
        json.dumps(key).encode()
        match incoming:
            case Posted():
                assert incoming.message.author != US
            case Joined() | Removed() | Pressed() | Reacted() | Edited() | Deleted():
                pass
            case _:
                assert isinstance(incoming, Unreadable)


@MANY
@given(RUBBISH)
async def test_what_is_no_sync_is_asked_for_again(found):
    here = Here()
    answer = found if isinstance(found, dict) else {}
    position = await here.hears({**answer, "next_batch": 5}, {}, last())
    assert position == "s9"
    assert "$last" in here.accepted


@pytest.fixture(scope="module")
def cipher(tmp_path_factory):
    one = Cipher(
        Calls("https://x.example", timeout=1),
        user=US,
        device="DEVICE",
        store=tmp_path_factory.mktemp("store") / "DEVICE.db",
        key="a key",
        telemetry=FakeTelemetry(),
    )
    yield one
    one.close()


@MANY
@given(SYNC)
async def test_no_sync_breaks_the_crypto_store(cipher, found):
    await cipher.receive(sync({**found, "next_batch": "s1"}))
    for joined in sync({**found, "next_batch": "s1"})["rooms"]["join"].values():
        for one in joined["timeline"]["events"]:
            opened = cipher.decrypt(ROOM, one)
            assert opened is None
    cipher.rooms.is_direct(ROOM)
    cipher.rooms.moderates(ROOM, ANN)
    cipher.rooms.name_of(ROOM, US)


@MANY
@given(CONTENT)
async def test_no_event_of_a_room_keeps_us_from_knowing_who_comes_in(cipher, content):
    where = "!fresh:x"
    cipher.rooms.leave(where)
    kinds = ("m.room.power_levels", "m.room.create", "m.room.name", "m.room.encryption")
    broken = [{**event(kind, ANN, "$b"), "state_key": "", "content": content} for kind in kinds]
    odd = {
        **event("m.room.member", BOB, "$c"),
        "state_key": BOB,
        "content": {**content, "membership": "join"},
    }
    ours = {**event("m.room.member", US, "$d", membership="join"), "state_key": US}
    await cipher.receive(sync(told(*broken, odd, ours, where=where)))
    assert cipher.rooms.people(where) == {US, BOB}
    cipher.rooms.moderates(where, ANN)


# What a stranger may send that once stopped us for good.
POISON = {
    "a session that is a list": event(
        "m.room.encrypted", algorithm="m.megolm.v1.aes-sha2", session_id=[], ciphertext="x"
    ),
    "a relation that is a word": event("m.room.encrypted", session_id="s", **{"m.relates_to": "x"}),
    "a relation of lists": event(
        "m.room.encrypted", session_id="s", **{"m.relates_to": {"rel_type": [], "event_id": {}}}
    ),
    "content that is a list": {**event("m.room.encrypted"), "content": ["x"]},
    "no content": {name: one for name, one in event().items() if name != "content"},
    "no id": {**event("m.room.encrypted", session_id="s"), "event_id": None},
    "what is no event": "x",
    "a tombstone of nothing": {**event("m.room.tombstone"), "state_key": ""},
    "itself as a reply": said("x", content={"m.relates_to": {"m.in_reply_to": {"event_id": "$e"}}}),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_one_event_does_not_stop_us_then_or_when_its_key_is_late(poison):
    here = Here()
    assert await here.hears(told(poison), last()) == "s9"
    here.clock.wait(minutes=10)
    assert await here.hears(last()) == "s9"
    assert "$last" in here.accepted


@pytest.mark.parametrize(
    "state",
    ["x", {"events": "x"}, {"events": ["x", None, {"content": []}, {"type": 5, "content": {}}]}],
)
async def test_an_invitation_made_of_nonsense_does_not_stop_us(state):
    here = Here()
    invite = {"next_batch": "s1", "rooms": {"invite": {"!theirs:evil": {"invite_state": state}}}}
    assert await here.hears(invite, last()) == "s9"


def invited_by(*who):
    events = [
        {**event("m.room.member", one, membership="invite"), "state_key": US, "event_id": None}
        for one in who
    ]
    invite = {"!theirs:evil": {"invite_state": {"events": events}}}
    return {"next_batch": "s1", "rooms": {"invite": invite}}


async def noted(here):
    return [name for name in await here.store.notes(f"matrix:{US}") if name.startswith("invite/")]


async def test_an_invitation_that_names_somebody_of_ours_beside_the_stranger_is_declined():
    here = Here()
    await here.hears(invited_by("@eve:evil", ANN), last())
    assert await noted(here) == []
    assert any(path.endswith("/leave") for path in here.calls.asked)
    await here.hears(invited_by(ANN), last())
    assert await noted(here) == ["invite/!theirs:evil"]


async def test_a_server_that_keeps_us_waiting_as_we_decline_does_not_deafen_us():
    here = Here()
    hanging = asyncio.Event()
    usual = here.calls.post

    async def post(path, body):
        await (hanging.wait() if path.endswith("/leave") else usual(path, body))

    here.calls.post = post
    async with asyncio.timeout(5):
        await here.hears(invited_by("@eve:evil"), last())
    assert "$last" in here.accepted


async def test_only_a_room_itself_says_that_it_moved():
    here = Here()
    moved = event("m.room.tombstone", replacement_room="!new:evil")
    await here.hears(told(moved), last())
    assert await noted(here) == []
    await here.hears(told({**moved, "state_key": ""}), last())
    assert await noted(here) == ["invite/!new:evil"]


MISSING = said("Said while it was busy.", event_id="$missing")


async def test_what_a_sync_left_out_is_not_lost_while_the_server_is_away():
    here = Here()
    away = [NotSent("matrix", "away")] * 5
    here.calls.answers["/messages"] = [*away, {"chunk": [MISSING], "end": None}]
    busy = told(said("Now", event_id="$now"), limited=True, prev_batch="p1")
    position = await here.hears(*([busy] * 6), last())
    assert position == "s9"
    assert list(here.accepted) == ["$missing", "$now", "$last"]


async def test_nothing_is_lost_however_long_the_server_is_away():
    here = Here()
    busy = told(said("Now", event_id="$now"), limited=True, prev_batch="p1")
    here.calls.answers["/messages"] = [NotSent("matrix", "away"), {"chunk": [MISSING]}]
    position = await here.hears(busy, *[NotSent("matrix", "away")] * 50, busy, last())
    assert position == "s9"
    assert list(here.accepted) == ["$missing", "$now", "$last"]
    troubles = [line.happened for line in here.telemetry.troubles]
    assert troubles == ["not_synced"] * 51


async def test_what_the_server_never_answers_does_not_keep_the_rest_from_being_heard():
    here = Here()
    here.calls.answers["/messages"] = NotSent("matrix", "500")
    busy = told(said("Now", event_id="$now"), limited=True, prev_batch="p1")
    assert await here.hears(*([busy] * 8), last()) == "s9"
    assert list(here.accepted) == ["$now", "$last"]


async def test_an_event_is_not_lost_while_what_it_is_about_cannot_be_asked_for():
    here = Here()
    relation = {"event_id": "$theirs", "rel_type": "m.annotation", "key": "📰"}
    newspaper = event("m.reaction", BOB, "$paper", **{"m.relates_to": relation})
    theirs = said("https://example.org/pier", event_id="$theirs")
    here.calls.answers["%24theirs"] = [NotSent("matrix", "away")] * 3 + [theirs]
    one = told(newspaper, said("And then", event_id="$then"))
    assert await here.hears(*([one] * 4), last()) == "s9"
    assert list(here.accepted) == ["$paper", "$then", "$last"]


async def test_one_room_that_fails_has_no_other_heard_twice_at_once():
    here = Here()
    here.calls.answers["/messages"] = [Rejected("matrix", "M_FORBIDDEN")]
    both = told(said("Now", event_id="$now"), limited=True, prev_batch="p1")
    both["rooms"]["join"]["!other:x"] = room(said("There", event_id="$there"))
    assert await here.hears(both, last()) == "s9"
    assert set(here.accepted) == {"$now", "$there", "$last"}


SECRET = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "Late"}}


def sealed(number, *, where="s", sender=ANN):
    content = {"algorithm": "m.megolm.v1.aes-sha2", "session_id": where, "ciphertext": "x"}
    return event("m.room.encrypted", sender, f"${number}", **content)


async def test_a_key_that_came_in_a_round_that_failed_opens_what_waits():
    here = Here()
    await here.hears(told(sealed(1)))
    here.calls.answers["/messages"] = [NotSent("matrix", "away"), {}]
    here.session.cipher.keys = frozenset({"s"})
    here.session.cipher.secrets["s"] = SECRET
    busy = told(said("Now", event_id="$now"), limited=True, prev_batch="p1", position="s2")
    await here.hears(busy, busy, last(), position="s1")
    assert "$1" in here.accepted


async def test_what_waits_is_not_tried_with_every_sync():
    here = Here()
    await here.hears(told(*(sealed(number) for number in range(50))))
    before = here.session.cipher.tried
    await here.hears(*([last()] * 20), position="s1")
    assert here.session.cipher.tried - before <= 50  # once, at the start


async def test_one_room_has_no_other_lose_what_waits():
    here = Here()
    for batch in range(30):
        spam = (sealed(f"{batch}x{number}") for number in range(50))
        await here.hears(told(*spam, where="!spam:evil"))
    await here.hears(told(sealed("ours")))
    held = await here.store.notes(f"matrix:{US}")
    assert "held/%21room%3Ax/$ours" in held
    assert len(held) < 1100


async def test_a_room_whose_id_has_a_slash_is_no_other_room():
    here = Here()
    await here.hears(told(sealed(1), where=f"{ROOM}/b:evil"))
    here.clock.wait(minutes=10)
    await here.hears(last(), position="s1")
    (told_of,) = [one for one in here.accepted.values() if isinstance(one, Unreadable)]
    assert told_of.thread.channel.id == f"{ROOM}/b:evil"


async def test_who_floods_a_room_with_what_nobody_can_read_is_told_once():
    here = Here()
    spam = [sealed(number, where=f"s{number}") for number in range(30)]
    days = [{**one, "origin_server_ts": day * 10**9} for day, one in enumerate(spam)]
    await here.hears(told(*days))
    here.clock.wait(minutes=10)
    await here.hears(last(), position="s1")
    assert sum(isinstance(one, Unreadable) for one in here.accepted.values()) == 1


async def test_an_error_that_nobody_foresaw_in_one_event_is_told_and_passed_over():
    here = Here()

    def breaks(*_args):
        raise RecursionError

    here.session.cipher.rooms.is_direct = breaks
    assert await here.hears(told(said("x"))) == "s1"
    assert [line.happened for line in here.telemetry.troubles] == ["malformed"]
    with pytest.raises(PlatformError):
        sync({})
