"""What the sentences of an article say together, on small articles worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.asking import asked_nouns
from rag.answer.evidence import LINKED, NEAR, read
from rag.answer.question import analyse
from rag.answer.reading import Reading
from rag.answer.weigh import weigh
from rag.schema import Hit
from rag.text.language import detect
from tests.answer.passages import hit

ATTACK = (
    "The war began with the attack of 7 October. In return the army shelled the coast. "
    "In that attack the militia also took 251 hostages."
)
SERANGAN = (
    "Perang pecah sejak serangan pada 7 Oktober. Sebagai balasan tentara menembaki pantai. "
    "Dalam serangan tersebut milisi juga menyandera 251 orang."
)
RAIN = "Rain fell. Snow fell. Hail fell. "
TWO_TALKS = RAIN + (
    "Ana Lee met Bo Ray in Doha. Later Cy Dunn arrived. Cy Dunn discussed trade with Di Fox."
)


def reading(question: str, found: Hit) -> Reading:
    """One article, read with a question whose words all weigh the same."""
    asked = analyse(question, detect(question) or "en")
    [sentences] = read([found])
    return Reading(asked, sentences, weigh({u: frozenset() for u in asked.units}, 10, {}))


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("How many hostages were taken on 7 October?", ATTACK, "en"),
        ("Berapa orang disandera pada 7 Oktober?", SERANGAN, "id"),
    ],
)
def test_what_is_called_that_attack_is_the_one_told_of_before(
    question: str, text: str, language: str
) -> None:
    """Its day holds two sentences later too; for what stands between, it is only near."""
    found = reading(question, hit(text, language))
    [day] = [unit for unit in found.question.units if unit.kind == "date"]
    assert found.direct[day] == [1.0, 0.0, 0.0]
    assert found.near(day, 2) == LINKED
    unlinked = text.replace("that attack", "this fight").replace("serangan tersebut", "aksi itu")
    assert reading(question, hit(unlinked, language)).near(day, 2) <= NEAR


@pytest.mark.parametrize(
    ("question", "names", "deeds"),
    [
        ("Who met Ana Lee?", 1.0, 1.0),
        ("Where did Ana Lee meet Bo Ray?", 1.0, 0.95),  # "met", by the glossary
        ("What did Cy Dunn discuss with Di Fox?", 1.0, 1.0),
        # Both are there, and never in one sentence.
        ("What did Bo Ray discuss with Cy Dunn?", 0.0, 0.0),
    ],
)
def test_whether_those_asked_about_stand_together(
    question: str, names: float, deeds: float
) -> None:
    """Any two names in one sentence, and each name with what is done."""
    found = reading(question, hit(TWO_TALKS, "en"))
    assert (found.names_together, found.deeds_together) == (names, deeds)


def test_according_to_an_outlet_asks_of_its_articles() -> None:
    """Its name need not stand in the article; of another's it does not hold."""
    plain = hit("The dam broke on Monday.", "en")
    theirs = replace(
        plain,
        passage=replace(
            plain.passage, metadata=replace(plain.passage.metadata, publisher="Kabar Nusa")
        ),
    )
    question = "According to Kabar Nusa, when did the dam break?"
    for found, held in ((theirs, 1.0), (plain, 0.0)):
        read_ = reading(question, found)
        [outlet] = [unit for unit in read_.question.units if unit.kind == "name"]
        assert read_.direct[outlet] == [held]


TRAIN = (
    "A night train hit a truck at Wates Lor, killing the driver. The line was shut for nine hours. "
    "It was going 94 kilometres an hour. Police questioned the truck's owner."
)


def test_what_the_lead_has_tells_no_sentence_from_another() -> None:
    """Of "fast", "train" and "truck" the lead has two; they count 0.15 of their weight.

    All units weigh the same, w: 1 for "speed" w, 0.15 for the others.
    """
    found = reading("What was the speed of the train that hit the truck?", hit(TRAIN, "en"))
    lead, later = found.focused(0), found.focused(3)
    assert lead > later > 0  # "truck" stands in the last sentence too
    assert found.focused(1) == 0.0
    words = {u.text: u for u in found.question.units}
    assert found.near(words["train"], 2) >= 0.6  # all of the article is about it
    assert found.direct[words["train"]][2] == 0.0


def test_what_few_sentences_have_counts_more() -> None:
    """ "Owner" stands in one sentence, "truck" in two: weights 1 and 1/2, so 1 and 1/3."""
    found = reading("Which truck has an owner?", hit(TRAIN, "en"))
    assert [u.text for u in found.question.units] == ["truck", "owner"]
    assert found.rarely(3) == pytest.approx(1.0)
    assert found.rarely(0) == pytest.approx(1 / 3)
    assert found.rarely(2) == 0.0


def test_what_is_recalled_speaks_of_the_same() -> None:
    """ "That attack" two sentences on is told of with the day of the attack."""
    found = reading("How many hostages were taken on 7 October?", hit(ATTACK, "en"))
    [day] = [unit for unit in found.question.units if unit.kind == "date"]
    assert found.tied(day, 2) == LINKED
    assert found.tied(day, 1) == 0.0


def test_who_turned_it_down_is_told_by_the_denial() -> None:
    """A denial that is asked for takes nothing from the sentence."""
    found = reading("Siapa yang menolak usul itu?", hit("Usul itu ditolak Rina Dewi.", "id"))
    assert found.reality(0) == 1.0


@pytest.mark.parametrize(
    ("question", "text", "language", "so"),
    [
        # A denial bears on its own clause.
        ("Siapa yang mengirim surat?", "Rina, yang tidak hadir, mengirim surat.", "id", True),
        ("Siapa yang mengirim surat?", "Rina tidak mengirim surat.", "id", False),
        ("Whom did the police free?", "The police refused, but freed six men.", "en", True),
        ("Whom did the police free?", "The police did not free six men.", "en", False),
        # What was called off had been planned.
        ("When had the visit been due?", "A visit planned for May 3 was called off.", "en", True),
        ("When was the visit?", "A visit planned for May 3 was called off.", "en", False),
        # "No more than" denies nothing.
        ("How much may they draw?", "They may draw no more than 20 euros.", "en", True),
    ],
)
def test_a_denial_bears_on_its_own_clause(
    question: str, text: str, language: str, so: bool
) -> None:
    """Not across a "but", nor out of what is said of somebody between commas."""
    assert (reading(question, hit(text, language)).reality(0) == 1.0) == so


def test_words_that_answer_fit_though_they_name_nobody() -> None:
    """A body without a name did it; a sentence without any fits less."""
    found = reading(
        "Who filed the complaint?",
        hit("The complaint was filed by the bar association. The hall was cold.", "en"),
    )
    told, other = found.sentences
    assert found.fit(told) == 0.9
    assert found.fit(other) < 0.5
    [by] = found.typed(told)
    assert told.text[by.start : by.end] == "the bar association"


def test_one_word_does_not_tell_of_two_things_asked_about() -> None:
    """ "Agreement" tells of signing where only that is asked; beside "agreement" it does not."""
    pact = hit("The agreement took years.", "en")
    signed = reading("Who signed?", pact)
    both = reading("Who signed the agreement?", pact)
    assert [row[0] for row in signed.direct.values()] == [0.8]
    assert {u.text: row[0] for u, row in both.direct.items()} == {"signed": 0.0, "agreement": 1.0}


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Thirty train drivers walked out.", 1.0),
        ("Most trains had only a driver on board.", 0.7),
        ("The drivers of the train walked out.", 1.0),
    ],
)
def test_words_of_one_thing_stand_together(text: str, share: float) -> None:
    """Trains and a driver, far apart, are no train drivers."""
    found = reading("How many train drivers?", hit(text, "en"))
    assert [row[0] for u, row in found.direct.items() if u.text == "train drivers"] == [share]


def test_a_word_within_a_phrase_is_told_of() -> None:
    """To lay down arms is one thing, and arms are another that is told with it."""
    found = reading("Berapa senjata?", hit("The rebels laid down their arms.", "en"))
    [(_, row)] = found.direct.items()
    assert row == [0.8]


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("How many stalls burned at Kenanga Market?", "76 kios di Pasar Kenanga terbakar.", 1.0),
        ("How many stalls burned at Kenanga Market?", "76 kios di Kenanga terbakar.", 0.4),
        ("Berapa kios terbakar di Pasar Kenanga?", "76 stalls burned at Kenanga Market.", 1.0),
        # A body is not whose it is, nor another of the same.
        ("Apa isi resolusi Majelis Umum PBB?", "Dewan Keamanan PBB membuat resolusi.", 0.4),
        ("Apa kata Universitas Indonesia?", "Presiden Indonesia berkata tidak.", 0.4),
        ("Apa kata Pemerintah Indonesia?", "Indonesia berkata tidak.", 0.9),
    ],
)
def test_what_a_name_is_headed_by_may_be_in_the_other_language(
    question: str, text: str, share: float
) -> None:
    """Kenanga Market is Pasar Kenanga; Kenanga alone may be anything."""
    found = reading(question, hit(text, detect(text) or "id"))
    [name] = [unit for unit in found.question.units if unit.kind == "name"]
    assert found.direct[name] == [share]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Darmin Halawa divonis. Darmin menyesal. Halawa pergi.", [1.0, 0.9, 0.9]),
        # Never named whole: the first name is many people's.
        ("Hakim membaca putusan. Darmin menyesal.", [0.0, 0.4]),
        # Another of that first name.
        ("Darmin Halawa divonis. Darmin Setiawan bersaksi.", [1.0, 0.4]),
    ],
)
def test_who_was_named_whole_goes_by_either_name(text: str, rows: list[float]) -> None:
    """As Indonesian news has people by their first names, and English by their last."""
    found = reading("Mengapa Darmin Halawa dihukum?", hit(text, "id"))
    [name] = [unit for unit in found.question.units if unit.kind == "name"]
    assert found.direct[name] == rows


def test_a_name_of_the_lead_stands_with_every_other() -> None:
    """By half, as the headline and the lead name what all of an article is about."""
    filler = RAIN
    question = "When did Ana Lee go back to Lorven?"
    led = reading(question, hit(f"The Lorven bridge fell. {filler}Ana Lee went back in May.", "en"))
    assert led.names_together == 0.5
    far = reading(question, hit(f"{filler}Lorven is cold. {filler}Ana Lee went back.", "en"))
    assert far.names_together == 0.0


def test_where_it_was_filed_is_not_what_it_is_about() -> None:
    """A dateline's town, and another in the sentence: it tells of that one."""
    question = "When did Blinken land in Istanbul?"
    later = "Rain fell. Snow fell. Blinken landed in Doha on Monday."
    filed = reading(question, hit(f"ISTANBUL - The talks failed. {later}", "en"))
    assert filed.displaced(3)
    beside = reading(
        question,
        hit("ISTANBUL - The talks failed. He landed in Doha on Monday. Blinken left.", "en"),
    )
    assert beside.displaced(1)
    led = reading(question, hit(f"ISTANBUL - The Istanbul talks failed. {later}", "en"))
    assert not led.displaced(3)


@pytest.mark.parametrize(
    ("question", "nouns"),
    [
        ("Which hotel did he stay at?", {"hotel"}),
        ("What happened to the assistant referee?", set()),
        ("hewan apa yang menggali lubang itu", set()),
        ("pakai apa mereka dibunuh", set()),
        ("Di kota mana?", set()),
    ],
)
def test_the_nouns_that_an_answer_repeats(question: str, nouns: set[str]) -> None:
    """A badger is not called an animal."""
    assert asked_nouns(question) == nouns


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Wahana itu mendarat di bulan.", True),
        ("Upah lima bulan belum dibayar.", False),
        ("Bayi itu berusia 8 bulan.", False),
        ("Ia tiba pada bulan Mei.", False),
    ],
)
def test_a_month_is_no_moon(text: str, told: bool) -> None:
    """Indonesian has one word for both."""
    found = reading("When was the lunar probe built?", hit(text, "id"))
    [moon] = [u for u in found.question.units if "moon" in u.concepts]
    assert (found.direct[moon][0] > 0) == told


def test_what_lasts_and_what_share_are_numbers_of_their_own() -> None:
    """Of three numbers only the months tell how long, and only the percentage what share."""
    text = "The 20 doctors struck for 14 months and lost 12 percent, two days after a vote."
    for question, told in (
        ("How long did the strike last?", ["14 months"]),
        ("What percentage did they lose?", ["12 percent"]),
    ):
        found = reading(question, hit(text, "en"))
        spans = found.typed(found.sentences[0])
        assert [text[s.start : s.end] for s in spans] == told


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        # No number but an age tells how old somebody is.
        ("Umur pilot Bram Adi?", "Pilot Bram Adi dan dua insinyur selamat.", []),
        (
            "Umur pilot Bram Adi?",
            "Pilot Bram Adi, 41 tahun, dan dua insinyur selamat.",
            ["41 tahun"],
        ),
        # Nor a length of time how many there are, nor a country who the captain is.
        ("How much aid arrives?", "Aid arrives after 14 months.", ["14 months"]),
        ("How many trucks arrive?", "Trucks arrive after 14 months.", []),
        ("Who is the captain of the ship?", "The captain of the ship left Egypt.", []),
        ("Who attacked the ship?", "Egypt attacked the ship.", ["Egypt"]),
    ],
)
def test_what_is_of_the_kind_asked_for(question: str, text: str, told: list[str]) -> None:
    """The things in a sentence that may answer, by what exactly is asked."""
    found = reading(question, hit(text, "id" if "Umur" in question else "en"))
    sentence = found.sentences[0]
    assert [sentence.text[s.start : s.end] for s in found.typed(sentence)] == told
