"""Small words that change what a sentence says: denial, plan, cause, company, reference back.

Lists for both languages together: a word of one is rarely a word of the other, and news
quotes across them. A form ending in "*" stands for every word that begins so.
"""

from __future__ import annotations

import re


def pattern(*forms: str) -> re.Pattern[str]:
    """A pattern for any of the forms as whole words, without case; forms are split by "|".

    >>> bool(pattern("tidak|batal").search("Pertemuan itu batal.")), bool(
    ...     pattern("plan*").search("explanation")
    ... )
    (True, False)
    """
    words = [w.strip() for form in forms for w in form.split("|")]
    longest_first = sorted(words, key=len, reverse=True)
    alternatives = "|".join(
        re.escape(w).replace(r"\*", r"\w*").replace(r"\ ", r"\s+").replace("'", "['’]")
        for w in longest_first
    )
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


# Something is said not to be so, or not to have happened.
DENIAL = pattern(
    "tidak|tak|tidaklah|bukan|bukanlah|belum|tanpa|batal|dibatalkan|urung|gagal bertemu",
    "membantah|dibantah|bantahan|menyangkal|menampik|menolak|tidak jadi|tidak hadir",
    "ditangguhkan|diundur|kabar bahwa|dropped|scrapped|shelved|put off|fell through|untrue",
    "was false|were false|rumours that|rumors that|stayed away|rescheduled",
    "not|no|never|without|neither|nor|nobody|none|cancelled|canceled|called off|postponed|ditunda",
    "denied|denies|deny|denying|declined to meet|refused to meet|did not|didn't|was not|wasn't",
    "were not|weren't|has not|hasn't|have not|haven't|had not|hadn't|does not|doesn't|do not",
    "don't|is not|isn't|are not|aren't|will not|won't|would not|wouldn't|cannot|can't|unclear",
    "couldn't|shouldn't|mustn't",
)

# Said after the thing itself: it was to be, and was not.
CALLED_OFF = pattern(
    "batal|dibatalkan|ditunda|urung|ditangguhkan|diundur|tidak jadi",
    "cancelled|canceled|postponed|called off|dropped|scrapped|shelved|put off|fell through",
    "false|untrue",
)

# It is planned, asked or supposed: it need not have happened.
UNREAL = pattern(
    "akan|bakal|berencana|rencananya|direncanakan|merencanakan|dijadwalkan|ingin|hendak|berharap",
    "semula|rencana|pekan depan|bulan depan|mendatang|meminta bertemu|diharapkan|apakah|jika",
    "kalau|apabila|seandainya",
    "will|would|plan to|plans to|planned to|planning to|due to meet|due to hold|scheduled to",
    "is due to|are due to|was to see|was to meet|were to meet|is to hold|is to meet|planned",
    "next week|next month|was supposed to|expected to|hopes to|hoped to|wants to|wanted to",
    "intends to|whether|if|set to",
)

# The question itself asks about what is to come.
FUTURE = pattern(
    "akan|bakal|rencana*|berencana|direncanakan|jadwal*|dijadwalkan|jika|kalau|apabila",
    "diperkirakan|diharapkan|hendak|ingin|mau|berniat|sampai kapan|hingga kapan",
    "will|going to|plan|plans|planned|scheduled|expected|due|next|would|if|upcoming|until when",
    "want|wants|wanted|intend*|hope|hopes|hoped|supposed to|set to|about to",
)

# What is still so; the first alone asks for that.
STILL_ASKED = pattern("still|masih|tinggal berapa|sisa berapa|are left|remain")
STILL = pattern(
    "still|remain*|left|yet|continue*|currently|now|keep*|stay*|masih|tersisa|sisa*|tetap|belum",
    "terus|kini|saat ini|hingga saat|sampai saat|hingga kini|sampai kini|sampai sekarang|so far",
)

# What two sides do together when they meet, said without the word.
TALK = pattern(
    "membahas|dibahas|membicarakan|dibicarakan|mendiskusikan|berbincang|berbincang-bincang",
    "berunding|berdialog|berdiskusi|bernegosiasi|berbicara|bertukar pikiran|bertukar pandangan",
    "mengobrol|berkonsultasi|bermusyawarah|duduk semeja|duduk bersama",
    "discuss|discussed|discussing|discusses|confer|conferred|conferring|talk|talks|talked|talking",
    "negotiated|negotiating|spoke|consulted|exchanged views|went over|sat down|deliberated",
)
COMPANY = pattern("bersama|dengan|antara|with|between|alongside|together")

# Ties a sentence to the one before it.
BACK = pattern(
    "keduanya|kedua pihak|kedua pejabat|kedua menteri|kedua tokoh|kedua pemimpin|kedua negara",
    "kedua belah|kedua orang|mereka|tersebut|itu|ia|dia|beliau|pertemuan|pembicaraan|pembahasan",
    "kunjungan|perbincangan|dialog|perundingan|perjamuan|jamuan",
    "they|their|them|both|the two|the pair|he|she|his|her|him|it|its|this|that|these|those",
    "the meeting|the talks|the discussion*|the visit|the session|the conversation|the encounter",
    "the dinner|the lunch|the exchange|the audience|the gathering",
)
