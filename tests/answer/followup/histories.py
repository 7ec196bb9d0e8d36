"""Short conversations, by name, for a question to follow."""

from __future__ import annotations

from rag.schema import Abstention, Turn


def turn(question: str, text: str, language: str, abstention: Abstention | None = None) -> Turn:
    """A turn whose question was searched for as it is."""
    return Turn(
        question=question, query=question, text=text, language=language, abstention=abstention
    )


DOHA = turn(
    "Who met Blinken in Doha?",
    "Prime Minister Sheikh Mohammed bin Abdulrahman al-Thani met Blinken in Doha. [1]",
    "en",
)
TEMU = turn(
    "Siapa yang bertemu Blinken di Doha?",
    "“Perdana Menteri Mohammed bin Abdulrahman Al Thani bertemu Blinken di Doha.” [1]",
    "id",
)
LOWER = turn("who met blinken in doha?", DOHA.text, "en")
FLOOD = turn(
    "How many people died in the flood in Garut?", "Police said 20 people died in Garut. [1]", "en"
)
BANJIR = turn("Di mana banjir bandang terjadi?", "Banjir bandang terjadi di Garut. [1]", "id")
SISI = turn(
    "When did Blinken meet al-Sisi in El Alamein?",
    "Blinken met al-Sisi in El Alamein on 20 August. [1]",
    "en",
)
XI = turn(
    "Kapan Prabowo bertemu Xi Jinping di Beijing?", "Keduanya bertemu pada 9 November. [1]", "id"
)
HAMAS = turn("Apa tuntutan Hamas?", "Hamas menuntut gencatan senjata permanen. [1]", "id")
EGYPT = turn(
    "Who is the president of Egypt?", "Abdel Fattah al-Sisi is the president of Egypt. [1]", "en"
)
BERAS = turn("Berapa harga beras di Jakarta?", "Harga beras di Jakarta Rp15.000. [1]", "id")
REFUSED = turn(
    "What is the population of Paris?",
    "The articles do not say.\nThey cover: Blinken in Doha.",
    "en",
    "not_in_evidence",
)
PARIS = turn("Who met Blinken in Paris?", "The articles do not say.", "en", "nothing_relevant")
HELLO = turn("hi", "Hello! Ask me about your articles.", "en")
MAKASIH = turn("terima kasih", "Sama-sama!", "id")

HISTORIES: dict[str, tuple[Turn, ...]] = {
    "none": (),
    "doha": (DOHA,),
    "temu": (TEMU,),
    "lower": (LOWER,),
    "flood": (FLOOD,),
    "banjir": (BANJIR,),
    "sisi": (SISI,),
    "xi": (XI,),
    "hamas": (HAMAS,),
    "egypt": (EGYPT,),
    "beras": (BERAS,),
    "refused": (DOHA, REFUSED),
    "paris": (DOHA, PARIS),
    "small": (TEMU, MAKASIH),
    "hello": (HELLO,),
    "long": (FLOOD, HELLO, TEMU, REFUSED),
}
