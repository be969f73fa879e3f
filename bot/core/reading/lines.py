"""Clean the lines of an extracted body: what is no part of the article goes.

Each rule looks at one line; which lines are the page's own furniture is told by the words that
sites use for it, in the languages of `read_more.txt`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOT_WORD = re.compile(r"[\W_]+")
_OPENING = re.compile(r"^[\W_]+")
_SENTENCE_END = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")
_NEAR = 40
_TOP = 4
_MAX_INVITATION = 220
_MAX_CALL = 320
_MAX_FURNITURE = 80

# Calls to the reader. Each must hold a verb of asking and the thing asked for, in a short line.
_CALLS = re.compile(
    r"""^\W*(?:
      (?:please\s)?(?:sign\sup|subscribe|register)\b.*\b(?:newsletter|inbox|e-?mail|alerts?|updates|youtube|podcast|channel|today|here|now)\b
    | subscribe\b.{0,60}$
    | (?:get|receive)\b.*\b(?:newsletter|in\syour\sinbox|to\syour\sinbox|app)\b
    | (?:like|follow|join|find)\s.{0,80}\bon\s(?:facebook|twitter|instagram|x\b|threads|linkedin|youtube|tiktok|whatsapp|telegram|bluesky|google\snews|apple\snews).{0,80}$
    | (?:click|tap)\shere\b.*
    | (?:download|get)\s(?:the|our)\b.*\bapp\b.*
    | (?:thanks|thank\syou)\sfor\s(?:signing\sup|subscribing|reading).*
    | (?:support|donate\sto|become\sa\s(?:member|subscriber|supporter))\b.{0,120}
    | (?:do\syou\s)?have\s(?:a|any)\s(?:news\s)?(?:tip|story|question|comment)s?\b.*(?:\?|@).*
    | share\syour\s(?:thoughts|views|story|opinion)\b.*
    | (?:tell\sus|let\sus\sknow)\b.*
    | like\sthis\sstory\?.*
    | keep\san\seye\son\syour\sinbox\b.*
    | there\swas\san\serror\b.*
    | this\s(?:content|video)\sis\s(?:not\savailable|hosted)\b.*
    | to\s(?:view|display|see)\sthis\s(?:video|content)\b.*
    | (?:abonnieren|folgen|unterstützen|testen|melden|registrieren|diskutieren|schreiben)\ssie\b.{0,160}
    | (?:abonniere|folge|folgt|abonniert)\b.{0,160}\b(?:newsletter|kanal|instagram|facebook|whatsapp|twitter|youtube|uns)\b.*
    | .{0,40}(?:newsletter|whatsapp-kanal)\b.{0,80}\b(?:anmelden|abonnieren|bestellen|folgen|kostenlos)\b.*
    | (?:an\sdieser\sstelle|ich\sbin\sdamit\seinverstanden)\b.*\b(?:inhalte?|drittplattformen)\b.*
    | .{0,80}\b(?:externe[rn]?|eingebettete[rn]?)\sinhalte?n?\b.*
    | (?:dieser|diese)\sinhalte?\b.*\b(?:einwilligung|zustimmung|cookies|datenschutz\w*)\b.*
    | suivez[-\s](?:nous|toute)\b.* | (?:abonnez|inscrivez)-vous\b.*
    | pour\s(?:voir|afficher)\sce\scontenu\b.*
    | (?:síguenos|siga-nos|suscríbe\w*|suscríbase|únete|regístrate)\b.*
    | (?:inscreva-se|assine|siga)\b.{0,120}\b(?:canal|newsletter|instagram|facebook|whatsapp|twitter|grátis)\b.*
    | (?:iscriviti|seguici|abbonati|clicca\squi)\b.*
    | (?:volg\sons|schrijf\sje\sin|abonneer\sje|meld\sje\saan)\b.*
    | (?:følg\soss|følg\sos|følj\soss|följ\soss|meld\sdeg\spå|tilmeld\sdig|prenumerera)\b.*
    | (?:obserwuj\snas|subskrybuj|zapisz\ssię)\b.* | (?:takip\sedin|abone\solun)\b.*
    | (?:подпис(?:ывайтесь|аться|ывайся)|підписуйтесь|следите\sза)\b.*
    | (?:theo\sdõi|ikuti\sberita)\b.*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)

# Lines that say who made the text, when, or whose it is; only short ones, or at an edge.
_FURNITURE = re.compile(
    r"""^\W*(?:
      (?:copyright\b|©|\(c\)\s|all\srights\sreserved).*
    | .{0,60}(?:all\srights\sreserved|alle\srechte\svorbehalten|tous\sdroits\sréservés|todos\slos\sderechos\sreservados|무단\s?전재).{0,80}
    | (?:image|photo|picture|video|bild|foto|photo)?\s?(?:credits?|quelle|source|fuente|fonte|bron|kilde)\s?:\s?.{0,60}
    | (?:\d+\s)?(?:comments?|kommentare?|commentaires?|comentarios)(?:\s\(?\d+\)?)?
    | (?:share|print|e-?mail|copy\slink|save|listen|watch|menu|home|search|advertisement|loading)
    | (?:tempo\sde\sleitura|lesezeit|reading\stime)\b.{0,30} | \d+\s?(?:min(?:ute)?s?|min\.?)\s(?:read|lesezeit|de\slecture)
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_MAKERS = re.compile(
    r"""^\W*(?:(?:additional\s)?(?:reporting|editing|writing|compiled)\sby\b
    | .{0,160}\bcontributed\s(?:to\sthis\s(?:report|story|article)|reporting)\b
    | updated\s(?:at|on)?\s?\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_DATED = re.compile(
    r"""^(?:\W*(?:published|updated|posted|last\supdated|veröffentlicht|aktualisiert|stand|publié\sle|publicado|pubblicato|
    erstellt|on|am|le|el|um|at|uhr|h|gmt|utc|est|edt|pst|et|am|pm|amt|a\.m|p\.m|de|del|às|kl|
    [a-zäéûçãáíóúñ]{3,12}day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|
    (?:segunda|terça|quarta|quinta|sexta)-feira|
    jan\w*|feb\w*|mar\w*|mär\w*|apr\w*|ma[iyj]\w?|jun\w*|jul\w*|aug\w*|ago\w*|sept?\w*|o[ck]t\w*|out\w*|nov\w*|de[cz]\w*|
    fév\w*|avr\w*|juin|août|déc\w*|ene\w*|abr\w*|gen\w*|mag\w*|giu\w*|lug\w*|set\w*|ott\w*|dic\w*|
    \d{1,4})\b)+\W*$""",
    re.IGNORECASE | re.VERBOSE,
)


@cache
def _openings() -> frozenset[str]:
    text = (files("bot.core.reading") / "read_more.txt").read_text("utf-8")
    return frozenset(row for row in text.splitlines() if row and not row.startswith("#"))


@cache
def _opening() -> re.Pattern[str]:
    longest_first = sorted(_openings(), key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def bare(text: str) -> str:
    """Return the letters and digits of a text, case folded: what makes two lines the same."""
    return _NOT_WORD.sub("", text).casefold()


def clean(
    lines: Iterable[str],
    *,
    titles: Sequence[str] = (),
    apart: Sequence[str] = (),
    authors: Sequence[str] = (),
) -> list[str]:
    """Return the lines that belong to the body, in order.

    `titles` are names of the page, `apart` the texts kept in other parts of the article
    (standfirst, lead bullets, captions): a line that only repeats one of them is dropped, also
    when either goes on for up to 40 letters (a photographer's name). Near the top go lines that hold
    only a date or the `authors`.
    """
    known = {bare(text) for text in titles}
    elsewhere = {bare(text) for text in apart}
    kept: list[str] = []
    for line in lines:
        text = bare(line)
        if not text or text in known or _repeats(text, elsewhere):
            continue
        if is_furniture(line) or (len(kept) < _TOP and _is_credit(line, text, authors)):
            continue
        kept.append(line)
    return _without_end(kept)


def _repeats(text: str, elsewhere: set[str]) -> bool:
    """Tell whether a line is one of the texts kept apart, give or take a credit at its end."""
    if text in elsewhere:
        return True
    return len(text) >= _NEAR and any(
        abs(len(text) - len(other)) <= _NEAR and (text.startswith(other) or other.startswith(text))
        for other in elsewhere
        if len(other) >= _NEAR
    )


def is_furniture(line: str) -> bool:
    """Tell whether a line is the page's own and not the article's: an invitation, a label."""
    return (
        sends_elsewhere(line)
        or (len(line) <= _MAX_CALL and bool(_CALLS.match(line)))
        or (len(line) <= _MAX_FURNITURE * 2 and bool(_FURNITURE.match(line)))
    )


def sends_elsewhere(line: str) -> bool:
    """Tell whether a line only points to another article ("Read more: ...")."""
    if len(line) > _MAX_INVITATION:
        return False
    text = _OPENING.sub("", line.casefold())
    match = _opening().match(text)
    if not match:
        return False
    rest = text[match.end() :].strip()
    return (
        not rest
        or rest[0] in ":-–—|>»→"
        or match[0].endswith(":")
        or not _SENTENCE_END.search(rest)
    )


def _is_credit(line: str, text: str, authors: Sequence[str]) -> bool:
    if len(line) > _MAX_FURNITURE:
        return False
    if _DATED.match(line):
        return True
    rest = text
    for name in authors:
        rest = rest.replace(bare(name), "")
    return rest != text and len(rest) < 12


def _without_end(kept: list[str]) -> list[str]:
    """Drop the lines at the end that name those who made the text."""
    while kept and _MAKERS.match(kept[-1]):
        kept.pop()
    return kept
