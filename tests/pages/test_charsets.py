"""Bytes to characters: the charset that fits, and no charset that hurts."""

from __future__ import annotations

import pytest

from bot.pages import charsets

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
    assert charsets.decode(data, content_type, is_page=True).endswith(TEXT)


def test_only_a_page_names_its_own_charset():
    data = b'<meta charset="iso-8859-2">' + TEXT.encode()
    assert charsets.decode(data).endswith(TEXT)


def test_latin_1_means_windows_1252_and_anything_can_be_decoded():
    assert charsets.decode(b"\x80 5", "text/html; charset=iso-8859-1") == "\u20ac 5"
    assert charsets.decode(bytes(range(256)))


@pytest.mark.parametrize(
    "charset",
    ["undefined", "punycode", "PunyCode", "idna", "unicode_escape", "raw-unicode-escape", "hex",
     "zlib", "utf-7", "..", "utf-8-\u212a"],
)  # fmt: skip
def test_no_charset_makes_it_raise_or_take_long(charset):
    data = b"\\x \\u00e9 a-" + b"zz9" * 100_000
    assert charsets.decode(data, f"text/plain; charset={charset}") == data.decode()


def test_a_header_of_nothing_but_spaces_is_soon_read():
    assert charsets.decode(b"words", "text/plain; charset=" + " " * 30_000 + "!") == "words"
