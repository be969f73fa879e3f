import pytest

from bot.core.answering.answer import answer_text
from bot.core.answering.contrast import denied, opposed
from bot.core.answering.expressions import counts, has_kind
from bot.core.answering.question import Kind
from bot.core.answering.terms import terms, weights
from bot.model import Article, Voice

TALKS = Article(
    url=None,
    version="v",
    language="en",
    headline="Talks on the harbour",
    paragraphs=(
        "Mayor Iris Falk supported the harbour plan at the talks in Lund on Monday.",
        "The union was able to send four delegates.",
        "The increase of the harbour fee was accepted by the owners.",
    ),
)


@pytest.mark.parametrize(
    "question",
    [
        "Who opposed the harbour plan at the talks?",
        "Why did the mayor not support the harbour plan at the talks?",
        "What decrease of the harbour fee was accepted?",
        "Who supported the harbour plan at the talks in Malmö?",
        "Did Boris Ek support the harbour plan?",
        "How many owners accepted the increase of the harbour fee?",
        "How long did the mayor support the harbour fee?",
    ],
)
def test_a_question_turned_round_is_not_answered_outright(question):
    assert answer_text(TALKS, question).voice is not Voice.SAYS


@pytest.mark.parametrize(
    "question",
    [
        "Who supported the harbour plan at the talks?",
        "What increase was accepted by the owners?",
        "How many delegates was the union able to send?",
        "When did Iris Falk support the plan?",
    ],
)
def test_the_same_question_straight_is(question):
    assert answer_text(TALKS, question).voice is Voice.SAYS


def test_confidence_falls_with_what_is_missing():
    straight = answer_text(TALKS, "Who supported the harbour plan?").confidence
    named = answer_text(TALKS, "Who supported the Kalmar harbour plan?").confidence
    turned = answer_text(TALKS, "Who never supported the harbour plan?").confidence
    assert 1.0 >= straight > named > turned >= 0.0


def test_opposites_know_their_language():
    assert opposed("Wer hat das Spiel gewonnen?", "Das Team hat das Spiel verloren.", "de")
    assert not opposed("Who won the game?", "The team won the game, others lost.", "en")
    assert opposed("Who was unable to come?", "She was able to come.", "en")
    assert denied("Warum kam er nicht?", "Er kam am Montag.")
    assert not denied("Why did he not come?", "He could not come.")


@pytest.mark.parametrize(
    ("text", "noun", "found"),
    [
        ("He summoned the militias three weeks ago.", "militias", False),
        ("In 2016 the militias met.", "militias", False),
        ("They paid $30 to the militias.", "militias", False),
        ("Twelve militias met.", "militias", True),
        ("It lasted three weeks.", "weeks", True),
        ("Nearly 1,500 people came.", "people", True),
        ("One of them came.", "people", False),
    ],
)
def test_what_counts_as_a_count(text, noun, found):
    assert counts(text, noun) is found


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (Kind.WHEN, "He left three weeks ago.", True),
        (Kind.WHEN, "He left on Tuesday.", True),
        (Kind.WHEN, "It began in 1911.", True),
        (Kind.WHEN, "He may leave.", False),
        (Kind.WHEN, "Am 3. März kam er.", True),
        (Kind.AGE, "The 34-year-old was there.", True),
        (Kind.AGE, "He was there.", False),
        (Kind.DURATION, "It took two hours.", True),
        (Kind.WHO, "the spokesman Karl Berg said", True),
        (Kind.WHO, "Nobody came.", False),
        (Kind.WHERE, "They met in Sochi.", True),
        (Kind.WHAT, "Anything.", True),
    ],
)
def test_what_a_sentence_holds(kind, text, found):
    assert has_kind(kind, text) is found


def test_rare_words_weigh_more_and_unseen_ones_most():
    weigh = weights("en")
    (common,), (rare,) = terms("said", "en"), terms("militia", "en")
    assert weigh[common] < weigh[rare] < weigh["zzyzx"] == weigh.most


def test_irregular_forms_meet():
    assert terms("met", "en") == terms("meet", "en")


@pytest.mark.parametrize("language", [None, "en", "de-AT", "fr", "ja", "xx"])
def test_no_language_is_too_much(language):
    article = Article(
        url=None,
        version="v",
        language=language,
        paragraphs=("日本の首相は火曜日に会談した。", "Oui."),
    )
    assert answer_text(article, "Who met on Tuesday?").voice in Voice
    assert answer_text(article, "首相は?").voice in Voice


@pytest.mark.parametrize("unit", ["1", "1,", "1-", "a-", "in ", "In The ", "hace", "three "])
def test_a_hostile_paragraph_takes_no_longer_than_its_length(unit):
    # a pattern that looks ahead from every place would take minutes here
    hostile = unit * (100_000 // len(unit))
    assert all(has_kind(kind, hostile) in (True, False) for kind in Kind)
