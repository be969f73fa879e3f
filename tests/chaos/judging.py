"""What people on a homeserver must find, and must not, when a storm is over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.chaos.scene import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.chaos.crowd import Crowd, Room
    from tests.standins.matrix import Person
    from tests.standins.matrix.seen import Seen


def judged(crowd: Crowd, rooms: Sequence[Room], last: Sequence[tuple[Room, str]]) -> Judgement:
    """Judge what is in the rooms; in `last` stands what everybody must be able to read."""
    found = Judgement(
        events=sum(crowd.called.values()), posts=sum(len(crowd.ours(room)) for room in rooms)
    )
    for room in rooms:
        _count(crowd, room, found)
        found.unreadable += _unreadable(crowd, room)
        found.exposed += [
            f"{room} {one.event_id}"
            for one in crowd.ours(room)
            if room.encrypted and not one.encrypted
        ]
    found.unreadable += _unread(crowd, last)
    found.lost += crowd.complaints
    return found


def _count(crowd: Crowd, room: Room, found: Judgement) -> None:
    there = Counter(one.thread or "" for one in crowd.ours(room))
    called = {root: count for (id_, root), count in crowd.called.items() if id_ == room.id}
    for root in sorted(called.keys() | there.keys()):
        where = f"{room} {root}: {there[root]} posts of {called.get(root, 0)}"
        if there[root] < called.get(root, 0):
            found.lost.append(where)
        elif there[root] > called.get(root, 0):
            found.duplicates.append(where)


def _unreadable(crowd: Crowd, room: Room) -> list[str]:
    """Return what those could not read, or were not shown, who were there all the time."""
    return [
        f"{room} {one.event_id} to {who.name}"
        for who in room.steady
        for one in (*_sealed(crowd, room, who), *_distrusted(room, who))
    ]


def _sealed(crowd: Crowd, room: Room, who: Person) -> Iterator[Seen]:
    for one in who.timeline(room.id):
        if one.sender == crowd.bot and not one.redacted and not one.readable:
            yield one


def _distrusted(room: Room, who: Person) -> Iterator[Seen]:
    for one in who.distrusted:
        if one.raw.get("room_id", room.id) == room.id:
            yield one


def _unread(crowd: Crowd, last: Sequence[tuple[Room, str]]) -> list[str]:
    """Return who could not read our last post in a room: new devices, and who had left."""
    return [
        f"{room} {event} to {who.name} on {who.client.device_id}"
        for room, event in last
        for who in crowd.everybody
        if who.user_id in crowd.members(room)
        and not any(one.readable and one.sender == crowd.bot for one in who.thread(room.id, event))
    ]
