"""Words, their stems, and the words that carry no meaning of their own."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Callable

# Letters and digits in a row; a point, comma or apostrophe holds a word together only between
# two of them ("1,500", "U.S", "don't"), and an apostrophe only before a short ending.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]{1,2}\b)?|\w", re.UNICODE)

_SURROGATE = re.compile("[\ud800-\udfff]")

# What is remembered between texts: words alone and a few thousand of them, so that a process that
# runs for years holds no text that was forgotten.
_KEPT = 8192
_LONGEST_KEPT = 40

_STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}


class Word(NamedTuple):
    """A word as it stands at text[start:end]."""

    text: str
    start: int
    end: int


def language_or_english(language: str | None) -> str:
    """Return the primary subtag of a language code, lower case; English where there is none."""
    primary = (language or "").replace("_", "-").partition("-")[0].lower()
    return primary or "en"


def words(text: str) -> list[Word]:
    """Return the words of a text in order: runs of letters, or numbers with their separators.

    A possessive or contracted ending of one or two letters stays with its word.
    """
    return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]


def well_formed(text: str) -> str:
    """Return a text as C libraries take it, character for character: no half of a pair alone.

    JSON may hold lone surrogates, which UTF-8 cannot.
    """
    return text if text.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def fold(text: str) -> str:
    """Return the text case-folded, without accents and with straight apostrophes."""
    if text.isascii():
        return text.lower()
    return _folded_word(text) if len(text) <= _LONGEST_KEPT else _folded(text)


def _folded(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(character for character in split if not unicodedata.combining(character))


_folded_word = lru_cache(maxsize=_KEPT)(_folded)


def stem(word: str, language: str | None = None) -> str:
    """Return the folded Snowball stem of one word; the folded word where there is no stemmer."""
    if len(word) > _LONGEST_KEPT:
        return _stemmed(word, language)
    return _stemmed_word(word, language)


def _stemmed(word: str, language: str | None) -> str:
    code = language_or_english(language)
    lowered = well_formed(word).lower().replace("’", "'").removesuffix("'s")
    stemmed = _stemmer(_STEMMERS[code])(lowered) if code in _STEMMERS else lowered
    return fold(stemmed)


_stemmed_word = lru_cache(maxsize=_KEPT)(_stemmed)


@cache
def _stemmer(name: str) -> Callable[[str], str]:
    # its own cache holds words of any length
    stem_word: Callable[[str], str] = Stemmer.Stemmer(name, maxCacheSize=0).stemWord
    return stem_word


def content_stems(text: str, language: str | None = None) -> list[str]:
    """Return the stems of the words that carry meaning, in order."""
    stops = stop_words(language)
    return [stem(word.text, language) for word in words(text) if carries_meaning(word.text, stops)]


def carries_meaning(word: str, stops: frozenset[str]) -> bool:
    """Tell whether a word is neither one of the stop words given nor a single letter."""
    folded = fold(word)
    return folded not in stops and (len(folded) > 1 or folded.isdigit())


def stop_words(language: str | None) -> frozenset[str]:
    """Return the folded stop words of a language; none where we have no list."""
    return _stop_words().get(language_or_english(language), frozenset())


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    lines = files("bot.core.language").joinpath("stop_words.txt").read_text("utf-8").splitlines()
    lists: dict[str, frozenset[str]] = {}
    for line in lines:
        codes, _, listed = line.partition(":")
        for code in codes.split():
            lists[code] = frozenset(fold(word) for word in listed.split())
    return lists


def languages_with_stop_words() -> tuple[str, ...]:
    """Return the codes of the languages that we have stop words for."""
    return tuple(_stop_words())
