"""Thousands of events in any order: each link that called for it has one brief, and that is all.

`EVENTS=5000` has that many; `SEED` another course of things.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.core.reading.identity import article
from bot.model import Mode, Reading, Verdict
from bot.platforms.slack.events import channel_of
from tests.lengths import length
from tests.platforms.slack.bot import slack_bot
from tests.standins.slack import Message

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.slack.bot import SlackBot
    from tests.standins.slack import SlackServer

EVENTS = int(os.environ.get("EVENTS", length(300, 5_000)))
SEED = int(os.environ.get("SEED", "20261124"))
PEOPLE, BOTS = ("ada", "bob", "cyd"), ("feed", "ci")
MODES = {
    "auto": Mode.AUTOMATIC,
    "wild": Mode.AUTOMATIC,
    "asked": Mode.MENTION,
    "liked": Mode.REACTION,
    "still": Mode.OFF,
    "guests": Mode.AUTOMATIC,  # a shared one, where nobody has let outsiders in
}
OVERRIDES = "\u202e\u2066\u200f"
HOSTILE = (
    "<!here> <!channel> <@U0ADA> <#C0AUTO> <!subteam^S1> :tada: https://evil.example/x "
    "[click](https://evil.example) <https://evil.example|safe> *bold* _it_ `code` &lt;!here&gt; "
    f"@here {OVERRIDES}evil"
)
_STORY = re.compile(r"example/story/(\d+)")
_TOKEN = re.compile(r"Token(\d+)x")


def url(number: int) -> str:
    return f"https://site{number % 7}.example/story/{number}"


def reading(number: int) -> Reading:
    """Return an article whose every part tries to call somebody; each has a word of its own."""
    mark = f"Token{number}x"
    paragraphs = [
        f"{mark} was closed for {number % 90 + 2} weeks after a storm {HOSTILE} hit the town.",
        f"Repairs to {mark} cost {number % 9 + 1} million pounds, the council {HOSTILE} said.",
        f"Engineers lifted the deck of {mark} by half a metre so that higher waves can pass.",
    ]
    lead = [f"{paragraphs[0]}", f"{paragraphs[1]}"] if number % 2 else []
    found = article(
        url=url(number),
        headline=f"{mark} opens again {HOSTILE}",
        publisher=f"The Post {HOSTILE}",
        published=date(2026, 3, 3),
        language="en",
        lead_bullets=lead,
        paragraphs=paragraphs,
    )
    return Reading(source=url(number), verdict=Verdict.ARTICLE, article=found)


@dataclass
class Said:
    """A message with links, and what it calls for."""

    channel: str
    ts: str
    root: str
    links: list[int]
    person: bool = True
    mention: bool = False
    reacted: bool = False
    deleted: bool = False
    others: bool = False  # whether somebody else has replied to it

    @property
    def is_called(self) -> bool:
        if self.deleted or not self.links:
            return False
        if self.channel in PEOPLE:
            return True
        mode = MODES[self.channel]
        if mode is Mode.OFF or self.channel == "guests":
            return False
        if self.reacted and mode is not Mode.MENTION:
            return True
        return self.person and (mode is Mode.AUTOMATIC or self.mention)


@dataclass
class Crowd:
    """Does something at random, and keeps in mind what it calls for."""

    slack: SlackServer
    pages: object
    chance: random.Random
    said: list[Said] = field(default_factory=list)
    numbers: int = 0
    acts: Counter[str] = field(default_factory=Counter)

    def act(self) -> None:
        acts = {
            self.link: 30,
            self.mention: 12,
            self.feed: 12,
            self.chatter: 8,
            self.direct: 4,
            self.in_thread: 5,
            self.again: 3,
            self.react: 20,
            self.react_otherwise: 4,
            self.unreact: 3,
            self.edit: 8,
            self.delete: 6,
            self.unfurl: 8,
            self.gone: 3,
            self.fault: 8,
        }
        (act,) = self.chance.choices(list(acts), list(acts.values()))
        self.acts[act.__name__] += 1
        act()

    def _new(self) -> int:
        self.numbers += 1
        self.pages.add(url(self.numbers), reading(self.numbers))
        return self.numbers

    def _text(self, links: list[int], *, mention: bool = False) -> str:
        words = self.chance.choice(["Look:", "I read", "From the paper", "hm"])
        shown = " ".join(f"<{url(one)}|here>" if one % 5 == 0 else url(one) for one in links)
        return f"{'@briefbot ' if mention else ''}{words} {shown} today"

    def _keep(self, channel: str, ts: str, links: list[int], **more: object) -> None:
        self.said.append(Said(channel, ts, str(more.pop("root", ts)), links, **more))

    def _one(self, *, person: bool | None = None) -> Said | None:
        found = [
            one
            for one in self.said[-60:]
            if not one.deleted and (person is None or one.person is person)
        ]
        return self.chance.choice(found) if found else None

    # --- what is said ---

    def link(self) -> None:
        channel, who = self.chance.choice(list(MODES)), self.chance.choice(PEOPLE)
        links = [self._new() for _ in range(self.chance.choice([1, 1, 1, 2]))]
        ts = self.slack.says(who, channel, self._text(links))
        self._keep(channel, ts, links)

    def mention(self) -> None:
        channel, who = self.chance.choice(list(MODES)), self.chance.choice(PEOPLE)
        links = [self._new()]
        ts = self.slack.says(who, channel, self._text(links, mention=True))
        self._keep(channel, ts, links, mention=True)

    def direct(self) -> None:
        who, links = self.chance.choice(PEOPLE), [self._new()]
        self._keep(who, self.slack.says(who, who, self._text(links)), links)

    def in_thread(self) -> None:
        parent = self._one()
        if parent is None or parent.channel in PEOPLE or parent.root != parent.ts:
            return
        links, who = [self._new()], self.chance.choice(PEOPLE)
        parent.others = True
        ts = self.slack.says(who, parent.channel, self._text(links), thread=parent.ts)
        self._keep(parent.channel, ts, links, root=parent.ts)

    def again(self) -> None:
        """A link that was posted before, which has a post in its own thread all the same."""
        one = self._one(person=True)
        if one is None or one.channel in PEOPLE or not one.links:
            return
        links = one.links[:1]
        ts = self.slack.says("bob", one.channel, self._text(links, mention=True))
        self._keep(one.channel, ts, links, mention=True)

    def chatter(self) -> None:
        channel, who = self.chance.choice(list(MODES)), self.chance.choice(PEOPLE)
        ts = self.slack.says(who, channel, self.chance.choice(["Lunch?", "ok", "<!here> see it?"]))
        self.slack.says(self.chance.choice(PEOPLE), channel, "Why not?", thread=ts)

    def gone(self) -> None:
        channel = self.chance.choice(list(MODES))
        self.slack.says("ada", channel, f"@briefbot https://nowhere.example/{self.numbers}")
        self.slack.says("ada", channel, f"https://nowhere.example/{self.numbers}/b")

    def feed(self) -> None:
        """Another bot posts: in its text, in blocks, in an attachment; it may even call us."""
        channel, who, links = self.chance.choice(list(MODES)), self.chance.choice(BOTS), []
        place = self.slack.place.channel(channel)
        number = self._new()
        links.append(number)
        one = Message(
            ts=self.slack.place.ts(),
            channel=place.id,
            bot_id=f"B0{who.upper()}",
            app_id=f"A0{who.upper()}",
            username=who,
            subtype="bot_message",
        )
        match self.chance.randrange(4):
            case 0:
                one.text = f"<{url(number)}>"
            case 1:
                one.text = "New story"
                text = {"type": "mrkdwn", "text": f"*<{url(number)}|Story>*"}
                one.blocks = [{"type": "section", "text": text}]
            case 2:
                one.attachments = [{"title": "Story", "title_link": url(number), "text": "Read"}]
            case _:
                one.text = f"<@{self.slack.place.bot_user}> <{url(number)}>"
        self.slack.enter(one)
        self._keep(channel, one.ts, links, person=False)

    # --- what is done to it ---

    def react(self) -> None:
        one = self._one()
        if one is None or one.channel in PEOPLE:
            return
        self.slack.reacts(self.chance.choice(PEOPLE), one.channel, one.ts, "newspaper")
        one.reacted = True

    def react_otherwise(self) -> None:
        one = self._one()
        if one is None or one.channel in PEOPLE:
            return
        who, emoji = self.chance.choice([("ada", "tada"), ("robo", "eyes"), ("robo", "heart")])
        self.slack.reacts(who, one.channel, one.ts, emoji)
        if self.chance.random() < 0.5:
            message = self.slack.place.message(one.channel, one.ts)
            self.slack.react(message, self.slack.place.bot_user, "newspaper")

    def unreact(self) -> None:
        """What was asked for so is not taken back."""
        found = [one for one in self.said[-60:] if one.reacted and not one.deleted]
        for one in found[-1:]:
            users = self.slack.place.message(one.channel, one.ts).reactions.get("newspaper", [])
            people = [user for user in users if user != self.slack.place.bot_user]
            if people:
                self.slack.unreacts(people[0], one.channel, one.ts, "newspaper")

    def edit(self) -> None:
        one = self._one(person=True)
        if one is None:
            return
        match self.chance.randrange(3):
            case 0:  # the same links
                pass
            case 2 if one.channel not in PEOPLE:  # there, all that is said is answered
                one.links = []
            case _:
                one.links = [self._new()]
        text = self._text(one.links, mention=one.mention) if one.links else "never mind"
        if not one.links:
            one.mention = one.reacted = False
        self.slack.edits(one.channel, one.ts, text)

    def delete(self) -> None:
        one = self._one()
        if one is not None:
            self.slack.deletes(one.channel, one.ts)
            one.deleted = True

    def unfurl(self) -> None:
        one = self._one(person=True)
        if one is not None and one.links:
            self.slack.unfurls(one.channel, one.ts, url(one.links[0]), title=HOSTILE)

    def fault(self) -> None:
        faults = self.slack.faults
        what = self.chance.choice([faults.duplicate_next, faults.reorder_next, faults.lose_acks])
        what(self.chance.choice([1, 1, 3]))


@pytest.mark.timeout(600)
async def test_each_link_that_calls_for_it_has_one_brief(tmp_path: Path):
    print(f"SEED={SEED} EVENTS={EVENTS}")  # noqa: T201 - to have it again
    chance = random.Random(SEED)  # noqa: S311 - a course of things, keeps no secret
    async with slack_bot(tmp_path, seed=SEED, redeliver_after=1.0, checked=False) as bot:
        crowd = await gathered(bot, chance)
        while len(bot.slack.deliveries.all) < EVENTS:
            for _ in range(chance.randint(1, 40)):
                crowd.act()
            if chance.random() < 0.3:
                await quiet(bot)
            else:
                await bot.slack.until(lambda: len(bot.slack.deliveries.open()) < 60, within=60)
        await quiet(bot)
        await asyncio.sleep(1.5)  # what had to wait for a post looks again within a second
        await quiet(bot)
        called = sum(one.is_called for one in crowd.said)
        deleted = sum(one.deleted for one in crowd.said)
        print(f"{len(crowd.said)} messages with links, {called} called, {deleted} deleted")  # noqa: T201 - as above
        mistakes = wrong(bot, crowd, tmp_path) + left_of_deleted(crowd, tmp_path)
        print("\n".join(mistakes))  # noqa: T201 - whole, which an assertion does not show
        assert not mistakes, f"seed {SEED}: {len(mistakes)} lines of mistakes"
        assert bot.slack.called == []
        assert [one for one in bot.slack.links if "evil" in one.mark] == []
        assert bot.slack.complaints == []


async def gathered(bot: SlackBot, chance: random.Random) -> Crowd:
    """Bring people, bots and channels together."""
    place = bot.slack.place
    place.add_user("cyd")
    place.add_user("robo", is_bot=True)
    for name, mode in MODES.items():
        members = (*PEOPLE, "robo", "briefbot")
        place.add_channel(name, members=members, is_ext_shared=name == "guests")
        channel = channel_of(place.team, place.channel(name).id)
        async with bot.store.begin() as tx:
            kept = await bot.store.channel_settings(channel)
            wanted = replace(kept, mode=mode, briefs_per_hour=10**6)
            await bot.store.change_settings(tx, channel, wanted, [])
    return Crowd(bot.slack, bot.pages, chance)


async def quiet(bot: SlackBot) -> None:
    """Wait until all is taken in and worked off."""
    for _ in range(3):
        await bot.slack.settled(within=60)
        await bot.slack.until(lambda: not bot.slack.deliveries.open(), within=60)
        while any(one.jobs for one in await bot.service.work.backlog()):
            await bot.slack.settled(within=60)


def ours(bot: SlackBot) -> list[Message]:
    us = bot.slack.place.bot_id
    return [
        one
        for channel in bot.slack.place.channels.values()
        for one in channel.messages.values()
        if one.bot_id == us and not one.only_to
    ]


def wrong(bot: SlackBot, crowd: Crowd, folder: Path) -> list[str]:
    """Return what stands there that should not, or does not that should."""
    found: Counter[tuple[str, str, int]] = Counter()
    lines = []
    for one in ours(bot):
        text = json.dumps([one.text, one.blocks], ensure_ascii=False)
        tokens = {int(token) for token in _TOKEN.findall(text)}
        if not tokens:
            lines.append(f"about nothing: {text[:200]}")
        if set(OVERRIDES) & set(text):
            lines.append(f"overrides: {text[:200]}")
        for token in tokens:
            found[one.channel, one.thread or "", token] += 1
    wanted: Counter[tuple[str, str, int]] = Counter()
    why = {}
    for one in crowd.said:
        for number in one.links:
            place = (bot.slack.place.channel(one.channel).id, one.root, number)
            why[place] = one
            wanted[place] += one.is_called
    for place in wanted.keys() | found.keys():
        if wanted[place] != found[place]:
            lines.append(f"{place}: {found[place]} of {wanted[place]} {why.get(place)}")
            lines += recorded(bot, folder, place[1])
    return lines


def recorded(bot: SlackBot, folder: Path, ts: str) -> list[str]:
    """Return what Slack told of a message, and what the inbox has of it."""
    told = [
        f"  {one.name} {json.dumps(one.payload['event'])[:300]}"
        for one in bot.slack.deliveries.all
        if ts in json.dumps(one.payload)
    ]
    with sqlite3.connect(f"file:{folder / 'briefbot.db'}?mode=ro", uri=True) as database:
        query = "SELECT id, key, ending, reason FROM events WHERE message = ? OR thread = ?"
        return told + [f"  {row}" for row in database.execute(query, (ts, ts))]


def left_of_deleted(crowd: Crowd, folder: Path) -> list[str]:
    """Return what is still stored of links whose every message is deleted."""
    standing = {number for one in crowd.said if not one.deleted for number in one.links}
    gone = {number for one in crowd.said if one.deleted for number in one.links} - standing
    left, seen = [], set()
    with sqlite3.connect(f"file:{folder / 'briefbot.db'}?mode=ro", uri=True) as database:
        for line in database.iterdump():
            there = {int(found) for found in (*_TOKEN.findall(line), *_STORY.findall(line))}
            seen |= there
            left += [f"{number} is deleted: {line[:300]}" for number in there & gone]
    assert seen, "nothing is stored in plain words: this looks at the wrong place"
    return left
