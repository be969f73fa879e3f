"""The lines of a text that say who wrote it, when, and where it stands: never its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.core.language.words import fold, words
from bot.core.reading.phrases import months, phrases

_DATE = re.compile(
    r"(?P<y1>\d{4})-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|(?P<y2>\d{4})年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
    r"|\b(?P<d3>\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?\s+(?:(?:de|of)\s+)?(?P<n3>[^\W\d_]{3,})\.?,?"
    r"\s+(?:(?:de|del)\s+)?(?P<y3>\d{4})\b"
    r"|\b(?P<n4>[^\W\d_]{3,})\.?\s+(?P<d4>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y4>\d{4})\b"
    r"|\b(?P<a5>\d{1,2})(?P<sep>[./-])(?P<b5>\d{1,2})(?P=sep)(?P<y5>\d{4})\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?\b)?|\b\d{1,2}\s*[ap]\.?m\b\.?", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:(?:written |words |reporting |story |text )?by|von|par|por|di|da|door|af|av"
    r"|authors?|autor(?:in|en)?|auteurs?|autore)(?P<colon>\s*:)?\s+(?P<names>.+)",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+(?:and|&|und|et|y|e|og|och|en)\s+")
_AFTER_A_NAME = re.compile(r"\s+(?:for|in|at|from|für|à|en)\s.*", re.IGNORECASE)
_BETWEEN_PARTS = re.compile(r"\s*[|•·]\s*|\s+[–—-]\s+")
_LONGEST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a byline or date line says; both may be empty ("Updated 5 minutes ago")."""

    authors: tuple[str, ...] = ()
    published: date | None = None
    labelled: bool = False


def read_credit(line: str) -> Credit | None:
    """Return what a line says if all of it is a byline, a date line or both; otherwise None.

    A date written so that day and month could change places is a date line without a date, and
    so is one that only tells the last change. `labelled` says that the line names itself
    ("By ...", "Published: ...") and does not merely hold a date.
    """
    line = line.strip()
    if len(line) > _LONGEST * 12 or len(words(line)) > _LONGEST or line[:1].islower():
        return None
    dated = _dated(line)
    if dated is not None:
        return dated
    first, *others = _BETWEEN_PARTS.split(line)
    dates = [part for part in map(_dated, others) if part is not None]
    match = _BYLINE.fullmatch(first)
    authors = _names(match["names"]) if match else ()
    if dates and match is None and " " in first:
        authors = _names(first)
    if not authors:
        return None
    published = next((part.published for part in dates if part.published), None)
    return Credit(authors=authors, published=published, labelled=True)


def read_date(text: str) -> date | None:
    """Return the first date that a short text states without doubt, or None."""
    return next((found for match in _DATE.finditer(text) if (found := _date(match))), None)


def read_names(text: str) -> tuple[str, ...]:
    """Return the people named in a list of authors, with or without "By"."""
    match = _BYLINE.fullmatch(text.strip())
    return _names(match["names"] if match else text)


def _dated(line: str) -> Credit | None:
    """Return the date line that this is, or None: dates, times, labels and nothing else."""
    published: date | None = None
    rest: list[str] = []
    end = 0
    found = False
    for match in _DATE.finditer(line):
        if _names_no_month(match):
            continue
        found = True
        before = fold(line[end : match.start()]).split()
        rest.extend(before)
        end = match.end()
        if published is None and not any(
            word.strip(":,.|") in phrases("updated") for word in before
        ):
            published = _date(match)
    left = _TIME.sub(" ", " ".join(rest) + " " + fold(line[end:]))
    left_words = [word.text for word in words(left) if not word.text.isdigit()]
    labels = phrases("published") | phrases("updated")
    labelled = any(word in labels for word in left_words)
    told = labelled or any(word in phrases("durations") for word in left_words)
    if not (found or (told and any(character.isdigit() for character in line))):
        return None
    days = phrases("weekdays") | phrases("short weekdays")
    if not labels | days | phrases("around a date") | phrases("durations") >= set(left_words):
        return None
    return Credit(published=published, labelled=labelled)


def _names_no_month(match: re.Match[str]) -> bool:
    name = match["n3"] or match["n4"]
    return name is not None and fold(name) not in months()


def _date(match: re.Match[str]) -> date | None:
    if match["a5"]:
        day, month = int(match["a5"]), int(match["b5"])
        if match["sep"] != "." and day != month:
            if day <= 12 and month <= 12:  # noqa: PLR2004 - months in a year
                return None
            day, month = max(day, month), min(day, month)
        return _day(int(match["y5"]), month, day)
    name = match["n3"] or match["n4"]
    month = int(match["m1"] or match["m2"] or months().get(fold(name or ""), 0))
    year = int(match["y1"] or match["y2"] or match["y3"] or match["y4"])
    return _day(year, month, int(match["d1"] or match["d2"] or match["d3"] or match["d4"]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _names(text: str) -> tuple[str, ...]:
    """Return the names in a byline's list; none at all where a piece can be no name or role."""
    if text.rstrip().endswith((".", "!", "?", ":")) and not re.search(r"\b[A-Z]\.$|\bJr\.$", text):
        return ()
    names: list[str] = []
    for piece in _BETWEEN_NAMES.split(text.strip()):
        name = _AFTER_A_NAME.sub("", piece.strip())
        if any(fold(word).removesuffix("s") in phrases("roles") for word in name.split()):
            continue
        if not _is_name(name):
            return ()
        if not names or " " in name:
            names.append(name)
    return tuple(names)


def _is_name(text: str) -> bool:
    parts = text.split()
    if not 1 <= len(parts) <= 5:  # noqa: PLR2004 - longer runs are no person's or agency's name
        return False
    if fold(text) in phrases("weekdays") | phrases("months"):
        return False
    return all(
        part in phrases("particles") or (part[0].isalpha() and not part[0].islower())
        for part in parts
    )


# --- where it stands --------------------------------------------------------------------------

_CALL = (
    r"(?:read (?:more|the (?:full|whole|original) (?:story|article|report))|continue reading"
    r"|originally published|weiterlesen|mehr(?: dazu)?|lire la suite|leer más|sigue leyendo"
    r"|leggi (?:di più|tutto)|lees (?:meer|verder)|les mer|läs mer|læs mere)"
)
_PREPOSITION = r"(?:\s+(?:at|on|in|from|by|auf|bei|sur|en|su|op|på|hos):?\s+|\s*:\s*(?=\S+\.\S))"
_ADDRESS = r"(?:https?://)?(?:www\.)?(?P<host>[^\W_][\w-]*(?:\.[\w-]+)+)(?:[/?#]\S*)?"
_TITLE = r"(?P<name>(?-i:[A-ZÀ-ÞΑ-Я0-9])[\w'’.&-]*(?:\s+(?:&|[\w'’.&-]+)){0,5}?)"
_READ_MORE = re.compile(
    rf"(?:^|(?P<closed>(?<=[.!?…\"'”’»)])\s+)|\s+(?=(?-i:[A-ZÀ-Þ])))"
    rf"{_CALL}{_PREPOSITION}(?:{_ADDRESS}|{_TITLE})\s*[.›»>→]*\s*$",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    rf"(?:source|quelle|fuente|fonte|bron|kilde|källa)\s*:\s*(?:{_ADDRESS}|{_TITLE})\s*\.?",
    re.IGNORECASE,
)


def split_publisher(line: str) -> tuple[str, str | None]:
    """Cut "Read more at SITE" off the end of a line: what stands before it, and the site.

    The site is a host name without `www.`, or a name as it is written; None, and the whole line,
    where the line has no such end.
    """
    match = _READ_MORE.search(line)
    if match is None or (match.start() and match["name"] and match["closed"] is None):
        return line, None
    return line[: match.start()].rstrip(), _site(match)


def read_source(line: str) -> str | None:
    """Return the publisher that a line names as its source ("Source: The Sample Post")."""
    match = _SOURCE.fullmatch(line.strip())
    return _site(match) if match else None


def _site(match: re.Match[str]) -> str:
    return (match["host"] or match["name"]).rstrip(".")
