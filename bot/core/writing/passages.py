"""The sentences of an article's parts, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.language.detect import detect
from bot.core.language.words import Word, fold, language_or_english, stem, stop_words, words
from bot.core.writing import evidence as proofs
from bot.core.writing.cuts import cut
from bot.model import Article, Evidence, Part

# Enough words for the vote; a whole book need not be counted.
_DETECT_FROM = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence as it stands at [start:end] of a part's text.

    `words` have offsets into `text`; `stems` holds one stem for each of them, `content` those
    that carry meaning, in order.
    """

    part: Part
    paragraph: int
    start: int
    end: int
    text: str
    words: tuple[Word, ...]
    stems: tuple[str, ...]
    content: tuple[str, ...]

    def proof(self, article: Article) -> Evidence:
        """Return the evidence that is this whole sentence."""
        return proofs.evidence(article, self.part, self.paragraph, self.start, self.end)


def language_of(article: Article) -> str | None:
    """Return the article's language code, or what its words say it is, or None."""
    if article.language:
        return language_or_english(article.language)
    opening = " ".join((*article.lead_bullets, *article.paragraphs[:20]))
    return detect(opening[:_DETECT_FROM])


def sentences(article: Article, *parts: Part, language: str | None) -> tuple[Sentence, ...]:
    """Return the sentences of these parts in order."""
    return tuple(
        _sentence(part, paragraph, text[start:end], start, language)
        for part, paragraph, text in proofs.texts(article, *parts)
        for start, end in cut(text, language)
    )


def passage(text: str, language: str | None) -> Sentence:
    """Return a text of ours, cut into words as a sentence of an article is."""
    return _sentence(Part.BODY, 0, text, 0, language)


def _sentence(part: Part, paragraph: int, text: str, start: int, language: str | None) -> Sentence:
    found = tuple(words(text))
    stemmed = tuple(stem(word.text, language) for word in found)
    stops = stop_words(language)
    return Sentence(
        part=part,
        paragraph=paragraph,
        start=start,
        end=start + len(text),
        text=text,
        words=found,
        stems=stemmed,
        content=tuple(
            stem_of_it
            for word, stem_of_it in zip(found, stemmed, strict=True)
            if carries_meaning(word.text, stops)
        ),
    )


def carries_meaning(word: str, stops: frozenset[str]) -> bool:
    """Tell whether a word is neither a stop word nor a single letter."""
    return fold(word) not in stops and not (len(word) == 1 and word.isalpha())
