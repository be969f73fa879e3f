"""Briefs and answers with their proof, without full texts, for other programs and for people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.core.talking import layout, wording
from bot.errors import BadSetting
from bot.model import Voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.model import (
        Answer,
        Answered,
        Article,
        Brief,
        ChannelSettings,
        Check,
        Evidence,
        Mention,
        Question,
        Reading,
    )

Json = dict[str, Any]
"""One JSON object; its shape is in the docstring of the function that makes it."""

FORM = "briefbot-export"
VERSION = 1
"""Of the form of an export; what a reader of an older one could not understand counts it up."""


_FORMS = ("md", "markdown", "json")
_ALLOWED = "mine, thread, md, json"


class Of(StrEnum):
    """What is exported: a channel, a thread, or what somebody posted and asked."""

    CHANNEL = "channel"
    THREAD = "thread"
    MINE = "mine"


def wish(argument: str) -> tuple[Of, str]:
    """Return what of, and the form ("md" or "json"), in whatever order they were typed.

    Raises BadSetting.
    """
    words = argument.lower().split()
    strange = next((word for word in words if word not in (*Of, *_FORMS)), "")
    if strange:
        raise BadSetting("export", strange, _ALLOWED)
    of = next((Of(word) for word in words if word in set(Of)), Of.CHANNEL)
    return of, "json" if "json" in words else "md"


def evidence_json(span: Evidence) -> Json:
    """Return {part, paragraph, start, end, quote} and, for a PDF, page."""
    found: Json = {
        "part": span.part.value,
        "paragraph": span.paragraph,
        "start": span.start,
        "end": span.end,
        "quote": span.quote,
    }
    return found if span.page is None else {**found, "page": span.page}


def brief_json(brief: Brief) -> Json:
    """Return {method, bullets: [{text, evidence, lead_only, quoted}], warnings, model, prompt}."""
    return {
        "method": brief.method.value,
        "bullets": [
            {
                "text": bullet.text,
                "evidence": [evidence_json(span) for span in bullet.evidence],
                "lead_only": list(bullet.lead_only),
                "quoted": bullet.quoted,
            }
            for bullet in brief.bullets
        ],
        "warnings": list(brief.warnings),
        "model": brief.model,
        "prompt_hash": brief.prompt_hash,
    }


def answer_json(answer: Answer) -> Json:
    """Return {voice, answer, quotes, confidence, method, warnings, model, prompt_hash}."""
    return {
        "voice": answer.voice.value,
        "answer": answer.text,
        "quotes": [evidence_json(span) for span in answer.quotes],
        "confidence": round(answer.confidence, 4),
        "method": answer.method.value,
        "warnings": list(answer.warnings),
        "model": answer.model,
        "prompt_hash": answer.prompt_hash,
    }


def answered_json(given: Answered) -> Json:
    """Return an answer with its article; a quote of another one has that one's number."""
    numbers = {other.article.version: other.number for other in given.others}
    said = answer_json(given.answer)
    for span, quote in zip(given.answer.quotes, said["quotes"], strict=True):
        if span.version in numbers:
            quote["article"] = numbers[span.version]
    return {**said, "article": about_json(given.mention)}


def check_json(found: Check) -> Json:
    """Return {outcome, reasons: [{kind, words}], support}."""
    return {
        "outcome": found.outcome.value,
        "reasons": [{"kind": kind, "words": words} for kind, words in found.reasons],
        "support": round(found.support, 4),
    }


def settings_json(settings: ChannelSettings) -> Json:
    """Return every setting of a channel by its name."""
    return asdict(settings)


def article_json(article: Article | None) -> Json:
    """Return the parts of an article; lists are never null."""
    return {
        "headline": article.headline if article else None,
        "standfirst": article.standfirst if article else None,
        "lead_bullets": list(article.lead_bullets) if article else [],
        "paragraphs": list(article.paragraphs) if article else [],
        "captions": list(article.captions) if article else [],
        "authors": list(article.authors) if article else [],
        "published": _iso(article.published) if article else None,
        "language": article.language if article else None,
        "publisher": article.publisher if article else None,
        "canonical_url": article.url if article else None,
    }


def reading_json(reading: Reading) -> Json:
    """Return {verdict, reason, detail, share} and the parts of the article."""
    return {
        "verdict": reading.verdict.value,
        "reason": reading.reason.value,
        "detail": reading.detail,
        "share": reading.share,
        **article_json(reading.article),
    }


def mention_json(mention: Mention) -> Json:
    """Return what is known of a mention, with its brief and without the article's text.

    `struck` are the numbers of the bullets that somebody found wrong, each with the reason.
    """
    brief = brief_json(mention.brief) if mention.brief else None
    struck = {str(strike.bullet): strike.why for strike in mention.strikes}
    return {
        **about_json(mention),
        "poster": mention.poster,
        "thread": mention.thread.id,
        "brief": brief,
        "struck": struck,
    }


def question_json(question: Question, answer: Answer, numbers: Mapping[str, int]) -> Json:
    """Return {asked_at, asker, thread, question} and the answer; each quote has its article.

    `numbers` are those of the channel's mentions, by the version of the article.
    """
    said = answer_json(answer)
    for span, quote in zip(answer.quotes, said["quotes"], strict=True):
        quote["article"] = numbers.get(span.version)
    return {
        "asked_at": question.asked_at.isoformat(),
        "asker": question.asker,
        "thread": question.thread.id,
        "question": question.text,
        **said,
    }


def about_json(mention: Mention) -> Json:
    """Return {number, source, url, version, headline, ...}: which article it is."""
    article = mention.article
    return {
        "number": mention.number,
        "source": mention.source,
        "url": article.url,
        "version": article.version,
        "headline": article.headline,
        "publisher": article.publisher,
        "authors": list(article.authors),
        "published": _iso(article.published),
        "read_at": mention.at.isoformat(),
        "origin": mention.origin.value,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What is written out; `numbers` are those of mentions, by the version of their article."""

    of: Of
    made_at: datetime
    mentions: Sequence[Mention]
    asked: Sequence[tuple[Question, Answer]] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)


def as_json(what: Exported) -> Json:
    """Return {form, version, of, made_at, briefs, questions}; the lists are in the order given."""
    return {
        "form": FORM,
        "version": VERSION,
        "of": what.of.value,
        "made_at": what.made_at.isoformat(),
        "briefs": [mention_json(mention) for mention in what.mentions],
        "questions": [question_json(*pair, what.numbers) for pair in what.asked],
    }


def as_markdown(what: Exported) -> str:
    """Return a Markdown page: a heading for each article, its bullets, under each its proof.

    After the articles come the questions, each with its answer and the quotes that it rests on.
    """
    lines = [line for mention in what.mentions for line in _markdown(mention)]
    lines += [line for pair in what.asked for line in _asked(*pair)]
    return "\n".join(lines)


def _asked(question: Question, answer: Answer) -> list[str]:
    lines = [f"## {_escape(wording.asked_on(question.asked_at))}", "", _escape(question.text), ""]
    if answer.voice is Voice.ABSENT:
        return [*lines, f"- {_escape(wording.NO_ANSWER)}", ""]
    return [*lines, f"- {_escape(answer.text)}", *_quoted(answer.quotes), ""]


def _quoted(spans: Sequence[Evidence]) -> list[str]:
    return [f"  > {wording.place(one)} {_escape(' '.join(one.quote.split()))}" for one in spans]


def _markdown(mention: Mention) -> list[str]:
    article = mention.article
    name = _escape(layout.title(article))
    lines = [f"## [{name}](<{article.url}>)" if article.url else f"## {name}"]
    site = article.publisher or wording.host(article.url) or mention.source
    published = _iso(article.published) or wording.UNDATED
    lines += ["", _escape(f"{site} · {published} · {mention.at:%Y-%m-%d}"), ""]
    struck = {strike.bullet: strike.why for strike in mention.strikes}
    for number, bullet in enumerate(mention.brief.bullets if mention.brief else (), 1):
        text, why = _escape(bullet.text), struck.get(number)
        lines.append(f"- {text}" if why is None else f"- ~~{text}~~ {_escape(why)}")
        lines.extend(_quoted(bullet.evidence))
    return [*lines, ""]


def _escape(text: str) -> str:
    """Keep the words of an article from being read as Markdown or HTML."""
    for mark in "\\`*_{}[]<>#|":
        text = text.replace(mark, "\\" + mark)
    return text


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
