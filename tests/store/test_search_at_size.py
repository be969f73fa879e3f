"""Search in a channel so large that common words are left out."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.model import Article, Origin, Passage
from bot.ports import Store
from bot.store import search
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, NOON, OTHER, empty_database, thread


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[SqlStore]:
    monkeypatch.setattr(search, "_LARGE", 50)
    on_sqlite = request.param == "sqlite"
    opened = await SqlStore.open(
        empty_database(tmp_path) if on_sqlite else request.getfixturevalue("postgres_url")
    )
    yield opened
    await opened.close()


async def fill(store: Store, lines: list[str]) -> None:
    """Store one article whose passages hold these terms."""
    async with store.begin() as tx:
        for channel in (NEWS, OTHER):
            await store.add_mention(
                tx,
                thread=thread(channel),
                message="m",
                poster="p",
                at=NOON,
                origin=Origin.LINK,
                source="s",
                article=Article(url=None, version="v", paragraphs=("text",)),
                passages=[
                    Passage(first=place, last=place, terms=line) for place, line in enumerate(lines)
                ],
            )


async def test_common_words_bring_up_nothing_beside_three_rare_ones(store: Store) -> None:
    await fill(store, ["common", *["common plenty"] * 97, "one", "two", "three"])
    found = await store.search(NEWS, ["common", "plenty", "one", "two", "three", "none"])
    assert {hit.passage.terms for hit in found} == {"one", "two", "three"}


async def test_the_rarest_of_the_common_words_fill_up_the_three(store: Store) -> None:
    await fill(store, [*["common plenty"] * 60, *["common"] * 39, "one", "usual usual", "usual"])
    found = await store.search(NEWS, ["common", "one"], limit=200)
    assert (found[0].passage.terms, len(found)) == ("one", 100)
    found = await store.search(NEWS, ["common", "plenty", "usual", "one"], limit=200)
    assert {hit.passage.terms for hit in found[:3]} == {"one", "usual usual", "usual"}
    assert len(found) == 63


async def test_the_shortlist_keeps_what_weighs_most(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_SHORTLIST", 2)
    await fill(store, ["ash", "ash birch", "birch", *["cedar"] * 30])
    (best, second) = await store.search(NEWS, ["ash", "birch", "cedar"], limit=2)
    assert best.passage.terms == "ash birch"
    assert second.passage.terms in {"ash", "birch"}
