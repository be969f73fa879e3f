"""Every sample page and text reads as the file beside it says, and its questions are fair."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.reading.text import read_text

SEEDS = Path(__file__).parent.parent / "seeds"
SOURCES = sorted(
    path
    for path in SEEDS.iterdir()
    if path.suffix in {".html", ".md", ".txt"} and path.name != "README.md"
)
TEXTS = [path for path in SOURCES if path.suffix != ".html"]
PAGES = [path for path in SOURCES if path.suffix == ".html"]
FIELDS = ("headline", "standfirst", "language", "publisher")
LISTS = ("lead_bullets", "paragraphs", "captions", "authors")


def expected(path):
    return json.loads(path.with_name(f"{path.stem}.expected.json").read_text("utf-8"))


def read_page(path):
    from bot.pages.html.extract import extract  # noqa: PLC0415 - only pages need the parser

    return extract(path.read_text("utf-8"), f"https://sample.example/{path.stem}")


def read(path):
    if path.suffix == ".html":
        return read_page(path)
    return read_text(path.read_text("utf-8"), source=path.name, markdown=path.suffix == ".md")


def as_read(reading):
    article = reading.article
    published = article.published and article.published.isoformat()
    return {
        "verdict": reading.verdict.value,
        **{name: getattr(article, name) for name in FIELDS},
        **{name: list(getattr(article, name)) for name in LISTS},
        "published": published,
    }


def briefed():
    return [path for path in SOURCES if "brief" in expected(path)]


def name(path):
    return path.name


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_sample_has_its_expected_article_beside_it(path):
    assert {"verdict"} <= expected(path).keys()


def test_no_expectation_stands_alone():
    stems = {path.stem for path in SOURCES}
    assert {path.name.removesuffix(".expected.json") for path in SEEDS.glob("*.json")} == stems


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_a_text_reads_as_expected(path):
    want = {
        key: value for key, value in expected(path).items() if key not in {"brief", "questions"}
    }
    assert as_read(read(path)) == want


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_gets_its_verdict(path):
    assert read_page(path).verdict == expected(path)["verdict"]


@pytest.mark.parametrize("path", [path for path in PAGES if "brief" in expected(path)], ids=name)
@pytest.mark.parametrize("part", [*FIELDS, "lead_bullets", "paragraphs", "authors", "published"])
def test_a_page_reads_as_expected(path, part):
    assert as_read(read_page(path))[part] == expected(path)[part]


@pytest.mark.parametrize("path", briefed(), ids=name)
def test_a_brief_is_the_publishers_own_or_words_of_the_body(path):
    want = expected(path)
    brief = want["brief"]
    if want["lead_bullets"]:
        assert brief == {"method": "publisher", "bullets": want["lead_bullets"]}
    else:
        assert brief["method"] == "extractive"
        for bullet in brief["bullets"]:
            assert any(bullet in paragraph for paragraph in want["paragraphs"]), bullet
    assert 3 <= len(brief["bullets"]) <= 8


@pytest.mark.parametrize("path", briefed(), ids=name)
def test_answered_questions_have_their_words_in_one_paragraph(path):
    want = expected(path)
    for asked in want["questions"]["answered"]:
        holding = [
            paragraph
            for paragraph in want["paragraphs"]
            if all(words in paragraph for words in asked["words"])
        ]
        assert holding, asked
    assert len(want["questions"]["answered"]) >= 3
    assert len(want["questions"]["absent"]) >= 2


def test_two_outlets_report_one_event_and_differ_in_one_figure():
    ours = " ".join(expected(SEEDS / "harbour-tunnel.bullets.html")["paragraphs"])
    theirs = " ".join(expected(SEEDS / "harbour-tunnel.second-outlet.html")["paragraphs"])
    assert "cost 612 million crowns" in ours
    assert "cost 640 million crowns" in theirs
    for shared in ("460 million", "14 months", "31 weeks", "30 June", "4.50 crowns"):
        assert shared in ours
        assert shared in theirs
