"""Whose invitations we take, and into which rooms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.platforms.matrix.calls import Json

NOTE = "invite/"
"""What the name of an invitation's note begins with; the room's id follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Somebody wants us in a room; `via` is a server that knows it."""

    room: str
    inviter: str
    via: str = ""

    @property
    def note(self) -> str:
        """The name that it is noted under."""
        return NOTE + self.room

    def text(self) -> str:
        """Return it as it is noted."""
        return json.dumps({"inviter": self.inviter, "via": self.via})


def noted(name: str, text: str) -> Invitation:
    """Return the invitation that was noted."""
    kept = json.loads(text)
    return Invitation(
        room=name.removeprefix(NOTE), inviter=kept.get("inviter", ""), via=kept.get("via", "")
    )


def read(room: str, invited: Json, us: str) -> tuple[Invitation, str] | None:
    """Return what a sync says of an invitation, and the type of its room; None where nobody asks.

    A usual room has no type. What comes with an invitation was put together by another server: one
    that names several who invite us wants us to take one for another, and names none.
    """
    inviters, kind = set(), ""
    for event in invited["invite_state"]["events"]:
        content = event["content"]
        if event["type"] == "m.room.create":
            kind = str(content.get("type") or "")
        ours = event["type"] == "m.room.member" and event.get("state_key") == us
        if ours and content.get("membership") == "invite":
            inviters.add(event["sender"])
    if not inviters:
        return None
    inviter = inviters.pop() if len(inviters) == 1 else ""
    return Invitation(room=room, inviter=inviter, via=inviter.partition(":")[2]), kind


def welcome(who: str, patterns: Sequence[str], server: str) -> bool:
    """Tell whether a person may invite us: by default whoever has an account on our own server.

    A pattern is a user id in which * stands for anything, or the name of a server.
    """
    own = f"@*:{escape(server)}"  # an address of IPv6 has brackets
    for pattern in patterns or (own,):
        whole = pattern if pattern.startswith("@") or pattern == "*" else f"@*:{pattern}"
        if fnmatchcase(who, whole):
            return True
    return False
