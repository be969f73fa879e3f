"""What a model answered -> an Answer with its quotes, or why it is not said.

The quotes are found in the stored text, and the stored spans are shown, never the model's
strings. Its own sentences go through the same checks as a bullet's, held against the articles that
are quoted and no others: whoever forgets an article forgets each answer that says anything of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering.answer import LONGEST_QUOTE, MOST_QUOTES
from bot.core.answering.terms import terms, weights
from bot.core.language.detect import language_of, translated, translated_into
from bot.core.language.sentences import split
from bot.core.writing import drafts
from bot.core.writing import evidence as proofs
from bot.core.writing.evidence import text_of
from bot.core.writing.ground import Lock
from bot.core.writing.guard import is_plain
from bot.core.writing.labels import labelled, tokens_of
from bot.core.writing.translated import Translation
from bot.model import Answer, Article, Method, Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.labels import Labelled
    from bot.model import Evidence

_SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as a model wrote it; `quotes` are pairs of a label and words copied from there."""

    found: bool
    text: str
    quotes: tuple[tuple[str, str], ...]


def texts_of(articles: Sequence[Article]) -> list[Labelled]:
    """Return what a model reads of some articles; the labels name the article where it matters."""
    if len(articles) == 1:
        return labelled(articles[0])
    return [one for number, article in enumerate(articles, 1)
            for one in labelled(article, number=number)]  # fmt: skip


def compose(
    reply: Reply, articles: Sequence[Article], *, language: str | None = None
) -> Answer | drafts.Reasons:
    """Return a reply as an answer whose quotes hold, or why it may not be said.

    `language` is the one wished for, None the articles' own.
    """
    texts = texts_of(articles)
    spans = [drafts.quoted(label, quote, texts) for label, quote in reply.quotes]
    found = [_whole(span, articles) for span in spans if span is not None]
    quotes = tuple(dict.fromkeys(one for one in found if is_plain(one.quote)))[:MOST_QUOTES]
    if not reply.found:
        return Answer(voice=Voice.ABSENT, text="", quotes=quotes[:1], method=Method.ABSTRACTIVE)
    if not quotes:
        return ((drafts.MISQUOTED, " · ".join(quote for _, quote in reply.quotes)),)
    versions = {span.version for span in quotes}
    lock = Lock(together([one for one in articles if one.version in versions]))
    into = translated_into(lock.article, language)
    if into is None:
        said = drafts.said_well(reply.text, lock, sentences=_SENTENCES)
    else:
        said = _abroad(reply.text, lock, into, quotes)
    if not isinstance(said, str):
        return said
    return Answer(
        voice=Voice.SAYS,
        text=said,
        quotes=quotes,
        confidence=0.5 + lock.share(said) / 2,
        method=Method.ABSTRACTIVE,
        warnings=(translated(into),) if into else (),
    )


def _abroad(text: str, lock: Lock, into: str, quotes: Sequence[Evidence]) -> str | drafts.Reasons:
    """Return an answer in another language than its articles', or why it may not be said."""
    translation = Translation(lock, into)
    said = translation.said_well(text, sentences=_SENTENCES)
    if isinstance(said, str) and not translation.is_borne_out(said, [one.quote for one in quotes]):
        return ((drafts.FOREIGN, said),)
    return said


def nearest(texts: Sequence[Labelled], question: str, *, most: int) -> Sequence[Labelled]:
    """Return the texts that share most with a question, in order, as `most` tokens hold them.

    All of them where they fit. A text's neighbours are worth half of what it is itself.
    """
    sizes = [tokens_of(one.line) + 1 for one in texts]
    if sum(sizes) <= most:
        return texts
    language = language_of(texts[0].article)
    weigh = weights(language)
    sought = set(terms(question, language))
    own = [
        sum(weigh[term] for term in sought.intersection(terms(one.text, language))) for one in texts
    ]
    worth = [
        mine + (own[at - 1] if at else 0.0) / 2 + (own[at + 1] if at + 1 < len(own) else 0.0) / 2
        for at, mine in enumerate(own)
    ]
    chosen: set[int] = set()
    for at in sorted(range(len(texts)), key=lambda place: (-worth[place], place)):
        if sizes[at] <= most:
            chosen.add(at)
            most -= sizes[at]
    return [texts[at] for at in sorted(chosen)]


def together(articles: Sequence[Article]) -> Article:
    """Return some articles as one text to check against."""
    if len(articles) == 1:
        return articles[0]
    return Article(
        url=None,
        version="-",
        headline=None,
        language=articles[0].language,
        authors=tuple(name for one in articles for name in one.authors),
        paragraphs=tuple(one.text for article in articles for one in labelled(article)),
    )


def _whole(span: Evidence, articles: Sequence[Article]) -> Evidence:
    """Return the whole sentences that a span touches."""
    article = next(one for one in articles if one.version == span.version)
    text = text_of(article, span.part, span.paragraph)
    touched = [
        (start, end)
        for start, end in split(text, language_of(article))
        if start < span.end and end > span.start
    ]
    if not touched or len(text[touched[0][0] : touched[-1][1]].split()) > LONGEST_QUOTE:
        return span
    return proofs.evidence(article, span.part, span.paragraph, touched[0][0], touched[-1][1])
