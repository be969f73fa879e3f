"""What a model that does as it is told writes: sentences of the article, with their proof."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.standins.model_requests import content_of

_PASSAGE = re.compile(r"\[((?:\d+\.)?([A-Z]+)\d*)\][ \t]+(\S.*)")
_WANTED = re.compile(r"\bWrite (\w+)(?: ?(?:to|-|–) ?(\w+))? bullets?\b")
_IN_ALL = re.compile(r"\b(\d+) bullets? in all\b")
_QUESTION = re.compile(r"^Question: *(.*)", re.MULTILINE | re.DOTALL)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"”’»)]))\s+(?=[“\"„«‘(]?[^\Wa-z])|(?<=[。！？])")
_SHORT_FORM = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|Sen|Gov|Jr|No|vs|[A-Z])|\.[A-Za-z])\.$")
_SPOKEN_OF = re.compile(r"(?:He|She|It|They|This|That|These|Those|But|And)\b")
_COMMON = frozenset(
    "what when where which whose about does have they that this with "  # noqa: SIM905 - 47 lines
    "from were been will would there their them then than into much many said says tell "
    "article the and for are was who how did has had his her its not but you any why".split()
)


@dataclass(frozen=True)
class Passage:
    label: str
    kind: str  # the letters of the label
    text: str


@dataclass
class Line:
    """A bullet or an answer, and what bears it out."""

    text: str
    label: str
    quote: str


@dataclass(frozen=True)
class Task:
    """What a prompt asks for; "" is neither a brief nor an answer."""

    kind: str
    repair: bool = False
    wanted: int = 3
    question: str = ""
    passages: tuple[Passage, ...] = ()
    labels: tuple[str, ...] = ()  # of the bullets to repair

    @property
    def article(self) -> str:
        return "\n".join(one.text for one in self.passages)


@dataclass
class Written:
    task: Task
    found: bool = True
    lines: list[Line] = field(default_factory=list)

    def insist(self) -> None:
        """Find an answer where there is none."""
        if not self.lines and self.task.passages:
            first = self.task.passages[0]
            self.lines = [_line(first.label, first_sentence(first.text))]
        self.found = True

    def as_json(self) -> dict[str, Any]:
        if self.task.kind == "brief":
            return {"bullets": [vars(line) for line in self.lines]}
        return {
            "found": self.found,
            "answer": self.lines[0].text if self.lines and self.found else "",
            "quotes": [{"label": one.label, "quote": one.quote} for one in self.lines],
        }


# --- the prompt ------------------------------------------------------------------------------


def task_of(body: dict[str, Any]) -> Task:
    """Read a prompt as our prompts are built; see prompts/README.md."""
    told = "\n".join(content_of(one) for one in body["messages"] if one["role"] != "user")
    asked = next(content_of(one) for one in reversed(body["messages"]) if one["role"] == "user")
    inside, after = _parts(asked)
    passages = tuple(
        Passage(match[1], match[2], match[3].strip())
        for line in inside.splitlines()
        if (match := _PASSAGE.match(line.strip()))
    )
    question = _QUESTION.search(after) or _QUESTION.search(asked)
    in_all = _IN_ALL.search(after)
    known = {one.label for one in passages}
    labels = dict.fromkeys(one for one in re.findall(r"[\w.]+", after) if one in known)
    repair = bool(in_all) or "not accepted" in after
    return Task(
        kind=_kind(body, told),
        repair=repair,
        wanted=int(in_all[1]) if in_all else _wanted(told),
        question=question[1].strip() if question else "",
        passages=passages,
        labels=tuple(labels) if repair else (),
    )


def _kind(body: dict[str, Any], told: str) -> str:
    name = (body.get("response_format") or {}).get("json_schema", {}).get("name", "")
    for kind, sign in (("brief", '"bullets"'), ("answer", '"found"')):
        if kind in name or (not name and sign in told):
            return kind
    return ""


def _parts(asked: str) -> tuple[str, str]:
    """Return what stands between the two lines with the mark, and what follows."""
    lines = asked.strip().splitlines()
    mark = lines[0].strip()
    for number in range(len(lines) - 1, 0, -1):
        if lines[number].strip() == mark:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return asked, ""


def _wanted(told: str) -> int:
    match = _WANTED.search(told)
    for one in (match[2], match[1]) if match else ():
        if one and one.isdecimal():
            return int(one)
        if one and one.lower() in _NUMBERS:
            return _NUMBERS.index(one.lower()) + 1
    return 3


# --- the writing -----------------------------------------------------------------------------


def written(task: Task) -> Written:
    """Do what the prompt asks for, well."""
    return _answer(task) if task.kind == "answer" else _brief(task)


def _brief(task: Task) -> Written:
    lines = {one.label: _line(one.label, first_sentence(one.text)) for one in task.passages}
    order = [one.label for one in task.passages]
    told = [one.label for one in task.passages if one.kind in ("S", "P")]
    good = [label for label in told if _reads_well(lines[label].quote)]
    chosen = dict.fromkeys((*task.labels, *good, *told, *order))
    proven = [label for label in chosen if length(lines[label].quote) >= 4][: task.wanted]
    if not task.repair:
        proven.sort(key=order.index)
    return Written(task, lines=[lines[label] for label in proven])


def _answer(task: Task) -> Written:
    asked = _terms(task.question)
    best, most = None, 0
    for passage in task.passages:
        for sentence in sentences(passage.text):
            shared = len(asked & _terms(sentence))
            if shared > most and length(sentence) >= 4:
                best, most = _line(passage.label, sentence), shared
    found = most >= max(1, len(asked) / 3)
    return Written(task, found=found, lines=[] if best is None else [best])


def _line(label: str, sentence: str) -> Line:
    return Line(text=_without_stop(sentence), label=label, quote=sentence)


def _without_stop(sentence: str) -> str:
    return re.sub(r"(?<=\w)[.。]$", "", sentence)


def _reads_well(sentence: str) -> bool:
    return 8 <= length(sentence) <= 27 and not _SPOKEN_OF.match(sentence)


def sentences(text: str) -> list[str]:
    """Cut roughly: after a stop, before anything but a small letter, not inside “ ”."""
    made, start = [], 0
    for end in (*(match.start() for match in _END.finditer(text)), len(text)):
        piece = text[start:end].strip()
        inside = piece.count("“") > piece.count("”") and end < len(text)
        if piece and not inside and not (_SHORT_FORM.search(piece) and end < len(text)):
            made.append(piece)
            start = end
    return made


def first_sentence(text: str) -> str:
    return sentences(text)[0]


def length(text: str) -> int:
    """Count words; two characters are one where words are not spaced."""
    wide = len(re.findall(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]", text))
    return len(text.split()) + wide // 2


def _terms(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {one[:6] for one in words if (len(one) > 2 or one.isdecimal()) and one not in _COMMON}
