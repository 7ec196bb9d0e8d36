"""What a clause tells, by the words that open it."""

from __future__ import annotations

import pytest

from rag.answer.spans.told import reason_told


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("He left because of rain.", 1.0),
        ("He could not come because he was ill.", 1.0),
        ("She refused to pay because, she said, thieves keep copies.", 1.0),
        ("It was not because of rain.", 0.0),
        ("She won after a storm.", 0.6),
        ("He resigned over shares that he had hidden.", 0.6),
        ("He ruled for over three years.", 0.0),
        ("He sold it to build a house.", 0.4),
        ("He agreed to sell it.", 0.0),
        ("Ia menjualnya untuk membangun rumah.", 0.4),
        ("Penyebabnya, mesin itu rusak.", 1.0),
        ("It is raining.", 0.0),
    ],
)
def test_how_surely_a_reason_is_told(text: str, sure: float) -> None:
    """ "Because" tells one, "after" may, and what is done "to" some end hardly."""
    assert reason_told(text) == sure
