"""An exported conversation carries its sources, in a form that stands alone."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
from pathlib import Path

import pytest

from rag.errors import BadSetting, StoreError
from rag.export import as_html, as_markdown, write
from rag.schema import Answer, Hit, Statement
from tests.exported_page import URL, Page, conversation, from_article, rendered
from tests.samples import ANSWER, METADATA, PASSAGE, TEXT

WRITTEN = (
    ("Banjir merendam 12 desa. [1]", "matches", ()),
    ("Sebanyak 1.300 orang mengungsi. [1]", "conflict", ("angka 1.300 tidak ada di sumbernya",)),
    ("Bupati menangis. [1]", "not_found", ()),
    ("Begini rinciannya:", "unchecked", ()),
)


def written_answer(**changes: object) -> Answer:
    """An answer of four sentences, one of each verdict."""
    text, statements = "", []
    for sentence, verdict, reasons in WRITTEN:
        text += " " * bool(text)
        statements.append(
            Statement(
                start=len(text),
                end=len(text) + len(sentence),
                markers=(1,) if "[1]" in sentence else (),
                verdict=verdict,  # type: ignore[arg-type]
                reasons=reasons,
            )
        )
        text += sentence
    return dataclasses.replace(
        ANSWER,
        text=text,
        statements=tuple(statements),
        answerer="ollama:gemma4:e4b",
        notices=("Satu tanda dibuang.",),
        **changes,  # type: ignore[arg-type]
    )


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


# What is shown -----------------------------------------------------------------------------


def test_markdown_in_full() -> None:
    """A quoted answer in Markdown: asked when, answered by what, and the source with its quote."""
    assert as_markdown(conversation(from_article(ANSWER, url=URL))) == (
        "# Percakapan 21 November 2026\n\n"
        "## Berapa desa terendam?\n\n"
        "Ditanyakan 21 November 2026, 14:22 UTC · Dikutip kata demi kata dari artikel, tanpa model"
        " bahasa\n\n"
        "Banjir merendam 12 desa di Demak. \\[1\\]\n\n"
        "### Sumber\n\n"
        "**\\[1\\]** ANTARA · Banjir Demak · 21 Agustus 2024  \n"
        "<https://example.org/demak?a=1&b=(2)>\n\n"
        "> Banjir merendam 12 desa di Demak.\n\n"
        "---\n\n"
        "Kutipan adalah kata-kata persis dari artikel. Benar tidaknya isi artikel tidak diperiksa."
        " Dibuat dengan Kutip.\n"
    )


def test_every_doubt_is_in_words() -> None:
    """A sentence that its source does not bear out says so beside itself, with the reason."""
    shown = (
        "Banjir merendam 12 desa. [1] Sebanyak 1.300 orang mengungsi. [1] (Berbeda dengan "
        "sumbernya: angka 1.300 tidak ada di sumbernya) Bupati menangis. [1] (Tidak ditemukan di "
        "sumbernya) Begini rinciannya: (Tidak diperiksa)"
    )
    made = conversation(written_answer())
    page = Page(as_html(made))
    (answer,) = page.of("div", class_="answer")
    assert answer.text.split() == shown.split()
    assert shown in [element.text for element in rendered(as_markdown(made)).of("p")]
    doubted = [element.text for element in page.of("span", class_="doubted")]
    assert doubted == ["Sebanyak 1.300 orang mengungsi.", "Bupati menangis."]


def test_marks_outside_a_statement() -> None:
    """A remark stands behind a sentence's marks also where these are not counted as its own."""
    answer = dataclasses.replace(
        ANSWER,
        text="Ada banjir. [1][1] Selesai.",
        statements=(Statement(start=0, end=11, markers=(1,), verdict="not_found"),),
    )
    assert "Ada banjir. \\[1\\]\\[1\\] **(Tidak ditemukan di sumbernya)** Selesai." in as_markdown(
        conversation(answer)
    )


def test_nothing_to_check() -> None:
    """A greeting, which cites nothing, is not called unchecked; a lost sentence is marked."""
    hello = Answer(question="Hi", query="Hi", text="Hello.", language="en")
    said = Statement(start=0, end=6, markers=(), verdict="unchecked")
    lost = dataclasses.replace(said, verdict="not_found")
    greeting = as_markdown(conversation(dataclasses.replace(hello, statements=(said,))))
    assert "\n\nHello.\n\n" in greeting
    invented = as_markdown(conversation(dataclasses.replace(hello, statements=(lost,))))
    assert "Hello. **(Not found in its source)**" in invented


def test_who_wrote_it() -> None:
    """The model that wrote an answer is named, and what there is to know about it is listed."""
    made = conversation(written_answer())
    for page in (rendered(as_markdown(made)), Page(as_html(made))):
        assert any("Ditulis oleh ollama:gemma4:e4b" in p.text for p in page.of("p"))
        assert [item.text for item in page.of("li")] == ["Satu tanda dibuang."]


def test_a_refusal() -> None:
    """A refusal is shown line by line, with no source and no word about who quoted what."""
    refused = Answer(
        question="Who won?",
        query="Who won?",
        text="The articles do not say.\nThey cover: Banjir.",
        language="en",
        abstention="not_in_evidence",
    )
    made = conversation(refused)
    page = Page(as_html(made))
    assert [p.text for p in page.of("p")][1:4] == [
        "Asked 21 November 2026, 14:22 UTC",
        "The articles do not say.",
        "They cover: Banjir.",
    ]
    assert not page.of("section")
    assert "\n\nThe articles do not say.\n\nThey cover: Banjir.\n\n" in as_markdown(made)


def test_dates_and_copies() -> None:
    """An inferred date has a ~ that is explained; days are resolved; who prints it too is told."""
    quote = "Selasa lalu hujan turun."
    answer = from_article(ANSWER, text=quote, published_basis="inferred")
    passage = answer.citations[0].passage
    copy = dataclasses.replace(
        passage,
        article_id="f" * 16,
        metadata=dataclasses.replace(METADATA, publisher="Kompas", title="Hujan"),
    )
    answer = dataclasses.replace(
        answer, hits=(Hit(passage=passage, rank=1, score=1, copies=(copy,)),)
    )
    for page in (
        rendered(as_markdown(conversation(answer))),
        Page(as_html(conversation(answer))),
    ):
        texts = [p.text for p in page.of("p")]
        assert any("ANTARA · Banjir Demak · ~21 Agustus 2024" in text for text in texts)
        assert "~ Tanggal perkiraan; tidak tertulis di artikelnya." in texts
        assert "Selasa lalu = ~20 Agustus 2024" in texts
        assert "juga di: Kompas · Hujan · 21 Agustus 2024" in texts


def test_the_language_of_the_words() -> None:
    """Markdown's own words follow the answer, or the language that is asked for."""
    assert "### Sumber" in as_markdown(conversation(ANSWER))
    english = as_markdown(conversation(ANSWER), language="en")
    assert "### Sources" in english
    assert "# Conversation of 21 November 2026" in english
    assert "Banjir merendam 12 desa di Demak." in english


@pytest.mark.parametrize("form", [as_markdown, as_html])
def test_what_is_missing_is_said(form: object) -> None:
    """A conversation that could not be read whole says so, and one without turns is no error."""
    assert callable(form)
    assert "could not be read" in form(conversation(damaged=True))
    assert "could not be read" not in form(conversation())


def test_the_quote_in_its_passage() -> None:
    """The page shows the whole passage, with the evidence and only that marked in it."""
    page = Page(as_html(conversation(ANSWER)))
    assert [b.text for b in page.of("blockquote", lang="id")] == [TEXT]
    assert [mark.text for mark in page.of("mark")] == ["Banjir merendam 12 desa di Demak."]


def test_quotes_that_overlap_or_do_not_fit() -> None:
    """Overlapping evidence is marked once; a quote that is not in its passage stands alone."""
    first = ANSWER.citations[0]
    second = dataclasses.replace(first, start=31, end=40, quote=TEXT[31:40])
    third = dataclasses.replace(first, start=40, end=len(TEXT), quote=TEXT[40:])
    page = Page(
        as_html(conversation(dataclasses.replace(ANSWER, citations=(third, second, first))))
    )
    assert [b.text for b in page.of("blockquote")] == [TEXT]
    assert "".join(mark.text for mark in page.of("mark")) == TEXT[24:]
    moved = dataclasses.replace(first, start=0, end=9)
    page = Page(as_html(conversation(dataclasses.replace(ANSWER, citations=(moved,)))))
    assert [b.text for b in page.of("blockquote")] == [first.quote]


# The page ----------------------------------------------------------------------------------


def test_marks_lead_to_their_own_turn() -> None:
    """Each mark is a link to the source of its own turn; a number without a source is text."""
    other = dataclasses.replace(ANSWER, text="Dua. [1] Tiga. [2]", statements=())
    page = Page(as_html(conversation(ANSWER, written_answer(), other)))
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = [href for href in page.links() if href and "-s" in href]
    assert links == ["#t1-s1", *["#t2-s1"] * 3, "#t3-s1"]
    assert {href[1:] for href in links} <= set(ids)
    assert "Tiga. [2]" in page.of("div", class_="answer")[2].text


def test_figures_in_brackets_of_an_article() -> None:
    """A "[1]" that a quoted sentence holds itself is no mark of the sentence's source."""
    text = "Menurut catatan [1] itu, banjir surut. [2]"
    passage = dataclasses.replace(PASSAGE, article_id="f" * 16)
    second = dataclasses.replace(ANSWER.citations[0], marker=2, passage=passage)
    answer = dataclasses.replace(
        ANSWER,
        text=text,
        statements=(Statement(start=0, end=len(text), markers=(2,), verdict="matches"),),
        citations=(ANSWER.citations[0], second),
    )
    page = Page(as_html(conversation(answer)))
    (shown,) = page.of("div", class_="answer")
    assert shown.text.strip() == text
    assert [href for href in page.links() if href and "-s" in href] == ["#t1-s2"]


def test_the_page_stands_alone() -> None:
    """One file that loads and runs nothing, and says so to the browser; for phones and the dark."""
    html = as_html(conversation(from_article(written_answer(), url=URL), ANSWER))
    page = Page(html)
    assert html.startswith('<!DOCTYPE html>\n<html lang="id">')
    assert page.of("meta", content="default-src 'none'; style-src 'unsafe-inline'")
    assert page.of("meta", name="viewport", content="width=device-width, initial-scale=1")
    assert not page.tags().keys() & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert not [
        name for e in page.elements for name in e.attributes if name.startswith(("on", "src"))
    ]
    assert "url(" not in html
    assert "@import" not in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    outside = [e for e in page.of("a") if not (e.attributes["href"] or "").startswith("#")]
    assert [(e.attributes["href"], e.attributes["rel"]) for e in outside] == [
        (URL, "noreferrer noopener")
    ]


# Files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), [("a.md", as_markdown), ("a.HTML", as_html)])
def test_written(tmp_path: Path, name: str, form: object) -> None:
    """The suffix chooses the form; the file is all there is in the folder, for its owner only."""
    assert callable(form)
    write(tmp_path / name, conversation(ANSWER))
    assert (tmp_path / name).read_bytes().decode() == form(conversation(ANSWER))
    assert names_in(tmp_path) == [name]
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a.txt", "a", ".md", "a.md.bak"])
def test_other_suffixes(tmp_path: Path, name: str) -> None:
    """Another suffix is refused, telling those that can be; nothing is written."""
    with pytest.raises(BadSetting) as raised:
        write(tmp_path / name, conversation(ANSWER))
    assert ".md or .html" in raised.value.hint
    assert not names_in(tmp_path)


def test_a_file_that_is_there(tmp_path: Path) -> None:
    """A file is replaced only when that is said, and then whole."""
    path = tmp_path / "a.md"
    path.write_text("mine")
    with pytest.raises(BadSetting, match="there already"):
        write(path, conversation(ANSWER))
    assert path.read_text() == "mine"
    write(path, conversation(ANSWER), force=True)
    assert path.read_text() == as_markdown(conversation(ANSWER))
    assert names_in(tmp_path) == ["a.md"]


def test_what_the_disk_refuses(tmp_path: Path) -> None:
    """A folder that is not there, and one in the file's place, are told in one line."""
    (tmp_path / "b.md").mkdir()
    for path in (tmp_path / "no" / "a.md", tmp_path / "b.md"):
        with pytest.raises(StoreError) as raised:
            write(path, conversation(ANSWER), force=True)
        assert re.search(rf"^{re.escape(str(path))} cannot be written: .+$", raised.value.message)
        assert raised.value.hint
    assert names_in(tmp_path) == ["b.md"]
