"""Which languages a channel may wish its briefs and answers to be in."""

from __future__ import annotations

ARTICLE = "article"
"""The wish for the language that each article is in."""

LANGUAGES = ("en", "es", "fr", "it", "nl", "pt")
"""Those in which a translation can be held to its article (`core.writing.translated`).

Numbers in words can be read there, and names be told by their capital. German writes every noun
with one, and in the North a sentence may open with any noun: there an invented name cannot be told
from a noun.
"""
