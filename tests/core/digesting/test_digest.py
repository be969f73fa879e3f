"""A day becomes a digest: the most discussed stories first, told by bullets that stand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.digesting.digest import compose
from bot.core.digesting.outlets import outlet_of
from bot.core.reading.identity import article
from bot.core.writing import extract
from bot.model import (
    Channel,
    Mention,
    Origin,
    Strike,
    Thread,
    Unread,
    Verdict,
    Workspace,
)

CHANNEL = Channel(workspace=Workspace(platform="slack", id="T1"), id="C1")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FERRY = """
The ferry Lady Corinne sank off Saint Anselm on Tuesday night with 64 people aboard.
Fishing boats picked up 55 passengers from rough water near the lighthouse.
Commander Alain Roche said that the search for nine missing people would go on.
"""
FERRY_TOO = """
Nine people are missing after the ferry Lady Corinne sank off Saint Anselm on Tuesday night.
Commander Alain Roche leads the search with a helicopter and six boats.
Fishing boats picked up 55 passengers from the rough water.
The ship had passed an inspection in January, the coast guard said.
"""
LIBRARY = """
Carrow's old cotton mill reopened as the city's largest library on Saturday.
The renovation cost 54 million dollars and took nine years to finish.
Dolores Haines ran a spinning frame on the third floor for 22 years.
"""


def mention(number, text, *, publisher, headline, thread=None, briefed=True):
    item = article(
        url=f"https://{publisher.lower()}.example/{number}",
        headline=headline,
        publisher=publisher,
        published=date(2026, 3, 2),
        language="en",
        paragraphs=text.strip().split("\n"),
    )
    return Mention(
        number=number,
        message=f"m{number}",
        thread=Thread(channel=CHANNEL, id=thread or f"m{number}"),
        poster="ann",
        at=NOON + timedelta(minutes=number),
        origin=Origin.LINK,
        source=item.url,
        article=item,
        brief=extract.write(item, bullets=3) if briefed else None,
    )


WIRE = mention(1, FERRY, publisher="Wire", headline="Ferry sinks off Saint Anselm")
LIGHT = mention(2, FERRY_TOO, publisher="Light", headline="Nine missing after ferry sinks")
MILL = mention(3, LIBRARY, publisher="Tribune", headline="Cotton mill reopens as a library")


def digest(*mentions, most=5, talk=None, unread=()):
    return compose(
        mentions,
        day=NOON.date(),
        since=NOON - timedelta(days=1),
        until=NOON,
        talk=talk or {},
        unread=unread,
        most=most,
    )


def keys(story):
    return {one.article.key for one in story.mentions}


def test_outlets_on_one_event_are_one_story_and_come_before_a_single_one():
    told = digest(MILL, WIRE, LIGHT)

    assert [keys(story) for story in told.stories] == [
        {WIRE.article.key, LIGHT.article.key},
        {MILL.article.key},
    ]
    assert told.stories[0].talk == 2
    assert told.more == 0


def test_a_story_with_more_questions_comes_first():
    told = digest(WIRE, LIGHT, MILL, talk={MILL.thread.id: 3})

    assert keys(told.stories[0]) == {MILL.article.key}
    assert told.stories[0].talk == 4


def test_what_is_over_is_counted():
    told = digest(WIRE, LIGHT, MILL, most=1)

    assert len(told.stories) == 1
    assert told.more == 1


def test_an_article_posted_twice_is_told_once_and_talked_of_twice():
    again = replace(MILL, number=4, message="m4", at=NOON + timedelta(hours=1))
    told = digest(MILL, again, WIRE)

    assert [one.number for one in told.stories[0].mentions] == [4]
    assert told.stories[0].talk == 2


def test_points_that_several_outlets_say_come_first_with_the_others_words():
    points = digest(WIRE, LIGHT).stories[0].points

    assert len(points[0].outlets) == 2
    assert points[0].others[0].version != points[0].mention.article.version
    assert [len(point.outlets) for point in points] == sorted(
        (len(point.outlets) for point in points), reverse=True
    )


def test_struck_bullets_are_left_out_and_with_all_of_them_the_story():
    struck = Strike(bullet=1, who="ann", why="wrong", at=NOON)
    one = replace(MILL, strikes=(struck,))
    assert {point.number for point in digest(one).stories[0].points} == {2, 3}

    everything = tuple(replace(struck, bullet=number) for number in (1, 2, 3))
    assert digest(replace(MILL, strikes=everything)).stories == ()


def test_an_article_without_a_brief_bears_out_others_only():
    alone = mention(5, LIBRARY, publisher="Echo", headline="Mill reopens", briefed=False)
    assert digest(alone).stories == ()

    unbriefed = replace(LIGHT, brief=None)
    story = digest(WIRE, unbriefed).stories[0]
    assert keys(story) == {WIRE.article.key, LIGHT.article.key}
    assert {point.mention.number for point in story.points} == {WIRE.number}


def test_links_that_could_not_be_read_are_told_as_given():
    unread = (Unread(source="https://wall.example/1", verdict=Verdict.BOT_WALL),)

    assert digest(MILL, unread=unread).unread == unread


def test_an_outlet_is_its_publisher_its_site_or_how_the_text_came():
    assert outlet_of(MILL) == "Tribune"
    nameless = replace(MILL.article, publisher=None, url="https://www.mill.example/1")
    assert outlet_of(replace(MILL, article=nameless)) == "mill.example"
    pasted = replace(MILL.article, publisher=None, url=None)
    assert outlet_of(replace(MILL, article=pasted, source="notes.txt")) == "notes.txt"
