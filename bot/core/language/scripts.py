"""Which script a letter is of."""

from __future__ import annotations

import re
import unicodedata


def script_of(sign: str) -> str:
    """Return the script of a letter as its Unicode name begins: LATIN, CYRILLIC, CJK.

    Anything where it is no letter, empty where it has no name.
    """
    return re.split("[ -]", unicodedata.name(sign, ""), maxsplit=1)[0]
