"""Numbers in a text, whichever way they are written: 1.5 million, 1,500,000, fifty, 50th, -5 %."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core.language.words import fold, language_or_english, stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.333", "⅔": "0.667"}
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee"}
_DIGITS = re.compile(
    r"(?P<money>[$£€¥₹#]\s?)?(?P<number>\d+(?:[.,’'\u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?|(?=[½¼¾⅓⅔]))(?P<fraction>[½¼¾⅓⅔]?)"
    r"\s?(?P<after>[$£€%]|[^\W\d_]+(?:[ -](?:cento|cents?|hundert|ciento))?)?"
)
_LETTERS = re.compile(r"[^\W\d_]+")
# before a word that multiplies: 12 mille, pour cent
_COUNTED = re.compile(r"(?:\d\s?|\bp(?:ou|e|o)r\s)$")
# millions d'euros, millones de libras, milioni di sterline
_UNIT = re.compile(r"[\s-](?:d['’]|d[ei]\s)?([^\W\d_]+(?: cent)?)")
# the comma is the decimal mark, the point groups thousands
_COMMA_DECIMAL = frozenset(("da", "de", "es", "fr", "it", "nb", "nl", "no", "pt", "sv"))
_HUNDRED = 100
_LEAST_COMPOUND, _MOST_COMPOUND = 6, 60
_LEAST_OF_COMPOUND = 20
_NEVER = 10**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number at text[start:end]: its value with scale and sign, and its unit where it has one.

    `unit` is "percent", a currency, a measure ("mile", "day") or empty. `spelled` numbers were
    written in letters.
    """

    value: Decimal
    unit: str
    start: int
    end: int
    spelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The number words of one language: plain ones, those that multiply, and units.

    `parts` stand inside of a longer word only; `joiners` are its "and", each with the least number
    that it may stand behind.
    """

    plain: Mapping[str, int]
    scales: Mapping[str, int]
    units: Mapping[str, str]
    parts: Mapping[str, int]
    joiners: Mapping[str, int]

    def pieces_of(self, word: str, *, begins: bool) -> tuple[str, ...]:
        """Return the number words that a folded word is or is made of; none where it is no number.

        What only multiplies does not begin a number. Of a compound one piece is twenty or more:
        "Tito" is no number in Danish.
        """
        if word in self.plain or (not begins and word in self.scales):
            return (word,)
        if not self.parts or not _LEAST_COMPOUND <= len(word) <= _MOST_COMPOUND:
            return ()
        found = self._cut(word)
        is_one = len(found) > 1 and any(self.value(one) >= _LEAST_OF_COMPOUND for one in found)
        return found if is_one else ()

    def value(self, piece: str) -> int:
        """Return what a number word or part of one adds, or multiplies by."""
        return self.plain.get(piece) or self.scales.get(piece) or self.parts.get(piece, 0)

    def _cut(self, word: str) -> tuple[str, ...]:
        """Cut a word into number words, the last of which can stand alone."""
        if word in self.plain or word in self.scales:
            return (word,)
        for end in range(len(word) - 1, 1, -1):
            piece = word[:end]
            known = piece in self.plain or piece in self.scales or piece in self.parts
            if known and (rest := self._cut(word[end:])):
                return (piece, *rest)
        return ()


def figures(text: str, language: str | None) -> list[Figure]:
    """Return the numbers of a text in order. "One" is left out: it is mostly no number."""
    names = _names(language)
    found = [_in_digits(match, text, language, names) for match in _DIGITS.finditer(text)]
    found += _in_letters(text, names)
    return sorted(found, key=lambda figure: figure.start)


def in_english(text: str, language: str | None) -> list[Figure]:
    """Return the numbers in English words of a text in another language.

    Words that its own language has are none: French "six", Dutch "ten".
    """
    own, english = _names(language), _names("en")
    if own is english:
        return []
    known = own.plain.keys() | own.scales.keys() | stop_words(language)
    return [
        figure
        for figure in _in_letters(text, english)
        if not known.issuperset(
            fold(word[0]) for word in _LETTERS.finditer(text, figure.start, figure.end)
        )
    ]


def number_words(language: str | None, value: int) -> frozenset[str]:
    """Return the ways to write a small number, folded: its digits and its words."""
    plain = _names(language).plain
    return frozenset({str(value), *(word for word, meant in plain.items() if meant == value)})


def unmatched(found: Iterable[Figure], told: Iterable[Figure]) -> list[Figure]:
    """Return those found that nothing told says; a unit that only one of them names is no doubt."""
    units: dict[Decimal, set[str]] = {}
    for figure in told:
        units.setdefault(figure.value, set()).add(figure.unit)
    return [
        figure
        for figure in found
        if not (held := units.get(figure.value))
        or (figure.unit and held.isdisjoint(("", figure.unit)))
    ]


def places(found: Iterable[Figure]) -> set[int]:
    """Return the offset of every character of some figures."""
    return {at for figure in found for at in range(figure.start, figure.end)}


def _in_digits(match: re.Match[str], text: str, language: str | None, names: _Names) -> Figure:
    value = _value(match["number"], language) + Decimal(_FRACTIONS.get(match["fraction"], "0"))
    unit = _CURRENCIES.get((match["money"] or "").strip(), "")
    end = match.end("fraction")
    after = fold(match["after"] or "")
    if after in names.scales:
        value, end = value * names.scales[after], match.end("after")
        tail = _UNIT.match(text, end)
        after = fold(tail[1]) if tail else ""
        if after in names.units and tail:
            unit, end = names.units[after], tail.end()
    elif after in names.units:
        unit, end = names.units[after], match.end("after")
    if _is_negative(text, match.start()):
        value = -value
    return Figure(value=value, unit=unit, start=match.start(), end=end)


def _is_negative(text: str, start: int) -> bool:
    """Whether a minus stands before: a sign with nothing before it, or the word."""
    before = text[max(0, start - 8) : start]
    return re.search(r"(?:^|[\s(])[-−–]$|\bminus $", before) is not None


def _value(number: str, language: str | None) -> Decimal:
    """The value of digits with separators.

    A mark that comes twice, or a comma or space before exactly three digits, groups thousands;
    so does a point in the languages that write decimals with a comma.
    """
    if not number:
        return Decimal(0)
    plain = re.sub("[’'\u00a0\u202f]", "", number)
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return Decimal(plain)
    comma_decimal = language_or_english(language) in _COMMA_DECIMAL
    last = marks[-1]
    tail = plain.rpartition(last)[2]
    groups = len(tail) == 3 and (  # noqa: PLR2004 - thousands have three digits
        marks.count(last) > 1 or (last == ("." if comma_decimal else ","))
    )
    if groups and len(set(marks)) == 1:
        return Decimal(re.sub(r"[.,]", "", plain))
    whole = re.sub(r"[.,]", "", plain[: len(plain) - len(tail) - 1])
    return Decimal(f"{whole}.{tail}")


def _in_letters(text: str, names: _Names) -> list[Figure]:
    found: list[Figure] = []
    run: list[re.Match[str]] = []
    pieces: tuple[str, ...] = ()
    joined = False
    for match in _LETTERS.finditer(text):
        word = fold(match[0])
        if run and not joined and names.value(pieces[-1]) >= names.joiners.get(word, _NEVER):
            joined = True
            continue
        between = text[run[-1].end() : match.start()] if run else ""
        more = names.pieces_of(word, begins=not run)
        goes_on = re.fullmatch(r"[\s-]+(?:\w+\s+)?" if joined else r"[\s-]+", between)
        if run and not (more and goes_on and _adds(pieces[-1], more[0], names, joined=joined)):
            found += _spelled(run, pieces, names, text)
            run, pieces = [], ()
            more = names.pieces_of(word, begins=True)
        joined = False
        if more:
            run.append(match)
            pieces = (*pieces, *more)
    return found + _spelled(run, pieces, names, text)


def _adds(before: str, piece: str, names: _Names, *, joined: bool) -> bool:
    """Whether a word behind "and" is part of the number: "treinta y dos", not "treinta y mil"."""
    return not joined or before in names.scales or names.value(piece) < names.value(before)


def _spelled(
    run: list[re.Match[str]], pieces: tuple[str, ...], names: _Names, text: str
) -> list[Figure]:
    """Return the figure that a run of number words is, cut into pieces; none of no words."""
    if not pieces:
        return []
    if pieces[0] in names.scales and _COUNTED.search(text[: run[0].start()]):
        return _spelled(run[1:] or run, pieces[1:], names, text)
    total = part = 0
    for before, word in pairwise(["", *pieces]):
        if word in names.scales and names.scales[word] == _HUNDRED:
            part = max(part, 1) * _HUNDRED
        elif word in names.scales:
            total, part = total + max(part, 1) * names.scales[word], 0
        elif before == "quatre" and word in ("vingt", "vingts"):
            part += 4 * 20 - 4
        else:
            part += names.value(word)
    end = run[-1].end()
    tail = _UNIT.match(text, end)
    unit = names.units.get(fold(tail[1]), "") if tail else ""
    value = Decimal(total + part)
    if value == 1 and not unit:
        return []
    return [Figure(value=value, unit=unit, start=run[0].start(), end=end, spelled=True)]


def _names(language: str | None) -> _Names:
    known = _all_names()
    return known.get(language_or_english(language), known["en"])


@cache
def _all_names() -> dict[str, _Names]:
    """Read number_words.txt: `<code> plain|scale|unit|part|joiner: word=value ...`."""
    lines = files("bot.core.writing").joinpath("number_words.txt").read_text("utf-8").splitlines()
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for line in lines:
        if line.startswith("#"):
            continue
        head, _, listed = line.partition(":")
        codes, kind = head.split()
        pairs = (entry.split("=") for entry in listed.split())
        table = {fold(word.replace("_", " ")): value for word, value in pairs}
        for code in codes.split(","):
            tables.setdefault(code, {})[kind] = table
    return {
        code: _Names(
            plain={word: int(value) for word, value in kinds["plain"].items()},
            scales={word: int(value) for word, value in kinds["scale"].items()},
            units=kinds["unit"],
            parts={word: int(value) for word, value in kinds.get("part", {}).items()},
            joiners={word: int(value) for word, value in kinds.get("joiner", {}).items()},
        )
        for code, kinds in tables.items()
    }
