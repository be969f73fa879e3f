"""Lines that belong to the page and not to its article: invitations, labels, legal notes.

Told by the words that sites use for them. `read_more.txt` holds the openings of lines that send
the reader elsewhere, in the languages of the news pages that the rules were measured on.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_OPENING = re.compile(r"^[\W_]+")
_SENTENCE_END = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")
_MAX_INVITATION = 220
_MAX_CALL = 320
_MAX_LABEL = 160

# Calls to the reader. Each must hold a verb of asking and the thing asked for, in a short line.
_CALLS = re.compile(
    r"""^\W*(?:
      (?:please\s)?(?:sign\sup|subscribe|register)\b.*\b(?:newsletter|inbox|e-?mail|alerts?
      |updates|youtube|podcast|channel|today|here|now)\b
    | subscribe\b.{0,60}$
    | (?:get|receive)\b.*\b(?:newsletter|in\syour\sinbox|to\syour\sinbox|app)\b
    | (?:like|follow|join|find)\s.{0,80}\bon\s(?:facebook|twitter|instagram|x\b|threads|linkedin
      |youtube|tiktok|whatsapp|telegram|bluesky|google\snews|apple\snews).{0,80}$
    | (?:click|tap)\shere\b.*
    | (?:download|get)\s(?:the|our)\b.*\bapp\b.*
    | (?:thanks|thank\syou)\sfor\s(?:signing\sup|subscribing|reading).*
    | (?:support|donate\sto)\s(?:our|us|independent|quality)\b.{0,120}
    | become\sa\s(?:member|subscriber|supporter)\b.{0,60}
    | (?:do\syou\s)?have\s(?:a|any)\s(?:news\s)?(?:tip|story|question|comment)s?\b.*(?:\?|@).*
    | share\syour\s(?:thoughts|views|story|opinion)\b.*
    | (?:tell\sus|let\sus\sknow)\b.*
    | like\sthis\sstory\?.*
    | keep\san\seye\son\syour\sinbox\b.*
    | there\swas\san\serror\b.*
    | this\s(?:content|video)\sis\s(?:not\savailable|hosted)\b.*
    | to\s(?:view|display|see)\sthis\s(?:video|content)\b.*
    | (?:abonnieren|folgen|testen|registrieren|diskutieren)\ssie\b.{0,160}
    | (?:abonniere|folge|folgt|abonniert)\b.{0,160}\b(?:newsletter|kanal|instagram|facebook
      |whatsapp|twitter|youtube|uns)\b.*
    | .{0,40}(?:newsletter|whatsapp-kanal)\b.{0,80}\b(?:anmelden|abonnieren|bestellen|folgen
      |kostenlos)\b.*
    | (?:an\sdieser\sstelle|ich\sbin\sdamit\seinverstanden)\b.*\b(?:inhalte?|drittplattformen)\b.*
    | .{0,80}\b(?:externe[rn]?|eingebettete[rn]?)\sinhalte?n?\b.*
    | (?:dieser|diese)\sinhalte?\b.*\b(?:einwilligung|zustimmung|cookies|datenschutz\w*)\b.*
    | suivez[-\s](?:nous|toute)\b.* | (?:abonnez|inscrivez)-vous\b.*
    | pour\s(?:voir|afficher)\sce\scontenu\b.*
    | (?:síguenos|siga-nos|suscríbe\w*|suscríbase|únete|regístrate)\b.*
    | (?:inscreva-se|assine|siga)\b.{0,120}\b(?:canal|newsletter|instagram|facebook|whatsapp
      |twitter|grátis)\b.*
    | (?:iscriviti|seguici|abbonati|clicca\squi)\b.*
    | (?:volg\sons|schrijf\sje\sin|abonneer\sje|meld\sje\saan)\b.*
    | (?:følg\soss|følg\sos|følj\soss|följ\soss|meld\sdeg\spå|tilmeld\sdig|prenumerera)\b.*
    | (?:obserwuj\snas|subskrybuj|zapisz\ssię)\b.* | (?:takip\sedin|abone\solun)\b.*
    | (?:подпис(?:ывайтесь|аться|ывайся)|підписуйтесь|следите\sза)\b.*
    | ikuti\sberita\b.*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)

# Lines that say who made the text, when, or whose it is; only short ones, or at an edge.
_LABELS = re.compile(
    r"""^\W*(?:
      (?:copyright\b|©|\(c\)\s|all\srights\sreserved).*
    | .{0,60}(?:all\srights\sreserved|alle\srechte\svorbehalten|tous\sdroits\sréservés
      |todos\slos\sderechos\sreservados|무단\s?전재).{0,80}
    | (?:image|photo|picture|video|bild|foto|photo)?\s?(?:credits?|quelle|source|fuente|fonte
      |bron|kilde)\s?:\s?.{0,60}
    | (?:\d+\s)?(?:comments?|kommentare?|commentaires?|comentarios)(?:\s\(?\d+\)?)?
    | (?:share|print|e-?mail|copy\slink|save|listen|watch|menu|home|search|advertisement|loading)
    | (?:tempo\sde\sleitura|lesezeit|reading\stime)\b.{0,30} | \d+\s?(?:min(?:ute)?s?
      |min\.?)\s(?:read|lesezeit|de\slecture)
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_MAKERS = re.compile(
    r"""^\W*(?:(?:additional\s)?(?:reporting|editing|writing|compiled)\sby\b
    | .{0,160}\bcontributed\s(?:to\sthis\s(?:report|story|article)|reporting)\b
    | updated\s(?:at|on)?\s?\d)""",
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


def is_furniture(line: str) -> bool:
    """Tell whether a line is the page's own and not the article's: an invitation, a label."""
    return (
        sends_elsewhere(line)
        or (len(line) <= _MAX_CALL and bool(_CALLS.match(line)))
        or (len(line) <= _MAX_LABEL and bool(_LABELS.match(line)))
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


def names_makers(line: str) -> bool:
    """Tell whether a line names those who made the text ("Reporting by ...; editing by ...")."""
    return bool(_MAKERS.match(line))
