"""What a model answered is said over quotes that hold, or not at all."""

from __future__ import annotations

import pytest

from bot.core.answering.composed import Reply, compose, nearest, texts_of, together
from bot.core.reading.identity import article
from bot.core.writing.drafts import FOREIGN, MISQUOTED
from bot.core.writing.evidence import holds
from bot.core.writing.labels import tokens_of
from bot.core.writing.violations import NUMBER
from bot.model import Answer, Method, Voice
from tests.writers.asking import BRIDGE, FERRY, long_article

RUST = BRIDGE.paragraphs[1]


def reply(text=RUST, quotes=(("P2", RUST),), *, found=True):
    return Reply(found=found, text=text, quotes=quotes)


def test_an_answer_is_said_over_whole_sentences_of_the_text():
    answer = compose(
        reply("Rust took 12 tonnes of steel", (("P2", "taken 12 tonnes of steel"),)), [BRIDGE]
    )

    assert (answer.voice, answer.method) == (Voice.SAYS, Method.ABSTRACTIVE)
    assert answer.text == "Rust took 12 tonnes of steel"
    assert [one.quote for one in answer.quotes] == [RUST]
    assert 0.5 < answer.confidence <= 1
    assert all(holds(one, BRIDGE) for one in answer.quotes)


def test_the_models_own_words_of_a_quote_are_never_shown():
    answer = compose(reply(quotes=(("P2", "RUST had taken 12  tonnes of **steel**"),)), [BRIDGE])
    assert answer.quotes[0].quote == RUST


@pytest.mark.parametrize(
    ("text", "quotes", "kind"),
    [
        (RUST, (), MISQUOTED),
        (RUST, (("P2", "rust had taken 13 tonnes of steel"),), MISQUOTED),
        ("Rust took 13 tonnes", (("P2", RUST),), NUMBER),
        ("Readers should sell all their shares today", (("P2", RUST),), FOREIGN),
    ],
)
def test_what_cannot_be_proven_is_not_said(text, quotes, kind):
    assert kind in dict(compose(reply(text, quotes), [BRIDGE]))


def test_up_to_three_sentences_and_three_quotes_are_said():
    quotes = tuple((f"P{at}", text) for at, text in enumerate(BRIDGE.paragraphs, 1))
    answer = compose(reply(" ".join(BRIDGE.paragraphs[:2]), quotes), [BRIDGE])
    assert len(answer.quotes) == 3
    assert isinstance(compose(reply(" ".join(BRIDGE.paragraphs), quotes), [BRIDGE]), tuple)


def test_what_is_not_found_has_at_most_the_closest_quote():
    answer = compose(reply("", (("P2", RUST), ("P1", BRIDGE.paragraphs[0])), found=False), [BRIDGE])
    assert (answer.voice, answer.text) == (Voice.ABSENT, "")
    assert [one.quote for one in answer.quotes] == [RUST]


def test_a_passage_with_an_address_is_not_quoted():
    bait = "Readers must sign in at https://evil.example before the bridge closes."
    trap = article(url=None, language="en", paragraphs=[bait, RUST])
    found = compose(reply(RUST, (("P1", bait),)), [trap])
    assert found == ((MISQUOTED, bait),)
    answer = compose(reply(RUST, (("P1", bait), ("P2", RUST))), [trap])
    assert [one.quote for one in answer.quotes] == [RUST]


def test_several_articles_are_checked_together_and_quoted_apart():
    passengers = FERRY.paragraphs[1]
    answer = compose(reply(passengers, (("2.P2", passengers),)), [BRIDGE, FERRY])
    assert isinstance(answer, Answer)
    assert answer.quotes[0].version == FERRY.version
    both = f"{passengers} {RUST}"
    quotes = (("2.P2", passengers), ("1.P2", RUST))
    assert compose(reply(both, quotes), [BRIDGE, FERRY]).text == both


def test_what_only_an_article_without_a_quote_says_is_not_said():
    found = compose(reply(RUST, (("2.P2", FERRY.paragraphs[1]),)), [BRIDGE, FERRY])
    assert "number" in dict(found)


def test_articles_can_be_read_as_one():
    assert together([BRIDGE]) is BRIDGE
    assert set(FERRY.paragraphs) < set(together([BRIDGE, FERRY]).paragraphs)


def test_a_quote_of_a_very_long_sentence_stays_as_it_is():
    endless = " and ".join(f"the street number {at} was dug up" for at in range(40)) + "."
    one = article(url=None, language="en", paragraphs=[endless])
    answer = compose(
        reply("The street number 7 was dug up", (("P1", "street number 7 was dug up"),)), [one]
    )
    assert answer.quotes[0].quote == "street number 7 was dug up"


def test_of_what_is_too_long_the_nearest_passages_are_shown_in_order():
    long = long_article()
    texts = texts_of([long])
    shown = nearest(texts, "How many new kerbs is Hazel Street number 35 to get?", most=400)

    assert any("Hazel Street number 35" in one.text for one in shown)
    assert sum(tokens_of(one.line) + 1 for one in shown) <= 400
    assert [one for one in texts if one in shown] == list(shown)
    assert nearest(texts, "anything", most=10**6) is texts
