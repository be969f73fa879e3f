r"""Addresses: which are links, which may be dialled, and which are one and the same article.

Stricter than a browser on purpose. What a browser repairs (`http:\\host`, `0x7f.1`, `%31.0.0.1`)
is refused here, so that the address that was checked is the address that is dialled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

from bot.model import Reason

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST = 8_192
_DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKERS = frozenset(
    "fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid twclid "  # noqa: SIM905 - 52 lines
    "ttclid li_fat_id igshid igsh ito ico cmpid cmp wt_mc icid ncid ocid smid smtyp mkt_tok "
    "xtor s_cid sr_share spm dicbo guccounter guce_referrer guce_referrer_sig soc_src soc_trk "
    "tpcc srnd sref reflink ref_src ref_url _ga _gl usqp s_kwcid ef_id epik hss_channel dm_i "
    "ml_subscriber ck_subscriber_id nr_email_referer rb_clickid zanpid wickedid "
    "__twitter_impression".split()
)
_TRACKER_PREFIXES = (
    "utm_",
    "ns_",
    "at_",
    "mc_",
    "pk_",
    "mtm_",
    "hsa_",
    "_hs",
    "wt.",
    "fb_",
    "amp_",
)
_AMP_SWITCHES = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")})
_TWIN_LABELS = frozenset({"m", "mobile", "amp"})

_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_SHAPE = re.compile(
    r"([a-z][a-z0-9+.-]*):(?://([^/?#]*)([^#]*)(#.*)?|.*)\Z", re.IGNORECASE | re.DOTALL
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_NUMBER = re.compile(r"([0-9]+|0x[0-9a-f]*)\Z")
_LINK = re.compile(
    r"(?:https?://|(?<![\w@./-])www\.(?=\w))"
    r"[^\s<>\"`|\\^{}\u3000-\u3003\u3008-\u301b\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]{1,8192}",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'*_~\u2018\u2019\u201c\u201d\u00ab\u00bb\u2026"
_BRACKETS = {")": "(", "]": "["}
_ESCAPE = re.compile(r"%([0-9a-f]{2})", re.IGNORECASE)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AMP_ENDING = re.compile(r"(?<=[^/])(?:(?:/amp)+/?|(?:\.amp)+(?P<html>\.html?)?)\Z", re.IGNORECASE)
_AMP_CACHE = re.compile(r".+\.cdn\.ampproject\.org\Z|(?:www\.)?google(?:\.[a-z]{2,3}){1,2}\Z")
_AMP_COPY = re.compile(r"/(?:amp|[a-z])(?:/(?P<tls>s))?/(?P<rest>[^/]+\..*)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an address is not taken; `detail` names the scheme, port or host at fault."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A well-formed web address, all in printable ASCII, escaped where it was not.

    `host` is lower-case, without a final dot or an IPv6 literal's brackets; `path` starts with
    a slash; `query` has no question mark; `fragment` keeps its `#`.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""
    fragment: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and, unless it is the scheme's own, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        """What is to be dialled: everything but the fragment."""
        return self.origin + self.path + (f"?{self.query}" if self.query else "")


def parse(url: str) -> Address | Refusal:
    """Take an address apart, or say what is wrong with it. Never raises."""
    text = url.strip()
    if len(text) > _LONGEST or _CONTROL.search(text.replace(" ", "")):
        return Refusal(reason=Reason.MALFORMED_URL)
    shape = _SHAPE.match(text)
    if shape is None:
        return Refusal(reason=Reason.MALFORMED_URL)
    scheme = shape[1].lower()
    if scheme not in _DEFAULT_PORTS:
        return Refusal(reason=Reason.SCHEME, detail=scheme)
    authority = shape[2] or ""
    if "@" in authority:
        return Refusal(reason=Reason.USER_INFO, detail=authority.rpartition("@")[2])
    host, port = _host_and_port(authority, _DEFAULT_PORTS[scheme])
    if not host:
        return Refusal(reason=Reason.MALFORMED_URL, detail=authority)
    path, _, query = (shape[3] or "").partition("?")
    return Address(
        scheme=scheme,
        host=host,
        port=port,
        path=_escaped(path or "/"),
        query=_escaped(query),
        fragment=_escaped(shape[4] or ""),
    )


def links(text: str) -> tuple[str, ...]:
    """Return the web addresses in a message, in order, each article once.

    What follows a link in running text (full stops, closing quotes and brackets) is not part of
    it. Addresses that cannot be read are returned too, so that somebody can be told why.
    """
    found: dict[str, str] = {}
    for match in _LINK.finditer(text):
        link = _without_trailing(match[0])
        if link[:4].lower() == "www.":
            link = f"https://{link}"
        if link.rstrip("/").endswith(":"):
            continue
        found.setdefault(canonical(link), link)
    return tuple(found.values())


def canonical(url: str, declared: str | None = None) -> str:
    """Return the one address under which an article is known, however it was linked.

    Tracking parameters, fragments, AMP and mobile twins go; https stands for both schemes.
    `declared` is the page's own `rel=canonical`, believed only within the same registrable
    domain and port, and not if it is the bare home page. An address that `parse` refuses comes
    back as it is.
    """
    address = parse(url)
    if isinstance(address, Refusal):
        return url.strip()
    address = _out_of_amp_cache(address)
    claimed = _believed(address, declared) if declared else None
    return _spelled(claimed or address)


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - 50 ms, for few addresses

    return PublicSuffixList()


def registrable_domain(host: str) -> str:
    """Return what one owner registered: `news.example.co.uk` gives `example.co.uk`.

    A number, a public suffix and a single label are domains of their own.
    """
    if ":" in host or _NUMBER.match(host.rpartition(".")[2]):
        return host
    domain: str | None = _suffixes().privatesuffix(host)
    return domain or host


@cache
def _known_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - as above

    return PublicSuffixList(accept_unknown=False)


def is_public_suffix(ending: str) -> bool:
    """Tell whether names are registered below a label, lower case: com, uk, museum."""
    return bool(_known_suffixes().publicsuffix(ending) == ending)


def _host_and_port(authority: str, default: int) -> tuple[str, int]:
    """Return ("", 0) for what is neither a name nor a number."""
    host, colon, digits = authority.rpartition(":")
    if not colon or digits.endswith("]"):
        host, digits = authority, ""
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= 5):  # noqa: PLR2004 - 65535
        return "", 0
    port = int(digits) if digits else default
    if not 0 < port < 65_536:  # noqa: PLR2004 - 16 bits
        return "", 0
    return host_of(host), port


def host_of(host: str) -> str:
    """Return a host as `Address` spells it, "" for what is neither a name nor a number.

    An IPv6 address stands in brackets, as in a web address.
    """
    if host.startswith("["):
        closed = host.endswith("]") and "%" not in host
        return _number(IPv6Address, host[1:-1]) if closed else ""
    name = (host if host.isascii() else _to_ascii(host)).lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.match(label) for label in labels):  # noqa: PLR2004 - RFC 1035
        return ""
    if _NUMBER.match(labels[-1]):  # a browser reads all of these as IPv4, in many spellings
        return _number(IPv4Address, name)
    return name


def _number(kind: type[IPv4Address | IPv6Address], text: str) -> str:
    try:
        return str(kind(text))
    except ValueError:
        return ""


def _to_ascii(host: str) -> str:
    import idna  # noqa: PLC0415 - 13 ms, for few hosts

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _escaped(text: str) -> str:
    return quote(text, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")


def _without_trailing(link: str) -> str:
    """Cut what belongs to the sentence; a bracket stays if it was opened within the link."""
    while link:
        last = link[-1]
        opening = _BRACKETS.get(last)
        if last not in _TRAILING and (opening is None or link.count(last) <= link.count(opening)):
            break
        link = link[:-1]
    return link


def _out_of_amp_cache(address: Address) -> Address:
    """Return the page that one of Google's copies is a copy of."""
    copy = _AMP_COPY.match(address.path) if _AMP_CACHE.match(address.host) else None
    if copy is None:
        return address
    query = f"?{address.query}" if address.query else ""
    page = parse(f"{'https' if copy['tls'] else 'http'}://{copy['rest']}{query}")
    return address if isinstance(page, Refusal) else _out_of_amp_cache(page)


def _believed(address: Address, declared: str) -> Address | None:
    try:
        claim = parse(urljoin(address.url, declared.strip()))
    except ValueError:
        return None
    if isinstance(claim, Refusal) or (claim.path == "/" and not claim.query):
        return None
    if registrable_domain(claim.host) != registrable_domain(address.host):
        return None
    ports = {claim.port, address.port}
    return claim if len(ports) == 1 or ports == set(_DEFAULT_PORTS.values()) else None


def _spelled(address: Address) -> str:
    """Write an address in its one spelling; its own port keeps its scheme."""
    if address.port in _DEFAULT_PORTS.values():
        address = replace(address, scheme="https", port=443)
    host = _desktop(address.host)
    origin = address.origin.replace(address.host, host, 1)
    path, query = _path(address.path), _query(address.query)
    fragment = address.fragment if address.fragment.startswith("#!") else ""
    return origin + path + (f"?{query}" if query else "") + fragment


def _desktop(host: str) -> str:
    """Merge mobile and AMP hosts: `m.example.com` is `www.example.com`, as three in four are."""
    if _TWIN_LABELS.isdisjoint(host.split(".")):
        return host
    domain = registrable_domain(host)
    if domain == host:
        return host
    before = host.removesuffix(f".{domain}").split(".")
    kept = [label for label in before if label not in _TWIN_LABELS]
    return host if kept == before else ".".join([*(kept or ["www"]), domain])


def _path(path: str) -> str:
    path = urlsplit(urljoin("http://host/", f"/.{_unescaped(path)}")).path
    path = _AMP_ENDING.sub(lambda end: end["html"] or "", re.sub(r"(?<!:)//+", "/", path))
    return path.rstrip("/") or "/"


def _query(query: str) -> str:
    kept = []
    for piece in query.split("&"):
        raw_name, _, raw_value = piece.partition("=")
        name, value = unquote_plus(raw_name).lower(), unquote_plus(raw_value).lower()
        tracks = name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)
        if piece and not tracks and (name, value) not in _AMP_SWITCHES:
            kept.append((name, _unescaped(piece)))
    return "&".join(piece for _, piece in sorted(kept, key=lambda pair: pair[0]))


def _unescaped(text: str) -> str:
    """Decode the escapes that were not needed; write the others in capitals."""

    def plain(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(plain, text)
