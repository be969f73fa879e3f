"""What the crypto store costs."""

import pytest

from bot.platforms.matrix.calls import Calls
from bot.platforms.matrix.cipher import Cipher
from tests.fakes.telemetry import FakeTelemetry

US, ANN, BOB, ROOM = "@bot:x", "@ann:x", "@bob:x", "!room:x"


@pytest.fixture
def cipher(tmp_path):
    one = Cipher(
        Calls("https://x.example", timeout=1),
        user=US,
        device="DEVICE",
        store=tmp_path / "DEVICE.db",
        key="a key",
        telemetry=FakeTelemetry(),
    )
    yield one
    one.close()


def member(who):
    return state("m.room.member", who, {"membership": "join"})


def state(kind, key, content):
    event = {"type": kind, "state_key": key, "content": content, "sender": ANN}
    return {**event, "event_id": f"${kind}{key}", "origin_server_ts": 1}


def sync(*timeline, known=()):
    joined = {"timeline": {"events": list(timeline)}, "state": {"events": list(known)}}
    return {"next_batch": "s1", "rooms": {"join": {ROOM: joined}}}


ENCRYPTED = state("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
TALK = {"type": "m.room.message", "content": {"body": "Hello"}, "sender": ANN, "event_id": "$talk"}


async def test_where_people_only_talk_the_crypto_store_is_left_alone(cipher):
    await cipher.receive(sync(known=[ENCRYPTED, member(US), member(ANN)]))
    told = []
    cipher._database.connection().set_trace_callback(told.append)
    await cipher.receive(sync(TALK))
    assert [one for one in told if not one.startswith(("BEGIN", "COMMIT"))] == []
    assert cipher.rooms.is_encrypted(ROOM)


async def test_who_comes_in_while_others_talk_is_known(cipher):
    await cipher.receive(sync(known=[ENCRYPTED, member(US), member(ANN)]))
    await cipher.receive(sync(TALK, member(BOB), TALK))
    assert set(cipher.client.rooms[ROOM].users) == {US, ANN, BOB}
    assert BOB in cipher.client.olm.users_for_key_query


async def test_whose_devices_are_no_longer_told_of_is_asked_for_when_he_talks(cipher):
    await cipher.receive(sync(known=[ENCRYPTED, member(US), member(ANN)]))
    cipher.client.olm.users_for_key_query.clear()
    await cipher.receive({**sync(), "device_lists": {"left": [ANN]}})
    await cipher.receive(sync(TALK))
    assert ANN in cipher.client.olm.users_for_key_query


async def test_a_room_in_which_nothing_was_set_yet_is_known(cipher):
    await cipher.receive(sync(TALK))
    assert cipher.rooms.knows(ROOM)
    assert not cipher.rooms.is_encrypted(ROOM)


async def test_what_is_encrypted_stays_so_after_a_restart(cipher, tmp_path):
    await cipher.receive(sync(known=[ENCRYPTED, member(US), member(ANN)]))
    cipher.close()
    again = Cipher(
        Calls("https://x.example", timeout=1),
        user=US,
        device="DEVICE",
        store=tmp_path / "DEVICE.db",
        key="a key",
        telemetry=FakeTelemetry(),
    )
    assert again.rooms.is_encrypted(ROOM)
    again.close()
