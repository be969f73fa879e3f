"""Decide what a page turned out to be, from what was seen of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Reason, Verdict

SHORT_TEXT = 600
SCANT_TEXT = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What can be told about a page: lengths in characters, counts, and words that were seen.

    `text` is the extracted body, `body` what the page shows in all (scripts left out), `links`
    the characters of `body` that are link text, `declared` the article's length by the
    publisher's own account (None: not said), `free` the publisher's word on a paywall (None:
    not said), `is_article` whether it calls itself an article, `page_type` the og:type.
    """

    text: str
    title: str = ""
    body_length: int = 0
    links_length: int = 0
    headlines: int = 0
    declared: int | None = None
    free: bool | None = None
    is_article: bool = False
    page_type: str = ""
    scripts: int = 0
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict, the share of the article that was read where it can be told, and the reason."""

    verdict: Verdict
    share: float | None = None
    reason: Reason = Reason.NONE


def decide(signals: Signals) -> Finding:
    """Return the finding for a page."""
    return Finding(verdict=Verdict.ARTICLE)
