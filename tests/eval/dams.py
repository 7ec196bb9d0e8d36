"""Articles about dams that differ in town and keeper alone, and a question about one."""

from __future__ import annotations

from eval.datasets import Gold, Question

ENDS = ("holt", "vale", "mere", "wick")
TOWNS = tuple(a + b for a in ("Aven", "Lor", "Tess", "Bri", "Cor", "Dun") for b in ENDS)
KEEPERS = tuple(a + b for a in ("Odi", "Mar", "Ivo", "Sun", "Jor", "Hal") for b in ENDS)
DAM = "The dam above {town} has 41 gates. Its keeper {keeper} Marsh said so in {town} on Monday."


def asked() -> list[Question]:
    quote = "Its keeper {keeper} Marsh said so in {town} on Monday."
    return [
        Question(
            question_id=town,
            question=f"Who is keeper of the dam above {town}?",
            language="en",
            answers=(f"{keeper} Marsh",),
            evidence=(Gold(article=f"{n}.txt", quote=quote.format(town=town, keeper=keeper)),),
        )
        for n, (town, keeper) in enumerate(zip(TOWNS, KEEPERS, strict=True))
    ]
