"""What a model that must not be trusted makes of true lines: lies and wrong quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.standins.model_settings import LIES, MISQUOTES

if TYPE_CHECKING:
    import random

    from tests.standins.model_writing import Line, Task

_GIVEN = ("Quillon", "Ottoline", "Zebedee", "Thessaly", "Ignatz", "Wilhelmina", "Peregrine")
_LAST = ("Vasterby", "Brakkeveld", "Oduyanka", "Throckwell", "Lindqvar", "Institute", "Holdings")
_SPELLED = {
    "eleven": "11",
    "seventeen": "17",
    "forty-three": "43",
    "nine hundred": "900",
    "six thousand": "6,000",
    "two million": "2 million",
    "nineteen": "19",
}
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNITS = (
    "tonnes",
    "people",
    "per cent",
    "kilometres",
    "million euros",
    "weeks",
    "homes",
    "%",
    "kg",
)
_QUOTES = (
    "we were never asked about any of this",
    "nobody saw it coming and nobody cared",
    "I would do the same again tomorrow",
    "a black day for all who worked here",
)
_MARKS = ("“{}”", '"{}"', "‘{}’", "«{}»", "„{}“")
_OPPOSITES = {
    "rise": "fall", "rose": "fell", "risen": "fallen", "more": "fewer", "won": "lost",
    "increase": "decrease", "increased": "decreased", "up": "down", "higher": "lower",
    "open": "close", "opened": "closed", "before": "after", "first": "last", "approved": "rejected",
    "agreed": "refused", "largest": "smallest", "most": "least", "can": "cannot",
    "will": "will not", "is": "is not", "was": "was not", "are": "are not", "were": "were not",
    "has": "has not", "had": "had not", "said": "denied",
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"(?<!^)(?<![\n“\"‘(«])(?<![.!?:] )\b[A-Z][\w-]+(?: [A-Z][\w-]+)*")


@dataclass(frozen=True)
class Lie:
    """`words` stand in the `text` that was written and nowhere in the article."""

    kind: str
    words: str
    text: str
    place: str = ""


@dataclass(frozen=True)
class Misquote:
    kind: str
    label: str
    quote: str


class Liar:
    """Makes lines untrue, each in one way, and remembers how."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._turn = 0
        self.lies: list[Lie] = []
        self.misquotes: list[Misquote] = []

    def _next(self, kind: str, kinds: tuple[str, ...]) -> str:
        self._turn += 1
        if kind == "invented":
            kinds = tuple(one for one in kinds if one != "swap")
        return kinds[self._turn % len(kinds)] if kind in ("mixed", "invented") else kind

    def lie(self, line: Line, task: Task, kind: str) -> None:
        """Put one lie into the text of a line."""
        make = {
            "number": self._number,
            "name": self._name,
            "quote": self._quotation,
            "swap": self._swap,
        }
        told = make[self._next(kind, LIES)](line.text, task.article)
        line.text = told.text
        self.lies.append(told)

    # --- lies that are put in ---

    def _number(self, text: str, article: str) -> Lie:
        stated = list(_NUMBER.finditer(text))
        if stated and self._dice.random() < 0.4:
            return self._other_number(text, article, self._dice.choice(stated))
        words = self._invented_number(article)
        patterns = {"start": "After {}, ", "middle": " (or {})", "end": ", and {} more"}
        return self._put("number", text, words, patterns)

    def _other_number(self, text: str, article: str, stated: re.Match[str]) -> Lie:
        old = stated[0]
        digits = [at for at, sign in enumerate(old) if sign.isdecimal()]
        new = old
        while _said(new, article):
            at = self._dice.choice(digits)
            new = new[:at] + self._dice.choice("123456789") + new[at + 1 :]
            if self._dice.random() < 0.1:  # where all of that length are in the article
                new, digits = "1" + new, [0, *(one + 1 for one in digits)]
        return _replaced("number", text, article, stated.span(), new)

    def _invented_number(self, article: str) -> str:
        unit = self._dice.choice(_UNITS)
        if self._dice.random() < 0.4:
            unsaid = [
                word
                for word, digits in _SPELLED.items()
                if word not in article.lower() and digits not in article
            ]
            if unsaid:
                return f"{self._dice.choice(unsaid)} {unit.replace('%', 'per cent')}"
        while True:
            number = self._dice.choice(("{:,}", "{}")).format(self._dice.randrange(113, 98_765))
            if number not in article:
                return f"{number}{unit}" if unit == "%" else f"{number} {unit}"

    def _name(self, text: str, article: str) -> Lie:
        name = f"{self._dice.choice(_GIVEN)} {self._dice.choice(_LAST)}"
        while name in article:
            name = f"{self._dice.choice(_GIVEN)} {self._dice.choice(_LAST)}"
        patterns = {"start": "{} said: ", "middle": " with {}", "end": ", according to {}"}
        return self._put("name", text, name, patterns)

    def _quotation(self, text: str, article: str) -> Lie:
        words = self._dice.choice([one for one in _QUOTES if one not in article] or _QUOTES)
        marks = self._dice.choice(_MARKS)
        patterns = {"start": marks + ": ", "middle": f", {marks},", "end": f", calling it {marks}"}
        return self._put("quote", text, words, patterns)

    def _put(self, kind: str, text: str, words: str, patterns: dict[str, str]) -> Lie:
        place = self._dice.choice(("start", "middle", "end"))
        piece = patterns[place].format(words)
        match place:
            case "start":
                made = piece + text
            case "end":
                made = text + piece
            case _:
                gaps = [match.start() for match in re.finditer(r"\s", text)] or [len(text)]
                at = gaps[len(gaps) // 2]
                made = text[:at] + piece + text[at:]
        return Lie(kind, words, made, place)

    # --- lies made of what the article says ---

    def _swap(self, text: str, article: str) -> Lie:
        for pattern in (_NUMBER, _NAME):
            stated = list(pattern.finditer(text))
            others = sorted({match[0] for match in pattern.finditer(article)})
            if stated:
                old = self._dice.choice(stated)
                others = [one for one in others if one not in text and old[0] not in one]
                alike = [one for one in others if len(one) == len(old[0])]
                if others:
                    new = self._dice.choice(alike or others)
                    return _replaced("swap", text, article, old.span(), new)
        return _contradicted(text, article)

    # --- wrong quotations ---

    def misquote(self, line: Line, task: Task, kind: str) -> None:
        """Make the proof of a line wrong, the line itself stays true."""
        kind = self._next(kind, MISQUOTES)
        words = line.quote.split()
        at = len(words) // 2
        match kind:
            case "word":
                words[at] = "elsewhere" if words[at] != "elsewhere" else "nowhere"
            case "not":
                words.insert(at, "not")
            case "ellipsis":
                words[at] = self._dice.choice(("...", "…", "[…]"))
            case "short":
                words = words[:2]
            case "label":
                others = [one.label for one in task.passages if line.quote not in one.text]
                line.label = self._dice.choice(others or ["P99"])
            case _:
                line.label = self._dice.choice(("P99", "", "3", "p1!", "[P1]"))
        line.quote = " ".join(words)
        self.misquotes.append(Misquote(kind, line.label, line.quote))


def _said(number: str, article: str) -> bool:
    spelled = _SMALL[int(number)] if number in map(str, range(len(_SMALL))) else number
    return number in article or spelled in article.lower()


def _replaced(kind: str, text: str, article: str, span: tuple[int, int], new: str) -> Lie:
    start, end = span
    made = text[:start] + new + text[end:]
    end = start + len(new)
    while True:  # a word to each side: a number alone is found anywhere
        start = made.rfind(" ", 0, max(0, start - 1)) + 1
        gap = made.find(" ", end + 1)
        end = len(made) if gap < 0 else gap
        if made[start:end] not in article or (start, end) == (0, len(made)):
            return Lie(kind, made[start:end], made, "replaced")


def _contradicted(text: str, article: str) -> Lie:
    for match in re.finditer(r"\w+", text):
        if match[0] in _OPPOSITES:
            return _replaced("swap", text, article, match.span(), _OPPOSITES[match[0]])
    words = "Nobody believes any longer that"
    return Lie("swap", words, f"{words} {text}", "start")
