import gc
import tracemalloc
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.language.canonical import canonical, find
from bot.core.language.detect import detect, language_of
from bot.core.language.sentences import split, split_closely
from bot.core.language.words import (
    carries_meaning,
    content_stems,
    fold,
    languages_with_stop_words,
    stem,
    words,
)
from bot.model import Article


def test_sentences_end_where_they_end_and_not_at_an_abbreviation():
    text = 'Dr. Smith left the U.S. on Monday. "We won," she said. Who did? '
    assert [text[a:b] for a, b in split(text, "en")] == [
        "Dr. Smith left the U.S. on Monday.",
        '"We won," she said.',
        "Who did?",
    ]


@given(st.text())
def test_every_visible_character_is_in_one_sentence(text: str):
    spans = split(text, "en")
    inside = "".join(text[a:b] for a, b in spans)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(a < b for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


def test_words_keep_numbers_whole():
    assert [w.text for w in words("It cost 1,500.25 on 3.5.2024, he didn’t say.")] == [
        "It",
        "cost",
        "1,500.25",
        "on",
        "3.5.2024",
        "he",
        "didn’t",
        "say",
    ]


def test_stems_meet_across_forms_and_possessives():
    assert stem("militias") == stem("militia’s") == stem("Militia")
    assert stem("Häuser", "de") == stem("Haus", "de")
    assert fold("Zürich") == fold("ZURICH")


def test_content_leaves_out_stop_words():
    assert content_stems("The ships of the fleet", "en") == ["ship", "fleet"]
    assert content_stems("Die Schiffe der Flotte", "de") == ["schiff", "flott"]


def test_languages_are_told_apart():
    assert detect("The minister said that it was not the first time that they had met.") == "en"
    assert (
        detect("Der Minister sagte, dass es nicht das erste Mal war, als sie sich trafen.") == "de"
    )
    assert detect("Le ministre a dit que ce n'était pas la première fois dans cette ville.") == "fr"
    assert detect("12345 67890") is None


ARTICLE = (
    "He said – “it wasn’t quite a call to arms”, but it wasn’t far\u00a0off…  "
    "The cost: 1,500 euros."
)


def test_harmless_typography_is_the_same_quote():
    found = find('"It wasn\'t quite a call to arms"', ARTICLE)
    assert found is not None
    assert ARTICLE[slice(*found)] == "it wasn’t quite a call to arms"
    assert find("said - it wasn't quite", ARTICLE.replace("“", "")) is not None
    assert find("but it wasn't **far off**", ARTICLE) is not None


def test_changed_words_are_no_quote():
    assert find("it was quite a call to arms", ARTICLE) is None
    assert find("The cost: 1,600 euros", ARTICLE) is None
    assert find("t wasn't quite a call to arm", ARTICLE) is None
    assert find("it wasn't ... far off", ARTICLE) is None
    assert find("1,500 euros", ARTICLE) is None, "fewer than four words prove nothing"


@given(st.text(min_size=1), st.data())
def test_a_span_found_lies_inside_the_text(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = find(text[start:end], text, least_words=1)
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(text)


def test_a_long_text_is_split_as_a_short_one():
    sentence = "The ferry left at 6 a.m. on Monday, he said. "
    text = sentence * 2000
    assert len(split(text, "en")) == 2000


@given(st.text(st.characters(codec=None, categories=["Cs", "Lu", "Ll", "Po", "Zs"])))
def test_half_surrogate_pairs_are_characters_like_any_other(text: str):
    spans = split(text, "en")

    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert detect(text) in (None, *languages_with_stop_words())
    assert isinstance(stem(text), str)


def test_half_a_surrogate_pair_has_no_stem_of_its_own():
    assert stem("ship\ud800s") == stem("ship\udfffs")
    assert len(split("One \ud800 ship. Two ships.", "en")) == 2


def test_nothing_of_a_text_is_kept_but_words():
    def read(number: int) -> None:
        text = f"Ferry {number} sailed to the élan of Saltby. " * 250
        split(text, "en")
        canonical(text[:500])
        fold(text)
        stem("é" * 1000 + str(number))

    read(0)
    tracemalloc.start()
    for number in range(1, 200):
        read(number)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 100_000, "of 2.3 million characters"


def test_a_stray_quote_mark_and_a_time_zone_are_mended():
    stray = 'It was "dark on the old quay. ' + "The ferry sailed to the far island. " * 12 + 'End".'
    assert len(split_closely(stray, "en")) == 14
    text = "It airs at 8 p.m. ET on Monday. Nobody knows. "
    assert [text[a:b] for a, b in split(text, "en")] == [
        "It airs at 8 p.m. ET on Monday.",
        "Nobody knows.",
    ]


def test_the_language_is_the_pages_or_that_of_the_opening_words():
    german = "Der Minister sagte, dass es nicht das erste Mal war, als sie sich trafen."
    told = Article(url=None, version="v", language="de-AT", paragraphs=("One.",))
    assert language_of(told) == "de"
    assert language_of(replace(told, language=None, lead_bullets=(german,))) == "de"


def test_a_word_carries_meaning_unless_it_is_a_stop_word_or_a_letter():
    stops = frozenset(("the",))
    words_of_it = ("The", "x", "_", "7", "½", "ship")
    assert [carries_meaning(word, stops) for word in words_of_it] == [
        False,
        False,
        False,
        True,
        True,
        True,
    ]
