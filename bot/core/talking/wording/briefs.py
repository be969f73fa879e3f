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
            who = f" by {brief.model}" if brief.model else ""
            return f"Written{who} from the article; names, numbers and quotes checked."


def lead_only(count: int) -> str:
    """Say that some bullets state what the body lacks."""
    states = "states a detail" if count == 1 else "state details"
    return f"{count} {states} that the text below lacks (*)." if count else ""


def lead_only_words(said: tuple[str, ...]) -> str:
    """Name what only the lead bullet states."""
    return "only in the bullet: " + ", ".join(f"“{words}”" for words in said)


def quoted(count: int) -> str:
    """Say that some bullets are the article's own sentences among a model's."""
    is_one = "is the article's own sentence" if count == 1 else "are the article's own sentences"
    return f"{count} {is_one} (†): the model's could not be proven." if count else ""


_EMBEDDED = "so these are the article's own sentences."
ONLY_BEGINNING = "only its beginning was read"
_WARNINGS = {
    "teaser": "Only its beginning was read; the rest is behind a paywall.",
    "opening_sentences": "I don't know this language well: these are its opening sentences.",
    "model_unreachable": f"The model can't be reached right now, {_EMBEDDED}",
    "model_throttled": f"The model is busy, {_EMBEDDED}",
    "model_timed_out": f"The model took too long, {_EMBEDDED}",
    "model_declined": f"The model would not write about this, {_EMBEDDED}",
    "model_broken": f"What the model wrote could not be proven, {_EMBEDDED}",
    "model_silent": f"The model's server sent nothing, {_EMBEDDED}",
    "model_rejected": f"The model refused the request (briefbot doctor tells more), {_EMBEDDED}",
    "model_too_long": f"This is longer than the model takes, {_EMBEDDED}",
    "model_private": "This text is private, so no model was asked; the setting model_private "
    "allows it.",
    "model_workspace_spent": f"Today's model tokens are used up, {_EMBEDDED}",
    "model_channel_spent": f"This channel's model tokens for today are used up, {_EMBEDDED}",
    "translated": "Translated into {detail}: names and numbers are checked, the translation is "
    "not. Each proof is in the original words.",
    "untranslated": "{detail} is set here, but only a model translates: this is in the article's "
    "own language.",
    "budget_nearly": "80 % of today's model tokens are used.",
    "model_parts": "A long text: read in {detail} parts, the brief written from what they said.",
    "model_read": "A very long text: the model read the first {detail} of it.",
}


def warning(code: str) -> str:
    """Spell out a warning of a writer; a detail may stand behind a colon in its code."""
    name, _, detail = code.partition(":")
    return _WARNINGS.get(name, code).format(detail=detail)


def kept(days: int, where: str, origin: Origin) -> str:
    """Say how long a text is kept, and where, if that is said."""
    kind = {
        Origin.LINK: "Text",
        Origin.PRIVATE_LINK: "Text",
        Origin.UPLOAD: "File's text",
        Origin.PASTE: "Pasted text",
    }[origin]
    place = f" in {where}" if where else ""
    if days == 0:
        return f"{kind} not kept, only the brief{place and ',' + place}."
    return f"{kind} kept {plural(days, 'day')}{place}."


def next_steps(hints: Hints) -> str:
    """Say what can be done with a brief; nothing where its controls say so in words."""
    if not hints.ask:
        return ""
    return f"Ask: {hints.ask}" + (f"   Proof: {hints.proof}" if hints.proof else "")


def known_since(when: date) -> str:
    """Say that an article was briefed before."""
    return f"First read on {when.day} {when:%B %Y}."
