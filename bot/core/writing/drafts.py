"""What a model drafted -> bullets with their proof, or why not.

1. What hides, an address, a mention, markup or a second sentence refuses it.
2. The words that it quotes have to stand in the article: `core.language.canonical`.
3. The fact lock: no number, name or quotation that the article lacks.
4. Whole sentences of the article have to hold enough of what it says: a text that has nothing to
   do with the article states no wrong name and would pass the lock. Nor may a clause be added to
   it that has nothing to do with the article: `core.writing.strange`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.language.canonical import LEAST_WORDS, find
from bot.core.language.sentences import split
from bot.core.language.words import words
from bot.core.writing import evidence as proofs
from bot.core.writing.form import bullet_text
from bot.core.writing.guard import FORM, LONGEST_LOOKED_AT, clean, misshapen, tampered, unsafe
from bot.core.writing.labels import labelled
from bot.core.writing.quotations import outside
from bot.model import Bullet, Outcome, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.writing.ground import Lock
    from bot.core.writing.labels import Labelled
    from bot.model import Evidence

Reasons = tuple[tuple[str, str], ...]

MISQUOTED, FOREIGN, REPEATED = "misquoted", "foreign", "repeated"

# Of the lead bullets that people wrote, 3 % lie below these bounds; of sentences that have nothing
# to do with the article, all but 1 %.
_HELD, _SUPPORTED = 0.38, 0.12
_HELD_ADDRESSING, _SUPPORTED_ADDRESSING = 0.65, 0.2
_ADDRESSING = re.compile(r"\b(?:you|your|yours|me|my|mine|i|we|our|us)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<number>\d{1,2}\.\s+)\S+")
_SAME = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A bullet as a model wrote it: the label of a passage, and words copied from there."""

    text: str
    label: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A draft that is not said, and why: (kind, words at fault)."""

    draft: Draft
    reasons: Reasons


def accept(draft: Draft, lock: Lock) -> Bullet | Refused:
    """Return a draft as a bullet with 1 to 3 whole sentences under it, or refuse it."""
    said = said_well(draft.text, lock)
    if not isinstance(said, str):
        return Refused(draft=draft, reasons=said)
    span = quoted(draft.label, draft.quote, labelled(lock.article))
    if span is None:
        return Refused(draft=draft, reasons=((MISQUOTED, draft.quote),))
    evidence = lock.evidence(said, span)
    if not evidence:
        return Refused(draft=draft, reasons=((FOREIGN, said),))
    return Bullet(text=said, evidence=evidence)


def said_well(text: str, lock: Lock, *, sentences: int = 1) -> str | Reasons:
    """Return a text as it may be said, or why it may not be."""
    said = well_formed(text, lock, lock.language, sentences=sentences)
    return (_unproven(said, lock) or said) if isinstance(said, str) else said


def well_formed(
    text: str, lock: Lock, language: str | None, *, sentences: int = 1
) -> str | Reasons:
    """Return a text in some language as a plain bullet or answer, or why it is none."""
    if wrong := _tricked(text):
        return wrong
    said = _without_number(clean(text), lock)
    wrong = unsafe(said) or misshapen(said)
    if not wrong and (len(split(said, language)) > sentences or "\n" in text.strip()):
        wrong = ((FORM, "several sentences"),)
    if wrong:
        return wrong
    return bullet_text(said, language) if sentences == 1 else said


def _tricked(text: str) -> Reasons:
    """Return why a text, as it came, is not even looked at."""
    if len(text) > LONGEST_LOOKED_AT:
        return ((FORM, "too long"),)
    return ((FORM, "without hidden characters"),) if tampered(text) else ()


def _unproven(said: str, lock: Lock) -> Reasons:
    """Return what of a text the article does not bear out."""
    found = lock.check(said)
    if found.outcome is Outcome.BLOCK:
        return found.reasons
    if strange := lock.strange(said):
        return ((FOREIGN, strange),)
    return ((FOREIGN, said),) if _is_foreign(said, lock.share(said), found.support) else ()


def quoted(label: str, quote: str, texts: Sequence[Labelled]) -> Evidence | None:
    """Return the span that a quote is, looked for where its label says first; None if nowhere.

    A text of fewer words than a quote needs can be quoted whole.
    """
    if len(quote) > LONGEST_LOOKED_AT:
        return None
    named = [one for one in texts if one.label == label.strip(" []")]
    for one in [*named, *texts]:
        least = min(LEAST_WORDS, len(words(one.text)))
        span = find(quote, one.text, least_words=max(least, 1))
        if span is not None:
            return proofs.evidence(one.article, one.part, one.paragraph, *span)
    return None


def unlike(bullets: Iterable[Bullet], lock: Lock) -> list[Bullet]:
    """Drop bullets that say again what one before them said."""
    kept: list[Bullet] = []
    said: list[frozenset[str]] = []
    for bullet in bullets:
        mine = lock.meaning(bullet.text)
        if all(len(mine & other) < _SAME * max(1, min(len(mine), len(other))) for other in said):
            kept.append(bullet)
            said.append(mine)
    return kept


def in_order(bullets: Iterable[Bullet]) -> list[Bullet]:
    """Put bullets into the article's order, by where their first proof stands."""
    order = {Part.HEADLINE: 0, Part.STANDFIRST: 1, Part.LEAD_BULLET: 2, Part.BODY: 3}
    return sorted(
        bullets,
        key=lambda one: (
            order.get(one.evidence[0].part, 4),
            one.evidence[0].paragraph,
            one.evidence[0].start,
        ),
    )


def _without_number(said: str, lock: Lock) -> str:
    """Take off the number of a list; "5. Mai" stays where the article has it."""
    match = _NUMBERED.match(said)
    if match is None or any(match[0] in one.text for one in labelled(lock.article)):
        return said
    return said[match.end("number") :]


def _is_foreign(said: str, held: float, supported: float) -> bool:
    if held < _HELD and supported < _SUPPORTED:
        return True
    addressing = _ADDRESSING.search(outside(said)) is not None
    return addressing and held < _HELD_ADDRESSING and supported < _SUPPORTED_ADDRESSING
