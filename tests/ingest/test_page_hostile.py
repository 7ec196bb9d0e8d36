"""Pages that are hostile, clumsy, long or damaged."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import BadSource
from rag.ingest.page import read_page
from tests.ingest.saved_pages import FIRST, PAGES, SECOND

OPEN = "<html><body>"


@pytest.mark.parametrize(
    "data",
    [
        OPEN + "<div>" * 200_000,
        OPEN + "<b>" * 300_000 + FIRST,
        "<table><tr><td>" * 100_000 + FIRST,
        OPEN + "<p " + " ".join(f"a{n}" for n in range(300_000)) + ">" + FIRST,
        OPEN + "<p " + "a" * 4_000_000 + "='x'>",
        OPEN + "<p title='" + "<a " * 1_500_000,
        OPEN + "<a" * 2_000_000,
        OPEN + "<p class='" + "ad " * 1_500_000 + "'>",
        OPEN + "<b></b>" * 700_000,
        OPEN + "<br>" * 1_200_000,
        OPEN + "</p>" * 1_200_000,
        "<!--" * 1_000_000,
        "<script>" * 600_000,
        "<" * 4_000_000,
        "&" * 4_000_000,
        OPEN + "&lt;" * 1_000_000,
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><html><p>&a;</p>",
        '<html xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/>',
        "\x00" * 1_000_000,
        OPEN + "\x00<p\x00>\x00",
        OPEN + "<p>&#xD800;&#0;&#x110000;&#xFFFFFFFFF;</p>",
        OPEN + '<script type="application/ld+json">' + "[" * 2_000_000,
        OPEN + "<a href='x'>tautan satu kata</a>" * 100_000,
        OPEN + "<select>" + "<option>x" * 300_000,
        OPEN + "<ul><li>" * 1_000 + "<li>x" * 200_000,
        OPEN + "<h1>" * 2_000,
        OPEN + "<p><h1>satu dua tiga</h1>" * 150_000,
        OPEN + "<i><p>" * 200 + "<i>x</p>" * 20_000,
        "<html><frameset><frame src=a></frameset>",
        "",
        " ",
        "<",
        "<>",
        "<html>",
        "<?xml version='1.0'?>",
    ],
    ids=range(35),
)
def test_a_hostile_page_is_refused_in_time(data: str) -> None:
    """Nothing that a page can hold crashes the reader or keeps it for more than seconds."""
    started = time.process_time()
    with pytest.raises(BadSource, match=r"^x\.html ") as caught:
        read_page(data.encode(), name="x.html")
    assert "\n" not in caught.value.message
    assert "root:" not in caught.value.message
    assert time.process_time() - started < 12


def test_entities_are_not_expanded() -> None:
    """An entity that a page defines stands as it is written: no bomb, no file, no request."""
    page = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">'
        '<!ENTITY c SYSTEM "/etc/passwd">]>'
        f"<html><body><h1>Kapal Karam</h1><p>{FIRST}</p><p>{SECOND} &b; &c;</p></body></html>"
    )
    text = read_page(page.encode(), name="x").text
    assert text.split("\n\n") == ["Kapal Karam", FIRST, f"{SECOND} &b; &c;"]


@pytest.mark.parametrize(
    "noise",
    [
        "<div>" * 1_500,
        "<div>" * 1_500 + "<p>kata</p>" * 50_000,
        "<h1>Kapal lain yang karam</h1>" * 40_000,
        "<time datetime='2020-02-02'></time>" * 50_000,
        "<a href='/x'>tautan</a> " * 50_000,
        "<li><a href=/x>Judul berita yang lain</a>" * 20_000,
        "<font color=red>" * 120,
        "<p></p>" * 100_000,
        "</div></p></span>" * 20_000,
        '<img src="data:image/png;base64,' + "iVBORw0KGgo" * 300_000 + '">',
        "<style>" + "p{}" * 500_000 + "</style>",
        "<script>if(a<b){document.write('<p " + "x " * 3_000 + "')}</script>",
        "\x00",
    ],
    ids=range(13),
)
def test_an_article_is_read_in_the_midst_of_noise(noise: str) -> None:
    """A page that is only clumsy is read, at the price of some seconds at most."""
    started = time.process_time()
    page = f"{OPEN}<h1>Kapal Karam</h1><div><p>{FIRST}</p><p>{SECOND}</p></div>{noise}"
    blocks = read_page(page.encode(), name="x.html").text.split("\n\n")
    assert blocks[:3] == ["Kapal Karam", FIRST, SECOND]
    assert time.process_time() - started < 12


def test_a_long_article_is_read_whole() -> None:
    """A text of two million characters keeps every paragraph, in seconds."""
    paragraphs = [f"Paragraf nomor {n} melaporkan bahwa kapal ke-{n * 7} telah tiba di pelabuhan."
                  for n in range(25_000)]  # fmt: skip
    page = OPEN + "<h1>Kapal</h1>" + "".join(f"<p>{text}</p>" for text in paragraphs)
    started = time.process_time()
    assert read_page(page.encode(), name="x").text.split("\n\n") == ["Kapal", *paragraphs]
    assert time.process_time() - started < 15


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_any_damage_is_survived(seed: int) -> None:
    """A page with bytes changed, cut or doubled gives a text or `BadSource`, nothing else."""
    rng = random.Random(seed)
    data = bytearray(rng.choice(PAGES).read_bytes())
    for _ in range(rng.randint(1, 30)):
        at = rng.randrange(len(data))
        change = rng.randrange(4)
        if change == 0:
            data[at] = rng.choice(b"<>\"'&=/ \x00\xff")
        elif change == 1:
            del data[at : at + rng.randint(1, 400)]
        elif change == 2:
            data[at:at] = data[at : at + rng.randint(1, 400)]
        else:
            data[at:at] = rng.choice((b"<div>", b"</div>", b"<p", b"<!--", b"<script>", b"</td>"))
        if not data:
            break
    try:
        text = read_page(bytes(data), name="x.html").text
    except BadSource as error:
        text = error.message
    assert all(block.strip() for block in text.split("\n\n"))
