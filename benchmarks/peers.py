"""What other programs make of the same rows, in the shape that Briefbot prints.

Each peer is a plain function from a row to an output row. Those that want NLTK's downloaded
sentence model get `sentencex` in its place: the download is not to be had everywhere, and so all
peers cut sentences alike. "Shared words" is no program but the least that one should beat.
"""

from __future__ import annotations

import logging
import re
import time
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import sentencex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.program import Row

    Peer = Callable[[Row], Row]

_LEAST_LETTERS = 4
# the sentence end of the benchmark's own scorer, so that the row of first sentences is its zero
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’']?\s+(?=[A-Z\"“‘'])")


def answers(peer: Peer, rows: Sequence[Row]) -> tuple[dict[str, Row], float]:
    """Give every row to a peer; return its output rows by id and the seconds it took.

    Importing the peer is not counted. A page that makes it raise counts as an empty row.
    """
    got: dict[str, Row] = {}
    seconds = 0.0
    logging.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # their warnings are not ours to mend
        peer(
            {
                "id": "",
                "html": "<p>Warm up.</p>",
                "paragraphs": ["Warm up."],
                "question": "?",
                "claim": "",
                "bullets": 1,
            }
        )
        for row in rows:
            began = time.perf_counter()
            try:
                got[row["id"]] = peer(row)
            except Exception as error:  # noqa: BLE001 - whatever a stranger's program raises
                got[row["id"]] = {"error": repr(error)}
            seconds += time.perf_counter() - began
    logging.disable(logging.NOTSET)
    return got, seconds


# --- reading ---------------------------------------------------------------------------------


def trafilatura(row: Row) -> Row:
    """Read with trafilatura alone."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - only the run that measures it pays

    found = bare_extraction(
        row["html"], url=row.get("url"), include_comments=False, with_metadata=True
    )
    if found is None or isinstance(found, dict):  # a dict only for a caller who asks for one
        return {}
    return {
        "headline": found.title,
        "paragraphs": (found.text or "").split("\n"),
        "authors": [name for name in (found.author or "").split("; ") if name],
        "published": found.date,
    }


def newspaper(row: Row) -> Row:
    """Read with newspaper4k."""
    from newspaper import Article  # noqa: PLC0415 - only the run that measures it pays

    article = Article(row.get("url") or "", fetch_images=False)
    article.download(input_html=row["html"])
    article.parse()
    return {
        "headline": article.title,
        "paragraphs": article.text.split("\n"),
        "authors": article.authors,
        "published": article.publish_date.date().isoformat() if article.publish_date else None,
    }


# --- briefing --------------------------------------------------------------------------------


def first_sentences(row: Row) -> Row:
    """Take the article's first sentences: the baseline that classic summarisers do not reach."""
    return _bullets(_SENTENCE_END.split(" ".join(row["paragraphs"]))[: row["bullets"]])


def sumy(method: str) -> Peer:
    """Return sumy's summariser of a module and class: "lsa.LsaSummarizer"."""
    module, name = method.split(".")

    @cache
    def summarizer() -> Any:
        from importlib import import_module  # noqa: PLC0415 - sumy is here for benchmarks only

        from sumy.nlp.stemmers import Stemmer  # noqa: PLC0415 - as above
        from sumy.utils import get_stop_words  # noqa: PLC0415 - as above

        found = getattr(import_module(f"sumy.summarizers.{module}"), name)(Stemmer("english"))
        found.stop_words = get_stop_words("english")
        return found

    def peer(row: Row) -> Row:
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence  # noqa: PLC0415 - as above

        document = ObjectDocumentModel(
            [Paragraph([Sentence(s, _Words()) for s in _sentences(p)]) for p in row["paragraphs"]]
        )
        return _bullets([str(s) for s in summarizer()(document, row["bullets"])])

    return peer


def newspaper_summary(row: Row) -> Row:
    """Summarise as newspaper4k's `Article.nlp()` does."""
    from newspaper import nlp  # noqa: PLC0415 - only the run that measures it pays
    from newspaper.text import StopWords  # noqa: PLC0415 - as above

    nlp.split_sentences._tokenizer = _Words()  # noqa: SLF001 - in place of the download
    title = row.get("headline") or "untitled"  # without any title it returns nothing
    text = "\n".join(row["paragraphs"])
    return _bullets(nlp.summarize(title, text, StopWords("en"), row["bullets"]))


# --- answering and checking ------------------------------------------------------------------


def shared_words_answer(row: Row) -> Row:
    """Quote the sentences that share the most words with the question."""
    asked = _content(row["question"])
    ranked = sorted(
        (
            (len(asked & _content(s)), -i, s)
            for i, p in enumerate(row["paragraphs"])
            for s in _sentences(p)
        ),
        key=lambda found: found[:2],
        reverse=True,
    )
    quotes = []
    for _, place, sentence in ranked[:3]:
        start = row["paragraphs"][-place].find(sentence)
        quotes.append(
            {
                "part": "body",
                "paragraph": -place,
                "start": start,
                "end": start + len(sentence),
                "quote": sentence,
            }
        )
    confidence = ranked[0][0] / max(1, len(asked)) if ranked else 0.0
    return {"voice": "says" if confidence else "absent", "quotes": quotes, "confidence": confidence}


def shared_words_check(row: Row) -> Row:
    """Support a claim by the share of its words that the article has."""
    claim = _content(row["claim"])
    return {"support": len(claim & _content(" ".join(row["paragraphs"]))) / max(1, len(claim))}


PEERS: Mapping[str, Mapping[str, Peer]] = {
    "reading": {"trafilatura": trafilatura, "newspaper4k": newspaper},
    "leads": {},
    "briefing": {
        "first sentences": first_sentences,
        "sumy LSA": sumy("lsa.LsaSummarizer"),
        "sumy TextRank": sumy("text_rank.TextRankSummarizer"),
        "sumy LexRank": sumy("lex_rank.LexRankSummarizer"),
        "newspaper4k": newspaper_summary,
    },
    "answering": {"shared words": shared_words_answer},
    "checking": {"shared words": shared_words_check},
}


class _Words:
    """Words and sentences for sumy and newspaper4k."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(re.findall(r"[^\W_]+", text.casefold()))

    def tokenize(self, text: str) -> list[str]:
        return [s for line in text.split("\n") for s in _sentences(line)]


def _sentences(paragraph: str) -> list[str]:
    return [s.strip() for s in sentencex.segment("en", paragraph) if s.strip()]


def _content(text: str) -> set[str]:
    words = re.findall(r"\w+", text.casefold())
    return {word for word in words if len(word) >= _LEAST_LETTERS or word.isdigit()}


def _bullets(sentences: Sequence[str]) -> Row:
    return {"bullets": [{"text": sentence, "evidence": []} for sentence in sentences]}
