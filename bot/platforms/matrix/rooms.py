"""What is known of the rooms that we are in: nio keeps it, from sync to sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nio import AsyncClient, MatrixRoom

    from bot.platforms.matrix.calls import Json

_MODERATOR = 50
_CREATORS_LIKE_OTHERS = frozenset(str(version) for version in range(1, 12))
_TWO, _TEN = 2, 10


class Rooms:
    """Our rooms."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        # Who made a room, where that counts for more than any power level.
        self._creators: dict[str, frozenset[str]] = {}
        # Who may do what: nio goes on to count whoever is named no more.
        self._levels: dict[str, Json] = {}

    def learn(self, room: str, joined: Json) -> None:
        """Take in of a sync what nio does not: who made a room, and who looks after it."""
        for part in ("state", "timeline"):
            for event in (joined.get(part) or {}).get("events") or ():
                if event.get("state_key") != "":
                    continue
                if event["type"] == "m.room.create":
                    self._creators[room] = _creators(event)
                elif event["type"] == "m.room.power_levels":
                    self._levels[room] = event["content"]

    def knows(self, room: str) -> bool:
        """Tell whether we are in a room, as far as was synced."""
        return room in self._client.rooms

    def leave(self, room: str) -> None:
        """Take in that we are in a room no longer."""
        self._client.rooms.pop(room, None)
        self._creators.pop(room, None)
        self._levels.pop(room, None)

    def people(self, room: str) -> frozenset[str]:
        """Return who is in a room, or invited."""
        known = self._room(room)
        return frozenset() if known is None else frozenset(known.users)

    def is_direct(self, room: str) -> bool:
        """Tell whether nobody but one person is in a room with us."""
        known = self._room(room)
        return known is not None and known.member_count <= _TWO

    def name_of(self, room: str, who: str) -> str:
        """Return what somebody is called in a room; empty where that is not known."""
        known = self._room(room)
        return "" if known is None else known.user_name(who) or ""

    def moderates(self, room: str, who: str) -> bool:
        """Tell whether somebody has a power level of 50 or more, or made the room."""
        if not self.knows(room):
            return False
        levels = self._levels.get(room, {})
        named = levels.get("users")
        level = named.get(who) if isinstance(named, dict) else None
        if level is None:
            level = levels.get("users_default")
        return _number(level) >= _MODERATOR or who in self._creators.get(room, ())

    def is_encrypted(self, room: str) -> bool:
        """Tell whether a room was ever seen to be encrypted: it never ceases to be."""
        known = self._room(room)
        ever = room in self._client.encrypted_rooms
        return ever or (known is not None and known.encrypted)

    def mark_encrypted(self, room: str) -> None:
        """Remember, for good, that a room is encrypted."""
        if room in self._client.rooms:
            self._client.rooms[room].encrypted = True
        self._client.encrypted_rooms.add(room)
        self._client.store.save_encrypted_rooms({room})

    def _room(self, room: str) -> MatrixRoom | None:
        return self._client.rooms.get(room)


def _creators(event: Json) -> frozenset[str]:
    """Return who made a room, where it counts: from room version 12 on."""
    content = event["content"]
    if str(content.get("room_version", "1")) in _CREATORS_LIKE_OTHERS:
        return frozenset()
    others = content.get("additional_creators")
    named = others if isinstance(others, list) else []
    return frozenset({event["sender"], *map(str, named)})


def _number(level: object) -> int:
    """Return a power level; old rooms have them as text."""
    if isinstance(level, str):
        level = int(level) if level.isascii() and level.isdecimal() and len(level) < _TEN else 0
    return int(level) if isinstance(level, int | float) else 0
