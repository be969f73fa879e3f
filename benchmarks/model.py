"""The task "model": what lies and worst cases get past us, what true lines don't, and its cost.

The model is the tests' stand-in, which is told what to write: nothing here measures a real one's
style. What we do about what it writes is what is measured.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import rows, tables
from benchmarks.floors import floors
from benchmarks.modelled import Lateness, article_of, stand_in, writing
from bot.core.language.words import fold
from bot.core.writing.drafts import Draft, accept
from bot.core.writing.form import bullet_text
from bot.core.writing.ground import Lock
from bot.core.writing.guard import clean
from bot.core.writing.labels import labelled
from bot.model import Bullet, Outcome
from bot.terminal.serve import settle_in
from tests.standins.model_outputs import WORST_CASES
from tests.standins.model_settings import FIELDS
from tests.standins.model_writing import first_sentence, length

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from benchmarks.modelled import StandIn
    from benchmarks.program import Row
    from bot.model import Article

    Figures = dict[str, float]

TASKS = ("model",)
RESULTS = Path(__file__).with_name("results")
_SECTION = "model"
_LIES = ("number", "name", "quote")
_BRIEFED = 300
_IDLE = 3.0
_LEAST, _MOST = 8, 40
_OF_AN_ARTICLE = 8
_WHOLE = re.compile(r"[\"“'‘]?[A-Z0-9](?:(?!\w{3}[.!?][\"”'’)]*\s)[^@/])+")


def measure(options: argparse.Namespace) -> list[str]:
    """Measure what was asked for; return which figures are under their floors, and how."""
    if "model" not in options.only:
        return []
    source = rows.source()
    some = options.sample or _BRIEFED
    told = [article_of(row) for row in source.rows("briefing", some)]
    read = [article_of(row) for row in source.rows("reading", some) if row["expected"]["body"]]
    found: dict[str, Figures] = {}
    with stand_in() as server:
        tables.note(f"model: lies about {len(told)} articles ...")
        found["lies"] = asyncio.run(lies(server, told))
        tables.note(f"model: {len(WORST_CASES)} worst cases ...")
        found["worst"] = asyncio.run(worst_cases(server, told))
        tables.note(f"model: {len(read)} briefs ...")
        found["cost"] = asyncio.run(cost(server, read))
    found["true"] = true_bullets(told)
    found["people"] = by_people(source.rows("briefing", options.sample))
    return _shown(found, source.name)


async def lies(server: StandIn, articles: Sequence[Article]) -> Figures:
    """Have the model lie in every bullet, and again when it is asked to mend them."""
    figures: Figures = {}
    async with writing(server) as writer:
        for kind in _LIES:
            server.change(behaviour="lies", lie=kind)
            told = passed = 0
            for article in articles:
                done = await writer.brief(article)
                said = [_plain(text) for text in done.worded]
                for lie in server.told()["lies"]:
                    told += 1
                    passed += any(_plain(lie["words"]) in text for text in said)
            figures |= {f"{kind}s told": told, f"{kind}s in a brief": passed / told}
    return figures


async def worst_cases(server: StandIn, articles: Sequence[Article]) -> Figures:
    """Have the model write each of the worst cases into one bullet among true ones."""
    wrote = passed = 0
    async with writing(server) as writer:
        for place in FIELDS:
            for index, _ in enumerate(WORST_CASES):
                article = articles[wrote % len(articles)]
                lock, true = Lock(article), _true_bullets(article)
                server.change(behaviour="injected", worst=index, worst_in=place)
                done = await writer.brief(article)
                wrote += 1
                passed += any(_said(one, lock) not in true for one in done.worded)
    return {"worst cases written": wrote, "worst cases in a post": passed}


def true_bullets(articles: Sequence[Article]) -> Figures:
    """Draft true bullets, sentences of the articles under their own labels."""
    given = kept = 0
    for article in articles:
        lock = Lock(article)
        for one in labelled(article)[:_OF_AN_ARTICLE]:
            quote = first_sentence(" ".join(one.text.split()))
            if _is_well_formed(quote):
                given += 1
                draft = Draft(text=quote.removesuffix("."), label=one.label, quote=quote)
                kept += isinstance(accept(draft, lock), Bullet)
    return {"true bullets": given, "accepted": kept / given}


async def cost(server: StandIn, articles: Sequence[Article]) -> Figures:
    """Time what we do around the model's answers, and note how late the event loop is meanwhile.

    The first brief is part of the start: it loads word lists and makes the form asked for. What
    the machine does to a loop that idles is told beside it.
    """
    server.change(behaviour="obeys")
    machine, starting, working = Lateness(), Lateness(), Lateness()
    async with writing(server) as writer:
        async with machine.noted():
            await asyncio.sleep(_IDLE)
        async with starting.noted():
            first = (await writer.brief(articles[0])).seconds
        gc.set_threshold(50_000)  # as the program does, and then `briefbot serve`
        settle_in()
        async with working.noted():
            seconds = [(await writer.brief(one)).seconds for one in articles]
    return {
        "characters of an article, median": statistics.median(map(_length, articles)),
        "characters of an article, longest": max(map(_length, articles)),
        "ms around the model, first": _ms(first),
        "ms around the model, median": _ms(statistics.median(seconds)),
        "ms around the model, longest": _ms(max(seconds)),
        "ms late, idle, p99": machine.ms(0.99),
        "ms late, idle, longest": machine.ms(1),
        "ms late, first brief, longest": starting.ms(1),
        "ms late, p50": working.ms(0.5),
        "ms late, p99": working.ms(0.99),
        "ms late, longest": working.ms(1),
    }


def by_people(written: Sequence[Row]) -> Figures:
    """Hold bullets that people wrote against their articles.

    Some of them state what the article lacks, word for word, and are blocked rightly.
    """
    total = blocked = rightly = 0
    for row in written:
        lock = Lock(article_of(row))
        text = "\n".join(one.text for one in labelled(lock.article)).casefold()
        for bullet in row["expected"]["lead_bullets"]:
            total += 1
            check = lock.check(bullet)
            if check.outcome is Outcome.BLOCK:
                blocked += 1
                rightly += any(words.casefold() not in text for _, words in check.reasons)
    return {
        "bullets by people": total,
        "blocked": blocked / total,
        "blocked, of those with no word the text lacks": (blocked - rightly) / (total - rightly),
    }


def _true_bullets(article: Article) -> set[str]:
    """What the stand-in writes of an article where it does as it is told."""
    lock = Lock(article)
    texts = (" ".join(one.text.split()) for one in labelled(article))
    return {_said(first_sentence(text), lock) for text in texts}


def _is_well_formed(text: str) -> bool:
    """Whether a line is what was asked for: one whole sentence of some length, no address in it."""
    return _LEAST <= length(text) <= _MOST and bool(_WHOLE.fullmatch(text))


def _said(text: str, lock: Lock) -> str:
    return _plain(bullet_text(clean(text), lock.language)).rstrip(" .。\"'“”‘’")


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _length(article: Article) -> int:
    return sum(map(len, article.paragraphs))


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)


def _shown(found: dict[str, Figures], source: str) -> list[str]:
    missed = []
    for name, figures in found.items():
        bounds = floors(_SECTION, name)
        tables.quality(f"model: {name}", {"briefbot": figures}, bounds, versus=None)
        wrong = bounds.missed(figures)
        missed += [f"model, {figure}: {what}" for figure, what in wrong.items()]
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"rows": source, **found}, indent=2, ensure_ascii=False)
    (RESULTS / "model.json").write_text(text + "\n", "utf-8")
    return missed
