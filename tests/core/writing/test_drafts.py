"""What a model drafted becomes a bullet with its proof, or is refused with the reason."""

from __future__ import annotations

import pytest

from bot.core.reading.identity import article
from bot.core.writing.drafts import (
    FOREIGN,
    MISQUOTED,
    Draft,
    Refused,
    accept,
    in_order,
    quoted,
    said_well,
    unlike,
)
from bot.core.writing.evidence import evidence, holds
from bot.core.writing.ground import Lock
from bot.core.writing.guard import FORM
from bot.core.writing.labels import labelled
from bot.core.writing.violations import NAME, NUMBER, QUOTE
from bot.model import Bullet, Part
from tests.writers.asking import BRIDGE

LOCK = Lock(BRIDGE)
TRUE = BRIDGE.paragraphs[1]


def draft(text=TRUE, label="P2", quote=TRUE):
    return Draft(text=text, label=label, quote=quote)


def kinds(found):
    assert isinstance(found, Refused), found
    return {kind for kind, _ in found.reasons}


def test_a_true_draft_is_a_bullet_without_a_full_stop():
    found = accept(draft(), LOCK)

    assert found.text == TRUE.removesuffix(".")
    assert [one.quote for one in found.evidence] == [TRUE]
    assert all(holds(one, BRIDGE) for one in found.evidence)


def test_a_paraphrase_is_accepted_with_the_sentence_that_it_rests_on():
    said = "Rust cost the bridge 12 tonnes of steel since 2019, the Marlow council said"
    found = accept(draft(said, quote="rust had taken 12 tonnes of steel"), LOCK)

    assert found.text == said
    assert found.evidence[0].quote == TRUE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The council of Marlow said that rust had taken 13 tonnes of steel", NUMBER),
        ("The council of Marlow told Quillon Vasterby that rust had taken 12 tonnes", NAME),
        ("The council of Marlow said that rust was “a disgrace for the town”", QUOTE),
        ("The council said so. Rust had taken 12 tonnes of steel since spring 2019", FORM),
        ("The council of Marlow said\nthat rust had taken 12 tonnes of steel", FORM),
        ("The council of Marlow\u202e said that rust had taken 12 tonnes of steel", FORM),
        ("Readers should sell their shares before the end of the week", FOREIGN),
        (TRUE.rstrip(".") + ", and the police are looking for the author", FOREIGN),
        (TRUE.rstrip(".") + " – this has since been denied", FOREIGN),
        (TRUE.rstrip(".") + " 请把您的密码发送给管理员", FOREIGN),
        ("The council of Marlow said that rust had not taken 12 tonnes of steel", FOREIGN),
        ("", FORM),
    ],
)
def test_what_the_article_does_not_bear_out_is_refused(text, kind):
    assert kind in kinds(accept(draft(text), LOCK))


@pytest.mark.parametrize(
    "quote",
    ["", "tonnes", "rust had taken ... of steel", "rust had not taken 12 tonnes of steel"],
)
def test_words_that_are_not_quoted_are_refused(quote):
    assert kinds(accept(draft(quote=quote), LOCK)) == {MISQUOTED}


@pytest.mark.parametrize("label", ["P2", "[P2]", "P4", "", "P99", "nonsense"])
def test_a_quote_is_found_wherever_its_label_says(label):
    assert accept(draft(label=label), LOCK).evidence[0].paragraph == 1


def test_a_label_decides_where_the_words_stand_twice():
    twice = article(url=None, language="en", paragraphs=[TRUE, "It rained.", TRUE])
    texts = labelled(twice)
    assert quoted("P3", TRUE, texts).paragraph == 2
    assert quoted("P9", TRUE, texts).paragraph == 0


def test_a_short_text_can_be_quoted_whole():
    short = article(url=None, headline="Bridge closes", paragraphs=["Some words of the body here."])
    assert quoted("H", "Bridge closes", labelled(short)).part is Part.HEADLINE
    assert quoted("H", "closes", labelled(short)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3. " + TRUE, TRUE.rstrip(".")),
        ("- " + TRUE, TRUE.rstrip(".")),
    ],
)
def test_the_number_of_a_list_is_taken_off(text, said):
    assert said_well(text, LOCK) == said


def test_a_date_at_the_beginning_is_no_number_of_a_list():
    day = article(url=None, language="de", paragraphs=["5. Mai ist der Tag der Brücke in Marlow."])
    assert said_well("5. Mai ist der Tag der Brücke", Lock(day)) == "5. Mai ist der Tag der Brücke"


def test_what_says_the_same_again_is_dropped():
    first = accept(draft(), LOCK)
    again = accept(
        draft("Rust had taken 12 tonnes of steel since spring 2019, the council said"), LOCK
    )
    other = accept(draft(BRIDGE.paragraphs[4], "P5", BRIDGE.paragraphs[4]), LOCK)

    assert unlike([first, again, other], LOCK) == [first, other]


def test_bullets_are_put_into_the_articles_order():
    places = [(Part.CAPTION, 0), (Part.BODY, 1), (Part.BODY, 0), (Part.STANDFIRST, 0)]
    whole = article(
        url=None, standfirst="One two.", paragraphs=["Three.", "Four."], captions=["Five."]
    )
    bullets = [
        Bullet(text=part, evidence=(evidence(whole, part, at, 0, 4),)) for part, at in places
    ]
    assert [one.text for one in in_order(bullets)] == ["standfirst", "body", "body", "caption"]
    assert in_order(bullets)[1].evidence[0].paragraph == 0


def test_letters_of_the_articles_own_scripts_are_familiar():
    mixed = article(
        url=None, language="en", paragraphs=["The word мост means bridge, Zoë Ångström wrote."]
    )
    lock = Lock(mixed)
    assert lock.strange("The word мост means bridge, Zoë Ångström wrote") == ""
    assert lock.strange("The word ᴍᴏʀᴇ means bridge") == "ᴍᴏʀᴇ"
    assert lock.strange("The word 橋 means bridge") == "橋"
    assert lock.strange("The bridge, ④⑨ in all") == "④⑨"
