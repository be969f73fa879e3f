from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.core.answering.memory import answer_memory, asks_memory, parse, passages
from bot.core.writing.evidence import holds
from bot.model import Article, Channel, Found, Mention, Origin, Thread, Voice, Workspace

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
THREAD = Thread(channel=Channel(workspace=Workspace(platform="t", id="w"), id="c"), id="1")


def article(name, headline, *paragraphs, language="en"):
    return Article(
        url=f"https://paper.example/{name}",
        version=name,
        headline=headline,
        language=language,
        paragraphs=paragraphs,
    )


TANKERS = article(
    "tankers",
    "Two tankers attacked in the Gulf",
    "Two oil tankers were attacked near the strait on Monday.",
    "Nobody was hurt, the owner said. Oil prices rose by three percent.",
)
BREAD = article(
    "bread", "Bread is getting dearer", "Bakers raise the price of bread.", "Flour costs more."
)
FERRY = article(
    "ferry",
    "Die Fähre fährt wieder",
    "Die Fähren fahren seit Montag wieder. Öltanker müssen warten.",
    language="de",
)


def found(*articles):
    return [
        Found(
            mention=Mention(
                number=number,
                message="m",
                thread=THREAD,
                poster="anna",
                at=NOW,
                origin=Origin.LINK,
                source="s",
                article=one,
            ),
            passage=passage,
        )
        for number, one in enumerate(articles, start=1)
        for passage in passages(one)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "what did we read about tankers this week?",
        "which articles mention Suleimani?",
        "Have we seen anything on bread?",
        "any articles about sabotage?",
        "what have we read yesterday",
        "was haben wir über Öltanker gelesen?",
        "Welche Artikel erwähnen Merz?",
        "qu'avons-nous lu sur les pétroliers ?",
        "¿Qué hemos leído sobre petroleros?",
    ],
)
def test_asks_about_all_that_was_read(text):
    assert asks_memory(text)


@pytest.mark.parametrize(
    "text",
    [
        "What did he say?",
        "Who read the statement?",
        "Which articles of the constitution were changed?",
        "When did they meet?",
        "Was hat er gesagt?",
        "",
    ],
)
def test_asks_about_one_article(text):
    assert not asks_memory(text)


def test_a_question_becomes_a_date_filter_and_stems():
    query = parse("what did we read about the tankers this week?", NOW)
    assert query.since == datetime(2026, 3, 2, tzinfo=UTC)
    assert query.until == query.since + timedelta(days=7)
    assert "tanker" in query.terms
    assert not {"read", "week", "this", "about"} & set(query.terms)


def test_the_terms_of_a_question_are_those_of_passages():
    for one, asked_for in (
        (TANKERS, "what did we read about attacks on tankers?"),
        (FERRY, "was haben wir über die Fähre gelesen?"),
    ):
        held = {term for passage in passages(one) for term in passage.terms.split()}
        assert held & set(parse(asked_for, NOW).terms), asked_for


def test_a_bare_list_has_no_terms_and_gets_opening_sentences():
    query = parse("what did we read this week?", NOW)
    assert query.terms == ()
    assert query.text == ""
    given = answer_memory(query, found(TANKERS, BREAD))
    assert [answer.text for _, answer in given] == [
        "Two oil tankers were attacked near the strait on Monday.",
        "Bakers raise the price of bread.",
    ]
    assert all(answer.voice is Voice.SAYS for _, answer in given)


def test_answers_from_the_article_that_has_it():
    query = parse("what did we read about tankers?", NOW)
    given = answer_memory(query, found(BREAD, TANKERS, FERRY))
    hit, answer = given[0]
    assert hit.mention.article is TANKERS
    assert "tankers" in answer.text
    assert all(holds(quote, TANKERS) for quote in answer.quotes)


def test_an_article_answers_once_however_often_it_came():
    long = article("long", "Tankers", *("Tankers and tankers again. " * 40 for _ in range(4)))
    given = answer_memory(parse("what did we read about tankers?", NOW), found(long, long))
    assert len(given) == 1


def test_nothing_found_is_no_answer():
    assert answer_memory(parse("what did we read about tankers?", NOW), ()) == ()
    assert answer_memory(parse("what did we read about volcanoes?", NOW), found(BREAD)) == ()


def test_passages_are_whole_paragraphs_in_order():
    sizes = (30, 40, 50, 200, 10, 10)
    texts = [" ".join(f"word{place}" for _ in range(size)) for place, size in enumerate(sizes)]
    cut = passages(article("long", "Title", *texts))
    assert [cut[0].first, cut[-1].last] == [0, len(texts) - 1]
    assert all(one.last + 1 == after.first for one, after in pairwise(cut))
    assert all("word3" not in one.terms for one in cut if not one.first <= 3 <= one.last)


def test_the_headline_stands_in_every_passage():
    cut = passages(article("a", "Volcano", *(" ".join(["calm"] * 100) for _ in range(3))))
    assert [one.terms.split().count("volcano") for one in cut] == [3] * len(cut)
    assert len(cut) > 1


def test_an_article_without_a_body_has_no_passages():
    assert passages(article("empty", "Headline only")) == ()
