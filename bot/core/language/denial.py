"""Whether a text denies something, or turns round what was said."""

from __future__ import annotations

import re

_DENIAL = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|without|except|cannot|neither|nor|unlike|other than)\b"
    r"|\b(?:lack(?:s|ed|ing)?|fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)|den(?:y|ies|ied))\b"
    r"|\b(?:stop(?:s|ped)?|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|ban(?:s|ned)?)\b"
    r"|\b(?:rarely|seldom|hardly|least|\w+n['’]t)\b"
    r"|\bun(?:able|likely|known|related|important|popular)\b"
    r"|\b(?:nicht|nie|niemals|kein\w*|ohne|niemand\w*|nichts|weder|kaum)\b"
    r"|\b(?:pas|jamais|aucune?|personne|rien|sans|ni)\b"
    r"|\b(?:nunca|jamás|ning[uú]n\w*|nadie|nada|sin|tampoco)\b",
    re.IGNORECASE,
)
_TURNING = re.compile(
    r"\b(?:opposite|contrary|untrue|false(?:ly|hood)?|hoax|fake[ds]?|fabricat\w+|disprove[dns]?)\b"
    r"|\b(?:gegenteil|falsch\w*|unwahr\w*|gefälscht\w*|fälschung\w*)\b"
    r"|\b(?:contraire|faux|fausse\w*|contrario|fals[oa]s?)\b",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Tell whether a text holds a denial."""
    return _DENIAL.search(text) is not None


def turns(text: str) -> int:
    """Return how often a text denies something, or says that something is false."""
    return sum(1 for pattern in (_DENIAL, _TURNING) for _ in pattern.finditer(text))
