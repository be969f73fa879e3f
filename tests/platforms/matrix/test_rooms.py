"""Rooms: how we come in and go, and that nothing goes out unencrypted where it must not."""

import asyncio

import pytest

from bot.model import Removed, Unreadable
from tests.platforms.matrix.bot import MUSEUM_URL, PIER_URL, matrix_bot
from tests.platforms.matrix.talk import Talk, until

pytestmark = pytest.mark.synapse


async def accepted(bot, kind):
    """Wait until an Incoming of a kind was accepted."""
    return await until(lambda: [one for one in bot.accepted if isinstance(one, kind)])


async def test_invited_while_it_was_away_it_comes_in_later(bot, people):
    ann = await people("ann", strict=True)
    await bot.stop()
    room = await ann.create_room(encrypted=True, invite=[bot.user_id])
    await bot.start()
    await ann.sees_member(room, bot.user_id)
    await ann.sees(room, "invited me")


async def test_invited_before_its_first_start_it_comes_in(homeserver, tmp_path, people):
    ann = await people("ann", strict=True)
    async with matrix_bot(homeserver, tmp_path, started=False) as bot:
        room = await ann.create_room(encrypted=True, invite=[bot.user_id])
        await ann.say(room, f"!brief {PIER_URL}")
        await bot.start()
        await ann.sees(room, "invited me")
        link = await ann.say(room, f"!brief {PIER_URL}")
        await ann.sees(room, lambda one: one.thread == link and "Wexcombe" in one.body)
    ours = [one for one in ann.timeline(room) if one.sender == bot.user_id]
    assert len(ours) == 2  # of what was said before it came, nothing was heard


async def test_who_may_not_invite_is_declined(homeserver, tmp_path, people):
    ann, eve = await people("ann"), await people("eve")
    settings = {"MATRIX_INVITES": ann.user_id}
    async with matrix_bot(homeserver, tmp_path, settings=settings) as bot:
        theirs = await eve.create_room(invite=[bot.user_id])
        await eve.sees_member(theirs, bot.user_id, "leave")
        ours = await ann.create_room(invite=[bot.user_id])
        await ann.sees_member(ours, bot.user_id)
        space = await ann.create_room(invite=[bot.user_id], creation_content={"type": "m.space"})
        await ann.sees_member(space, bot.user_id, "leave")


async def test_put_out_of_a_room_it_says_nothing_more_there(bot, people):
    async with Talk.begun(bot, people, encrypted=True) as talk:
        bot.pages.held = asyncio.Event()
        await talk.ann_says(f"!brief {PIER_URL}")
        await until(lambda: bot.pages.asked)
        await talk.ann.kick(talk.room, bot.user_id)
        (removed,) = await accepted(bot, Removed)
        assert removed.channel.id == talk.room
        bot.pages.held.set()
        bot.pages.held = None
        await talk.ann.invite(talk.room, bot.user_id)
        await talk.ann.sees_member(talk.room, bot.user_id)
        link = await talk.ann_says(f"!brief {PIER_URL}")
        await talk.post_in(link)


async def test_put_out_and_invited_again_while_it_was_away_it_comes_back(bot, people):
    async with Talk.begun(bot, people, encrypted=True) as talk:
        await bot.stop()
        await talk.ann.kick(talk.room, bot.user_id)
        await talk.ann.invite(talk.room, bot.user_id)
        await bot.start()
        await talk.ann.sees_member(talk.room, bot.user_id)
        await talk.post_in(await talk.ann_says(f"!brief {PIER_URL}"))


async def test_encryption_that_was_not_synced_yet_is_not_missed(bot, people):
    async with Talk.begun(bot, people, encrypted=False) as talk:
        bot.pages.held = asyncio.Event()
        link = await talk.ann_says(f"!brief {PIER_URL}")
        await until(lambda: bot.pages.asked)
        await talk.ann.turn_encryption_on(talk.room)
        await talk.ann.say(talk.room, "From now on between us.")
        cipher = bot.platform._open.session.cipher
        await until(lambda: cipher.rooms.is_encrypted(talk.room))
        # As if it had not been: what goes out asks the server again.
        cipher.client.rooms[talk.room].encrypted = False
        cipher.client.encrypted_rooms.discard(talk.room)
        bot.pages.held.set()
        post = await talk.post_in(link)
        assert post.encrypted
        assert post.decrypted


async def test_a_key_that_comes_late_opens_what_waits_for_it(bot, people):
    async with Talk.begun(bot, people, encrypted=True) as talk:
        cipher = bot.platform._open.session.cipher
        receive, late = cipher.receive, []

        async def without_keys(synced):
            late.extend((synced.pop("to_device", None) or {}).get("events", ()))
            return await receive(synced)

        cipher.receive = without_keys
        link = await talk.ann_says(f"!brief {PIER_URL}")
        other = await talk.ann_says(f"Somebody should read {MUSEUM_URL}")
        await talk.bob.react(other, "📰")
        await until(lambda: late)
        await talk.bob.say(talk.room, "Is it there?")
        await asyncio.sleep(0.5)
        assert talk.ours_in(link) == []

        async def with_keys(synced):
            events = (synced.get("to_device") or {}).get("events", ())
            synced["to_device"] = {"events": [*late, *events]}
            late.clear()
            return await receive(synced)

        cipher.receive = with_keys
        await talk.bob.say(talk.room, "Now?")
        assert "Wexcombe" in (await talk.post_in(link)).body
        assert "museum" in (await talk.post_in(other)).body.lower()
        talk.check()


async def test_a_key_that_never_comes_is_told_once(homeserver, tmp_path, people):
    async with matrix_bot(homeserver, tmp_path, grace=0.5) as bot:
        ann = await people("ann")
        room = await ann.create_room(encrypted=True, invite=[bot.user_id], direct=True)
        await ann.sees(room, "invited me")
        for device in ann.client.device_store.active_user_devices(bot.user_id):
            ann.client.blacklist_device(device)
        said = [await ann.say(room, f"{PIER_URL}?{number}") for number in range(3)]
        await asyncio.sleep(1)
        await ann.react(said[0], "👋")  # so that something happens; that is not encrypted
        unreadable = await accepted(bot, Unreadable)
        assert all(one.direct for one in unreadable)
        assert len({one.key for one in unreadable}) == 1
        told = await ann.sees(room, lambda one: one.thread in said and "key" in one.body)
        assert told.mentions == (ann.user_id,)
        ours = [one for one in ann.timeline(room) if one.sender == bot.user_id]
        assert len(ours) == 2


@pytest.mark.signs
async def test_while_it_works_it_is_typing_and_what_is_slow_bears_a_sign(bot, people):
    async with Talk.begun(bot, people, encrypted=True) as talk:
        bot.pages.held = asyncio.Event()
        link = await talk.ann_says(f"!brief {PIER_URL}")
        await talk.bob.sees_typing(talk.room, bot.user_id)
        await talk.bob.sees_reaction(talk.room, link, "👀", by=bot.user_id)
        bot.pages.held.set()
        await talk.post_in(link)
        await talk.bob.until(
            lambda: "👀" not in talk.bob.reactions(talk.room, link), "no sign", room=talk.room
        )
