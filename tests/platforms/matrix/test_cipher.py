"""What the crypto store costs, and whom it believes."""

import pytest
from nio.crypto import OlmDevice

from bot.errors import NotSent
from bot.platforms.matrix.calls import Calls
from bot.platforms.matrix.cipher import Cipher
from bot.platforms.matrix.synced import sync as sound
from tests.fakes.telemetry import FakeTelemetry
from tests.platforms.matrix.fake import FakeCalls

US, ANN, BOB, ROOM = "@bot:x", "@ann:x", "@bob:x", "!room:x"
EVE = "@eve:evil"


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


def device_of(folder, calls, who, name):
    one = FakeCalls() if calls is None else calls
    one.url, one.token = "https://x.example", "a token"
    return Cipher(
        one, user=who, device=name, store=folder / name, key="a key", telemetry=FakeTelemetry()
    )


@pytest.fixture
def ours(tmp_path):
    """Give our device, over calls that record."""
    one = device_of(tmp_path, None, US, "OURS")
    yield one
    one.close()


@pytest.fixture
def anns(tmp_path):
    """Give Ann's device, which talks to us in the room."""
    one = device_of(tmp_path, None, ANN, "ANNS")
    yield one
    one.close()


def published(one, **more):
    keys = one.client.olm.share_keys()["device_keys"]
    return {**keys, **more}


async def knows(ours, who, devices, *, failures=()):
    """Have us ask for somebody's devices, and be told these."""
    ours.client.olm.users_for_key_query.add(who)
    ours._calls.answers["/keys/query"] = {"device_keys": devices, "failures": dict(failures)}
    await ours._keys.know([who])
    return {one.id for one in ours.client.olm.device_store.active_user_devices(who)}


def shared(anns, ours):
    """Have Ann hand us the key of what she says in the room."""
    theirs, key = anns.client.olm, anns.client.olm.account.identity_keys
    theirs.create_outbound_group_session(ROOM)
    session = theirs.outbound_group_sessions[ROOM]
    session.shared = True
    ours.client.olm.create_group_session(
        key["curve25519"], key["ed25519"], ROOM, session.id, session.session_key
    )


def sealed(anns, inside, kind="m.room.message", sender=ANN, event_id="$sealed"):
    payload = {"type": kind, "content": inside, "room_id": ROOM}
    content = anns.client.olm.group_encrypt(ROOM, payload)
    return {
        "type": "m.room.encrypted",
        "sender": sender,
        "event_id": event_id,
        "origin_server_ts": 1,
        "content": content,
        "unsigned": {},
    }


async def test_what_somebody_else_encrypted_is_not_taken_from_who_sends_it_on(ours, anns):
    shared(anns, ours)
    await knows(ours, ANN, {ANN: {"ANNS": published(anns)}})
    said = sealed(anns, {"msgtype": "m.text", "body": "Between us"})
    assert ours.decrypt(ROOM, {**said, "sender": EVE, "event_id": "$copy"}) is None
    bare = {k: v for k, v in said["content"].items() if k not in ("sender_key", "device_id")}
    assert ours.decrypt(ROOM, {**said, "content": bare, "sender": EVE}) is None
    assert ours.decrypt(ROOM, {**said, "content": bare})["content"]["body"] == "Between us"


async def test_to_publish_somebody_elses_key_as_ones_own_does_not_help(ours, anns, tmp_path):
    shared(anns, ours)
    await knows(ours, ANN, {ANN: {"ANNS": published(anns)}})
    keys = anns.client.olm.account.identity_keys
    fake = {"ed25519": "x" * 43, "curve25519": keys["curve25519"]}
    ours.client.olm.device_store.add(OlmDevice(EVE, "EVES", fake))
    said = sealed(anns, {"msgtype": "m.text", "body": "Between us"})
    assert ours.decrypt(ROOM, {**said, "sender": EVE}) is None


@pytest.mark.parametrize("kind", ["m.room.redaction", "m.room.tombstone", "m.room.member", "x", 5])
async def test_what_servers_must_see_is_not_taken_from_what_is_encrypted(ours, anns, kind):
    shared(anns, ours)
    said = ours.decrypt(ROOM, sealed(anns, {"redacts": "$bobs"}, kind))
    assert said is None or said["type"] == ""


@pytest.mark.parametrize("inside", [[], "x", 5, None])
async def test_what_is_encrypted_may_be_anything(ours, anns, inside):
    shared(anns, ours)
    ours.decrypt(ROOM, sealed(anns, inside))


BROKEN = {
    "no object": "x",
    "another's": {"user_id": BOB, "device_id": "EVES", "algorithms": [], "keys": {}},
    "no algorithms": {"user_id": EVE, "device_id": "EVES", "keys": {}},
    "keys of lists": {"user_id": EVE, "device_id": "EVES", "algorithms": [], "keys": []},
    "no keys": {"user_id": EVE, "device_id": "EVES", "algorithms": [], "keys": {}},
    "bad keys": {
        "user_id": EVE,
        "device_id": "EVES",
        "algorithms": [],
        "keys": {"ed25519:EVES": "!", "curve25519:EVES": "?"},
        "signatures": {EVE: {"ed25519:EVES": "!"}},
        "unsigned": "x",
    },
}


@pytest.mark.parametrize("device", BROKEN.values(), ids=BROKEN)
async def test_what_another_server_says_of_its_people_does_not_hide_ours(ours, anns, device):
    ours.client.olm.users_for_key_query.add(EVE)
    devices = {EVE: {"EVES": device}, ANN: {"ANNS": published(anns)}}
    ours.client.olm.users_for_key_query.update((EVE, ANN))
    ours._calls.answers["/keys/query"] = {"device_keys": devices}
    await ours._keys.know([EVE, ANN])
    known = ours.client.olm.device_store
    assert {one.id for one in known.active_user_devices(ANN)} == {"ANNS"}
    assert list(known.active_user_devices(EVE)) == []


@pytest.mark.parametrize("answer", [{}, {"device_keys": []}, {"device_keys": None}])
async def test_an_answer_without_devices_leaves_all_to_be_asked_for(ours, answer):
    ours.client.olm.users_for_key_query.update((ANN, BOB))
    ours._calls.answers["/keys/query"] = answer
    with pytest.raises(NotSent):
        await ours._keys.know([ANN, BOB])
    assert not ours._keys.are_known([ANN])


async def test_a_server_that_is_away_is_not_waited_for_with_every_post(ours):
    away = {"failures": {"evil": {}}.items()}
    await knows(ours, EVE, {}, **away)
    before = len(ours._calls.asked)
    for _ in range(5):
        await ours._keys.know([EVE])
    assert len(ours._calls.asked) == before
    ours._keys._unasked[EVE] = 0.0  # its time has come
    await ours._keys.know([EVE])
    assert len(ours._calls.asked) == before + 1


async def test_only_those_of_the_room_are_waited_for(ours):
    ours.client.olm.users_for_key_query.update((ANN, EVE))
    ours._calls.answers["/keys/query"] = {"device_keys": {}}
    await ours._keys.know([ANN])
    assert ours.client.olm.users_for_key_query == {EVE}


@pytest.mark.parametrize("key", [{}, "x", {"signed_curve25519:A": "x"}, {"a": {"key": "!"}}, None])
async def test_a_one_time_key_that_is_none_keeps_nobody_else_from_getting_ours(ours, anns, key):
    await knows(ours, ANN, {ANN: {"ANNS": published(anns)}})
    olm = anns.client.olm
    olm.account.generate_one_time_keys(1)
    made = next(iter(olm.account.one_time_keys["curve25519"].items()))
    body = {"key": made[1]}
    signed = {**body, "signatures": {ANN: {"ed25519:ANNS": olm.sign_json(body)}}}
    bobs = {"ed25519": "e" * 43, "curve25519": "c" * 43}
    ours.client.olm.device_store.add(OlmDevice(BOB, "BOBS", bobs))
    keys = {BOB: {"BOBS": key}, ANN: {"ANNS": {f"signed_curve25519:{made[0]}": signed}}}
    ours._calls.answers["/keys/claim"] = {"one_time_keys": keys}
    await ours._keys.claim({BOB: ["BOBS"], ANN: ["ANNS"]})
    assert ours.client.olm.session_store.get(olm.account.identity_keys["curve25519"])


async def test_who_is_no_moderator_any_more_is_none(ours):
    levels = state("m.room.power_levels", "", {"users": {ANN: 100, BOB: 50}})
    await ours.receive(sync(levels, member(US), member(ANN), member(BOB)))
    assert ours.rooms.moderates(ROOM, BOB)
    await ours.receive(sync(state("m.room.power_levels", "", {"users": {ANN: 100}})))
    assert not ours.rooms.moderates(ROOM, BOB)
    assert ours.rooms.moderates(ROOM, ANN)


@pytest.mark.parametrize(
    ("content", "moderates"),
    [
        ({"users": {ANN: "50"}}, True),
        ({"users": {ANN: "x"}}, False),
        ({"users": [ANN], "users_default": 50}, True),
        ({"users": {ANN: None}, "users_default": []}, False),
        ({"users": 5}, False),
    ],
)
async def test_levels_may_be_anything(ours, content, moderates):
    await ours.receive(sync(state("m.room.power_levels", "", content), member(US), member(ANN)))
    assert ours.rooms.moderates(ROOM, ANN) is moderates


async def test_nobody_has_us_keep_what_we_never_answer(ours):
    asks = [
        {
            "type": "m.room_key_request",
            "sender": EVE,
            "content": {
                "action": "request",
                "request_id": str(number),
                "requesting_device_id": "EVES",
                "body": {
                    "algorithm": "m.megolm.v1.aes-sha2",
                    "room_id": ROOM,
                    "session_id": "s",
                    "sender_key": "k",
                },
            },
        }
        for number in range(100)
    ]
    told = sound({"next_batch": "s1", "to_device": {"events": [*asks, "x", None, {"type": 5}]}})
    await ours.receive(told)
    assert ours.client.olm.received_key_requests == {}
