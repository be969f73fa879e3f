from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.answering.answer import answer
from bot.core.writing.evidence import holds
from bot.model import Article, Channel, Question, Thread, Voice, Workspace

THREAD = Thread(channel=Channel(workspace=Workspace(platform="t", id="w"), id="c"), id="1")
FERRY = Article(
    url="https://paper.example/ferry",
    version="v1",
    headline="Ferry runs aground off Lindhaven",
    language="en",
    paragraphs=(
        "The ferry Aurora met a sandbank off Lindhaven and ran aground, the coastguard said.",
        "Captain Mara Olsen radioed for help on Tuesday after the steering failed in heavy fog.",
        "All 212 passengers were brought ashore by two lifeboats within three hours.",
        "The harbour stayed closed because divers had to inspect the hull for leaks.",
        "The operator, Norrline, will pay for the passengers' hotels in the town of Skagby.",
    ),
)


def ask(text, article=FERRY, previous=None):
    asked_at = datetime(2026, 3, 4, tzinfo=UTC)
    question = Question(
        thread=THREAD, asker="anna", text=text, asked_at=asked_at, previous=previous
    )
    return answer([article], question)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many passengers were brought ashore?", "212"),
        ("When did the captain radio for help?", "on Tuesday"),
        ("Who is the captain?", "Mara Olsen"),
        ("Why was the harbour closed?", "because divers"),
        ("Where are the hotels?", "Skagby"),
        ("What did the ferry meet?", "sandbank"),
    ],
)
def test_says_what_the_article_says(question, words):
    said = ask(question)
    assert said.voice is Voice.SAYS
    assert words in said.text
    assert said.quotes[0].quote == said.text


@pytest.mark.parametrize(
    "question",
    ["How many divers inspected the hull?", "When was the harbour closed?", "How old is Olsen?"],
)
def test_never_says_without_the_kind_of_thing_asked_for(question):
    assert ask(question).voice is not Voice.SAYS


@pytest.mark.parametrize(
    "question", ["Who won the election in France?", "What is quantum entanglement?", "???", ""]
)
def test_says_that_the_article_does_not_say(question):
    said = ask(question)
    assert said.voice is Voice.ABSENT
    assert said.text == ""


def test_quotes_are_exact_spans_and_do_not_repeat():
    said = ask("What happened to the ferry and its passengers?")
    assert 1 <= len(said.quotes) <= 3
    assert all(holds(quote, FERRY) for quote in said.quotes)
    assert len({quote.quote for quote in said.quotes}) == len(said.quotes)


def test_a_quote_has_at_most_seventy_words():
    clauses = ", ".join(f"the number {number} bus was late again" for number in range(20))
    article = Article(url=None, version="v", paragraphs=(f"{clauses}, and Zelda wept.",))
    said = ask("Why did Zelda weep?", article)
    assert len(said.quotes[0].quote.split()) <= 70
    assert "Zelda" in said.quotes[0].quote


def test_an_empty_article_has_no_answer():
    said = ask("Who is it?", Article(url=None, version="v"))
    assert said.voice is Voice.ABSENT
    assert said.quotes == ()


def test_a_follow_up_leans_on_the_question_before():
    said = ask("And why?", previous="Was the harbour closed?")
    assert "because divers" in said.text


def test_answers_in_german():
    article = Article(
        url=None,
        version="v",
        language="de",
        headline="Fähre läuft auf Grund",
        paragraphs=(
            "Die Fähre ist am Dienstag vor Lindhafen auf eine Sandbank gelaufen.",
            "Alle 212 Fahrgäste wurden von zwei Rettungsbooten an Land gebracht.",
        ),
    )
    assert "212" in ask("Wie viele Fahrgäste wurden an Land gebracht?", article).text
    assert ask("Wann ist die Fähre auf eine Sandbank gelaufen?", article).voice is Voice.SAYS
    assert ask("Wer gewann die Wahl in Frankreich?", article).voice is Voice.ABSENT


MEASURES = Article(
    url=None,
    version="v1",
    headline="Cable car opens above Stavna",
    language="en",
    paragraphs=(
        "A cable car opened above Stavna on Saturday, nine months later than planned.",
        "The ride takes eleven minutes, and each cabin holds 24 people.",
        "The valley is home to three villages and a school.",
    ),
)


@pytest.mark.parametrize("text", ["How fast does the cable car go?", "How heavy is the cable car?"])
def test_a_measure_that_stands_nowhere_is_not_said(text: str):
    assert ask(text, MEASURES).voice is Voice.ABSENT


def test_months_later_are_no_length_of_time():
    said = ask("How long does the ride take?", MEASURES)
    assert said.voice is Voice.SAYS
    assert "eleven minutes" in said.text


def test_half_a_surrogate_pair_is_read_like_any_character():
    broken = replace(FERRY, paragraphs=tuple(f"{text} \ud83d" for text in FERRY.paragraphs))
    said = ask("Who is the captain \ud800?", broken)

    assert "Mara Olsen" in said.text
    assert all(holds(quote, broken) for quote in said.quotes)


def test_a_word_of_the_headline_counts_for_less_than_what_is_asked():
    said = ask("What did the cable car cost?", COST)
    assert said.voice is Voice.SAYS
    assert "31 million" in said.text


def test_a_short_question_with_a_word_that_the_article_lacks_is_not_answered_outright():
    assert ask("Who painted the cable car?", COST).voice is not Voice.SAYS


COST = Article(
    url=None,
    version="v1",
    headline="Cable car opens above Stavna",
    language="en",
    paragraphs=(
        "The cable car above Stavna opened on Saturday, nine months later than planned.",
        "The company says that building it cost 31 million crowns.",
        "For the old bus the cable car is the end.",
    ),
)
