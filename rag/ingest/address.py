"""Take a web address apart, and tell which page it names.

One parser for all: what is checked of its parts is what is connected to, so no second reading
of the same text can see another host in it. Knows nothing of which hosts may be asked.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote

from rag.errors import BadSource

PORTS = {"http": 80, "https": 443}  # by scheme, where none is named
_MAX_CHARS = 4_000  # of an address; browsers and servers give up at 2,000 to 8,000
_SHOWN_CHARS = 200

_LOOK_FOR_IT = "Copy it from the browser's address bar; it begins with https:// or http://."

# Full stops that software for names takes for "." and a reader does too.
_DOTS = "\u3002\uff0e\uff61"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_NEVER = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")

# What is added to a link to follow the reader, and names no other page.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|hsa)_.*|(?:fb|g|d|ms|y|tw|tt)clid|li_fat_id|gclsrc|[gw]braid|igshid|igsh"
    r"|mc_[ce]id|mibextid|mkt_tok|_ga|_gl|_hsenc|_hsmi|__hs.*|hsctatracking|oly_(?:anon|enc)_id"
    r"|vero_(?:id|conv)|wickedid|srsltid|s_cid|cmpid|ncid|xtor|ref_(?:src|url)|guccounter"
    r"|guce_referrer(?:_sig)?|at_(?:medium|campaign)|ns_(?:campaign|mchannel|source)|tag_from"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A web address in its parts, as they are sent."""

    scheme: str  # "http" or "https"
    host: str  # ASCII, lower case; an IPv6 address without its brackets
    given_host: str  # as it was written, safe to print
    port: int
    path: str  # begins with "/", percent-encoded
    query: str | None = None  # percent-encoded, without "?"

    @property
    def authority(self) -> str:
        """Host and port as the Host header names them; the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """Path and query, as a request names them."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def url(self) -> str:
        """The whole address, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"


def is_address(given: str) -> bool:
    """Whether what was given is meant as a web address rather than a file.

    >>> is_address(" HTTPS://kompas.com/x "), is_address("berita.txt")
    (True, False)
    """
    return given.strip().lower().startswith(("http://", "https://"))


def canonical(url: str) -> str:
    """The id of a page: the same however its address was copied. Raises `BadSource`.

    Scheme and host are lower case (IDNA), the scheme's own port, the fragment and parameters
    that only track the reader are gone, escapes are written one way (RFC 3986, 6.2.2). The
    order of the other parameters stays, since servers may read it.

    >>> canonical("HTTPS://WWW.Suara.com:443?b=2&utm_source=x&a=%7e#top")
    'https://www.suara.com/?b=2&a=~'
    """
    address = parse(url)
    kept = [pair for pair in (address.query or "").split("&") if pair and not _tracks(pair)]
    query = "?" + _one_spelling("&".join(kept)) if kept else ""
    return f"{address.scheme}://{address.authority}{_one_spelling(address.path)}{query}"


def parse(url: str, *, name: str | None = None) -> Address:
    """The parts of a web address; raises `BadSource`, its message beginning with `name`.

    Refused are whatever one program would read otherwise than the next: control characters,
    backslashes, user names, hosts in any but their plain spelling. Spaces and other letters
    in the path are escaped as a browser does.
    """
    name = name or shown(url)
    text = url.strip()
    if len(text) > _MAX_CHARS:
        raise BadSource(f"{name} is longer than {_MAX_CHARS:,} characters", hint=_LOOK_FOR_IT)
    if _NEVER.search(text):
        raise BadSource(
            f"{name} is not a web address: it holds a backslash or a control character",
            hint=_LOOK_FOR_IT,
        )
    scheme = _scheme(text, name)
    rest = text[len(scheme) + 1 :].partition("#")[0]
    if not rest.startswith("//"):
        raise BadSource(f"{name} is not a web address", hint=_LOOK_FOR_IT)
    before, question, query = rest[2:].partition("?")
    authority, slash, path = before.partition("/")
    if "@" in authority:
        raise BadSource(
            f"{name} holds a user name or a password",
            hint="Pages behind a login are not fetched: save the page and add the file.",
        )
    host, port = _host_and_port(authority, name)
    return Address(
        scheme=scheme.lower(),
        host=_plain_host(host, name),
        given_host=shown(host),
        port=port if port is not None else PORTS[scheme.lower()],
        path=_without_dots(_escaped(slash + path or "/", also="")),
        query=_escaped(query, also="?") if question and query else None,
    )


def shown(url: str) -> str:
    r"""An address that is safe to print: cut, escaped, and without a password.

    >>> shown("http://ani:rahasia@a.example/\x1b[2J")
    'http://…@a.example/\\x1b[2J'
    """
    text = re.sub(r"\A(\s*[A-Za-z][A-Za-z0-9+.-]*:)([\\/]*)[^/?#]*@", r"\1\2…@", url[:_MAX_CHARS])
    text = text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


def _scheme(text: str, name: str) -> str:
    found = _SCHEME.match(text)
    if found is None or (found[1].lower() not in PORTS and "." in found[1]):
        raise BadSource(f"{name} is not a web address", hint=_LOOK_FOR_IT)
    if found[1].lower() not in PORTS:
        raise BadSource(
            f"{name}: {found[1].lower()} addresses are not fetched, only http and https",
            hint=_LOOK_FOR_IT,
        )
    return found[1]


def _host_and_port(authority: str, name: str) -> tuple[str, int | None]:
    if authority.startswith("["):
        host, bracket, after = authority.partition("]")
        host, colon, port = host + bracket, after[:1], after[1:]
    else:
        host, colon, port = authority.partition(":")
    whole = colon in ("", ":") and re.fullmatch(r"[0-9]{0,5}", port)
    if not host or not whole or (port and not 0 < int(port) < 65_536):
        raise BadSource(f"{name} is not a web address: it names no host", hint=_LOOK_FOR_IT)
    return host, int(port) if port else None


def _plain_host(host: str, name: str) -> str:
    """The host as it is looked up; raises `BadSource` for all but its one plain spelling."""
    odd = BadSource(f"{name}: {shown(host)} is no plain host name", hint=_LOOK_FOR_IT)
    if host.startswith("["):
        ip = ip_of(host[1:-1]) if host.endswith("]") and "%" not in host else None
        if not isinstance(ip, ipaddress.IPv6Address):
            raise odd
        return str(ip)
    if len(host) > 253:
        raise odd
    plain = host.lower() if host.isascii() else _in_ascii(host, odd)
    labels = plain.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0177.1 and 0x7f.1 are 127.0.0.1 to a resolver and a name to a filter.
        if not host.isascii() or ip_of(plain) is None:
            raise odd
        return plain
    if len(plain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise odd
    return plain


def _in_ascii(host: str, odd: BadSource) -> str:
    import idna

    for character in host:
        # Full-width letters and digits, "。", soft hyphens: nobody's name is spelt with them.
        hidden = unicodedata.category(character) == "Cf" and character not in "\u200c\u200d"
        disguised = unicodedata.normalize("NFKC", character).isascii()
        if character in _DOTS or hidden or (disguised and not character.isascii()):
            raise odd
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise odd from error


def ip_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address in its plain spelling; None for a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _escaped(text: str, *, also: str) -> str:
    """The text with all but what may stand in a path escaped as UTF-8; escapes stay."""
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe="/%:@!$&'()*+,;=~" + also)


def _one_spelling(text: str) -> str:
    """Escapes in upper case, and none where the character itself may stand."""

    def spelt(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if _UNRESERVED.fullmatch(character) else found[0].upper()

    return _ESCAPE.sub(spelt, text)


def _without_dots(path: str) -> str:
    """The path with "." and ".." followed, also as %2e (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for number, segment in enumerate(segments, start=1):
        plain = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        if plain not in (".", ".."):
            kept.append(segment)
            continue
        if plain == "..":
            del kept[-1:]
        if number == len(segments):
            kept.append("")
    return "/" + "/".join(kept)


def _tracks(pair: str) -> bool:
    return _TRACKING.fullmatch(unquote(pair.partition("=")[0]).lower()) is not None
