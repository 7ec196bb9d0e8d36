"""What an article tells of itself."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.clean import clean
from rag.ingest.metadata import describe
from rag.schema import Metadata

BODY = "Emir Qatar dan menteri luar negeri itu membahas upaya mediasi selama dua jam di Doha, Rabu."


def of(
    *lines: str,
    front: Mapping[str, str] | None = None,
    stem: str | None = "berita",
    removed: Sequence[str] = (),
) -> Metadata:
    return describe(
        "\n\n".join(lines),
        source="berita.txt",
        front=front or {},
        filename_stem=stem,
        added=date(2026, 11, 21),
        removed=removed,
    )


@pytest.mark.parametrize(
    ("opening", "publisher", "title"),
    [
        ("Istanbul (ANTARA) - ", "ANTARA", True),
        ("Suara.com - ", "Suara.com", True),
        ("JAKARTA, KOMPAS.com - ", "KOMPAS.com", True),
        ("TEMPO.CO, Jakarta - ", "TEMPO.CO", True),
        ("REPUBLIKA.CO.ID, JAKARTA -- ", "REPUBLIKA.CO.ID", True),
        ("Jakarta, CNN Indonesia -- ", "CNN Indonesia", True),
        ("LONDON (Reuters) — ", "Reuters", True),
        ("WASHINGTON, Aug 21 (Reuters) - ", "Reuters", True),
        ("(AP) - ", "AP", True),
        ("NEW YORK (AP) — ", "AP", True),
        ("ISTANBUL - ", None, True),
        ("JAKARTA, INDONESIA - ", None, True),
        ("Washington (AS) - ", None, True),
        ("Jayapura, Kabar Timur - ", "Kabar Timur", True),
        ("TERNATE, KABAR MALUKU - ", "KABAR MALUKU", True),
        ("Liputan6.com, Jayapura - ", "Liputan6.com", True),
        ("Bandung, Jawa Barat - ", None, False),
        ("CNN — ", "CNN", True),
        ("OSLO — ", None, True),
        ("NTT — ", None, True),
        ("KPK - ", None, True),
        ("Kata dia – seperti dikutip dari Antara – ", None, False),
    ],
)
def test_the_dateline_names_the_publisher(opening: str, publisher: str | None, title: bool) -> None:
    """An outlet is known by where it stands, not by a list; the made title leaves it off."""
    metadata = of(opening + BODY)
    assert metadata.publisher == publisher
    assert metadata.title.startswith("Emir Qatar" if title else opening[:8])


def test_a_publisher_above_the_body() -> None:
    """A dateline in a line of its own, or a site before the date, names the publisher too."""
    assert of("Jakarta, CNN Indonesia --", BODY).publisher == "CNN Indonesia"
    assert of("Kompas.com - 21/08/2024, 14:05 WIB", BODY).publisher == "Kompas.com"
    assert of("Qatar - AS sepakat di Doha", BODY).publisher is None


def test_a_quoted_agency_is_not_the_publisher() -> None:
    """ "Seperti dikutip dari Antara" tells where a quotation is from, nothing of the paper."""
    assert of("Seperti dikutip dari Antara, " + BODY[0].lower() + BODY[1:]).publisher is None


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Sumber : Anadolu", "Anadolu"),
        ("Source: The Jakarta Post", "The Jakarta Post"),
        ("Sumber: https://www.suara.com/news/1", "suara.com"),
        ("Source: Al Nahar and news agencies", None),
        ("Sumber: Antara, Reuters", None),
        ("Sumber : berbagai sumber", None),
        ("Sumber: pejabat itu menolak menyebut nama orang yang memberi tahu dia.", None),
    ],
)
def test_a_source_line(line: str, publisher: str | None) -> None:
    """A line "Sumber: X" names the publisher where no dateline does."""
    assert of(BODY, line).publisher == publisher
    assert of("Istanbul (ANTARA) - " + BODY, line).publisher == "ANTARA"


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Penulis : Selocahyo Basoeki Utomo S", ("Selocahyo Basoeki Utomo S",)),
        ("Oleh: Ana Dewi dan Budi bin Ali", ("Ana Dewi", "Budi bin Ali")),
        ("By Jane Doe and J. R. O'Neill", ("Jane Doe", "J. R. O'Neill")),
        ("By JANE DOE, CNN | 21 Aug 2024", ("JANE DOE",)),
        ("By Jane Doe, BBC News", ("Jane Doe",)),
        ("Reporter: Budi Santoso, S.H.", ("Budi Santoso",)),
        ("By John Smith, Staff Writer", ("John Smith",)),
        ("Oleh Bambang Setiaji, wartawan lepas", ("Bambang Setiaji",)),
        ("Rep: Fuji Hartati/ Red: Andri Saputra", ("Fuji Hartati",)),
        ("Laporan: Tri Hapsari/tvOne", ("Tri Hapsari",)),
        ("Bagas Wirantara - detikNews", ("Bagas Wirantara",)),
        ("Rep from the ward: Ana Dewi", ()),
        ("Dwi Anggraeni | Fajar Nugroho", ()),
        ("Redaktur : Marcellus Widiarto", ()),
        ("Oleh karena itu mereka pulang", ()),
        ("By Wednesday the talks were over", ()),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...]) -> None:
    """Bylines give names; editors and sentences that begin alike do not."""
    assert of("Qatar dan AS terus berupaya", line, BODY).authors == authors


@pytest.mark.parametrize(
    "above",
    [
        [],
        ["Nasional Ekonomi Olahraga Rona The Alun-Alun Kupas Wisata Perspektif Foto Video"],
        ["Home > News > Internasional", "Stabilitas Kawasan"],
        ["Foto : AFP/OMAR AL-QATTAA"],
        ["Rabu, 21 Agustus 2024 14:05 WIB"],
        ["Ilustrasi. Gempa mengguncang wilayah Garut (iStockphoto)"],
        ["Oleh Ana Dewi Lestari dan Budi Santoso"],
        ["Baca juga: Israel Tolak Gencatan Senjata di Gaza"],
    ],
)
def test_the_headline_is_found(above: list[str]) -> None:
    """The headline is the line above the body that is no menu, label, byline or date."""
    headline = "Qatar dan AS Terus Berupaya Mediasi untuk Akhiri Perang Gaza"
    assert of(*above, headline, BODY).title == headline


@pytest.mark.parametrize(
    "headline",
    [
        "Israel Says It Will Not End The War Until All Are Freed",
        # Not one function word, and not one section either.
        "Wali Kota Sendangrejo Copot Kepala Dinas Pasar Usai Kios Roboh",
        "Parlemen Karelandia Gulingkan PM Hustad Lewat Mosi Tidak Percaya",
    ],
)
def test_a_title_case_headline_is_no_menu(headline: str) -> None:
    """A headline in capitals is told from a menu by its words, which name no sections."""
    assert of(headline, BODY).title == headline


def test_a_made_title_is_cut_between_words() -> None:
    """Without a headline the first sentence serves, up to 90 characters, with a mark of the cut."""
    assert of(BODY).title == (
        "Emir Qatar dan menteri luar negeri itu membahas upaya mediasi selama dua jam di Doha…"
    )
    assert of("Emir tiba di Doha. Ia lelah.").title == "Emir tiba di Doha"


def test_front_matter_goes_first() -> None:
    """What is stated in front matter is not searched for in the text."""
    metadata = of(
        "Istanbul (ANTARA) - " + BODY,
        front={
            "title": "Judul\x1b lain ",
            "authors": "ana, Budi dan Cici",
            "date": "2024-08-21 14:05 WIB",
            "publisher": "Koran Pagi",
            "url": "https://x.id/a",
            "language": "id-ID",
        },
    )
    assert (metadata.title, metadata.authors, metadata.publisher) == (
        "Judul lain",
        ("ana", "Budi", "Cici"),
        "Koran Pagi",
    )
    assert (metadata.published, metadata.published_basis) == (date(2024, 8, 21), "stated")
    assert metadata.published_at is not None
    assert metadata.published_at.isoformat() == "2024-08-21T14:05:00+07:00"
    assert (metadata.url, metadata.language) == ("https://x.id/a", "id")


def test_an_address_as_the_source() -> None:
    """Front matter whose source is an address gives the address, not a publisher."""
    metadata = of(BODY, front={"source": "https://x.id/a"})
    assert (metadata.url, metadata.publisher) == ("https://x.id/a", None)
    assert of(BODY, front={"url": "javascript:alert(1)"}).url is None


def test_language_is_told_or_not_known() -> None:
    """The language is that of the text; numbers have none."""
    assert of(BODY).language == "id"
    assert (
        of("The minister said that the talks were over and that he would leave.").language == "en"
    )
    assert of("12 34 56").language is None


def test_the_file_s_name_is_the_last_resort() -> None:
    """A text without a sentence is named after its file."""
    assert of("").title == "berita"
    assert of("", stem=None).title == "berita.txt"


@given(st.text(max_size=300))
def test_any_text_is_described(text: str) -> None:
    """Whatever the text, there is a title, and no date without its basis."""
    metadata = of(*clean(text).split("\n\n"))
    assert metadata.title
    assert (metadata.published is None) == (metadata.published_basis is None)


@pytest.mark.parametrize(
    "unit",
    [
        "A ",
        "By A\n\n",
        "Date: 1\n\n",
        "- ",
        "(A) ",
        "x" * 100 + "\n\n",
        "© 2024 a",
        "a" * 2_000_000,
    ],
)
def test_two_million_characters_are_quick(unit: str) -> None:
    """Describing takes linear time on any text."""
    text = (unit * (2_000_000 // len(unit))).strip()
    started = time.process_time()
    of(text)
    assert time.process_time() - started < 15


def test_the_day_of_a_change_is_kept_apart() -> None:
    """A stated change is no publication, and one before the publication is not believed."""
    body = "Harga cabai di pasar itu naik dua kali lipat sejak pekan lalu, kata para pedagang."
    only = of(f"Harga Cabai Naik Dua Kali Lipat\n\nDiperbarui: 22 Agustus 2024\n\n{body}")
    assert (only.published, only.modified) == (None, date(2024, 8, 22))
    both = of(
        "Harga Cabai Naik Dua Kali Lipat\n\nDiterbitkan: 21 Agustus 2024\n\n"
        f"Diperbarui: 22 Agustus 2024\n\n{body}"
    )
    assert (both.published, both.modified) == (date(2024, 8, 21), date(2024, 8, 22))
    before = of(body, front={"published": "2024-08-21", "modified": "2024-08-20"})
    assert (before.published, before.modified) == (date(2024, 8, 21), None)


@pytest.mark.parametrize("between", ["Warga tiga desa melaporkan air sungai itu keruh sejak Mei."])
def test_the_dateline_may_follow_a_summary(between: str) -> None:
    """A summary or a caption above the report does not hide the outlet of its dateline."""
    lead = "TEMPO.CO, Banjarnegara - " + BODY
    known = of("Dua Tambang Pasir di Hulu Sungai Disegel", between + " " + BODY, lead)
    assert known.publisher == "TEMPO.CO"
    assert of("Dua Tambang Pasir Disegel", BODY, "Ketua (Budi) - " + BODY).publisher is None


def test_the_source_of_a_report_is_not_its_publisher() -> None:
    """What a source line says counts less than the dateline and the page's notice of rights."""
    source = "Sumber : Anadolu"
    assert of("Jayapura, Kabar Timur - " + BODY, source).publisher == "Kabar Timur"
    assert of(BODY, source, removed=["© 2024 Suara.com"]).publisher == "Suara.com"


@pytest.mark.parametrize(
    ("notice", "publisher"),
    [
        ("Copyright © 2024 Suara.com", "Suara.com"),
        ("© 2023 Skelmore Post. All rights reserved", "Skelmore Post"),
        ("Hak cipta 2024 Kabar Wringin", "Kabar Wringin"),
        ("Copyright @ 2025 detikcom, All right reserved", "detikcom"),
        ("Copyright © ANTARA 2024", "ANTARA"),
        ("© 2025 TEMPO - Hak Cipta Dilindungi Hukum", "TEMPO"),
        ("(c) 2019-2024 PT. Kabar Media (Grup Kabar). All Rights Reserved.", "PT. Kabar Media"),
        ("© 2025 Post News & Media Limited or its affiliates.", "Post News & Media Limited"),
        ("Copyright is older than the railways.", None),
        ("© Budi Santoso", None),
        ("Dua foto © 2024 Budi Santoso", None),
        ("© 2024", None),
    ],
)
def test_a_notice_of_rights(notice: str, publisher: str | None) -> None:
    """A dated notice of rights, among the furniture or at the foot, names the publisher last."""
    assert of(BODY, removed=["Beranda", notice]).publisher == publisher
    assert of(BODY, notice).publisher == publisher
    assert of("Istanbul (ANTARA) - " + BODY, removed=[notice]).publisher == "ANTARA"


@pytest.mark.parametrize(
    ("lines", "authors", "publisher"),
    [
        (
            ["Dwi Anggraeni | Fajar Nugroho", "15 April 2025"],
            ("Dwi Anggraeni", "Fajar Nugroho"),
            None,
        ),
        (["News | Politik", "15 April 2025"], (), None),
        (["Helena Marsh", "Helena Marsh Environment correspondent"], ("Helena Marsh",), None),
        (["Helena Marsh", "Helena Marsh Bridge"], (), None),
        (["Maria Oktaviani - Bisnis.com", "17 Juni 2025"], ("Maria Oktaviani",), "Bisnis.com"),
        (["Rabu, 12 Mar 2025 14:07 WIB - detikcom"], (), "detikcom"),
        (["Rabu, 12 Mar 2025 14:07 WIB - Rilis iPhone"], (), None),
    ],
)
def test_bylines_without_a_label(
    lines: list[str], authors: tuple[str, ...], publisher: str | None
) -> None:
    """Names stand alone where an outlet, a role or the date beside them tells what they are."""
    known = of("Pedagang Pasar Minggu Tolak Pindah ke Lantai Tiga", *lines, BODY)
    assert (known.authors, known.publisher) == (authors, publisher)
    assert known.title == "Pedagang Pasar Minggu Tolak Pindah ke Lantai Tiga"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Harga Naik"], "Harga Naik"),
        (["Market visit"], "Market visit"),
        (["Jembatan Putus", "Rabu, 12 Mar 2025"], "Jembatan Putus"),
        (["Jembatan Putus", "Rabu (12/3) pagi"], "Jembatan Putus"),
        (["Jembatan Putus", "5 menit baca"], "Jembatan Putus"),
        (["Stabilitas Kawasan", "Qatar dan AS Terus Berupaya"], "Qatar dan AS Terus Berupaya"),
        (["Berita Utama"], None),
        (["CNN Indonesia"], None),
        (["Oleh Budi"], None),
        (["Dear readers,"], None),
        (["Subject: Weekly letter"], "Weekly letter"),
        (["From: a@x.id", "To: the whole valley and its readers", "Subject: Letter"], "Letter"),
        (["The bridge is closed.", "Police came.", '"We are so sorry."'], None),
        (["Warga Tolak Penggusuran", "“Kami lahir di kampung ini”"], "Warga Tolak Penggusuran"),
        (["“Kami Lapar”, Kata “Warga”"], "“Kami Lapar”, Kata “Warga”"),
    ],
)
def test_short_headlines(lines: list[str], title: str | None) -> None:
    """Two words that open the text are a headline; a quotation in its middle is none."""
    cut = "Emir Qatar dan menteri luar negeri itu membahas upaya mediasi selama dua jam di Doha…"
    assert of(*lines, BODY).title == (title or cut)
