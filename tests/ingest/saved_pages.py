"""Saved pages and what is read from them."""

from __future__ import annotations

from pathlib import Path

from rag.ingest.page import read_page

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
FIRST = "Kapal nelayan Sinar Laut tenggelam di perairan Teluk Sabang setelah dihantam ombak besar."
SECOND = (
    "Sebelas awak kapal itu selamat karena ditolong kapal barang yang melintas dua jam kemudian."
)


def text_of(body: str, *, head: str = "") -> list[str]:
    data = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()
    return read_page(data, name="x.html").text.split("\n\n")
