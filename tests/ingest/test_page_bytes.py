"""Bytes taken for a page or not, and read in the encoding they are in."""

from __future__ import annotations

import pytest

from rag.ingest.page import looks_like_html, read_page
from tests.ingest.saved_pages import FIRST, SECOND

# Encodings ---------------------------------------------------------------------------------


NAMED = (
    "<html><head>{}</head><body><h1>Café “Lama” Tutup</h1>"
    f"<p>{FIRST}</p><p>{SECOND}</p></body></html>"
)


@pytest.mark.parametrize(
    ("meta", "encoding", "charset"),
    [
        ("", "utf-8", None),
        ("", "utf-8-sig", None),
        ("", "utf-16", None),
        ("", "cp1252", "windows-1252"),
        ("", "cp1252", "ISO-8859-1"),
        ('<meta charset="windows-1252">', "cp1252", None),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
         "cp1252", None),
        ('<meta charset="iso-8859-1">', "utf-8", None),
        ("", "utf-8", "iso-8859-1"),
        ('<meta charset="utf-8">', "cp1252", "windows-1252"),
        ('<meta charset="rot13">', "utf-8", "no-such-charset"),
        ('<meta charset="utf-16">', "utf-8", None),
        ("", "utf-16-le", "utf-16le"),
    ],
)  # fmt: skip
def test_every_encoding_is_read(meta: str, encoding: str, charset: str | None) -> None:
    """A mark, the server's word and the page's own are heeded, wrong ones seen through."""
    data = NAMED.format(meta).encode(encoding)
    text = read_page(data, name="x.html", charset=charset).text
    assert text == f"Café “Lama” Tutup\n\n{FIRST}\n\n{SECOND}"


def test_another_script_is_read_as_named() -> None:
    """A page in a code page of its own is read by the name it gives."""
    russian = "Президент прибыл в Москву во вторник и встретился там с министром иностранных дел."
    data = f'<html><meta charset="koi8-r"><p>{russian}</p><p>{russian[::-1]}.</p></html>'
    assert read_page(data.encode("koi8-r"), name="x").text.startswith(russian)


# Is it a page? -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html>",
        b"\n\n  <!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        b"\xef\xbb\xbf<html lang=id>",
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>',
        b"<!-- saved from url=(0014)about:internet -->\r\n<HTML>",
        "<html><body>".encode("utf-16"),
        b"<head><title>x</title>",
        b"<div><p>satu</p><p>dua</p></div>",
    ],
)
def test_a_page_is_known_by_its_beginning(data: bytes) -> None:
    """A document type, a root or a few tags at the beginning make a page."""
    assert looks_like_html(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Berita pagi ini.",
        b"<5% warga setuju.",
        b"<p",
        b"<p>Satu tanda saja",
        b'<?xml version="1.0"?><rss version="2.0"><channel>',
        b'<feed xmlns="http://www.w3.org/2005/Atom">',
        b'<svg xmlns="http://www.w3.org/2000/svg">',
        b"Tulis <html> di awal halaman, lalu <body>.",
        b"%PDF-1.7",
        b"\x00" * 100,
        b"<!--" * 2000,
    ],
)
def test_other_data_is_no_page(data: bytes) -> None:
    """Text, feeds and drawings are not taken for pages."""
    assert not looks_like_html(data)
