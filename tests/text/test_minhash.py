"""Shingles, minima and keys: their arithmetic by hand, and how well they estimate."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import minhash
from rag.text.minhash import Recipe

PAIRS = Recipe(shingle=2, bands=4, rows=2)
LARGE = Recipe(shingle=1, bands=64, rows=2)

WORDS = ["satu", "dua", "tiga", "empat", "lima", "6", "7"]
some_words = st.lists(st.sampled_from(WORDS), max_size=40)


def pair(jaccard: float, *, rng: random.Random, size: int = 200) -> tuple[list[str], list[str]]:
    """Two lists of `size` words that have about this Jaccard similarity."""
    common = round(2 * size * jaccard / (1 + jaccard))
    drawn = [f"k{n}" for n in rng.sample(range(10**6), 2 * size - common)]
    return drawn[:size], drawn[size - common :]


def test_words_are_what_two_prints_have_in_common() -> None:
    """Case, marks and white space do not count; numbers do."""
    assert minhash.words("JAKARTA, Kompas -- “Ya,” kata Al-Sisi (21/8).\n\nRp1.250,5") == [
        *("jakarta", "kompas", "ya", "kata", "al", "sisi", "21", "8", "rp", "1.250,5"),
    ]
    assert minhash.words(" -- \n") == []
    assert minhash.numbers(["rp", "1.250,5", "21", "b2b"]) == {"1.250,5", "21"}


def test_shingles_are_the_runs_of_words_each_once() -> None:
    """a b a b has the pairs a b, b a, a b: two different ones; order matters, place does not."""
    assert len(minhash.shingles(["a", "b", "a", "b"], 2)) == 2
    assert len(minhash.shingles(["a", "b", "c", "d"], 3)) == 2
    assert len(minhash.shingles(["a", "b"], 3)) == 0
    ab, ba = minhash.shingles(["a", "b"], 2), minhash.shingles(["b", "a"], 2)
    assert not np.array_equal(ab, ba)
    assert np.isin(ab, minhash.shingles(["x", "a", "b", "y"], 2)).all()


def test_similarities_by_hand() -> None:
    """Pairs of a b c d: ab bc cd; of b c d e f: bc cd de ef. Two are in both, five in all."""
    one, other = minhash.shingles(list("abcd"), 2), minhash.shingles(list("bcdef"), 2)
    assert minhash.jaccard(one, other) == pytest.approx(2 / 5)
    assert minhash.containment(one, other) == pytest.approx(2 / 3)
    nothing = minhash.shingles([], 2)
    assert minhash.jaccard(one, nothing) == minhash.containment(one, nothing) == 0.0


def test_the_same_text_gives_the_same_bytes_everywhere() -> None:
    """What is stored by one machine is compared with what another stores."""
    found = minhash.words("Banjir merendam 12 desa di Demak.")
    features = minhash.shingles(found, 2)
    least = minhash.minima(features, PAIRS)
    assert minhash.digest(found).hex() == "b56a6288ba5e952cefbc96e7ca8d2d74"
    assert int(features[0]) == 3580632456180766782
    assert (
        least.astype("<u4").tobytes().hex()
        == "abe025097306826045f52a0311092284646afd2ebf928c2c391d6b4ff2e1b852"
    )
    assert minhash.keys(least, PAIRS) == [
        418224181353321494,
        -7029652017986982949,
        4813487899837662965,
        5754519948865528733,
    ]


def test_the_share_of_equal_minima_estimates_the_similarity() -> None:
    """Over 200 pairs the mean is right within 0.01, and the error what theory says."""
    rng = random.Random(0)
    for jaccard in (0.1, 0.33, 0.7, 0.9):
        errors = []
        for _ in range(200):
            one, other = (minhash.shingles(words, 1) for words in pair(jaccard, rng=rng))
            equal = minhash.minima(one, LARGE) == minhash.minima(other, LARGE)
            errors.append(float(equal.mean()) - minhash.jaccard(one, other))
        assert abs(np.mean(errors)) < 0.01
        assert np.std(errors) == pytest.approx((jaccard * (1 - jaccard) / 128) ** 0.5, rel=0.2)


def test_how_often_two_texts_share_a_key() -> None:
    """As often as 1 - (1 - j ** rows) ** bands says."""
    rng = random.Random(1)
    recipe = Recipe(shingle=1, bands=10, rows=3)
    for jaccard in (0.2, 0.5, 0.7):
        met = 0
        for _ in range(400):
            keys = [
                set(minhash.keys(minhash.minima(minhash.shingles(words, 1), recipe), recipe))
                for words in pair(jaccard, rng=rng)
            ]
            met += bool(keys[0] & keys[1])
        assert met / 400 == pytest.approx(1 - (1 - jaccard**3) ** 10, abs=0.07)


@given(some_words, some_words)
def test_the_minima_of_two_texts_together(one: list[str], other: list[str]) -> None:
    """They are the lesser of each one's, whatever the features and their number."""
    a, b = minhash.shingles(one, 1), minhash.shingles(other, 1)
    both = np.union1d(a, b)
    least = np.minimum(minhash.minima(a, LARGE), minhash.minima(b, LARGE))
    assert np.array_equal(minhash.minima(both, LARGE), least)


def test_a_text_of_any_length_is_sketched_alike() -> None:
    """A long text is hashed a part at a time, which its minima do not show."""
    features = minhash.shingles([f"k{n}" for n in range(5_000)], 1)
    parts = [minhash.minima(part, LARGE) for part in np.array_split(features, 7)]
    assert np.array_equal(minhash.minima(features, LARGE), np.min(parts, axis=0))


@given(some_words, some_words)
def test_similarities_are_symmetric_and_within_bounds(one: list[str], other: list[str]) -> None:
    """0 for nothing in common, 1 for the same; containment is never the lesser of the two."""
    a, b = minhash.shingles(one, 2), minhash.shingles(other, 2)
    jaccard, containment = minhash.jaccard(a, b), minhash.containment(a, b)
    assert (jaccard, containment) == (minhash.jaccard(b, a), minhash.containment(b, a))
    assert 0 <= jaccard <= containment <= 1
    if len(a):
        assert minhash.jaccard(a, a) == minhash.containment(a, a) == 1


def test_keys_of_two_recipes_never_meet() -> None:
    """Articles and passages have their keys in one table."""
    features = minhash.shingles(["satu", "dua", "tiga"], 1)
    other = Recipe(shingle=2, bands=64, rows=2)
    keys = minhash.keys(minhash.minima(features, LARGE), LARGE)
    assert len(set(keys)) == 64
    assert not set(keys) & set(minhash.keys(minhash.minima(features, other), other))
    assert all(-(2**63) <= key < 2**63 for key in keys)
