"""What counts as a copy: prints of a wire story do; reports, updates and forms do not."""

from __future__ import annotations

import pytest

from rag.search import alike
from rag.text import minhash
from tests.search.prints import (
    EDITED,
    MONDAY,
    PRINT,
    REPORT,
    SHORT,
    STORY,
    TUESDAY,
    text,
)

CROWDED = "Pasar malam itu ramai oleh pedagang dan pembeli dari desa sekitar setiap akhir pekan"


def articles(one: str, other: str) -> bool:
    """Whether two articles are copies; asked both ways round."""
    a, b = (alike.read(t, article=True) for t in (one, other))
    found = alike.alike(a, b, article=True)
    assert alike.alike(b, a, article=True) == found
    return found


def passages(one: str, other: str) -> bool:
    """Whether two passages say the same; asked both ways round."""
    a, b = (alike.read(t, article=False) for t in (one, other))
    found = alike.alike(a, b, article=False)
    assert alike.alike(b, a, article=False) == found
    return found


@pytest.mark.parametrize("other", [PRINT, EDITED, SHORT], ids=["print", "edited", "short"])
def test_prints_of_a_story_are_copies(other: tuple[str, ...]) -> None:
    """Another headline and dateline, a paragraph cut or added, a word in ten, half of it."""
    assert articles(text(STORY), text(other))
    assert articles(text(PRINT), text(other))


def test_two_reports_of_one_event_are_not() -> None:
    """They share the facts, the names and a quote."""
    assert not articles(text(STORY), text(REPORT))
    assert not articles(text(SHORT), text(REPORT))


def test_a_form_filled_in_anew_is_no_copy() -> None:
    """More than half of the words are the same, but none of the figures."""
    one, other = (alike.read(text(t), article=True) for t in (MONDAY, TUESDAY))
    assert minhash.containment(one.shingles, other.shingles) > 0.5
    assert not articles(text(MONDAY), text(TUESDAY))


def test_a_first_count_may_be_corrected_in_a_print() -> None:
    """One number of many is another: still the same story."""
    assert articles(text(STORY), text(STORY).replace("214", "236"))


def test_passages_with_a_word_changed_say_the_same() -> None:
    """Two words of thirty, or the day in brackets that only one of them has."""
    assert passages(STORY[1], STORY[1].replace("setempat", "itu").replace("sudah", "telah"))
    assert passages(STORY[0], STORY[0].replace("Rabu dini", "Rabu (21/8) dini"))


def test_passages_with_another_number_do_not() -> None:
    """Which of the two counts is right is for the reader to see; a number left out is not news."""
    assert not passages(STORY[0], STORY[0].replace("214", "236"))
    assert passages(STORY[0], STORY[0].replace("sepanjang 30 meter", "beberapa meter"))


def test_a_passage_with_a_sentence_more_says_more() -> None:
    """Twenty words of the same and eleven of its own are not one passage."""
    assert not passages(
        CROWDED, f"{CROWDED} meskipun hujan turun deras sejak sore dan jalan utama masih tergenang"
    )


def test_a_passage_of_another_print_is_retold_by_what_overlaps_it() -> None:
    """Half of it is in the passage that is shown, the rest elsewhere in that print."""
    story = alike.read(text(STORY), article=True)
    shown = alike.read(text(STORY[1:3]), article=False)
    cut_elsewhere = f"{STORY[2]} {STORY[3].partition('. ')[0]}."
    assert not passages(text(STORY[1:3]), cut_elsewhere)
    assert alike.retold(alike.read(cut_elsewhere, article=False), shown, story)
    assert not alike.retold(alike.read(text(STORY[4:]), article=False), shown, story)
    news = alike.read(f"{cut_elsewhere} Ada 97 anak.", article=False)
    assert not alike.retold(news, shown, story)


def test_a_fuller_print_holds_a_shortened_one() -> None:
    """Under another headline, with more; not where a number differs or half is not in it."""
    short, full = f"Tanggul jebol {text(STORY[:2])}", f"Ratusan mengungsi {text(STORY[:4])}"

    def holds(one: str, other: str) -> bool:
        return alike.holds(alike.read(one, article=False), alike.read(other, article=False))

    assert not passages(short, full)
    assert holds(full, short)
    assert not holds(short, full)
    assert not holds(full, short.replace("214", "236"))
    assert not holds(text(STORY[1:4]), text(STORY[:2]))


def test_what_is_worth_comparing_by_its_estimate() -> None:
    """A quarter of the shorter article's runs, half of what is asked of a passage."""
    # 0.1 of 100 + 500 shingles are alike: 55 in common, more than half of the shorter.
    assert alike.likely(0.1, 100, 500, article=True)
    assert not alike.likely(0.04, 100, 500, article=True)
    assert alike.likely(0.36, 100, 100, article=False)
    assert not alike.likely(0.34, 100, 100, article=False)


def test_the_digest_is_of_words_and_numbers() -> None:
    """Marks alone make no other text, unless they make a number the day of the report."""
    one, other = "Rabu, 21/8: dua!", "rabu 21 8 dua"
    assert alike.read(one, article=True).digest == alike.read(other, article=True).digest
    dated = alike.read("Rabu (21/8) dua", article=True)
    assert dated.numbers == frozenset()
    assert dated.digest != alike.read(other, article=True).digest
