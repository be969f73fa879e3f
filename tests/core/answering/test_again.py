from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answering.again import COPY, STILL, is_copy, new_in, share
from bot.core.reading.identity import article
from bot.core.writing import extract, publisher
from bot.core.writing.evidence import evidence
from bot.model import Article, Brief, Bullet, Method, Part
from tests.flows.articles import MUSEUM, PIER

EDITED = article(
    url="https://other.example/pier",
    headline="Wexcombe gets its pier back",
    publisher="The Other House",
    language="en",
    paragraphs=[
        (
            "A storm on 14 November broke eleven of the pier's iron legs and tore away the landing "
            "stage where the ferry used to moor."
        ),
        (
            "The pier at Wexcombe will reopen on Friday after four months of repairs that cost 2.4 "
            "million pounds, the town council stated."
        ),
        "The owners of the pavilion asked for 300 new seats on Tuesday, and for a roof of glass.",
        (
            "Engineers from Harrow Marine replaced the legs and raised the deck by half a metre, "
            "so that higher waves can pass below."
        ),
        (
            "The council's leader, Idris Penn, said that the ferry would return in May if the "
            "harbour is dredged in time."
        ),
    ],
)
REPORT = article(
    url="https://third.example/pier",
    headline="Pier opens again",
    language="en",
    paragraphs=[
        (
            "Wexcombe's Victorian pier welcomes visitors again this weekend, four months after a "
            "November storm closed it."
        ),
        "The bill of 2.4 million pounds is shared by the council and a fund for the coast.",
        "“We are proud of it,” said Idris Penn, who leads the council.",
        "Harrow Marine had to lift the deck and put in eleven legs of steel.",
        "Whether the ferry comes back depends on the dredging of the harbour, which begins soon.",
    ],
)


def brief(of, *texts):
    """A brief of whole paragraphs of an article."""
    return Brief(
        version=of.version,
        method=Method.EXTRACTIVE,
        bullets=tuple(
            Bullet(text=text, evidence=(evidence(of, Part.BODY, place, 0, len(text)),))
            for text in texts
            for place in [of.paragraphs.index(text)]
        ),
    )


def test_an_edited_copy_is_one_and_another_report_is_none():
    assert is_copy(EDITED, PIER)
    assert not is_copy(REPORT, PIER)
    assert share(REPORT, PIER) < STILL < COPY <= share(EDITED, PIER)
    assert share(MUSEUM, PIER) == 0


def test_the_same_words_elsewhere_are_a_copy_whatever_stands_above_them():
    assert share(replace(PIER, url="https://amp.example/pier"), PIER) == 1
    other = article(url="https://x.example/", headline="Other", paragraphs=PIER.paragraphs)
    assert share(other, PIER) == 1


def test_few_sentences_are_no_copy():
    few = article(url="https://x.example/", paragraphs=PIER.paragraphs[:2])
    assert share(few, PIER) == 0


def test_only_what_the_earlier_article_lacks_is_new():
    assert new_in(EDITED, brief(EDITED, *EDITED.paragraphs), PIER) == (3,)
    assert new_in(PIER, publisher.write(PIER), PIER) == ()


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("eleven of the pier's", "twelve of the pier's"),
        ("14 November", "15 November"),
        ("cost 2.4 million", "cost 24 million"),
        ("leader, Idris Penn,", "leader, Marion Ashdown,"),
        ("ferry would return", "ferry would not return"),
    ],
)
def test_another_number_name_or_denial_is_new(said, before):
    changed = article(
        url=PIER.url,
        language="en",
        paragraphs=[text.replace(said, before) for text in PIER.paragraphs],
    )
    place = next(at for at, text in enumerate(PIER.paragraphs) if said in text)
    assert new_in(changed, brief(changed, *changed.paragraphs), PIER) == (place + 1,)


def test_a_sentence_that_was_parted_says_nothing_new():
    joined = "The bell weighs 340 kilograms and will hang in the rebuilt church tower from Easter."
    parted = "The bell weighs 340 kilograms. It will hang in the rebuilt church tower from Easter."
    one = article(url=None, language="en", paragraphs=[*MUSEUM.paragraphs[:3], joined])
    two = article(url=None, language="en", paragraphs=[*MUSEUM.paragraphs[:3], parted])
    assert new_in(one, brief(one, *one.paragraphs), two) == ()
    assert new_in(two, brief(two, *two.paragraphs), one) == ()


@given(st.permutations(range(5)), st.integers(min_value=4, max_value=5))
def test_in_whatever_order_the_sentences_come_nothing_is_new(order, many):
    texts = [PIER.paragraphs[at] for at in order[:many]]
    copy = article(url="https://x.example/", language="en", paragraphs=texts)
    assert share(copy, PIER) == 1
    assert new_in(copy, extract.write(copy, bullets=5), PIER) == ()


def test_the_same_form_with_other_facts_is_no_copy() -> None:
    def results(club: str, goals: int, fans: int) -> Article:
        return article(
            url=None,
            paragraphs=[
                f"{club} won its home match by {goals} goals on Saturday in front of {fans} fans.",
                f"The first of the {goals} goals came after {goals * 7} minutes from the spot.",
                f"About {fans + 500} tickets had been sold for the match, the club said on Sunday.",
                f"The next match of {club} is in {goals + 9} days, and the coach hopes for more.",
                f"It was the club's win number {goals + 11} of the season, and its best so far.",
            ],
        )

    first, second = results("Wexcombe", 3, 1200), results("Tamsin", 5, 2400)
    assert share(second, first) < COPY
    assert is_copy(first, first)
