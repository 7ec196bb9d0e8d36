"""Whether a model says that the articles do not hold the answer, in the agreed words or its own.

A beginning that can still turn out so is held back while it streams. A sentence with a source
mark is a claim about the articles and no refusal; so is what says more than that nothing is said.
"""

from __future__ import annotations

import itertools
import re

from rag.answer.model.refusal_forms import CONTRACTIONS, SETS, load
from rag.text.language import word_set
from rag.text.sentences import spans

# "None." and "Tidak ada." are not among them: they can be the answer.
_SHORT = re.compile(
    r"not (?:mentioned|stated|specified|given|available|provided|found)|unknown|no answer|n a|"
    r"tidak (?:disebutkan|diketahui|tersedia|dijelaskan|ditemukan|tahu)"
)

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MARK = re.compile(r"[\[【［](?=[^\]】］\n]{0,30}?\d)[^\]】］\n]{0,40}[\]】］]|\[labels?\]")
_ELSE = re.compile(
    r"\b(?:but|however|although|though|instead|while|whereas|only|tetapi|tapi|namun|melainkan|"
    r"meski|meskipun|walaupun|hanya|sedangkan|sementara)\b|"
    r"[,”\"]\s*(?:\w+\s+){0,3}(?:said|says|told|kata|ujar|tutur|ungkap|jelas)\b",
    re.IGNORECASE,
)
# Says only what the reader might do now.
_COURTESY = re.compile(
    r"(?:please|if you|let me know|feel free|you (?:may|might|can|could)|would you|could you|"
    r"i (?:can|could|would be) (?:help|happy|glad)|silakan|silahkan|mohon|jika|apabila|kalau|"
    r"apakah|anda (?:dapat|bisa|mungkin)|coba)\b",
    re.IGNORECASE,
)
_EXPECTED = (
    r"(?:(?:the|these|this|those|any|of|provided|given|supplied|available|above|news) ){0,5}"
    r"(?:articles?|passages?|context|excerpts?|(?:provided|given|supplied|available) \w+)"
    r"(?: (?:provided|given|supplied|available|above|here))?"
)
_LATE = re.compile(
    r"\b(?:is|are|was|were) not (?:\w+ly )?(?:mentioned|stated|specified|given|provided|included|"
    r"found|contained|available|answered|addressed|discussed|covered|named|in|part of)"
    rf"(?: anywhere)?(?: (?:in|by|from|within))? {_EXPECTED}$"
    r"|\b(?:tidak|tak|belum) (?:ada |pernah )?(?:disebut(?:kan)?|dijelaskan|ditemukan|tercantum|"
    r"dibahas|diketahui|tersedia|dinyatakan|dimuat|dirinci|terdapat|ada)(?: secara \w+)? "
    r"(?:di|dalam|pada|oleh|dari)(?: (?:semua|kedua|isi|berita|teks))? "
    r"(?:artikel(?:-artikel)?|konteks|kutipan)(?: (?:yang|tersebut|ini|itu|diberikan|disediakan|"
    r"tersedia|ada|di|atas|berita))*$"
)
_LATE_WORDS = 25
_LED_BY_MARKS = re.compile(rf"(?:(?:{_MARK.pattern})\s*)+")
_AROUND = " \t\r\n\"'“”‘’«»*_`"
_LONGEST = 600  # characters of one refusing sentence
_OPENING = " \t\r\n\"'“”‘’«»*_`#>-–—•(["
_SENTINELS = ("NOT IN THE ARTICLES", "TIDAK ADA DI ARTIKEL")
_REGRET = word_set("sorry apologise apologize apologies unfortunately maaf sayangnya")
_DENIES = word_set("not no unable tidak tak belum")
_ABOUT = SETS["INFO"] | SETS["INFORMASI"] | SETS["TANYA"] | {"i", "question", "saya", "kami"}


def refuses(text: str) -> bool:
    """Whether a reply, or one sentence of it, says that the articles do not answer, and no more.

    Not so when one of its sentences states something, or carries a mark; False when empty.
    """
    judged = [_judge(*sentence) for sentence in _sentences(_unquoted(text))]
    return None not in judged and True in judged


def may_refuse(beginning: str) -> bool:
    """Whether a reply that begins so can still turn out to be a refusal.

    Ordinary text is let go at the first word that no refusal has in that place; a refusal
    when something is stated after it, or a mark shows that it states something itself. What
    names the articles only at its end ("... is not mentioned in the articles") is let go.
    """
    sentences = _sentences(_unquoted(beginning))
    if not sentences:
        return True
    *before, (last, marked) = sentences
    judged = [_judge(*sentence) for sentence in before]
    if None in judged or (marked and _judge(last, marked=True) is None):
        return False
    if True in judged:
        return not last.endswith((".", "!")) or _judge(last, marked=marked) is not None
    return _open(last, whole=beginning.endswith(tuple(" \t\n")))


def _open(sentence: str, *, whole: bool) -> bool:
    """Whether a sentence that goes on can become a refusal; `whole`: its last word is."""
    if len(sentence) > _LONGEST:
        return False
    found = _words(sentence)
    words = [word for word, _ in found]
    count = load().refused_by(words)
    if count is not None:
        return _ELSE.search(sentence, found[count - 1][1]) is None
    judged = _judge(sentence, marked=False)
    if not words or judged is not None:
        return True
    if sentence.endswith((".", "!")) and len(words) > 3:
        return False
    if whole or found[-1][1] < len(sentence):
        return load().open(words, "")
    *_, last = _WORD.finditer(sentence)
    complete = [word for word, end in found if end < last.end()]
    return load().open(complete, _plain(last.group()))


def _judge(sentence: str, marked: bool) -> bool | None:
    """True for a refusal, False for what neither refuses nor states anything, else None."""
    found = _words(sentence)
    words = [word for word, _ in found]
    joined = " ".join(words)
    if not words:
        return False
    if any(agreed in sentence or joined == agreed.lower() for agreed in _SENTINELS):
        return True
    if marked or len(sentence) > _LONGEST:
        return None
    regret = list(itertools.takewhile(SETS["LEAD"].__contains__, words))
    sorry = not _REGRET.isdisjoint(regret)
    if _SHORT.fullmatch(joined) or (sorry and len(regret) == len(words)):
        return True
    count = load().refused_by(words)
    if count is not None:
        return True if _ELSE.search(sentence, found[count - 1][1]) is None else None
    begins = found[len(regret) - 1][1] if regret else 0
    if not _ELSE.search(sentence, begins):
        if sorry and not _DENIES.isdisjoint(words) and not _ABOUT.isdisjoint(words[len(regret) :]):
            return True
        if "," not in sentence[begins + 1 :] and len(words) <= _LATE_WORDS and _LATE.search(joined):
            return True
    return False if sentence.endswith("?") or _COURTESY.match(sentence) else None


def _sentences(text: str) -> list[tuple[str, bool]]:
    """The sentences and whether they carry a mark; one behind the full stop is theirs too."""
    found: list[tuple[str, bool]] = []
    for span in spans(text):
        sentence = text[span.start : span.end].lstrip(_OPENING.replace("[", ""))
        led = _LED_BY_MARKS.match(sentence)
        if led and found:
            found[-1] = (found[-1][0], True)
        marked = _MARK.search(sentence, led.end() if led and found else 0) is not None
        if rest := sentence[led.end() :] if led else sentence:
            rest = _MARK.sub("", rest).strip().rstrip("*_`")
            found.append((rest, marked))
    return found


def _unquoted(text: str) -> str:
    """The text without quotation marks and emphasis that enclose all of it."""
    inner = text.strip(_AROUND)
    return inner if not any(mark in inner for mark in '"“”«»') else text.strip()


def _words(text: str) -> list[tuple[str, int]]:
    """Casefolded words, contractions as two, each with where it ends."""
    return [
        (word, match.end())
        for match in _WORD.finditer(text)
        for word in CONTRACTIONS.get(_plain(match.group()), (_plain(match.group()),))
    ]


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")
