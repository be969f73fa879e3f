"""Our device's keys in a crypto store that a test may break, with a homeserver that forgets."""

import json

import pytest

from bot.errors import NotSent, StoreError
from bot.platforms.matrix.cipher import Cipher
from tests.fakes.telemetry import FakeTelemetry

US, DEVICE = "@briefbot:example.org", "OURS"


class Lost:
    """A homeserver that takes in what it is sent, while no answer of it arrives."""

    url, token, timeout = "http://127.0.0.1:1", "none", 1.0

    def __init__(self):
        self.uploads = []
        self.arrives = False

    async def post(self, path, body):
        assert path.endswith("/keys/upload")
        self.uploads.append(json.loads(json.dumps(body)))
        if not self.arrives:
            raise NotSent("matrix", "lost")
        return {"one_time_key_counts": {"signed_curve25519": 50}}


@pytest.fixture
def calls():
    return Lost()


@pytest.fixture
def opened(calls, tmp_path):
    """Open the crypto store, as often as a test wants."""
    ciphers = []

    def cipher():
        folder = tmp_path / "keys"
        folder.mkdir(exist_ok=True)
        ciphers.append(
            Cipher(
                calls,
                user=US,
                device=DEVICE,
                store=folder / "OURS.db",
                key="a key",
                telemetry=FakeTelemetry(),
            )
        )
        return ciphers[-1]

    yield cipher
    for one in ciphers:
        one.close()


async def test_no_key_is_handed_out_twice_however_often_the_answer_is_lost(calls, opened):
    for _ in range(2):  # killed in between
        cipher = opened()
        with pytest.raises(NotSent):
            await cipher.upkeep()
    calls.arrives = True
    await opened().upkeep()
    handed_out = [key for one in calls.uploads for key in one["one_time_keys"].items()]
    ids = [key_id for key_id, _ in handed_out]
    assert len(calls.uploads) == 3
    assert len(set(ids)) == len(ids)
    fallbacks = [key_id for one in calls.uploads for key_id in one["fallback_keys"]]
    assert len(set(fallbacks)) == len(fallbacks)


async def test_what_could_not_be_stored_is_not_taken_to_be(calls, opened):
    calls.arrives = True
    cipher = opened()
    await cipher.upkeep()
    cipher._database.execute_sql("PRAGMA query_only = ON")  # as on a disk that is full
    room = {"!r:example.org": {"state": {"events": [_encryption()]}}}
    synced = {"rooms": {"join": room}, "device_lists": {}}
    with pytest.raises(StoreError):
        await cipher.receive(synced)
    cipher._database.execute_sql("PRAGMA query_only = OFF")
    with pytest.raises(
        StoreError
    ):  # its memory is ahead of what is stored: it is to be opened anew
        await cipher.receive({})
    again = opened()
    await again.receive(synced)
    assert again.rooms.is_encrypted("!r:example.org")


def _encryption():
    return {
        "type": "m.room.encryption",
        "state_key": "",
        "event_id": "$e",
        "sender": "@ann:example.org",
        "origin_server_ts": 0,
        "content": {"algorithm": "m.megolm.v1.aes-sha2"},
    }
