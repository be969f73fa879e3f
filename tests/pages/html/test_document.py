"""Bytes to text to tree, and the shapes that are made to hurt."""

from __future__ import annotations

import pytest

from bot.pages.html import document
from bot.pages.html.document import MAX_ATTRIBUTES, MAX_SPAN

TEXT = "<p>Grüße aus Łódź</p>"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=iso-8859-2"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ""),
        (TEXT.encode("iso-8859-2"), 'text/html; charset="ISO-8859-2"'),
        (b'<meta charset="iso-8859-2">' + TEXT.encode("iso-8859-2"), "text/html"),
        (TEXT.encode(), "text/html; charset=no-such-charset"),
        (TEXT.encode(), "text/html; charset=rot13"),
        (b'<meta charset="utf-16">' + TEXT.encode(), ""),
    ],
)
def test_the_charset_is_found(data, content_type):
    assert document.decode(data, content_type).endswith(TEXT)


def test_latin_1_means_windows_1252_and_anything_can_be_decoded():
    assert document.decode(b"\x80 5", "text/html; charset=iso-8859-1") == "\u20ac 5"
    assert document.decode(bytes(range(256)), "")


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
