"""Briefs of the publisher's own lead bullets."""

from dataclasses import replace

from bot.core.writing import publisher
from bot.core.writing.evidence import holds
from bot.model import Article, Method, Part

FERRY = Article(
    url=None,
    version="v",
    language="en",
    headline="Saltby ferry sails again",
    lead_bullets=(
        "Ferry of Saltby sailed again on Monday after two years in dock",
        "Repairs of its engines cost £4.2m, the council says, since 2019",
        "Struggling yard in Northwick and divers from Iceland did the work",
        "Three hundred commuters used the ferries each day",
    ),
    paragraphs=(
        "Saltby's harbour ferry sailed again on Monday after two years in dock.",
        "The council said it had repaired both engines at a cost of 4.2 million pounds.",
        "The work was done at a yard in Northwick. Gulls are a common sight in the town.",
        "Around 300 commuters used the ferry each day.",
    ),
)


def brief():
    return publisher.write(FERRY)


def test_lead_bullets_are_the_brief_each_its_own_first_proof():
    assert brief().method is Method.PUBLISHER
    assert tuple(bullet.text for bullet in brief().bullets) == FERRY.lead_bullets
    for index, bullet in enumerate(brief().bullets):
        assert bullet.evidence[0].part is Part.LEAD_BULLET
        assert (bullet.evidence[0].paragraph, bullet.evidence[0].quote) == (index, bullet.text)
        assert all(holds(proof, FERRY) for proof in bullet.evidence)


def test_a_lead_bullet_without_a_word_is_no_bullet():
    written = publisher.write(replace(FERRY, lead_bullets=("", "—", *FERRY.lead_bullets, " ")))

    assert [bullet.text for bullet in written.bullets] == list(FERRY.lead_bullets)
    assert written.bullets[0].evidence[0].paragraph == 2


def test_the_body_sentence_that_says_the_same_is_the_second_proof():
    shown = [[proof.paragraph for proof in bullet.evidence[1:]] for bullet in brief().bullets]

    assert shown[0] == [0]
    assert shown[1] == [1]
    assert shown[3] == [3]


def test_an_unrelated_body_is_not_shown():
    other = Article(
        url=None,
        version="v",
        language="en",
        lead_bullets=("Ferry sailed again on Monday",),
        paragraphs=("Monday is market day in most towns of the county, and it often rains.",),
    )

    assert len(publisher.write(other).bullets[0].evidence) == 1


def test_what_only_the_lead_bullet_states_is_named_in_its_own_words():
    only = [bullet.lead_only for bullet in brief().bullets]

    assert only[0] == ()
    assert only[1] == ("since 2019",)
    assert only[2] == ("Struggling", "divers", "from Iceland")
    assert only[3] == ()


def test_numbers_are_compared_by_value_not_by_spelling():
    told = Article(
        url=None,
        version="v",
        language="en",
        lead_bullets=("Council spent £1.5 million on 20 buses, up 5%",),
        paragraphs=("The council spent 1,500,000 pounds on twenty buses, five per cent more.",),
    )
    changed = Article(
        url=None,
        version="v",
        language="en",
        lead_bullets=("Council spent £2.5 million on 20 buses",),
        paragraphs=told.paragraphs,
    )

    assert publisher.write(told).bullets[0].lead_only == ()
    assert publisher.write(changed).bullets[0].lead_only == ("2.5 million",)
