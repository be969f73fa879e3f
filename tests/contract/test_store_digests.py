"""What digests are made from, and how much of it was told."""

from datetime import date, datetime, timedelta

import pytest

from bot.model import (
    Channel,
    ChannelSettings,
    SettingChange,
    Told,
    Unread,
    Verdict,
    WorkspaceSettings,
)
from bot.ports import Store
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    TEAM,
    accept,
    article,
    ask,
    days,
    mention,
    thread,
    to_post,
)

TODAY = NOON.date()
HOUR = timedelta(hours=1)


def told(day: date = TODAY, *, number: int = 1, posted: bool = True) -> Told:
    return Told(day=day, until=NOON, number=number, posted=posted)


async def tell(store: Store, given: Told, *, channel: Channel = NEWS, again: bool = False) -> bool:
    async with store.begin() as tx:
        return await store.tell(tx, channel, given, again=again)


async def put(
    store: Store, *changed: str, channel: Channel = NEWS, at: datetime = NOON, **given: str
) -> None:
    """Have a channel's digest on, with entries of these names in its change log."""
    changes = [SettingChange(who="ada", at=at, name=name, before="", after="x") for name in changed]
    settings = ChannelSettings(digest=True, **given)  # type: ignore[arg-type]  # of strings only
    async with store.begin() as tx:
        await store.change_settings(tx, channel, settings, changes)


async def miss(
    store: Store,
    source: str = "https://wall.example/a",
    *,
    channel: Channel = NEWS,
    message: str = "m1",
    where: str = "1",
    at: datetime = NOON,
    verdict: Verdict = Verdict.BOT_WALL,
    poster: str = "ada",
) -> None:
    async with store.begin() as tx:
        unread = Unread(source=source, verdict=verdict)
        await store.add_unread(tx, thread(channel, where), message, unread, poster=poster, at=at)


async def numbers(
    store: Store, *, above: int = 0, since: datetime = NOON, limit: int = 9
) -> list[int]:
    read = await store.read_since(NEWS, above, since=since, limit=limit)
    return [one.number for one in read.mentions]


async def sources(store: Store, *, channel: Channel = NEWS, since: datetime = NOON) -> list[str]:
    read = await store.read_since(channel, 0, since=since, limit=9)
    return [one.source for one in read.unread]


async def test_a_day_is_told_once(store: Store) -> None:
    assert await store.told(NEWS) is None
    assert await tell(store, told())
    assert not await tell(store, told(number=2))
    assert await store.told(NEWS) == told()
    assert await store.told(OTHER) is None


async def test_told_again_it_takes_the_place_of_what_was_told(store: Store) -> None:
    await tell(store, told(posted=False))
    assert await tell(store, told(number=2), again=True)
    assert await store.told(NEWS) == told(number=2)


async def test_the_newest_day_counts_whenever_it_was_stored(store: Store) -> None:
    await tell(store, told(TODAY))
    await tell(store, told(TODAY - days(1)))
    await tell(store, told(TODAY), channel=ABROAD)
    assert await store.told(NEWS) == told(TODAY)


async def test_what_is_told_in_a_transaction_that_fails_is_not(store: Store) -> None:
    async def fail() -> None:
        async with store.begin() as tx:
            assert await store.tell(tx, NEWS, told())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await store.told(NEWS) is None
    assert await tell(store, told())


async def test_channels_whose_digest_is_on_are_listed_with_how_far_they_are(store: Store) -> None:
    await put(store, "bullets", "digest", at=NOON)
    await put(store, "digest_time", at=NOON + HOUR, digest_time="08:00")
    await put(store, channel=ABROAD)
    async with store.begin() as tx:
        await store.change_settings(tx, OTHER, ChannelSettings(), [])
    await tell(store, told())
    found = {one.channel: one for one in await store.subscriptions()}
    assert found.keys() == {NEWS, ABROAD}
    assert found[NEWS].settings == ChannelSettings(digest=True, digest_time="08:00")
    assert (found[NEWS].told, found[NEWS].set_at) == (told(), NOON + HOUR)
    assert (found[ABROAD].told, found[ABROAD].set_at) == (None, None)


async def test_only_what_tells_its_time_counts_as_setting_it(store: Store) -> None:
    await put(store, "digest", at=NOON)
    await put(store, "bullets", "digest_most", at=NOON + HOUR)
    (one,) = await store.subscriptions()
    assert one.set_at == NOON


async def test_where_we_were_put_out_no_digest_is_due(store: Store) -> None:
    await put(store, "digest")
    async with store.begin() as tx:
        await store.leave(tx, TEAM, NEWS, until=NOON + days(30))
    assert await store.subscriptions() == []
    async with store.begin() as tx:
        await store.join(tx, NEWS, inviter="ada", at=NOON)
    assert [one.channel for one in await store.subscriptions()] == [NEWS]


async def test_what_was_read_comes_newest_first_and_above_a_number(store: Store) -> None:
    for place, name in enumerate(("harbour", "museum", "ferry")):
        await mention(store, article(name), at=NOON + place * HOUR, briefed=True)
    await mention(store, article("elsewhere"), channel=OTHER, briefed=True)
    assert await numbers(store, above=1) == [3, 2]
    assert await numbers(store, since=NOON + HOUR) == [3, 2]
    assert await numbers(store, limit=1) == [3]
    read = await store.read_since(NEWS, 2, since=NOON, limit=9)
    assert read.mentions[0].brief is not None
    assert read.last == 3
    nothing = await store.read_since(ABROAD, 0, since=NOON, limit=9)
    assert (nothing.mentions, nothing.last) == ((), 0)


async def test_questions_are_counted_by_their_thread(store: Store) -> None:
    await mention(store, article(), where="1")
    for place, where in enumerate(("1", "1", "2")):
        await ask(store, article(), where=where, text=f"Why {place}?", at=NOON)
    await ask(store, article(), where="2", text="Long ago?", at=NOON - HOUR)
    await mention(store, article(), channel=OTHER, where="1")
    await ask(store, article(), channel=OTHER, where="1")
    read = await store.read_since(NEWS, 0, since=NOON, limit=9)
    assert dict(read.talk) == {"1": 2, "2": 1}


async def test_a_link_that_could_not_be_read_is_told_once_with_its_newest_verdict(
    store: Store,
) -> None:
    await miss(store, verdict=Verdict.UNREACHABLE)
    await miss(store, message="m2", at=NOON + HOUR)
    await miss(store, "https://wall.example/b", at=NOON - HOUR)
    await miss(store, channel=OTHER)
    read = await store.read_since(NEWS, 0, since=NOON, limit=9)
    assert read.unread == (Unread(source="https://wall.example/a", verdict=Verdict.BOT_WALL),)


async def test_what_could_be_read_later_is_not_among_what_could_not(store: Store) -> None:
    url = article().url or ""
    await miss(store, url)
    await mention(store, article(), channel=OTHER, at=NOON + HOUR)
    assert await sources(store) == [url]
    await mention(store, article(), at=NOON + HOUR)
    assert await sources(store) == []
    await miss(store, url, message="m3", at=NOON + 2 * HOUR)
    assert await sources(store) == [url]


async def test_what_could_not_be_read_goes_with_its_message_or_thread(store: Store) -> None:
    await miss(store, "https://a.example/", message="m1", where="1")
    await miss(store, "https://b.example/", message="m2", where="2")
    await miss(store, "https://c.example/", message="m1", where="1", channel=OTHER)
    async with store.begin() as tx:
        await store.withdraw(tx, NEWS, message="m1", at=NOON)
    assert await sources(store) == ["https://b.example/"]
    async with store.begin() as tx:
        await store.rename_thread(tx, thread(NEWS, "2"), thread(NEWS, "3"))
        await store.withdraw(tx, NEWS, thread="3", at=NOON)
    assert await sources(store) == []
    assert await sources(store, channel=OTHER) == ["https://c.example/"]


async def test_it_is_kept_for_as_long_as_a_digest_looks_back(store: Store) -> None:
    await miss(store)
    await store.expire(NOON + days(7))
    assert await sources(store) != []
    await store.expire(NOON + days(8))
    assert await sources(store) == []


async def test_which_days_were_told_is_known_for_a_year(store: Store) -> None:
    await tell(store, told())
    await store.expire(NOON + days(366))
    assert await store.told(NEWS) == told()
    await store.expire(NOON + days(402))
    assert await store.told(NEWS) is None


async def test_all_of_it_goes_with_its_channel(store: Store) -> None:
    await tell(store, told())
    await miss(store)
    await miss(store, channel=OTHER)
    async with store.begin() as tx:
        await store.leave(tx, TEAM, NEWS, until=NOON)
    await store.expire(NOON)
    assert await store.told(NEWS) is None
    assert await sources(store) == []
    assert await sources(store, channel=OTHER) != []


async def test_it_goes_with_what_its_poster_wants_forgotten(store: Store) -> None:
    await miss(store, "https://a.example/", message="m1")
    await miss(store, "https://b.example/", message="m2", poster="bob", where="2")
    await miss(store, "https://c.example/", message="m3", poster="bob", where="3")
    await store.forget_asked(NEWS, asker="ada")
    assert await sources(store) == ["https://b.example/", "https://c.example/"]
    await store.forget_asked(NEWS, thread="2")
    assert await sources(store) == ["https://c.example/"]
    await store.forget_channel(NEWS)
    assert await sources(store) == []


async def test_a_digest_that_is_not_sent_is_told_anew_where_what_it_tells_is_forgotten(
    store: Store,
) -> None:
    one = await mention(store, article(), briefed=True)
    event = await accept(store)
    line = await to_post(store, event)
    async with store.begin() as tx:
        await store.tell(tx, NEWS, told(), delivery=line.id)
    await store.forget(NEWS, [one.number])
    assert await store.told(NEWS) is None
    assert await store.delivery(line.id) is None
    assert [one.id for one in await store.open_events(after=0, limit=9)] == [event.id]


async def test_where_a_workspace_has_it_on_so_has_each_channel_that_has_not_set_it(
    store: Store,
) -> None:
    await mention(store, article())
    async with store.begin() as tx:
        await store.change_settings(tx, OTHER, ChannelSettings(), [], names=["digest"])
    everywhere = WorkspaceSettings(
        settings=ChannelSettings(digest=True, zone="Asia/Tokyo"), own=frozenset({"digest", "zone"})
    )
    entry = SettingChange(who="ann", at=NOON + HOUR, name="digest", before="no", after="yes")
    async with store.begin() as tx:
        await store.change_workspace(tx, TEAM, everywhere, [entry])
    (one,) = await store.subscriptions()
    assert (one.channel, one.settings.zone, one.set_at) == (NEWS, "Asia/Tokyo", NOON + HOUR)
