"""Clashes: those written into the labelled days, and planted ones, by changing one figure.

A plant re-words nothing: it takes two articles on one event that give the same figure and changes
it in the one, wherever that one gives it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING

from bot.core.digesting.clashing import clashes
from bot.core.digesting.quantities import quantities
from bot.core.digesting.quantity import CLOCKS
from bot.core.language.sentences import split
from bot.core.language.words import stem
from bot.core.reading.identity import article
from bot.core.writing.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.digesting.quantity import Quantity
    from bot.model import Article, Clash, Mention

_NUMBER = re.compile(r"\d+")
_MOST_DIGIT = 9
_NOON, _LAST_HOUR = 12, 23
_SPELLED = "two three four five six seven eight nine ten eleven twelve"
_LEAST_DIGITS = 2
"""Numbers of one digit but zeros are shared by chance: two banks, 60 sheep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Two mentions of one event of which the first gives `new` where it gave `old`."""

    kind: str
    old: str
    new: str
    changed: Mention
    other: Mention


def plants(group: Sequence[Mention]) -> Iterator[Plant]:
    """Yield every figure that two articles of a group share, changed in one of them."""
    for one, other in permutations(group, 2):
        if one.article.publisher == other.article.publisher:
            continue
        theirs = list(_given(other.article))
        seen: set[str] = set()
        for quantity, token, noun in _given(one.article):
            if token in seen or not any(_same((quantity, token, noun), given) for given in theirs):
                continue
            seen.add(token)
            new = _changed(token, quantity.kind, (one.article, other.article))
            if new:
                changed = replace(one, article=_with(one.article, token, new))
                if any(_gives(quantity, given) for given, *_ in _given(changed.article)):
                    continue  # it gives the figure in words as well, or inside a name
                yield Plant(
                    kind=quantity.kind.split()[0], old=token, new=new, changed=changed, other=other
                )


def shown(plant: Plant) -> bool:
    """Whether the clash of the planted figure with the other article's is among those found."""
    return any(_is(clash, plant) for clash in clashes((plant.changed, plant.other)))


def _is(clash: Clash, plant: Plant) -> bool:
    words = {figure.outlet: figure.text.casefold() for figure in clash.figures}
    outlets = (plant.changed.article.publisher, plant.other.article.publisher)
    mine, theirs = (words.get(outlet or "", "") for outlet in outlets)
    return bool(_token(plant.new).search(mine) and _token(plant.old).search(theirs))


def says(clash: Clash, first: str, second: str) -> bool:
    """Whether a clash is between two figures, each given in the words of its label."""
    return all(
        any(_values(label) & _values(figure.text) for figure in clash.figures)
        for label in (first, second)
    )


def _values(text: str) -> set[str]:
    languages = ("en", "de", "fr", "es")
    return {f"{one.value.normalize():f}" for code in languages for one in figures(text, code)}


def _same(one: tuple[Quantity, str, str], other: tuple[Quantity, str, str]) -> bool:
    """Whether two articles give one figure: of one digit but zeros only before the same word."""
    (quantity, token, noun), (kind, same, word) = one, other
    alike = _gives(quantity, kind) and token == same
    telling = len("".join(filter(str.isdigit, token)).strip("0")) >= _LEAST_DIGITS
    return alike and (telling or (bool(noun) and noun == word))


def _gives(one: Quantity, other: Quantity) -> bool:
    return (one.kind, one.amount.size) == (other.kind, other.amount.size)


def _given(item: Article) -> Iterator[tuple[Quantity, str, str]]:
    """The figures of an article, with the number as it stands there and the word behind it."""
    language = item.language or "en"
    for text in (item.headline or "", *item.paragraphs):
        for start, end in split(text, language):
            sentence = text[start:end]
            for quantity in quantities(sentence, language):
                token = sentence[slice(*quantity.at)].casefold()
                match = re.search(r"\d[\d.,:]*\d|\d", token)
                if match or token in _SPELLED.split():
                    behind = re.match(r"[\s-](\w{3,})", sentence[quantity.at[1] :])
                    word = stem(behind[1], language) if behind else ""
                    yield quantity, match[0] if match else token, word


def _changed(token: str, kind: str, articles: Sequence[Article]) -> str | None:
    """Another number in the same form, that neither article gives."""
    everything = " ".join(
        text for item in articles for text in (item.headline or "", *item.paragraphs)
    )
    for step in (1, 2, 3, 4, 5):
        new = _step(token, kind, step)
        if new and new != token and not _token(new).search(everything.casefold()):
            return new
    return None


def _step(token: str, kind: str, step: int) -> str | None:
    spelled = _SPELLED.split()
    if token in spelled:
        return spelled[(spelled.index(token) + step) % len(spelled)]
    match = _NUMBER.search(token)
    if match is None:
        return None
    digits = match[0]
    if kind in CLOCKS:
        hour, last = int(digits), _NOON if int(digits) <= _NOON else _LAST_HOUR
        new = str(hour + step if hour + step <= last else hour - step)
    elif kind in ("date", "year", "label", "ordinal", "age") or len(digits) == 1:
        last = (int(digits[-1]) + step + 1) % 10
        new = digits[:-1] + str(last)
    else:
        first = int(digits[0])
        new = str(first + step if first + step <= _MOST_DIGIT else first - step) + digits[1:]
    if int(new) <= 0:
        return None
    return token[: match.start()] + new + token[match.end() :]


def _with(item: Article, old: str, new: str) -> Article:
    def changed(text: str) -> str:
        return _token(old).sub(
            lambda match: new.capitalize() if match[0][0].isupper() else new, text
        )

    return article(
        url=item.url,
        headline=changed(item.headline or ""),
        publisher=item.publisher,
        published=item.published,
        language=item.language,
        paragraphs=[changed(text) for text in item.paragraphs],
    )


def _token(number: str) -> re.Pattern[str]:
    """A number by itself, behind a currency sign at most."""
    return re.compile(
        rf"(?:(?<![\w.,:])|(?<=[$£€])){re.escape(number)}(?!\d|[.,:]\d)", re.IGNORECASE
    )
