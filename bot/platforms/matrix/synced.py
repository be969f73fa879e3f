"""What a homeserver answers, as far as it is what the specification says.

Much of it was made by strangers on other servers, and is handed on as it came. What is of another
type than it should be is left out here, once: after this only what stands in a `content` can be
anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import NotSent
from bot.platforms.matrix.calls import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.platforms.matrix.calls import Json

_LONGEST = 255  # characters of an id, by the specification
_LATEST = 2**53
_TOLD_ASIDE = {"prev_content": dict, "prev_sender": str, "transaction_id": str, "m.relations": dict}
_MEMBER = {"membership": str, "displayname": str, "avatar_url": str}


def sync(found: Json) -> Json:
    """Return a sync without what is malformed. Raises NotSent where it is none at all."""
    position = found.get("next_batch")
    if not isinstance(position, str) or not position:
        raise NotSent(NAME, "no position")
    rooms, lists = _dict(found.get("rooms")), _dict(found.get("device_lists"))
    synced: Json = {
        "next_batch": position,
        "to_device": {"events": list(_to_us(_dict(found.get("to_device"))))},
        "device_lists": {part: _texts(lists.get(part)) for part in ("changed", "left")},
        "rooms": {
            "invite": _each(rooms.get("invite"), _invited),
            "join": _each(rooms.get("join"), _joined),
            "leave": _each(rooms.get("leave"), _joined),
        },
    }
    counts = found.get("device_one_time_keys_count")
    if isinstance(counts, dict):
        synced["device_one_time_keys_count"] = _typed(counts, dict.fromkeys(counts, int))
    unused = found.get("device_unused_fallback_key_types")
    if isinstance(unused, list):
        synced["device_unused_fallback_key_types"] = _texts(unused)
    return synced


def events(found: object) -> list[Json]:
    """Return those of a list of events that are any."""
    listed = found if isinstance(found, list) else []
    return [event for event in map(event_of, listed) if event is not None]


def event_of(found: object) -> Json | None:
    """Return an event of a room; None where it is none."""
    event = _stripped(found)
    if event is None or not is_id(event.get("event_id")):
        return None
    at = event.get("origin_server_ts")
    return {
        **event,
        "origin_server_ts": at if isinstance(at, int) and 0 <= at < _LATEST else 0,
        "unsigned": _typed(_dict(event.get("unsigned")), _TOLD_ASIDE),
    }


def is_id(found: object) -> bool:
    """Tell whether something can be the id of anything: no server takes what cannot."""
    return isinstance(found, str) and 0 < len(found) <= _LONGEST and found.isprintable()


def is_event_id(found: object) -> bool:
    """Tell whether something can be the id of an event."""
    return isinstance(found, str) and found.startswith("$") and is_id(found)


def is_room_id(found: object) -> bool:
    """Tell whether something can be the id of a room."""
    return isinstance(found, str) and found.startswith("!") and is_id(found)


def _joined(found: Json) -> Json:
    timeline, state = _dict(found.get("timeline")), _dict(found.get("state"))
    return {
        "timeline": {
            "events": events(timeline.get("events")),
            "limited": timeline.get("limited") is True,
            "prev_batch": str(timeline.get("prev_batch") or ""),
        },
        "state": {"events": events(state.get("events"))},
    }


def _invited(found: Json) -> Json:
    listed = _dict(found.get("invite_state")).get("events")
    told = listed if isinstance(listed, list) else []
    return {"invite_state": {"events": [one for one in map(_stripped, told) if one is not None]}}


def _stripped(found: object) -> Json | None:
    """Return an event as those are told of a room that we are not in: it may have no id."""
    if not isinstance(found, dict) or not isinstance(found.get("content"), dict):
        return None
    if not is_id(found.get("sender")) or not is_id(found.get("type")):
        return None
    key = found.get("state_key")
    if "state_key" in found and not (key == "" or is_id(key)):
        return None
    if found["type"] != "m.room.member":
        return found
    return {**found, "content": _typed(found["content"], _MEMBER)}


def _to_us(found: Json) -> Iterator[Json]:
    """Yield what was sent to our device alone, encrypted.

    The rest we never answer: who asks for keys that he lacks gets none, and nobody verifies us.
    """
    listed = found.get("events")
    for event in listed if isinstance(listed, list) else ():
        if isinstance(event, dict) and event.get("type") == "m.room.encrypted":
            yield event


def _each(found: object, made: Callable[[Json], Json]) -> dict[str, Json]:
    return {room: made(_dict(told)) for room, told in _dict(found).items() if is_room_id(room)}


def _dict(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _texts(found: object) -> list[str]:
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _typed(found: Json, types: Mapping[str, type]) -> Json:
    """Return what of an object is named in `types` and of the type there."""
    return {name: found[name] for name, kind in types.items() if isinstance(found.get(name), kind)}
