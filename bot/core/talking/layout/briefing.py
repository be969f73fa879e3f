"""Lays out briefs and their proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking import wording
from bot.core.talking.layout.quoting import quotes
from bot.errors import NoSuchBullet
from bot.model import (
    Brief,
    Bullets,
    Control,
    Controls,
    Heading,
    Item,
    Line,
    Method,
    Part,
    Post,
    Reason,
    Verdict,
)
from bot.model.briefs import TEASER

if TYPE_CHECKING:
    from datetime import date

    from bot.core.talking.wording import Hints
    from bot.model import (
        Article,
        Block,
        Briefed,
        Bullet,
        Evidence,
        Mention,
        Reading,
        Strike,
    )

_UNTITLED_WORDS = 12


def title(article: Article) -> str:
    """Return what an article is called: its headline, or its first words."""
    if article.headline:
        return article.headline
    words = (article.paragraphs or article.lead_bullets or ("",))[0].split()
    more = " …" if len(words) > _UNTITLED_WORDS else ""
    return " ".join(words[:_UNTITLED_WORDS]) + more


def heading(article: Article, *, today: date, share: float | None = None) -> Heading:
    """Head a brief: the linked headline; source, date and share read under it."""
    details = (
        article.publisher or wording.host(article.url),
        wording.published_on(article.published, today),
        wording.share_read(share),
    )
    return Heading(
        text=title(article), url=article.url, details=tuple(detail for detail in details if detail)
    )


def briefed(done: Briefed, *, hints: Hints, today: date, days: int, where: str) -> Post:
    """Lay out one brief, or why there is none.

    `days` is how long the text is kept, `where` the folder.
    """
    mention = done.mention
    if mention is None or mention.brief is None:
        return refused(done.reading, hints)
    brief = mention.brief
    blocks: list[Block] = [heading(mention.article, today=today, share=done.reading.share)]
    if done.reading.verdict is Verdict.TEASER:
        blocks.append(Line(text=wording.verdict(done.reading, hints)))
    wrong = {strike.bullet for strike in mention.strikes}
    blocks.append(
        Bullets(
            items=tuple(
                _item(bullet, brief, struck=number in wrong)
                for number, bullet in enumerate(brief.bullets, 1)
            )
        )
    )
    blocks.extend(_struck(strike) for strike in mention.strikes)
    blocks.append(Line(text=_about(brief), quiet=True))
    if done.reading.reason is Reason.BARE:
        blocks.append(Line(text=wording.BARE_TEXT, quiet=True))
    said = {TEASER} if done.reading.verdict is Verdict.TEASER else set()
    blocks.extend(
        Line(text=wording.warning(code), quiet=True) for code in brief.warnings if code not in said
    )
    if done.again:
        blocks.append(Line(text=wording.known_since(mention.at.date()), quiet=True))
    blocks.append(Line(text=wording.kept(days, where, mention.origin), quiet=True))
    steps = wording.next_steps(hints)
    blocks.extend([Line(text=steps, quiet=True)] if steps else [])
    blocks.append(Controls(about=str(mention.number), shown=_SHOWN, folded=_FOLDED))
    return Post(blocks=tuple(blocks))


_SHOWN = (Control.PROOF, Control.SHORTER, Control.LONGER)
_FOLDED = (Control.WRONG, Control.WHY, Control.DELETE)


def _struck(strike: Strike) -> Line:
    return Line(text=wording.struck(strike), who=strike.who, quiet=True)


def refused(reading: Reading, hints: Hints) -> Post:
    """Say why a page was not briefed."""
    return Post(blocks=(Line(text=wording.verdict(reading, hints)),))


def _about(brief: Brief) -> str:
    alone = sum(bool(bullet.lead_only) for bullet in brief.bullets)
    own = sum(bullet.quoted for bullet in brief.bullets)
    said = (wording.method(brief), wording.lead_only(alone), wording.quoted(own))
    return " ".join(filter(None, said))


def _item(bullet: Bullet, brief: Brief, *, struck: bool) -> Item:
    """A bullet as shown. Where it is the publisher's own, the places name the body alone."""
    spans = bullet.evidence
    if brief.method is Method.PUBLISHER:
        spans = tuple(span for span in spans if span.part is not Part.LEAD_BULLET)
    places = tuple(dict.fromkeys(wording.place(span) for span in spans))
    return Item(text=bullet.text, places=places, note=_note(bullet), struck=struck)


def _note(bullet: Bullet) -> str:
    if bullet.lead_only:
        return "*"
    return "†" if bullet.quoted else ""


def proof(mention: Mention, number: int) -> Post:
    """Show the spans that bullet `number` (from 1) of a mention's brief rests on.

    Raises NoSuchBullet for a mention without a brief.
    """
    brief = mention.brief
    if brief is None:
        raise NoSuchBullet(str(number), 0)
    bullet = brief.bullets[number - 1]
    blocks: list[Block] = [
        Line(text=wording.proof_heading(number, len(brief.bullets)), quiet=True),
        Bullets(items=(Item(text=bullet.text),), first=number),
    ]
    elsewhere = [span for span in bullet.evidence if not _is_itself(span, bullet)]
    blocks.extend(quotes(mention.article, elsewhere))
    if brief.method is Method.PUBLISHER:
        blocks.append(Line(text=wording.WORD_FOR_WORD, quiet=True))
        if not elsewhere:
            blocks.append(Line(text=wording.NOT_IN_BODY, quiet=True))
        elif bullet.lead_only:
            blocks.append(Line(text=wording.lead_only_words(bullet.lead_only), quiet=True))
    else:
        blocks.append(Line(text=wording.CHECKED, quiet=True))
    return Post(blocks=tuple(blocks))


def proofs(mention: Mention) -> Post:
    """Show what every bullet of a mention's brief rests on."""
    if mention.brief is None:
        return proof(mention, 1)
    numbers = range(1, len(mention.brief.bullets) + 1)
    return Post(blocks=tuple(block for n in numbers for block in proof(mention, n).blocks))


def _is_itself(span: Evidence, bullet: Bullet) -> bool:
    """Whether a span is the publisher's bullet that is shown above its proof anyway."""
    return span.part is Part.LEAD_BULLET and span.quote == bullet.text
