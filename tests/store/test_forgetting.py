"""That what is forgotten or expired is in no file of the store any more, byte for byte."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model import (
    Article,
    Channel,
    ChannelSettings,
    Decision,
    Delivery,
    DeliveryState,
    Ending,
    Event,
    Forgotten,
    Mention,
    Message,
    Origin,
    Passage,
    PostRef,
    SettingChange,
    Strike,
    Told,
)
from bot.ports import Store
from bot.store import backups, forget, sql
from bot.store.schema import digests
from bot.store.sql import SqlStore
from tests.store.samples import (
    NEWS,
    NOON,
    OTHER,
    accept,
    answer,
    article,
    ask,
    brief,
    change,
    days,
    mention,
    post,
    posted,
    question,
    thread,
    to_post,
)

# The index keeps of a word only what differs from the one before it, so its end is searched for.
# No other text of these tests has these letters in a row.
WORD = "Żyxqvwkj"
MARKS = ("yxqvwkj", "qzzterm")


def canary() -> Article:
    """An article with the word in every part of it."""
    return Article(
        url=f"https://example.org/{WORD}",
        version=f"version-{WORD}",
        headline=f"Headline {WORD}",
        standfirst=f"Standfirst {WORD}",
        authors=(f"Author {WORD}",),
        publisher=f"Publisher {WORD}",
        language="en",
        lead_bullets=(f"Lead {WORD}",),
        paragraphs=(f"Paragraph {WORD}", "Another"),
        captions=(f"Caption {WORD}",),
    )


async def store_canary(store: Store) -> Mention:
    """Store the canary with index terms that are not its words, a brief and an answer."""
    async with store.begin() as tx:
        stored = await store.add_mention(
            tx,
            thread=thread(name=f"thread-{WORD}"),
            message=f"message-{WORD}",
            poster=f"poster-{WORD}",
            at=NOON,
            origin=Origin.LINK,
            source=f"source-{WORD}",
            article=canary(),
            passages=[
                Passage(first=0, last=0, terms=f"qzzterm{'x' * size} qzzterm") for size in range(9)
            ],
        )
        await store.add_brief(tx, stored, brief(canary(), f"Bullet {WORD}"), NOON)
        where = thread(name=f"thread-{WORD}")
        await store.add_answer(tx, question(f"What of {WORD}?", where=where), answer(canary()))
        await store.add_answer(tx, question(f"And {WORD}?", where=where), answer(None))
    return stored


def traces(path: Path) -> dict[str, int]:
    """Return in which files of the store the word or its index terms are, and how often."""
    found = {}
    for file in path.parent.iterdir():
        content = file.read_bytes().lower()
        hits = sum(content.count(mark.lower().encode()) for mark in MARKS)
        if hits:
            found[file.name] = hits
    return found


def back_up(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        backups.make(path, connection, "0001")


def keep_reading(path: Path) -> sqlite3.Connection:
    """Open a connection that reads what there is now, and goes on doing so."""
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM mentions").fetchone()
    return reader


async def fill(store: Store, count: int, prefix: str) -> None:
    for place in range(count):
        await mention(store, article(f"{prefix}{place}"), briefed=True)
        await ask(store, article(f"{prefix}{place}"))


async def test_nothing_forgotten_is_in_any_file(store: SqlStore, path: Path) -> None:
    await fill(store, 20, "before")
    stored = await store_canary(store)
    await fill(store, 20, "after")
    back_up(path)
    assert {"briefbot.db-wal", "briefbot.db.0001.backup"} <= traces(path).keys()
    gone = await store.forget(NEWS, [stored.number])
    assert gone == Forgotten(mentions=1, articles=1, briefs=1, answers=2)
    assert traces(path) == {}
    assert len(await store.mentions(NEWS, limit=99)) == 40
    assert len(await store.search(NEWS, ["mayor"], limit=99)) == 40


async def test_nothing_forgotten_is_there_after_a_restart_in_between(path: Path) -> None:
    store = await SqlStore.open(path)
    stored = await store_canary(store)
    await store.close()
    store = await SqlStore.open(path)
    assert traces(path).keys() == {"briefbot.db"}
    await store.forget(NEWS, [stored.number])
    assert traces(path) == {}
    await store.close()
    assert traces(path) == {}


async def put_canary_everywhere(store: SqlStore) -> Event:
    """Have the canary in all that a channel holds; return an event that asks for its end."""
    stored = await store_canary(store)
    where = thread(name=f"thread-{WORD}")
    waits = Message(
        thread=where, id=f"m {WORD}", author=WORD, text=f"https://a/{WORD}", sent_at=NOON
    )
    asks = await accept(store, posted("asks", text="forget channel yes"))
    dead = await accept(store, posted("dead", text=WORD))
    struck = await store.mention(NEWS, stored.number)
    assert struck is not None
    async with store.begin() as tx:
        await store.strike(tx, struck, Strike(bullet=1, who=WORD, why=WORD, at=NOON))
        await store.remember(tx, waits, at=NOON)
        await store.decide(tx, NEWS, Decision.ASKED, message=WORD, at=NOON)
        await store.end_event(tx, dead.id, Ending.DEAD, reason="broken", at=NOON)
    await to_post(store, await accept(store, posted("open", text=WORD)), given=post(WORD))
    return asks


async def test_a_forgotten_channel_is_in_no_file(store: SqlStore, path: Path) -> None:
    await fill(store, 5, "before")
    asks = await put_canary_everywhere(store)
    await mention(store, article("kept"), channel=OTHER)
    back_up(path)
    assert {"briefbot.db-wal", "briefbot.db.0001.backup"} <= traces(path).keys()
    gone = await store.forget_channel(NEWS, but=asks.id)
    assert gone == Forgotten(mentions=6, articles=6, briefs=6, answers=3, waiting=3)
    assert traces(path) == {}
    still = await store.event(asks.id)
    assert still is not None
    assert still.ending is None
    assert len(await store.search(OTHER, ["kept"])) == 1
    # What an older backup brings back of it is forgotten again, its three questions as well.
    assert [one.number for one in await store.forgotten()] == [0, 0, 0, 1, 2, 3, 4, 5, 6]


async def test_what_a_person_asked_is_in_no_file(store: SqlStore, path: Path) -> None:
    await fill(store, 5, "before")
    async with store.begin() as tx:
        asked = replace(question(f"What of {WORD}?", where=thread()), asker=WORD)
        await store.add_answer(tx, asked, answer(None))
        waits = Message(thread=thread(), id="w", author=WORD, text=f"https://{WORD}", sent_at=NOON)
        await store.remember(tx, waits, at=NOON)
    back_up(path)
    assert {"briefbot.db-wal", "briefbot.db.0001.backup"} <= traces(path).keys()
    gone = await store.forget_asked(NEWS, asker=WORD)
    assert gone == Forgotten(mentions=0, articles=0, briefs=0, answers=1, waiting=1)
    assert traces(path) == {}
    assert len(await store.answers(NEWS, limit=99)) == 1


async def test_what_was_asked_in_a_thread_is_in_no_file(store: SqlStore, path: Path) -> None:
    await fill(store, 2, "before")
    async with store.begin() as tx:
        for who in ("bob", WORD):
            asked = replace(question(f"What of {WORD}?", where=thread(name="2")), asker=who)
            await store.add_answer(tx, asked, answer(None))
        await store.add_answer(tx, question("And now?", where=thread(name="2")), answer(None))
    dead = await accept(store, posted("dead", text=WORD, where="2"))
    await to_post(store, await accept(store, posted("e", where="2")), given=post(WORD))
    async with store.begin() as tx:
        await store.end_event(tx, dead.id, Ending.DEAD, reason="broken", at=NOON)
    back_up(path)
    assert (await store.forget_asked(NEWS, asker=WORD, thread="2")).answers == 1
    assert traces(path)
    gone = await store.forget_asked(NEWS, thread="2")
    assert (gone.answers, gone.waiting) == (2, 1)
    assert traces(path) == {}
    assert len(await store.answers(NEWS, limit=99)) == 1


async def digest(
    store: SqlStore, day: date, line: Delivery | None, channel: Channel = NEWS
) -> None:
    told = Told(day=day, until=NOON, number=0, posted=True)
    async with store.begin() as tx:
        await store.tell(tx, channel, told, delivery=line and line.id)


@pytest.mark.parametrize("how", ["articles", "channel"])
async def test_a_digest_that_is_not_posted_goes_with_what_it_may_tell(
    store: SqlStore, path: Path, how: str
) -> None:
    stored = await mention(store)
    states = [DeliveryState.NEW, DeliveryState.SENDING, DeliveryState.POSTED]
    lines = []
    for age, state in enumerate(states):
        event = await accept(store, posted(f"e{age}", where=f"d{age}"))
        line = await to_post(store, event, given=post(WORD))
        done = PostRef(thread=line.thread, id=f"p{age}") if state is DeliveryState.POSTED else None
        if state is not DeliveryState.NEW:
            await change(store, replace(line, state=state, ref=done))
        await digest(store, NOON.date() - days(age), line)
        lines.append(line.id)
    await digest(store, NOON.date() - days(9), None)
    assert traces(path)
    if how == "articles":
        await store.forget(NEWS, [stored.number])
    else:
        assert (await store.forget_channel(NEWS)).digests == 2
    assert traces(path) == {}
    told = await store.look(
        lambda connection: connection.scalars(
            select(digests.c.day).order_by(digests.c.day.desc())
        ).all()
    )
    # The first day is told anew; the second may have been told, and is not told twice.
    assert told == [NOON.date() - days(age) for age in (1, 2, 9)]
    there = [await store.delivery(one) for one in lines]
    assert [one and (one.state, one.post) for one in there] == [
        None,
        (DeliveryState.FAILED, None),
        (DeliveryState.POSTED, None),
    ]


async def test_a_digest_of_another_channel_stays(store: SqlStore, path: Path) -> None:
    stored = await mention(store, channel=OTHER)
    await mention(store)
    line = await to_post(store, await accept(store))
    await digest(store, NOON.date(), line)
    await store.forget(OTHER, [stored.number])
    assert await store.delivery(line.id) == line


async def test_what_another_channel_mentions_is_not_erased(store: SqlStore, path: Path) -> None:
    stored = await store_canary(store)
    await mention(store, canary(), channel=OTHER)
    await store.forget(NEWS, [stored.number])
    assert await store.search(NEWS, ["qzzterm"]) == []
    assert len(await store.search(OTHER, ["qzzterm"])) == 9


async def test_the_words_that_expire_are_in_no_file(store: SqlStore, path: Path) -> None:
    words = canary()
    blank = Article(url="https://example.org/a", version="v", headline="Plain")
    secret = replace(
        blank,
        standfirst=words.standfirst,
        lead_bullets=words.lead_bullets,
        paragraphs=words.paragraphs,
        captions=words.captions,
    )
    await fill(store, 5, "before")
    await mention(store, secret)
    back_up(path)
    assert traces(path)
    assert (await store.expire(NOON + days(90))).articles == 6
    assert traces(path) == {}


async def secret_of(store: SqlStore, origin: Origin = Origin.LINK) -> Mention:
    """Store the canary's words, under an address and a headline that stay with the brief."""
    plain = Article(url="https://example.org/a", version="v", headline="Plain")
    words = canary()
    return await mention(
        store,
        replace(plain, paragraphs=words.paragraphs, captions=words.captions),
        origin=origin,
        briefed=False,
    )


@pytest.mark.parametrize(
    ("origin", "kept"),
    [
        (Origin.LINK, ChannelSettings(article_days=3)),
        (Origin.PASTE, ChannelSettings(private_days=3)),
        (Origin.UPLOAD, ChannelSettings(private_days=3)),
        (Origin.PRIVATE_LINK, ChannelSettings(private_days=3)),
    ],
)
async def test_a_channel_s_own_days_for_texts_hold_in_every_file(
    store: SqlStore, path: Path, origin: Origin, kept: ChannelSettings
) -> None:
    await set_days(store, kept)
    await secret_of(store, origin)
    back_up(path)
    await store.expire(NOON + days(2.9))
    assert traces(path)
    assert (await store.expire(NOON + days(3))).articles == 1
    assert traces(path) == {}


async def test_a_channel_s_own_days_for_briefs_hold_in_every_file(
    store: SqlStore, path: Path
) -> None:
    await set_days(store, ChannelSettings(brief_days=3, article_days=9))
    stored = await mention(store)
    async with store.begin() as tx:
        await store.add_brief(tx, stored, brief(article(), f"Bullet {WORD}"), NOON)
    back_up(path)
    await store.expire(NOON + days(2.9))
    assert traces(path)
    assert (await store.expire(NOON + days(3))).briefs == 1
    assert traces(path) == {}


async def test_a_channel_s_own_days_for_questions_hold_in_every_file(
    store: SqlStore, path: Path
) -> None:
    await set_days(store, ChannelSettings(question_days=3))
    await mention(store)
    async with store.begin() as tx:
        await store.add_answer(tx, question(f"And {WORD}?", where=thread()), answer(article()))
    back_up(path)
    await store.expire(NOON + days(2.9))
    assert traces(path)
    assert (await store.expire(NOON + days(3))).answers == 1
    assert traces(path) == {}


async def set_days(store: SqlStore, kept: ChannelSettings) -> None:
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, kept, [])


async def test_a_channel_that_we_were_put_out_of_is_in_no_file(store: SqlStore, path: Path) -> None:
    await fill(store, 5, "before")
    stored = await store_canary(store)
    waits = Message(
        thread=thread(), id=f"m {WORD}", author=WORD, text=f"https://a/{WORD}", sent_at=NOON
    )
    changes = [SettingChange(who=WORD, at=NOON, name="bots", before=WORD, after=WORD)]
    struck = await store.mention(NEWS, stored.number)
    assert struck is not None
    async with store.begin() as tx:
        await store.strike(tx, struck, Strike(bullet=1, who=WORD, why=WORD, at=NOON))
        await store.change_settings(tx, NEWS, ChannelSettings(ignore=WORD), changes)
        await store.join(tx, NEWS, inviter=WORD, at=NOON)
        await store.remember(tx, waits, at=NOON)
        await store.decide(tx, NEWS, Decision.ASKED, message=WORD, at=NOON)
    await to_post(store, await accept(store, posted(WORD, text=WORD)), given=post(WORD))
    async with store.begin() as tx:
        await store.leave(tx, NEWS.workspace, NEWS, until=NOON + days(1))
    back_up(path)
    assert {"briefbot.db-wal", "briefbot.db.0001.backup"} <= traces(path).keys()
    assert (await store.expire(NOON + days(1))).mentions == 6
    assert traces(path) == {}
    # What an older backup brings back of it is forgotten again.
    assert [one.number for one in await store.forgotten()] == [1, 2, 3, 4, 5, 6]


async def test_a_channel_without_an_article_is_in_no_file_either(
    store: SqlStore, path: Path
) -> None:
    async with store.begin() as tx:
        await store.join(tx, NEWS, inviter=WORD, at=NOON)
        await store.leave(tx, NEWS.workspace, None, until=NOON)
    assert traces(path)
    await store.expire(NOON)
    assert traces(path) == {}


async def test_a_note_that_is_dropped_is_in_no_file_once_old_things_are_erased(
    store: SqlStore, path: Path
) -> None:
    secret = f"{WORD} " * 5000
    await store.note("us", {"kept": "kept", "short": WORD, "long": secret, "since": "s1"})
    await store.note("us", {f"n{number}": f"{number} " * 300 for number in range(40)})
    back_up(path)
    assert {"briefbot.db-wal", "briefbot.db.0001.backup"} <= traces(path).keys()
    await store.note("us", {"short": None, "long": None})
    await store.expire(NOON)
    assert traces(path) == {}
    assert len(await store.notes("us")) == 42


async def test_notes_that_change_take_no_copies_away(store: SqlStore, path: Path) -> None:
    await store.note("us", {"since": "s1"})
    back_up(path)
    await store.note("us", {"since": "s2", "never": None})
    await store.expire(NOON)
    assert backups.existing(path)
    await store.note("us", {"since": None})
    await store.expire(NOON)
    assert not backups.existing(path)


async def test_a_note_that_is_dropped_is_in_no_file_once_it_is_closed(path: Path) -> None:
    store = await SqlStore.open(path)
    await store.note("us", {"long": f"{WORD} " * 5000})
    back_up(path)
    await store.note("us", {"long": None})
    await store.close()
    assert traces(path) == {}


async def test_a_note_that_is_dropped_goes_with_what_is_forgotten(
    store: SqlStore, path: Path
) -> None:
    stored = await mention(store)
    await store.note("us", {"long": f"{WORD} " * 5000})
    await store.note("us", {"long": None})
    assert traces(path)
    await store.forget(NEWS, [stored.number])
    assert traces(path) == {}


@pytest.mark.parametrize("next_step", ["write", "close"])
async def test_what_a_reader_holds_up_goes_with_the_next_step(
    path: Path, monkeypatch: pytest.MonkeyPatch, next_step: str
) -> None:
    monkeypatch.setattr(sql, "_TRIES", 2)
    store = await SqlStore.open(path, patience=0.2)
    stored = await store_canary(store)
    with closing(keep_reading(path)) as reader:
        await store.forget(NEWS, [stored.number])
        assert traces(path)
        reader.execute("COMMIT")
        if next_step == "write":
            await mention(store)
        else:
            await store.close()
        assert traces(path) == {}
    if next_step == "write":
        await store.close()


async def test_what_a_killed_process_left_goes_with_the_next_start(path: Path) -> None:
    store = await SqlStore.open(path)
    stored = await store_canary(store)
    left = path.parent / "killed"
    with closing(keep_reading(path)):
        # Everything that forget does but emptying the log.
        async with store._transactions.begin() as tx:
            await store._transactions.write(
                tx, lambda connection: forget.forget(connection, NEWS, [stored.number])
            )
        copy_files(path, left)
    await store.close()
    assert traces(left / path.name)
    store = await SqlStore.open(left / path.name)
    assert traces(left / path.name) == {}
    assert await store.mention(NEWS, stored.number) is None
    await store.close()


def copy_files(path: Path, folder: Path) -> None:
    folder.mkdir()
    for name in (path.name, f"{path.name}-wal"):
        (folder / name).write_bytes((path.parent / name).read_bytes())


def test_the_byte_search_finds_what_only_the_index_holds(path: Path) -> None:
    # Were the index left as FTS5 leaves it, the tests above would have to fail.
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("INSERT INTO workspaces VALUES (1, 'p', 'w')")
        connection.execute("INSERT INTO articles VALUES (1, 1, 'k')")
        connection.execute(
            "INSERT INTO article_versions(id, article_id, version, authors) VALUES (1, 1, 'v', '')"
        )
        connection.execute("INSERT INTO article_texts VALUES (1, '', '', '', '', '')")
        connection.execute("INSERT INTO passages VALUES (1, 1, 0, 0, 'qzzterm')")
        connection.commit()
        connection.execute("DELETE FROM passages")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert traces(path)
        connection.execute("INSERT INTO passages_fts(passages_fts) VALUES ('optimize')")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert traces(path) == {}


@pytest.mark.parametrize("table", ["article_versions", "article_texts", "passages"])
async def test_an_article_version_cannot_be_changed(
    store: SqlStore, path: Path, table: str
) -> None:
    await mention(store)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="immutable"),
    ):
        connection.execute(f"UPDATE {table} SET rowid = rowid")  # noqa: S608 - our own tables
