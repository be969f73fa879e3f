"""`briefbot doctor`: every part of the set-up, tried for real, and how to mend what fails."""

from __future__ import annotations

import os
import platform
import shutil
from typing import TYPE_CHECKING

from bot import VERSION, app
from bot.core.talking import layout, wording
from bot.core.talking.wording import TERMINAL
from bot.core.writing.evidence import holds
from bot.errors import StoreError
from bot.model import Reason, Verdict
from bot.terminal.exits import Exit
from bot.terminal.findings import Finding
from bot.terminal.inout import show, show_json

if TYPE_CHECKING:
    from pathlib import Path

    from bot.pages.reader import PageReader
    from bot.settings import Settings

_ROOM = 200_000_000
_PRIVATE = "http://127.0.0.1:9/"
_SAMPLE = (
    "<html lang='en'><head><title>Lighthouse reopens</title></head><body><article>"
    "<h1>Lighthouse reopens</h1>{paragraphs}</article></body></html>"
).format(
    paragraphs="".join(
        f"<p>The lighthouse at Cape Sample reopened on Monday after {years} years of repairs, and "
        f"its keeper said that {years} ships had already greeted it with their horns.</p>"
        for years in (12, 13, 14, 15)
    )
)


async def examine(settings: Settings, *, url: str, quiet: bool, as_json: bool) -> Exit:
    """Try every part and show what was found; the exit code is that of the first failure.

    A `quiet` one leaves the model, Slack and Matrix alone: health checks run it every minute.
    """
    findings = [_program(), _room(settings.database.parent), await _store(settings)]
    pages = app.page_reader(settings)
    try:
        findings += [await _reader(pages), await _guard(pages)]
        if url:
            findings.append(await _page(pages, url))
    finally:
        await pages.close()
    if settings.has_model and not quiet:
        from bot.terminal import doctor_model  # noqa: PLC0415 - only where there is a model

        findings += await doctor_model.examine(settings)
    if settings.slack_bot_token is not None and not quiet:
        from bot.terminal import doctor_slack  # noqa: PLC0415 - Bolt and the SDK: 500 ms

        findings += await doctor_slack.examine(settings)
    if settings.has_matrix and not quiet:
        from bot.terminal import doctor_matrix  # noqa: PLC0415 - nio: 750 ms

        findings += await doctor_matrix.examine(settings)
    if as_json:
        for one in findings:
            show_json({"part": one.part, "well": one.well, "detail": one.detail})
    elif not quiet:
        lines = (wording.finding(one.part, one.detail, well=one.well) for one in findings)
        await show(layout.said("\n".join(lines)))
    return next((one.code for one in findings if not one.well), Exit.DONE)


def _program() -> Finding:
    made_of = f"Briefbot {VERSION}, Python {platform.python_version()}, {platform.system()}"
    return Finding(part=wording.PART_PROGRAM, well=True, detail=made_of)


def _room(folder: Path) -> Finding:
    """Look at the disk below the data folder, which may not exist yet."""
    above = (folder, *folder.absolute().parents)
    there = next(path for path in above if os.path.exists(path))  # noqa: PTH110 - Path's may raise
    free = shutil.disk_usage(there).free
    return Finding(
        part=wording.PART_FOLDER,
        well=free >= _ROOM,
        detail=wording.room(str(folder), free),
        code=Exit.STORE,
    )


async def _store(settings: Settings) -> Finding:
    """Open the store as every command does, and write to it."""
    part = wording.PART_STORE
    try:
        store = await app.open_store(settings)
        try:
            async with store.begin():
                pass
            software = await store.software()
        finally:
            await store.close()
    except StoreError as error:
        detail = wording.explain(error, TERMINAL)
        return Finding(part=part, well=False, detail=detail, code=Exit.STORE)
    return Finding(part=part, well=True, detail=f"{software}, full text")


async def _reader(pages: PageReader) -> Finding:
    """Have a page taken apart in a child, briefed, and every proof checked."""
    reading = await pages.extract(_SAMPLE, url=None)
    article = reading.article
    well = article is not None and reading.verdict is Verdict.ARTICLE
    if article is not None:
        brief = await app.embedded_writer().brief(article, bullets=3)
        proofs = [span for bullet in brief.bullets for span in bullet.evidence]
        well = well and bool(proofs) and all(holds(span, article) for span in proofs)
    detail = wording.READER_WORKS if well else wording.reader_fails(reading.verdict)
    return Finding(part=wording.PART_READER, well=well, detail=detail)


async def _guard(pages: PageReader) -> Finding:
    """See that a private address is refused, or that the operator allowed it."""
    reading = await pages.read(_PRIVATE)
    refused = reading.verdict is Verdict.REFUSED and reading.reason in (
        Reason.PRIVATE_ADDRESS,
        Reason.PORT,
    )
    detail = wording.GUARD_WORKS if refused else wording.GUARD_OPEN
    return Finding(part=wording.PART_GUARD, well=refused, detail=detail, code=Exit.SETTINGS)


async def _page(pages: PageReader, url: str) -> Finding:
    reading = await pages.read(url)
    return Finding(
        part=wording.PART_PAGE,
        well=reading.verdict is Verdict.ARTICLE,
        detail=wording.verdict(reading, TERMINAL),
        code=Exit.UNREADABLE,
    )
