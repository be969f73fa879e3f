"""What Element's own SDK makes of a peer: whether it reads it, and which shield it shows."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.standins.matrix_js import INSTALLED, ElementPerson

pytestmark = [
    pytest.mark.element,
    pytest.mark.synapse,
    pytest.mark.skipif(not INSTALLED, reason="`make element` installs Element's SDK"),
]


@pytest.fixture
async def elements(homeserver, tmp_path):
    """Make people at Element's SDK, who go when the test is over."""
    async with AsyncExitStack() as stack:

        async def element(name, **given):
            person = await ElementPerson.at(homeserver, tmp_path, name=name, **given)
            return await stack.enter_async_context(person)

        yield element


@asynccontextmanager
async def answering(person):
    """Run a person as a bot would be: joins where he is invited, and answers everything."""

    async def serve():
        answered = set()
        while True:
            for room in person.invitations():
                await person.join(room)
            for room in list(person.client.rooms):
                for one in person.timeline(room):
                    if (
                        one.sender != person.user_id
                        and one.readable
                        and one.event_id not in answered
                    ):
                        answered.add(one.event_id)
                        await person.say(room, f"You said: {one.body}", thread=one.event_id)
            await asyncio.sleep(0.05)

    serving = asyncio.create_task(serve())
    yield
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def asks(element, peer, text, **room):
    """Ask a peer, which may be any running bot, in a new room; return its first message."""
    place = await element.create_room(invite=[peer], **room)
    await element.sees_member(place, peer)
    await element.say(place, text)
    return await element.sees(place, lambda one: one.sender == peer)


async def test_two_people_at_element(elements):
    ann, bob = await elements("ann"), await elements("bob")
    room = await ann.create_room(invite=[bob.user_id])
    await bob.join(room)
    await ann.say(room, "The pier is open")
    seen = await bob.sees(room, "pier")
    assert (seen.encrypted, seen.decrypted, seen.shield) == (True, True, "none")


@pytest.mark.parametrize("encrypted", [True, False], ids=["encrypted", "plain"])
async def test_a_peer_that_signs_its_device_is_read_without_a_shield(elements, people, encrypted):
    ann, bob = await elements("ann"), await people("bob", strict=True)
    async with answering(bob):
        seen = await asks(ann, bob.user_id, "Is it open?", encrypted=encrypted, direct=True)
    assert (seen.body, seen.failure) == ("You said: Is it open?", None)
    assert (seen.encrypted, seen.shield) == ((True, "none") if encrypted else (False, None))
    assert seen.thread
    assert bob.distrusted == []


async def test_a_peer_that_does_not_is_neither_read_nor_read_by(elements, people):
    ann, bare = await elements("ann"), await people("bare", signed=False)
    room = await ann.create_room(invite=[bare.user_id])
    await bare.join(room)
    await ann.sees_member(room, bare.user_id)
    said = await ann.say(room, "Is it open?")
    await bare.until(lambda: bare.timeline(room)[-1:], "anything", room=room)
    assert (bare.timeline(room)[-1].event_id, bare.timeline(room)[-1].readable) == (said, False)
    await bare.say(room, "Yes")
    seen = await ann.sees(room, lambda one: one.failure)
    assert (seen.sender, seen.body) == (bare.user_id, "")
    assert seen.failure == "UNSIGNED_SENDER_DEVICE"


async def test_who_is_lenient_reads_it_with_a_red_shield(elements, people):
    ann, bare = await elements("ann", strict=False), await people("bare", signed=False)
    async with answering(bare):
        seen = await asks(ann, bare.user_id, "Is it open?")
    assert (seen.body, seen.shield) == ("You said: Is it open?", "red")
    assert seen.reason == "UNSIGNED_DEVICE"


async def test_a_peer_with_a_new_identity_is_read_and_warned_of(elements, people):
    ann, bob = await elements("ann"), await people("bob")
    device = bob.client.device_id
    async with answering(bob):
        await asks(ann, bob.user_id, "Is it open?")
        assert not await ann.doubts(bob.user_id)
        await bob.new_identity()
        await ann.until(lambda: ann.doubts(bob.user_id), "another identity")
        await ann.until(lambda: ann.knows(bob.user_id, device), "a signed device")
        [room] = bob.client.rooms
        await ann.say(room, "Still?")
        seen = await ann.sees(room, "You said: Still?")
    assert seen.shield == "none"
