"""The words that answer, sort by sort: reasons, places, counts, holders of posts, how often."""

from __future__ import annotations

import pytest

from tests.answer.spans.answered import answered


def test_for_a_while_is_no_reason() -> None:
    """What is done "untuk sementara waktu" is done for some reason that is not told there."""
    question = "Mengapa mediasi dihentikan?"
    assert answered(question, "Qatar menghentikan mediasi untuk sementara waktu.") is None
    told = "Qatar menghentikan mediasi karena Israel menolak tuntutan itu."
    assert answered(question, told) == "Israel menolak tuntutan itu"


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Di kota mana mereka bertemu?", "Mereka bertemu di Hai Lam, Vietnam.", "Hai Lam, Vietnam"),
        (
            "Di kota mana menteri Vietnam bertemu?",
            "Mereka bertemu di Kota Hai Lam, Vietnam.",
            "Kota Hai Lam, Vietnam",
        ),
        (
            "Which hospital was he taken to?",
            "He was treated at St Agnes Hospital.",
            "St Agnes Hospital",
        ),
        (
            "Who came first in the race?",
            "The race was won by Malcolm Oyelaran.",
            "Malcolm Oyelaran",
        ),
        ("How much is a sack?", "A sack sells for 38,000 CFA francs.", "38,000 CFA francs"),
    ],
)
def test_places_in_places_and_who_won(question: str, text: str, answer: str) -> None:
    """A body's house is where; a land behind a town is no repetition of the question."""
    assert answered(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Lawatan yang keberapa itu?", "Itu lawatan kesembilan Blinken.", "kesembilan"),
        ("How long did the talks last?", "The talks went on for months.", "for months"),
        ("How long after the talks did he ring?", "He rang two days after the talks.", "two days"),
        (
            "Berapa lama perundingan itu?",
            "Perundingan berlangsung berbulan-bulan.",
            "berbulan-bulan",
        ),
    ],
)
def test_the_how_manieth_and_how_long(question: str, text: str, answer: str) -> None:
    """An ordinal where that is asked; how long, where it is told without a number."""
    assert answered(question, text) == answer


CIA = (
    "Direktur Badan Intelijen Pusat atau Central Intelligence Agency (CIA) Amerika Serikat, "
    "William Burns, akan mengunjungi Doha."
)
EMIR = "Emir Qatar, Syekh Tamim bin Hamad Al Thani, menerima telepon dari Antony Blinken."


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("Siapa direktur CIA?", CIA, "William Burns"),
        ("Siapa emir Qatar?", EMIR, "Tamim bin Hamad Al Thani"),
        ("Who phoned the Emir?", EMIR, "Antony Blinken"),
        ("Who is the mayor?", "The mayor, Rina Dewi, met Tom Reed on Monday.", "Rina Dewi"),
        (
            "Which three countries tried it?",
            "AS, Qatar, dan Mesir mencobanya.",
            "AS, Qatar, dan Mesir",
        ),
    ],
)
def test_holders_of_posts_and_countries_by_their_letters(
    question: str, text: str, words: str
) -> None:
    """He answers who he is, and not who did something to the holder of the post."""
    assert answered(question, text) == words


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("Berapa kali ia diminta pulang?", "He was asked to go home twice.", "twice"),
        ("How many times was he asked?", "Ia diminta pulang dua kali.", "dua kali"),
        ("How long ago did the war start?", "Perang pecah dua tahun lalu.", "dua tahun lalu"),
        ("When did the war start?", "The war broke out two years ago.", "two years ago"),
        # Whose word it is that something was done is not who did it.
        ("Who stole the battery?", "Aki itu dicuri, kata Kepala Dinas Ana Lee.", None),
        (
            "Who said the battery was stolen?",
            "Aki itu dicuri, kata Kepala Dinas Ana Lee.",
            "Ana Lee",
        ),
    ],
)
def test_times_ago_and_whose_word(question: str, text: str, told: str | None) -> None:
    """How often, how long ago; and nobody, where only a speaker is named."""
    assert answered(question, text) == told
