"""What Slack tells of a message, in the order in which it happened."""

from __future__ import annotations

import asyncio
from math import inf

import pytest

from bot.platforms.slack.order import Order, Told, told

ONE, OTHER = ("C1", "1.1"), ("C1", "2.2")


async def takes(order: Order, message: tuple[str, str], version: float | None) -> bool:
    async with order.turn(Told(message=message, version=version)) as newest:
        return newest


async def test_what_is_older_than_what_came_before_is_left_aside():
    order = Order()
    assert await takes(order, ONE, 5.0)
    assert not await takes(order, ONE, 0.0)
    assert not await takes(order, ONE, 4.0)
    assert await takes(order, ONE, 5.0), "it may have come to nothing the first time"
    assert await takes(order, OTHER, 0.0)


async def test_nothing_comes_after_a_deletion():
    order = Order()
    assert await takes(order, ONE, None)
    assert await takes(order, ONE, inf)
    assert not await takes(order, ONE, 0.0)
    assert not await takes(order, ONE, None)
    assert await takes(order, ONE, inf)


async def test_what_could_not_be_taken_in_is_as_if_it_had_not_come():
    order = Order()
    with pytest.raises(OSError, match="disk"):
        async with order.turn(Told(message=ONE, version=inf)):
            raise OSError("disk")
    assert await takes(order, ONE, 0.0)


async def test_one_message_s_are_taken_in_one_after_the_other():
    order, course = Order(), []

    async def slowly(message: tuple[str, str], version: float) -> None:
        async with order.turn(Told(message=message, version=version)) as newest:
            course.append(("begin", version, newest))
            await asyncio.sleep(0.01)
            course.append(("end", version, newest))

    await asyncio.gather(slowly(ONE, 0.0), slowly(ONE, inf), slowly(OTHER, 7.0))
    assert [one for one in course if one[1] != 7.0] == [
        ("begin", 0.0, True),
        ("end", 0.0, True),
        ("begin", inf, True),
        ("end", inf, True),
    ]
    assert course.index(("begin", 7.0, True)) < course.index(("end", 0.0, True))


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"type": "message", "channel": "C1", "ts": "1.1"}, Told(message=ONE, version=0.0)),
        ({"type": "app_mention", "channel": "C1", "ts": "1.1"}, Told(message=ONE, version=0.0)),
        (
            {"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.1"},
            Told(message=ONE, version=inf),
        ),
        (
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C1",
                "message": {"ts": "1.1", "edited": {"ts": "3.5"}},
            },
            Told(message=ONE, version=3.5),
        ),
        (
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C1",
                "message": {"ts": "1.1", "subtype": "tombstone"},
            },
            Told(message=ONE, version=inf),
        ),
        (
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C1",
                "message": {"ts": "1.1"},
            },
            None,
        ),
        (
            {"type": "reaction_added", "item": {"type": "message", "channel": "C1", "ts": "1.1"}},
            Told(message=ONE, version=None),
        ),
        ({"type": "reaction_added", "item": {"type": "file"}}, None),
        ({"type": "app_uninstalled"}, None),
    ],
)
def test_which_message_an_event_tells_of(event: dict, found: Told | None):
    assert told({"event": event}) == found
