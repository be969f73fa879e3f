"""The plain-text reader: each part told from the others, and nothing lost."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.reading import identity, markdown, plain
from bot.core.reading.parts import find_parts
from bot.core.reading.text import CAP, read_text
from bot.model import Reason, Verdict

HEADLINE = "Council closes the old bridge for a year"
STANDFIRST = "Engineers found rust in two of its three arches"
BULLETS = (
    "The old bridge closes on Monday",
    "Repairs cost 3 million crowns",
    "Buses go by the mill",
)
BODY = (
    "The council voted on Tuesday to close the old bridge for a year from Monday.",
    "Engineers had found rust in two of its three arches, said the mayor, Ada Quill.",
    "“We have no choice,” she told the council, which voted by nine to two.",
    "Repairs are to cost 3 million crowns, and buses will go by the mill until they are done.",
)
CAPTION = "The old bridge seen from the mill on a morning in March"


def article(text, **options):
    reading = read_text(text, source="pasted", **options)
    assert reading.verdict is Verdict.ARTICLE, reading
    return reading.article


def page(*blocks):
    return "\n\n".join(blocks) + "\n"


def bulleted(mark="•", indent="  "):
    return "\n".join(f"{indent}{mark} {bullet}" for bullet in BULLETS)


# --- the whole shape ---------------------------------------------------------------------------


def test_a_pasted_page_is_cut_into_its_parts():
    got = article(
        page(HEADLINE, STANDFIRST, bulleted(), *BODY[:2], CAPTION, BODY[2], CAPTION, BODY[3])
        + "\nRead more at SamplePost.example"
    )
    assert got.headline == HEADLINE
    assert got.standfirst == STANDFIRST
    assert got.lead_bullets == BULLETS
    assert got.paragraphs == BODY
    assert got.captions == (CAPTION,)
    assert got.publisher == "SamplePost.example"
    assert got.language == "en"
    assert got.url is None


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_every_line_end_counts(newline):
    text = page(HEADLINE, bulleted(), *BODY).replace("\n", newline)
    got = article(text)
    assert (got.headline, got.lead_bullets, got.paragraphs) == (HEADLINE, BULLETS, BODY)


def test_paragraphs_may_stand_one_a_line():
    got = article("\n".join([HEADLINE, bulleted(), *BODY]))
    assert (got.headline, got.lead_bullets, got.paragraphs) == (HEADLINE, BULLETS, BODY)


def test_the_address_is_that_from_which_the_text_was_fetched():
    text, url = page(HEADLINE, *BODY), "https://www.sample.example/a?utm_source=x"
    assert read_text(text, source="a", url=url).article.url == "https://www.sample.example/a"
    assert read_text(text, source="a.txt").article.url is None
    assert read_text(text, source=url).article.url is None


# --- headline and standfirst -------------------------------------------------------------------


def test_a_body_without_a_headline_keeps_its_first_paragraph():
    got = article(page(*BODY))
    assert (got.headline, got.standfirst, got.paragraphs) == (None, None, BODY)


def test_a_single_paragraph_is_body():
    assert article(BODY[0]).paragraphs == (BODY[0],)


@pytest.mark.parametrize(
    "headline",
    [
        "Will the old bridge ever open again?",
        "‘We have no choice’: mayor closes bridge",
        "Bridge between Mexico and the U.S.",
        "橋を一年間閉鎖へ、市議会が決定",
    ],
)
def test_headlines_of_many_forms(headline):
    got = article(page(headline, *BODY))
    assert (got.headline, got.paragraphs) == (headline, BODY)


def test_a_headline_pasted_twice_is_kept_once():
    got = article(page(HEADLINE, HEADLINE, *BODY))
    assert (got.headline, got.paragraphs) == (HEADLINE, BODY)


def test_a_quote_may_be_the_headline_behind_a_dash():
    assert article(page("- We have no choice", *BODY)).headline == "- We have no choice"


def test_a_standfirst_with_a_full_stop_is_told_by_what_follows():
    standfirst = f"{STANDFIRST}."
    assert article(page(HEADLINE, standfirst, bulleted(), *BODY)).standfirst == standfirst
    assert article(page(HEADLINE, standfirst, "By Ida Moor", *BODY)).standfirst == standfirst
    assert article(page(HEADLINE, standfirst, *BODY)).paragraphs == (standfirst, *BODY)


# --- lead bullets ------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["•", "·", "‣", "▪", "–", "*", "-", "•\u00a0", "●"])
@pytest.mark.parametrize("indent", ["", "  ", "\u00a0", "\t"])
def test_bullets_of_every_kind(mark, indent):
    assert article(page(HEADLINE, bulleted(mark, indent), *BODY)).lead_bullets == BULLETS


def test_bullets_may_be_set_apart_by_blank_lines():
    got = article(page(HEADLINE, *(f"• {bullet}" for bullet in BULLETS), *BODY))
    assert (got.lead_bullets, got.paragraphs) == (BULLETS, BODY)


def test_a_bullet_may_stand_alone_on_the_line_before_its_words():
    marks = "\n".join(f"•\n{bullet}" for bullet in BULLETS)
    assert article(page(HEADLINE, marks, *BODY)).lead_bullets == BULLETS


@pytest.mark.parametrize("indent", ["", "  ", "      "])
def test_a_wrapped_bullet_is_one(indent):
    text = page(HEADLINE, f"• The old bridge closes\n{indent}on Monday\n• Repairs cost much", *BODY)
    assert article(text).lead_bullets == ("The old bridge closes on Monday", "Repairs cost much")


@pytest.mark.parametrize("label", ["Key points", "KEY POINTS:", "TL;DR", "Das Wichtigste in Kürze"])
def test_the_label_over_the_bullets_goes(label):
    got = article(page(HEADLINE, label, bulleted(), *BODY))
    assert (got.headline, got.standfirst, got.lead_bullets) == (HEADLINE, None, BULLETS)
    assert got.paragraphs == BODY


def test_bullets_without_a_headline():
    got = article(page(bulleted(), *BODY))
    assert (got.headline, got.lead_bullets, got.paragraphs) == (None, BULLETS, BODY)


def test_a_later_list_is_body():
    got = article(page(HEADLINE, bulleted(), *BODY, "• First\n• Second"))
    assert got.lead_bullets == BULLETS
    assert got.paragraphs == (*BODY, "First", "Second")


def test_a_list_after_a_long_paragraph_is_body():
    long = " ".join(BODY) + " " + " ".join(BODY)
    got = article(page(HEADLINE, long, bulleted(), *BODY))
    assert got.lead_bullets == ()
    assert got.paragraphs == (long, *BULLETS, *BODY)


def test_a_list_that_a_sentence_announces_is_body():
    opening = "The council named its reasons:"
    got = article(page(HEADLINE, opening, bulleted(), *BODY))
    assert got.lead_bullets == ()
    assert got.paragraphs == (opening, *BULLETS, *BODY)


def test_a_text_of_nothing_but_bullets_has_no_lead():
    got = article("\n".join(f"• {text}" for text in BODY))
    assert (got.lead_bullets, got.paragraphs) == ((), BODY)


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_that_opens_speech_is_no_bullet(dash):
    turns = (f"{dash} I did not know, he said.", f"{dash} Did you ask?", f"{dash} Whom?")
    early = article(page(HEADLINE, "\n".join(turns), *BODY))
    late = article(page(HEADLINE, *BODY, *turns))
    assert early.lead_bullets == late.lead_bullets == ()
    assert early.paragraphs == (*turns, *BODY)
    assert late.paragraphs == (*BODY, *turns)


# --- wrapped lines -----------------------------------------------------------------------------

WRAPPED = """\
Council closes the old bridge for a year, and the ferry is back in use
again

- The old bridge closes on Monday, and the ferry will run in its
  stead – every ten minutes
- Repairs cost 3 million crowns. Of these the county pays a third, the
rest is a loan

The council voted on Tuesday to close the old bridge for a year from
Monday. Engineers had found rust in two of its arches, said Ada Quill,
the mayor. She spoke of a danger to everybody in town that was well-
known, and named the four new paths along both of the river banks, foot-
and cycle paths, that were to be built there in the coming year if only
- as she added – the town found the money for it by the end of April or
of May. Nobody spoke against her.
"""


def test_lines_wrapped_by_hand_are_joined():
    got = article(WRAPPED)
    assert got.headline == (
        "Council closes the old bridge for a year, and the ferry is back in use again"
    )
    assert got.lead_bullets == (
        "The old bridge closes on Monday, and the ferry will run in its stead – every ten minutes",
        "Repairs cost 3 million crowns. Of these the county pays a third, the rest is a loan",
    )
    assert len(got.paragraphs) == 1
    for joined in ("from Monday", "well-known", "foot- and cycle", "if only - as", "or of May"):
        assert joined in got.paragraphs[0]


def test_a_wrapped_text_may_mark_its_paragraphs_by_short_lines_alone():
    text = (
        "The council voted on Tuesday to close the old bridge for a year from\n"
        "the Monday after.\n"
        "Engineers had found rust in two of its three arches, the mayor said,\n"
        "and in the third.\n"
    )
    assert article(text).paragraphs == (
        "The council voted on Tuesday to close the old bridge for a year from the Monday after.",
        "Engineers had found rust in two of its three arches, the mayor said, and in the third.",
    )


def test_a_line_that_opens_with_a_word_of_date_lines_is_not_lost():
    text = (
        "The council closed the bridge, says a report that its own engineers\npublished on Tuesday."
    )
    assert article(text).paragraphs == (text.replace("\n", " "),)


# --- captions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (CAPTION, CAPTION, CAPTION),
        (CAPTION, f"{CAPTION}, before the closure", f"{CAPTION}, before the closure"),
        (f"{CAPTION} - now shut", f"{CAPTION} – now shut", f"{CAPTION} – now shut"),
        (
            "The mayor's bridge (pictured) as it was before the war",
            "The mayor’s bridge as it was before the war",
            "The mayor's bridge (pictured) as it was before the war",
        ),
        (f"{CAPTION}...", f"{CAPTION} of last year", f"{CAPTION} of last year"),
    ],
)
@pytest.mark.parametrize("swap", [False, True])
def test_a_repeated_caption_is_kept_once_in_its_best_form(first, second, kept, swap):
    copies = (second, first) if swap else (first, second)
    got = article(page(HEADLINE, *BODY[:2], copies[0], BODY[2], copies[1], BODY[3]))
    assert got.captions == (kept,)
    assert got.paragraphs == BODY


@pytest.mark.parametrize(
    "caption",
    [
        "The old bridge (pictured) will be closed",
        "Pictured: the old bridge on Tuesday.",
        "Ada Quill in the council. Photo: Sample Post",
        "Engineers had found rust in two of its three arches, said the mayor, Ada Quill",
        "Engineers (pictured left) had found rust in two of its three arches, said Ada Quill.",
    ],
)
def test_a_single_caption_is_told_by_its_mark_or_by_the_body(caption):
    got = article(page(HEADLINE, *BODY[:2], caption, *BODY[2:]))
    assert got.captions == (caption,)
    assert got.paragraphs == BODY


@pytest.mark.parametrize(
    "line", ["“We have no choice, no choice at all in this matter”", "“No choice.”", "No bridge!"]
)
def test_repeated_quotes_and_refrains_stay_body(line):
    body = (BODY[0], line, *BODY[1:3], line, BODY[3])
    got = article(page(HEADLINE, *body))
    assert (got.captions, got.paragraphs) == ((), body)


@pytest.mark.parametrize(
    "line", ["Rust in two arches", "The council voted to close the old bridge", "Two and two"]
)
def test_crossheads_stay_body(line):
    body = (BODY[0], line, *BODY[1:])
    got = article(page(HEADLINE, *body))
    assert (got.captions, got.paragraphs) == ((), body)


def test_a_repeated_paragraph_is_no_caption():
    got = article(page(HEADLINE, BODY[0], BODY[0], *BODY[1:], BODY[0]))
    assert got.captions == ()
    assert got.paragraphs == (BODY[0], BODY[0], *BODY[1:], BODY[0])


def test_what_comes_three_times_is_a_refrain():
    refrain = "And still the river ran below the bridge to the sea"
    body = (BODY[0], refrain, BODY[1], refrain, BODY[2], refrain, BODY[3])
    assert article(page(HEADLINE, *body)).paragraphs == body


# --- credits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "authors", "published"),
    [
        ("By Jane Doe", ("Jane Doe",), None),
        ("By JANE DOE FOR THE SAMPLE POST", ("JANE DOE",), None),
        ("By Jane Doe and John O’Neil", ("Jane Doe", "John O’Neil"), None),
        (
            "By Jane Doe, Ludwig van der Berg & Ida Moor",
            ("Jane Doe", "Ludwig van der Berg", "Ida Moor"),
            None,
        ),
        ("By Jane Doe, Education Correspondent", ("Jane Doe",), None),
        ("By Jane Doe in Westquay", ("Jane Doe",), None),
        ("By Reuters", ("Reuters",), None),
        ("Von Anna Beispiel", ("Anna Beispiel",), None),
        ("Jane Doe | 12 March 2024", ("Jane Doe",), date(2024, 3, 12)),
        ("By Jane Doe | 12 March 2024", ("Jane Doe",), date(2024, 3, 12)),
        ("Published: 12 March 2024", (), date(2024, 3, 12)),
        ("12 March 2024 | Updated 14 March 2024 10:15 GMT", (), date(2024, 3, 12)),
        ("Updated 14 March 2024 - Published 12 March 2024", (), date(2024, 3, 12)),
        ("Tuesday, March 12th, 2024 at 5 p.m.", (), date(2024, 3, 12)),
        ("2024-03-12T10:00:00Z", (), date(2024, 3, 12)),
        ("Veröffentlicht am 12. März 2024, 10:15 Uhr", (), date(2024, 3, 12)),
        ("Publié le 12 mars 2024 à 10h15", (), date(2024, 3, 12)),
        ("12 de marzo de 2024", (), date(2024, 3, 12)),
        ("12.03.2024", (), date(2024, 3, 12)),
        ("31/03/2024", (), date(2024, 3, 31)),
        ("03/12/2024", (), None),
        ("Published: 31 February 2024", (), None),
        ("Last updated 14 March 2024", (), None),
        ("Updated 5 minutes ago", (), None),
        ("4 min read", (), None),
    ],
)
def test_bylines_and_dates_are_read_and_taken_out(line, authors, published):
    got = article(page(HEADLINE, line, *BODY))
    assert (got.authors, got.published) == (authors, published)
    assert (got.headline, got.standfirst, got.paragraphs) == (HEADLINE, None, BODY)


@pytest.mark.parametrize(
    "line",
    [
        "By Friday, she said, all will be shut.",
        "By the mill the water stood",
        "By Friday",
        "May 2024",
    ],
)
def test_sentences_are_no_credits(line):
    got = article(page(HEADLINE, *BODY, line, BODY[0]))
    assert (got.authors, got.published) == ((), None)
    assert line in got.paragraphs


def test_a_byline_under_the_only_paragraph_makes_it_no_standfirst():
    got = article(page(HEADLINE, BODY[0], "By Jane Doe"))
    assert (got.authors, got.paragraphs) == (("Jane Doe",), BODY[:1])


def test_dates_in_the_body_are_left_there():
    got = article(page(HEADLINE, *BODY[:2], "12 March 2024", *BODY[2:]))
    assert got.published is None
    assert "12 March 2024" in got.paragraphs


def test_a_byline_at_the_foot_is_read():
    got = article(page(HEADLINE, *BODY, "By Jane Doe"))
    assert (got.authors, got.paragraphs) == (("Jane Doe",), BODY)


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Read more at SamplePost.co.uk", "SamplePost.co.uk"),
        ("Read more at The Sample Post", "The Sample Post"),
        ("READ MORE AT: https://www.sample.example/a/b?c", "sample.example"),
        ("Read the full story on Sample Post.", "Sample Post"),
        ("Weiterlesen auf musterbote.example", "musterbote.example"),
        ("Source: The Sample Post", "The Sample Post"),
    ],
)
def test_the_last_line_names_the_publisher(line, publisher):
    got = article(page(HEADLINE, *BODY, line))
    assert (got.publisher, got.paragraphs) == (publisher, BODY)


def test_the_publisher_may_stand_at_the_end_of_a_line_with_text():
    got = article(page(HEADLINE, *BODY[:3], f"{BODY[3]} Read more at SamplePost.example"))
    assert (got.publisher, got.paragraphs) == ("SamplePost.example", BODY)


@pytest.mark.parametrize(
    "line", ["You can read more at the library.", "She wants to read more in Westquay"]
)
def test_reading_more_elsewhere_is_body(line):
    got = article(page(HEADLINE, *BODY, line))
    assert (got.publisher, got.paragraphs) == (None, (*BODY, line))


def test_furniture_and_ornaments_go():
    lines = ("* * *", "Advertisement", "READ MORE: Mill to get a new wheel", "Share this article")
    got = article(page(HEADLINE, BODY[0], *lines, *BODY[1:]))
    assert got.paragraphs == BODY


# --- Markdown ----------------------------------------------------------------------------------

MARKDOWN = """\
---
title: 'Council closes the old bridge for a year'
author:
  - Jane Doe
  - John Roe
date: 2024-03-12
url: https://www.sample.example/bridge
language: en-GB
---

# Council closes the *old* bridge for a year

1. The **old bridge** closes on Monday
2. Repairs cost `3 million` crowns

The council [voted](https://sample.example/vote "the vote") on Tuesday to close
the old bridge &amp; ferry for a year from \\*Monday\\*.

![The old bridge](bridge.jpg)
*The old bridge on Tuesday*

Rust and snake_case_words
-------------------------

> Engineers had found rust in __two__ of its three arches,
> said the mayor, Ada Quill.

<!-- not
for print -->
```
dropped = True
```

- First
- Second,
  going on

[ref]: https://sample.example/ref
"""


def test_markdown_loses_its_markup_and_keeps_its_words():
    got = article(MARKDOWN, markdown=True)
    assert got.headline == HEADLINE
    assert got.authors == ("Jane Doe", "John Roe")
    assert got.published == date(2024, 3, 12)
    assert got.publisher == "sample.example"
    assert got.url is None
    assert got.language == "en"
    assert got.lead_bullets == ("The old bridge closes on Monday", "Repairs cost 3 million crowns")
    assert got.paragraphs == (
        "The council voted on Tuesday to close the old bridge & ferry for a year from *Monday*.",
        "Rust and snake_case_words",
        "Engineers had found rust in two of its three arches, said the mayor, Ada Quill.",
        "First",
        "Second, going on",
    )
    assert got.captions == ("The old bridge", "The old bridge on Tuesday")


def test_front_matter_stands_in_for_a_missing_heading():
    text = f"---\ntitle: {HEADLINE}\ndescription: {STANDFIRST}\n---\n" + page(*BODY)
    got = article(text, markdown=True)
    assert (got.headline, got.standfirst, got.paragraphs) == (HEADLINE, STANDFIRST, BODY)


def test_markdown_without_any_markup_reads_like_text():
    text = page(HEADLINE, STANDFIRST, bulleted("-"), *BODY)
    assert article(text, markdown=True) == article(text)


# --- texts that are no article, and hostile ones -----------------------------------------------


@pytest.mark.parametrize(
    "text", ["", " \n\t\r\n\u00a0", "\ufeff\x00\u200b", "---\n* * *", "•\n\n•"]
)
@pytest.mark.parametrize("as_markdown", [False, True])
def test_a_text_without_words_is_empty(text, as_markdown):
    reading = read_text(text, source="pasted", markdown=as_markdown)
    assert (reading.verdict, reading.reason) == (Verdict.NOT_AN_ARTICLE, Reason.EMPTY)
    assert reading.article is None


@pytest.mark.parametrize("text", ["Too short.", "Home\nNews\nSport\nWeather", "By Jane Doe"])
def test_a_text_without_a_sentence_is_no_article_but_kept(text):
    reading = read_text(text, source="pasted")
    assert (reading.verdict, reading.reason) == (Verdict.NOT_AN_ARTICLE, Reason.NO_TEXT)
    assert reading.article is not None


def test_a_chinese_sentence_is_long_enough():
    assert article(
        "市议会周二决定从下周一起关闭这座老桥一年，工程师在三个桥拱中的两个里发现了锈迹。"
    ).paragraphs


def test_broken_characters_do_no_harm():
    text = "\ufeff" + page(
        HEADLINE, "The coun\x00cil\ud800 voted\u200b on\tTues\u00adday to close the bridge."
    )
    got = article(text)
    assert got.headline == HEADLINE
    assert got.paragraphs == ("The council voted on Tuesday to close the bridge.",)


def test_a_long_text_is_cut_between_paragraphs():
    paragraph = f"{BODY[0]} {BODY[1]}"
    text = page(HEADLINE, *(f"{number} {paragraph}" for number in range(3000)))
    reading = read_text(text, source="pasted")
    whole = sum(map(len, reading.article.paragraphs))
    assert CAP * 0.9 < whole <= CAP
    assert reading.article.paragraphs[-1].endswith(paragraph)
    assert reading.share == pytest.approx(CAP / len(text), abs=0.01)
    assert read_text(page(*BODY), source="pasted").share == 1


def test_one_endless_line_is_cut_too():
    reading = read_text("word " * CAP, source="pasted")
    assert sum(map(len, reading.article.paragraphs)) <= CAP


# --- nothing is lost ---------------------------------------------------------------------------

LONG_BODY = tuple(
    f"{start} the old bridge will be closed to cars and carts until the rust is gone from its two"
    " outer arches, and whoever wants to get to the mill has to take the bus that leaves from the"
    " market every ten minutes, or the ferry, which is slower but costs nothing."
    for start in ("From Monday", "For a whole year")
)
words_of = re.compile(r"\w+")
fragments = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            HEADLINE,
            STANDFIRST,
            *BODY,
            *BULLETS,
            CAPTION,
            "(pictured)",
            "By Jane Doe",
            "12 March 2024",
        ]
    ),
    st.sampled_from(
        [
            "• ",
            "- ",
            "– ",
            "* ",
            "  ",
            "\t",
            "Read more at ",
            "Sample.example",
            "# ",
            "> ",
            "---",
            ". ",
        ]
    ),
)
texts = st.lists(st.tuples(fragments, st.sampled_from(["\n", "\n\n", " ", "", "\r\n"]))).map(
    lambda pieces: "".join(part + end for part, end in pieces)
)


def all_words(*texts):
    return set(words_of.findall(" ".join(texts)))


@given(texts, st.booleans())
@settings(deadline=None)
def test_no_text_makes_it_fail_and_all_that_comes_out_is_clean(text, as_markdown):
    reading = read_text(text, source="pasted", markdown=as_markdown)
    if reading.article is None:
        assert reading.reason is Reason.EMPTY
        return
    got = reading.article
    parts = [got.headline, got.standfirst, got.publisher, *got.authors]
    parts += [*got.lead_bullets, *got.paragraphs, *got.captions]
    for part in filter(None, parts):
        part.encode("utf-8")
        assert part == " ".join(part.split())


@given(texts)
@settings(deadline=None)
def test_every_word_is_in_a_part_or_dropped_for_a_reason(text):
    parts = find_parts(plain.cut(text))
    kept = [parts.headline or "", parts.standfirst or "", *parts.lead_bullets]
    kept += [*parts.paragraphs, *parts.captions, *parts.dropped]
    for line in map(identity.clean, plain.end_lines(text).split("\n")):
        assert all_words(line) <= all_words(*kept)


@given(st.lists(st.sampled_from(LONG_BODY), min_size=1), st.integers(40, 100))
def test_wrapping_at_any_column_changes_no_word(paragraphs, column):
    lines = [_wrapped(paragraph, column) for paragraph in paragraphs]
    blocks = [block.whole for block in plain.cut("\n\n".join(lines))]
    assert blocks == paragraphs


def _wrapped(text, column):
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > column:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def test_markdown_without_markup_cuts_into_the_same_blocks():
    assert [block.text for block in markdown.cut(page(*BODY))[1]] == list(BODY)


# --- the article that the product was conceived from -------------------------------------------


def test_the_first_article_is_read_exactly():
    bench = os.environ.get("BRIEFBOT_BENCH")
    found = sorted(Path(bench, "seeds").glob("000_*.txt")) if bench else []
    if not found:
        pytest.skip("BRIEFBOT_BENCH is not set, or has no seeds")
    text = found[0].read_text("utf-8")
    lines = [identity.clean(line) for line in text.splitlines() if line.strip()]
    got = article(text)
    assert (got.headline, got.standfirst) == (lines[0], lines[1])
    assert got.lead_bullets == tuple(line.removeprefix("• ") for line in lines[2:10])
    assert lines[-1] == f"Read more at {got.publisher}"
    body = lines[10:-1]
    captions = [line for line in body if not line.endswith((".", "’"))]
    assert set(got.captions) < set(captions)
    assert (len(captions), len(got.captions)) == (5, 3)
    assert list(got.paragraphs) == [line for line in body if line not in captions]


# --- texts that are made to hurt --------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["# a" + " " * 20_000 + "x", "a." * 10_000 + " x.", "I.N." * 5_000 + "x.", " " * 20_000 + "x",
     "|" + " " * 20_000 + "x", "|--" * 7_000 + "x"],
    ids=["heading", "initials", "abbreviations", "indent", "cell", "table"],
)  # fmt: skip
@pytest.mark.parametrize("as_markdown", [False, True])
def test_a_hostile_line_is_soon_read(line, as_markdown):
    text = page(line, HEADLINE, line, *BODY)
    assert read_text(text, source="a", markdown=as_markdown).verdict is Verdict.ARTICLE


@pytest.mark.parametrize(
    ("line", "words"),
    [("# A heading #", "A heading"), ("#\tA heading ##  ", "A heading"), ("# In C#", "In C#"),
     ("# A # b", "A # b"), ("# A \\#", "A #")],
)  # fmt: skip
def test_number_signs_that_close_a_heading_are_no_words(line, words):
    assert read_text(page(line, *BODY), source="a", markdown=True).article.headline == words


@pytest.mark.parametrize(
    ("first", "is_headline"),
    [("The firm is now Sample Inc.", True), ("It came to the U.S.”", True),
     ("What will become of the harbour?", True), ("It is the plan of the Disc.", False),
     ("It was taken in by Ab.c.", False)],
)  # fmt: skip
def test_a_stop_that_need_not_end_a_sentence_leaves_a_headline(first, is_headline):
    got = article(page(first, *BODY))
    assert (got.headline == first) is is_headline
