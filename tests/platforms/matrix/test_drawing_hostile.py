"""Texts that were made to break things, and posts of any kind: they fit, and do nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from bot.model import Bullets, Control, Controls, Heading, Item, Line, Post, Quote
from bot.platforms.matrix.drawing import drawn
from tests.lengths import length
from tests.platforms.matrix import limits
from tests.platforms.matrix.drawing import ANN, ANY_POST, DANGERS, OFFER, URL, WORDS
from tests.writers.rows import FOLDER, attacks

QUICK = settings(
    deadline=None,
    max_examples=length(60, 400),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
CONTROLS = Controls(about="1", shown=(Control.PROOF,), folded=tuple(Control))


def post_of(text):
    return Post(
        blocks=(
            Heading(text=text, url=URL, details=(text, text)),
            Bullets(
                items=(Item(text=text, places=(text,), note=text), Item(text=text, struck=True))
            ),
            Quote(place=text, quote=text, before=text, after=text),
            Line(text=text),
            Line(text=text, quiet=True),
            Line(text=text, who=ANN, quiet=True),
            Line(text=text, who=text, url=URL, quiet=True),
            CONTROLS,
        )
    )


def check(text):
    post = post_of(text)
    found = drawn(post, WORDS)
    limits.check(found, post)
    assert set(found.mentions) <= {ANN}
    assert found.body.endswith(OFFER)


@pytest.mark.parametrize("text", DANGERS)
def test_dangers_are_only_words(text):
    check(text)


@QUICK
@given(ANY_POST)
def test_any_post_fits_and_does_nothing(post):
    for escaping in (True, False):
        limits.check(drawn(post, WORDS, escaping=escaping), post, escaping=escaping)


def corpus(name):
    path = Path(FOLDER, "corpora", name)
    if not FOLDER or not path.exists():
        pytest.skip("BRIEFBOT_BENCH names no folder with the corpora")
    return path


@pytest.mark.bench
def test_naughty_strings_are_only_words():
    for text in json.loads(corpus("blns.json").read_text("utf-8")):
        check(text)


@pytest.mark.bench
def test_attacks_are_only_words():
    for text in attacks():
        check(text)


@pytest.mark.bench
def test_hostile_addresses_and_documents_are_only_words():
    texts = []
    for path in sorted(corpus("wpt").rglob("*.json")):
        rows = json.loads(path.read_text("utf-8"))
        texts += [" ".join(map(str, row.values())) for row in rows if isinstance(row, dict)]
    for path in sorted(corpus("html5lib").rglob("*.dat")):
        texts += path.read_bytes().decode("utf-8", "replace").split("\n#data\n")
    for text in texts[:: length(20, 1)]:
        check(text)


WHOLE = {
    "words": "Some words of it. " * 6000,
    "one word": "w" * 40_000,
    "emoji": "👩\u200d🚀" * 30_000,
    "markup": "&<>\"'" * 20_000,
    "marks": "e" + "\u0301" * 100_000,
    "marked letters": "e\u0301" * 50_000,
    "Persian": "اسکله روز جمعه باز می\u200cشود. " * 4000,
    "lines": "a\n" * 50_000,
    "backslashes": "\\" * 100_000,
    "signs": "@:.#" * 25_000,
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("kind", ["line", "bullet", "quote"])
@pytest.mark.parametrize("escaping", [True, False])
def test_a_long_text_is_cut_where_it_no_longer_fits(name, kind, escaping):
    text = WHOLE[name]
    block = {
        "line": Line(text=text),
        "bullet": Bullets(items=(Item(text=text),)),
        "quote": Quote(place="¶1", quote=text),
    }[kind]
    post = Post(blocks=(block, CONTROLS))
    began = time.process_time()
    found = drawn(post, WORDS, escaping=escaping)
    assert time.process_time() - began < 1
    limits.check(found, post, escaping=escaping)
    assert limits.size(found, escaping=escaping) > 39_000
    *_, left_out, offer = found.body.splitlines()
    assert left_out.endswith("characters more had no room here.")
    assert offer == OFFER


def test_all_that_is_left_out_is_counted():
    lines = tuple(Line(text=f"{n:05} {'x' * 94}") for n in range(1000))
    found = drawn(Post(blocks=lines), WORDS)
    kept = sum(len(line.rstrip("…")) for line in found.body.splitlines()[:-2])
    (count,) = (
        int(word.replace(",", ""))
        for word in found.body.splitlines()[-1].split()
        if word[0].isdigit()
    )
    assert abs(kept + count - 100_000) <= 2


def test_many_people_and_addresses_fit():
    people = tuple(
        Line(text="said", who=f"@{n:0>200}:example.org", url=f"https://a.example/{'&' * 900}")
        for n in range(500)
    )
    found = drawn(Post(blocks=people), WORDS)
    limits.check(found, Post(blocks=people))
    assert len(json.dumps(found.mentions)) < 10_000
    assert len(found.mentions) > 1


def test_very_many_blocks_take_no_time():
    blocks = tuple(Line(text="x" * 2000) for _ in range(20_000))
    began = time.process_time()
    found = drawn(Post(blocks=blocks), WORDS)
    assert time.process_time() - began < 1
    assert "had no room here" in found.body
