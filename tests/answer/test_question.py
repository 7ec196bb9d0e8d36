"""Questions taken apart: the kind of answer they want and the units they are about."""

from __future__ import annotations

import pytest

from rag.answer.asking import kind_of
from rag.answer.evidence import Sentence
from rag.answer.matching import match
from rag.answer.question import analyse
from rag.schema import Metadata, Passage
from rag.text.language import detect


def sentence(text: str) -> Sentence:
    """A passage of one Indonesian sentence."""
    metadata = Metadata(title="T", source="t.txt", language="id")
    passage = Passage(article_id="0" * 16, start=0, end=len(text), text=text, metadata=metadata)
    return Sentence(passage, 0, len(text), 1.0)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who met Blinken in Doha?", "person"),
        ("siapa yang menjamu duta besar itu", "person"),
        ("whom did she accuse", "person"),
        ("When did the talks begin?", "date"),
        ("tahun berapa pabrik itu dibangun?", "date"),
        ("hari apa sidang digelar", "date"),
        ("Di mana pertemuan itu berlangsung?", "place"),
        ("Kota mana yang banjir?", "place"),
        ("In which city was the summit held?", "place"),
        ("berapa korban tewas?", "number"),
        ("How many people were injured", "number"),
        ("How much did the bridge cost?", "money"),
        ("Berapa kerugian akibat kebakaran?", "money"),
        ("Mengapa bandara ditutup?", "reason"),
        ("what caused the fire", "reason"),
        ("Which company built the dam?", "organisation"),
        ("Apakah Blinken bertemu Emir?", "yes_no"),
        ("Did Blinken meet the Emir?", "yes_no"),
        ("Apa itu gencatan senjata?", "open"),
    ],
)
def test_kind(question: str, kind: str) -> None:
    """The question word tells the kind, in both languages."""
    assert kind_of(question) == kind


def test_the_first_question_word_decides() -> None:
    """A relative clause later in the question does not change what it asks for."""
    assert kind_of("When did the company where Ana works open?") == "date"
    assert kind_of("Siapa menteri yang tahu di mana uang itu?") == "person"
    assert kind_of("Was the officer drunk when the ship hit the pier?") == "yes_no"
    assert kind_of("Do you know when the ship hit the pier?") == "date"
    assert kind_of("Apakah ia mengakui bahwa itu menjadi penyebab kebakaran?") == "yes_no"
    assert kind_of("How did they know where to look?") == "open"
    assert kind_of("Presiden beli apa di pasar?") == "open"
    assert kind_of("Menteri apa yang hadir?") == "person"


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_a_name_with_its_ending_is_the_name(apostrophe: str) -> None:
    """It means what it means without, and is called so."""
    question = analyse(f"Who is Egypt{apostrophe}s president?", "en")
    assert [(u.text, u.kind, u.concepts) for u in question.units] == [
        ("Egypt", "name", frozenset({"egypt"})),
        ("president", "word", frozenset({"president"})),
    ]


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("Mohammed bin Abdulrahman Al Thani menelepon.", 1.0),
        ("Bin Abdulrahman menelepon.", 0.9),
        ("Mohammed menelepon.", 0.4),
        # The Emir shares nothing with him but the small word.
        ("Tamim bin Hamad Al Thani menelepon.", 0.0),
    ],
)
def test_a_part_of_a_name(text: str, worth: float) -> None:
    """The last word stands for the whole; a first name hardly, and "bin" not at all."""
    [name] = analyse("Siapa Mohammed bin Abdulrahman?", "id").units
    assert match(name, sentence(text)) == worth


def test_units_are_names_numbers_and_words() -> None:
    """Question words and function words are no units; a name of several words is one."""
    question = analyse("Who did Ratna Wijaya meet in Harapan in 2023?", "en")
    assert [(u.text, u.kind) for u in question.units] == [
        ("2023", "date"),
        ("Ratna Wijaya", "name"),
        ("Harapan", "name"),
        ("meet", "word"),
    ]
    assert "meet" in question.units[3].concepts


def test_a_day_is_one_unit_and_matches_however_it_is_written() -> None:
    """ "Sabtu 20 Juli" is one unit, found in "Sabtu (20/7)" but not in "Sabtu (27/7)"."""
    question = analyse("Siapa ditemui Ana Wijaya hari Sabtu 20 Juli?", "id")
    (day,) = [u for u in question.units if u.kind == "date"]
    assert match(day, sentence("Mereka berbincang, Sabtu (20/7) malam.")) == 1.0
    assert match(day, sentence("Mereka berbincang, Sabtu (27/7) malam.")) == 0.0
    assert match(day, sentence("Mereka berbincang pada bulan Juli.")) == pytest.approx(1 / 3)


def test_denial_and_future_are_noticed() -> None:
    """A question about what did not happen, or will, is known as one."""
    assert analyse("Why was the meeting not held?", "en").negated
    assert analyse("Siapa yang akan bertemu Ratna?", "id").future
    assert not analyse("Siapa yang bertemu Ratna?", "id").future


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Koridor itu membentang di perbatasan mana?", "place"),
        ("Which UN body called for a truce?", "organisation"),
        ("Kantor berita mana yang diberi tahu?", "organisation"),
        ("Which outlet reported it?", "organisation"),
        # A clause asks for nothing that "which" has not asked for.
        ("Which pet did she take when she fled?", "open"),
        ("What did the man who fled say?", "open"),
        ("On which day did he come, and where?", "date"),
        ("Who came when it fell?", "person"),
        ("What killed three workers?", "open"),
        ("What worker came?", "person"),
        ("Which three countries tried to reach a deal?", "place"),
        ("What street was closed?", "place"),
        ("Di rumah sakit mana korban dirawat?", "place"),
        ("In which hospital is he?", "organisation"),
        ("How steep is the climb?", "number"),
        ("What distance did he run?", "number"),
        ("What does a guard earn in a year?", "money"),
        ("What is the bus fare?", "money"),
        ("What hourly rate did he propose to pay?", "money"),
        ("Which Japanese minister resigned?", "person"),
        ("Pembalap mana yang jatuh?", "person"),
        ("What does a guard wear?", "open"),
        ("What did the company say?", "open"),
        ("Which of the two ships sank?", "open"),
        ("Sudahkah uang itu dibayar?", "yes_no"),
        ("Blinken sempat bertemu perdana menteri nggak?", "yes_no"),
        ("Kotak hitamnya sudah ketemu belum?", "yes_no"),
        ("Bagaimanakah caranya?", "open"),
    ],
)
def test_the_noun_that_is_asked_of_tells_the_kind(question: str, kind: str) -> None:
    """And the ways to ask whether something is so."""
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "names"),
    [
        # A first word that is an ordinary one, however it came by its capital.
        ("Lawatan Blinken ke mana?", ["Blinken"]),
        ("Menurut Wali Kota Retno, apa sebabnya?", ["Retno"]),
        ("Kantor berita mana yang tahu?", []),
        # One that is nothing else is a name; so is a body's or a place's whole name.
        ("Blinken met whom?", ["Blinken"]),
        ("Uni Eropa menyumbang apa?", ["Uni Eropa"]),
        ("Rumah Sakit Soerjono di mana?", ["Rumah Sakit Soerjono"]),
        ("Koridor Philadelphia di mana?", ["Koridor Philadelphia"]),
        ("Diberangkatkan ke mana?", []),
    ],
)
def test_the_first_word_of_a_question(question: str, names: list[str]) -> None:
    """Its capital tells nothing."""
    assert [u.text for u in analyse(question, None).units if u.kind == "name"] == names


def test_or_not_denies_nothing() -> None:
    """It only asks whether."""
    assert not analyse("Sudah ketemu atau tidak?", "id").negated
    assert analyse("Why doesn’t it open?", "en").negated
    assert analyse("Siapa yang tidak datang?", "id").negated


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Berapa lama Voskuil berkuasa?", ["Voskuil", "berkuasa"]),
        ("How long will the truce run?", ["truce"]),
        ("Who was the last to speak in Lorven?", ["Lorven", "last", "speak"]),
        ("Who is going to speak?", ["speak"]),
        ("Benarkah harganya naik?", ["harganya", "naik"]),
        ("Badai itu menelan berapa korban jiwa?", ["Badai", "korban"]),
        # A land is named by both its words, though one is ordinary.
        ("Berapa pekerja Selandia Baru?", ["Selandia Baru", "pekerja"]),
        ("How old is Ana Lee?", ["Ana Lee"]),
        ("Letak Koridor Philadelphia di mana?", ["Koridor Philadelphia"]),
        ("Where is Lorven located?", ["Lorven"]),
        ("Where exactly is Lorven?", ["Lorven"]),
        ("Where does the Lorven Canal run?", ["Lorven Canal"]),
        ("Kapan Ana Lee bicara soal kanal itu?", ["Ana Lee", "kanal"]),
        ("When did Ana Lee speak about the canal?", ["Ana Lee", "canal"]),
        ("What other cabinet post does Ana Lee hold?", ["Ana Lee"]),
        ("How many visits, counting this one?", ["visits"]),
        ("Which outlet had the story on Ana Lee?", ["Ana Lee"]),
        ("Whom did it rely on?", []),
        ("Why didn't it open?", ["open"]),
        ("Why couldn’t they leave?", ["leave"]),
        ("How big a rise do they want?", ["rise", "want"]),
        # Elsewhere they tell what is asked about.
        ("With whom did Ana Lee speak?", ["Ana Lee", "speak"]),
        ("Who runs the canal?", ["runs", "canal"]),
        ("Siapa yang membeli balai kota lama?", ["balai kota lama", "membeli"]),
        ("Mengapa letaknya dirahasiakan?", ["letaknya", "dirahasiakan"]),
    ],
)
def test_words_that_a_question_is_asked_with(question: str, words: list[str]) -> None:
    """No answer repeats the "long" of "how long"."""
    assert [u.text for u in analyse(question, detect(question)).units] == words


def test_a_body_that_is_named_by_a_little_word() -> None:
    """ "KAN" is asked about; what is only shouted is not."""
    assert [u.text for u in analyse("Siapa yang dikutip KAN?", "id").units] == ["KAN", "dikutip"]
    assert [u.text for u in analyse("Siapa ITU Ana Lee?", "id").units] == ["Ana Lee"]


def test_words_of_one_stem_that_are_not_one() -> None:
    """ "Keluar" is not told by "luar negeri", nor "pertahanan" by "tahanan"."""
    (left,) = analyse("Mengapa keluar?", "id").units
    assert match(left, sentence("Menteri Luar Negeri Ana Lee tiba.")) == 0.0
    assert match(left, sentence("Mesir telah keluar dari perundingan.")) == 1.0
    (defence,) = analyse("Siapa Menteri Pertahanan?", "id").units
    assert match(defence, sentence("Tahanan itu dibebaskan.")) == 0.0


def test_a_country_that_is_named_by_a_little_word() -> None:
    """ "AS" is the United States, spelt out for what is compared; "as" asks about nothing."""
    (country, _) = analyse("Siapa presiden AS?", "id").units
    assert (country.text, country.kind, country.words) == ("AS", "name", ("amerika", "serikat"))
    assert analyse("Is it as big as a house?", "en").units[0].text == "big"
