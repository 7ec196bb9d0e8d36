"""The glossary's files beyond the news, and a user's own file beside them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from rag.errors import BadSetting
from rag.text import glossary
from rag.text.glossary import load, parse, use
from rag.text.glossary.table import Table, check

GLOSSARY = load()
FILES = sorted(
    (f for f in resources.files(glossary).iterdir() if f.name.endswith(".tsv")),
    key=lambda f: f.name,
)

EVERY_FILE = [
    "daily.tsv",
    "everyday.tsv",
    "geography.tsv",
    "history.tsv",
    "news.tsv",
    "public.tsv",
    "science.tsv",
]

# Worked by hand: what a question in one language is searched for in the other.
TRANSLATED = [
    # science
    ("What do orchids need?", "en", ["anggrek"]),
    ("Apa makanan trenggiling?", "id", ["pangolin"]),
    ("Why is photosynthesis important?", "en", ["fotosintesis"]),
    ("Gejala cacar air", "id", ["chickenpox"]),
    ("the natural resources of Borneo", "en", ["sumber daya alam", "Kalimantan"]),
    ("planet di tata surya", "id", ["planet", "solar system"]),
    ("the speed of light", "en", ["kecepatan cahaya"]),
    ("titik didih air", "id", ["boiling point", "water"]),
    ("Which software is open source?", "en", ["perangkat lunak", "sumber terbuka"]),
    ("ubur-ubur dan kupu-kupu", "id", ["jellyfish", "butterfly"]),
    ("sulphuric acid", "en", ["asam sulfat"]),
    # places
    ("the capital of Nicaragua", "en", ["Nikaragua"]),
    ("sungai Efrat", "id", ["Euphrates"]),
    ("ships in the Java Sea", "en", ["Laut Jawa"]),
    ("Tembok Besar China", "id", ["Great Wall of China"]),
    ("Bangka Belitung Islands", "en", ["Kepulauan Bangka Belitung", "Babel"]),
    ("gunung di Maluku Utara", "id", ["North Maluku"]),
    ("the Strait of Malacca", "en", ["Selat Malaka"]),
    ("Terusan Panama", "id", ["Panama Canal"]),
    # history, religion, culture
    ("the Second World War", "en", ["Perang Dunia II", "Perang Dunia Kedua"]),
    ("Konferensi Meja Bundar", "id", ["Round Table Conference"]),
    ("the Crusades", "en", ["Perang Salib"]),
    ("firaun dan mumi", "id", ["pharaoh", "mummy"]),
    ("the call to prayer", "en", ["azan"]),
    ("Perjanjian Lama", "id", ["Old Testament"]),
    ("fried rice with shrimp", "en", ["nasi goreng", "udang"]),
    ("tokoh utama cerita rakyat", "id", ["main character", "folklore"]),
    ("a musical instrument of bamboo", "en", ["alat musik"]),
    ("anak sulung dan anak bungsu", "id", ["eldest child", "youngest child"]),
    # what people do and have at home, as they say it
    ("Why did the deal fall through?", "en", ["kandas"]),
    ("They broke into the shop and snatched a purse", "en", ["membobol", "jambret"]),
    ("Siapa yang nebeng ke kantor?", "id", ["hitchhike"]),
    ("Berapa lama mereka ngantri?", "id", ["queue"]),
    ("Kapan rumah itu direnovasi?", "id", ["renovation"]),
    ("the careless driver dozed off", "en", ["ceroboh", "ketiduran"]),
    ("toko roti dan panci", "id", ["bakery", "saucepan"]),
    # public life and everyday words
    ("the rule of law", "en", ["negara hukum"]),
    ("hak veto anggota tetap", "id", ["veto power"]),
    ("Who wove the cloth and sewed it?", "en", ["kain"]),
    ("Ia berlutut dan berbisik", "id", ["kneel", "whisper"]),
    ("They dug, shook and leapt", "en", ["menggali", "mengguncang", "melompat"]),
    ("kereta barang dan lokomotif", "id", ["freight train", "locomotive"]),
    ("the runner-up in men's doubles", "en", ["juara dua", "ganda putra"]),
    ("pencetak gol bunuh diri", "id", ["goalscorer"]),
    ("the second largest island", "en", ["terbesar kedua", "pulau"]),
    ("mata pencaharian penduduk", "id", ["livelihood", "population"]),
    # further words of news and of reference works
    ("the curator reopened the vault", "en", ["kurator", "dibuka kembali", "brankas"]),
    ("Telepon hakim disadap", "id", ["wiretapped"]),
    ("the widest outlet for jabs", "en", ["gerai", "vaksin"]),
    ("Perahu berisi tukik itu dicegat", "id", ["hatchling", "intercepted"]),
    ("a bigger and costlier pier", "en", ["besar", "mahal", "dermaga"]),
    ("menafsirkan kronologi", "id", ["interpret", "timeline"]),
]


@pytest.mark.parametrize(("text", "language", "expected"), TRANSLATED)
def test_words_of_every_field_lead_into_the_other_language(
    text: str, language: str, expected: list[str]
) -> None:
    """What a question names is searched for by the words of the other language."""
    target = "id" if language == "en" else "en"
    found = GLOSSARY.translations(text, source=language, target=target)
    assert [form for form in expected if form not in found] == []


# Worked by hand: a text and concepts that it does not name, though a word of it looks so.
NOT_NAMED = [
    ("several people practised", "en", {"severance_pay"}),  # both stems begin with "sever"
    ("Gempa mengguncang Palu", "id", {"hammer"}),
    ("Shin Bet said", "en", {"shinbone"}),
    ("Ia terlambat ke Lampung", "id", {"slow", "life_jacket"}),
    ("mereka makan durian", "id", {"thorn"}),
    ("wayang dari Pekalongan", "id", {"bat_animal"}),
    ("the performance of the account", "en", {"performer", "bookkeeping"}),
    ("Bupati Pati", "id", {"starch"}),
    ("dua tahun", "id", {"biennial"}),
    ("sungai terpanjang", "id", {"yangtze"}),
    ("ini sama dengan itu", "id", {"coincide"}),
    ("tiga besar", "id", {"third_largest"}),
    ("It stands on the hill till noon", "en", {"grandstand", "cashier"}),
    ("kesehatan mental", "id", {"bounce"}),
    ("Wali kota itu berada di Solo", "id", {"well_off", "guardian_of_a_child"}),
    ("Jimmy Carter ke Tegal", "id", {"chartered", "dry_field"}),
    ("seperti itu, cuma kena hujan", "id", {"apparently", "vain_effort", "impose_levy"}),
    ("spare mobile parts were reserved", "en", {"spared_from", "mobilise"}),
]


@pytest.mark.parametrize(("text", "language", "others"), NOT_NAMED)
def test_chance_likenesses_name_nothing(text: str, language: str, others: set[str]) -> None:
    """A word or a phrase that only shares stems with a form does not name its concept."""
    for concept_id in others:
        GLOSSARY.concept(concept_id)  # it exists, or the test would say nothing
    assert {m.concept_id for m in GLOSSARY.find(text, language)} & others == set()


def test_a_place_within_a_longer_name_is_not_named() -> None:
    """North Maluku is not Maluku, and the Dominican Republic is not Dominica."""
    for text, language, concept_id in (
        ("North Maluku", "en", "north_maluku"),
        ("Maluku Utara", "id", "north_maluku"),
        ("Republik Dominika", "id", "dominican_republic"),
        ("Guinea-Bissau", "en", "guinea_bissau"),
        ("Papua Barat Daya", "id", "southwest_papua"),
    ):
        assert GLOSSARY.concepts_of(text, language) == (concept_id,)


def test_every_file_is_well_formed() -> None:
    """No line of ours would be refused in a user's file, and no id stands in two files."""
    table = Table()
    for file in FILES:
        text = file.read_text("utf-8")
        check(text)
        table.read(text)
    assert tuple(table.rows) != ()
    assert set(table.rows) == {concept.concept_id for concept in GLOSSARY.concepts}


def test_the_words_of_the_news_come_first() -> None:
    """The order of the concepts is that of news.tsv, then of the other files by name."""
    first, last = GLOSSARY.concepts[0], GLOSSARY.concepts[-1]
    assert first.concept_id == "say"
    assert last.concept_id in FILES[-1].read_text("utf-8")
    names = [f.name for f in FILES]
    assert names == EVERY_FILE


def test_there_are_thousands_of_concepts() -> None:
    """More than 7,200 in all, and the files beside news.tsv say nothing that it says already."""
    assert len(GLOSSARY.concepts) >= 7200
    news = Table()
    news.read(next(f for f in FILES if f.name == "news.tsv").read_text("utf-8"))
    known = {
        (en.casefold(), id_.casefold())
        for concept in map(news.concept, news.rows)
        for en in concept.en
        for id_ in concept.id
    }
    added = [c for c in GLOSSARY.concepts if c.concept_id not in news.rows]
    again = [
        c.concept_id
        for c in added
        if all((e.casefold(), i.casefold()) in known for e in c.en for i in c.id)
    ]
    assert again == []
    alike = [
        c.concept_id for c in added if {*map(str.casefold, c.en)} == {*map(str.casefold, c.id)}
    ]
    assert alike == []


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    """Where a user's file may be written; no file is in use when the test is over."""
    yield tmp_path / "mine.tsv"
    use(None)


def test_a_user_adds_words(mine: Path) -> None:
    """A concept of the user's file is found beside ours, whatever its line ends; ours are kept."""
    mine.write_bytes("\ufeff# mine\r\nzwiebel\tnoun\tzwiebel\tbombai|OMB!\r\n".encode())
    found = load(mine)
    assert found.translations("zwiebel in Cairo", source="en", target="id") == [
        "bombai",
        "OMB",
        "Kairo",
    ]
    assert len(found.concepts) == len(GLOSSARY.concepts) + 1
    assert load().concepts_of("zwiebel", "en") == ()


def test_a_user_mends_a_concept(mine: Path) -> None:
    """A line with an id of ours takes its place, and words under "-" name nothing more."""
    before = GLOSSARY.concepts.index(GLOSSARY.concept("pangolin"))
    mine.write_text("pangolin\tnoun\tpangolin\tpeusing\n-\tnoun\t-\tsebuahnya\n", "utf-8")
    found = load(mine)
    assert found.concept("pangolin").id == ("peusing",)
    assert found.concepts[before].concept_id == "pangolin"
    assert found.concepts_of("trenggiling", "id") == ()
    assert len(found.concepts) == len(GLOSSARY.concepts)


def test_a_file_in_use_is_everybodys(mine: Path) -> None:
    """After `use`, `load()` gives the user's words too, until it is told otherwise."""
    mine.write_text("zwiebel\tnoun\tzwiebel\tbombai\n", "utf-8")
    use(mine)
    assert load() is load(mine)
    assert load().concepts_of("bombai", "id") == ("zwiebel",)
    use(None)
    assert load() is GLOSSARY


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("# mine\na noun b c\n", "line 2: 1 fields instead of 4"),
        ("a\tnoun\tb\tc\n\nb\tthing\tb\tc\n", "line 3: unknown part of speech 'thing'"),
        ("a\tnoun\tb\tc\na\tnoun\td\te\n", "line 2: 'a' is there already"),
        ("pangolin\tnoun\tb\tc\npangolin\tnoun\td\te", "line 2: 'pangolin' is there already"),
        (" \tnoun\tb\tc\n", "line 1: there is no id"),
        ("a\tnoun\t-\t-\n", "line 1: 'a' has no form in either language"),
        ("a\tnoun\tb|\tc\n", "line 1: a form is empty, padded or no word: 'b|'"),
        ("a\tnoun\tb!|b\tc\n", "line 1: a form is there twice: 'b!|b'"),
    ],
)
def test_a_mistake_in_a_users_file_is_named(mine: Path, text: str, complaint: str) -> None:
    """The error is one line that names the file, the line and the fault; the old file stays."""
    mine.write_text(text, "utf-8")
    with pytest.raises(BadSetting) as caught:
        use(mine)
    assert str(caught.value) == f"glossary {mine}, {complaint}"
    assert "tabs" in caught.value.hint
    assert load() is GLOSSARY


def test_a_users_file_that_cannot_be_read_is_named(mine: Path) -> None:
    """A file that is missing, no file, no text or too large is an error that names it."""
    with pytest.raises(BadSetting, match=r"mine\.tsv: cannot be read: No such file"):
        load(mine)
    with pytest.raises(BadSetting, match="cannot be read: Is a directory"):
        load(mine.parent)
    mine.write_bytes(b"a\tnoun\tb\t\xff\n")
    with pytest.raises(BadSetting, match=r"mine\.tsv: not UTF-8 text"):
        load(mine)
    mine.write_bytes(b"#" * 4_000_001)
    with pytest.raises(BadSetting, match="4,000,001 bytes, more than 4,000,000"):
        load(mine)


def test_a_missing_side_has_no_forms() -> None:
    """A concept may be written in one language only."""
    found = parse("peusing\tnoun\t-\tpeusing")
    assert found.concept("peusing").en == ()
    assert found.translations("peusing", source="id", target="en") == []
