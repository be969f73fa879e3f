"""Which language a text is in, by a vote of its stop words."""

from __future__ import annotations

from collections import Counter

from bot.core.language.words import fold, languages_with_stop_words, stop_words, words

_LOOK_AT = 1000
_ENOUGH = 0.12


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
