"""Every page of the folder `leads`, with what should be found in it beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.pages.html import document, leads

PAGES = sorted((Path(__file__).parent / "leads").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_lead_bullets_of_a_sample_page(path):
    tree = document.parse(path.read_text("utf-8"))
    assert leads.take(tree) == json.loads(path.with_suffix(".json").read_text("utf-8"))


def test_there_are_samples():
    assert len(PAGES) >= 10
