"""Why a page was not briefed, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.wording.places import (
    _TOO_MANY_REQUESTS,
    WORKING,
    is_number,
    name_of,
    plural,
    size_of,
)
from bot.model import Reason, Verdict

if TYPE_CHECKING:
    from bot.core.talking.wording.places import Hints
    from bot.model import Reading


_NOT_BRIEFED: dict[Verdict | tuple[Verdict, Reason], str] = {
    Verdict.ARTICLE: "{name} was read.",
    Verdict.TEASER: "{name} shows only its beginning; the rest is behind a paywall. {paste}",
    Verdict.CONSENT_WALL: "{name} shows a cookie notice in place of the article. {paste}",
    Verdict.BOT_WALL: "{name} lets no program in{status}. {paste}",
    Verdict.NEEDS_JAVASCRIPT: "{name} builds its text with JavaScript, which I don't run. {paste}",
    Verdict.NOT_AN_ARTICLE: "{name} is not an article (a home page, a list or a video). "
    "Give me one article's link.",
    (Verdict.NOT_AN_ARTICLE, Reason.EMPTY): "{name} is empty. Give me a link, a file or a text "
    "with something in it.",
    (Verdict.NOT_AN_ARTICLE, Reason.NO_TEXT): "{name} holds too little text to brief. {paste}",
    Verdict.GONE: "{name} is gone{status}. Check the link, or look for it on the site.",
    Verdict.TOO_LARGE: "{name} is over the limit{limit}. {paste}",
    Verdict.UNSUPPORTED: "{name} is of a type I don't read{kind}. I read web pages, PDF, .txt "
    "and .md.",
    (Verdict.UNSUPPORTED, Reason.BINARY): "{name} is not text{kind}. I read web pages, PDF, .txt "
    "and .md.",
    (Verdict.UNSUPPORTED, Reason.SCANNED_PDF): "{name} is a scanned PDF: pictures of pages, no "
    "text. {paste}",
    (Verdict.UNSUPPORTED, Reason.ENCRYPTED_PDF): "{name} is a PDF with a password. Save it "
    "without one and try again.",
    (Verdict.UNSUPPORTED, Reason.BROKEN_PDF): "{name} is a damaged PDF. Save or download it again.",
    (Verdict.UNSUPPORTED, Reason.HOSTILE): "{name} could not be taken apart safely. {paste}",
    (Verdict.UNSUPPORTED, Reason.ENCODING): "{name} came packed in a way I don't unpack. {paste}",
    Verdict.REFUSED: "{name} is not a working web address. Check it for typing errors.",
    (Verdict.REFUSED, Reason.PRIVATE_ADDRESS): "{name} is on a private network, where I don't go. "
    "If it is your own site, add its host to BRIEFBOT_FETCH_ALLOW_HOSTS.",
    (Verdict.REFUSED, Reason.DENIED_HOST): "{name} is on this installation's list of sites not "
    "to fetch.",
    (Verdict.REFUSED, Reason.SCHEME): "{name} is no web address. I read http and https links.",
    (Verdict.REFUSED, Reason.PORT): "{name} uses an unusual port. If it is your own site, add "
    "host:port to BRIEFBOT_FETCH_ALLOW_HOSTS.",
    (Verdict.REFUSED, Reason.USER_INFO): "That link carries a user name or password. Give me the "
    "link without it.",
    Verdict.UNREACHABLE: "{name} could not be reached. Check the address and your network.",
    (Verdict.UNREACHABLE, Reason.NO_SUCH_HOST): "{name} was not found. Check the address and your "
    "network.",
    (Verdict.UNREACHABLE, Reason.TIMEOUT): "{name} took too long to answer. Try again in a minute.",
    (Verdict.UNREACHABLE, Reason.TLS): "{name} has no valid certificate, so I can't be sure who "
    "answers there. Tell its owner, or try the link in a browser.",
    (Verdict.UNREACHABLE, Reason.TOO_MANY_REDIRECTS): "{name} sends me in circles. Open it in a "
    "browser and give me the final link.",
    (Verdict.UNREACHABLE, Reason.SERVER_ERROR): "{name} has a problem of its own{status}. Try "
    "again in a minute.",
    (Verdict.UNREACHABLE, Reason.HTTP_STATUS): "{name} answered with an error{status}. Open it in "
    "a browser first.",
}


def verdict(reading: Reading, hints: Hints) -> str:
    """Say why a page was not briefed, and what to do."""
    template = _NOT_BRIEFED.get((reading.verdict, reading.reason), _NOT_BRIEFED[reading.verdict])
    number = is_number(reading.detail)
    if reading.verdict is Verdict.BOT_WALL and reading.detail == _TOO_MANY_REQUESTS:
        template = "{name} has had too many requests from here. Try again in an hour."
    return template.format(
        name=name_of(reading.source),
        paste=hints.paste,
        status=f" (HTTP {reading.detail})" if number else "",
        limit=f" of {size_of(reading.detail)}" if number else "",
        kind=f" ({name_of(reading.detail)})" if reading.detail else "",
    )


def reading_sign(count: int) -> str:
    """Say what takes a while."""
    return WORKING if count == 1 else f"Reading {plural(count, 'article')} …"
