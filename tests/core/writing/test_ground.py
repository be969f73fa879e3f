"""What a sentence rests on, and what the fact lock lets through."""

from datetime import date

import pytest

from bot.core.writing.evidence import holds
from bot.core.writing.ground import check, ground
from bot.model import Article, Outcome, Part

FERRY = Article(
    url=None,
    version="v",
    language="en",
    headline="Saltby ferry sails again",
    authors=("Ada Berg",),
    published=date(2024, 5, 6),
    lead_bullets=("Ferry is back after two years",),
    paragraphs=(
        "Saltby's harbour ferry sailed again on Monday after two years in dock.",
        "Engineers replaced both engines at a cost of 4.2 million pounds, the council said.",
        "“It is a good day for the whole estuary,” said Mayor Ilse Brandt.",
        "She once founded the Iceland Harbour Organization.",
        "Around 300 commuters used the ferry each day before 2022.",
    ),
    captions=("The ferry Anna leaves Saltby at dawn",),
)


@pytest.mark.parametrize(
    ("claim", "part", "paragraph"),
    [
        ("A council spent 4.2m pounds on engines", Part.BODY, 1),
        ("Mayor Brandt praised a good day for the estuary", Part.BODY, 2),
        ("The Anna left at dawn", Part.CAPTION, 0),
    ],
)
def test_a_sentence_is_grounded_in_the_text_that_says_it(claim, part, paragraph):
    best, *others = ground(claim, FERRY)

    assert (best.part, best.paragraph) == (part, paragraph)
    assert len(others) <= 2
    assert all(holds(proof, FERRY) for proof in (best, *others))


def test_a_sentence_of_two_facts_gets_both_places():
    found = ground("Ferry with new engines for 4.2 million sailed on Monday after dock", FERRY)

    assert {proof.paragraph for proof in found if proof.part is Part.BODY} == {0, 1}


def test_only_the_parts_asked_for_are_looked_at():
    found = ground("The Anna left Saltby", FERRY, parts=(Part.BODY,))

    assert {proof.part for proof in found} == {Part.BODY}


def test_nothing_in_common_gives_no_ground():
    assert ground("Zebras graze quietly", FERRY) == ()
    assert ground("", FERRY) == ()


@pytest.mark.parametrize(
    "claim",
    [
        "Saltby's ferry sailed again on Monday after two years in dock",
        "Ferry repairs cost the council £4.2m, says Mayor Brandt",
        "Repairs cost 4,200,000 pounds",
        "Some three hundred commuters used it in 2024, Ada Berg writes",
        "Mayor Ilse Brandt called it “a good day for the whole estuary”",
        "Mayor calls it 'a good day' for the estuary",
        "The IHO and its Icelandic mayor welcomed the ferry",
        "Officials welcomed the ferry",
    ],
)
def test_what_the_article_holds_is_not_blocked(claim):
    assert check(claim, FERRY).outcome is not Outcome.BLOCK


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Around 400 commuters used the ferry", ("number", "400")),
        ("Repairs cost 4.2 billion pounds", ("number", "4.2 billion pounds")),
        ("Repairs cost 4.2 million dollars", ("number", "4.2 million dollars")),
        ("Engineers replaced five engines", ("number", "five")),
        ("Mayor Erik Solberg welcomed the ferry", ("name", "Erik Solberg")),
        ("Solberg welcomed the ferry", ("name", "Solberg")),
        ("The ferry to Oldenburg sailed again", ("name", "Oldenburg")),
        ("Brandt called it “a bad day for the whole estuary”", None),
        ("Brandt called it 'a good day for the council'", None),
    ],
)
def test_an_invented_number_name_or_quote_is_blocked_and_named(claim, reason):
    found = check(claim, FERRY)

    assert found.outcome is Outcome.BLOCK
    assert found.reasons[0][0] == (reason[0] if reason else "quote")
    assert reason is None or found.reasons == (reason,)


def test_a_claim_in_lower_case_has_no_names_to_look_at():
    assert check("mayor erik solberg welcomed the ferry", FERRY).outcome is not Outcome.BLOCK


def test_support_falls_with_what_the_article_does_not_say():
    copied = check("Saltby's harbour ferry sailed again on Monday", FERRY).support
    shuffled = check("Monday's dock sailed the ferry again in Saltby", FERRY).support
    foreign = check("zebras graze quietly near rivers", FERRY)

    assert 1 >= copied > shuffled > foreign.support >= 0
    assert foreign.outcome is Outcome.WARN
    assert foreign.reasons[0][0] == "support"


def test_an_empty_article_supports_nothing():
    nothing = Article(url=None, version="v")

    assert check("The ferry sailed", nothing).support == 0
    assert check("", FERRY).support == 0
