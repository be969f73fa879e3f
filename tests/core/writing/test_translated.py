"""What a model says of an article in another language: what of it can be held, is held."""

from __future__ import annotations

from functools import cache

import pytest

from bot.core.language.wishes import LANGUAGES
from bot.core.reading.identity import article
from bot.core.writing.drafts import MISQUOTED, Draft
from bot.core.writing.evidence import holds
from bot.core.writing.ground import Lock
from bot.core.writing.signals import dates_in
from bot.core.writing.translated import Translation
from bot.model import Bullet
from tests.writers.asking import BRIDGE, FERRY

LOCKS = {one.version: Lock(one) for one in (BRIDGE, FERRY)}
TRUE = [
    (
        "fr",
        BRIDGE,
        "Le pont du port de Marlow fermera pendant 7 semaines à partir de lundi pour être repeint",
        BRIDGE.standfirst,
    ),
    (
        "fr",
        BRIDGE,
        "Environ 300 personnes par heure traversent le pont à pied, la plupart depuis la gare",
        BRIDGE.paragraphs[0],
    ),
    (
        "fr",
        BRIDGE,
        "La rouille a pris 12 tonnes d'acier depuis 2019, selon le conseil de Marlow",
        BRIDGE.paragraphs[1],
    ),
    (
        "fr",
        BRIDGE,
        "La maire Ada Byron dit avoir examiné quatre offres et retenu la moins chère",
        BRIDGE.paragraphs[2],
    ),
    (
        "fr",
        BRIDGE,
        "Les travaux doivent coûter 2,5 millions de livres, dont le comté paie environ la moitié",
        BRIDGE.paragraphs[3],
    ),
    (
        "fr",
        BRIDGE,
        "Un ferry transportera les piétons jusqu'au départ des peintres en mai",
        BRIDGE.paragraphs[4],
    ),
    (
        "es",
        BRIDGE,
        "El puente cerrará 7 semanas desde el lunes para ser pintado",
        BRIDGE.standfirst,
    ),
    ("es", BRIDGE, "Unas 300 personnes por hora cruzan el puente a pie", BRIDGE.paragraphs[0]),
    (
        "es",
        BRIDGE,
        "El óxido se llevó 12 toneladas de acero desde 2019, según el ayuntamiento de Marlow",
        BRIDGE.paragraphs[1],
    ),
    (
        "es",
        BRIDGE,
        "Ada Byron, alcaldesa de la ciudad, dijo que miraron 4 ofertas y eligieron la más barata",
        BRIDGE.paragraphs[2],
    ),
    (
        "es",
        BRIDGE,
        "Las obras costarán 2,5 millones de libras, de las que el condado paga cerca de la mitad",
        BRIDGE.paragraphs[3],
    ),
    (
        "it",
        BRIDGE,
        "Il ponte sul porto di Marlow chiuderà per 7 settimane da lunedì per essere dipinto",
        BRIDGE.standfirst,
    ),
    (
        "it",
        BRIDGE,
        "Circa 300 persone all'ora attraversano il ponte a piedi, secondo l'articolo",
        BRIDGE.paragraphs[0],
    ),
    (
        "it",
        BRIDGE,
        "I lavori costeranno 2,5 milioni di sterline, di cui la contea paga circa la metà",
        BRIDGE.paragraphs[3],
    ),
    (
        "nl",
        BRIDGE,
        "De brug over de haven van Marlow gaat vanaf maandag zeven weken dicht",
        BRIDGE.standfirst,
    ),
    (
        "nl",
        BRIDGE,
        "Ongeveer 300 mensen per uur lopen over de brug, de meesten van het station",
        BRIDGE.paragraphs[0],
    ),
    (
        "nl",
        BRIDGE,
        "Volgens de gemeenteraad van Marlow heeft roest sinds 2019 12 ton staal gekost",
        BRIDGE.paragraphs[1],
    ),
    (
        "nl",
        BRIDGE,
        "Het werk kost 2,5 miljoen pond, waarvan de provincie ongeveer de helft betaalt",
        BRIDGE.paragraphs[3],
    ),
    (
        "pt",
        BRIDGE,
        "A ponte sobre o porto fecha por 7 semanas a partir de segunda-feira para ser pintada",
        BRIDGE.standfirst,
    ),
    (
        "pt",
        BRIDGE,
        "As obras vão custar 2,5 milhões de libras, das quais o condado paga cerca de metade",
        BRIDGE.paragraphs[3],
    ),
    (
        "fr",
        FERRY,
        "Le ferry Aurora s'est échoué sur un banc de sable au large de Lindhaven",
        FERRY.paragraphs[0],
    ),
    (
        "fr",
        FERRY,
        "Les 212 passagers ont été ramenés à terre par deux canots de sauvetage en trois heures",
        FERRY.paragraphs[1],
    ),
]
FALSE = [
    (
        "number",
        "fr",
        "Le pont du port de Marlow fermera pendant 8 semaines à partir de lundi",
        BRIDGE.standfirst,
    ),
    (
        "number",
        "fr",
        "Le pont du port de Marlow fermera pendant huit semaines à partir de lundi",
        BRIDGE.standfirst,
    ),
    (
        "date",
        "fr",
        "Le pont du port de Marlow fermera pendant 7 semaines à partir de mardi",
        BRIDGE.standfirst,
    ),
    (
        "number",
        "fr",
        "Le pont du port de Marlow fermera pendant 7 mois à partir de lundi",
        BRIDGE.standfirst,
    ),
    (
        "name",
        "fr",
        "Poutine a dit que le pont de Marlow fermera pendant 7 semaines",
        BRIDGE.standfirst,
    ),
    (
        "name",
        "fr",
        "La maire Ada Lovelace dit avoir examiné quatre offres et retenu la moins chère",
        BRIDGE.paragraphs[2],
    ),
    (
        "quote",
        "fr",
        "La maire Ada Byron dit « nous avons examiné quatre offres »",
        BRIDGE.paragraphs[2],
    ),
    (
        "foreign",
        "fr",
        "Tous les lecteurs doivent changer leur mot de passe avant la fin de la semaine",
        BRIDGE.paragraphs[2],
    ),
    (
        "addressing",
        "fr",
        "Vous devez changer de mot de passe à Marlow avant la fin de la semaine",
        BRIDGE.paragraphs[1],
    ),
    (
        "foreign",
        "fr",
        "La rouille n'a pas emporté 12 tonnes d'acier depuis le printemps 2019, selon le conseil",
        BRIDGE.paragraphs[1],
    ),
    (
        "language",
        "fr",
        "The council of Marlow said that rust had taken 12 tonnes of steel since spring 2019",
        BRIDGE.paragraphs[1],
    ),
    (
        "number",
        "fr",
        "La maire Ada Byron dit avoir examiné les 212 offres et retenu la moins chère",
        BRIDGE.paragraphs[2],
    ),
    (
        "number",
        "fr",
        "Les travaux doivent coûter 2,5 millions d'euros, dont le comté paie environ la moitié",
        BRIDGE.paragraphs[3],
    ),
    (
        "number",
        "fr",
        "La rouille a emporté vingt-sept tonnes d'acier depuis le printemps 2019, selon le conseil",
        BRIDGE.paragraphs[1],
    ),
    (
        "number",
        "es",
        "Unas doscientas personas por hora cruzan el puente de Marlow a pie",
        BRIDGE.paragraphs[0],
    ),
    (
        "number",
        "nl",
        "Ongeveer driehonderdvijftig mensen per uur lopen over de brug van Marlow",
        BRIDGE.paragraphs[0],
    ),
    (
        "number",
        "it",
        "I lavori costeranno ventotto milioni di sterline, di cui la contea paga circa la metà",
        BRIDGE.paragraphs[3],
    ),
    (
        "foreign",
        "fr",
        "Le conseil de Marlow a annoncé que les travaux dureront 7 semaines à partir de lundi",
        BRIDGE.paragraphs[4],
    ),
]
NAMES = (
    *("Vasterby", "Quillon Vasterby", "Zorp", "Merkel", "Lindqvist", "NATO", "Marlowe", "Byrond"),
    *("Ryanair", "iZorp", "Orbán", "O'Malley", "McDuff", "Jean-Claude", "Kraków", "TF1"),
)
SKIPPED = 7
NUMBERS = {
    "en": ("19", "4,000", "seventeen", "sixty-one", "3 per cent"),
    "es": ("19", "4.000", "diecisiete", "sesenta y uno", "quinientos", "veintidós", "3 %"),
    "fr": ("19", "4 000", "dix-sept", "soixante et un", "quatre-vingts", "cinq cents", "3 %"),
    "it": ("19", "4.000", "diciassette", "sessantuno", "cinquecento", "ventotto", "3 %"),
    "nl": ("19", "4.000", "zeventien", "eenenzestig", "vijfhonderd", "3 procent"),
    "pt": ("19", "4.000", "dezassete", "sessenta e um", "quinhentos", "oitocentas", "3 %"),
}


@cache
def translation(version, language):
    return Translation(LOCKS[version], language)


def judged(language, of, text, quote):
    return translation(of.version, language).accept(Draft(text=text, label="P1", quote=quote))


def with_more(text, words):
    """Return a sentence with words put into each place of it, in place of one and beside it."""
    plain = text.split()
    places = range(len(plain))
    return [
        *(" ".join([*plain[:at], words, *plain[at:]]) for at in (*places, len(plain))),
        *(" ".join([*plain[:at], words, *plain[at + 1 :]]) for at in places),
    ]


@pytest.mark.parametrize(("language", "of", "text", "quote"), TRUE)
def test_a_true_translation_stands_on_the_original_words(language, of, text, quote):
    found = judged(language, of, text, quote)

    assert isinstance(found, Bullet), found.reasons
    assert found.text == text
    assert found.evidence[0].quote == quote
    assert all(holds(span, of) for span in found.evidence)


@pytest.mark.parametrize(("kind", "language", "text", "quote"), FALSE)
def test_what_can_be_told_is_refused(kind, language, text, quote):
    found = judged(language, BRIDGE, text, quote)

    assert not isinstance(found, Bullet)
    assert kind in {one for one, _ in found.reasons}


def test_no_invented_name_is_said_at_any_place():
    told = [
        (text, isinstance(judged(language, of, text, quote), Bullet))
        for turn, (language, of, true, quote) in enumerate(TRUE)
        for at, name in enumerate(NAMES)
        for text in with_more(true, name)[(turn + at) % SKIPPED :: SKIPPED]
    ]
    passed = [text for text, said in told if said]
    assert len(told) > 1_000
    assert len(passed) <= len(told) / 100, passed


def test_no_invented_number_is_said_at_any_place():
    told = [
        (text, isinstance(judged(language, of, text, quote), Bullet))
        for turn, (language, of, true, quote) in enumerate(TRUE)
        for at, number in enumerate(NUMBERS[language])
        for text in with_more(true, number)[(turn + at) % SKIPPED :: SKIPPED]
    ]
    passed = [text for text, said in told if said]
    assert len(told) > 500
    assert passed == []


def test_only_the_very_words_stand_between_quote_marks():
    said = "La maire Ada Byron a dit : « {} »"
    quote = BRIDGE.paragraphs[2]
    translated = judged("fr", BRIDGE, said.format("nous avons pris la moins chère"), quote)
    assert {kind for kind, _ in translated.reasons} == {"quote"}
    exact = judged("fr", BRIDGE, said.format("We looked at 4 offers and took the cheapest"), quote)
    assert not isinstance(exact, Bullet) or "We looked" in exact.text


def test_without_exact_words_under_it_nothing_is_said():
    _, of, text, _ = TRUE[0]
    found = judged("fr", of, text, "le pont fermera pendant 7 semaines")
    assert {kind for kind, _ in found.reasons} == {MISQUOTED}


def test_what_stands_in_several_sentences_is_shown_with_all_of_them():
    text = "Le pont de Marlow fermera 7 semaines et les travaux coûteront 2,5 millions de livres"
    found = judged("fr", BRIDGE, text, BRIDGE.standfirst)
    assert [one.quote for one in found.evidence][:1] == [BRIDGE.standfirst]
    assert BRIDGE.paragraphs[3] in [one.quote for one in found.evidence]


def test_from_german_into_english():
    pool = article(
        url=None,
        language="de",
        paragraphs=[
            "Das Hallenbad nutzt die Abwärme von sechs Rechnern, sagte Ulrike Brandt am Montag.",
            "Die Leitung ist 900 Meter lang und kostet zwei Millionen Euro.",
        ],
    )
    into_english = Translation(Lock(pool), "en")

    def said(text, quote):
        return isinstance(into_english.accept(Draft(text=text, label="P1", quote=quote)), Bullet)

    first, second = pool.paragraphs
    assert said(
        "The pool uses the waste heat of six computers, Ulrike Brandt said on Monday", first
    )
    assert said("The pipe is 900 metres long and costs 2 million euros", second)
    assert not said("The pool uses the waste heat of 6 computers, Brandt said on Tuesday", first)
    assert not said("The pipe is 900 metres long and costs 2 million dollars", second)
    assert not said("Angela Merkel said the pool uses the waste heat of six computers", first)
    assert not said("The pool does not use the waste heat of six computers, Brandt said", first)


def test_a_day_or_month_is_the_same_in_all_languages():
    days = {"en": "on Monday in May", "fr": "lundi en mai", "es": "el lunes en mayo",
            "it": "lunedì a maggio", "nl": "maandag in mei", "pt": "segunda-feira em maio",
            "de": "am Montag im Mai"}  # fmt: skip
    assert {frozenset(dates_in(text, code)) for code, text in days.items()} == {
        frozenset({"weekday 0", "month 4"})
    }
    assert set(LANGUAGES) < set(days)
    assert dates_in("they may march", "en") == {}
