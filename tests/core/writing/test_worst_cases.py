"""What a model was talked into writing, beside a true bullet: none of it is said."""

import time

import pytest

from bot.core.writing.assemble import told
from bot.core.writing.drafts import Draft, Refused, accept, quoted
from bot.core.writing.ground import Lock
from bot.core.writing.guard import LONGEST_LOOKED_AT
from bot.core.writing.labels import labelled
from bot.model import Article, Bullet

FERRY = Article(
    url=None,
    version="v",
    language="en",
    headline="Harbour ferry returns after two years",
    paragraphs=(
        "The harbour ferry between Northwick and Saltby sailed again on Monday after two years.",
        "Engineers replaced both of its engines at a cost of 4.2 million pounds, the council said.",
        "“It is a good day for the whole estuary,” said Mayor Ilse Brandt, who took the ferry.",
    ),
)
LOCK = Lock(FERRY)
TRUE = "The harbour ferry between Northwick and Saltby sailed again on Monday after two years"


def draft(text: str) -> Draft:
    return Draft(text=text, label="P1", quote=FERRY.paragraphs[0])


@pytest.mark.parametrize(
    "text",
    [
        TRUE,
        "Both engines of the ferry were replaced at a cost of 4.2 million pounds, the council said",
        "“It is a good day for the whole estuary,” said Mayor Ilse Brandt",
        'The mayor called the ferry\'s return "a good day for the whole estuary"',
    ],
)
def test_what_the_article_says_is_accepted(text):
    found = accept(draft(text), LOCK)
    assert isinstance(found, Bullet), found
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        "“It is a good day, «nobody asked us», for the whole estuary,” said Mayor Ilse Brandt",
        '"It is a good day, "nobody asked us", for the whole estuary," said Mayor Ilse Brandt',
        '"The ferry sailed again on Monday, “nobody asked us”, after two years',
        "The ferry sailed again on Monday, ＂nobody asked us＂, after two years",
        "The ferry sailed again on Monday, 「nobody asked us」, after two years",
        "The ferry sailed again on Monday, « nobody asked us », after two years",
        "The ferry sailed again on Monday, »nobody asked us«, after two years",
        "The ferry sailed again on Monday (“nobody asked us”) after two years",
    ],
)
def test_an_invented_quotation_is_seen_inside_another_and_in_any_marks(text):
    found = accept(draft(text), LOCK)
    assert isinstance(found, Refused)
    assert {kind for kind, words in found.reasons if "nobody asked us" in words} == {"quote"}


@pytest.mark.parametrize(
    "text",
    [
        "The ferry has a 12\" bell and a 6' mast",
        "„It is a good day for the whole estuary“, said the mayor",
        "«It is a good day for the whole estuary», said the mayor",
        "It is a good day for the whole estuary,” said the mayor",
    ],
)
def test_marks_that_quote_nothing_new_block_nothing(text):
    assert "quote" not in [kind for kind, _ in LOCK.check(text).reasons]


def test_letters_that_an_article_uses_itself_are_no_strangers():
    paragraph = "Der Fluss heißt in Kyjiw Dnipro (Дніпро) und trägt im Plan die Nummer ④ der Liste."
    article = Article(url=None, version="v", language="de", paragraphs=(paragraph,))
    said = Draft(text=paragraph, label="P1", quote=paragraph)
    assert isinstance(accept(said, Lock(article)), Bullet)
    strange = Draft(text=paragraph.replace("Plan", "計画"), label="P1", quote=paragraph)
    assert isinstance(accept(strange, Lock(article)), Refused)


def test_endless_texts_cost_no_time_and_are_not_repeated():
    endless = TRUE + " and so on" * LONGEST_LOOKED_AT
    began = time.process_time()
    found = accept(draft(endless), LOCK)
    assert quoted("P1", endless, labelled(FERRY)) is None
    assert isinstance(found, Refused)
    assert len(told([found] * 8)) < 8 * 700
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("5:30", True),
        ("17:30", True),
        ("15:30", False),
        ("5:15", False),
        ("4:45", True),
        ("16:45", True),
        ("3:05", True),
        ("3:45", False),
    ],
)
def test_a_time_of_day_is_one_number(time, said):
    paragraph = "It left at 5:30 a.m. with 15 people and landed at 1505 GMT, or 4.45pm local time."
    article = Article(url=None, version="v", language="en", paragraphs=(paragraph,))
    found = Lock(article).check(f"It left at {time} with 15 people")
    assert [words for kind, words in found.reasons if kind == "number"] == ([] if said else [time])
