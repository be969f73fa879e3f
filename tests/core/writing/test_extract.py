"""Briefs of an article's own sentences."""

import gzip
import json
import os
from pathlib import Path
from statistics import mean

import pytest

from bot.core.writing import extract
from bot.core.writing.evidence import holds
from bot.model import Article, Method, Part

BODY = (
    (
        "Saltby's harbour ferry sailed again on Monday after two years in dock. But the first "
        "crossing left ten minutes late because of fog, the harbour master said."
    ),
    (
        "Engineers replaced both engines of the ferry at a cost of 4.2 million pounds, the council "
        "said. It had budgeted for half of that."
    ),
    '"I have missed the sound of her horn," said Mayor Ilse Brandt, who took the first crossing.',
    "Around 300 commuters used the ferry each day before it was taken out of service.",
    "The town's second ferry, the Anna, will be overhauled next year, Brandt said.",
    "Scroll down for video. Ada Berg contributed to this report.",
)


def article(*paragraphs: str, language: str | None = "en", headline: str | None = None) -> Article:
    return Article(
        url=None, version="v", language=language, headline=headline, paragraphs=paragraphs
    )


@pytest.mark.parametrize("wanted", [1, 3, 5, 8])
def test_bullets_are_proven_in_order_and_never_repeated(wanted):
    ferry = article(*BODY)
    brief = extract.write(ferry, bullets=wanted)
    proofs = [proof for bullet in brief.bullets for proof in bullet.evidence]

    assert brief.method is Method.EXTRACTIVE
    assert 1 <= len(brief.bullets) <= wanted
    assert len(proofs) == len(brief.bullets)
    assert all(holds(proof, ferry) and proof.part is Part.BODY for proof in proofs)
    places = [(proof.paragraph, proof.start) for proof in proofs]
    assert places == sorted(set(places))


def test_bullets_are_the_sentences_but_for_their_full_stop():
    brief = extract.write(article(*BODY), bullets=3)

    for bullet in brief.bullets:
        assert not bullet.text.endswith(".")
        assert (
            bullet.evidence[0].quote.casefold().removesuffix(".").endswith(bullet.text.casefold())
        )


def test_what_leans_on_another_sentence_and_what_the_page_says_stay_out():
    texts = [bullet.text for bullet in extract.write(article(*BODY), bullets=8).bullets]

    assert not any(text.startswith(("It ", "But ")) for text in texts)
    assert not any("Scroll" in text or "contributed" in text for text in texts)


def test_a_short_article_gives_no_more_bullets_than_it_has_sentences():
    three = article(
        "The ferry sailed on Monday after two years. The repair cost 4.2 million pounds. "
        "Mayor Ilse Brandt took the first crossing."
    )

    assert len(extract.write(three, bullets=5).bullets) == 3


def test_the_same_sentence_twice_is_said_once():
    said = "The harbour ferry sailed again on Monday after two years in dock."
    again = "The harbour ferry sailed again on Monday, after two years in the dock."

    assert len(extract.write(article(said, said, again), bullets=3).bullets) == 1


def test_one_dangling_sentence_is_better_than_no_brief():
    assert len(extract.write(article("It sank on Monday in the harbour."), bullets=3).bullets) == 1


def test_no_body_no_bullets():
    assert extract.write(article(), bullets=3).bullets == ()
    assert extract.write(article("***", " "), bullets=3).bullets == ()


def test_a_dateline_alone_is_no_bullet():
    brief = extract.write(
        article("LONDON, England (CNN)", "PARIS (Reuters) -", *BODY[:1]), bullets=9
    )

    assert len(brief.bullets) == 2
    assert all(bullet.text[0].isalnum() for bullet in brief.bullets)


def test_half_a_surrogate_pair_is_read_like_any_character():
    brief = extract.write(article(*(text + " \ud800 It \udfffends." for text in BODY)), bullets=3)

    assert len(brief.bullets) == 3


def test_fewer_than_one_bullet_cannot_be_written():
    with pytest.raises(ValueError, match="0 bullets"):
        extract.write(article(*BODY), bullets=0)


def test_an_unknown_language_gets_its_opening_sentences_and_says_so():
    klingon = article("Qapla batlh je. Heghlu meH QaQ jajvam. Nuqneh jatlh.", language="tlh")
    brief = extract.write(klingon, bullets=2)

    assert brief.warnings == (extract.OPENING_SENTENCES,)
    assert [bullet.text for bullet in brief.bullets] == ["Qapla batlh je", "Heghlu meH QaQ jajvam"]


def test_german_is_ranked_as_german():
    brief = extract.write(
        article(
            "Die Hafenfähre von Saltby fuhr am Montag nach zwei Jahren wieder. Sie war im Dock. "
            "Ingenieure ersetzten beide Motoren für 4,2 Millionen Euro, wie der Rat mitteilte. "
            "Vor der Reparatur nutzten täglich rund 300 Pendler die Fähre.",
            language=None,
        ),
        bullets=3,
    )

    assert brief.warnings == ()
    assert [bullet.text.split()[0] for bullet in brief.bullets] == ["Die", "Ingenieure", "Vor"]


@pytest.fixture(scope="module")
def bench() -> list[dict]:
    folder = os.environ.get("BRIEFBOT_BENCH")
    if not folder:
        pytest.skip("BRIEFBOT_BENCH is not set: no briefing bench to measure on")
    path = Path(folder) / "bench" / "briefing.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [json.loads(line) for line in lines][::8]


@pytest.mark.bench
def test_briefs_are_closer_to_lead_bullets_than_the_first_sentences(bench):
    rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
    scorer = rouge_scorer.RougeScorer(["rouge1"], use_stemmer=True)
    gains = []
    for row in bench:
        paragraphs = article(*row["paragraphs"])
        bullets = [x.text for x in extract.write(paragraphs, bullets=row["bullets"]).bullets]
        first = [x.text for x in extract.candidates(paragraphs, "en", most=row["bullets"])]
        wanted = "\n".join(row["expected"]["lead_bullets"])
        ours, theirs = (scorer.score(wanted, "\n".join(x))["rouge1"] for x in (bullets, first))
        gains.append(ours.fmeasure - theirs.fmeasure)

    assert mean(gains) * 100 > 1.0
