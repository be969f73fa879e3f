"""The task "stories": which articles are of one event, and where their figures clash.

The labelled days are in `seeds/days`, half of them to tune on and half held out; where
BRIEFBOT_BENCH is there, pairs of real articles of one or two events (`story_pairs.json` has their
ids). They are not unseen: every other one was fitted to, and for clashes all that are of one event.
The peers' thresholds are those that are best on the tuning half.
"""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import rows, stories_peers, tables
from benchmarks.floors import floors
from benchmarks.stories_clashes import SHOWN, plants, says, shown
from benchmarks.stories_days import Day, days, mention_of
from bot.core.digesting.clashing import clashes
from bot.core.digesting.stories import group
from bot.core.reading.identity import article

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.program import Row
    from benchmarks.stories_peers import Alike
    from bot.model import Mention

    Figures = dict[str, float]
    Grouping = Callable[[Sequence[Mention]], list[list[Mention]]]

TASKS = ("stories",)
PAIRS = Path(__file__).with_name("story_pairs.json")
RESULTS = Path(__file__).with_name("results")
_SITES = {"cnn": "CNN", "dm": "Daily Mail"}
_THRESHOLDS = [at / 100 for at in range(2, 80, 2)]
_MANY = 100
_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two real articles, whether they are of one event, and where their figures do differ."""

    mentions: tuple[Mention, Mention]
    same: bool
    clashes: Sequence[tuple[str, str]] = ()


def measure(options: argparse.Namespace) -> list[str]:
    """Measure what was asked for; return which figures are under their floors, and how."""
    if "stories" not in options.only:
        return []
    programs = figures()
    bounds = floors("seeds", "stories")
    tables.quality("stories", programs, bounds, versus="tf-idf")
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(programs, indent=2, ensure_ascii=False)
    (RESULTS / "stories.json").write_text(text + "\n", "utf-8")
    missed = bounds.missed(programs["briefbot"])
    return [f"stories, {figure}: {what}" for figure, what in missed.items()]


def figures() -> dict[str, Figures]:
    """Return the figures of Briefbot and of its peers by name."""
    tuned, held, real = days("tune"), days("held-out"), pairs()
    peers = {"jaccard": stories_peers.jaccard, "tf-idf": stories_peers.tfidf}
    least = {name: _best(alike, tuned) for name, alike in peers.items()}
    groupings: dict[str, Grouping] = {"briefbot": group}
    groupings |= {name: _linking(alike, least[name]) for name, alike in peers.items()}
    found: dict[str, Figures] = {}
    for name, grouping in groupings.items():
        found[name] = _scores("tune", _of_days(tuned, grouping))
        found[name] |= _scores("held out", _of_days(held, grouping))
        found[name] |= _scores("held out, in one pool", _of_days([_pool(held)], grouping))
        if real and name in peers:
            joined = _over(peers[name], real, least[name])
            found[name] |= _scores("real pairs", _of_pairs(real, joined))
        elif real:
            joined = [len(group(pair.mentions)) == 1 for pair in real]
            found[name] |= _scores("real pairs", _of_pairs(real, joined))
        found[name] |= {f"ms, {_MANY} articles": _milliseconds(tuned + held, grouping)}
    found["briefbot"] |= clash_figures(tuned, held, real)
    return found


def clash_figures(tuned: Sequence[Day], held: Sequence[Day], real: Sequence[Pair] = ()) -> Figures:
    """Return how many clashes are shown, planted and natural, and how many are none.

    Every other real pair is one that the weights were fitted to.
    """
    same = [pair for pair in real if pair.same]
    halves: dict[str, Sequence[tuple[Sequence[Mention], Sequence[tuple[str, str]]]]] = {
        "tune": _labelled(tuned),
        "held out": _labelled(held),
        "fresh": _labelled(days("fresh")),
        "real pairs, tune": [(apart(pair.mentions), pair.clashes) for pair in same[1::2]],
        "real pairs, held out": [(apart(pair.mentions), pair.clashes) for pair in same[::2]],
    }
    found: Figures = {}
    for name, events in halves.items():
        if events:
            planted = [plant for mentions, _ in events for plant in plants(mentions)]
            found[f"planted clashes, {name}"] = len(planted)
            found[f"planted clashes shown, {name}"] = sum(map(shown, planted)) / len(planted)
            found |= _natural(name, events)
    return found


def _labelled(half: Sequence[Day]) -> list[tuple[list[Mention], list[tuple[str, str]]]]:
    """The events of some days with the clashes written into them."""
    return [
        (mentions, [both for place, both in day.clashes if place == event])
        for day in half
        for event, mentions in stories([day])
    ]


def _natural(
    name: str, events: Sequence[tuple[Sequence[Mention], Sequence[tuple[str, str]]]]
) -> Figures:
    """The clashes labelled that are shown, and pairs with one that was not."""
    wrong = number = labels = hits = 0
    for mentions, known in events:
        told: set[tuple[str, str]] = set()
        for pair in combinations(mentions, 2):
            number += 1
            found = [
                {label for label in known if says(clash, *label)} for clash in clashes(pair)[:SHOWN]
            ]
            told = told.union(*found)
            wrong += not all(found)
        labels += len(known)
        hits += len(told)
    return {
        f"natural clashes, {name}": labels,
        f"natural clashes shown, {name}": hits / max(1, labels),
        f"pairs with a false clash, {name}": wrong / number,
    }


def pairs() -> list[Pair]:
    """Return the labelled pairs of the benchmark folder, none where there is no such folder."""
    folder = rows.bench_folder()
    if folder is None:
        return []
    with gzip.open(folder / "briefing.jsonl.gz", "rt", encoding="utf8") as lines:
        read = {row["id"]: row for row in map(json.loads, lines)}
    labelled = json.loads(PAIRS.read_text("utf-8"))
    return [
        Pair(
            mentions=(_real(read[one["one"]], 1), _real(read[one["other"]], 2)),
            same=one["same"],
            clashes=[(first, second) for first, second in one.get("clashes", ())],
        )
        for one in labelled
        if one["one"] in read and one["other"] in read
    ]


def _real(row: Row, number: int) -> Mention:
    site = row["expected"].get("site", "")
    read = article(
        url=f"https://{site}.example/{row['id']}",
        publisher=_SITES.get(site),
        language="en",
        paragraphs=row["paragraphs"],
    )
    return mention_of(read, number)


def stories(half: Iterable[Day]) -> list[tuple[str, list[Mention]]]:
    """The events that several articles are of."""
    return [
        (event, mentions) for day in half for event, mentions in day.by_event() if len(mentions) > 1
    ]


def apart(mentions: Sequence[Mention]) -> list[Mention]:
    """Two articles as of two outlets: one outlet's figures are not held against each other."""
    return [
        replace(mention, article=replace(mention.article, publisher=f"outlet {at}"))
        for at, mention in enumerate(mentions)
    ]


def _pool(half: Sequence[Day]) -> Day:
    """All days as one: what came days later is there too."""
    return Day(
        name="pool",
        split=half[0].split,
        mentions=[mention for day in half for mention in day.mentions],
        events={key: event for day in half for key, event in day.events.items()},
        clashes=[clash for day in half for clash in day.clashes],
    )


def _linking(alike: Alike, least: float) -> Grouping:
    """A peer with its threshold."""
    return lambda mentions: stories_peers.linked(mentions, alike(mentions), least)


def _over(alike: Alike, real: Sequence[Pair], least: float) -> list[bool]:
    """Which pairs a peer joins; its words are weighed over the articles of all pairs."""
    known = {one.article.key: one for pair in real for one in pair.mentions}
    places = {key: at for at, key in enumerate(known)}
    scores = alike(list(known.values()))
    pairs = (sorted(places[one.article.key] for one in pair.mentions) for pair in real)
    return [scores[one, other] >= least for one, other in pairs]


def _best(alike: Alike, tuned: Sequence[Day]) -> float:
    """The threshold that is best on the tuning half."""
    scored = [(day, alike(day.mentions)) for day in tuned]

    def f1(least: float) -> float:
        total = [0, 0, 0]
        for day, likenesses in scored:
            found = stories_peers.linked(day.mentions, likenesses, least)
            total = [a + b for a, b in zip(total, _counts(day, found), strict=True)]
        return _f1(*total)

    return max(_THRESHOLDS, key=f1)


def _of_days(half: Sequence[Day], grouping: Grouping) -> tuple[int, int, int]:
    counts = [_counts(day, grouping(day.mentions)) for day in half]
    right, wrong, missed = (sum(column) for column in zip(*counts, strict=True))
    return right, wrong, missed


def _counts(day: Day, found: Sequence[Sequence[Mention]]) -> tuple[int, int, int]:
    """Pairs that are rightly in one story, wrongly, and wrongly apart."""
    got = {pair for members in found for pair in _pairs(members)}
    want = {pair for _, members in day.by_event() for pair in _pairs(members)}
    return len(got & want), len(got - want), len(want - got)


def _of_pairs(real: Sequence[Pair], joined: Sequence[bool]) -> tuple[int, int, int]:
    held = [(one, pair.same) for one, pair in zip(joined, real, strict=True)]
    return held.count((True, True)), held.count((True, False)), held.count((False, True))


def _pairs(members: Sequence[Mention]) -> set[frozenset[str]]:
    keys = [mention.article.key for mention in members]
    return {frozenset(pair) for pair in combinations(keys, 2)}


def _scores(name: str, counts: tuple[int, int, int]) -> Figures:
    right, wrong, missed = counts
    return {
        f"precision, {name}": right / max(1, right + wrong),
        f"recall, {name}": right / max(1, right + missed),
        f"F1, {name}": _f1(*counts),
    }


def _f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / max(1, 2 * right + wrong + missed)


def _milliseconds(half: Sequence[Day], grouping: Grouping) -> float:
    """The quickest of some runs over a day of many articles."""
    many = [mention for day in half for mention in day.mentions][:_MANY]
    taken = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        grouping(many)
        taken.append(time.perf_counter() - began)
    return round(1000 * min(taken), 1)
