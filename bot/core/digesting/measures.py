"""What a number measures: by the unit behind it, or by the words that it stands between."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.core.language.words import fold

if TYPE_CHECKING:
    from bot.core.writing.figures import Figure

    Measure = tuple[str, Decimal, int]

_DAY = Decimal(86_400)
_YEAR = Decimal("365.25") * _DAY
# what a unit measures, and how much of it one is
_UNITS: dict[str, tuple[str, Decimal]] = {
    "mile": ("length", Decimal("1609.344")),
    "kilometre": ("length", Decimal(1000)),
    "metre": ("length", Decimal(1)),
    "centimetre": ("length", Decimal("0.01")),
    "millimetre": ("length", Decimal("0.001")),
    "yard": ("length", Decimal("0.9144")),
    "foot": ("length", Decimal("0.3048")),
    "inch": ("length", Decimal("0.0254")),
    "hectare": ("area", Decimal(10_000)),
    "acre": ("area", Decimal("4046.86")),
    "kilogram": ("mass", Decimal(1)),
    "gram": ("mass", Decimal("0.001")),
    "lb": ("mass", Decimal("0.4536")),
    "ton": ("mass", Decimal(1000)),
    "tonne": ("mass", Decimal(1000)),
    "litre": ("volume", Decimal(1)),
    "gallon": ("volume", Decimal("3.785")),
    "second": ("time", Decimal(1)),
    "minute": ("time", Decimal(60)),
    "hour": ("time", Decimal(3600)),
    "day": ("time", _DAY),
    "week": ("time", 7 * _DAY),
    "month": ("time", _YEAR / 12),
    "year": ("time", _YEAR),
    "decade": ("time", 10 * _YEAR),
    "mph": ("speed", Decimal("1.609344")),
    "kmh": ("speed", Decimal(1)),
}
# short forms that `number_words.txt` does not have
_SHORT = {
    "cm": "centimetre",
    "mm": "millimetre",
    "g": "gram",
    "lb": "lb",
    "lbs": "lb",
    "min": "minute",
    "mins": "minute",
    "hrs": "hour",
    "m": "metre",
    "mi": "mile",
}
_SPELT_UNIT = re.compile(
    r"[\s-]?((?:centi|zenti|milli)m(?:et|èt|ét)\w+|cm|mm|g|lbs?|mins?|hrs|m|mi)(?!\w)",
    re.IGNORECASE,
)
_UNIT_OF_WORDS = re.compile(r"[\s-](?:d['’]|d[ei]\s)?[^\W\d_]+(?: cent)?")
_SPEED = re.compile(r"\s?(?:an|per|a|pro|par|por)\s(?:hour|stunde|heure|hora)|\s?(?:/|p)h\b")
_AGO = re.compile(r"\s(?:ago|earlier|before|zuvor|plus\stôt|atrás|antes)\b")
_AGO_BEFORE = re.compile(r"\b(?:vor|il\sy\sa|hace)\s$", re.IGNORECASE)
_AGED = re.compile(r"[\s-](?:years?|months?)[\s-]olds?\b|-jährig\w*", re.IGNORECASE)
_AGE_BEFORE = re.compile(
    r"(?:\baged?\s|\bage\sof\s|[^\W\d_]{2},\s|\("
    # "an electrician of 51", but "a number of"
    r"|\b(?:an?|the)\s(?:[\w-]+\s)?(?:man|woman|boy|girl|child"
    r"|(?!number|order|quarter|power|corner|member)\w+(?:er|or|ian|ist|ee))\sof\s)$"
)
_AGE_AFTER = re.compile(r"[,.);]|$|\s(?:and|who)\b")
_MOST_AGE = 115
_ORDINAL = re.compile(r"(?:st|nd|rd|th|º|ª)\b")
_TEMPERATURE = re.compile(
    r"\s?(?:°\s?|degrees?\s)?(?:C|F|Celsius|Fahrenheit)\b|\s?°|\s(?:degrees?|Grad|grados|degrés)\b"
)
_MAGNITUDE = re.compile(r"[\s-]magnitude\b")
_LABEL = re.compile(
    r"\b(flight|flug|vol|vuelo|route|highway|interstate|row|reihe|level|category|stage|phase|page"
    r"|room|gate|zone|channel|no\.?|number|model|chapter|platform|magnitude|stärke|magnitud)"
    r"\s(?:of\s|de\s)?$",
    re.IGNORECASE,
)
_ONE_LABEL = {
    "starke": "magnitude",
    "magnitud": "magnitude",
    "flug": "flight",
    "vol": "flight",
    "vuelo": "flight",
    "reihe": "row",
}
_NAMED = re.compile(r"(?<=[\w,] )([A-ZÀ-Þ][\w’'-]+)[\s-]$")
_COUNTS = re.compile(r"[\s-][^\W\d_]")
_FIRST_YEAR, _LAST_YEAR, _YEAR_DIGITS = 1500, 2100, 4
_LOOK_BACK = 30
_ONE = Decimal(1)


def measure(text: str, number: Figure) -> Measure:
    """Return what a number measures, the factor of its unit, and where its unit ends."""
    end = _unit_end(text, number)
    return (
        _of_form(text, number, end)
        or _of_unit(text, number, end)
        or _of_place(text, number)
        or ("count", _ONE, number.end)
    )


def _of_form(text: str, number: Figure, end: int) -> Measure | None:
    """Ages, ordinals and temperatures: what follows tells, whatever unit is in it."""
    for start in (number.end, end):
        if aged := _AGED.match(text, start):
            return "age", _ONE, aged.end()
    if ordinal := _ORDINAL.match(text, number.end):
        return "ordinal", _ONE, ordinal.end()
    degrees = _TEMPERATURE.match(text, number.end)
    if degrees and number.unit in ("", "degree"):
        return "temperature", _ONE, degrees.end()
    return ("temperature", _ONE, end) if number.unit == "degree" else None


def _of_unit(text: str, number: Figure, end: int) -> Measure | None:
    if number.unit in _UNITS:
        kind, factor = _UNITS[number.unit]
        speed = _SPEED.match(text, end) if kind == "length" else None
        if kind == "time" and (_AGO.match(text, end) or _AGO_BEFORE.search(text[: number.start])):
            kind = "ago"
        return ("speed", factor / 1000, speed.end()) if speed else (kind, factor, end)
    if number.unit:
        return f"unit {number.unit}", _ONE, end
    if match := _SPELT_UNIT.match(text, number.end):
        spelt = fold(match[1])
        unit = _SHORT.get(spelt, "millimetre" if spelt.startswith("milli") else "centimetre")
        kind, factor = _UNITS[unit]
        return kind, factor, match.end()
    return None


def _of_place(text: str, number: Figure) -> Measure | None:
    """Labels, years and ages: "Flight 417", "2015", "Elina Brask, 34, told"."""
    before = text[max(0, number.start - _LOOK_BACK) : number.start]
    whole = text[number.start : number.end]
    if _MAGNITUDE.match(text, number.end):
        return "label magnitude", _ONE, number.end
    if match := _LABEL.search(before):
        word = fold(match[1])
        return f"label {_ONE_LABEL.get(word, word)}", _ONE, number.end
    is_year = whole.isdecimal() and len(whole) == _YEAR_DIGITS
    if is_year and _FIRST_YEAR <= number.value <= _LAST_YEAR:
        return "year", _ONE, number.end
    aged = _AGE_BEFORE.search(before) and _AGE_AFTER.match(text, number.end)
    if aged and number.value <= _MOST_AGE:
        return "age", _ONE, number.end
    if (match := _NAMED.search(before)) and not _COUNTS.match(text, number.end):
        return f"label {fold(match[1])}", _ONE, number.end
    return None


def _unit_end(text: str, number: Figure) -> int:
    """Where the unit of a number ends that its span leaves out: "twenty miles"."""
    if not number.unit or not number.spelled:
        return number.end
    match = _UNIT_OF_WORDS.match(text, number.end)
    return match.end() if match else number.end
