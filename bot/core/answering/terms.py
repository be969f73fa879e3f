"""The words that carry a question: stems without stop words, and how much each one weighs.

The weights come from a small shipped table of document frequencies, made by
`benchmarks/make_idf.py`. Counts over what other channels read would leak it, so there are none.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.language.words import (
    carries_meaning,
    fold,
    language_or_english,
    stem,
    stop_words,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _irregular(code: str) -> dict[str, str]:
    """Return the forms that Snowball does not bring together, with their base forms."""
    lines = files("bot.core.answering").joinpath("data/irregular.txt").read_text("utf-8")
    pairs = (line.split(" ") for line in lines.splitlines() if line.startswith(f"{code} "))
    return {form: base for _, base, *forms in pairs for form in forms}


def terms(text: str, language: str | None) -> list[str]:
    """Return the stems of the words that carry meaning, in order.

    Irregular forms (`data/irregular.txt`) count as their base form, since questions ask "when
    did they meet" of those who "met".
    """
    code = language_or_english(language)
    stops = stop_words(code)
    irregular = _irregular(code)
    return [
        stem(irregular.get(fold(word.text), word.text), code)
        for word in words(text)
        if carries_meaning(word.text, stops)
    ]


class Weights:
    """How much the stems of one language weigh: ln((N + 1) / (df + 1/2)), unseen ones most."""

    def __init__(self, documents: int, frequencies: Mapping[str, int]) -> None:
        self._documents = documents
        self._frequencies = frequencies
        self.most = self._weight(0)

    def __getitem__(self, term: str) -> float:
        return self._weight(self._frequencies.get(term, 0))

    def _weight(self, frequency: int) -> float:
        return math.log((self._documents + 1) / (frequency + 0.5))


@cache
def weights(language: str | None) -> Weights:
    """Return the weights of a language; without a table every stem weighs the same."""
    code = language_or_english(language)
    documents, frequencies = 1, {}
    table = files("bot.core.answering").joinpath("data/idf.txt").read_text("utf-8")
    for line in table.splitlines():
        tag, _, rest = line.partition(" ")
        if tag == code:
            count, _, stems = rest.partition(" ")
            if stems:
                frequencies.update(dict.fromkeys(stems.split(" "), int(count)))
            else:
                documents = int(count)
    return Weights(documents, frequencies)
