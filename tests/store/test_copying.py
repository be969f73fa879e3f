"""Everything from SQLite to PostgreSQL and back: row for row the same, or nothing at all."""

import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects import postgresql

from bot.errors import ConfigurationError, StoreBusy, StoreError, StoreNotEmpty, WorkTaken
from bot.flows.recover import recover
from bot.model import (
    Answer,
    Article,
    Brief,
    Budget,
    Bullet,
    Channel,
    ChannelSettings,
    Decision,
    DeliveryState,
    Ending,
    Evidence,
    Instant,
    Method,
    Mode,
    Origin,
    Part,
    PostRef,
    Purpose,
    Queue,
    Reading,
    SettingChange,
    Step,
    Strike,
    Tokens,
    Told,
    Unread,
    Verdict,
    Voice,
    WorkspaceSettings,
)
from bot.ports import Tx
from bot.settings import Settings
from bot.store import copying
from bot.store.schema import metadata, usage
from bot.store.sql import SqlStore
from bot.terminal import keeping
from bot.work.embedded import alone
from bot.work.procrastinate import ProcrastinateWork
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    accept,
    article,
    change,
    days,
    empty_database,
    mention,
    passages,
    post,
    posted,
    question,
    thread,
    to_post,
)

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(60)]

ODD = "NUL \0, \x1a0 and \x1a1, emoji 👩‍👩‍👧‍👦 🏴, e\u0301, \u202e, \ufffe, “quotes” 'x' %s {} \\"
LONG = "All work and no play makes Jack a dull boy. " * 5000
WORDS = ("harbour", "mayor", "ribbon", "ferry", "monday", "roof", "council")


@asynccontextmanager
async def opened(where: Path | str) -> AsyncIterator[SqlStore]:
    store = await SqlStore.open(where, patience=5)
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return empty_database(tmp_path)


@pytest.fixture
async def source(path: Path) -> AsyncGenerator[SqlStore]:
    """A store with rows of every kind in every table."""
    async with opened(path) as store:
        await fill(store)
        yield store


@pytest.fixture
async def target(postgres_url: str) -> AsyncGenerator[SqlStore]:
    async with opened(postgres_url) as store:
        yield store


# --- rows of every kind -----------------------------------------------------------------------


async def fill(store: SqlStore) -> None:
    await _articles(store)
    await _settings(store)
    await _workspaces(store)
    await _events(store)
    await _deliveries(store)
    await _usage(store)
    await _places(store)
    await _digests(store)
    gone = await mention(store, article("forgotten"), where="gone", briefed=True)
    await store.forget(NEWS, [gone.number])
    for account in ("Zz", "aB", "_", ODD):
        await store.note(account, {"Zz": "", "aB": LONG, "_": "c", ODD: ODD})
    async with store.begin() as tx:
        await store.within(tx, lambda c: c.execute(_FACT))


async def _digests(store: SqlStore) -> None:
    async with store.begin() as tx:
        for number, where in enumerate((NEWS, OTHER, ABROAD)):
            day = (NOON + days(number)).date()
            told = Told(day=day, until=NOON, number=number, posted=bool(number))
            await store.tell(tx, where, told)
            unread = Unread(source=ODD, verdict=Verdict.GONE)
            await store.add_unread(
                tx, thread(where, ODD[:20]), LONG[:50], unread, poster=ODD, at=NOON
            )


_FACT = text("INSERT INTO facts (name, value) VALUES ('Zz', 'a'), ('aB', 'b'), ('_', 'c')")


async def _articles(store: SqlStore) -> None:
    for number, word in enumerate(WORDS * 4):
        version = article(
            word, text=f"{word} {WORDS[number % 5]} " * (number + 1), version=f"{number}"
        )
        channel = (NEWS, OTHER, ABROAD)[number % 3]
        await mention(
            store,
            version,
            channel=channel,
            where=f"{number % 4}",
            at=NOON + days(number),
            briefed=True,
        )
    for text_of in (ODD, LONG):
        odd = _odd(text_of)
        async with store.begin() as tx:
            stored = await store.add_mention(
                tx,
                thread=thread(name=text_of[:40]),
                message=text_of[:50],
                poster=text_of[:60],
                at=NOON,
                origin=Origin.PASTE,
                source=text_of[:70],
                article=odd,
                passages=passages(odd),
            )
            await store.add_brief(tx, stored, _brief(odd), NOON)
            await store.add_brief(tx, stored, _brief(odd), NOON + days(1))
            asked = question(f"{text_of}?", where=stored.thread)
            await store.add_answer(
                tx,
                asked,
                Answer(voice=Voice.SAYS, text=text_of, quotes=_evidence(odd), confidence=1 / 3),
            )
            absent = question("And?", at=NOON + days(1), where=stored.thread)
            await store.add_answer(tx, absent, Answer(voice=Voice.ABSENT, text="", confidence=0.0))


def _odd(text_of: str) -> Article:
    return Article(
        url=None,
        version=text_of[:30],
        headline=text_of,
        standfirst=None,
        authors=(text_of, ""),
        lead_bullets=(text_of,),
        paragraphs=(text_of, f"{text_of} once more", ""),
        captions=(text_of,),
        pages=(1, 2, 7),
    )


def _evidence(of: Article) -> tuple[Evidence, ...]:
    words = of.paragraphs[1]
    spans = [(0, len(words)), (4, min(60, len(words))), (7, 8)]
    return tuple(
        Evidence(
            version=of.version,
            part=Part.BODY,
            paragraph=1,
            start=start,
            end=end,
            quote=words[start:end],
            page=2,
        )
        for start, end in spans
    )


def _brief(of: Article) -> Brief:
    bullets = (Bullet(text=of.headline or "", evidence=_evidence(of), lead_only=("a", ODD)),)
    return Brief(
        version=of.version,
        method=Method.ABSTRACTIVE,
        bullets=bullets,
        warnings=(ODD,),
        model="m",
        prompt_hash="h",
    )


async def _settings(store: SqlStore) -> None:
    for number, channel in enumerate((NEWS, OTHER)):
        changes = [
            SettingChange(who=ODD, at=NOON + days(n), name="bullets", before="5", after=f"{n}")
            for n in range(number + 2)
        ]
        async with store.begin() as tx:
            await store.change_settings(
                tx,
                channel,
                ChannelSettings(mode=Mode.AUTOMATIC, bullets=8, article_days=7),
                changes,
            )


async def _workspaces(store: SqlStore) -> None:
    for channel in (NEWS, ABROAD):
        changes = [
            SettingChange(who=ODD, at=NOON, name=name, before=ODD, after="") for name in ("a", "b")
        ]
        held = WorkspaceSettings(
            settings=ChannelSettings(bullets=4, ignore=ODD),
            own=frozenset({"bullets", "ignore"}),
            locks=frozenset({"ignore"}),
        )
        async with store.begin() as tx:
            await store.change_workspace(tx, channel.workspace, held, changes)


async def _events(store: SqlStore) -> None:
    await accept(store, posted("open", text=f"{ODD} {LONG}", where="open"))
    failing = await accept(store, posted("failing", where="failing"))
    async with store.begin() as tx:
        await store.failed_event(tx, failing.id)
        for place, number in ((0, 1), (1, None)):
            reading = Reading(source=ODD, verdict=Verdict.ARTICLE, share=0.1, detail=ODD)
            await store.add_step(tx, failing.id, Step(place=place, reading=reading, number=number))
    for ending in Ending:
        event = await accept(store, posted(ending.value, where=ending.value))
        async with store.begin() as tx:
            await store.end_event(tx, event.id, ending, reason=ODD, at=NOON + days(1))


async def _deliveries(store: SqlStore) -> None:
    tried = Instant(era="boot", seconds=0.1 + 0.2)
    for state in DeliveryState:
        event = await accept(store, posted(f"line-{state}", where=f"line-{state}"))
        line = await to_post(store, event, given=post(ODD))
        if state is not DeliveryState.NEW:
            ref = PostRef(thread=line.thread, id="p1") if state is DeliveryState.POSTED else None
            changed = replace(line, state=state, tried=tried, failures=3, ref=ref, reason=ODD)
            assert await change(store, changed)


async def _usage(store: SqlStore) -> None:
    for number, channel in enumerate((NEWS, OTHER)):
        for model in ("Zz", "a b", "a-c", "aB", "a_", "ä", ""):
            async with store.begin() as tx:
                row = {"day": NOON.date(), "purpose": Purpose.BRIEF, "model": model}
                plenty = Budget(a_day=10**6, a_channel=10**6)
                await store.reserve_tokens(tx, channel, **row, tokens=100_000, budget=plenty)
                used = Tokens(taken_in=2**40, written=number)
                await store.settle_tokens(tx, channel, **row, reserved=99_999, used=used)


async def _places(store: SqlStore) -> None:
    (newest,) = await store.mentions(NEWS, limit=1)
    for channel, others in ((NEWS, (ODD, "Zz", "aB")), (ABROAD, ("_", "ä"))):
        async with store.begin() as tx:
            await store.join(tx, channel, inviter=ODD, at=NOON)
            await store.decide(tx, channel, Decision.ASKED, message=ODD, at=NOON)
            for name in others:
                waits = replace(posted(text=ODD, channel=channel).message, id=name)
                await store.remember(tx, waits, at=NOON)
            for bullet in (2, 1):
                said = Strike(bullet=bullet, who=ODD, why=ODD, at=NOON + days(bullet))
                await store.strike(tx, newest, said)
    async with store.begin() as tx:
        incoming = posted("unasked", where="unasked")
        at, where = incoming.message.sent_at, incoming.message.thread
        event = await store.add_event(tx, incoming, thread=where, message=ODD, at=at, unasked=True)
        assert event is not None
        await store.end_event(tx, event.id, Ending.SILENT, reason="", at=at)
        elsewhere = Channel(workspace=ABROAD.workspace, id=ODD)
        await store.join(tx, elsewhere, inviter="", at=NOON)
        await store.leave(tx, ABROAD.workspace, elsewhere, until=NOON + days(9))


# --- looking at them --------------------------------------------------------------------------


Tables = dict[str, list[tuple[object, ...]]]


def dump(path: Path) -> Tables:
    """Return every table of a SQLite file but for what belongs to SQLite, Alembic and the queue."""
    theirs = ("sqlite_", "passage_index", "alembic_", "jobs", "passages_")
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(theirs)
        ]
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608 - our own tables
            for name in names
        }


async def order(store: SqlStore) -> list[list[tuple[int, int]]]:
    """Return what searches bring up, in their order."""
    found: list[list[tuple[int, int]]] = []
    for channel in (NEWS, OTHER, ABROAD):
        for terms in ([WORDS[0]], list(WORDS[:3]), list(WORDS), []):
            hits = await store.search(channel, terms)
            found.append([(one.mention.number, one.passage.first) for one in hits])
    return found


async def proofs_hold(store: SqlStore) -> int:
    count = 0
    for one in await store.mentions(NEWS, limit=999):
        spans = [
            span for bullet in (one.brief.bullets if one.brief else ()) for span in bullet.evidence
        ]
        for span in spans:
            assert one.article.paragraphs[span.paragraph][span.start : span.end] == span.quote
            count += 1
    return count


# --- there and back ---------------------------------------------------------------------------


async def test_the_samples_have_rows_in_every_table(source: SqlStore, path: Path) -> None:
    tables = dump(path)
    assert tables.keys() >= set(metadata.tables)
    assert [name for name in metadata.tables if len(tables[name]) < 2 and name != "forgets"] == []


async def test_there_and_back_every_row_is_the_same(
    source: SqlStore, target: SqlStore, path: Path, tmp_path: Path
) -> None:
    counts = await source.copy_to(target)
    assert counts == {name: len(dump(path)[name]) for name in counts}
    (tmp_path / "back").mkdir()
    back = empty_database(tmp_path / "back")
    async with opened(back) as third:
        await target.copy_to(third)
        assert await order(third) == await order(source) == await order(target)
    assert dump(back) == dump(path)


def test_rows_come_in_one_order_also_where_a_server_sorts_as_people_do() -> None:
    # The server of our tests has no language to sort by, so this looks at what it is asked.
    asked = [select(usage).order_by(*copying.in_order(usage, name)) for name in ("postgresql", "")]
    on_postgres, on_sqlite = (str(one.compile(dialect=postgresql.dialect())) for one in asked)
    assert on_postgres.endswith(
        'ORDER BY usage.channel_id, usage.day, usage.purpose COLLATE "C", usage.model COLLATE "C"'
    )
    assert "COLLATE" not in on_sqlite


async def test_proofs_are_exact_and_everything_reads_the_same(
    source: SqlStore, target: SqlStore
) -> None:
    await source.copy_to(target)
    assert await proofs_hold(target) == await proofs_hold(source) > 10
    for channel in (NEWS, OTHER, ABROAD):
        for look in ("mentions", "answers"):
            one, other = (getattr(store, look)(channel, limit=999) for store in (source, target))
            assert await one == await other
        assert await source.channel_settings(channel) == await target.channel_settings(channel)
        assert await source.setting_changes(channel) == await target.setting_changes(channel)
    assert await source.letters(limit=99) == await target.letters(limit=99)
    assert await source.forgotten() == await target.forgotten()
    spent = await source.usage(NEWS.workspace, since=NOON.date())
    assert spent == await target.usage(NEWS.workspace, since=NOON.date())
    assert len(spent) == 14
    for store_all in ("open_events", "open_deliveries"):
        one, other = (getattr(store, store_all)(after=0, limit=99) for store in (source, target))
        assert await one == await other


async def test_new_rows_get_ids_of_their_own(source: SqlStore, target: SqlStore) -> None:
    await source.copy_to(target)
    before = await source.mentions(NEWS, limit=1)
    stored = await mention(target, article("new"), briefed=True)
    assert stored.number > before[0].number
    event = await accept(target, posted("new"))
    line = await to_post(target, event)
    assert await source.event(event.id) is None
    assert await source.delivery(line.id) is None
    again = await target.mention(NEWS, stored.number)
    assert again == stored
    await fill_settings_and_forget(target, stored.number)


async def fill_settings_and_forget(store: SqlStore, number: int) -> None:
    async with store.begin() as tx:
        entry = SettingChange(who="a", at=NOON, name="bullets", before="8", after="5")
        await store.change_settings(tx, NEWS, ChannelSettings(), [entry])
    await store.forget(NEWS, [number])
    assert len(await store.forgotten()) == 2


async def test_from_an_empty_store(path: Path, target: SqlStore) -> None:
    async with opened(path) as empty:
        assert set((await empty.copy_to(target)).values()) == {0}
    assert (await mention(target)).number == 1
    assert (await accept(target)).id == 1


# --- where it is refused or fails -------------------------------------------------------------


async def test_a_target_that_holds_something_is_left_as_it_was(
    source: SqlStore, target: SqlStore, path: Path
) -> None:
    await accept(target, posted("theirs"))
    before = await target.look(copying.fingerprint)
    with pytest.raises(StoreNotEmpty):
        await source.copy_to(target)
    assert await target.look(copying.fingerprint) == before
    ours = dump(path)
    with pytest.raises(StoreNotEmpty):
        await target.copy_to(source)
    assert dump(path) == ours


@pytest.mark.parametrize("breaks_at", ["deliveries", "mentions", "fingerprint"])
async def test_a_copy_that_fails_leaves_nothing(
    source: SqlStore, target: SqlStore, monkeypatch: pytest.MonkeyPatch, breaks_at: str
) -> None:
    if breaks_at == "fingerprint":
        async with target.begin() as tx:
            await target.within(tx, lambda c: c.exec_driver_sql(_TRIGGER))
    else:
        async with target.begin() as tx:
            await target.within(
                tx,
                lambda c: c.exec_driver_sql(f"ALTER TABLE {breaks_at} ADD CHECK (id < 2)"),
            )
    with pytest.raises(StoreError):
        await source.copy_to(target)
    assert await target.look(copying.is_empty)


async def test_what_is_written_meanwhile_is_not_left_behind_in_silence(
    source: SqlStore, target: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A front end goes on taking in events: none may be in the old database alone."""
    within = target.within

    async def later(tx: Tx, work: Callable[[Connection], object]) -> object:
        if work is copying.fingerprint:
            await accept(source, posted("meanwhile", where="meanwhile"))
        return await within(tx, work)

    monkeypatch.setattr(target, "within", later)
    with pytest.raises(StoreBusy):
        await source.copy_to(target)
    assert await target.look(copying.is_empty)


_TRIGGER = """
CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.reason := 'other'; RETURN NEW; END; $$;
CREATE TRIGGER other BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION other();
"""


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
async def here(source: SqlStore, path: Path) -> Settings:
    return Settings(data_dir=path.parent, database_url=None)


async def test_moving_gives_what_is_open_its_jobs(
    here: Settings, source: SqlStore, target: SqlStore, postgres_url: str
) -> None:
    await keeping.move(here, to=postgres_url)
    work = ProcrastinateWork(target, url=postgres_url, places=dict.fromkeys(Queue, 2))
    events = await target.open_events(after=0, limit=99)
    lines = await target.open_deliveries(after=0, limit=99)
    assert (len(events), len(lines)) == (2, 2)
    assert sum(one.jobs for one in await work.backlog()) == 4
    assert await recover(store=target, work=work) == 0


async def test_moving_back_gives_them_their_jobs_too(
    here: Settings, target: SqlStore, postgres_url: str, tmp_path: Path
) -> None:
    await keeping.move(here, to=postgres_url)
    there = Settings(data_dir=tmp_path / "x", database_url=SecretStr(postgres_url))
    new = tmp_path / "new" / "briefbot.db"
    await keeping.move(there, to=f"sqlite:///{new}")
    with closing(sqlite3.connect(new)) as connection:
        jobs = connection.execute("SELECT key FROM jobs ORDER BY key").fetchall()
    assert len(jobs) == 4
    assert {key.split(":")[0] for (key,) in jobs} == {"handle", "deliver"}


async def test_nothing_is_moved_from_under_a_bot_at_work(
    here: Settings, path: Path, target: SqlStore, postgres_url: str
) -> None:
    with alone(path), pytest.raises(WorkTaken):
        await keeping.move(here, to=postgres_url)
    assert await target.look(copying.is_empty)


@pytest.mark.parametrize("to", ["", "mysql://x/y", "sqlite:///", "sqlite:///{path}", "nonsense"])
async def test_moving_to_what_is_no_other_database(here: Settings, path: Path, to: str) -> None:
    before = dump(path)
    with pytest.raises(ConfigurationError):
        await keeping.move(here, to=to.format(path=path))
    assert dump(path) == before
