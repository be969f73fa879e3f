"""The sentences of an article's parts, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.language.sentences import split_closely
from bot.core.language.words import Word, carries_meaning, stem, stop_words, words
from bot.core.writing import evidence as proofs
from bot.model import Article, Evidence, Part


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


def sentences(article: Article, *parts: Part, language: str | None) -> tuple[Sentence, ...]:
    """Return the sentences of these parts in order."""
    return tuple(
        _sentence(part, paragraph, text[start:end], start, language)
        for part, paragraph, text in proofs.texts(article, *parts)
        for start, end in split_closely(text, language)
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
