"""A model's brief: what was accepted, and what came in for what was not."""

from __future__ import annotations

import pytest

from bot.core.writing.assemble import assemble, split, told
from bot.core.writing.drafts import Draft, Refused, accept
from bot.core.writing.ground import Lock
from bot.core.writing.guard import LINK
from bot.model import Bullet
from tests.writers.asking import BRIDGE

LOCK = Lock(BRIDGE)
MINE = [
    accept(Draft(text=text, label=f"P{at}", quote=text), LOCK)
    for at, text in enumerate(BRIDGE.paragraphs, 1)
]


def put(accepted, spare, *, wanted=4, lost=0):
    return assemble(accepted, spare, LOCK, wanted=wanted, lost=lost)


def test_what_was_accepted_and_what_was_refused_are_told_apart():
    refused = Refused(draft=Draft(text="x", label="", quote=""), reasons=((LINK, "x"),))
    assert split([MINE[0], refused, MINE[1]]) == ([MINE[0], MINE[1]], [refused])


def test_bullets_come_in_order_and_no_more_than_wanted():
    assert put([MINE[3], MINE[0], MINE[2]], ()) == (MINE[0], MINE[2], MINE[3])
    assert len(put(MINE, (), wanted=2)) == 2


@pytest.mark.parametrize(
    ("accepted", "lost", "wanted", "spare"),
    [(3, 0, 5, 0), (3, 1, 5, 1), (3, 2, 4, 1), (1, 0, 5, 2), (1, 0, 2, 1), (1, 3, 5, 3)],
)
def test_as_many_sentences_of_the_article_come_in_as_were_lost(accepted, lost, wanted, spare):
    found = put(MINE[:accepted], MINE[accepted:], wanted=wanted, lost=lost)

    assert [one.quoted for one in found].count(True) == spare
    assert len(found) == accepted + spare


def test_a_sentence_that_says_the_same_or_has_an_address_does_not_come_in():
    bad = Bullet(text="See https://evil.example", evidence=MINE[4].evidence)
    found = put([MINE[0]], [MINE[0], bad, MINE[1]], lost=3)

    assert [one.text for one in found] == [MINE[0].text, MINE[1].text]
    assert [one.quoted for one in found] == [False, True]


def test_a_model_is_told_what_was_wrong():
    draft = Draft(text="See  evil.example\nnow", label="[P3] and more of it", quote="")
    long = "word " * 60
    text = told(
        [
            Refused(draft=draft, reasons=(("link", "evil.example"), ("number", long))),
            Refused(draft=draft, reasons=(("unheard of", "x"),)),
        ]
    )
    first, why, second, *_ = text.splitlines()
    assert first == "1. [P3] and more] See evil.example now"
    assert why.startswith("   Why: it must not have an address: “evil.example”; the article")
    assert len(why) < 220
    assert second.startswith("2. ")
