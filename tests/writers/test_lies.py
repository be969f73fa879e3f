"""A model that lies: numbers and quotations of its own never pass, names hardly ever."""

from __future__ import annotations

import pytest

from bot.core.writing.figures import figures
from bot.core.writing.ground import check
from bot.model import Article, Method, Outcome
from tests.lengths import length
from tests.writers.asking import BRIDGE, FERRY, RecordingLeave, holds_true, question
from tests.writers.rows import bench_articles, seeds

ALLOWED = {"number": 0.0, "quote": 0.0, "name": 0.01}


async def told(model, writing, articles, kind, *, most=100_000):
    """Have briefs and answers written by a liar; return its lies, and those that were posted."""
    model.change(behaviour="lies", lie=kind)
    writer, leave = writing(timeout=20), RecordingLeave(most=10**9)
    passed = []
    for one in articles:
        before = len(model.lies)
        asked = question(one.paragraphs[-1][:120])
        brief = await writer.brief(one, bullets=4, own_wording=True, leave=leave)
        answer = await writer.answer([one], asked, leave=leave)
        assert holds_true(brief, [one])
        assert holds_true(answer, [one])
        posted = [*(bullet.text for bullet in brief.bullets), answer.text]
        new = model.lies[before:]
        passed += [lie for lie in new if any(lie.words in text for text in posted)]
        if len(model.lies) >= most:
            break
    return model.lies, passed


@pytest.mark.parametrize("kind", ["number", "quote", "name"])
async def test_a_lie_is_not_posted(model, writing, kind):
    lies, passed = await told(model, writing, [BRIDGE, FERRY, *seeds()], kind)

    assert len(lies) >= 100
    assert len(passed) <= ALLOWED[kind] * len(lies), passed


@pytest.mark.bench
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["number", "quote", "name"])
async def test_of_a_thousand_lies_none_is_posted(model, writing, kind):
    most = length(300, 1_000)
    lies, passed = await told(model, writing, bench_articles(700), kind, most=most)

    assert len(lies) >= most
    assert len(passed) <= ALLOWED[kind] * len(lies), passed


async def test_what_a_liar_mends_when_told_is_taken(model, writing):
    model.change(behaviour="lies", lie="quote", lies_again=False)
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert brief.method is Method.ABSTRACTIVE
    assert not any(one.quoted for one in brief.bullets)


# --- what used to pass -----------------------------------------------------------------------

POOL = Article(
    url=None,
    version="v",
    language="de",
    paragraphs=(
        "Das Hallenbad nutzt die Abwärme von sechs Rechnern, sagte Ulrike Brandt am Montag.",
        "Die Leitung ist 900 Meter lang und kostet zwei Millionen Euro.",
        "„Wir haben lange gesucht und ein Angebot gefunden“, sagte der Leiter des Bades.",
    ),
)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("Das Hallenbad nutzt die Abwärme von seventeen Rechnern", "seventeen"),
        ("Die Leitung ist 900 Meter lang, and forty-three more", "forty-three"),
        ("Die Leitung kostet six thousand Euro", "six thousand"),
    ],
)
def test_an_english_number_in_another_language_is_a_number(claim, words):
    assert ("number", words) in check(claim, POOL).reasons


@pytest.mark.parametrize(
    ("claim", "language"),
    [("Ce projet coûte six millions", "fr"), ("Zij ging ten noorden van de stad", "nl")],
)
def test_a_word_of_the_language_is_no_english_number(claim, language):
    article = Article(url=None, version="v", language=language, paragraphs=(claim + ".",))
    assert check(claim, article).outcome is Outcome.PASS
    assert all(figure.value != 10 for figure in figures(claim, language))


def test_an_english_number_that_the_article_has_may_be_said():
    song = Article(
        url=None, version="v", language="de", paragraphs=("Das Album heißt „Seventeen Seconds“.",)
    )
    assert check("Das Album heißt „Seventeen Seconds“", song).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "claim",
    [
        "„Wir haben, “nobody saw it coming”, lange gesucht“, sagte der Leiter des Bades",
        "„Wir haben, «nobody saw it coming», lange gesucht“, sagte der Leiter des Bades",
        "„Wir haben, „nobody saw it coming“, lange gesucht“, sagte der Leiter des Bades",
        '„Wir haben, "nobody saw it coming", lange gesucht“, sagte der Leiter des Bades',
        "„Wir haben, ‘nobody saw it coming’, lange gesucht“, sagte der Leiter des Bades",
        "Der Leiter des Bades sagte: „nobody saw it coming",
        "nobody saw it coming”, sagte der Leiter des Bades",
    ],
)
def test_a_quotation_inside_or_without_an_end_is_looked_at(claim):
    assert "quote" in dict(check(claim, POOL).reasons)
