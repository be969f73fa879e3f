"""What a page's article holds: every part where it belongs, each text once."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from bot.model import Verdict
from bot.pages.html.extract import MAX_TEXT, bare, extract
from tests.pages.html.pages import BODY, json_ld, page

URL = "https://www.sample-post.com/2025/05/ferry-at-night?utm_source=x"


def article(html, url=URL):
    reading = extract(html, url)
    assert reading.article is not None
    return reading.article


def test_a_plain_news_page_is_read_whole():
    reading = extract(page(), URL)
    assert reading.verdict is Verdict.ARTICLE
    assert reading.source == URL
    assert reading.article.url == "https://www.sample-post.com/2025/05/ferry-at-night"
    assert reading.article.headline == "Island ferry to run at night"
    assert reading.article.paragraphs == tuple(BODY)
    assert reading.article.publisher == "The Sample Post"
    assert reading.article.language == "en"


def test_a_page_without_an_address_has_no_url_and_no_source():
    reading = extract(page(), None)
    assert (reading.source, reading.article.url) == ("", None)


def test_lead_bullets_leave_the_body():
    bullets = [
        "The last ferry will leave at half past midnight.",
        "A return ticket costs 14 euros.",
    ]
    items = "".join(f"<li>{bullet}</li>" for bullet in bullets)
    found = article(page(f"<h2>Key points</h2><ul>{items}</ul>"))
    assert found.lead_bullets == tuple(bullets)
    assert not set(bullets) & set(found.paragraphs)
    assert "Key points" not in found.paragraphs


def test_captions_are_apart_from_the_body_and_each_once():
    caption = "The ferry Marguerite in the harbour on Tuesday evening. Photo: A. Person"
    figure = f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure>"
    framed = f"<div class='post-img'><img src='b.jpg'><p>{caption} again</p></div>"
    found = article(page(figure, after=figure + framed + f"<p>{caption}</p>"))
    assert found.captions == (caption, f"{caption} again")
    assert not any("Marguerite" in paragraph for paragraph in found.paragraphs)


def test_the_standfirst_is_apart_from_the_body():
    text = "After eleven years of asking, islanders get a boat home after the last concert."
    found = article(page(f"<p class='article__standfirst'>{text}</p>"))
    assert found.standfirst == text
    assert text not in found.paragraphs


def test_a_first_paragraph_that_is_the_description_stays_a_paragraph():
    head = f'<meta property="og:description" content="{BODY[0]}">'
    found = article(page(head=head))
    assert found.standfirst is None
    assert found.paragraphs[0] == BODY[0]


def test_what_json_ld_declares_is_believed():
    node = json_ld(
        **{
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "Person", "@id": "#ada", "name": "Ada Person"},
                {
                    "@type": "NewsArticle",
                    "headline": "Island ferry to run at night",
                    "author": [{"@id": "#ada"}, {"@type": "Person", "name": "By Bo Other"}],
                    "datePublished": "2025-05-06T23:30:00+02:00",
                },
            ],
        }
    )
    found = article(page(head=node))
    assert found.authors == ("Ada Person", "Bo Other")
    assert found.published == date(2025, 5, 6)


def test_the_byline_counts_where_the_house_is_declared_as_author():
    node = json_ld(
        **{"@type": "NewsArticle", "headline": "x", "author": {"name": "The Sample Post"}}
    )
    found = article(page("<span class='author-name'>Ada Person</span>", head=node))
    assert found.authors == ("Ada Person",)


def test_the_name_of_the_site_is_no_part_of_the_headline():
    head = '<meta property="og:title" content="Night boats at last - The Sample Post">'
    assert article(page(head=head)).headline == "Night boats at last"


def test_lines_that_send_elsewhere_are_dropped():
    extra = "<p>Read more: Bridge closed again</p><p>Sign up for our newsletter</p>"
    assert article(page(after=extra)).paragraphs == tuple(BODY)


def test_a_body_cut_into_containers_is_put_together():
    half = "".join(f"<p>{text}</p>" for text in BODY[4:])
    chunk = "<div class='body__container'><div class='body__inner'>{}</div></div>"
    first = chunk.format("".join(f"<p>{text}</p>" for text in BODY[:4]))
    html = page(first + "<div class='ad'></div>" + chunk.format(half), paragraphs=[])
    assert article(html).paragraphs == tuple(BODY)


def test_lists_and_tables_are_lines_of_the_body():
    extra = (
        "<h2>Fares from May</h2><ul><li>Adults pay fourteen euros at night.</li>"
        "<li>Children travel free until the age of twelve.</li></ul>"
        "<table><tr><td>Day ticket</td><td>12 euros</td></tr>"
        "<tr><td>Night ticket</td><td>14 euros</td></tr></table>"
        f"<p>{BODY[0]} And a last word.</p>"
    )
    found = article(page(after=extra)).paragraphs
    assert "Fares from May" in found
    assert "Children travel free until the age of twelve." in found
    assert "Night ticket | 14 euros" in found


def test_the_language_is_detected_where_the_page_does_not_say():
    text = "Der Rat der Insel hat am Dienstag über die Fähre und die Fahrpläne der Nacht beraten."
    html = page(lang="", paragraphs=[f"{text} Das war Sitzung {number}." for number in range(6)])
    assert article(html).language == "de"


def test_odd_characters_do_no_harm():
    html = page(paragraphs=[f"{text}\x00\ud800\u200b\u202e" for text in BODY])
    found = article(html)
    assert found.paragraphs == tuple(BODY)
    json.dumps([found.headline, *found.paragraphs], ensure_ascii=False).encode("utf-8")


def test_the_stored_text_ends_at_a_paragraph_below_the_cap():
    many = [f"{number}: " + "word " * 200 for number in range(300)]
    reading = extract(page(paragraphs=many), URL)
    found = reading.article
    assert reading.share == pytest.approx(199 / 300, abs=0.01)
    assert bare(page(paragraphs=many), URL).share == pytest.approx(199 / 300, abs=0.01)
    assert 0 < sum(map(len, found.paragraphs)) <= MAX_TEXT
    assert found.paragraphs[-1].endswith("word")


def test_nothing_at_all_is_not_an_article():
    for html in ("", " ", "\x00", "<!-- -->"):
        assert extract(html, None).verdict is Verdict.NOT_AN_ARTICLE


def test_the_bare_reading_keeps_the_long_lines():
    reading = bare(page(), URL)
    assert reading.verdict is Verdict.ARTICLE
    assert reading.article.headline is not None
    assert set(BODY) <= set(reading.article.paragraphs)
    assert "Home" not in reading.article.paragraphs


def test_the_same_words_elsewhere_are_the_same_version():
    assert article(page()).version == article(page(), "https://other.example/a").version


def test_importing_brings_no_network_client():
    code = (
        "import sys, bot.pages.html.extract;"
        "print(sorted({'aiohttp', 'pebble', 'dateparser', 'sqlalchemy'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert run.stdout.strip() == "[]"
