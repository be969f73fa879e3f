"""What a question asks for, and what a follow-up leans on."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from bot.core.answering.patterns import load
from bot.core.language.detect import detect
from bot.core.language.words import carries_meaning, fold, language_or_english, stop_words, words


class Kind(StrEnum):
    """What the answer has to hold."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    COUNT = "count"
    AMOUNT = "amount"
    DURATION = "duration"
    AGE = "age"
    WHY = "why"
    YES_NO = "yes_no"
    WHAT = "what"


class Asked(NamedTuple):
    """A kind, and the span of the words that say so ("how many"); empty where nothing does."""

    kind: Kind
    start: int = 0
    end: int = 0


@cache
def _lists() -> dict[str, dict[Kind, str]]:
    by_language: dict[str, dict[Kind, str]] = {}
    for name, pattern in load("asking").items():
        language, _, kind = name.partition(".")
        by_language.setdefault(language, {})[Kind(kind)] = pattern
    return by_language


@cache
def _patterns(language: str) -> list[tuple[Kind, re.Pattern[str]]]:
    listed = _lists().get(language, {})
    return [(kind, re.compile(rf"(?<!\w)(?:{listed[kind]})(?!\w)")) for kind in listed]


# What a follow-up says instead of naming things again, anywhere and as its last word only (where
# "that" is no conjunction and "das" no article); folded.
_LEANING = {
    "en": "he she it they him her them his its their else",
    "de": "er sie ihn ihm ihr ihnen seine seinen seiner ihren ihrer sonst",
    "fr": "il elle ils elles lui leur leurs",
    "es": "ella ellos ellas su sus",
}
_LEANING_LAST = {
    "en": "that this these those there then so",
    "de": "das dies diese dieser dort da dann noch es",
    "fr": "ca cela la alors autre",
    "es": "esto eso esa ese alli entonces mas el",
}
_ABOUT = re.compile(
    r"^\W*(?:and |but |so |ok |okay )*(?:what|how) about\s+"
    r"|^\W*and (?=(?:in |at |on |for )?(?-i:[A-Z]))"
    r"|^\W*(?:und )?(?:was ist mit|wie (?:ist|sieht) es mit)\s+|^\W*et (?:pour|à|en)\s+"
    r"|^\W*¿?y\s+(?:en|de|con)\s+",
    re.IGNORECASE,
)
_OPENS_AS_FOLLOW_UP = re.compile(r"^\W*(?:and|but|so|und|aber|et|mais|y|pero)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)\b[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*)*")


def asked(text: str, language: str | None = None) -> Asked:
    """Tell what a question asks for, in the language given, else in one that we know."""
    # folding may change the length of a text only through accents that stand apart
    folded = "".join(fold(character)[:1] or " " for character in text)
    for code in dict.fromkeys((language_or_english(language), "en", *_lists())):
        found = [
            (match.start(), -match.end(), kind)
            for kind, pattern in _patterns(code)
            if (match := pattern.search(folded))
        ]
        if found:
            start, end, kind = min(found)
            return Asked(kind, start, -end)
    return Asked(Kind.WHAT)


def resolve(text: str, previous: str | None) -> str:
    """Return a question that can be asked without the one before it.

    A follow-up gets the words that carry meaning of the previous question behind its own ("and
    when did he say that?"), or, where it only names something else ("what about Erbil?"), takes
    its place in the previous question. What stands alone is returned unchanged.
    """
    if not text.strip() or not previous or not previous.strip():
        return text
    about = _ABOUT.match(text)
    if about and asked(text[about.end() :]).kind is Kind.WHAT:
        return _replaced(previous, text[about.end() :].strip(" ?!."))
    if not _leans(text):
        return text
    mine = {fold(word.text) for word in words(text)}
    context = [word for word in _content(previous) if fold(word) not in mine]
    return f"{text} ({' '.join(context)})" if context else text


def _leans(text: str) -> bool:
    language = detect(text) or "en"
    tokens = [fold(word.text) for word in words(text)]
    content = _content(text)
    if not content or (len(content) == 1 and _OPENS_AS_FOLLOW_UP.match(text)):
        return True
    leaning = set(_LEANING.get(language, _LEANING["en"]).split())
    last = _LEANING_LAST.get(language, _LEANING_LAST["en"]).split()
    leans = not leaning.isdisjoint(tokens) or tokens[-1] in last
    return leans and not (_NAME.search(text) and len(content) > 2)  # noqa: PLR2004 - names enough


def _replaced(previous: str, topic: str) -> str:
    stem = previous.strip().rstrip("?!. ")
    names = list(_NAME.finditer(stem))
    if names and topic[:1].isupper():
        # the new name takes the place of the last one
        return f"{stem[: names[-1].start()]}{topic}{stem[names[-1].end() :]}?"
    return f"{stem} {topic}?"


def _content(text: str) -> list[str]:
    language = detect(text) or "en"
    span = asked(text, language)
    stops = stop_words(language) | stop_words("en")
    return [
        word.text
        for word in words(text)
        if not span.start <= word.start < span.end and carries_meaning(word.text, stops)
    ]
