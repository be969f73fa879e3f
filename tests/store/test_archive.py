"""A backup of everything, and getting it back: whole, private, and without what was forgotten."""

import asyncio
import io
import json
import sqlite3
import stat
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.core.working import posting
from bot.errors import (
    SourceDamaged,
    SourceError,
    SourceMissing,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreTooNew,
    WorkTaken,
)
from bot.model import Delivery, DeliveryState, Ending, Instant, Mention, PostRef, Purpose, Tokens
from bot.settings import Settings
from bot.store import archive
from bot.store.forgets import Forget
from bot.store.sql import SqlStore
from bot.terminal import keeping
from bot.work.embedded import alone
from tests.store.samples import (
    NEWS,
    NOON,
    accept,
    answer,
    article,
    ask,
    change,
    empty_database,
    mention,
    post,
    posted,
    question,
    thread,
    to_post,
)

WORD = "yxqvwkjcanary"
KEY = b"a key that nobody else may read"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """The settings of a store with a mention, in a folder of its own."""
    folder = tmp_path / "home"
    folder.mkdir()
    empty_database(folder)
    return Settings(data_dir=folder, database_url=None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "away").mkdir()
    return tmp_path / "away" / "backup.tar"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[SqlStore]:
    store = await SqlStore.open(settings.database, patience=1)
    try:
        yield store
    finally:
        await store.close()


async def store_canary(store: SqlStore, *, where: str = "1", text: str = WORD) -> Mention:
    stored = await mention(store, article(text, text=f"The {text} opened."), where=where)
    await ask(store, stored.article, where=where, text=f"What of the {text}?")
    return stored


async def titles(settings: Settings) -> list[str | None]:
    async with opened(settings) as store:
        return [one.article.headline for one in await store.mentions(NEWS, limit=99)]


def traces(folder: Path, word: str = WORD) -> list[str]:
    """Return the files that hold the word, whatever its case."""
    return sorted(
        one.name
        for one in folder.rglob("*")
        if one.is_file() and word.encode() in one.read_bytes().lower()
    )


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file with what is in it, but for the lock, which is none of the store's."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and not one.name.endswith(".work")
    }


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608 - our own tables
            for (name,) in names
        }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


# --- writing one ------------------------------------------------------------------------------


async def test_a_backup_made_while_others_write_is_whole(home: Settings, file: Path) -> None:
    """Each transaction writes a mention, its brief and an event: all of them are there or none."""
    async with opened(home) as store:
        stop, begun = asyncio.Event(), asyncio.Event()

        async def write(lane: int) -> None:
            number = 0
            while not stop.is_set():
                name = f"lane{lane}-{number}"
                async with store.begin() as tx:
                    sent = posted(name, where=name).message
                    event = await store.add_event(
                        tx, posted(name, where=name), thread=sent.thread, message=name, at=NOON
                    )
                    assert event is not None
                    await store.add_delivery(tx, event, key=name, post=post(), at=NOON)
                begun.set()
                number += 1

        writing = [asyncio.create_task(write(lane)) for lane in range(3)]
        await begun.wait()
        for turn in range(5):
            await asyncio.to_thread(write_archive, home, file.with_suffix(f".{turn}"))
        stop.set()
        await asyncio.gather(*writing)
    for turn in range(5):
        found, _ = archive.read(file.with_suffix(f".{turn}"), new_folder(file, f"out{turn}"))
        assert found is not None
        with closing(sqlite3.connect(found)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            events, lines = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
                for table in ("events", "deliveries")
            )
        assert events == lines > 0


def write_archive(
    settings: Settings, target: Path, *, forgets: Sequence[Forget] = (), database: bool = True
) -> None:
    archive.write(
        target,
        path=settings.database if database else None,
        keys=settings.keys,
        forgets=forgets,
        version="1",
        now=NOON,
    )


def new_folder(file: Path, name: str) -> Path:
    folder = file.parent / name
    folder.mkdir()
    return folder


async def test_a_backup_is_private_and_nothing_is_left_beside_it(
    home: Settings, file: Path
) -> None:
    await keeping.backup(home, target=str(file))
    assert mode(file) == 0o600
    assert [one.name for one in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "target",
    ["no/such/folder/backup.tar", ".", "", "/", "folder", "file/backup.tar", "/proc/backup.tar"],
)
async def test_a_backup_to_where_nothing_can_be_written_says_so(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    away = tmp_path / "away"
    (away / "folder").mkdir(parents=True)
    (away / "file").write_text("in the way")
    monkeypatch.chdir(away)
    with pytest.raises(SourceMissing):
        await keeping.backup(home, target=target)
    assert sorted(one.name for one in away.rglob("*")) == ["file", "folder"]


def test_a_backup_that_failed_leaves_the_one_before_it(home: Settings, file: Path) -> None:
    asyncio.run(keeping.backup(home, target=str(file)))
    before = file.read_bytes()
    home.database.write_bytes(b"no database at all, whatever it is called" * 100)
    with pytest.raises(StoreCorrupt):
        asyncio.run(keeping.backup(home, target=str(file)))
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir()] == [file.name]


# --- getting it back --------------------------------------------------------------------------


async def test_everything_comes_back_as_it_was(home: Settings, file: Path) -> None:
    async with opened(home) as store:
        await store_canary(store)
        await to_post(store, await accept(store))
        async with store.begin() as tx:
            row = {"day": NOON.date(), "purpose": Purpose.BRIEF, "model": "m"}
            used = Tokens(taken_in=7, written=1)
            await store.settle_tokens(tx, NEWS, **row, reserved=0, used=used)
        await store.note("matrix/@briefbot", {"login": "kept"})
    before = rows(home.database)
    assert len(before["usage"]) == len(before["notes"]) == 1
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        await mention(store, article("later"))
    await keeping.restore(home, source=str(file), force=False)
    after = rows(home.database)
    assert after.pop("facts") != before.pop("facts")  # it says when it was restored
    assert [row[-1] for row in after.pop("jobs")] == [None]
    before.pop("jobs")
    changed = ("deliveries", "sqlite_sequence")
    for name in changed:
        after.pop(name), before.pop(name)
    assert after == before
    assert pragma(home.database, "journal_mode") == "wal"
    assert pragma(home.database, "integrity_check") == "ok"


async def test_it_comes_back_to_a_machine_that_has_nothing(home: Settings, file: Path) -> None:
    async with opened(home) as store:
        await mention(store)
    await keeping.backup(home, target=str(file))
    there = Settings(data_dir=file.parent / "new" / "place", database_url=None)
    await keeping.restore(there, source=str(file), force=False)
    assert await titles(there) == ["Harbour opens"]
    assert mode(there.database) == 0o600
    assert mode(there.data_dir) == 0o700


async def test_what_was_there_is_kept_beside_it_until_something_is_forgotten(
    home: Settings, file: Path
) -> None:
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        await mention(store, article("later"))
    await keeping.restore(home, source=str(file), force=False)
    (kept,) = home.data_dir.glob("*.replaced-*.backup")
    assert mode(kept) == 0o600
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM mentions").fetchone() == (1,)
    async with opened(home) as store:
        stored = await mention(store)
        await store.forget(NEWS, [stored.number])
    assert not kept.exists()


async def test_what_was_forgotten_since_the_backup_stays_forgotten(
    home: Settings, file: Path
) -> None:
    async with opened(home) as store:
        stored = await store_canary(store)
        await mention(store, article("harbour"), where="2")
    await keeping.backup(home, target=str(file))
    assert traces(file.parent)
    async with opened(home) as store:
        await store.forget(NEWS, [stored.number])
    await keeping.restore(home, source=str(file), force=False)
    assert await titles(home) == ["Harbour opens"]
    assert traces(home.data_dir) == []
    async with opened(home) as store:
        assert await store.answers(NEWS, limit=9) == []
        assert await store.search(NEWS, [WORD]) == []


async def test_what_somebody_asked_and_had_forgotten_stays_forgotten(
    home: Settings, file: Path
) -> None:
    async with opened(home) as store:
        await mention(store, article("harbour"))
        for who, text in (("bob", f"And {WORD}?"), ("bob", "And the pier?"), ("eve", "When?")):
            async with store.begin() as tx:
                asked = replace(question(text, where=thread()), asker=who)
                await store.add_answer(tx, asked, answer(None))
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        assert (await store.forget_asked(NEWS, asker="bob")).answers == 2
    for _ in range(2):  # it is known from then on
        await keeping.restore(home, source=str(file), force=False)
        async with opened(home) as store:
            assert [one.text for one, _ in await store.answers(NEWS, limit=9)] == ["When?"]
            assert len(await store.forgotten()) == 2
        assert traces(home.data_dir) == []
    assert await titles(home) == ["Harbour opens"]


async def test_what_was_forgotten_stays_so_however_often_it_is_restored(
    home: Settings, file: Path
) -> None:
    async with opened(home) as store:
        stored = await store_canary(store)
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        await store.forget(NEWS, [stored.number])
    for _ in range(3):
        await keeping.restore(home, source=str(file), force=False)
        assert await titles(home) == []
        assert traces(home.data_dir) == []
    async with opened(home) as store:
        assert len(await store.forgotten()) == 1


async def test_what_another_machine_had_forgotten_is_in_its_backups(
    home: Settings, file: Path
) -> None:
    """An old backup goes over a newer one's machine: that one's forgets hold."""
    async with opened(home) as store:
        stored = await store_canary(store)
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        await store.forget(NEWS, [stored.number])
    newer = file.with_name("newer.tar")
    await keeping.backup(home, target=str(newer))
    there = Settings(data_dir=file.parent / "there", database_url=None)
    await keeping.restore(there, source=str(newer), force=False)
    await keeping.restore(there, source=str(file), force=False)
    assert await titles(there) == []
    assert traces(there.data_dir) == []


async def test_an_article_posted_again_after_it_was_forgotten_is_not_taken_for_the_old_one(
    home: Settings, file: Path
) -> None:
    """Numbers go on above those that were forgotten, though the backup knows nothing of them."""
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        stored = await store_canary(store)
        await store.forget(NEWS, [stored.number])
    await keeping.restore(home, source=str(file), force=False)
    async with opened(home) as store:
        again = await store_canary(store)
    assert again.number > stored.number
    await keeping.backup(home, target=str(file))
    await keeping.restore(home, source=str(file), force=False)
    assert len(await titles(home)) == 1


async def test_the_text_of_an_event_that_was_forgotten_is_gone_too(
    home: Settings, file: Path
) -> None:
    async with opened(home) as store:
        stored = await store_canary(store)
        event = await accept(store, posted("e1", text=f"What of the {WORD}?"))
        await to_post(store, event, given=post(f"The {WORD} opened."))
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        await store.forget(NEWS, [stored.number])
    await keeping.restore(home, source=str(file), force=False)
    assert traces(home.data_dir) == []
    async with opened(home) as store:
        found = await store.event(event.id)
    assert found is not None
    assert found.ending is Ending.WITHDRAWN


# --- posts ------------------------------------------------------------------------------------


async def lines_of(settings: Settings) -> list[Delivery]:
    async with opened(settings) as store:
        found = [await store.delivery(number) for number in range(1, 6)]
    return [one for one in found if one is not None]


async def test_what_was_not_posted_is_looked_for_before_it_is_posted(
    home: Settings, file: Path
) -> None:
    begun = Instant(era="this one", seconds=100.0)
    states = {
        DeliveryState.NEW: {},
        DeliveryState.SENDING: {"tried": begun},
        DeliveryState.POSTED: {"ref": PostRef(thread=thread(), id="p1")},
        DeliveryState.UNCERTAIN: {"reason": "Unsure"},
        DeliveryState.FAILED: {"reason": "no_such_channel"},
    }
    async with opened(home) as store:
        for state, given in states.items():
            event = await accept(store, posted(state.value, where=state.value))
            line = await to_post(store, event)
            await change(store, replace(line, state=state, **given))
    before = await lines_of(home)
    await keeping.backup(home, target=str(file))
    await keeping.restore(home, source=str(file), force=False)
    after = await lines_of(home)
    assert [(one.id, one.key, one.state) for one in after] == [
        (one.id, one.key, one.state) for one in before
    ]
    now = Instant(era="this one", seconds=1000.0)
    new, sending, sent, *stuck = after
    assert posting.step(new, now=now, seen=now, settle=5) == posting.Look()
    # The moment it was tried at is of before the restore: it is counted from now on.
    assert posting.step(sending, now=now, seen=now, settle=5) == posting.Wait(seconds=5)
    later = replace(now, seconds=1005.0)
    assert posting.step(sending, now=later, seen=now, settle=5) == posting.Look()
    assert posting.step(sent, now=now, seen=now, settle=5) == posting.Nothing()
    async with opened(home) as store:
        for one in stuck:
            async with store.begin() as tx:
                revived = await store.revive(tx, one.event or 0, at=NOON)
            assert revived is not None
            assert revived[1] is not None
            assert posting.step(revived[1], now=now, seen=now, settle=5) == posting.Look()


async def test_an_event_of_the_backup_that_had_no_post_yet_gets_it_once(
    home: Settings, file: Path
) -> None:
    async with opened(home) as store:
        event = await accept(store)
    await keeping.backup(home, target=str(file))
    await keeping.restore(home, source=str(file), force=False)
    async with opened(home) as store:
        line = await to_post(store, event)
    assert line.suspect
    assert rows(home.database)["jobs"]


# --- keys -------------------------------------------------------------------------------------


async def test_keys_come_along_and_stay_private(home: Settings, file: Path) -> None:
    (home.keys / "matrix").mkdir(parents=True)
    for name in ("slack.json", "matrix/login", "matrix/crypto.db", "matrix/crypto.db-wal"):
        (home.keys / name).write_bytes(KEY)
        (home.keys / name).chmod(0o644)
    (home.keys / "link").symlink_to(home.keys / "slack.json")
    await keeping.backup(home, target=str(file))
    there = Settings(data_dir=file.parent / "there", database_url=None)
    await keeping.restore(there, source=str(file), force=False)
    for name in ("slack.json", "matrix/login", "link"):
        assert (there.keys / name).read_bytes() == KEY
        assert not (there.keys / name).is_symlink()
        assert mode(there.keys / name) == 0o600
    assert mode(there.keys) == mode(there.keys / "matrix") == 0o700
    # Brought back, it would be behind what people's clients have seen.
    assert not (there.keys / "matrix/crypto.db").exists()
    assert not (there.keys / "matrix/crypto.db-wal").exists()


async def test_keys_that_are_there_already_get_the_rights_of_keys(
    home: Settings, file: Path
) -> None:
    home.keys.mkdir()
    (home.keys / "slack.json").write_bytes(KEY)
    await keeping.backup(home, target=str(file))
    (home.keys / "slack.json").write_bytes(b"another, and a longer one than it was before")
    (home.keys / "slack.json").chmod(0o644)
    await keeping.restore(home, source=str(file), force=False)
    assert (home.keys / "slack.json").read_bytes() == KEY
    assert mode(home.keys / "slack.json") == 0o600


# --- what is no backup ------------------------------------------------------------------------


Part = tuple[tarfile.TarInfo, bytes]


def unpacked(file: Path) -> list[Part]:
    with tarfile.open(file) as tar:
        return [(one, tar.extractfile(one).read()) for one in tar]  # type: ignore[union-attr]


def packed(file: Path, parts: Sequence[Part]) -> None:
    with tarfile.open(file, "w") as tar:
        for info, content in parts:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def member(
    name: str, content: bytes = b"x", *, kind: bytes = tarfile.REGTYPE, to: str = ""
) -> Part:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info, content if kind == tarfile.REGTYPE else b""


def with_manifest(parts: Sequence[Part], **changes: object) -> list[Part]:
    (info, content), *others = parts
    return [(info, json.dumps({**json.loads(content), **changes}).encode()), *others]


def flipped(parts: list[Part], at: int) -> list[Part]:
    info, content = parts[at]
    middle = len(content) // 2
    parts[at] = info, content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    return parts


Damage = Callable[[list[Part]], Sequence[Part]]
DAMAGES: dict[str, Damage] = {
    "nothing in it": lambda _: [],
    "no manifest": lambda parts: parts[1:],
    "no database": lambda parts: [parts[0], *parts[2:]],
    "no forgets": lambda parts: parts[:2],
    "manifest damaged": lambda parts: flipped(parts, 0),
    "database damaged": lambda parts: flipped(parts, 1),
    "forgets damaged": lambda parts: flipped(parts, 2),
    "a file above the folder": lambda parts: [*parts, member("../above")],
    "a file anywhere": lambda parts: [*parts, member("/tmp/briefbot-anywhere")],  # noqa: S108 - never written
    "a link out": lambda parts: [*parts, member("keys/a", kind=tarfile.SYMTYPE, to="/etc/passwd")],
    "a link within": lambda parts: [
        *parts,
        member("keys/a", kind=tarfile.SYMTYPE, to="../briefbot.db"),
    ],
    "a hard link": lambda parts: [
        *parts,
        member("keys/a", kind=tarfile.LNKTYPE, to="briefbot.db"),
    ],
    "a pipe": lambda parts: [*parts, member("keys/a", kind=tarfile.FIFOTYPE)],
    "a folder": lambda parts: [*parts, member("keys/a", kind=tarfile.DIRTYPE)],
    "a key that the manifest lacks": lambda parts: [*parts, member("keys/a")],
    "a file twice": lambda parts: [*parts, parts[2]],
    "very many files": lambda parts: [*parts, *(member(f"keys/{n}") for n in range(2_000))],
    "a manifest that names a device": lambda parts: with_manifest(
        parts, files={"/dev/zero": "0" * 64}
    ),
    "a manifest of another kind": lambda parts: with_manifest(parts, files=["briefbot.db"]),
    "a manifest that is a list": lambda parts: [(parts[0][0], b"[]"), *parts[1:]],
    "a manifest without end": lambda parts: [(parts[0][0], b"[" * 100_000), *parts[1:]],
}


@pytest.fixture
def kept(home: Settings, file: Path) -> Iterator[Settings]:
    """A store that a backup was made of, and that no restore may change."""
    home.keys.mkdir()
    (home.keys / "slack.json").write_bytes(KEY)
    asyncio.run(keeping.backup(home, target=str(file)))
    before = everything(home.data_dir)
    yield home
    assert everything(home.data_dir) == before


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_backup_changes_nothing(kept: Settings, file: Path, damage: Damage) -> None:
    packed(file, damage(unpacked(file)))
    with pytest.raises(SourceDamaged) as raised:
        asyncio.run(keeping.restore(kept, source=str(file), force=True))
    assert raised.value.source == str(file)
    assert not Path("/tmp/briefbot-anywhere").exists()  # noqa: S108 - as above


CONTENTS = {
    "empty": b"",
    "text": b"this is no backup " * 100,
    "zeros": bytes(20_480),
    "a database": b"SQLite format 3\0" + bytes(5000),
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_what_is_no_backup_changes_nothing(kept: Settings, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SourceDamaged):
        asyncio.run(keeping.restore(kept, source=str(file), force=True))


def test_a_backup_cut_off_anywhere_changes_nothing(kept: Settings, file: Path) -> None:
    whole = file.read_bytes()
    for part in (0.1, 0.5, 0.9):
        file.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(SourceDamaged):
            asyncio.run(keeping.restore(kept, source=str(file), force=True))


def test_a_compressed_file_is_not_unpacked(kept: Settings, file: Path) -> None:
    """A few kilobytes of it could fill any disk."""
    parts = unpacked(file)
    with tarfile.open(file, "w:gz") as tar:
        for info, content in parts:
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(SourceDamaged):
        asyncio.run(keeping.restore(kept, source=str(file), force=True))


@pytest.mark.parametrize("source", ["none.tar", "."])
def test_a_backup_that_cannot_be_opened_changes_nothing(
    kept: Settings, file: Path, source: str
) -> None:
    with pytest.raises(SourceError):
        asyncio.run(keeping.restore(kept, source=str(file.parent / source), force=True))


@pytest.mark.parametrize("change", [{"schema": "9999"}, {"form": 2}], ids=str)
def test_a_backup_of_a_newer_version_changes_nothing(
    kept: Settings, file: Path, change: dict[str, object]
) -> None:
    packed(file, with_manifest(unpacked(file), **change))
    with pytest.raises(StoreTooNew) as raised:
        asyncio.run(keeping.restore(kept, source=str(file), force=True))
    assert raised.value.path == str(file)


def test_a_backup_whose_database_is_newer_than_it_says_changes_nothing(
    kept: Settings, file: Path, tmp_path: Path
) -> None:
    newer = Settings(data_dir=tmp_path / "newer", database_url=None)
    newer.data_dir.mkdir()
    empty_database(newer.data_dir)
    with closing(sqlite3.connect(newer.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    write_archive(newer, file)
    with pytest.raises(StoreTooNew):
        asyncio.run(keeping.restore(kept, source=str(file), force=True))


def test_a_backup_without_a_database_is_none_for_sqlite(kept: Settings, file: Path) -> None:
    write_archive(kept, file, database=False)
    with pytest.raises(SourceDamaged):
        asyncio.run(keeping.restore(kept, source=str(file), force=True))


# --- the present database ---------------------------------------------------------------------


def test_nothing_is_restored_while_another_process_does_the_work(
    kept: Settings, file: Path
) -> None:
    with alone(kept.database), pytest.raises(WorkTaken):
        asyncio.run(keeping.restore(kept, source=str(file), force=True))


async def test_nothing_is_restored_under_somebody_who_has_it_open(
    home: Settings, file: Path
) -> None:
    """A console in another terminal would go on writing into what was replaced."""
    await keeping.backup(home, target=str(file))
    async with opened(home) as store:
        await mention(store)
        with pytest.raises(StoreBusy):
            await keeping.restore(home, source=str(file), force=False)
        await mention(store, article("later"))
    assert len(await titles(home)) == 2


async def test_a_database_that_cannot_be_read_is_replaced_only_by_force(
    home: Settings, file: Path
) -> None:
    async with opened(home) as store:
        await mention(store)
    await keeping.backup(home, target=str(file))
    damaged = b"no database at all, whatever it is called" * 100
    home.database.write_bytes(damaged)
    with pytest.raises(StoreCorrupt):
        await keeping.restore(home, source=str(file), force=False)
    assert home.database.read_bytes() == damaged
    await keeping.restore(home, source=str(file), force=True)
    assert await titles(home) == ["Harbour opens"]
    (kept,) = home.data_dir.glob("*.replaced-*.backup")
    assert kept.read_bytes() == damaged


async def test_a_database_of_a_newer_version_is_replaced_only_by_force(
    home: Settings, file: Path
) -> None:
    await keeping.backup(home, target=str(file))
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreTooNew):
        await keeping.restore(home, source=str(file), force=False)
    await keeping.restore(home, source=str(file), force=True)
    assert await titles(home) == []


async def test_without_room_the_present_database_stays(home: Settings, file: Path) -> None:
    """Whatever ends it half-way (here a folder is in the way), there is a database."""
    async with opened(home) as store:
        await mention(store)
    await keeping.backup(home, target=str(file))
    (home.data_dir / "briefbot.db.part").mkdir()
    with pytest.raises(StoreError):
        await keeping.restore(home, source=str(file), force=False)
    (home.data_dir / "briefbot.db.part").rmdir()
    assert await titles(home) == ["Harbour opens"]


@pytest.mark.postgres
async def test_on_postgresql_the_forgets_and_keys_come_back(
    tmp_path: Path, file: Path, postgres_url: str
) -> None:
    settings = Settings(data_dir=tmp_path / "home", database_url=SecretStr(postgres_url))
    store = await SqlStore.open(postgres_url)
    try:
        stored = await store_canary(store)
        await store.forget(NEWS, [stored.number])
        await keeping.backup(settings, target=str(file))
        assert [one.name for one, _ in unpacked(file)] == ["manifest.json", "forgets.json"]
        # What pg_restore would bring back: the mention, and no word of the forget.
        async with store.begin() as tx:
            await store.within(tx, lambda c: c.exec_driver_sql("DELETE FROM forgets"))
            await store.within(
                tx, lambda c: c.exec_driver_sql("UPDATE channels SET last_number = 0")
            )
        await store_canary(store)
        await keeping.restore(settings, source=str(file), force=False)
        assert await store.mentions(NEWS, limit=9) == []
        assert len(await store.forgotten()) == 1
    finally:
        await store.close()
