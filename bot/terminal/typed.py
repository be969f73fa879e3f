"""What comes from a keyboard or a command line, made fit to be read."""

from __future__ import annotations


def readable(text: str) -> str:
    """Return what was typed without halves of characters, which no store and no stemmer takes.

    Arguments that are not UTF-8 reach a program as lone surrogates.
    """
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
