"""The hard rules of the fact lock: every number, name and quoted phrase is in the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.language.canonical import canonical
from bot.core.writing import evidence as proofs
from bot.core.writing.figures import figures, unmatched
from bot.core.writing.names import known, unknown_names
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Article

EVERYTHING = (Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET, Part.BODY, Part.CAPTION)
NUMBER, NAME, QUOTE = "number", "name", "quote"

_QUOTED = re.compile(
    r"[\"“„«»](?P<double>[^\"“”„«»]+)[\"”“«»]"
    r"|(?:(?<=[\s(\[—–:-])|^)['‘](?P<single>(?:[^'‘’]|(?<=\w)['’](?=\w))+)['’](?!\w)"
)
_EDGES = " .,;:!?'\"-()[]{}"


def violations(claim: str, article: Article, language: str | None) -> tuple[tuple[str, str], ...]:
    """Return (kind, words at fault) for all that the article does not hold, in that order."""
    texts = [text for _, _, text in proofs.texts(article, *EVERYTHING)]
    named = [*texts, *article.authors, article.publisher or ""]
    return (
        *((NUMBER, number) for number in _numbers(claim, article, texts, language)),
        *((NAME, name) for name in unknown_names(claim, known(named, language))),
        *((QUOTE, quote) for quote in _quotes(claim, texts)),
    )


def _numbers(claim: str, article: Article, texts: Sequence[str], language: str | None) -> list[str]:
    told = (figure for text in texts for figure in figures(text, language))
    year = article.published.year if article.published else None
    return [
        claim[figure.start : figure.end]
        for figure in unmatched(figures(claim, language), told)
        if figure.value not in (1, year)
    ]


def _quotes(claim: str, texts: Sequence[str]) -> list[str]:
    found = []
    quoted = list(_QUOTED.finditer(claim))
    plain = [canonical(text).text for text in texts] if quoted else []
    for match in quoted:
        quote = match["double"] or match["single"]
        # what an editor put in brackets is not part of the quote
        pieces = [piece for piece in re.split(r"\[[^\]]*\]", quote) if re.search(r"\w", piece)]
        if not all(any(_holds(text, piece) for text in plain) for piece in pieces):
            found.append(quote)
    return found


def _holds(plain: str, quote: str) -> bool:
    """Whether a canonical text has these words in a row, however the typography differs."""
    sought = canonical(quote).text.strip(_EDGES)
    return re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", plain) is not None
