"""Checking a sentence against its evidence: what agrees, what is missing, what is otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.check.verify import Check, check
from rag.answer.evidence import Sentence
from rag.schema import Metadata, Passage
from rag.text import language, sentences

TRAIN = (
    "A night express carrying 214 passengers jumped the rails near Gurrum Junction early on"
    " Thursday, killing nine people and leaving 57 injured, police said."
)
BANK = (
    "Bank sentral Verania menaikkan suku bunga menjadi 6,75 persen dari 6,25 persen pada Rabu"
    " (17/4), kata Gubernur Solveig Amanfo."
)


def source(
    text: str, *, published: date | None = date(2024, 8, 22), title: str = ""
) -> list[Sentence]:
    """The sentences of a passage that is all of `text`."""
    metadata = Metadata(
        title=title,
        source="test",
        published=published,
        language=language.detect(text),
        publisher="Koran Contoh",
    )
    passage = Passage(article_id="a" * 16, start=0, end=len(text), text=text, metadata=metadata)
    return [Sentence(passage, s.start, s.end, 1.0) for s in sentences.spans(text)]


def verdict(statement: str, text: str, *, published: date | None = date(2024, 8, 22)) -> str:
    """The verdict on a statement by all the sentences of a text."""
    return check(statement, source(text, published=published), language="en").verdict


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (TRAIN, TRAIN),
        ("Nine people were killed and 57 injured, police said.", TRAIN),
        ("9 people died when a night express left the rails near Gurrum Junction.", TRAIN),
        ("Sembilan orang tewas dan 57 terluka, kata polisi.", TRAIN),
        ("The central bank raised its interest rate to 6.75 percent on Wednesday.", BANK),
        ("Menurut Solveig Amanfo, suku bunga naik dari 6,25 persen menjadi 6,75 persen.", BANK),
        ("Sebanyak seribu dua ratus delapan orang tewas.", "Serangan itu menewaskan 1.208 orang."),
        ("The attack killed 1,208 people.", "Serangan itu menewaskan 1.208 orang."),
        ("More than 44,000 people were killed.", "Serangan itu menewaskan 44.580 orang."),
        ("The UN envoy met the US secretary of state.", "Utusan PBB bertemu Menlu AS."),
        ("Gaza's health ministry said so.", "Menurut Kementerian Kesehatan Gaza, itu benar."),
        ("BNPB sent help.", "Badan Nasional Penanggulangan Bencana mengirim bantuan."),
        ("Koran Contoh reported that police arrested two men.", "Police arrested two men."),
    ],
)
def test_a_faithful_sentence_matches(statement: str, text: str) -> None:
    """In its own words, its own language, its own way of writing numbers and names."""
    assert check(statement, source(text), language="en") == Check("matches")


@pytest.mark.parametrize(
    ("statement", "text", "expected"),
    [
        ("Nineteen people were killed near Gurrum Junction.", TRAIN, "conflict"),
        ("57 people were killed and nine injured.", TRAIN, "conflict"),
        ("Sembilan orang terluka dan 57 tewas.", TRAIN, "conflict"),
        ("The train carried 214 passengers and 12 crew.", TRAIN, "not_found"),
        ("Suku bunga naik menjadi 6,25 persen dari 6,75 persen.", BANK, "conflict"),
        ("Kejadian itu menewaskan 40 orang.", "Kejadian itu menewaskan 27 orang.", "conflict"),
        ("The firm owes 1.3 million pounds.", "The firm owes 1.3 billion pounds.", "conflict"),
        ("It cost 22 million dollars.", "It cost 22 million euros.", "conflict"),
        ("Prices rose 5 percent.", "Prices rose in 5 towns.", "conflict"),
        ("More than 27 bodies were found.", "They found 27 bodies.", "conflict"),
        ("Fewer than 27 bodies were found.", "More than 27 bodies were found.", "conflict"),
        ("Thousands of people fled.", "Ratusan warga melarikan diri.", "conflict"),
        ("It costs 22 million euros a week.", "It costs 22 million euros a day.", "conflict"),
    ],
)  # fmt: skip
def test_another_number_does_not_match(statement: str, text: str, expected: str) -> None:
    """Nor the right one with another unit, for something else or hedged the other way."""
    assert verdict(statement, text) == expected


BLINKEN = "Blinken meninggalkan Doha, Selasa malam (20/8), di akhir tur regional."


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Blinken left Doha on Tuesday, 20 August 2024.", "matches"),
        ("Blinken left Doha in August.", "matches"),
        ("Blinken left Doha last Tuesday.", "matches"),
        ("Blinken left Doha on 21 August 2024.", "conflict"),
        ("Blinken left Doha on 20 September.", "conflict"),
        ("Blinken left Doha on 20 August 2023.", "conflict"),
        ("Blinken left Doha on Wednesday.", "conflict"),
        ("Blinken left Doha on Monday, 20 August 2024.", "conflict"),
    ],
)
def test_dates_are_counted_from_the_publication(statement: str, expected: str) -> None:
    """A day, month, year or weekday that the source does not give is no match."""
    assert verdict(statement, BLINKEN) == expected


def test_without_a_publication_date_no_year_is_filled_in() -> None:
    """The source says 20/8; of which year, nobody knows."""
    assert verdict("Blinken left Doha on 20 August 2024.", BLINKEN, published=None) != "matches"
    assert verdict("Blinken left Doha on 20 August.", BLINKEN, published=None) == "matches"


MEETING = (
    "Rizal Hartanto bertemu Dubes Norwegia Ingvild Moen di Balai Kota, Kamis (6/3). Dalam"
    " kesempatan terpisah, Bupati Sofyan Laode menolak usulan tambang baru."
)


@pytest.mark.parametrize(
    "statement",
    [
        "Rizal Hartanto met Sofyan Laode.",
        "Rizal Hartanto bertemu Sofyan Laode di Balai Kota.",
        "Ingvild Moen rejected a proposal for a new mine.",
        "Ingvild Moen menolak usulan tambang baru.",
        "Rizal Hartanto met Helga Ruzickova.",
        "Dewanto Prakasa bertemu Dubes Norwegia Ingvild Moen.",
        "rizal hartanto bertemu dewanto prakasa di balai kota.",
    ],
)
def test_a_name_from_elsewhere_does_not_match(statement: str) -> None:
    """Neither one made up nor one that another sentence tells something else of."""
    assert verdict(statement, MEETING) != "matches"


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Hamas accused Israel of breaking the truce.", "Israel menuduh Hamas melanggar gencatan."),
        ("Israel dituduh Hamas melanggar gencatan.", "Israel menuduh Hamas melanggar gencatan."),
        ("Vietnam mengalahkan Indonesia.", "Tim Indonesia mengalahkan Vietnam di Hanoi."),
        ("Indonesia dikalahkan Vietnam.", "Tim Indonesia mengalahkan Vietnam di Hanoi."),
        ("Liem received money from Zulfan.", "Zulfan menerima uang dari pengusaha Liem."),
        ("It sailed from Kalbuaya to Tanjarang.", "Kapal berlayar dari Tanjarang ke Kalbuaya."),
    ],
)
def test_who_did_it_to_whom_counts(statement: str, text: str) -> None:
    """The same names the other way round are another story, passive or not."""
    assert verdict(statement, text) == "conflict"


def test_the_passive_tells_the_same() -> None:
    """ "Hamas dituduh Israel" is "Israel accused Hamas"."""
    text = "Israel menuduh Hamas melanggar gencatan senjata."
    assert verdict("Hamas dituduh Israel melanggar gencatan senjata.", text) == "matches"
    assert verdict("Hamas was accused by Israel of violating the ceasefire.", text) == "matches"


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Blinken did not leave Doha.", BLINKEN),
        ("Blinken tidak meninggalkan Doha.", BLINKEN),
        ("The request has been answered.", "Permintaan itu belum dijawab."),
        ("Arquel met Akinci in Larnaca.", "He denied that Arquel met Akinci in Larnaca."),
        ("Burns visited Doha.", "William Burns akan mengunjungi Doha, kata pejabat."),
        ("The owner paid a ransom.", "The owner would not say whether a ransom had been paid."),
        ("The minister praised the plan.", "The minister criticised the plan."),
        ("Polisi membebaskan 86 orang.", "Police arrested 86 people."),
    ],
)  # fmt: skip
def test_denied_planned_or_opposite_is_a_conflict(statement: str, text: str) -> None:
    """What the source denies, plans or leaves open has not happened."""
    assert verdict(statement, text) == "conflict"


def test_another_speaker_is_a_conflict() -> None:
    """The words are the governor's, whoever else is near."""
    text = "Menurut Ratri Anindita, Zulfan menemui pengusaha Hendro Liem di Medan."
    found = check("According to Hendro Liem, Zulfan met him in Medan.", source(text), language="en")
    assert found.verdict == "conflict"
    assert "Ratri Anindita" in found.reasons[0]


@pytest.mark.parametrize(
    "statement",
    ["Blinken resigned in Doha.", "Blinken mengundurkan diri di Doha.", "Blinken was shot."],
)  # fmt: skip
def test_the_right_names_do_not_carry_an_invented_deed(statement: str) -> None:
    """Blinken and Doha are there; that he resigned is not."""
    assert verdict(statement, BLINKEN) != "matches"


def test_reasons_name_the_thing_in_the_language_of_the_reader() -> None:
    """One short line for each thing found wrong."""
    evidence = source("Polisi menangkap 86 orang di Bamako.")
    english = check("Police arrested 68 people in Dakar.", evidence, language="en")
    indonesian = check("Police arrested 68 people in Dakar.", evidence, language="id")
    assert english.reasons == (
        "the number 68 is 86 in the source",
        "the name “Dakar” is not in the source",
    )
    assert indonesian.reasons == (
        "angka 68 di sumbernya 86",
        "nama “Dakar” tidak ada di sumbernya",
    )


def test_no_evidence_backs_nothing() -> None:
    """Without a sentence to look in, the verdict is that it was not found."""
    assert check("Blinken left Doha.", [], language="en") == Check("not_found", ("no source",))


def test_marks_and_markup_are_no_part_of_the_statement() -> None:
    """ "[1]" and asterisks say nothing."""
    assert verdict("**Blinken** left Doha. [1][2b]", BLINKEN) == "matches"


@settings(max_examples=60, deadline=None)
@given(number=st.integers(min_value=3, max_value=999_999), other=st.integers(3, 999_999))
def test_a_number_matches_itself_only(number: int, other: int) -> None:
    """In either way of grouping thousands, across languages."""
    text = f"Serangan itu menewaskan {number:,} orang di kota tersebut.".replace(",", ".")
    statement = f"The attack killed {other:,} people in the city."
    assert (verdict(statement, text) == "matches") == (number == other)


@settings(max_examples=60, deadline=None)
@given(statement=st.text(max_size=120), text=st.text(max_size=200))
def test_any_text_gets_a_verdict(statement: str, text: str) -> None:
    """Whatever a model writes and an article holds; a conflict or a gap has its reason."""
    found = check(statement, source(text), language="id")
    assert bool(found.reasons) == (found.verdict in ("conflict", "not_found"))


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Two-thirds of the seats were empty.", "Three-quarters of the seats were empty."),
        ("Sepertiga kursi kosong.", "Separuh kursi kosong."),
        ("Cases tripled last year.", "Cases doubled last year."),
        ("Dozens of others were freed.", "A man was freed. He is 30."),
        ("It rose 4,500 feet.", "Kolom abu setinggi 4.500 meter."),
        ("The law passed for the eleventh time.", "The law passed with 11 votes."),
        ("It has an eight-layer model.", "It has a seven-layer model."),
        ("It costs Rp18,900 per kilogram.", "Harganya Rp18.900 per liter."),
    ],
)
def test_amounts_without_a_figure_and_measures_count(statement: str, text: str) -> None:
    """A fraction, a multiple, a vague plural, an ordinal or a measure must be the source's."""
    assert verdict(statement, text) != "matches"


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Half of the buyers left.", "Separuh pembeli pergi."),
        ("Two-thirds of the seats were empty.", "Dua pertiga kursi kosong."),
        ("Cases doubled.", "Kasus naik dua kali lipat."),
        ("A quarter of the seats were empty.", "Of the seats, 25 percent were empty."),
        ("Hundreds of houses were damaged.", "Sebanyak 260 rumah rusak."),
        ("The time was 2:06.31 in Durban.", "She touched in a time of 2:06.31 in Durban."),
    ],
)
def test_the_same_amount_told_otherwise_matches(statement: str, text: str) -> None:
    """In the other language, as a percentage, or as a figure of that size."""
    assert verdict(statement, text) == "matches"


INQUIRY = (
    "Transport Minister Alasdair Munro promised an inquiry. Harbour master Inge Dahl counted the"
    " boats; the owner, Piet Roos, said nothing."
)


@pytest.mark.parametrize(
    "statement",
    [
        "Inge Dahl promised an inquiry.",
        "Inge Dahl menjanjikan penyelidikan.",
        "Transport Minister Piet Roos promised an inquiry.",
        "Transport Minister Alasdair Quill promised an inquiry.",
        "Rose, the harbour master, counted the boats.",
        "Bersani promised an inquiry.",
    ],
)
def test_a_name_in_the_place_of_another_does_not_match(statement: str) -> None:
    """Whoever else is named: the deed and the office are another's."""
    assert verdict(statement, INQUIRY) != "matches"
    assert verdict(statement.lower(), INQUIRY) != "matches"


def test_the_agency_in_the_dateline_is_no_actor() -> None:
    """ "(Interpost)" only says who reports."""
    text = "SOL VARDA, June 10 (Interpost) - Adela Voskuil's party lost its majority on Monday."
    assert verdict("Interpost lost its majority on Monday.", text) != "matches"
    assert verdict("Adela Voskuil's party lost its majority.", text) == "matches"


TALKS = (
    "Ferry operator Dorsal Line moved 340 passengers at 6:10 a.m. on Friday, two hours after the"
    " quay closed. Harbour chief Nils Ekdal denied that the pilot had been drunk. Finance Minister"
    " Rhea Colby called the response reasonable. Opposition leader Jon Varga said the most urgent"
    " task was repair. He said repairs would create 90 jobs."
)
FIXTURE = "Klub Rajawali kalah dari Banteng Selatan 1-2 pada semifinal, Minggu, pukul 15.30 WIT."


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Dorsal Line moved 340 passengers at 6:10 p.m. on Friday.", TALKS),
        ("Dorsal Line moved 340 passengers two hours before the quay closed.", TALKS),
        ("Dorsal Line moved 340 trucks on Friday.", TALKS),
        ("Nils Ekdal said the pilot had been drunk.", TALKS),
        ("Nils Ekdal mengatakan nakhoda itu mabuk.", TALKS),
        ("Rhea Colby called the response unreasonable.", TALKS),
        ("Rhea Colby called the response unacceptable.", TALKS),
        ("Foreign Minister Rhea Colby called the response reasonable.", TALKS),
        ("Jon Varga said the least urgent task was repair.", TALKS),
        ("Rhea Colby said repairs would create 90 jobs.", TALKS),
        ("Jon Varga said repairs would cost 90 jobs.", TALKS),
        ("Rajawali mengalahkan Banteng Selatan 2-1.", FIXTURE),
        ("Rajawali beat Banteng Selatan 2-1.", FIXTURE),
        ("Banteng Selatan lost to Rajawali.", FIXTURE),
        ("Klub Rajawali kalah dari Banteng Selatan 1-2 pada final.", FIXTURE),
        ("Rajawali bermain pukul 15.30 WIB.", FIXTURE),
        ('"It is a cruel day for us," Moss said.', '"It is a proud day for us," Moss said.'),
        ("Farmers lost 70 goats.", "Peternak kehilangan 70 ekor kerbau."),
        ("The union called off a march.", "The union called a march on Monday."),
    ],
)
def test_a_word_turned_round_does_not_match(statement: str, text: str) -> None:
    """Half of the day, zone, before and after, title, speaker, winner, opposite, quoted word."""
    assert verdict(statement, text) != "matches"


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Dorsal Line moved 340 passengers at 6.10 am on Friday.", TALKS),
        ("Nils Ekdal denied that the pilot was drunk.", TALKS),
        ("Jon Varga said repairs would create 90 jobs.", TALKS),
        ("Banteng Selatan mengalahkan Rajawali 2-1.", FIXTURE),
        ("Banteng Selatan beat Rajawali 2-1 in the semifinal.", FIXTURE),
        ("Rajawali lost 1-2 to Banteng Selatan.", FIXTURE),
        ("The march lasted 8 hours.", "The march lasted eight hours in the rain."),
        ("It rose 0.5 percentage points.", "It rose by half a percentage point."),
        ("The walkout begins on 20 September 2024.", "The walkout begins on 20 September."),
        ("Kapal itu tiba sebelum Oktober.", "Kapal itu tiba pada Oktober."),
    ],
)
def test_the_same_told_the_other_way_matches(statement: str, text: str) -> None:
    """Digits for words, who won for who lost, the year that the publication date fits."""
    assert check(statement, source(text), language="en") == Check("matches")
