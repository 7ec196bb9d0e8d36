"""Who is known by which post, as an article has it."""

from __future__ import annotations

import pytest

from rag.answer.posts import holders, names_holder, of_others
from rag.answer.question import analyse
from rag.text.language import detect
from tests.answer.spans.answered import sentence

TWO = "Menteri Luar Negeri Taldora Ana Wijaya menjamu Menteri Luar Negeri Elvane, Linnea Ekeroth."


def known(*texts: str) -> set[str]:
    """The words by which the articles' office holders may be named."""
    return {word for holder in holders(map(sentence, texts)) for word in holder.words}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Foreign Minister Linnea Ekeroth raised the flag.", {"ekeroth"}),
        ("Perdana Menteri Qatar Mohammed bin Abdulrahman Al Thani hadir.", {"thani"}),
        ("Juru bicara PT Rel Nusa, Vina Oktariani, menyalahkan desa.", {"oktariani"}),
        ("Vina Oktariani, juru bicara PT Rel Nusa, menyalahkan desa.", {"oktariani"}),
        ("Rina Dewi, yang juga menjabat sebagai gubernur, menolak.", {"dewi"}),
        ("Tom Reed, 45, who is also the mayor, refused.", {"reed"}),
        (TWO, {"wijaya", "ekeroth"}),
        # Nobody holds it: something else stands between, or nobody is named.
        ("The minister told reporters that Ana Lee had left.", set()),
        ("The mayor refused.", set()),
        # Of several it gives nobody's name.
        ("Karsava membebaskan dua pilot Ulmar.", set()),
        ("Karsava freed several pilots of Ulmar.", set()),
    ],
)
def test_holders(text: str, names: set[str]) -> None:
    """By the words around the post."""
    assert known(text) == names


def asked(question: str, *texts: str, of: str) -> bool:
    """Whether a sentence names who holds the post that a question asks about."""
    read = analyse(question, detect(question) or "en")
    (unit,) = [u for u in read.units if u.kind == "word" and u.concepts & _posts(texts)]
    return names_holder(read, unit, sentence(of), holders(map(sentence, texts)))


def _posts(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(h.concepts for h in holders(map(sentence, texts))))


def test_a_later_sentence_has_the_name_alone() -> None:
    """The post is asked about; other names are not its holder's."""
    told = "Wali Kota Retno Palupi membuka pasar."
    assert asked("Apa kata wali kota?", told, of="Retno Palupi menolak berkomentar.")
    assert asked("What did the mayor say?", told, of="Palupi declined to comment.")
    assert not asked("Apa kata wali kota?", told, of="Hendarto Liem menolak berkomentar.")


def test_of_two_with_one_post_the_one_of_the_place_is_meant() -> None:
    """Without a place nobody can say."""
    assert asked("Siapa yang ditemui menteri luar negeri Elvane?", TWO, of="Ekeroth pulang.")
    assert not asked("Siapa yang ditemui menteri luar negeri Elvane?", TWO, of="Wijaya pulang.")
    assert not asked("Siapa yang ditemui menteri luar negeri?", TWO, of="Ekeroth pulang.")


def test_a_sentence_without_posts_has_no_holders() -> None:
    """Nor has a text without any words."""
    assert holders([sentence("Hujan turun."), sentence("...")]) == []


def test_of_two_with_one_last_name_the_first_word_tells() -> None:
    """The emir is no prime minister for having his clan's name."""
    told = "Perdana Menteri Hamad Al Thani hadir bersama Emir Tamim Al Thani."
    assert asked("Apa kata perdana menteri?", told, of="Hamad Al Thani pulang.")
    assert not asked("Apa kata perdana menteri?", told, of="Tamim Al Thani pulang.")


def test_who_is_called_by_a_post_holds_nobody_elses() -> None:
    """ "Guru Nurlaila" is a teacher, and not the teacher of a place of that name."""
    told = sentence("Gubernur Arsyad memuji guru Aceh, Bu Nurlaila Sari.")
    asked_of = analyse("Siapa yang memuji guru Sari?", "id")
    [post] = [u for u in asked_of.units if "teacher" in u.concepts]
    assert not of_others(asked_of, post, told, holders([told]))
    asked_of = analyse("Siapa yang memuji guru Padang?", "id")
    assert of_others(asked_of, post, told, holders([told]))


PAIR = "Taldora's foreign minister, Ana Wijaya, met her Elvane counterpart, Linnea Ekeroth."
DOHA = "Perdana Menteri Qatar Hamad Faris menerima Menteri Luar Negeri AS, Tom Reed."


@pytest.mark.parametrize(
    ("question", "text", "others"),
    [
        ("Siapa menteri luar negeri Mesir?", DOHA, True),
        ("Who is Egypt's foreign minister?", DOHA, True),
        ("Who is the Egyptian foreign minister?", DOHA, True),
        ("Who is the foreign minister of the United States?", DOHA, False),
        ("Who is the US foreign minister?", DOHA, False),
        ("Siapa menteri luar negeri Elvane?", PAIR, False),
        ("Siapa menteri luar negeri Mesir?", PAIR, True),
        # Whose is not asked, or not told.
        ("Siapa menteri luar negeri yang datang?", DOHA, False),
        ("Siapa menteri luar negeri Mesir?", "Menteri Luar Negeri Tom Reed datang.", False),
        # A sentence without a place goes by the article's others.
        ("Siapa menteri luar negeri Mesir?", "Menteri luar negeri itu pulang.", True),
    ],
)
def test_anothers_post(question: str, text: str, others: bool) -> None:
    """Another country's minister is no answer."""
    asked_of = analyse(question, detect(question) or "en")
    posts = [u for u in asked_of.units if u.kind == "word" and u.concepts & _posts((DOHA,))]
    told = holders([sentence(DOHA)]) if "itu" in text else holders([sentence(text)])
    assert any(of_others(asked_of, post, sentence(text), told) for post in posts) == others
