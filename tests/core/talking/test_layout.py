"""What is laid out, in plain text."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.talking import layout
from bot.core.talking.export import answered_json
from bot.core.talking.wording import TERMINAL
from bot.core.writing.evidence import evidence
from bot.errors import NoSuchBullet
from bot.model import (
    Answer,
    Answered,
    Brief,
    Briefed,
    Bullet,
    Mention,
    Method,
    Origin,
    Part,
    Reading,
    Reason,
    Thread,
    Verdict,
    Voice,
)
from bot.platforms.console.console import CHANNEL
from bot.platforms.console.plain import plain
from tests.flows.articles import MUSEUM, PIER

TODAY = date(2026, 3, 4)
SPAN = evidence(MUSEUM, Part.BODY, 3, 0, len("The bell weighs 340 kilograms"))
MENTION = Mention(
    number=3,
    message="m",
    thread=Thread(channel=CHANNEL, id="m"),
    poster="ada",
    at=datetime(2026, 3, 4, 12, tzinfo=UTC),
    origin=Origin.LINK,
    source="https://sample.example/museum",
    article=MUSEUM,
    brief=Brief(
        version=MUSEUM.version,
        method=Method.EXTRACTIVE,
        bullets=(Bullet(text="The bell weighs 340 kilograms", evidence=(SPAN,)),),
        warnings=("opening_sentences",),
    ),
)


def briefed(**changes: object) -> str:
    reading = Reading(source="x", verdict=Verdict.ARTICLE, article=MUSEUM)
    done = Briefed(reading=replace(reading, **changes), mention=MENTION, again=True)
    return plain(layout.briefed(done, hints=TERMINAL, today=TODAY, days=90, where="/data"))


def test_a_brief_tells_its_source_its_words_and_what_is_kept():
    said = briefed(share=0.5)
    assert "The Sample Post · 27 February 2026 · read 50 %" in said
    assert "1  The bell weighs 340 kilograms  [¶4]" in said
    assert "Sentences of the article." in said
    assert "opening sentences" in said
    assert "First read on 4 March 2026." in said


def test_a_teaser_is_briefed_as_a_teaser():
    assert "shows only its beginning" in briefed(verdict=Verdict.TEASER)


def test_a_page_read_without_finesse_says_so():
    assert "bare text" in briefed(reason=Reason.BARE)


def test_a_proof_shows_the_paragraph_and_what_was_checked():
    said = plain(layout.proof(MENTION, 1))
    assert "¶4  >>The bell weighs 340 kilograms<< and will hang" in said
    assert "Not checked: whether it is true." in said
    with pytest.raises(NoSuchBullet):
        layout.proof(replace(MENTION, brief=None), 1)


def test_an_article_whose_text_is_gone_still_shows_its_quotes():
    gone = replace(MENTION, article=replace(MUSEUM, paragraphs=()))
    assert "¶4  The bell weighs 340 kilograms" in plain(layout.proof(gone, 1))


def test_the_three_voices_open_differently():
    def said(voice: Voice, *, several: bool = False) -> str:
        answer = Answer(voice=voice, text=SPAN.quote, quotes=(SPAN, SPAN), confidence=0.5)
        return plain(layout.answered([Answered(mention=MENTION, answer=answer)], several=several))

    assert said(Voice.SAYS).startswith("The article says:")
    assert said(Voice.CLOSEST).startswith("The closest passage, which may not answer it:")
    assert said(Voice.ABSENT).startswith("The article doesn't say.")
    assert "3 · Museum returns bronze bell to island village · The Sample Post" in said(Voice.SAYS)
    assert said(Voice.CLOSEST, several=True).startswith("The closest passage of “Museum returns")
    assert plain(layout.answered([], several=True)) == "Nothing that was read here says.\n"


def test_a_quote_of_another_article_names_that_one():
    span = evidence(PIER, Part.BODY, 0, 0, 8)
    other = replace(MENTION, number=4, article=PIER)
    answer = Answer(voice=Voice.SAYS, text=SPAN.quote, quotes=(SPAN, span), confidence=0.5)
    given = Answered(mention=MENTION, answer=answer, others=(other,))

    lines = [line.strip() for line in plain(layout.answered([given])).splitlines()]
    at = next(n for n, line in enumerate(lines) if line.endswith(span.quote))
    assert next(line for line in lines[at + 1 :] if line).startswith("4 · Old pier at Wexcombe")
    assert lines[-1].startswith("3 · Museum returns")
    own, others = answered_json(given)["quotes"]
    assert "article" not in own
    assert others["article"] == 4


def test_an_article_is_shown_part_by_part():
    article = replace(
        MUSEUM, standfirst="It was taken in 1854.", lead_bullets=("A bell",), captions=("The bell",)
    )
    reading = Reading(source="x", verdict=Verdict.TEASER, article=article)
    said = plain(layout.article(reading, TERMINAL, today=TODAY))
    for words in ("only its beginning", "It was taken in 1854.", "1  A bell", "¶1  The National"):
        assert words in said
    assert said.endswith("caption 1  The bell\n")
    none = Reading(source="x", verdict=Verdict.GONE, detail="410")
    assert "(HTTP 410)" in plain(layout.article(none, TERMINAL, today=TODAY))


def test_an_article_without_a_headline_is_called_by_its_first_words():
    named = layout.title(replace(MUSEUM, headline=None))
    assert named == "The National Museum has returned a bronze bell to the island village …"
