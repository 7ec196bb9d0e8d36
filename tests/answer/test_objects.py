"""To what something is done: the words behind a verb, or before a passive one."""

from __future__ import annotations

import pytest

from rag.answer.objects import object_kept
from rag.answer.question import analyse
from rag.text.language import detect
from tests.answer.spans.answered import sentence

KIOSK = "Ana Lee owns the kiosk opposite the bakery."


@pytest.mark.parametrize(
    ("question", "text", "kept"),
    [
        ("Who owns the kiosk?", KIOSK, 1.0),
        ("Who owns the bakery?", KIOSK, 0.0),  # it is where the kiosk stands
        ("Who accused the army?", "Ana Lee accused the army of it.", 1.0),
        ("Who accused the army?", "The army accused Ana Lee of it.", 0.0),
        ("Who accused the army?", "The army was accused by Ana Lee.", 1.0),
        ("Siapa yang menuduh tentara?", "Kemarin Ana Lee menuduh tentara dalam rapat.", 1.0),
        ("Siapa yang menuduh tentara?", "Tentara telah dituduh Ana Lee dalam rapat.", 1.0),
        # Of two things, coal and mines, one.
        ("Who closed the coal mines?", "Ana Lee closed the salt mines.", 0.5),
        # A noun tells of the deed: the order of words tells nothing.
        ("Who accused the army?", "The accusation of the army was dropped.", 0.0),
        ("Where is the kiosk?", KIOSK, 0.0),  # nothing is done
    ],
)
def test_what_it_is_done_to(question: str, text: str, kept: float) -> None:
    """The share of the things asked about that stand there as the same."""
    assert object_kept(analyse(question, detect(question) or "en"), sentence(text)) == kept
