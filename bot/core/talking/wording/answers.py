"""What stands around proofs and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Outcome, Part, Voice

if TYPE_CHECKING:
    from bot.model import Check, Evidence


def place(evidence: Evidence) -> str:
    """Return the short name of where a span stands."""
    number = evidence.paragraph + 1
    page = f", p. {evidence.page}" if evidence.page is not None else ""
    match evidence.part:
        case Part.BODY:
            return f"¶{number}{page}"
        case Part.HEADLINE:
            return "headline"
        case Part.STANDFIRST:
            return "standfirst"
        case Part.LEAD_BULLET:
            return f"bullet {number}"
        case Part.CAPTION:
            return f"caption {number}"


def caption(number: int) -> str:
    """Name a caption by its number, from 1."""
    return f"caption {number}"


def proof_heading(number: int, total: int) -> str:
    """Head the proof of one bullet."""
    return f"Proof of bullet {number} of {total}"


def voice(said: Voice, headline: str = "") -> str:
    """Open an answer in its voice; `headline` names the article where there may be several."""
    article = f"“{headline}”" if headline else "The article"
    match said:
        case Voice.SAYS:
            return f"{article} says:"
        case Voice.CLOSEST:
            of = f" of {article}" if headline else ""
            return f"The closest passage{of}, which may not answer it:"
        case Voice.ABSENT:
            return f"{article} doesn't say."


def composed(model: str | None) -> str:
    """Say who worded an answer."""
    who = f" by {model}" if model else ""
    return f"Worded{who} from these passages; names, numbers and quotes checked."


CLOSEST_IS = "Closest:"
ALSO = "Also:"
NOT_IN_MEMORY = "Nothing that was read here says."


UNCAUGHT = "Not caught: a “not”, two names swapped."


def check(found: Check) -> str:
    """Say what the fact lock found."""
    match found.outcome:
        case Outcome.PASS:
            return f"Pass: no name, number or quote is invented, and the words are near. {UNCAUGHT}"
        case Outcome.WARN:
            return (
                "Warn: no name, number or quote is invented, but the article's words are far off."
            )
        case Outcome.BLOCK:
            kinds = {"number": "the number", "name": "the name", "quote": "the quote"}
            what = ", ".join(f"{kinds.get(k, 'the ' + k)} “{v}”" for k, v in found.reasons)
            return f"Block: the article does not have {what}."
