"""What stands around a brief."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.core.talking.wording.places import OLD_AFTER_DAYS, UNDATED, plural
from bot.model import Method, Origin

if TYPE_CHECKING:
    from datetime import date

    from bot.core.talking.wording.places import Hints
    from bot.model import Brief


def published_on(published: date | None, today: date) -> str:
    """Say when an article was published, with its age once that matters."""
    if published is None:
        return UNDATED
    shown = f"{published.day} {published:%B %Y}"
    age = (today - published).days
    if age <= OLD_AFTER_DAYS:
        return shown
    if age < 2 * 365:
        return f"{shown}, {plural(age // 30, 'month')} old"
    return f"{shown}, {plural(age // 365, 'year')} old"


def share_read(share: float | None) -> str:
    """Say how much of the article was read."""
    if share is None:
        return ""
    return "read whole" if share >= 0.995 else f"read {round(share * 100)} %"  # noqa: PLR2004 - rounds to 100


def host(url: str | None) -> str:
    """Return the site's name in an address."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


BARE_TEXT = "The page could not be taken apart; this is from its bare text."


def method(brief: Brief) -> str:
    """Say whose words a brief is."""
    match brief.method:
        case Method.PUBLISHER:
            return "Its own bullets."
        case Method.EXTRACTIVE:
            return "Sentences of the article."
        case Method.ABSTRACTIVE:
            return "Written from the article."


def lead_only(count: int) -> str:
    """Say that some bullets state what the body lacks."""
    states = "states a detail" if count == 1 else "state details"
    return f"{count} {states} that the text below lacks (*)." if count else ""


def lead_only_words(said: tuple[str, ...]) -> str:
    """Name what only the lead bullet states."""
    return "only in the bullet: " + ", ".join(f"“{words}”" for words in said)


def warning(code: str) -> str:
    """Spell out a warning of a writer."""
    return {
        "opening_sentences": "I don't know this language well: these are its opening sentences.",
    }.get(code, code)


def kept(days: int, where: str, origin: Origin) -> str:
    """Say how long a text is kept, and where, if that is said."""
    kind = {Origin.LINK: "Text", Origin.UPLOAD: "File's text", Origin.PASTE: "Pasted text"}[origin]
    place = f" in {where}" if where else ""
    if days == 0:
        return f"{kind} not kept, only the brief{place and ',' + place}."
    return f"{kind} kept {plural(days, 'day')}{place}."


def next_steps(hints: Hints) -> str:
    """Say what can be done with a brief."""
    return f"Ask: {hints.ask}   Proof: {hints.proof}"


def known_since(when: date) -> str:
    """Say that an article was briefed before."""
    return f"First read on {when.day} {when:%B %Y}."
