"""Numbers are read whichever way they are written."""

from decimal import Decimal

import pytest

from bot.core.writing.figures import figures, unmatched


def read(text, language="en"):
    return [(figure.value, figure.unit) for figure in figures(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("1,500,000 people", "en", "1500000", ""),
        ("1.5 million people", "en", "1500000", ""),
        ("£1.2bn", "en", "1200000000", "pound"),
        ("$5m", "en", "5000000", "dollar"),
        ("2½ million", "en", "2500000", ""),
        ("twenty-five", "en", "25", ""),
        ("two hundred and five", "en", "205", ""),
        ("three thousand", "en", "3000", ""),
        ("fifty per cent", "en", "50", "percent"),
        ("50%", "en", "50", "percent"),
        ("the 50th", "en", "50", ""),
        ("lows of -5", "en", "-5", ""),
        ("minus 5", "en", "-5", ""),
        ("in the 1990s", "en", "1990", ""),
        ("1.500 Menschen", "de", "1500", ""),
        ("1,5 Millionen Euro", "de", "1500000", "euro"),
        ("3,4 Prozent", "de", "3.4", "percent"),
        ("1\u202f500 personnes", "fr", "1500", ""),
        ("dos millones", "es", "2000000", ""),
        ("zweihundertfünfundzwanzig", "de", "225", ""),
        ("zwölftausenddreihundert", "de", "12300", ""),
        ("12 tausend", "de", "12000", ""),
        ("driehonderdtweeëntwintig weken", "nl", "322", "week"),
        ("ventotto giorni", "it", "28", "day"),
        ("duecentocinquanta", "it", "250", ""),
        ("12 per cento", "it", "12", "percent"),
        ("treinta y cinco días", "es", "35", "day"),
        ("mil novecientos noventa y nueve", "es", "1999", ""),
        ("12 por ciento", "es", "12", "percent"),
        ("tres millones de libras", "es", "3000000", "pound"),
        ("cento e vinte e cinco", "pt", "125", ""),
        ("quatre-vingt-dix-sept", "fr", "97", ""),
        ("vingt et un jours", "fr", "21", "day"),
        ("cent personnes", "fr", "100", ""),
        ("2,5 millions d'euros", "fr", "2500000", "euro"),
        ("femogtyve", "da", "25", ""),
    ],
)
def test_a_number_is_its_value_and_unit(text, language, value, unit):
    assert read(text, language) == [(Decimal(value), unit)]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("Tito og Toni", "da", []),
        ("dos y tres", "es", [2, 3]),
        ("treinta y cuarenta", "es", [30, 40]),
        ("twenty and five", "en", [20, 5]),
        ("hundreds and thousands", "en", []),
    ],
)
def test_two_numbers_are_not_one(text, language, values):
    assert [value for value, _ in read(text, language)] == values


def test_ranges_and_scores_are_not_negative():
    assert [value for value, _ in read("won 3-0, aged 5-10")] == [3, 0, 5, 10]


def test_one_is_mostly_no_number():
    assert read("one of the men") == []


def test_units_conflict_only_when_both_are_named():
    percent, dollars, plain = (figures(text, "en")[0] for text in ("5%", "$5", "5"))

    assert unmatched([percent], [plain]) == unmatched([plain], [percent]) == []
    assert unmatched([percent], [dollars]) == [percent]
