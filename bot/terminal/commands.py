"""What each command of the terminal does: sources in, flows run, posts or JSON out, a code back.

`__main__` turns words into calls of these functions; they hold no wording of their own.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import export, layout, wording
from bot.core.talking.wording import TERMINAL
from bot.errors import SourceError, TextGone
from bot.flows import answer, command
from bot.flows import brief as flow
from bot.flows.observed import Unobserved
from bot.model import Outcome, Verdict, Voice
from bot.platforms.console.console import working
from bot.terminal.exits import Exit
from bot.terminal.inout import complain, message, show, show_json, source, who, write_file

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
    from typing import Any

    from bot.flows.brief import Link, Text
    from bot.model import Answered, Briefed
    from bot.platforms.jsonlines import Task
    from bot.settings import Settings

_BRIEFABLE = (Verdict.ARTICLE, Verdict.TEASER)


def read(given: str, settings: Settings, *, as_json: bool) -> Coroutine[Any, Any, Exit]:
    """Show an article as it was read; nothing is stored. Raises SourceError."""
    return _read(given, source(given, settings), settings, as_json=as_json)


async def _read(given: str, taken: Link | Text, settings: Settings, *, as_json: bool) -> Exit:
    async with app.reading(settings) as pages, working(wording.reading_sign(1)):
        reading = await flow.read(taken, pages=pages)
    if as_json:
        show_json({"id": given, **export.reading_json(reading)})
    elif reading.article is None:
        complain(wording.verdict(reading, TERMINAL))
    else:
        await show(layout.article(reading, TERMINAL, today=app.SystemClock().now().date()))
    return Exit.DONE if reading.verdict in _BRIEFABLE else Exit.UNREADABLE


def brief(
    given: Sequence[str],
    settings: Settings,
    *,
    bullets: int | None = None,
    ignore_lead_bullets: bool = False,
    as_json: bool = False,
) -> Coroutine[Any, Any, Exit]:
    """Brief articles, store them, show the briefs.

    Files and standard input are read at once, where Ctrl-C can still end it; one that cannot be
    taken is told of and does not stop the others.
    """
    taken: dict[str, Link | Text] = {}
    for one in given:
        try:
            taken[one] = source(one, settings)
        except SourceError as error:
            if as_json:
                show_json({"id": one, "error": wording.explain(error, TERMINAL)})
            else:
                complain(wording.explain(error, TERMINAL))
    own = ignore_lead_bullets or None
    return _brief(
        taken,
        settings,
        bullets=bullets,
        own=own,
        as_json=as_json,
        all_taken=len(taken) == len(set(given)),
    )


async def _brief(
    taken: Mapping[str, Link | Text],
    settings: Settings,
    *,
    bullets: int | None,
    own: bool | None,
    as_json: bool,
    all_taken: bool,
) -> Exit:
    if not taken:
        return Exit.UNREADABLE
    started = time.perf_counter()
    async with app.reading(settings) as pages:
        # begun before the store is opened, which takes about as long
        begun = [
            flow.Underway(source=one, reading=asyncio.ensure_future(flow.read(one, pages=pages)))
            for one in taken.values()
        ]
        await asyncio.sleep(0)
        async with app.conversation(settings, hints=TERMINAL, pages=pages) as talk:
            async with working(wording.reading_sign(len(taken))):
                kept = await talk.store.channel_settings(talk.channel)
                done = await talk.brief(
                    begun, message(talk), bullets=bullets, own_wording=own, kept=kept
                )
            took = round((time.perf_counter() - started) * 1000, 3)
            for name, one in zip(taken, done, strict=True):
                if as_json:
                    show_json({"id": name, **_briefed_json(one), "ms": took})
                elif one.mention is None:
                    complain(wording.verdict(one.reading, TERMINAL))
            if not as_json:
                await show(*[talk.laid_out(one, kept) for one in done if one.mention])
    well = all_taken and all(one.mention for one in done)
    return Exit.DONE if well else Exit.UNREADABLE


def _briefed_json(done: Briefed) -> export.Json:
    verdict = {"verdict": done.reading.verdict.value, "reason": done.reading.reason.value}
    if done.mention is None or done.mention.brief is None:
        return {"error": wording.verdict(done.reading, TERMINAL), **verdict}
    brief = export.brief_json(done.mention.brief)
    return {**brief, **verdict, "article": export.about_json(done.mention)}


async def ask(
    text: str,
    settings: Settings,
    *,
    about: str = "",
    everything: bool = False,
    as_json: bool = False,
) -> Exit:
    """Answer a question about the newest articles, one that is named, or all that was read."""
    started = time.perf_counter()
    async with app.conversation(settings, hints=TERMINAL) as talk:
        if everything or (not about and await talk.asks_memory(text)):
            await talk.drawn_on("")  # says so where nothing was read yet
            recalled = await talk.ask_memory(text, message(talk, text))
            given, post = recalled.given, talk.answered(recalled)
        else:
            mentions = await talk.drawn_on(about)
            given = (await talk.ask(text, message(talk, text), mentions=mentions),)
            post = layout.answered(given, several=len(mentions) > 1)
        if as_json:
            took = round((time.perf_counter() - started) * 1000, 3)
            show_json({"id": text, **_answered_json(given), "ms": took})
        else:
            await show(post)
    return Exit.DONE if any(one.answer.voice is not Voice.ABSENT for one in given) else Exit.ABSENT


def _answered_json(given: Sequence[Answered]) -> export.Json:
    """The best answer, which article it is from, and the others."""
    found = [export.answered_json(one) for one in given]
    nothing = {"voice": Voice.ABSENT.value, "answer": "", "quotes": [], "confidence": 0.0}
    best, *others = found or [nothing]
    return {**best, "others": others}


async def proof(number: str, settings: Settings, *, about: str = "", as_json: bool = False) -> Exit:
    """Show what the bullets of a brief rest on."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        if as_json:
            show_json(export.mention_json((await talk.drawn_on(about))[0]))
        else:
            await show(await talk.proof(number, about=about))
    return Exit.DONE


async def listing(settings: Settings, *, limit: int, as_json: bool) -> Exit:
    """List what was briefed."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        if as_json:
            for mention in await command.listing(
                channel=talk.channel, store=talk.store, limit=limit
            ):
                show_json(export.mention_json(mention))
        else:
            await show(await talk.listing(limit=limit))
    return Exit.DONE


async def search(text: str, settings: Settings, *, limit: int, as_json: bool) -> Exit:
    """Find articles by their words and dates."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        found = await talk.search(text, who(), limit=limit)
        if as_json:
            for one in found.given:
                show_json(_answered_json([one]))
        else:
            await show(talk.found(found))
    return Exit.DONE if found.given else Exit.NOTHING_STORED


async def forget(references: Sequence[str], settings: Settings) -> Exit:
    """Erase articles, what this user gave and asked, a thread, or all of it."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        await show(await talk.forget(references, who()))
    return Exit.DONE


async def export_to(argument: str, settings: Settings, *, output: str) -> Exit:
    """Write out the briefs with their proof, or what this user gave and asked."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        text, briefs, questions = await talk.export(argument, who())
    if output == "-":
        sys.stdout.write(text)
        return Exit.DONE
    write_file(output, text)
    complain(wording.exported(briefs, questions, output))
    return Exit.DONE


async def check(claim: str, settings: Settings, *, about: str, as_json: bool) -> Exit:
    """Hold a sentence against a stored article."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        mention = (await talk.drawn_on(about))[0]
        if not answer.has_text(mention.article):
            raise TextGone
        from bot.core.writing import ground  # noqa: PLC0415 - only a check needs its word lists

        found = ground.check(claim, mention.article)
    if as_json:
        show_json({"id": claim, **export.check_json(found)})
    else:
        await show(layout.said(wording.check(found)))
    return Exit.BLOCKED if found.outcome is Outcome.BLOCK else Exit.DONE


# --- programs --------------------------------------------------------------------------------


async def json_lines(
    task: Task, settings: Settings, *, bullets: int | None = None, ignore_lead_bullets: bool = False
) -> Exit:
    """Answer JSON lines from standard input on standard output."""
    well = True
    pages = app.page_reader(settings)
    if task == "read":
        pages.warm()
    try:
        async with app.writing(settings, Unobserved()) as writer:
            answers = app.json_lines(
                pages,
                writer,
                bullets=5 if bullets is None else bullets,
                ignore_lead_bullets=ignore_lead_bullets,
            )
            async for line, fine in answers.answer(task, _lines()):
                well &= fine
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
    finally:
        await pages.close()
    return Exit.DONE if well else Exit.BAD_LINES


async def _lines() -> AsyncIterator[str]:
    """Yield the lines of standard input as they come.

    They are read by a thread that ends with the program, so that Ctrl-C need not wait for it.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[bytes] = asyncio.Queue(maxsize=64)

    def read_all() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits for more
            while line := sys.stdin.buffer.readline():
                asyncio.run_coroutine_threadsafe(waiting.put(line), loop).result()
            asyncio.run_coroutine_threadsafe(waiting.put(b""), loop).result()

    threading.Thread(target=read_all, daemon=True).start()
    while line := await waiting.get():
        yield line.decode("utf-8", "replace")
