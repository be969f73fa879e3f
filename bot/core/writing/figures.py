"""Numbers in a text, whichever way they are written: 1.5 million, 1,500,000, fifty, 50th, -5 %."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.language.words import fold, language_or_english, stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.333", "⅔": "0.667"}
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee"}
_DIGITS = re.compile(
    r"(?P<money>[$£€¥₹#]\s?)?(?P<number>\d+(?:[.,’'\u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?|(?=[½¼¾⅓⅔]))(?P<fraction>[½¼¾⅓⅔]?)"
    r"\s?(?P<after>[$£€%]|[^\W\d_]+(?:[ -](?:cents?|hundert|cento|ciento))?)?"
)
_LETTERS = re.compile(r"[^\W\d_]+")
# the comma is the decimal mark, the point groups thousands
_COMMA_DECIMAL = frozenset(("da", "de", "es", "fr", "it", "nb", "nl", "no", "pt", "sv"))
_HUNDRED = 100


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
    """The number words of one language: plain ones, those that multiply, and units."""

    plain: Mapping[str, int]
    scales: Mapping[str, int]
    units: Mapping[str, str]


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
        tail = _LETTERS.match(text, end + 1)
        after = fold(tail[0]) if tail else ""
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
    for match in _LETTERS.finditer(text):
        word = fold(match[0])
        between = text[run[-1].end() : match.start()] if run else ""
        if word == "and" and run and fold(run[-1][0]) in names.scales:
            continue
        if run and not re.fullmatch(r"[\s-]+(?:and\s+)?", between):
            _close(run, names, found, text)
        if word in names.plain or (run and word in names.scales):
            run.append(match)
        else:
            _close(run, names, found, text)
    _close(run, names, found, text)
    return found


def _close(run: list[re.Match[str]], names: _Names, found: list[Figure], text: str) -> None:
    """Turn a run of number words into a figure, and empty it."""
    if not run:
        return
    total = part = 0
    for match in run:
        word = fold(match[0])
        if word in names.plain:
            part += names.plain[word]
        elif names.scales[word] == _HUNDRED:
            part = max(part, 1) * _HUNDRED
        else:
            total, part = total + max(part, 1) * names.scales[word], 0
    end = run[-1].end()
    tail = re.compile(r"\s([^\W\d_]+(?: cent)?)").match(text, end)
    unit = names.units.get(fold(tail[1]), "") if tail else ""
    value = Decimal(total + part)
    if not (value == 1 and not unit):
        found.append(Figure(value=value, unit=unit, start=run[0].start(), end=end, spelled=True))
    run.clear()


def _names(language: str | None) -> _Names:
    known = _all_names()
    return known.get(language_or_english(language), known["en"])


@cache
def _all_names() -> dict[str, _Names]:
    """Read number_words.txt: `<code> plain|scale|unit: word=value ...`."""
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
        )
        for code, kinds in tables.items()
    }
