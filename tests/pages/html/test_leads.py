"""Every page of the folder `leads`, with what should be found in it beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.reading.text import read_text
from bot.pages.html import document, leads

PAGES = sorted((Path(__file__).parent / "leads").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_lead_bullets_of_a_sample_page(path):
    tree = document.parse(path.read_text("utf-8"))
    assert leads.take(tree) == json.loads(path.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize(
    "label",
    ["The main points", "Das Wichtigste in K\u00fcrze:", "\u00d6ne \u00e7\u0131kanlar", "TL;DR"],
)
def test_a_page_and_a_text_know_the_same_labels(label):
    bullets = [f"The harbour bridge reopened on day {day} of the repair." for day in (1, 2)]
    body = "The engineers had replaced the last of its cables, the mayor said on Monday evening."
    items = "".join(f"<li>{bullet}</li>" for bullet in bullets)
    tree = document.parse(f"<h1>Bridge</h1><h2>{label}</h2><ul>{items}</ul>" + f"<p>{body}</p>" * 9)
    assert leads.take(tree) == bullets
    text = "\n\n".join(["Bridge", label, "\n".join(f"* {one}" for one in bullets), body])
    article = read_text(text, source="a.txt").article
    assert article.lead_bullets == tuple(bullets)
    assert label not in article.paragraphs
    assert article.headline == "Bridge"


def test_there_are_samples():
    assert len(PAGES) >= 10
