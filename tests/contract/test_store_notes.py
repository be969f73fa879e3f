"""What every store promises of the small texts that a platform keeps for itself."""

import asyncio

import pytest

from bot.ports import Store
from tests.store.samples import NEWS, NOON, days, mention

HERE, THERE = "matrix/@briefbot:example.org", "matrix/@briefbot:example.com"
ODD = "\x00\x1a1\x1a0 \U0001f4f0e\u0301\u2028\uffff"
BIG = "x\u00f8" * 30_000


async def test_an_account_without_notes_has_none(store: Store) -> None:
    assert await store.notes(HERE) == {}


async def test_a_note_is_kept_and_replaced_and_dropped(store: Store) -> None:
    await store.note(HERE, {"login": "first", "since": "s1", "empty": ""})
    assert await store.notes(HERE) == {"login": "first", "since": "s1", "empty": ""}
    await store.note(HERE, {"since": "s2", "login": None, "more": "m"})
    assert await store.notes(HERE) == {"since": "s2", "empty": "", "more": "m"}
    await store.note(HERE, {"login": None})  # it is gone already
    await store.note(HERE, {})
    assert await store.notes(HERE) == {"since": "s2", "empty": "", "more": "m"}


async def test_each_account_has_its_own(store: Store) -> None:
    await store.note(HERE, {"since": "ours"})
    await store.note(THERE, {"since": "theirs", "login": "theirs"})
    await store.note(HERE, {"login": None})
    assert await store.notes(HERE) == {"since": "ours"}
    assert await store.notes(THERE) == {"since": "theirs", "login": "theirs"}


@pytest.mark.parametrize("text", [ODD, BIG, "\r\n \t", "'; DROP TABLE notes; --"])
async def test_a_text_comes_back_as_it_was(store: Store, text: str) -> None:
    name = text[:40]
    await store.note(HERE, {name: "before"})
    await store.note(HERE, {name: text, "beside": text})
    assert await store.notes(HERE) == {name: text, "beside": text}
    await store.note(HERE, {name: None})
    assert await store.notes(HERE) == {"beside": text}


@pytest.mark.parametrize("wrong", [{"z": "\ud800"}, {"\ud800": "z"}, {"\ud800": None}])
async def test_of_what_is_no_unicode_nothing_is_kept(
    store: Store, wrong: dict[str, str | None]
) -> None:
    await store.note(HERE, {"login": "kept"})
    with pytest.raises(ValueError, match=r".*"):
        await store.note(HERE, {"a": "first", "login": None, **wrong})
    with pytest.raises(ValueError, match=r".*"):
        await store.note("\ud800", {"a": "first"})
    assert await store.notes(HERE) == {"login": "kept"}


async def test_of_those_who_note_at_the_same_time_none_is_lost(store: Store) -> None:
    names = [f"n{number}" for number in range(20)]

    async def note(turn: int) -> None:
        ordered = names if turn % 2 else names[::-1]
        await store.note(HERE, {f"own {turn}": "t", **dict.fromkeys(ordered, str(turn))})

    async with asyncio.timeout(30):
        await asyncio.gather(*(note(turn) for turn in range(20)))
    kept = await store.notes(HERE)
    assert {name for name in kept if name.startswith("own")} == {f"own {n}" for n in range(20)}
    assert len({kept[name] for name in names}) == 1  # the last one's, all of them


async def test_what_is_forgotten_and_expires_leaves_the_notes(store: Store) -> None:
    await store.note(HERE, {"login": "kept"})
    stored = await mention(store)
    await store.forget(NEWS, [stored.number])
    await store.expire(NOON + days(5000))
    assert await store.notes(HERE) == {"login": "kept"}
