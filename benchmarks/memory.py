"""The task "memory": is an article found again among thousands, how fast, and is a copy known?

On SQLite and on PostgreSQL the same articles are stored in one channel, as many again in others;
what people type is searched for as the bot does it, date, outlet and all. Beside it stands what
FTS5's own bm25() makes of the same words, among the same channel's passages.
"""

from __future__ import annotations

import asyncio
import json
import math
import sqlite3
import statistics
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks import rows, tables
from benchmarks.floors import floors
from benchmarks.memory_articles import NOW, Names, posted, sought
from benchmarks.memory_copies import ADDED, copies, reports
from bot.core.answering import again
from bot.core.answering.memory import parse, passages
from bot.core.writing import extract
from bot.flows import command, recall
from bot.model import Channel, Origin, Question, Thread, Workspace
from bot.store.sql import SqlStore
from bot.writers.embedded import EmbeddedWriter
from tests.postgres import running

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from benchmarks.memory_articles import Posted, Sought
    from benchmarks.program import Row
    from bot.store.sql import SqlStore as Store

    Figures = dict[str, float]

TASKS = ("memory",)
RESULTS = Path(__file__).with_name("results")
ARTICLES, ASKED, COPIES = 12_000, 400, 300
_WARM = 10
_BATCH = 500
_FAR = 10**6
_TEAM = Workspace(platform="slack", id="T1")
_NEWS = Channel(workspace=_TEAM, id="news")
_OTHERS = (
    Channel(workspace=_TEAM, id="other"),
    Channel(workspace=Workspace(platform="slack", id="T2"), id="abroad"),
)
_PLAIN = (
    "SELECT p.version_id FROM passages_fts JOIN passages p ON p.id = passages_fts.rowid "
    "WHERE passages_fts MATCH ? AND p.version_id IN (SELECT m.version_id FROM mentions m "
    "JOIN channels c ON c.id = m.channel_id WHERE c.external_id = 'news') "
    "ORDER BY bm25(passages_fts) LIMIT 100"
)


class _Clock:
    def now(self) -> datetime:
        return NOW


@dataclass(slots=True)
class _Found:
    """The ranks at which what was sought came up, from 1, and the seconds that it took."""

    ranks: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def figures(self, what: str) -> Figures:
        hits = {
            f"{what}, hit@{most}": sum(rank <= most for rank in self.ranks) / len(self.ranks)
            for most in (1, 3, 10)
        }
        return {name: round(value, 4) for name, value in hits.items()} | self.times(what)

    def times(self, what: str) -> Figures:
        taken = sorted(self.seconds[_WARM:] or self.seconds)
        last = taken[min(len(taken) - 1, math.ceil(0.95 * len(taken)) - 1)]
        return {
            f"{what}, ms p50": round(1000 * statistics.median(taken), 1),
            f"{what}, ms p95": round(1000 * last, 1),
        }


def measure(options: argparse.Namespace) -> list[str]:
    """Measure what was asked for; return which figures are under their floors, and how."""
    if "memory" not in options.only:
        return []
    source = rows.source()
    given = [row for row in source.rows("briefing") if len(row["expected"]["lead_bullets"]) > 1]
    names = Names(given)
    many = options.sample or ARTICLES
    here = list(posted(given, names, many=many))
    others = list(posted(given, names, many=many, first=many))
    asked = sought(here, names, many=ASKED)
    columns: dict[str, Figures] = {}
    tables.note(f"memory: {many} articles on SQLite ...")
    with TemporaryDirectory(prefix="briefbot-bench-") as folder:
        path = Path(folder, "briefbot.db")
        columns["SQLite"] = asyncio.run(_measured(path, here, others, asked))
        plain = _plain(path, asked)
    tables.note(f"memory: {many} articles on PostgreSQL ...")
    with running() as server:
        columns["PostgreSQL"] = asyncio.run(_measured(server.url(), here, others, asked))
    columns["plain bm25()"] = plain
    found = {"search": columns, "copies": {"briefbot": copied(given)}}
    return _shown(found, source.name)


async def _measured(
    where: Path | str, here: Sequence[Posted], others: Sequence[Posted], asked: Sequence[Sought]
) -> Figures:
    store = await SqlStore.open(where)
    try:
        half = len(others) // 2
        for channel, some in zip((_NEWS, *_OTHERS), (here, others[:half], others[half:]),
                                 strict=True):  # fmt: skip
            await _fill(store, channel, some)
        return await _asked(store, asked)
    finally:
        await store.close()


async def _fill(store: Store, channel: Channel, given: Sequence[Posted]) -> None:
    for first in range(0, len(given), _BATCH):
        async with store.begin() as tx:
            for number, one in enumerate(given[first : first + _BATCH], first):
                await store.add_mention(
                    tx,
                    thread=Thread(channel=channel, id=str(number)),
                    message=str(number),
                    poster=one.poster,
                    at=one.at,
                    origin=Origin.LINK,
                    source=one.article.url or "",
                    article=one.article,
                    passages=passages(one.article),
                )


async def _asked(store: Store, asked: Sequence[Sought]) -> Figures:
    """Search for everything and ask for it; `all` are all searches."""
    found = {name: _Found() for name in ("all", "none", "date", "outlet", "date and outlet")}
    answers = _Found()
    for one in asked:
        began = time.perf_counter()
        recalled = await command.search(one.text, channel=_NEWS, store=store, clock=_Clock())
        took = time.perf_counter() - began
        keys = [each.mention.article.key for each in recalled.given]
        rank = _rank(one.posted.article.key, keys)
        for name in ("all", one.filter):
            found[name].ranks.append(rank)
            found[name].seconds.append(took)
        answers.seconds.append(await _answered(store, one))
    figures = found["all"].figures("search")
    for name in ("none", "date", "outlet", "date and outlet"):
        figures |= found[name].figures(f"filter: {name}")
    return figures | answers.times("question")


async def _answered(store: Store, one: Sought) -> float:
    thread = Thread(channel=_NEWS, id="asked")
    question = Question(thread=thread, asker="U1", text=one.text, asked_at=NOW)
    began = time.perf_counter()
    await recall.ask_memory(question, writer=EmbeddedWriter(), store=store, clock=_Clock())
    return time.perf_counter() - began


def _rank(key: str, keys: Sequence[str]) -> int:
    return keys.index(key) + 1 if key in keys else _FAR


def _plain(path: Path, asked: Sequence[Sought]) -> Figures:
    """Have FTS5 itself look for the words of each search, without its filters."""
    found = _Found()
    with closing(sqlite3.connect(path)) as connection:
        urls = dict(connection.execute("SELECT id, url FROM article_versions"))
        for one in asked:
            words = parse(one.text, NOW).terms
            began = time.perf_counter()
            match = " OR ".join(f'"{word}"' for word in words)
            versions = [row[0] for row in connection.execute(_PLAIN, (match,))]
            found.seconds.append(time.perf_counter() - began)
            keys = list(dict.fromkeys(urls[version] for version in versions))
            found.ranks.append(_rank(one.posted.article.key, keys))
    return found.figures("search")


def copied(given: Sequence[Row]) -> Figures:
    """Hold copies against what they were made of, and reports against others of their event."""
    made = list(copies(given, many=COPIES))
    told = list(reports(given, many=COPIES))
    known = [again.is_copy(copy, article) for copy, article in made]
    wrong = [again.is_copy(*pair) or again.is_copy(*pair[::-1]) for pair in told]
    new = old = said_new = said_old = 0
    for copy, article in made:
        brief = extract.write(copy, bullets=5)
        numbers = again.new_in(copy, brief, article)
        for number, bullet in enumerate(brief.bullets, 1):
            added = any(span.quote in ADDED for span in bullet.evidence)
            new, old = new + added, old + (not added)
            said_new += added and number in numbers
            said_old += not added and number in numbers
    return {
        "copies": len(made),
        "recall": round(sum(known) / max(1, len(known)), 4),
        "precision": round(sum(known) / max(1, sum(known) + sum(wrong)), 4),
        "reports of the same event": len(told),
        "taken for copies": round(sum(wrong) / max(1, len(wrong)), 4),
        "bullets of what a copy adds": new,
        "of these said to be new": round(said_new / max(1, new), 4),
        "bullets of what was known": old,
        "of these said to be new too": round(said_old / max(1, old), 4),
    }


def _shown(found: dict[str, dict[str, Figures]], source: str) -> list[str]:
    missed = []
    for name, columns in found.items():
        bounds = floors(source, f"memory-{name}")
        tables.quality(f"memory: {name}", columns, bounds, versus=None)
        for column in _ours(columns):
            wrong = bounds.missed(columns[column])
            missed += [f"memory, {column}, {figure}: {what}" for figure, what in wrong.items()]
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"rows": source, **found}, indent=2, ensure_ascii=False)
    (RESULTS / "memory.json").write_text(text + "\n", "utf-8")
    return missed


def _ours(columns: Iterable[str]) -> list[str]:
    return [name for name in columns if not name.startswith("plain")]
