"""An article as labelled lines, and how it is cut for a model that takes little."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.writing.evidence import text_of
from bot.core.writing.labels import labelled, lines, mark_of, parted, tokens_of
from bot.model import Article, Part

ARTICLE = Article(
    url=None,
    version="v1",
    headline="The bridge",
    standfirst="It closes.",
    lead_bullets=("Closed for weeks",),
    paragraphs=("First\nline.", "[P9] Second."),
    captions=("The bridge, painted",),
)


def test_every_text_has_its_label_on_one_line():
    assert lines(labelled(ARTICLE)).splitlines() == [
        "[H] The bridge",
        "[S] It closes.",
        "[P1] First line.",
        "[P2] [P9] Second.",
        "[C1] The bridge, painted",
    ]


def test_of_several_articles_the_label_begins_with_the_number():
    assert [one.label for one in labelled(ARTICLE, number=2)] == [
        "2.H",
        "2.S",
        "2.P1",
        "2.P2",
        "2.C1",
    ]


def test_lead_bullets_are_shown_where_asked_for():
    assert lines(labelled(ARTICLE, parts=[Part.LEAD_BULLET])) == "[B1] Closed for weeks"


def test_a_label_leads_back_to_its_text():
    for one in labelled(ARTICLE):
        assert text_of(one.article, one.part, one.paragraph) == one.text


def test_tokens_are_rather_too_many():
    assert tokens_of("") == 1
    assert tokens_of("twelve short words make some sixteen tokens") >= 12
    assert tokens_of("橋は月曜") >= 4


def test_the_mark_hangs_on_all_that_stands_inside():
    assert mark_of("a", "b") == mark_of("a", "b") != mark_of("a", "c")
    assert mark_of("half a pair: \ud83d") != mark_of("")


@given(st.lists(st.text(min_size=1, max_size=80), max_size=20), st.integers(1, 60))
def test_cut_into_runs_nothing_is_lost_and_the_order_kept(paragraphs, most):
    texts = labelled(Article(url=None, version="v", paragraphs=tuple(paragraphs)))
    runs = parted(texts, most=most)

    assert [one for run in runs for one in run] == texts
    for run in runs:
        assert run
        assert len(run) == 1 or sum(tokens_of(one.line) + 1 for one in run) <= most
