"""Which language a text is in, by a vote of its stop words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.language.words import (
    fold,
    language_or_english,
    languages_with_stop_words,
    stop_words,
    words,
)

if TYPE_CHECKING:
    from bot.model import Article

_LOOK_AT = 1000
_ENOUGH = 0.12
# Enough of an article for the vote; a whole book need not be counted.
_OPENING = 1_200
_OPENING_PARAGRAPHS = 20
_NAMES = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "nl": "Dutch",
    "nn": "Norwegian Nynorsk",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


def name_of_language(code: str | None) -> str:
    """Return a language's English name, as a model is told it."""
    return _NAMES.get(code or "", "the language of the article")


def translated_into(article: Article, wish: str | None) -> str | None:
    """Return the language that an article is to be translated into; None where it is in it."""
    return None if wish is None or language_of(article) == wish else wish


def translated(into: str) -> str:
    """Return the warning of what is a translation."""
    return f"translated:{name_of_language(into)}"


def untranslated(article: Article, wish: str | None) -> tuple[str, ...]:
    """Return the warning of what stays in an article's own language though another is wished."""
    into = translated_into(article, wish)
    return (f"untranslated:{name_of_language(into)}",) if into else ()


def language_of(article: Article) -> str | None:
    """Return the article's language code, or what its opening words say it is, or None."""
    if article.language:
        return language_or_english(article.language)
    opening = (*article.lead_bullets, *article.paragraphs[:_OPENING_PARAGRAPHS])
    return detect(" ".join(opening)[:_OPENING])


def detect(text: str) -> str | None:
    """Return the code of the language whose stop words are most of the text's, or None.

    Looks at the first 1,000 words; None where fewer than 12 % of them are stop words of any
    language that we know.
    """
    votes, total = _votes(text)
    best = max(votes, key=lambda code: votes[code])
    return best if total and votes[best] >= _ENOUGH * total else None


def may_be_in(text: str, language: str) -> bool:
    """Tell whether a text may be in a language: `detect` would say so, or misses it by one word."""
    votes, total = _votes(text)
    mine = votes.get(language, 0)
    return total > 0 and mine >= _ENOUGH * total and mine >= max(votes.values()) - 1


def _votes(text: str) -> tuple[dict[str, int], int]:
    """How many of the words are stop words of each language, and how many words there are."""
    counts = Counter(fold(word.text) for word in words(text[: _LOOK_AT * 12])[:_LOOK_AT])
    votes = {
        code: sum(counts[word] for word in counts.keys() & stop_words(code))
        for code in languages_with_stop_words()
    }
    return votes, counts.total()
