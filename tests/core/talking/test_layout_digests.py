"""How a digest is laid out: what each story says, where that stands, and who reports what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.core.talking import layout, wording
from bot.model import (
    Clash,
    Digest,
    Figure,
    Mention,
    Origin,
    Point,
    Story,
    Thread,
    Unread,
    Verdict,
)
from bot.platforms.console.plain import plain
from tests.store.samples import NEWS, NOON, article, brief, quote

TODAY = date(2026, 3, 4)


def mention(name: str, number: int, outlet: str) -> Mention:
    found = replace(article(name), publisher=outlet)
    return Mention(
        number=number,
        message=name,
        thread=Thread(channel=NEWS, id=name),
        poster="alice",
        at=NOON,
        origin=Origin.LINK,
        source=found.url or "",
        article=found,
        brief=brief(found, f"It opened: {name}"),
    )


def point(of: Mention, *others: Mention) -> Point:
    assert of.brief is not None
    return Point(
        mention=of,
        number=1,
        bullet=of.brief.bullets[0],
        outlets=tuple(one.article.publisher or "" for one in (of, *others)),
        others=tuple(quote(one.article) for one in others),
    )


def figure(of: Mention, text: str) -> Figure:
    return Figure(
        text=text, outlet=of.article.publisher or "", mention=of, evidence=quote(of.article)
    )


def told(*stories: Story, more: int = 0, unread: tuple[Unread, ...] = ()) -> Digest:
    return Digest(
        day=TODAY,
        since=NOON - timedelta(days=1),
        until=NOON,
        stories=stories,
        more=more,
        unread=unread,
    )


def shown(digest: Digest, *, linked: bool = True) -> str:
    def link(thread: Thread) -> str:
        return f"https://chat.example/{thread.id}" if linked else ""

    return plain(layout.digest(digest, wording.CHAT, link))


HARBOUR = mention("harbour", 3, "The Example")
PORT = mention("port", 4, "Sample Post")


def test_a_story_of_one_outlet_names_it_and_leads_to_its_thread() -> None:
    assert shown(told(Story(mentions=(HARBOUR,), points=(point(HARBOUR),)))) == (
        "Wednesday 4 March · 1 story\n\n\n"
        "1  Harbour opens\nhttps://example.org/harbour\nThe Example\n\n"
        "•  It opened: harbour  [#3 ¶1]\n\n"
        "#3 → thread [https://chat.example/harbour]\n"
    )


def test_of_several_outlets_it_says_who_says_what_and_where_they_differ() -> None:
    clash = Clash(figures=(figure(HARBOUR, "200 miles"), figure(PORT, "220")))
    story = Story(
        mentions=(HARBOUR, PORT),
        points=(point(HARBOUR, PORT), point(PORT)),
        clashes=(clash,),
        talk=4,
    )
    text = shown(told(story))
    assert "2 outlets: The Example, Sample Post · came up 4 times" in text
    assert "•  It opened: harbour  [The Example ¶1, Sample Post ¶1]" in text
    assert "•  It opened: port  [only Sample Post ¶1]" in text
    assert "Differs: “200 miles” (The Example ¶1), “220” (Sample Post ¶1)" in text
    assert "#4 Sample Post: Port opens → thread [https://chat.example/port]" in text


def test_where_threads_have_no_address_articles_have_their_numbers() -> None:
    text = shown(told(Story(mentions=(HARBOUR, PORT), points=())), linked=False)
    assert "thread" not in text
    assert text.endswith("#4 Sample Post: Port opens\n")


def test_what_is_left_out_is_counted_and_what_could_not_be_read_is_named() -> None:
    walls = tuple(
        Unread(source=f"https://wall.example/{name}", verdict=Verdict.TEASER) for name in "abcde"
    )
    text = shown(told(Story(mentions=(HARBOUR,), points=()), more=2, unread=walls))
    assert text.startswith("Wednesday 4 March · 3 stories · 5 links could not be read")
    assert "and 2 more: list" in text
    assert "https://wall.example/a (paywall)" in text
    assert "and 2 more." in text


def test_every_verdict_has_its_words() -> None:
    for verdict in Verdict:
        if verdict is not Verdict.ARTICLE:
            unread = Unread(source="https://a.example/", verdict=verdict)
            assert f"({verdict.value})" not in wording.not_read([unread]) or verdict.value == "gone"
