"""The people of the Matrix tests on a real homeserver: what they do, others see."""

from __future__ import annotations

import pytest

from tests.standins.matrix import Person, RefusedError
from tests.synapse import Limits

pytestmark = pytest.mark.synapse


async def meet(one, other, **given):
    """Make a room of two."""
    room = await one.create_room(invite=[other], **given)
    await other.join(room)
    await one.sees_member(room, other.user_id)
    return room


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
async def test_two_people_chat(people, encrypted):
    ann, bob = await people("ann"), await people("bob")
    room = await meet(ann, bob, encrypted=encrypted, name="Wexcombe")
    said = await ann.say(room, "The pier is open", html="The <b>pier</b> is open", mentions=[bob])
    seen = await bob.sees(room, "pier")
    assert (seen.event_id, seen.sender, seen.msgtype) == (said, ann.user_id, "m.text")
    assert (seen.html, seen.mentions) == ("The <b>pier</b> is open", (bob.user_id,))
    assert (seen.encrypted, seen.decrypted) == (encrypted, encrypted)

    await bob.say(room, "Since when?", thread=said)
    await ann.sees(room, "Since when?")
    answer = await ann.say(room, "Since Friday", thread=said)
    await bob.sees(room, "Since Friday")
    await ann.edit(answer, "Since Saturday")
    assert (await bob.sees(room, "Since Saturday")).edited
    assert [one.body for one in bob.thread(room, said)] == ["Since when?", "Since Saturday"]
    await ann.redact(answer)
    await bob.until(lambda: len(bob.thread(room, said)) == 1, "one message", room=room)

    liked = await bob.react(said, "👍")
    await ann.sees_reaction(room, said, "👍", by=bob.user_id)
    await bob.redact(liked)
    await ann.until(lambda: not ann.reactions(room, said), "no reaction", room=room)

    await bob.types(room)
    await ann.sees_typing(room, bob.user_id)
    reply = await bob.say(room, "Good", reply_to=said)
    assert (await ann.sees(room, "Good")).reply_to == said
    with pytest.raises(AssertionError, match=r"ann did not see 'never' within 0.1 s(?s:.*)Good"):
        await ann.sees(room, "never", within=0.1)
    assert [one.event_id for one in ann.timeline(room) if one.readable and not one.thread] == [
        said,
        reply,
    ]


async def test_files_are_encrypted_where_the_room_is(people):
    ann, bob = await people("ann"), await people("bob")
    room = await meet(ann, bob)
    await ann.send_file(room, "pier.txt", "text/plain", b"open")
    seen = await bob.sees(room, "pier.txt")
    assert (seen.msgtype, await bob.open_file(seen)) == ("m.file", b"open")

    await ann.turn_encryption_on(room)
    await ann.send_file(room, "pier.png", "image/png", b"a picture")
    seen = await bob.sees(room, "pier.png")
    assert (seen.msgtype, seen.decrypted, "url" in seen.raw["content"]) == ("m.image", True, False)
    assert await bob.open_file(seen) == b"a picture"


async def test_rooms_are_looked_after(people):
    ann, bob = await people("ann"), await people("bob")
    room = await meet(ann, bob)
    await bob.leave(room)
    await ann.sees_member(room, bob.user_id, "leave")
    with pytest.raises(RefusedError, match="M_FORBIDDEN"):
        await bob.say(room, "still here?")
    await ann.invite(room, bob)
    await bob.join(room)
    await ann.set_power(room, bob, 50)
    await ann.kick(room, bob)
    await bob.until(lambda: not bob.members(room), "that he is out", room=room)


async def test_a_strict_person_neither_reads_nor_is_read_by_a_device_without_a_signature(people):
    ann, bare = await people("ann", strict=True), await people("bare", signed=False)
    room = await meet(ann, bare, encrypted=True)
    await bare.say(room, "from nobody's device")
    await ann.until(lambda: ann.distrusted, "what is distrusted", room=room)
    assert [one.body for one in ann.distrusted] == ["from nobody's device"]
    assert not [one for one in ann.timeline(room) if one.readable]
    secret = await ann.say(room, "not for you")
    await bare.until(lambda: bare.timeline(room)[-1].event_id == secret, "it at all", room=room)
    assert not bare.timeline(room)[-1].readable

    await bare.new_identity()
    await ann.sees(room, "from nobody's device")
    assert not ann.distrusted
    await ann.say(room, "for you")
    await bare.sees(room, "for you")
    assert not bare.timeline(room)[-2].readable


async def test_who_is_another_one_than_before_is_noticed(people):
    ann, bob = await people("ann", strict=True), await people("bob")
    room = await meet(ann, bob, encrypted=True)
    await ann.say(room, "hello")
    await bob.sees(room, "hello")
    assert ann.identity_changes == []
    before = bob.identity.master
    await bob.new_identity()
    await ann.until(lambda: ann.identity_changes, "another identity", room=room)
    [change] = ann.identity_changes
    assert (change.user_id, change.before) == (bob.user_id, before)
    assert change.after == bob.identity.master
    await bob.say(room, "still me")
    await ann.sees(room, "still me")


async def test_a_second_device_of_a_person_reads_along(people):
    ann, bob = await people("ann", strict=True), await people("bob")
    room = await meet(ann, bob, encrypted=True)
    await ann.say(room, "first")
    phone = await people("bob", account=bob.account, identity=bob.identity)
    await bob.sees(room, "first")
    await ann.until(lambda: ann.knows(phone), "the other device", room=room)
    await ann.say(room, "second")
    await phone.sees(room, "second")


async def test_a_homeserver_that_is_restarted_keeps_everything(people, homeserver):
    ann, bob = await people("ann"), await people("bob")
    room = await meet(ann, bob, encrypted=True)
    await ann.say(room, "before")
    await bob.sees(room, "before")
    await homeserver.stop()
    await homeserver.start()
    await bob.say(room, "after")
    await ann.sees(room, "after")
    names = [one.user_id.partition(":")[0] for one in (ann, bob)]
    assert ann.transcript(room) == [f"{names[0]}: before", f"{names[1]}: after"]


@pytest.mark.parametrize("strict_homeserver", [Limits(per_second=0.1, burst=10)], indirect=True)
async def test_a_homeserver_with_limits_slows_people_down(strict_homeserver, tmp_path):
    async with await Person.at(strict_homeserver, tmp_path, name="ann") as ann:
        room = await ann.create_room()

        async def send(numbers):
            for number in numbers:
                path = f"/rooms/{room}/send/m.room.message/{number}"
                await ann.client.ask("PUT", path, {"msgtype": "m.text", "body": f"no. {number}"})

        with pytest.raises(RefusedError, match="M_LIMIT_EXCEEDED"):
            await send(range(20))
        await strict_homeserver.override_ratelimit(ann.user_id)
        await send(range(20, 40))
        await ann.sees(room, "no. 39")
