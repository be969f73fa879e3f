"""Thousands of articles of one channel, made of the briefing rows, and what people ask for.

Each copy of a row is another article: its names are swapped for names about as frequent, its
numbers for others. What is asked for is made of the lead bullets but the first, which stands in
as the headline: names, figures and other words that carry meaning, some of them dropped.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core.answering.dates import period
from bot.core.answering.times import MONTHS, WEEKDAYS
from bot.core.language.sentences import split
from bot.core.language.words import carries_meaning, fold, stop_words, words
from bot.core.reading import identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.program import Row
    from bot.model import Article

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)  # a Wednesday
DAYS = 80
OUTLETS = (
    *(("Daily Mail", "dailymail.example"), ("CNN", "edition.cnn.example")),
    *(("The Morning Post", "morningpost.example"), ("Reuters", "reuters.example")),
    *(("The Sample Times", "sampletimes.example"), ("Le Quotidien", "quotidien.example")),
    *(("Harbour News", "harbournews.example"), ("BBC News", "bbc.co.example")),
)
POSTERS = tuple(f"U{number}" for number in range(1, 13))

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
_WORD = re.compile(r"[A-Z][a-z]{2,}|\d+(?:[.,]\d+)*")
_TIMES = frozenset((*WEEKDAYS, *MONTHS))
_BLOCK = 64
_SENTENCES = 2
_KEEPS = 0.7
_FEWEST, _MOST = 3, 9
_CAPITAL = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An article, and who posted it when; `bullets` are its publisher's, its headline the first."""

    article: Article
    bullets: tuple[str, ...]
    poster: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody types, the article that it is about, and which filter it has."""

    text: str
    posted: Posted
    filter: str


class Names:
    """The names of some rows, to be swapped for names about as frequent."""

    def __init__(self, rows: Sequence[Row]) -> None:
        texts = [text for row in rows for text in (*row["paragraphs"], *_bullets(row))]
        inside = Counter(name for text in texts for name in _NAME.findall(text))
        lower = Counter(word for text in texts for word in re.findall(r"\b[a-z]{3,}", text))
        stops = stop_words("en")
        self._order = [
            name
            for name, count in sorted(inside.items(), key=lambda item: (-item[1], item[0]))
            if count > _CAPITAL * (count + lower[name.lower()]) and fold(name) not in stops | _TIMES
        ]
        self._place = {name: at for at, name in enumerate(self._order)}

    def __contains__(self, word: str) -> bool:
        return word in self._place

    def swapped(self, text: str, turn: int) -> str:
        """Return a text with its names and numbers swapped, the same ones always the same way."""
        return _WORD.sub(lambda match: self._other(match[0], turn), text)

    def _other(self, word: str, turn: int) -> str:
        if word[0].isdigit():
            rng = random.Random(f"{word}:{turn}")  # noqa: S311 - made up numbers
            first = str(rng.randint(1, 9))
            return first + "".join(
                str(rng.randint(0, 9)) if sign.isdigit() else sign for sign in word[1:]
            )
        at = self._place.get(word)
        if at is None:
            return word
        begin = at - at % _BLOCK
        size = min(_BLOCK, len(self._order) - begin)
        return self._order[begin + (at - begin + turn) % size]


def posted(rows: Sequence[Row], names: Names, *, many: int, first: int = 0) -> Iterator[Posted]:
    """Yield so many articles; with another `first`, others."""
    for number in range(many):
        row = rows[number % len(rows)]
        turn = 0 if number + first < len(rows) else 1 + (number + first) * 7 // len(rows)
        rng = random.Random(f"posted:{number + first}")  # noqa: S311 - a benchmark
        bullets = tuple(names.swapped(text, turn) for text in _bullets(row))
        outlet, host = OUTLETS[min(rng.randrange(len(OUTLETS)), rng.randrange(len(OUTLETS)))]
        body = [names.swapped(text, turn) for text in row["paragraphs"]]
        article = identity.article(
            url=f"https://{host}/{number + first}",
            headline=bullets[0],
            publisher=outlet,
            published=NOW.date(),
            language="en",
            paragraphs=paragraphs_of(body),
        )
        at = NOW - timedelta(days=DAYS) * (1 - number / many)
        yield Posted(article=article, bullets=bullets, poster=rng.choice(POSTERS), at=at)


def _bullets(row: Row) -> list[str]:
    found: list[str] = row["expected"]["lead_bullets"]
    return found


def paragraphs_of(body: Sequence[str]) -> list[str]:
    """Cut rows' long texts into paragraphs of two sentences, as newspapers have them."""
    found = []
    for text in body:
        ends = [end for _, end in split(text, "en")]
        cuts = [0, *ends[_SENTENCES - 1 : -1 : _SENTENCES], len(text)]
        found += [text[a:b] for a, b in pairwise(cuts) if text[a:b].strip()]
    return found


def sought(given: Sequence[Posted], names: Names, *, many: int) -> list[Sought]:
    """Return what is typed to find some of the articles, half of it as questions."""
    rng = random.Random("sought")  # noqa: S311 - a benchmark
    found: list[Sought] = []
    while len(found) < many:
        one = rng.choice(given)
        kept = _some_words(rng, one.bullets[1:], names)
        topic = " ".join(kept)
        if len(kept) < _FEWEST or not any(_tells(word, names) for word in kept):
            continue
        if period(topic, NOW) or any(outlet in topic for outlet, _ in OUTLETS):
            continue  # it would be taken for a filter
        kind = ("none", "date", "outlet", "date and outlet")[len(found) % 4]
        asked = _asked(rng, kept) if len(found) // 4 % 2 else topic
        mark = "?" if asked.endswith("?") else ""
        text = f"{asked.removesuffix('?')}{_filtered(rng, one, kind)}{mark}"
        found.append(Sought(text=text, posted=one, filter=kind))
    return found


def _some_words(rng: random.Random, bullets: Sequence[str], names: Names) -> list[str]:
    """Names, figures and other words of one bullet or two, some dropped."""
    if not bullets:
        return []
    chosen = rng.sample(bullets, min(len(bullets), rng.choice((1, 1, 2))))
    stops = stop_words("en")
    all_words = [word.text for text in chosen for word in words(text)]
    meaning = [word for word in all_words if carries_meaning(word, stops)]
    kept = [word for word in dict.fromkeys(meaning) if rng.random() < _KEEPS][:_MOST]
    if meaning and not any(_tells(word, names) for word in kept):
        kept += [word for word in meaning if _tells(word, names)][:1]
    if rng.random() < 0.5:  # noqa: PLR2004 - half
        rng.shuffle(kept)
    return kept


def _tells(word: str, names: Names) -> bool:
    return word in names or word[0].isdigit()


def _asked(rng: random.Random, kept: Sequence[str]) -> str:
    topic = " ".join(kept)
    middle = max(1, len(kept) // 2)
    halves = f"{' '.join(kept[:middle])} and {' '.join(kept[middle:])}"
    return rng.choice((
        f"what did we read about {topic}?",
        f"have we seen anything on {topic}?",
        f"which articles mention {halves}?",
        f"what do we know about {halves}?",
    ))  # fmt: skip


def _filtered(rng: random.Random, one: Posted, kind: str) -> str:
    said = ""
    if "outlet" in kind:
        publisher = one.article.publisher or ""
        host = (one.article.url or "").split("/")[2]
        said += rng.choice((f" in {publisher}", f" from {publisher}", f" from:{host}"))
    if "date" in kind:
        said += f" {rng.choice(_when(one.at))}"
    return said


def _when(at: datetime) -> list[str]:
    """Ways to say when that was."""
    today = NOW.date()
    ago = (today - at.date()).days
    before, after = at - timedelta(days=2), at + timedelta(days=2)
    ways = [
        f"on {at.day} {at:%B}",
        f"between {before.day} {before:%B} and {after.day} {after:%B}",
        f"in {at:%B}",
    ]
    monday = today - timedelta(days=today.weekday())
    if at.date() >= monday:
        ways += ["this week", "since Monday"] * 2
    elif at.date() >= monday - timedelta(days=7):
        ways += ["last week"] * 2
    if ago == 1:
        ways.append("yesterday")
    return ways
