"""Text to tree, and the shapes that are made to hurt."""

from __future__ import annotations

from bot.pages.html import document
from bot.pages.html.document import MAX_ATTRIBUTES, MAX_SPAN


def test_a_tag_with_too_many_attributes_loses_them():
    attributes = " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES + 10))
    tree = document.parse(f"<div id='x' {attributes}>kept</div><p>too</p>")
    assert len(tree.find(".//div").attrib) <= MAX_ATTRIBUTES
    assert "kept" in document.text_of(tree)


def test_a_tag_with_long_attributes_keeps_them():
    tree = document.parse(f"<div data-state='{'x' * 20_000}'>kept</div>")
    assert len(tree.find(".//div").get("data-state")) == 20_000


def test_spans_are_clamped():
    tree = document.parse("<table><tr><td colspan='1000' rowspan='x'>a</td><td colspan=2>b</td>")
    wide, small = tree.iter("td")
    assert int(wide.get("colspan", "1")) <= MAX_SPAN
    assert wide.get("rowspan") is None
    assert small.get("colspan") == "2"


def test_large_json_ld_is_dropped_and_small_kept():
    large = "x" * (document.MAX_JSON + 1)
    blocks = "".join(
        f"<script type='application/ld+json'>{text}</script>" for text in ("{}", large)
    )
    tree = document.parse(f"<html><body>{blocks}<script>1</script><p>kept</p></body></html>")
    document.lighten(tree)
    assert [script.text for script in tree.iter("script")] == ["{}"]
