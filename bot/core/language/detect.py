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
    counts = Counter(fold(word.text) for word in words(text[: _LOOK_AT * 12])[:_LOOK_AT])
    total = counts.total()
    if not total:
        return None
    votes = {
        code: sum(counts[word] for word in counts.keys() & stop_words(code))
        for code in languages_with_stop_words()
    }
    best = max(votes, key=lambda code: votes[code])
    return best if votes[best] >= _ENOUGH * total else None
