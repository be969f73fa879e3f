"""Names in a sentence that an article does not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.language.words import Word, fold, language_or_english, stem, stop_words, words
from bot.core.writing.figures import figures, places
from bot.core.writing.signals import signals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# How the people and things of a place are named after it: Iran, Iranian; China, Chinese.
_ENDING = re.compile(r"(?:ans?|a|e|ers?|es|ese|ia|ians?|ic|is[hmt]?|ists|i|ns?|o|s|y)?")
_LEAST_SHARED = 4
# No sentence opens with more marks and spaces than this.
_LOOK_BACK = 20
_TITLE_CASE = 0.7
_LEAST_FOR_TITLE_CASE = 4
_MOST_OF_ACRONYM = 7
# German writes every noun with a capital: there only two in a row, or all capitals, make a name.
_CAPITAL_NOUNS = frozenset(("de",))
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…]|[-–—•])[\s\"'“‘„«(\[]*$")
_OPENING_QUOTE = re.compile(r"[\"“„«‘'(\[]\s*$")
# A capital before a name or alone, that any article about the person could do without.
_TITLE = re.compile(
    r"president|senator|sen|governor|gov|rep|mr|mrs|ms|miss|dr|professor|prof|sir|dame|lord|lady"
    r"|king|queen|princess|prince|duke|duchess|pope|judge|justice|minister|prime|secretary"
    r"|general|colonel|col|lieutenant|lt|sergeant|sgt|captain|capt|officer|chief|mayor|pm|god"
    r"|internet|twitter|facebook|youtube|instagram|web|st"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names and words of an article, folded; `by_start` has the words by their beginning."""

    words: frozenset[str]
    stems: frozenset[str]
    by_start: Mapping[str, Sequence[str]]
    capitals: str
    acronyms: frozenset[str]
    families: frozenset[str]
    language: str | None


def known(texts: Sequence[str], language: str | None) -> Known:
    """Collect what the texts of an article hold, to look names up in."""
    found = [word for text in texts for word in words(text)]
    folded = frozenset(piece for word in found for piece in _pieces(word.text))
    by_start: dict[str, list[str]] = {}
    for piece in folded:
        by_start.setdefault(piece[:_LEAST_SHARED], []).append(piece)
    plain = " ".join(fold(word.text) for word in found)
    return Known(
        words=folded,
        stems=frozenset(stem(word.text, language) for word in found),
        by_start=by_start,
        # one string of initials: an acronym is looked up inside it
        capitals=" ".join(_initials(text) for text in texts),
        acronyms=frozenset(fold(word.text) for word in found if _is_acronym(word.text)),
        families=_families_in(f" {plain} ", folded),
        language=language,
    )


def unknown_names(text: str, article: Known) -> tuple[str, ...]:
    """Return the names of a text that the article does not hold, as they are written.

    Neighbouring unknown names come as one. A text without any capital has no names to look at.
    """
    found = words(text)
    candidates = _candidates(text, found, article.language)
    spelled_out = _spelled_out(found, candidates, article)
    unknown = [
        at in candidates and at not in spelled_out and not _is_known(found[at].text, article)
        for at in range(len(found))
    ]
    names: list[str] = []
    start: int | None = None
    for at, new in enumerate([*unknown, False]):
        if new and start is None:
            start = at
        elif not new and start is not None:
            names.append(text[found[start].start : found[at - 1].end])
            start = None
    return tuple(names)


def strangers(text: str, article: Known, language: str | None) -> tuple[str, ...]:
    """Return the names of a text in another language that the article does not hold."""
    return tuple(
        word.text for word in names_by_capital(text, language) if not stands_in(word.text, article)
    )


def names_by_capital(text: str, language: str | None) -> list[Word]:
    """Return the words of a text that have a capital and may be names, for all that is known.

    Of a text that no article's words stand beside: all but stop words, titles, days, months,
    numbers and what may open a sentence.
    """
    kinds = signals(language)
    no_names = stop_words(language) | kinds.month | kinds.weekday
    numbered = places(figures(text, language))
    found = []
    for word in words(text):
        folded = fold(word.text)
        if word.text.islower() or not word.text[0].isalpha() or len(word.text) == 1:
            continue
        if folded in no_names or _TITLE.fullmatch(folded) or word.start in numbered:
            continue
        may_open = folded in kinds.opening or _is_ordinary(word.text, language)
        if not (may_open and _opens(text, word)):
            found.append(word)
    return found


def _opens(text: str, word: Word) -> bool:
    """Whether a word opens a sentence or a quotation, where a capital says nothing."""
    before = text[max(0, word.start - _LOOK_BACK) : word.start]
    return bool(_SENTENCE_START.search(before) or _OPENING_QUOTE.search(before))


def _is_ordinary(word: str, language: str | None) -> bool:
    """Whether a word is an ordinary one that is no name; we know those of English."""
    return language_or_english(language) == "en" and stem(word, "en") in _ordinary_words()


def _candidates(text: str, found: Sequence[Word], language: str | None) -> set[int]:
    """The places of words that are names by their capital.

    At the beginning of a sentence a capital says nothing: there a word is a name when it is not
    an ordinary one (we know those of English) or when the next word is a name too.
    """
    capital = {at for at, word in enumerate(found) if word.text[0].isupper()}
    all_capitals = _is_title_case(found, capital)
    code = language_or_english(language)
    chosen = set()
    for at in sorted(capital):
        word = found[at].text
        if fold(word) in stop_words(language) or _TITLE.fullmatch(fold(word)) or len(word) == 1:
            continue
        in_run = at + 1 in capital or at - 1 in capital
        if code in _CAPITAL_NOUNS:
            if in_run or _is_acronym(word):
                chosen.add(at)
            continue
        no_sign = all_capitals or _opens(text, found[at])
        if not no_sign or (code == "en" and not _is_ordinary(word, code)):
            chosen.add(at)
    return chosen


def _is_title_case(found: Sequence[Word], capital: set[int]) -> bool:
    """Whether a text has a capital on nearly every word, as headlines do."""
    long = [at for at, word in enumerate(found) if len(word.text) >= _LEAST_SHARED]
    if len(long) < _LEAST_FOR_TITLE_CASE:
        return False
    return sum(at in capital for at in long) >= _TITLE_CASE * len(long)


def _spelled_out(found: Sequence[Word], candidates: set[int], article: Known) -> set[int]:
    """The places of names whose initials the article holds: World Health Organization, WHO."""
    places: set[int] = set()
    run: list[int] = []
    for at, word in enumerate(found):
        if word.text[0].isupper():
            run = [*run[1 - _MOST_OF_ACRONYM :], at]
        elif fold(word.text) not in stop_words(article.language):
            run = []
        for first in range(len(run) - 1):
            initials = "".join(found[place].text[0] for place in run[first:]).lower()
            if initials in article.acronyms:
                places.update(run[first:])
    return places & candidates


def stands_in(word: str, article: Known) -> bool:
    """Tell whether an article holds a name as it is spelled, or by a name that it goes by too."""
    return all(piece in article.words for piece in _pieces(word)) or fold(word) in article.families


def _is_known(word: str, article: Known) -> bool:
    if stands_in(word, article) or stem(word, article.language) in article.stems:
        return True
    if _is_acronym(word) and word in article.capitals:
        return True
    base = fold(word).removesuffix("'s")
    return any(
        _same_family(base, other) for other in article.by_start.get(base[:_LEAST_SHARED], ())
    )


def _same_family(one: str, other: str) -> bool:
    """Whether two names differ in an ending only."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= _LEAST_SHARED and all(_ENDING.fullmatch(name, shared) for name in (one, other))


def _pieces(word: str) -> list[str]:
    folded = fold(word).removesuffix("'s").removesuffix("'")
    return [piece for piece in folded.split("'") if piece]


def _is_acronym(word: str) -> bool:
    return word.isupper() and 1 < len(word) <= _MOST_OF_ACRONYM


def _initials(text: str) -> str:
    """The capitals of a text in a row; a space where a lower-case word that means something is."""
    return "".join(
        word.text[0] if word.text[0].isupper() else ("" if len(word.text) <= 3 else " ")  # noqa: PLR2004 - "of", "the", "and"
        for word in words(text)
    )


@cache
def _ordinary_words() -> frozenset[str]:
    lines = files("bot.core.writing").joinpath("ordinary_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _families() -> tuple[tuple[str, ...], ...]:
    lines = files("bot.core.writing").joinpath("aliases.txt").read_text("utf-8").splitlines()
    return tuple(tuple(fold(line).split()) for line in lines if not line.startswith("#"))


def _families_in(plain: str, folded: Iterable[str]) -> frozenset[str]:
    """All words of the families of which a member stands in the text; "u.s" is words u and s."""
    present = set(folded)
    found: set[str] = set()
    for family in _families():
        spaced = [member.replace("_", " ").replace(".", " ") for member in family]
        if any(one in present if " " not in one else f" {one} " in plain for one in spaced):
            found.update(word for one in spaced for word in one.split() if len(word) > 1)
    return frozenset(found)
