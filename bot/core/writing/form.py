"""Whether a sentence can be a bullet as it stands, and the few edits that change no fact.

Clauses and attributions are never cut: "prosecutors said" dropped turns an allegation into a
fact. What an edit may drop is a dateline, a leading connective and a pointer to a picture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.language.words import fold, stop_words, words
from bot.core.writing.signals import signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.language.words import Word
    from bot.core.writing.sentences import Sentence
    from bot.core.writing.signals import Signals

LEAST_WORDS = 5
MOST_WORDS = 60
# More characters than 60 words have in any language we know: what is longer was made by no writer.
_MOST_CHARACTERS = 1_000

# As in: LONDON, England (CNN) --; or: (Reuters) -
_DATELINE = re.compile(
    r"^(?:[A-Z][\w.,'’/ -]{1,40} )?\((?:CNN|CNN Business|AP|AFP|Reuters|UPI|dpa|EFE|Rolling Stone"
    r"|[A-Z][\w]+\.com|Mashable|EW)\)\s*(?:[-‐-―]+\s*)?"
)
_CITY = re.compile(r"^[A-Z]{3,}(?:[ ,]+[A-Z][\w.]+){0,3} [-‐-―]+ (?=[A-Z])")
_IN_PICTURE = re.compile(
    r" ?[(\[](?:(?:also |both |all )?(?:pictured|seen|shown|file photo|file)"
    r"(?:,? (?:above|below|left|right|cent(?:er|re)|together|here|inset|in \d{4}|second|from"
    r"|far|with|top|bottom|on|the|and|her|his|left to right|last|this|week|year|month))*"
    r"|(?:above|below|left|right|foto|photo|im Bild|en la foto))[)\]]",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"scroll (?:down|over)|click here|contributed to (?:this|the) (?:report|story|article)"
    r"|read more|sign up (?:for|to)|follow (?:us|@|\w+ on (?:twitter|facebook))|copyright"
    r"|all rights reserved|watch (?:the |this )?(?:video|full)|see (?:more|also|video|photos)"
    r"|opinions expressed|is a contributor to|solely those of|join the conversation"
    r"|for (?:confidential )?(?:help|support)[ ,].{0,40}\bcall|visit www|newsletter"
    r"|more from cnn|e-?mail us|photo credit|getty images|tell us (?:what|in the comments)"
    r"|this (?:story|article|post) (?:was|has been|originally|first)|have your say"
    r"|^(?:by )?(?:daily mail|mail ?online|associated press)[\w ]* reporter\b"
    r"|^(?:last )?updated(?: at\b|:)|^published(?: at\b|:)|^https?://\S+$"
    r"|spoiler alert|hier klicken|lesen sie (?:auch|mehr)|lire aussi|lea también|leggi anche"
    r"|lees ook",
    re.IGNORECASE,
)
_OPENING, _CLOSING = "“„«‘‚‹", "”»’›"
_END = ".!?…"
# An opening mark may stand before a capital or a number; "iPhone" begins small.
_BEGINS = re.compile(rf"[\"'(\[{_OPENING}]{{0,3}}(?:[^\W_a-zß-ÿ]|[@#$£€¥]|[a-z][A-Z])")
# Who speaks, as interviews and transcripts print it.
_SPEAKER = re.compile(r"(?:Q|A|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}): ")
_IN_QUOTES = re.compile(r"[\"“„«][^\"”«»]*[\"”»]|(?<!\w)['‘][^'’]*(?:['’](?=\w)[^'’]*)*['’](?!\w)")
_POINTS_ELSEWHERE = re.compile(r"There,|\w+ing\b[^,]*, (?:he|she|it|they)\b")
_PAIRS = {"(": ")", "[": "]"}
_LONGEST_ABBREVIATION = 40
_ABBREVIATION = re.compile(r"(?:\b\w\.(?:\w\.)+|\b(?:Inc|Corp|Ltd|Co|Jr|Sr|etc|St|Mr|Mrs|Dr)\.)$")


def is_boilerplate(text: str) -> bool:
    """Tell whether a sentence belongs to the page, not to the story."""
    return _BOILERPLATE.search(text) is not None


def bullet_text(sentence: str, language: str | None) -> str:
    """Return a sentence as a bullet: safe edits made, no final full stop."""
    text = _CITY.sub("", _DATELINE.sub("", " ".join(sentence.split())))
    if "(" in text or "[" in text:
        text = _IN_PICTURE.sub("", text)
    return _without_full_stop(without_connective(text, language).strip())


def without_connective(text: str, language: str | None) -> str:
    """Return the text without one leading connective, its next letter raised."""
    match = re.match(r"(?P<word>[^\W\d_]+),? +(?=\w)", text)
    if not match or fold(match["word"]) not in signals(language).connective:
        return text
    rest = text[match.end() :]
    return rest[0].upper() + rest[1:]


def _without_full_stop(text: str) -> str:
    tail = len(text)
    while tail and (text[tail - 1] in _CLOSING or text[tail - 1] in "\"')]"):
        tail -= 1
    if not tail or text[tail - 1] != "." or text[:tail].endswith("..."):
        return text
    if tail == len(text) and _ABBREVIATION.search(text[-_LONGEST_ABBREVIATION:]):
        return text
    return text[: tail - 1] + text[tail:]


def stands_alone(sentence: Sentence, language: str | None) -> bool:
    """Tell whether a sentence can be read without the ones around it.

    It is whole (an end mark, balanced quotes and brackets, no question, not in the first
    person) and no pronoun, demonstrative or tie at its opening points elsewhere.
    """
    if len(sentence.text) > _MOST_CHARACTERS or not is_whole(sentence.text):
        return False
    if not LEAST_WORDS <= len(sentence.words) <= MOST_WORDS:
        return False
    kinds = signals(language)
    text = bullet_text(sentence.text, language)
    return not (_dangles(text, language, kinds) or _is_personal(text, kinds))


def is_whole(text: str) -> bool:
    """Tell whether a text has a sentence's end, and closes every quote and bracket it opens."""
    bare = text.rstrip("\"')]" + _CLOSING + " ")
    if not bare or bare[-1] not in _END or bare[-1] == "?" or bare.endswith("..."):
        return False
    if not _BEGINS.match(text):
        return False
    if _SPEAKER.match(text) or any(
        text.count(one) != text.count(other) for one, other in _PAIRS.items()
    ):
        return False
    return _quotes_close(text)


def _quotes_close(text: str) -> bool:
    if (
        text.count('"') % 2
        or text.count("“") != text.count("”")
        or text.count("«") != text.count("»")
    ):
        return False
    opened = len(re.findall(r"(?:^|(?<=[\s(\[\"“—–-]))['‘](?=[\w£$€])(?!\d0s|em\b|til\b)", text))
    closed = len(re.findall(r"(?<=[\w.,!?%)])['’](?=$|[\s.,;:!?)\"”—–-])(?<!s['’])", text))
    plural = len(re.findall(r"(?<=s)['’](?=$|[\s.,;:!?)\"”—–-])", text))
    return closed <= opened <= closed + plural


def _dangles(text: str, language: str | None, kinds: Signals) -> bool:
    """Whether the opening points at a sentence before.

    The opening is all words up to the first that a pronoun could stand for.
    """
    found = words(text[:80])
    folded = [fold(word.text) for word in found]
    if not folded or folded[0] in kinds.tie | kinds.connective:
        return True
    if _opens_badly(text, folded, kinds):
        return True
    opening = folded[: _named_at(found, folded, language, kinds)]
    return any(
        (_base(word) in kinds.pointer and not _is_date(folded, at, kinds))
        or (word in kinds.sequel and text[found[at].end : found[at].end + 1] == ",")
        for at, word in enumerate(opening)
    )


def _opens_badly(text: str, folded: Sequence[str], kinds: Signals) -> bool:
    """Whether it opens with "The move", a clause left alone, "There," or "Speaking ..., he"."""
    if folded[0] in kinds.article and len(folded) > 1 and folded[1] in kinds.vague:
        return True
    if folded[0] in kinds.clause and ("," not in text or text[len(folded[0])] == ","):
        return True
    return _POINTS_ELSEWHERE.match(text) is not None


def _named_at(
    found: Sequence[Word], folded: Sequence[str], language: str | None, kinds: Signals
) -> int:
    """Where the first word is that a pronoun could stand for: one with a meaning or a name.

    Days, months and numbers are neither: "On Saturday, he" still points back.
    """
    stops = stop_words(language)
    for at, word in enumerate(folded):
        if word in kinds.weekday | kinds.month | kinds.time | kinds.sequel or word[0].isdigit():
            continue
        if word not in stops or (at and found[at].text[0].isupper()):
            return at + 1
    return len(folded)


def _is_date(folded: Sequence[str], at: int, kinds: Signals) -> bool:
    return at + 1 < len(folded) and folded[at + 1] in kinds.time


def _is_personal(text: str, kinds: Signals) -> bool:
    """Whether the first person speaks outside of quote marks, or in a quote without a speaker."""
    plain = _IN_QUOTES.sub(" ", text)
    outside = {fold(word.text) for word in words(plain)}
    if outside & kinds.own:
        return True
    return len(outside) <= 1


def _base(word: str) -> str:
    """The pronoun of a contraction: "he's", "they'll"."""
    return word.partition("'")[0]
