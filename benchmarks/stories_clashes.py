"""Clashes: those written into the labelled days, and planted ones, by changing one figure.

A plant is a figure that two articles on one event give, of one kind and value, told in digits or
words, changed in the one wherever that one gives it, and nothing else. It is taken to be of one
thing in both where each has a single sentence with it, or where the word behind it is the same.
Each is changed twice, moderately and a lot.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.digesting.bounds import agree, amount
from bot.core.digesting.clashing import clashes
from bot.core.digesting.quantities import quantities
from bot.core.language.sentences import split
from bot.core.language.words import fold, stem
from bot.core.reading.identity import article
from bot.core.writing.figures import figures
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.core.digesting.quantity import Quantity
    from bot.model import Article, Clash, Mention
    from bot.model import Figure as Shown

CHANCE = Path(__file__).with_name("plants_by_chance.json")
SHOWN = 3
"""So many clashes of a story are shown, the surest."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
_STEPS: Mapping[str, tuple[int, int]] = {
    "year": (-3, -9),
    "age": (2, 17),
    "date": (2, 9),
    "clock": (1, 4),
    "half clock": (1, 4),
    "score": (1, 2),
    "elapsed": (1, 2),
}
"""What is added to numbers that are no amounts: moderately, and a lot."""
_MOST = {"age": 99, "date": 28, "clock": 23, "half clock": 12}
_TIMES = (Decimal("1.3"), Decimal("2.5"))
_LESS = (Decimal("0.7"), Decimal("0.4"))
_ALL = 100
_TRIES = 6
_LEAST_GROUPED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Two mentions of one event of which the first gives `new` where it gave `old`.

    `mine` and `theirs` are where the figure stands in the two: a text, 0 for the headline, and
    the place in it.
    """

    kind: str
    value: str
    old: str
    new: str
    changed: Mention
    other: Mention
    mine: frozenset[tuple[int, int]]
    theirs: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """A quantity in an article: in which of its sentences, its number, and the word behind it."""

    quantity: Quantity
    text: int
    start: int
    sentence: tuple[int, int]
    token: str
    noun: str

    @property
    def value(self) -> tuple[str, Decimal]:
        return self.quantity.kind, self.quantity.amount.size


def plants(group: Sequence[Mention]) -> Iterator[Plant]:
    """Yield every figure that two articles of a group share, changed in one of them."""
    chance = _by_chance()
    for one, other in permutations(group, 2):
        if one.article.publisher == other.article.publisher:
            continue
        urls = sorted((one.article.url or "", other.article.url or ""))
        mine, theirs = _by_value(one.article), _by_value(other.article)
        known = [each.quantity for held in (*mine.values(), *theirs.values()) for each in held]
        for value in mine.keys() & theirs.keys():
            name = f"{value[0]} {value[1].normalize():f}"
            if not _of_one_thing(mine[value], theirs[value]) or (*urls, name) in chance:
                continue
            for much in (0, 1):
                if changed := _changed(one.article, mine[value], known, much):
                    new, item, places = changed
                    yield Plant(
                        kind=value[0].split()[0],
                        value=name,
                        old=mine[value][0].token,
                        new=new,
                        changed=replace(one, article=item),
                        other=other,
                        mine=places,
                        theirs=frozenset((each.text, each.start) for each in theirs[value]),
                    )


def shown(plant: Plant) -> bool:
    """Whether the clash of the planted figure with the other article's is among those shown."""
    found = clashes((plant.changed, plant.other))[:SHOWN]
    return any(_is(clash, plant) for clash in found)


def _is(clash: Clash, plant: Plant) -> bool:
    sides = ((plant.changed, plant.mine), (plant.other, plant.theirs))
    return all(
        any(_at(figure, mention, places) for figure in clash.figures) for mention, places in sides
    )


def _at(figure: Shown, mention: Mention, places: frozenset[tuple[int, int]]) -> bool:
    proof = figure.evidence
    text = proof.paragraph + 1 if proof.part is Part.BODY else 0
    return figure.mention == mention and any(
        text == number and proof.start <= start < proof.end for number, start in places
    )


def says(clash: Clash, first: str, second: str) -> bool:
    """Whether a clash is between two figures, each given in the words of its label."""
    return all(
        any(values(label) & values(figure.text) for figure in clash.figures)
        for label in (first, second)
    )


def values(text: str) -> set[str]:
    """Return the values of the numbers in a few words of any of the days' languages."""
    languages = ("en", "de", "fr", "es")
    return {f"{one.value.normalize():f}" for code in languages for one in figures(text, code)}


def _by_value(item: Article) -> dict[tuple[str, Decimal], list[_Given]]:
    found: dict[tuple[str, Decimal], list[_Given]] = {}
    for one in _given(item):
        found.setdefault(one.value, []).append(one)
    return dict(sorted(found.items()))


def _by_chance() -> set[tuple[str, str, str]]:
    """The figures that two articles share by chance, as read: 60 houses, 60 aftershocks."""
    rows = json.loads(CHANCE.read_text("utf-8"))
    return {(*sorted((row["one"], row["other"])), row["figure"]) for row in rows}


def _of_one_thing(mine: Sequence[_Given], theirs: Sequence[_Given]) -> bool:
    if all(len({one.sentence for one in held}) == 1 for held in (mine, theirs)):
        return True
    ours, others = ({one.noun for one in held if one.noun} for held in (mine, theirs))
    return bool(ours & others)


def _given(item: Article) -> Iterator[_Given]:
    """The figures of an article in digits, or in plain words."""
    language = item.language or "en"
    for number, text in enumerate((item.headline or "", *item.paragraphs)):
        for start, end in split(text, language):
            sentence = text[start:end]
            for quantity in quantities(sentence, language):
                told = sentence[slice(*quantity.at)]
                match = _NUMBER.search(told)
                token = match[0] if match else fold(told)
                behind = re.match(r"[\s-](\w{3,})", sentence[quantity.at[1] :])
                yield _Given(
                    quantity=quantity,
                    text=number,
                    start=start + quantity.at[0] + (match.start() if match else 0),
                    sentence=(number, start),
                    token=token,
                    noun=stem(behind[1], language) if behind else "",
                )


def _changed(
    item: Article, held: Sequence[_Given], known: Sequence[Quantity], much: int
) -> tuple[str, Article, frozenset[tuple[int, int]]] | None:
    """The article with another number, in the same form, that neither article gives."""
    language = item.language or "en"
    texts = [item.headline or "", *item.paragraphs]
    for extra in range(_TRIES):
        words = [_new(one, language, much, extra) for one in held]
        if None in words or len({_number(word or "", language) for word in words}) != 1:
            return None
        scale = held[0].quantity.amount
        old = _number(held[0].token, language)
        new = _number(words[0] or "", language)
        kind = held[0].quantity.kind
        now = amount(new * (scale.value / old) if old and kind not in _STEPS else new, "")
        if any(one.kind == kind and agree(one.amount, now) for one in known):
            continue
        places = set()
        shift: Counter[int] = Counter()
        for one, word in zip(held, words, strict=True):
            start, text = one.start + shift[one.text], texts[one.text]
            texts[one.text] = text[:start] + (word or "") + text[start + len(one.token) :]
            shift[one.text] += len(word or "") - len(one.token)
            places.add((one.text, start))
        return words[0] or "", _with(item, texts), frozenset(places)
    return None


def _new(one: _Given, language: str, much: int, extra: int) -> str | None:
    """Another number in the form of this one; None for words that are not known."""
    known = _WORDS.get(language, "").split()
    folded = [fold(word) for word in known]
    if one.token[0].isdecimal():
        return _digits(one.token, one.quantity, language, much, extra)
    if one.token not in folded:
        return None
    value = str(folded.index(one.token) + 2)
    new = int(_digits(value, one.quantity, language, much, extra))
    return known[new - 2] if new - 2 < len(known) else str(new)


def _digits(token: str, quantity: Quantity, language: str, much: int, extra: int) -> str:
    kind = quantity.kind
    if kind in _STEPS:
        first = re.split(r"[.,]", token)[0]
        step, most = _STEPS[kind][much], _MOST.get(kind, 9999)
        other = (
            int(first) + step + extra
            if int(first) + step + extra <= most
            else (max(1, int(first) - step - extra))
        )
        return str(other) + token[len(first) :]
    value = _number(token, language)
    new = value * _TIMES[much]
    if kind == "unit percent" and value <= _ALL < new:
        new = value * _LESS[much]
    digits = re.sub(r"\D", "", token)
    telling = max(1, len(digits.strip("0")))
    places = len(token) - 1 - max(token.rfind("."), token.rfind(",")) if value % 1 else 0
    least = Decimal(1).scaleb(-places)
    unit = max(Decimal(1).scaleb(new.adjusted() - telling + 1), least)
    rounded = (new / unit).to_integral_value() * unit
    if rounded == value:
        rounded += unit
    return _spelt(rounded + extra * unit, token, places, language)


def _spelt(value: Decimal, token: str, places: int, language: str) -> str:
    grouped = bool(re.search(r"\d[.,]\d{3}(?!\d)", token)) or len(token) < _LEAST_GROUPED
    grouped = grouped and not places
    text = f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"
    if language == "en":
        return text
    return text.translate(str.maketrans(",.", ".,"))


def _number(token: str, language: str) -> Decimal:
    found = figures(token, language)
    if found:
        return found[0].value
    return Decimal(re.split(r"[.,]", token)[0])


def _with(item: Article, texts: Sequence[str]) -> Article:
    return article(
        url=item.url,
        headline=texts[0],
        publisher=item.publisher,
        published=item.published,
        language=item.language,
        paragraphs=texts[1:],
    )
