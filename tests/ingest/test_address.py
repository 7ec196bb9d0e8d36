"""Web addresses taken apart: which page one names, and which machines may be asked."""

from __future__ import annotations

import ipaddress
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.address import canonical, is_address, parse, shown
from rag.ingest.network import check_address, refused


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://www.antaranews.com/berita/1", True),
        ("  HTTP://a.example", True),
        ("http://", True),
        ("berita.txt", False),
        ("www.suara.com/news", False),
        ("ftp://a.example/x", False),
        ("-", False),
        ("", False),
    ],
)
def test_what_is_meant_as_an_address(given: str, meant: bool) -> None:
    """An address begins with http:// or https://; all else is a file or a folder."""
    assert is_address(given) is meant


@pytest.mark.parametrize(
    ("copied", "page"),
    [
        ("https://a.example", "https://a.example/"),
        ("  https://a.example/x  ", "https://a.example/x"),
        ("HTTPS://A.Example/Berita", "https://a.example/Berita"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example:80/x", "http://a.example/x"),
        ("http://a.example:443/x", "http://a.example:443/x"),
        ("https://a.example:/x", "https://a.example/x"),
        ("https://a.example/x#komentar", "https://a.example/x"),
        ("https://a.example/x?utm_source=wa&utm_medium=s", "https://a.example/x"),
        ("https://a.example/x?id=7&fbclid=Iw&page=all", "https://a.example/x?id=7&page=all"),
        ("https://a.example/x?b=1&a=2", "https://a.example/x?b=1&a=2"),
        ("https://a.example/x?UTM_Source=y&%75tm_medium=z", "https://a.example/x"),
        ("https://a.example/x?gclid=1&igshid=2&mc_cid=3&mc_eid=4&_ga=5", "https://a.example/x"),
        ("https://a.example/?p=12&", "https://a.example/?p=12"),
        ("https://a.example/x?", "https://a.example/x"),
        ("https://a.example?p=1", "https://a.example/?p=1"),
        ("https://a.example/a/./b/../c/", "https://a.example/a/c/"),
        ("https://a.example/a/%2E%2e/c/..", "https://a.example/"),
        ("https://a.example/../../x", "https://a.example/x"),
        ("https://a.example//x//y", "https://a.example//x//y"),
        ("https://a.example/%7eani/%c3%a9", "https://a.example/~ani/%C3%A9"),
        ("https://a.example/é b", "https://a.example/%C3%A9%20b"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/a%2fb", "https://a.example/a%2Fb"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("http://93.184.216.34/x", "http://93.184.216.34/x"),
        ("http://[2606:4700::0001]/x", "http://[2606:4700::1]/x"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
    ],
)
def test_a_page_has_one_id(copied: str, page: str) -> None:
    """The same page has the same id, however its address was copied."""
    assert canonical(copied) == page


@given(
    st.text(alphabet="aZ9-._~/%2eF&=+?#é 漢:@!'()[]", max_size=40),
    st.sampled_from(["http://a.example", "https://A.example:443", "http://[::1]:8080"]),
)
def test_an_id_is_its_own_id(rest: str, host: str) -> None:
    """The id of an id is itself, and so is what would be asked of the server for it."""
    page = canonical(f"{host}/{rest}")
    assert canonical(page) == page
    assert page.isascii()
    assert parse(page).url == page


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "is not a web address"),
        ("berita.txt", "is not a web address"),
        ("a.example:80/x", "is not a web address"),
        ("http:/a.example", "is not a web address"),
        ("http:a.example", "is not a web address"),
        ("http://", "names no host"),
        ("http:///x", "names no host"),
        ("http://:80/", "names no host"),
        ("http://a.example:0/", "names no host"),
        ("http://a.example:65536/", "names no host"),
        ("http://a.example:8O/", "names no host"),
        ("http://a.example:-1/", "names no host"),
        ("http://a.example:８０/", "names no host"),
        ("http://[::1]80/", "names no host"),
        ("http://a.example:80:80/", "names no host"),
        ("ftp://a.example/", "ftp addresses are not fetched"),
        ("file:///etc/passwd", "file addresses are not fetched"),
        ("javascript:alert(1)", "javascript addresses are not fetched"),
        ("gopher://127.0.0.1:6379/_x", "gopher addresses are not fetched"),
        ("http://ani:rahasia@a.example/", "holds a user name or a password"),
        ("http://a.example@127.0.0.1/", "holds a user name or a password"),
        ("http://good\\@127.0.0.1/", "holds a backslash or a control character"),
        ("http:\\\\a.example\\x", "holds a backslash or a control character"),
        ("http://a.ex\tample/", "holds a backslash or a control character"),
        ("http://a.example/\r\nHost: b", "holds a backslash or a control character"),
        ("http://a.example/\x00", "holds a backslash or a control character"),
        ("http://a.example/\udc80", "holds a backslash or a control character"),
        ("http://a b.example/", "is no plain host name"),
        ("http://a..example/", "is no plain host name"),
        ("http://.a.example/", "is no plain host name"),
        ("http://-a.example/", "is no plain host name"),
        ("http://a.example./", "is no plain host name"),
        ("http://a%2eexample/", "is no plain host name"),
        ("http://" + "a" * 64 + ".example/", "is no plain host name"),
        ("http://" + "a." * 130 + "example/", "is no plain host name"),
        ("http://a。example/", "is no plain host name"),
        ("http://ｇood.example/", "is no plain host name"),
        ("http://go\u00adod.example/", "is no plain host name"),
        ("http://2130706433/", "is no plain host name"),
        ("http://8.8.8/", "is no plain host name"),
        ("http://08.8.8.8/", "is no plain host name"),
        ("http://8.8.8.0x8/", "is no plain host name"),
        ("http://256.1.1.1/", "is no plain host name"),
        ("http://[::1%25lo]/", "is no plain host name"),
        ("http://[127.0.0.1]/", "is no plain host name"),
        ("http://[::1/", "is no plain host name"),
        ("http://a.example/" + "x" * 4_000, "is longer than 4,000 characters"),
    ],
)
def test_what_is_no_address(given: str, message: str) -> None:
    """Each kind of wrong address is refused with its own reason, and a hint."""
    with pytest.raises(BadSource, match=message) as caught:
        parse(given)
    assert caught.value.hint
    assert caught.value.message.isprintable()


def test_the_message_keeps_a_password() -> None:
    """An address is shown without its password and without control characters, and cut."""
    with pytest.raises(BadSource) as caught:
        parse("http://ani:rahasia@a.example/")
    assert caught.value.message == "http://…@a.example/ holds a user name or a password"
    assert shown("http://a:b\\@c/\x1b[2J") == "http://…@c/\\x1b[2J"
    assert shown("http://a.example/" + "x" * 500) == "http://a.example/" + "x" * 182 + "…"


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.example", "http://["]))
def test_any_text_is_an_address_or_refused(text: str, before: str) -> None:
    """Whatever is given, it is parsed to printable ASCII without a space, or refused."""
    try:
        address = parse(before + text)
        seen = address.host + address.target
        assert seen.isascii()
        assert " " not in seen
    except BadSource as error:
        seen = error.message
    assert seen.isprintable()


def test_a_long_address_is_refused_at_once() -> None:
    """Nothing in an address of a megabyte takes more than a tenth of a second."""
    started = time.perf_counter()
    for filler in ("a", "%", "é", ".", "@", "/..", "[", "。", "&utm_"):
        with pytest.raises(BadSource):
            canonical("http://" + filler * 1_000_000)
        with pytest.raises(BadSource):
            canonical("http://" + filler * (3_990 // len(filler)) + "@")
    assert time.perf_counter() - started < 1.5


PUBLIC = ["8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1",
          "192.0.1.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "11.0.0.0", "1.0.0.0",
          "2606:2800:220:1::1", "2404:6800:4003::5efe", "2a00:1450::1"]  # fmt: skip
OWN = ["127.0.0.1", "127.255.255.254", "10.0.0.0", "10.255.255.255", "172.16.0.1",
       "172.31.255.255", "192.168.1.1", "100.64.0.0", "100.127.255.255", "100.100.100.200",
       "198.18.0.1", "198.19.255.255", "::1", "fc00::1", "fd12:3456::1", "fdff::", "fec0::1",
       "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
       "64:ff9b::808:808"]  # fmt: skip
NEVER = ["0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "192.0.0.0", "192.0.0.192",
         "192.0.2.1", "192.88.99.1", "198.51.100.1", "203.0.113.255", "224.0.0.1",
         "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::2",
         "::127.0.0.1", "::7f00:1", "::ffff:169.254.169.254", "::ffff:0.0.0.0",
         "::ffff:0:127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "64:ff9b:2::1",
         "100::1", "2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1", "2001:20::1",
         "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3ffe::1", "3fff::1", "5f00::1",
         "4000::1", "fe80::1", "fe80::1%eth0", "febf::1", "ff02::1", "ff0e::1",
         "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1", "::ffff:255.255.255.255",
         "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "1.2.3.4.", "", "localhost",
         "127.0.0.1 ", "[::1]", "８.8.8.8"]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "opened", "closed"),
    [
        *((address, True, True) for address in PUBLIC),
        *((address, True, False) for address in OWN),
        *((address, False, False) for address in NEVER),
    ],
)
def test_which_machines_may_be_asked(address: str, opened: bool, closed: bool) -> None:
    """Public addresses are always open, one's own networks on request, the others never."""
    assert (refused(address) is None) is closed
    assert (refused(address, allow_private=True) is None) is opened


@given(st.ip_addresses())
def test_no_address_that_python_knows_as_private_is_open(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """What the standard library counts as private, reserved or a group is refused here too."""
    known = (
        address.is_private, address.is_reserved, address.is_multicast, address.is_loopback,
        address.is_link_local, address.is_unspecified, not address.is_global,
    )  # fmt: skip
    assert refused(address) or not any(known)
    assert refused(address) == refused(str(address))
    if address.version == 4:
        assert refused(f"::ffff:{address}")
        assert refused(f"64:ff9b::{address}")


@pytest.mark.parametrize(
    "host",
    ["localhost", "a.localhost", "LOCALHOST", "router", "nas.local", "metadata.google.internal",
     "pi.home.arpa", "a.localdomain", "printer.lan"],
)  # fmt: skip
def test_names_of_ones_own_network(host: str) -> None:
    """A name that only one's own network knows is private before it is looked up."""
    address = parse(f"http://{host}/x")
    with pytest.raises(BadSource) as caught:
        check_address(address, name="A", allow_private=False)
    assert caught.value.message == f"A: {host} is a private address"
    assert "--allow-private" in caught.value.hint
    check_address(address, name="A", allow_private=True)


def test_ports() -> None:
    """Other ports than the web's are for one's own network only."""
    for url in ("http://a.example:80/", "https://a.example/", "http://a.example:443/"):
        check_address(parse(url), name="A", allow_private=False)
    for port in (22, 25, 6379, 8080, 11434):
        address = parse(f"http://a.example:{port}/")
        with pytest.raises(BadSource, match=f"from ports 80 and 443, not {port}"):
            check_address(address, name="A", allow_private=False)
        check_address(address, name="A", allow_private=True)


def test_the_hint_says_what_helps() -> None:
    """--allow-private is offered where it opens the address, and only there."""
    for url, offered in (("http://10.0.0.1/", True), ("http://169.254.169.254/", False)):
        with pytest.raises(BadSource, match="is a private address") as caught:
            check_address(parse(url), name="A", allow_private=False)
        assert ("--allow-private" in caught.value.hint) is offered
