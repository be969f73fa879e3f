"""The bot and Element's own SDK, set to talk to nobody whose device is not signed."""

from contextlib import AsyncExitStack

import pytest

from tests.platforms.matrix.bot import PIER_URL
from tests.standins.matrix_js import INSTALLED, ElementPerson

pytestmark = [
    pytest.mark.element,
    pytest.mark.synapse,
    pytest.mark.skipif(not INSTALLED, reason="`make element` installs Element's SDK"),
]


@pytest.mark.parametrize("direct", [True, False], ids=["direct", "room"])
async def test_element_reads_the_bot_and_is_read_by_it(homeserver, bot, tmp_path, direct):
    async with AsyncExitStack() as stack:
        ann = await ElementPerson.at(homeserver, tmp_path, name="ann", strict=True)
        await stack.enter_async_context(ann)
        room = await ann.create_room(invite=[bot.user_id], direct=direct)
        await ann.sees_member(room, bot.user_id)
        welcome = await ann.sees(room, "invited me")
        link = await ann.say(room, f"!brief {PIER_URL}")
        brief = await ann.sees(room, lambda one: one.thread == link and "Wexcombe" in one.body)
        await ann.say(room, "How much did the repairs cost?", thread=link)
        answer = await ann.sees(room, "The article says")
        for seen in (welcome, brief, answer):
            assert (seen.encrypted, seen.decrypted, seen.failure) == (True, True, None)
            assert seen.shield == "none"
