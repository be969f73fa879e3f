"""What `briefbot doctor` finds of a model: its server, its name, its forms, a brief by it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot import app
from bot.core.talking import wording
from bot.core.writing.evidence import holds
from bot.errors import ConfigurationError, ModelBroken, ModelError, ModelRejected
from bot.flows.observed import Uncounted, Unobserved
from bot.model import Article, Method
from bot.terminal.exits import Exit
from bot.terminal.findings import Finding
from bot.writers.model.probing import probe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings import Settings
    from bot.writers.model import Client, ModelWriter

_PATIENCE = 60.0
_BULLETS = 3
_SAMPLE = Article(
    url=None,
    version="doctor",
    headline="Lighthouse at Cape Sample lit again after repairs",
    language="en",
    paragraphs=(
        "The lighthouse at Cape Sample was lit again on Monday after twelve years of repairs.",
        "Its lamp can now be seen 23 miles away and needs a tenth of the power, officials said.",
        "Storms had cracked the tower in 2012, and 340 tonnes of stone had to be replaced.",
        "“Skippers kept asking me when it would be back,” said Mara Lind, the lighthouse's keeper.",
        "The repairs cost 2.6 million pounds, most of it from fees that ships pay in port.",
    ),
)


async def examine(settings: Settings) -> list[Finding]:
    """Try the model step by step, up to the first step that fails.

    It takes some 2,000 tokens, which no budget counts.
    """
    patience = min(settings.model_timeout, _PATIENCE)
    settings = settings.model_copy(update={"model_timeout": patience})
    found: list[Finding] = []
    client = app.model_client(settings)
    try:
        writer = app.model_writer(settings, client, Unobserved())
        listed = await _listed(client)
        where = _shown(settings.openai_base_url)
        found.append(_well(wording.PART_MODEL_SERVER, wording.model_server(where, listed)))
        names = await _names(settings, client)
        found += [await _asked(client, name, listed, patience) for name in names]
        if all(one.well for one in found):
            found.append(await _briefed(writer))
    except (ModelError, ConfigurationError) as error:
        found.append(_fails(wording.PART_MODEL, wording.model_fails(error)))
    finally:
        await client.close()
    return found


async def _listed(client: Client) -> Sequence[str] | None:
    """Return what the server lists; None where it lists nothing. Raises ModelError."""
    try:
        return await client.names()
    except (ModelRejected, ModelBroken):  # some have no list; if it is the key, asking will tell
        return None


async def _names(settings: Settings, client: Client) -> list[str]:
    """Return the models that are set up. Raises ConfigurationError, ModelError."""
    wanted = (settings.brief_model, settings.answer_model)
    return list(dict.fromkeys([await client.named(name) for name in wanted]))


async def _asked(
    client: Client, name: str, listed: Sequence[str] | None, patience: float
) -> Finding:
    """Ask for a word."""
    is_listed = listed is None or name in listed
    try:
        probed = await probe(client, name, patience=patience)
    except ModelRejected as error:
        if is_listed or listed is None:
            return _fails(wording.PART_MODEL, wording.model_fails(error))
        detail = wording.no_such_model(name, listed, error.detail)
        return _fails(wording.PART_MODEL, detail)
    except ModelError as error:
        return _fails(wording.PART_MODEL, wording.model_fails(error))
    detail = wording.model_answers(
        name,
        probed.seconds,
        lacks=probed.lacks,
        in_form=probed.in_form,
        counted=probed.counted,
        unlisted=() if is_listed else listed or (),
    )
    return _well(wording.PART_MODEL, detail)


async def _briefed(writer: ModelWriter) -> Finding:
    """Have a sample briefed, and check every proof."""
    began = time.monotonic()
    brief = await writer.brief(_SAMPLE, bullets=_BULLETS, leave=Uncounted())
    seconds = time.monotonic() - began
    proven = all(holds(span, _SAMPLE) for bullet in brief.bullets for span in bullet.evidence)
    if brief.method is not Method.ABSTRACTIVE or not proven:
        why = next(iter(brief.warnings), "")
        return _fails(wording.PART_MODEL_BRIEF, wording.sample_fails(why))
    own = sum(bullet.quoted for bullet in brief.bullets)
    detail = wording.sample_briefed(len(brief.bullets), own, seconds)
    return _well(wording.PART_MODEL_BRIEF, detail)


def _shown(url: str) -> str:
    """Return an address without a user name or password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() or "OpenAI"


def _well(part: str, detail: str) -> Finding:
    return Finding(part=part, well=True, detail=detail)


def _fails(part: str, detail: str) -> Finding:
    return Finding(part=part, well=False, detail=detail, code=Exit.SETTINGS)
