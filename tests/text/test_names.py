"""Names in text: their spans, their titles, what kind of thing they name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.names import TITLES, find


def read(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(n.text, n.kind, n.title) for n in find(text)]


def texts(text: str) -> list[str]:
    return [n.text for n in find(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "He swaps posts with Transport Minister Gatot Lesmono.",
            [("Gatot Lesmono", "person", "Transport Minister")],
        ),
        ("Prosecutor Ana Lee spoke.", [("Ana Lee", "person", "Prosecutor")]),
        (
            "Blinken bertemu Presiden Mesir Abdel Fattah al-Sisi.",
            [("Mesir", "place", None), ("Abdel Fattah al-Sisi", "person", "Presiden")],
        ),
        (
            "Emir Qatar, Syekh Tamim bin Hamad Al Thani, tiba.",
            [("Qatar", "place", None), ("Tamim bin Hamad Al Thani", "person", "Syekh")],
        ),
        (
            "Menteri Luar Negeri Amerika Serikat, Antony Blinken, tiba.",
            [
                ("Amerika Serikat", "place", None),
                ("Antony Blinken", "person", "Menteri Luar Negeri"),
            ],
        ),
        (
            "bersama Menteri Luar Negeri AS Antony Blinken.",
            [("AS", "place", None), ("Antony Blinken", "person", "Menteri Luar Negeri")],
        ),
        (
            "U.S. Secretary of State Antony Blinken said no.",
            [("U.S.", "place", None), ("Antony Blinken", "person", "Secretary of State")],
        ),
        ("He met President Joe Biden.", [("Joe Biden", "person", "President")]),
        ("Menkeu Purbaya hadir.", [("Purbaya", "person", "Menkeu")]),
        ("presiden Prabowo Subianto pergi", [("Prabowo Subianto", "person", "presiden")]),
        (
            "pemimpin oposisi Israel, Yair Lapid, menuduhnya.",
            [("Israel", "place", None), ("Yair Lapid", "person", "pemimpin oposisi")],
        ),
        (
            "Polisi menangkap Gubernur Riau Abdul Wahid di rumahnya.",
            [("Riau", "place", None), ("Abdul Wahid", "person", "Gubernur")],
        ),
        ("Lalu Mr. Smith pergi.", [("Smith", "person", "Mr")]),
        ("Lalu Prof. Dr. H. Ahmad Subagyo hadir.", [("Ahmad Subagyo", "person", "Prof. Dr. H")]),
    ],
)
def test_titles(text: str, wanted: list[tuple[str, str | None, str | None]]) -> None:
    """A title is kept apart from the name, and the office's country from its holder."""
    found = [name for name in read(text) if name[0] not in {"Blinken", "Polisi"}]
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("kata Mohammed bin Abdulaziz bin Saleh Al Khulaifi itu", None, "person"),
        ("menurut Kementerian Luar Negeri Qatar kemarin", None, "organisation"),
        ("a bomb in the border town of Lisko killed him", "Lisko", "place"),
        ("the idea of Lisko pleased him", "Lisko", None),
        ("laporan PT Telkom Indonesia Tbk itu", None, "organisation"),
        ("at the University of Indonesia today", "University of Indonesia", "organisation"),
        ("oleh Dewan Keamanan PBB itu", None, "organisation"),
        ("oleh KPK itu", "KPK", "organisation"),
        ("di Jalur Gaza itu", "Jalur Gaza", "place"),
        ("dari Arab Saudi itu", "Arab Saudi", "place"),
        ("sebuah rumah di Rimal itu", "Rimal", "place"),
        ("kota baru El Alamein itu", "El Alamein", "place"),
        ("menolak AS itu", "AS", "place"),
        ("menurut Ahmad S. Rahman itu", "Ahmad S. Rahman", None),
        ("buku J. K. Rowling itu", "J. K. Rowling", None),
        ("lukisan Vincent van Gogh itu", "Vincent van Gogh", None),
        ("lalu Budi Santoso mengatakan itu", "Budi Santoso", "person"),
        ("tewasnya Budi Santoso (55) itu", "Budi Santoso", "person"),
    ],
)
def test_kind(text: str, name: str | None, kind: str | None) -> None:
    """The words of a name, or those beside it, tell what it names; else the kind is None."""
    (only,) = find(text)
    assert only.kind == kind
    assert only.text == (name or " ".join(text.split()[1:-1]))


@pytest.mark.parametrize(
    "text",
    [
        "Namun, upaya itu gagal.",
        "The talks failed. They left. Pada hari itu ia pergi.",
        "Hubungan strategis dibahas.",
        "Konon, semua orang pergi.",
        "Pada Rabu pagi, 21 Agustus 2024, ia pergi.",
        "Tiga orang tewas. Two men died.",
        "Presiden mengatakan siap.",
        "A   A   A",
        "Pembicaraan berlangsung lama. Sebuah pembicaraan lain gagal.",
        "pukul 14.05 WIB",
        "",
    ],
)
def test_no_name(text: str) -> None:
    """A capital that starts a sentence, a month or a weekday makes no name."""
    assert find(text) == []


def test_same_word_in_lower_case() -> None:
    """A word that starts a sentence is no name when the text also writes it small."""
    assert texts("Kelinci itu lari. Ada kelinci lain.") == []


def test_mentions_share_their_kind() -> None:
    """A surname alone is a person once the text has named the person in full."""
    text = "Presiden Joe Biden tiba. Menurut laporan itu, Biden lelah."
    assert read(text)[-1] == ("Biden", "person", None)
    assert read("Perserikatan Bangsa-Bangsa (PBB) dan Komisi Anu (KA) setuju.")[-1] == (
        "KA",
        "organisation",
        None,
    )


def test_headline_capitals_prove_nothing() -> None:
    """Of a headline only what the article shows to be a name is taken."""
    text = (
        "Qatar dan AS Terus Berupaya Mediasi untuk Akhiri Perang Gaza\n\n"
        "Qatar dan AS terus berupaya mengakhiri perang di Gaza lewat mediasi, kata Tamim."
    )
    assert texts(text) == ["Qatar", "AS", "Gaza", "Qatar", "AS", "Gaza", "Tamim"]


def test_two_names_are_not_joined() -> None:
    """ "dan", a comma, a slash and a hyphen between places part two names."""
    assert texts("antara Hamas dan Israel, Mesir di perbatasan Gaza-Mesir, AFP/Budi Santoso") == [
        *("Hamas", "Israel", "Mesir", "Gaza", "Mesir", "AFP", "Budi Santoso"),
    ]
    assert texts("Ia dari Bau-Bau dan Harley-Davidson.") == ["Bau-Bau", "Harley-Davidson"]


def test_titles_are_lower_case() -> None:
    """`TITLES` holds lower-cased titles of one or more words."""
    assert {"presiden", "menteri luar negeri", "prime minister", "dr"} <= TITLES
    assert all(title == title.lower().strip() for title in TITLES)


PIECES = st.sampled_from(
    [
        "Presiden",
        "Menteri",
        "Luar",
        "Negeri",
        "Budi",
        "S",
        ".",
        ",",
        "bin",
        "al-Sisi",
        "Gaza",
        "AS",
        "dan",
        "of",
        "the",
        "The",
        "Namun",
        "kata",
        "Dr",
        "\n",
        "'",
        "-",
        "U.S",
        "Rabu",
        "21",
        "Agustus",
        "PT",
        "Kota",
        "van",
        "di",
        "mengatakan",
        "(",
        ")",
        ":",
        "A",
        "II",
        "Ibu",
    ]
)


@given(st.lists(PIECES, max_size=30), st.sampled_from(["", " "]))
@settings(max_examples=300, deadline=None)
def test_names_are_in_order(pieces: list[str], space: str) -> None:
    """Names are ordered, disjoint, and each is exactly its piece of the text."""
    text = space.join(pieces)
    end = 0
    for name in find(text):
        assert end <= name.start < name.end
        assert name.text == text[name.start : name.end]
        assert name.text.strip() == name.text
        assert "\n" not in name.text
        end = name.end
