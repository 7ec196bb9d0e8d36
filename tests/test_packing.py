"""An answer packed into a line and read back is the answer that was packed."""

from __future__ import annotations

import dataclasses
import json
import math

from hypothesis import given, settings

from rag.jsonform import dumps
from rag.packing import packed, unpacked
from rag.schema import Answer, Hit
from tests.kept_turns import answers
from tests.samples import ANSWER, CITATION, PASSAGE, SPANNED


@settings(max_examples=60, deadline=None)
@given(answers)
def test_json_and_back(answer: Answer) -> None:
    """An answer read back is the answer that was kept, its zones included."""
    back = unpacked(json.loads(dumps(packed(answer))))
    assert back == answer
    # Times in two zones can be equal; what an article states must not be told otherwise.
    assert repr(back) == repr(answer)


def test_the_words_that_answer_are_kept() -> None:
    """An answer read back names the same words; one kept before they were named has none."""
    plain = json.loads(dumps(packed(SPANNED)))
    assert unpacked(plain) == SPANNED
    del plain["answer"]["answer_span"]
    assert unpacked(plain).answer_span is None


def test_no_number_is_lost() -> None:
    """Scores that JSON has no number for come back as they were."""
    scores = {"dense": math.inf, "lexical": -math.inf, "odd": math.nan}
    answer = dataclasses.replace(
        ANSWER, hits=(Hit(passage=PASSAGE, rank=1, score=0.1, scores=scores),)
    )
    text = dumps(packed(answer))
    assert "NaN" not in text
    back = unpacked(json.loads(text)).hits[0].scores
    assert (back["dense"], back["lexical"]) == (math.inf, -math.inf)
    assert math.isnan(back["odd"])


def test_a_passage_is_written_once() -> None:
    """A passage that is a hit and cited twice stands in the line once."""
    answer = dataclasses.replace(ANSWER, citations=(CITATION, CITATION))
    assert dumps(packed(answer)).count("Warga mengungsi ke balai desa.") == 1


def test_what_a_later_kutip_adds() -> None:
    """A field that is not known is passed over; one that is missing has its default."""
    plain = json.loads(dumps(packed(ANSWER)))
    plain["answer"]["mood"] = "good"
    del plain["answer"]["notices"]
    assert unpacked(plain) == ANSWER
