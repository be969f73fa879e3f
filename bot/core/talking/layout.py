"""Lays out what we know as posts, free of any platform's markup.

Every function returns a `Post`; the words of ours in it come from `wording`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking import commands, settings, wording
from bot.core.writing.evidence import holds, text_of
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
    Quote,
    Reason,
    Verdict,
    Voice,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.core.talking.wording import Hints
    from bot.model import (
        Answered,
        Article,
        Block,
        Briefed,
        Bullet,
        ChannelSettings,
        Decided,
        Evidence,
        Mention,
        Reading,
        Strike,
    )

_UNTITLED_WORDS = 12
_AROUND = 160
_FEW_QUOTES = 3


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
    blocks.extend(Line(text=wording.warning(code), quiet=True) for code in brief.warnings)
    if done.again:
        blocks.append(Line(text=wording.known_since(mention.at.date()), quiet=True))
    blocks.append(Line(text=wording.kept(days, where, mention.origin), quiet=True))
    blocks.append(Line(text=wording.next_steps(hints), quiet=True))
    blocks.append(Controls(about=str(mention.number), shown=_SHOWN, folded=_FOLDED))
    return Post(blocks=tuple(blocks))


_SHOWN = (Control.PROOF, Control.SHORTER, Control.LONGER)
_FOLDED = (Control.WRONG, Control.WHY, Control.DELETE)


def _struck(strike: Strike) -> Line:
    return Line(text=wording.struck(strike), who=strike.who, quiet=True)


def pointed(mention: Mention, url: str) -> Post:
    """Point to where an article was briefed before."""
    return Post(blocks=(Line(text=f"{wording.ALREADY_BRIEFED}{title(mention.article)}", url=url),))


def welcome(kept: ChannelSettings, *, inviter: str, leaves: str) -> Post:
    """Introduce us to a channel; `leaves` names the host that texts go to, if any."""
    first, *rest = wording.welcome(kept, leaves=leaves)
    return Post(blocks=(Line(text=first, who=inviter), *(Line(text=text) for text in rest)))


def why(decided: Decided, url: str) -> Post:
    """Say what was decided last in a channel; `url` is the message that it was about."""
    return Post(blocks=(Line(text=wording.why(decided), url=url),))


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
    blocks.extend(_quotes(mention.article, elsewhere))
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


def _quotes(article: Article, spans: Sequence[Evidence]) -> Iterator[Quote]:
    """Each span in its surroundings; what surrounds the next one of a paragraph is shown once."""
    seen: set[tuple[Part, int]] = set()
    for span in spans:
        here = (span.part, span.paragraph)
        yield _bare(span) if here in seen else quote(article, span)
        seen.add(here)


def quote(article: Article, span: Evidence) -> Quote:
    """Show a span with what stands around it in its paragraph, as far as it is still kept."""
    before = after = ""
    if holds(span, article):
        text = text_of(article, span.part, span.paragraph)
        before = _clip_left(text[: span.start])
        after = _clip_right(text[span.end :])
    return Quote(place=wording.place(span), quote=span.quote, before=before, after=after)


def _clip_left(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    at = text.find(" ", len(text) - _AROUND)
    return "…" + text[at:] if at >= 0 else ""


def _clip_right(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    at = text.rfind(" ", 0, _AROUND)
    return text[:at] + " …" if at >= 0 else ""


def answered(given: Sequence[Answered], *, several: bool = False) -> Post:
    """Lay out answers, best first; `several` names the article of each."""
    blocks: list[Block] = []
    for one in given:
        blocks.extend(_answer(one, several=several))
    if not blocks:
        blocks.append(Line(text=wording.NOT_IN_MEMORY))
    return Post(blocks=tuple(blocks))


def _answer(one: Answered, *, several: bool) -> list[Block]:
    article, answer = one.mention.article, one.answer
    source = _source(one.mention) if several else ""
    worded = answer.method is Method.ABSTRACTIVE and answer.voice is not Voice.ABSENT
    opening = wording.voice(answer.voice, title(article) if several else "")
    blocks: list[Block] = [Line(text=answer.text if worded else opening)]
    if source:
        blocks.append(Line(text=source, quiet=True))
    if answer.voice is Voice.ABSENT:
        for span in answer.quotes[:1]:
            blocks += [Line(text=wording.CLOSEST_IS, quiet=True), quote(article, span)]
    else:
        for count, span in enumerate(answer.quotes[:_FEW_QUOTES]):
            if count == 1:
                blocks.append(Line(text=wording.ALSO, quiet=True))
            blocks.append(quote(article, span) if count == 0 else _bare(span))
            blocks.extend(
                Line(text=_source(other), quiet=True)
                for other in one.others
                if other.article.version == span.version
            )
        if worded:
            blocks.append(Line(text=wording.composed(answer.model), quiet=True))
        if not several:
            blocks.append(Line(text=_source(one.mention), quiet=True))
    blocks.extend(Line(text=wording.warning(code), quiet=True) for code in answer.warnings)
    return blocks


def _bare(span: Evidence) -> Quote:
    return Quote(place=wording.place(span), quote=span.quote, quiet=True)


def _source(mention: Mention) -> str:
    article = mention.article
    site = article.publisher or wording.host(article.url) or mention.source
    return f"{mention.number} · {title(article)} · {site}"


def listed(mentions: Sequence[Mention], *, today: date) -> Post:
    """List mentions with their numbers."""
    if not mentions:
        return Post(blocks=(Line(text=wording.EMPTY_LIST),))
    blocks: list[Block] = []
    for mention in mentions:
        top = heading(mention.article, today=today)
        site = (mention.source,) if not mention.article.url else ()
        details = (f"{mention.at:%Y-%m-%d %H:%M}", *top.details, *site)
        blocks.append(Heading(text=f"{mention.number}  {top.text}", url=top.url, details=details))
    return Post(blocks=tuple(blocks))


def searched(found: Sequence[Answered], *, today: date) -> Post:
    """List the articles that a search brought up, each with its best passage."""
    if not found:
        return Post(blocks=(Line(text=wording.NOTHING_FOUND),))
    blocks: list[Block] = []
    for one in found:
        blocks.extend(listed((one.mention,), today=today).blocks)
        blocks.extend(_bare(span) for span in one.answer.quotes[:1])
    return Post(blocks=tuple(blocks))


def article(reading: Reading, hints: Hints, *, today: date) -> Post:
    """Show an article part by part, as it was read."""
    found = reading.article
    if found is None:
        return refused(reading, hints)
    blocks: list[Block] = []
    if reading.verdict is not Verdict.ARTICLE:
        blocks.append(Line(text=wording.verdict(reading, hints)))
    blocks.append(heading(found, today=today, share=reading.share))
    if found.standfirst:
        blocks.append(Line(text=found.standfirst))
    if found.lead_bullets:
        blocks.append(Bullets(items=tuple(Item(text=text) for text in found.lead_bullets)))
    blocks.extend(
        Quote(place=f"¶{number}", quote=text, quiet=True)
        for number, text in enumerate(found.paragraphs, 1)
    )
    blocks.extend(
        Quote(place=wording.caption(number), quote=text, quiet=True)
        for number, text in enumerate(found.captions, 1)
    )
    return Post(blocks=tuple(blocks))


def setting_list(current: ChannelSettings, names: Sequence[str]) -> Post:
    """Show settings with what they may be."""
    return Post(
        blocks=tuple(
            Line(text=f"{name} = {settings.shown(current, name)}   ({settings.allowed(name)})")
            for name in names
        )
    )


def help_list(hints: Hints) -> Post:
    """List the commands that can be given in a conversation."""
    shown = commands.chat_commands()
    width = max(len(command.chat_usage) for command in shown)
    lines = [Line(text=f"{command.chat_usage:<{width}}  {command.summary}") for command in shown]
    greeting = (Line(text=hints.greeting, quiet=True),) if hints.greeting else ()
    return Post(blocks=(*lines, *greeting))


def joined(posts: Sequence[Post]) -> Post:
    """Put what is said to one message into one post."""
    return Post(blocks=tuple(block for post in posts for block in post.blocks))


def exported(text: str) -> Post:
    """Lay out an export, a line for each of its own: where it is too long, its end is left out."""
    return Post(blocks=tuple(Line(text=line) for line in text.splitlines() if line.strip()))


def said(text: str) -> Post:
    """Lay out one sentence of ours."""
    return Post(blocks=(Line(text=text),))
