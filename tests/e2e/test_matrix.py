"""`briefbot` on Matrix as an operator runs it: processes of its own on a real homeserver."""

import json

import pytest

from tests.e2e.test_serve import Place
from tests.standins.chat import Chat
from tests.standins.matrix import Person
from tests.standins.site import Site

pytestmark = [pytest.mark.synapse, pytest.mark.timeout(180)]


@pytest.fixture
async def place(homeserver, tmp_path):
    """Give a folder in which the program is set up for a new account."""
    account = await homeserver.register("briefbot")
    async with Chat() as chat, Site() as site:
        found = Place(tmp_path, chat, site)
        found.account = account
        found.more = {
            "BRIEFBOT_LOOPBACK_URL": "",
            "MATRIX_HOMESERVER": homeserver.url,
            "MATRIX_USER": account.user_id,
            "MATRIX_PASSWORD": account.password,
        }
        yield found
        await found.end()


async def briefed(ann, room, site, number):
    """Ask for a brief and wait for it."""
    link = await ann.say(room, f"!brief http://{site.host}/story/{number}")
    return await ann.sees(room, lambda one: one.thread == link and "•" in one.body, within=60)


async def invited(ann, place):
    room = await ann.create_room(encrypted=True, invite=[place.account.user_id])
    await ann.sees_member(room, place.account.user_id, within=60)
    return room


def doctor(cli, place):
    ran = cli("doctor", "--json", **place.environment)
    parts = {one["part"]: one for one in map(json.loads, ran.out.splitlines())}
    return parts["Matrix"]


async def test_from_nothing_to_a_brief_in_an_encrypted_room(place, homeserver, tmp_path, cli):
    before = doctor(cli, place)
    assert before["well"]
    assert "will log in at its first start" in before["detail"]
    bot = await place.start()
    async with await Person.at(homeserver, tmp_path / "ann", name="ann", strict=True) as ann:
        room = await invited(ann, place)
        post = await briefed(ann, room, place.site, 1)
        assert post.encrypted
        assert await bot.stop() == 0
        after = doctor(cli, place)
        assert after["well"]
        assert "signed" in after["detail"]
        assert place.account.password not in bot.log
        assert "/story/" not in bot.log


@pytest.mark.postgres
async def test_one_process_of_several_has_the_session(
    place, homeserver, tmp_path, empty_postgres_url
):
    place.more["DATABASE_URL"] = empty_postgres_url
    first = await place.start("serve", "--front-end-only")
    worker = await place.start("worker")
    async with await Person.at(homeserver, tmp_path / "ann", name="ann", strict=True) as ann:
        room = await invited(ann, place)
        second = await place.start("serve", "--front-end-only")
        await briefed(ann, room, place.site, 1)
        first.process.kill()
        await first.process.wait()
        await briefed(ann, room, place.site, 2)
        assert second.said("accepted")
        assert not second.said("not_opened")
        assert worker.said("begun")
        ours = [one for one in ann.timeline(room) if one.sender == place.account.user_id]
        assert len(ours) == 3  # the welcome and two briefs
        assert all(one.readable for one in ours)
