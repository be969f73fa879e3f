"""Pages of our own making for the extraction tests."""

from __future__ import annotations

import json

SENTENCE = (
    "The harbour council met for three hours on Tuesday evening and heard from eleven residents, "
    "two engineers and the owner of the ferry line number {}."
)
BODY = [SENTENCE.format(number) for number in range(1, 9)]


def page(
    body="",
    *,
    head="",
    headline="Island ferry to run at night",
    lang="en",
    paragraphs=BODY,
    after="",
):
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{headline} | The Sample Post</title>'
        f'<meta property="og:site_name" content="The Sample Post">{head}</head>'
        f"<body><header><nav><a href='/'>Home</a> <a href='/news'>News</a></nav></header>"
        f"<main><article><h1>{headline}</h1>{body}<div class='article-body'>{text}{after}</div>"
        f"</article></main></body></html>"
    )


def json_ld(**node):
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'
