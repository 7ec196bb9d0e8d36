"""Names of a question, as the articles write them."""

from __future__ import annotations

import pytest

from rag.answer.cased import recased
from rag.answer.question import analyse
from rag.text.language import detect

TOUR = "Itu lawatan ketiga Blinken ke Qatar. Penulis : Rina Dewi\nLalu Blinken pulang."
# question, texts, its names as the texts tell them
CASES = [
    ("who met ana wijaya", "They saw Ana Wijaya.", ["Ana Wijaya"]),
    ("who met ana wijaya", "They saw ana and wijaya.", []),
    # The first word has its capital from its place.
    ("Blinken lama di Qatar?", TOUR, ["Qatar", "Blinken"]),
    # Known to no list and no text: somebody's name, or some body's.
    ("siapa direktur mossad", "Direktur CIA datang.", ["Mossad"]),
    ("siapa direkturnya yang digembleng", "Direktur CIA datang.", []),
    # A word that means something is half of a name where the texts always have both so.
    ("who won at port kellaway", "The port of PORT KELLAWAY. In Port Kellaway.", ["Port Kellaway"]),
    ("who won at port kellaway", "They ran at the port, Kellaway said.", ["Kellaway"]),
    ("did mayor tarel resign", "Then Mayor Tarel resigned.", ["Tarel"]),
    ("Menurut siapa Wijaya pergi?", "Menurut polisi, Wijaya pergi.", ["Wijaya"]),
    ("Katanya siapa yang pergi?", "Katanya begitu. Wijaya pergi.", []),
    ("Lawatan Blinken kali ini yang keberapa?", TOUR, ["Blinken"]),
    ("Bank Mandiri untung berapa?", "Itu sebuah bank. Laba Mandiri naik.", ["Bank Mandiri"]),
    ("Lawatan Wijaya ke mana?", TOUR, ["Wijaya"]),
    # A place before a name is no part of it, wherever the two stand in the question.
    ("Dari Qatar Blinken terbang ke mana?", TOUR, ["Qatar", "Blinken"]),
    ("Sejak kapan Qatar Airways terbang?", "Qatar Airways terbang ke Doha.", ["Qatar Airways"]),
    # What has a meaning as a whole is one name, and a place before such is another.
    ("Did African Union observers come?", "The General Union of Dockers met.", ["African Union"]),
    ("What did the Qatari Foreign Ministry say?", "x", ["Qatari", "Foreign Ministry"]),
    # An ordinary word that the texts have in a name only is none.
    ("tukimin ardi age", "Ini Tukimin Ardi. The Bronze Age ended.", ["Tukimin Ardi"]),
    # A place of the glossary is a name, in whichever language the texts have it.
    ("who is the prime minister of egypt", "Perdana Menteri Mesir datang.", ["Egypt"]),
    # What nobody writes small is a name, though the question has capitals elsewhere.
    ("what did hamas tell Wijaya", "Wijaya met Hamas.", ["Wijaya", "Hamas"]),
    ("what did sardono tell Wijaya", "Wijaya met Sardono.", ["Wijaya", "Sardono"]),
    # A word that only begins lines there is an ordinary one.
    ("siapa penulis berita itu?", TOUR, []),
    ("Siapa penulis berita itu?", TOUR, []),
]


@pytest.mark.parametrize(("question", "text", "names"), CASES)
def test_recased(question: str, text: str, names: list[str]) -> None:
    """Which units are names, in their order."""
    asked = recased(analyse(question, detect(question) or "id"), [text])
    assert [unit.text for unit in asked.units if unit.kind == "name"] == names


def test_small_letters_become_the_texts_own() -> None:
    """Who does what to whom goes by names, and so by capitals: "IAEA", not "iaea"."""
    asked = recased(
        analyse("kapan iaea memeriksa rina halim", "id"), ["IAEA memeriksa Rina Halim."]
    )
    assert asked.text == "kapan IAEA memeriksa Rina Halim"
    # A dateline shouts, and so may be the first to name a town.
    shouted = recased(analyse("who left chirapata", "en"), ["CHIRAPATA, Peru - Ana left."])
    assert shouted.text == "who left Chirapata"


def test_what_is_split_off_keeps_its_meaning() -> None:
    """A visit is asked about, whatever its case."""
    asked = recased(analyse("Kunjungan Blinken ke mana?", "id"), ["Kunjungan itu oleh Blinken."])
    (word,) = [unit for unit in asked.units if unit.text == "Kunjungan"]
    assert (word.kind, "visit" in word.concepts) == ("word", True)


@pytest.mark.parametrize(
    ("question", "text", "named"),
    [
        ("Who was in the Qatari capital?", "He left Doha.", [("Qatari capital", ("doha",))]),
        ("Siapa yang tiba di ibu kota Mesir?", "Ia di Kairo.", [("ibu kota Mesir", ("cairo",))]),
        ("Who died in the capital of Kenya?", "x", [("Kenya", ("kenya",))]),  # which is not named
        ("What is the capital of Qatar?", "He left Doha.", [("Qatar", ("qatar",))]),  # it is asked
        ("Apa ibu kota Qatar?", "Ia tiba di Doha.", [("Qatar", ("qatar",))]),
        ("How much capital did Qatar raise?", "He left Doha.", [("Qatar", ("qatar",))]),
    ],
)
def test_a_capital_is_its_city(
    question: str, text: str, named: list[tuple[str, tuple[str, ...]]]
) -> None:
    """Where the articles name the city, and the question does not ask for it."""
    asked = recased(analyse(question, detect(question) or "id"), [text])
    assert [(u.text, u.words) for u in asked.units if u.kind == "name"] == named
