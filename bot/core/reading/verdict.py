"""Decide what a page turned out to be, from what was seen of it.

| verdict | told by |
|---|---|
| bot wall | a short page that speaks of robots, captchas or a check of the browser |
| consent wall | a short page most of whose sentences speak of cookies and consent |
| needs JavaScript | next to no text, and a word about JavaScript or an empty frame for it |
| teaser | a paywall, declared or asking, and a short body or much less than was declared |
| not an article | a video, a front page or a page of links, or no text at all |
| article | everything else |

Lengths are counted in letters of an alphabet: a Chinese, Japanese or Korean character counts as
`_IDEOGRAPH` of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.model import Reason, Verdict

_IDEOGRAPH = 3
_NO_TEXT = 120
_SCANT = 350
_SHORT = 1_800
_LONG = 4_000
_SHORT_PAGE = 5_000
_NOTICE, _NOTICE_PAGE = 800, 2_500
_MOST = 0.6
_WHOLE = 0.97
_MANY_HEADLINES = 8
_LINKED = 0.5
_CONSENT_SHARE = 0.5

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE = re.compile(r"[^.!?…。\n]+")
_BOT = re.compile(
    r"just a moment|attention required|checking (?:if the site|your browser)|verif(?:y"
    r"|ying) (?:that )?"
    r"you(?:'re| are) (?:a |not a )?(?:human|robot)|are you a (?:human|robot)|i.m not a robot"
    r"|captcha|unusual (?:traffic|activity)|pardon our interruption|ddos protection"
    r"|automated access"
    r"|access (?:to this page )?(?:has been )?denied|request (?:was )?blocked"
    r"|enable cookies and reload"
    r"|kein roboter|sicherheitsüberprüfung|êtes pas un robot|no eres un robot|non sei un robot",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"cookies?\b|consent|einwilligung|zustimm\w+|datenschutz|personalis\w+|personali[sz]ed"
    r"|privacy|tracking|legitimate interest|berechtigte\w* interesse\w*|\bgdpr\b|dsgvo|werbung"
    r"|\bads?\b"
    r"|advertising|partners?\b|vendors?|accept|akzeptieren|accepter|aceptar|accetta|consentement"
    r"|données personnelles|privacidad|toestemming|samtykke",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read)|to (?:continue|keep) reading"
    r"|continue reading (?:with|this article)"
    r"|(?:exclusive|only|available) (?:to|for) (?:our )?subscribers|already a (?:subscriber|member)"
    r"|subscriber(?:s)?[- ](?:only|exclusive)|unlock this article|this article is reserved"
    r"|weiterlesen mit|jetzt (?:testen|abonnieren) und weiterlesen"
    r"|(?:exklusiv )?für abonnenten|nur für abonnenten"
    r"|abonnement abschließen|sie haben bereits ein abo|réservée? aux abonnés|pour lire la suite"
    r"|contenido exclusivo|solo (?:para )?suscriptores|para suscriptores"
    r"|abbonati per (?:continuare|leggere)"
    r"|exclusivo para assinantes|alleen voor abonnees|verder lezen\?|kun for abonnenter"
    r"|les videre med"
    r"|för att läsa vidare|treść dostępna dla|abonelere özel",
    re.IGNORECASE,
)
_REMAINS = re.compile(r"il vous reste (\d{1,2})(?:[.,](\d+))?\s?% de cet article", re.IGNORECASE)
_BREAKS_OFF = re.compile(r"(?:…|\.\.\.|\[…\])\W*$")
_JAVASCRIPT = re.compile(r"java\s?script", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What can be told about a page.

    `text` is the extracted body, `seen` the first part of what the page shows in all and `length`
    the number of characters of all of that, `unscripted` what it shows
    where scripts do not run, `linked` the number of them that are link text,
    `headlines` the number of headings that are links, `declared` the number of characters that
    the article has by its publisher's own account (0: not said), `free` the publisher's word on
    a paywall (None: not said), `is_article` and `is_video` what the page calls itself, `is_front`
    whether its address is a site's or a section's front page, `has_frame` whether it holds an
    empty frame that scripts are to fill.
    """

    text: str = ""
    title: str = ""
    seen: str = ""
    length: int = 0
    unscripted: str = ""
    linked: int = 0
    headlines: int = 0
    declared: int = 0
    free: bool | None = None
    is_article: bool = False
    is_video: bool = False
    is_front: bool = False
    has_frame: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict, the share of the article that was read where it can be told, and the reason."""

    verdict: Verdict
    share: float | None = None
    reason: Reason = Reason.NONE


def decide(signals: Signals) -> Finding:
    """Return the finding for a page that was fetched and parsed."""
    length = _length(signals.text)
    if _is_bot_wall(signals, length):
        return Finding(verdict=Verdict.BOT_WALL)
    if _is_consent_wall(signals, length):
        return Finding(verdict=Verdict.CONSENT_WALL)
    if _wants_javascript(signals, length):
        return Finding(verdict=Verdict.NEEDS_JAVASCRIPT, reason=Reason.NO_TEXT)
    if _has_no_text(signals, length):
        return Finding(verdict=Verdict.NOT_AN_ARTICLE, reason=Reason.NO_TEXT)
    if _is_front_page(signals, length):
        return Finding(verdict=Verdict.NOT_AN_ARTICLE)
    return _article_or_teaser(signals, length)


def _has_no_text(signals: Signals, length: int) -> bool:
    if signals.is_article:
        return not length
    return length < (_SCANT if signals.is_video else _NO_TEXT)


def _length(text: str) -> int:
    return len(text) + (_IDEOGRAPH - 1) * len(_CJK.findall(text))


def _is_bot_wall(signals: Signals, length: int) -> bool:
    if signals.is_article or length >= _NOTICE or signals.length >= _NOTICE_PAGE:
        return False
    return bool(_BOT.search(f"{signals.title}\n{signals.seen}\n{signals.unscripted}"))


def _is_consent_wall(signals: Signals, length: int) -> bool:
    """Most sentences of the body, or of a short page without one, speak of consent."""
    if length >= _LONG:
        return False
    text = signals.text if length >= _SCANT else f"{signals.text}\n{signals.seen[:_SHORT_PAGE]}"
    sentences = [part for part in _SENTENCE.findall(text) if len(part.split()) > 2]  # noqa: PLR2004 - less is a label
    speaking = sum(1 for part in sentences if _CONSENT.search(part))
    return len(sentences) > 1 and speaking > _CONSENT_SHARE * len(sentences)


def _wants_javascript(signals: Signals, length: int) -> bool:
    """Next to no text, though the page calls itself an article or holds a place for scripts."""
    if length >= _NO_TEXT or signals.length >= _SHORT:
        return False
    if signals.is_article and not length:
        return True
    return signals.has_frame or bool(_JAVASCRIPT.search(signals.unscripted + signals.seen))


def _is_front_page(signals: Signals, length: int) -> bool:
    if signals.is_article:
        return False
    many = signals.headlines >= _MANY_HEADLINES and signals.linked > _LINKED * signals.length
    return many and (signals.is_front or length < _SHORT)


def _article_or_teaser(signals: Signals, length: int) -> Finding:
    if length >= _LONG:
        return Finding(verdict=Verdict.ARTICLE)
    share = _share(signals)
    little = share is not None and share < _MOST
    breaks = length < _SHORT and bool(_BREAKS_OFF.search(signals.text))
    if (little or breaks or signals.free is False) and _is_walled(
        signals, sure=little or breaks, length=length
    ):
        return Finding(verdict=Verdict.TEASER, share=share)
    return Finding(verdict=Verdict.ARTICLE)


def _is_walled(signals: Signals, *, sure: bool, length: int) -> bool:
    """Tell whether a paywall stands before the rest; both signs are needed if none is missed."""
    if sure and signals.free is False:
        return True
    asks = bool(_ASKS.search(signals.seen))
    return asks and (sure or length < _SHORT)


def _share(signals: Signals) -> float | None:
    """Return the part of the declared article that was read; None where nothing can be told."""
    remains = _REMAINS.search(signals.seen)
    if remains:
        return 1 - float(f"{remains[1]}.{remains[2] or 0}") / 100
    if not signals.declared or not signals.text:
        return None
    share = len(signals.text) / signals.declared
    return share if share < _WHOLE else 1.0
