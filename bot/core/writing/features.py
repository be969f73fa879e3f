"""What the ranker looks at in a sentence: numbers that need no word list of newsworthiness.

Every feature is roughly between 0 and 3 so that the weights can be read. Term weights come from
the article alone: counts over other articles would leak what they say.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log, log1p, sqrt
from typing import TYPE_CHECKING

from bot.core.language.words import fold
from bot.core.writing.form import is_whole, stands_alone
from bot.core.writing.signals import signals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.writing.sentences import Sentence
    from bot.core.writing.signals import Signals

FEATURES = (
    "place",
    "first",
    "second",
    "third",
    "early",
    "depth",
    "relative",
    "within",
    "second_round",
    "turn",
    "turn_inverse",
    "length",
    "length_squared",
    "short",
    "long",
    "very_long",
    "lead",
    "first_sentence",
    "centre",
    "title",
    "before",
    "term_frequency",
    "top_term",
    "repeated",
    "distinct",
    "numbers",
    "money",
    "names",
    "recurring_names",
    "new_names",
    "quoted",
    "opens_with_quote",
    "speech",
    "own",
    "alone",
    "whole",
    "commas",
    "colon",
    "photo",
    "bracket",
    "weekday",
    "sentences",
)

_LEAD = 3


def vectors(sentences: Sequence[Sentence]) -> list[dict[str, float]]:
    """Return the tf-idf vector of each sentence, of length 1, idf from these sentences alone."""
    spread = Counter(stem for sentence in sentences for stem in set(sentence.content))
    found = []
    for sentence in sentences:
        counts = Counter(sentence.content)
        weights = {
            stem: (1 + log(count)) * log1p(len(sentences) / spread[stem])
            for stem, count in counts.items()
        }
        norm = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        found.append({stem: weight / norm for stem, weight in weights.items()})
    return found


def similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the dot product of two sparse vectors."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(stem, 0.0) for stem, weight in one.items())


def mean(many: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of sparse vectors; empty for none."""
    total: dict[str, float] = {}
    for one in many:
        for stem, weight in one.items():
            total[stem] = total.get(stem, 0.0) + weight / len(many)
    return total


def features(
    sentences: Sequence[Sentence], title: Sequence[str], language: str | None, *, bullets: int
) -> list[tuple[float, ...]]:
    """Return one row of FEATURES for each sentence of a body.

    `title` holds the headline's content stems, `bullets` is how many sentences are wanted.
    """
    spaces = vectors(sentences)
    counts = Counter(stem for sentence in sentences for stem in sentence.content)
    spread = Counter(stem for sentence in sentences for stem in set(sentence.content))
    names = Counter(name for sentence in sentences for name in set(names_of(sentence)))
    centre = mean(spaces)
    kinds = signals(language)
    titled = set(title)
    rows = []
    told: set[str] = set()
    opening = mean(spaces[:_LEAD])
    for at, sentence in enumerate(sentences):
        others = [space for other, space in enumerate(spaces[:_LEAD]) if other != at]
        lead = mean(others) if at < _LEAD else opening
        own = names_of(sentence)
        rows.append(
            (
                *_of_place(at, len(sentences), bullets),
                *_of_length(len(sentence.words)),
                2 * similarity(spaces[at], lead),
                similarity(spaces[at], spaces[0]) if at else 0.0,
                5 * similarity(spaces[at], centre),
                len(titled & set(sentence.content)) / max(len(titled), 1),
                similarity(spaces[at], spaces[at - 1]) if at else 0.0,
                *_of_terms(sentence, counts, spread, len(sentences)),
                *_of_names(own, names, told),
                *_of_form(sentence, language, kinds),
                log1p(len(sentences)) / 4,
            )
        )
        told.update(own)
    return rows


def _of_place(at: int, of: int, bullets: int) -> tuple[float, ...]:
    return (
        1 / (1 + at),
        float(at == 0),
        float(at == 1),
        float(at == 2),  # noqa: PLR2004 - the third sentence
        1 / (1 + at / 8),
        min(at, 40) / 20,
        at / of,
        float(at < bullets),
        float(bullets <= at < 2 * bullets),
        min(at / bullets, 6) / 3,
        1 / (1 + at / bullets),
    )


def _of_length(count: int) -> tuple[float, ...]:
    length = log(max(count, 1)) / 3
    return length, length * length, float(count < 8), float(count > 30), float(count > 45)  # noqa: PLR2004 - words


def _of_terms(
    sentence: Sentence, counts: Counter[str], spread: Counter[str], of: int
) -> tuple[float, ...]:
    content = sentence.content
    size = max(len(content), 1)
    return (
        sum(log(counts[stem]) for stem in content) / size,
        max((counts[stem] for stem in content), default=0) / sqrt(of) / 2,
        sum(spread[stem] > 1 for stem in content) / size,
        len(set(content)) / max(len(sentence.words), 1),
        min(len(re.findall(r"\d[\d.,]*", sentence.text)), 3) / 3,
        float(re.search(r"[£$€%]|per ?cent|million|billion", sentence.text) is not None),
    )


def names_of(sentence: Sentence) -> list[str]:
    """Return the stems of the capitalised words inside a sentence, its first word left out."""
    return [
        stem
        for word, stem in zip(sentence.words[1:], sentence.stems[1:], strict=True)
        if word.text[0].isupper() and stem in sentence.content
    ]


def _of_names(own: Sequence[str], names: Counter[str], told: set[str]) -> tuple[float, ...]:
    size = max(len(own), 1)
    return (
        min(len(own), 6) / 3,
        sum(names[name] > 1 for name in own) / size,
        min(sum(name not in told for name in set(own)), 4) / 2,
    )


def _of_form(sentence: Sentence, language: str | None, kinds: Signals) -> tuple[float, ...]:
    text = sentence.text
    folded = {fold(word.text) for word in sentence.words}
    quoted = re.search(r"[\"“”„«»]|(?:^|\s)['‘]\w", text) is not None
    return (
        float(quoted),
        float(text[:1] in "\"“„«'‘"),
        float(bool(folded & kinds.speech)),
        float(bool(folded & kinds.own)),
        float(stands_alone(sentence, language)),
        float(is_whole(text)),
        min(text.count(","), 4) / 2,
        float(":" in text),
        float(bool(folded & kinds.photo)),
        float("(" in text),
        float(bool(folded & kinds.weekday)),
    )
