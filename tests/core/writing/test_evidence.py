"""An `Evidence` is an exact span or does not come to be."""

from dataclasses import replace

import pytest

from bot.core.writing import evidence as proofs
from bot.model import Article, Part

ARTICLE = Article(
    url=None,
    version="v1",
    headline="Bridge closes",
    lead_bullets=("The bridge closes in May",),
    paragraphs=("The bridge will close in May.", "Repairs take a year. Drivers object."),
    captions=("The bridge at dawn",),
    pages=(1, 2),
)


def test_a_span_is_cut_from_the_text_with_its_page():
    proof = proofs.evidence(ARTICLE, Part.BODY, 1, 0, 20)

    assert proof.quote == "Repairs take a year."
    assert proof.page == 2
    assert proofs.holds(proof, ARTICLE)


def test_only_the_body_of_a_pdf_has_pages():
    assert proofs.evidence(ARTICLE, Part.CAPTION, 0, 0, 3).page is None
    assert proofs.evidence(replace(ARTICLE, pages=()), Part.BODY, 0, 0, 3).page is None


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2), (0, 500)])
def test_a_span_that_is_none_is_refused(start, end):
    with pytest.raises(ValueError, match="no span"):
        proofs.evidence(ARTICLE, Part.BODY, 0, start, end)


@pytest.mark.parametrize(
    ("part", "paragraph"), [(Part.STANDFIRST, 0), (Part.BODY, 2), (Part.BODY, -1)]
)
def test_a_text_that_is_not_there_is_refused(part, paragraph):
    with pytest.raises(IndexError):
        proofs.text_of(ARTICLE, part, paragraph)


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Repairs take a day."},
        {"version": "v2"},
        {"paragraph": 0},
        {"paragraph": 9},
        {"paragraph": -1},
        {"part": Part.STANDFIRST},
        {"start": 1},
        {"start": -36, "end": -16},
    ],
)
def test_anything_changed_does_not_hold(change):
    proof = proofs.evidence(ARTICLE, Part.BODY, 1, 0, 20)

    assert not proofs.holds(replace(proof, **change), ARTICLE)


def test_every_text_comes_in_order():
    found = list(proofs.texts(ARTICLE, Part.HEADLINE, Part.STANDFIRST, Part.BODY))

    assert [(part, index) for part, index, _ in found] == [
        (Part.HEADLINE, 0),
        (Part.BODY, 0),
        (Part.BODY, 1),
    ]
