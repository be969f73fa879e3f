"""Whether a sentence turns round what a question asks.

People ask what a text nearly says: "why did the talks not fail", "who lost", of a text that
says who won. Of SQuAD 2.0's adversarial questions 15 % hold a denial that the nearest sentence
lacks and 5 % the opposite of one of its words; of the answerable ones 1 % each.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from bot.core.language.denial import denies
from bot.core.language.words import fold, language_or_english, words

_PREFIXES = ("un", "dis", "in", "im", "non", "ir", "il", "anti", "mis")


@cache
def _opposites(code: str) -> dict[str, set[str]]:
    lines = files("bot.core.answering").joinpath("data/opposites.txt").read_text("utf-8")
    opposites: dict[str, set[str]] = {}
    for line in lines.splitlines():
        language, _, pair = line.partition(" ")
        if language == code:
            one, _, other = pair.partition(" ")
            opposites.setdefault(one, set()).add(other)
            opposites.setdefault(other, set()).add(one)
    return opposites


def denied(question: str, text: str) -> bool:
    """Tell whether a question denies something and the text does not."""
    return denies(question) and not denies(text)


def opposed(question: str, text: str, language: str | None) -> bool:
    """Tell whether a text has, for a word of the question that it lacks, the opposite."""
    opposites = _opposites(language_or_english(language))
    held = {fold(word.text) for word in words(text)}
    missing = {fold(word.text) for word in words(question)} - held
    return any(
        not held.isdisjoint(opposites.get(word, ())) or _prefixed(word, held) for word in missing
    )


def _prefixed(word: str, held: set[str]) -> bool:
    """Tell whether a word is among others with "un" and the like put before it or taken away."""
    return any(
        f"{prefix}{word}" in held
        # what is left must be long enough to be a word: "in" + "to" is no opposite of "to"
        or (word.startswith(prefix) and len(word) - len(prefix) > 3 and word[len(prefix) :] in held)  # noqa: PLR2004
        for prefix in _PREFIXES
    )
