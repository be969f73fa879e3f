"""What we say about settings: what they are called, who may change them, what a change does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.permission import QUIETER, Quieter
from bot.core.talking.wording.chatting import mode
from bot.core.talking.wording.places import plural

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.talking.applying import Effects
    from bot.model import ChannelSettings

NO_CHANGES = "Nothing was changed yet."
AS_IT_WOULD_LOOK = "The last brief would then look so:"
NO_BRIEF_TO_SHOW = "There is no article here with its text to show it on."
OF_ALL = "What holds in every channel that has not set it itself:"
SET_HERE, SET_FOR_ALL, LOCKED = "set here", "the workspace's", "locked for the workspace"

_SETTINGS = {
    "mode": ("When I brief a link", "off, when mentioned, on 📰, or every link"),
    "ignore": ("Sites to ignore", "example.com example.org, or none"),
    "bots": ("Brief links that other bots post", "In automatic mode; 📰 always works"),
    "outsiders": ("Work where other organisations read along", ""),
    "briefs_per_hour": ("Most messages briefed an hour, unasked", ""),
    "links_per_message": ("Most links of one message", ""),
    "bullets": ("Bullets of a brief", ""),
    "own_wording": ("Own wording, also where the publisher has bullets", ""),
    "language": (
        "Language of briefs and answers",
        "The article's, or another where a model writes",
    ),
    "digest": ("Daily digest", ""),
    "digest_time": ("Digest at", ""),
    "digest_days": ("Digest on", "mon tue wed thu fri sat sun"),
    "zone": ("Time zone", "Europe/Paris, America/New_York …"),
    "digest_from": ("No digest before", "a date like 2026-12-24, or none"),
    "digest_least": ("Fewest stories of a digest", ""),
    "digest_most": ("Most stories of a digest", ""),
    "article_days": ("Days that articles' text is kept", "0: briefs only, no questions"),
    "private_days": ("Days that pasted and uploaded text is kept", "0: briefs only"),
    "brief_days": ("Days that briefs are kept", ""),
    "question_days": ("Days that questions are kept", ""),
    "questions_per_hour": ("Most questions of a person an hour", ""),
    "model_private": ("Send pasted and uploaded text to the model", ""),
    "robots": ("Obey robots.txt", "in automatic mode only, always, or never"),
    "notify": ("Notify people of", "answers to them, digests too, or all that I post"),
}


def setting(name: str) -> tuple[str, str]:
    """Return what a setting is called in a form, and a hint."""
    return _SETTINGS.get(name, (name, ""))


_QUIETER = {
    Quieter.LOWER: "anyone: a quieter one",
    Quieter.FEWER: "anyone: fewer",
    Quieter.MORE: "anyone: more",
    Quieter.NO: "anyone: no",
    Quieter.LATER: "anyone: later",
}


def who_sets(name: str) -> str:
    """Say in a few words who may change a setting which way."""
    return _QUIETER.get(QUIETER[name], "keepers")


def locked_hint(hint: str) -> str:
    """Say in a form's hint that a setting can't be set there."""
    return f"{LOCKED.capitalize()}: my admins can change it. {hint}".strip()


def tried(name: str, before: str, after: str) -> str:
    """Say what a change would be."""
    return f"Tried, nothing is changed: {name}: {before} -> {after}"


def would_do(before: ChannelSettings, after: ChannelSettings, name: str) -> str:
    """Say what we would do otherwise after a change, in a sentence; empty for nothing to say."""
    if name == "mode":
        return mode(after)
    if name == "ignore":
        ours, theirs = set(after.ignore.split()), set(before.ignore.split())
        more, fewer = sorted(ours - theirs), sorted(theirs - ours)
        said = [f"Links to {', '.join(more)} would wait for 📰."] if more else []
        return " ".join(
            said + ([f"Links to {', '.join(fewer)} would be briefed."] if fewer else [])
        )
    label, _ = setting(name)
    return f"{label}: {_value(getattr(after, name))}."


def _value(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value) or "none"


def digest_comes(settings: ChannelSettings, next_one: datetime | None) -> str:
    """Say when the digest comes, in the channel's zone; `next_one` is in that zone, if known."""
    if not settings.digest:
        return "No digest comes: digest on turns it on."
    start = f" from {settings.digest_from} on" if settings.digest_from else ""
    least = plural(settings.digest_least, "story", "stories")
    stories = f"with {least} or more, {settings.digest_most} at most"
    when = (
        f"The digest comes at {settings.digest_time} ({settings.zone}) on "
        f"{', '.join(settings.digest_days.split())}{start}, {stories}."
    )
    return f"{when} The next one: {next_one:%a %d %B, %H:%M}." if next_one else when


def effects(found: Effects, *, shown: int, tried: bool) -> str:
    """Say what a change of a workspace's setting does in its channels."""
    would = "would change" if tried else "changed"
    parts = [f"It {would} in {len(found.changed)} of {plural(found.total, 'channel')}"]
    louder = sum(one.louder for one in found.changed)
    if louder:
        parts.append(f"{louder} of them louder")
    if found.own:
        parts.append("1 keeps its own" if found.own == 1 else f"{found.own} keep their own")
    first = f" The first {shown}:" if len(found.changed) > shown else ""
    return f"{', '.join(parts)}.{first}"


def and_more(count: int) -> str:
    """Say that channels are left out."""
    return f"and {plural(count, 'more channel')}"
