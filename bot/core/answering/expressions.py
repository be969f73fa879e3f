"""Whether a sentence holds something of the kind that a question asks for.

Word lists (`data/expressions.txt`) for English, German, French and Spanish; digits and capital
letters for the rest.
"""

from __future__ import annotations

import re
from functools import cache

from bot.core.answering.patterns import load
from bot.core.answering.question import Kind

# These two need capital letters.
_PREPOSITIONS = (
    "in|at|from|near|to|of|on|across|outside|inside|throughout|through|around|between|along|off|"
    "into|over|by|im|aus|nach|bei|von|vom|zu|zum|zur|à|au|aux|en|dans|de|du|des|sur|a|al|del|desde"
)
_PLACE = (
    rf"\b(?:{_PREPOSITIONS})\s+(?:(?:the|an?|de[rmn]|die|la|le|les|el|los|las|l[’'])\s*)?"
    r"(?:[^\W\d_]+\s+){0,2}?[A-ZÀ-Þ][\w’'-]+"
)
_NAME = r"(?<=[\w,;)’'”] )[A-ZÀ-Þ][\w’'-]+|^\W*[A-ZÀ-Þ]\w+ [A-ZÀ-Þ]\w+"

_LISTED = {
    Kind.WHEN: ("time",),
    Kind.COUNT: ("number",),
    Kind.AMOUNT: ("number",),
    Kind.DURATION: ("duration",),
    Kind.AGE: ("age",),
    Kind.WHY: ("reason",),
}
_NO_COUNT = frozenset(("one", "half", "third", "quarter", "once", "hier", "sept"))


@cache
def _listed(*names: str) -> re.Pattern[str]:
    patterns = _lists()
    return re.compile("|".join(f"(?:{patterns[name]})" for name in names), re.IGNORECASE)


@cache
def _lists() -> dict[str, str]:
    return load("expressions")


@cache
def _pattern(kind: Kind) -> re.Pattern[str] | None:
    match kind:
        case Kind.WHERE:
            return re.compile(_PLACE)
        case Kind.WHO:
            return re.compile(_NAME)
        case Kind.YES_NO | Kind.WHAT:
            return None
        case _:
            return _listed(*_LISTED[kind])


@cache
def _measure(kind: Kind, dimension: str) -> re.Pattern[str] | None:
    name = f"dimension.{dimension}"
    if kind in (Kind.AMOUNT, Kind.DURATION) and name in _lists():
        return _listed(name)
    return _pattern(kind)


def has_kind(kind: Kind, text: str, dimension: str = "") -> bool:
    """Tell whether a sentence holds something of a kind; anything can answer "what".

    `dimension` is the word that says what is measured ("fast", of "how fast"): a speed is then
    what has to be there, and not just any number.
    """
    pattern = _measure(kind, dimension)
    return pattern is None or pattern.search(text) is not None


def counts(text: str, noun: str) -> bool:
    """Tell whether a sentence counts anything that could be the noun asked for.

    A year, a length of time ("three weeks"), a sum of money or "one" is no count of people or
    things, unless the question asks for just that (`noun` is the word after "how many").
    """
    timed, year = _listed("timed"), _listed("year")
    of_time = timed.match(f" {noun}") is not None
    for match in _listed("number").finditer(text):
        number = match[0]
        if number[0] in "€$£¥" or number.lower() in _NO_COUNT:
            continue
        takes_time = timed.match(text, match.end()) is not None
        if of_time == takes_time and (of_time or not year.fullmatch(number.rstrip(".,"))):
            return True
    return False
