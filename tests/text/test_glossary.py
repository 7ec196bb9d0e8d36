"""The glossary finds what a text names, in both languages, and keeps apart what differs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.glossary import LANGUAGES, PARTS_OF_SPEECH, ConceptMatch, load, parse
from rag.text.stems import stem, tokens

GLOSSARY = load()
FORMS = [
    (concept.concept_id, language, form)
    for concept in GLOSSARY.concepts
    for language in LANGUAGES
    for form in concept.forms(language)
]


def named(text: str, language: str | None = None) -> dict[str, str]:
    """Each concept found in `text`, with the words that name it first."""
    found: dict[str, str] = {}
    for match in GLOSSARY.find(text, language):
        found.setdefault(match.concept_id, text[match.start : match.end])
    return found


# Worked by hand: a text, its language, and what must be found where.
FOUND = [
    ("Blinken met Egyptian officials in Cairo.", "en", {"meet": "met", "egypt": "Egyptian"}),
    ("Blinken held talks with the emir.", "en", {"meet": "held talks with", "emir": "emir"}),
    ("Menlu AS bertemu Emir Qatar.", "id", {"meet": "bertemu", "foreign_minister": "Menlu"}),
    ("Ia ditemui Perdana Menteri.", "id", {"meet": "ditemui", "prime_minister": "Perdana Menteri"}),
    ("Keduanya membahas bersama gencatan senjata.", "id", {"meet": "membahas bersama"}),
    ("Dia menerima panggilan telepon.", "id", {"phone_call": "panggilan telepon"}),
    ("The two spoke in a phone call.", "en", {"phone_call": "phone call"}),
    ("Serangan itu menewaskan 1.208 orang.", "id", {"kill": "menewaskan", "attack": "Serangan"}),
    ("Dua warga terluka dan satu hilang.", "id", {"injure": "terluka", "missing": "hilang"}),
    ("Three were wounded and ten are missing.", "en", {"injure": "wounded", "missing": "missing"}),
    (
        "KPK menangkap bupati itu.",
        "id",
        {"anticorruption_commission": "KPK", "arrest": "menangkap"},
    ),
    ("The court sentenced him to five years.", "en", {"sentence": "sentenced", "court": "court"}),
    ("Ia divonis lima tahun penjara.", "id", {"sentence": "divonis", "imprison": "penjara"}),
    ("Jaksa mendakwa mantan menteri.", "id", {"charge_crime": "mendakwa", "prosecutor": "Jaksa"}),
    ("DPR mengesahkan RUU itu.", "id", {"parliament": "DPR", "bill_draft": "RUU"}),
    ("Rupiah melemah terhadap dolar AS.", "id", {"fall": "melemah", "dollar": "dolar AS"}),
    (
        "Prices rose by two percent.",
        "en",
        {"price": "Prices", "rise": "rose", "percent": "percent"},
    ),
    ("Inflasi naik 2 persen.", "id", {"inflation": "Inflasi", "rise": "naik"}),
    ("Ekspor naik, impor turun.", "id", {"export": "Ekspor", "import": "impor", "fall": "turun"}),
    ("Gempa magnitudo 6,2 guncang Aceh.", "id", {"earthquake": "Gempa", "aceh": "Aceh"}),
    ("An earthquake struck North Sumatra.", "en", {"north_sumatra": "North Sumatra"}),
    ("Who founded Majapahit?", "en", {"establish": "founded", "majapahit": "Majapahit"}),
    ("Siapa pendiri Muhammadiyah?", "id", {"founder": "pendiri", "muhammadiyah": "Muhammadiyah"}),
    ("Berapa luas wilayah Jerman?", "id", {"area_size": "luas wilayah", "germany": "Jerman"}),
    ("What is the capital of the Netherlands?", "en", {"netherlands": "the Netherlands"}),
    ("Apa ibu kota Belanda?", "id", {"capital_city": "ibu kota", "netherlands": "Belanda"}),
    ("Di mana Soekarno lahir?", "id", {"be_born": "lahir"}),
    ("When was he born and when did he die?", "en", {"be_born": "born", "die": "die"}),
    ("Siapa yang menemukan telepon?", "id", {"invent": "menemukan", "discover": "menemukan"}),
    ("Negara-negara Arab mengecam itu.", "id", {"state_nation": "Negara-negara", "arab": "Arab"}),
    (
        "Kunjungannya ke Timur Tengah.",
        "id",
        {"visit": "Kunjungannya", "middle_east": "Timur Tengah"},
    ),
    ("The NGOs welcomed the truce.", "en", {"civil_society": "NGOs", "ceasefire": "truce"}),
    ("The UK's prime minister resigned.", "en", {"united_kingdom": "UK's", "resign": "resigned"}),
    ("Washington (U.S.) was silent.", "en", {"united_states": "U.S"}),
    ("Perundingan mandek sejak Agustus.", "id", {"negotiate": "Perundingan", "august": "Agustus"}),
    ("Harga beras di pasar naik.", "id", {"price": "Harga", "rice": "beras", "market": "pasar"}),
    ("Kebakaran hutan di Riau padam.", "id", {"fire_disaster": "Kebakaran hutan"}),
    ("Timnas menang di semifinal.", "id", {"national_team": "Timnas", "win": "menang"}),
    (
        "Mahasiswa berunjuk rasa di Monas.",
        "id",
        {"student": "Mahasiswa", "protest": "berunjuk rasa"},
    ),
    ("Jemaah haji tiba di Jeddah.", "id", {"hajj": "Jemaah haji", "arrive": "tiba"}),
    ("Vaksinasi anak ditunda.", "id", {"vaccine": "Vaksinasi", "delay": "ditunda"}),
    (
        "Listrik padam di Jawa Barat.",
        "id",
        {"blackout": "Listrik padam", "west_java": "Jawa Barat"},
    ),
]


@pytest.mark.parametrize(("text", "language", "expected"), FOUND)
def test_names_are_found(text: str, language: str, expected: dict[str, str]) -> None:
    """A text names the concepts a reader would say it names, at the words that name them."""
    found = named(text, language)
    assert {concept: found.get(concept) for concept in expected} == expected


@pytest.mark.parametrize(("text", "language", "expected"), FOUND)
def test_the_language_need_not_be_known(text: str, language: str, expected: dict[str, str]) -> None:
    """With no language given, what the text's own language finds is found as well."""
    assert set(expected) <= set(named(text))


# Worked by hand: forms of the first concept, which are not forms of the second.
APART = [
    ("meet", "phone_call", "en", ["met", "meeting", "held talks with", "face-to-face"]),
    ("meet", "phone_call", "id", ["bertemu", "menemui", "pertemuannya", "bertatap muka"]),
    ("phone_call", "meet", "en", ["phone call", "telephoned", "called by phone", "rang"]),
    ("phone_call", "meet", "id", ["panggilan telepon", "menelepon", "ditelepon"]),
    ("meet", "find", "id", ["bertemu", "menemui", "ditemui", "temui", "pertemuan"]),
    ("find", "meet", "id", ["menemukan", "ditemukan", "temuan", "temukan", "penemuan"]),
    ("kill", "injure", "id", ["menewaskan", "membunuh", "terbunuh", "tewas"]),
    ("injure", "kill", "id", ["terluka", "melukai", "luka-luka", "cedera"]),
    ("injure", "kill", "en", ["injured", "wounded", "injuries", "hurt"]),
    ("missing", "die", "en", ["missing", "disappeared", "vanished"]),
    ("missing", "die", "id", ["hilang", "menghilang", "dinyatakan hilang"]),
    ("hostage", "die", "en", ["hostage", "hostages", "captive"]),
    ("hostage", "kill", "id", ["sandera", "disandera", "penyanderaan"]),
    ("arrest", "charge_crime", "en", ["arrested", "arrest", "apprehended"]),
    ("charge_crime", "arrest", "en", ["charged", "indicted", "indictment"]),
    ("charge_crime", "convict", "id", ["mendakwa", "didakwa", "dakwaan"]),
    ("convict", "sentence", "en", ["convicted", "found guilty", "conviction"]),
    ("sentence", "convict", "en", ["sentenced", "sentencing", "prison term"]),
    ("sentence", "arrest", "id", ["divonis", "memvonis", "hukuman penjara"]),
    ("arrest", "arrest_warrant", "id", ["ditangkap", "penangkapan"]),
    ("arrest_warrant", "arrest", "id", ["surat perintah penangkapan"]),
    ("propose", "approve", "en", ["proposed", "proposal", "put forward"]),
    ("approve", "propose", "en", ["approved", "approval", "passed"]),
    ("propose", "approve", "id", ["mengusulkan", "usulan", "diusulkan"]),
    ("approve", "reject", "id", ["menyetujui", "disahkan", "pengesahan"]),
    ("accuse", "deny", "en", ["accused", "accusation", "blamed"]),
    ("deny", "accuse", "en", ["denied", "denies", "denial"]),
    ("accuse", "deny", "id", ["menuduh", "menuduhnya", "tudingan"]),
    ("deny", "accuse", "id", ["membantah", "bantahan", "menyangkal"]),
    ("rise", "fall", "en", ["rose", "risen", "increased", "soared"]),
    ("fall", "rise", "en", ["fell", "fallen", "declined", "plunged"]),
    ("rise", "fall", "id", ["naik", "menaikkan", "peningkatan", "melonjak"]),
    ("fall", "rise", "id", ["turun", "menurunkan", "penurunan", "anjlok"]),
    ("win", "lose", "en", ["won", "winning", "victory"]),
    ("lose", "win", "en", ["lost", "loses", "losing"]),
    ("win", "lose", "id", ["menang", "kemenangan", "memenangkan"]),
    ("lose", "win", "id", ["kalah", "kekalahan"]),
    ("begin", "end", "en", ["began", "begun", "started"]),
    ("end", "begin", "en", ["ended", "ending", "concluded"]),
    ("begin", "end", "id", ["mulai", "dimulai", "memulai"]),
    ("end", "begin", "id", ["berakhir", "mengakhiri", "diakhiri", "usai"]),
    ("import", "export", "en", ["imports", "imported", "importer"]),
    ("export", "import", "id", ["ekspor", "mengekspor", "eksportir"]),
    ("import", "important", "en", ["import", "imports"]),
    ("important", "import", "en", ["important", "importance", "importantly"]),
    ("buy", "sell", "en", ["bought", "buyer", "purchases"]),
    ("sell", "buy", "en", ["sold", "selling", "sale"]),
    ("buy", "sell", "id", ["membeli", "dibeli", "pembelian"]),
    ("sell", "buy", "id", ["menjual", "dijual", "penjualan"]),
    ("minister", "prime_minister", "en", ["minister", "ministers"]),
    ("prime_minister", "minister", "en", ["prime minister", "prime ministers", "premier"]),
    ("prime_minister", "minister", "id", ["perdana menteri", "perdana menterinya"]),
    ("foreign_minister", "minister", "id", ["menteri luar negeri", "menlu"]),
    ("president", "vice_president", "id", ["presiden", "kepresidenan"]),
    ("vice_president", "president", "id", ["wakil presiden", "wapres"]),
    ("vice_president", "president", "en", ["vice president"]),
    ("billion", "million", "id", ["miliar", "miliaran"]),
    ("trillion", "billion", "id", ["triliun"]),
    ("south_korea", "north_korea", "id", ["Korea Selatan", "Korsel"]),
    ("north_sumatra", "south_sumatra", "id", ["Sumatera Utara", "Sumut"]),
    ("police", "policy", "en", ["police", "policeman"]),
    ("policy", "police", "en", ["policy", "policies"]),
]


@pytest.mark.parametrize(("concept", "other", "language", "forms"), APART)
def test_what_differs_is_kept_apart(
    concept: str, other: str, language: str, forms: list[str]
) -> None:
    """A form of one concept is found as that, and not as the one it must not be mixed with."""
    for form in forms:
        found = GLOSSARY.concepts_of(form, language)
        assert concept in found, form
        assert other not in found, form


def test_every_form_is_found_alone() -> None:
    """Every form of every concept, standing alone in its language, names its concept whole."""
    lost = [entry for entry in FORMS if entry[0] not in GLOSSARY.concepts_of(entry[2], entry[1])]
    assert lost == []


def test_the_data_are_large_and_two_sided() -> None:
    """At least a thousand concepts, each with a known part of speech and both languages."""
    assert len(GLOSSARY.concepts) >= 1000
    assert {concept.pos for concept in GLOSSARY.concepts} <= PARTS_OF_SPEECH
    assert [c.concept_id for c in GLOSSARY.concepts if not c.en or not c.id] == []
    assert len({concept.concept_id for concept in GLOSSARY.concepts}) == len(GLOSSARY.concepts)


@pytest.mark.parametrize(
    ("text", "language", "concept", "found"),
    [
        ("Presiden AS tiba di Doha", "id", "united_states", True),
        ("presiden as tiba di doha", "id", "united_states", False),
        ("He told us as much", "en", "united_states", False),
        ("US and Russian officials", "en", "united_states", True),
        ("The WHO warned of an outbreak", "en", "who_org", True),
        ("The man who warned of an outbreak", "en", "who_org", False),
        ("WHO SAID THAT", "en", "who_org", False),
        ("the un resolution", "en", "united_nations", True),
        ("He met un officials", "en", "united_nations", True),
        ("Sekjen PBB dan pbb", "id", "united_nations", True),
        ("kapan pbb didirikan?", "id", "united_nations", True),
        ("apakah kpk menangkapnya?", "id", "anticorruption_commission", True),
        ("Apakah dpr menyetujuinya?", "id", "parliament", True),
        ("Kata Budi dpr itu", "id", "parliament", False),
        ("Mohammed bin Abdulrahman", "id", "intelligence", False),
        ("BIN menyelidikinya", "id", "intelligence", True),
        ("He may march", "en", "may_month", False),
        ("In May they met", "en", "may_month", True),
        ("On 3 March it ended", "en", "march", True),
        ("Pada Minggu pagi", "id", "sunday", True),
        ("dua minggu lalu", "id", "sunday", False),
        ("dua minggu lalu", "id", "week", True),
    ],
)
def test_case_tells_acronyms_and_names_from_words(
    text: str, language: str, concept: str, found: bool
) -> None:
    """An acronym is read in capitals, or in a question typed without any if it is no word."""
    assert (concept in named(text, language)) is found


def test_the_longest_form_wins() -> None:
    """A phrase is one concept: its words are not reported beside it."""
    assert list(named("the foreign minister of Israel", "en")) == ["foreign_minister", "israel"]
    assert list(named("Wakil Perdana Menteri", "id")) == ["deputy_prime_minister"]
    assert list(named("Jalur Gaza", "id")) == ["gaza"]
    assert "water" not in named("the air force")  # "air" is water in Indonesian


def test_a_phrase_does_not_run_over_a_sentence_end() -> None:
    """Words on both sides of a full stop or a comma are no phrase."""
    assert set(named("It was in its prime. Minister Blinken spoke.", "en")) == {"minister", "speak"}
    assert "prime_minister" in named("the prime\nminister", "en")
    assert "gaza" in named("the Gaza, Strip", "en")
    assert named("the Gaza, Strip", "en")["gaza"] == "Gaza"


def test_both_senses_of_a_form_are_given() -> None:
    """A form with two senses gives both concepts on the same span."""
    text = "menteri itu wafat di bulan Mei"
    on_bulan = [m for m in GLOSSARY.find(text, "id") if text[m.start : m.end] == "bulan"]
    assert {m.concept_id for m in on_bulan} == {"month", "moon"}
    assert GLOSSARY.concepts_of("capital", "en") == ("capital_city", "capital_money")


def test_a_name_alike_in_both_languages_is_found_once() -> None:
    """With no language given, a span names a concept once."""
    assert GLOSSARY.find("Hamas") == [ConceptMatch("hamas", 0, 5, "en")]


def test_a_language_it_does_not_know_is_tried_as_both() -> None:
    """A text said to be in Malay is read with both languages; nothing is said in Malay."""
    assert GLOSSARY.find("Hamas bertemu", "ms") == GLOSSARY.find("Hamas bertemu")
    with pytest.raises(KeyError):
        GLOSSARY.translations("Hamas", source="en", target="ms")


def test_words_that_only_look_like_forms_name_nothing() -> None:
    """A chance likeness of stems is no match."""
    for word in ("melalui", "terlalu", "kepada", "sempat"):
        assert named(f"ia {word} itu", "id") == {}
    assert named("quite apart from the range", "en") == {}


def test_translations_lead_into_the_other_language() -> None:
    """The forms of what a question names come in its order, the most usual first."""
    assert GLOSSARY.translations("Dutch minister", source="en", target="id") == [
        "Belanda",
        "Negeri Belanda",
        "menteri",
    ]
    assert GLOSSARY.translations("Kairo", source="id", target="en") == ["Cairo"]
    assert GLOSSARY.translations("menlu Mesir", source="id", target="en")[0] == "foreign minister"
    assert GLOSSARY.translations("ceasefire truce", source="en", target="id")[:1] == [
        "gencatan senjata"
    ]
    assert "truce" in GLOSSARY.translations("ceasefire", source="en", target="en")
    assert GLOSSARY.translations("qwerty", source="en", target="id") == []


def test_nothing_is_found_in_nothing() -> None:
    """An empty text names nothing."""
    assert GLOSSARY.find("") == []
    assert GLOSSARY.concepts_of("", "en") == ()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("a\tnoun\tb", "3 fields"),
        ("a\tthing\tb\tc", "part of speech 'thing'"),
        ("a\tnoun\tb\tc\na\tnoun\td\te", "line 2: 'a' is there already"),
        ("a\tnoun\tb||c\td", "empty"),
        ("a\tnoun\tb\tc| d", "padded"),
        ("a\tnoun\tb|b\tc", "twice"),
        ("a\tnoun\t...\tc", "no word"),
    ],
)
def test_a_line_that_is_not_well_formed_is_refused(line: str, complaint: str) -> None:
    """A mistake in the data is an error that names the line, never a silent loss."""
    with pytest.raises(ValueError, match="line") as caught:
        parse(line)
    assert complaint in str(caught.value)


@given(
    st.lists(st.sampled_from(FORMS), min_size=1, max_size=6),
    st.sampled_from(["; ", "\n\n", " (zqx) "]),
)
def test_forms_are_found_where_they_stand(
    entries: list[tuple[str, str, str]], between: str
) -> None:
    """Whatever stands around it, a form is found with exactly its own span."""
    language = entries[0][1]
    forms = [(concept, form) for concept, its, form in entries if its == language]
    text = "Zqx " + between.join(form for _, form in forms) + between + "zqx"
    found = {(m.concept_id, m.start, m.end) for m in GLOSSARY.find(text, language)}
    start = 4
    for concept, form in forms:
        words = tokens(form)
        assert (concept, start + words[0].start, start + words[-1].end) in found
        start += len(form) + len(between)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(FORMS), max_size=8).map(
        lambda entries: " ".join(form for _, _, form in entries)
    )
)
def test_spans_hold_the_words_of_a_form(text: str) -> None:
    """A match lies in the text on whole words, in order, and its words share a form's stems."""
    whole = {(word.start, word.end) for word in tokens(text)}
    starts, ends = {s for s, _ in whole}, {e for _, e in whole}
    matches = GLOSSARY.find(text)
    assert matches == sorted(matches, key=lambda m: (m.start, m.end))
    for match in matches:
        assert match.start in starts
        assert match.end in ends
        words = [word.text for word in tokens(text[match.start : match.end])]
        forms = [
            [word.text for word in tokens(form)]
            for form in GLOSSARY.concept(match.concept_id).forms(match.language)
        ]
        stems = [stem(word, match.language) for word in words]
        same_stems = any(
            [stem(word, match.language) for word in form] in (stems, stems[:1]) for form in forms
        )
        assert same_stems or any(words[0].startswith(form[0]) for form in forms)


def test_a_phrase_that_only_looks_like_a_form_is_none() -> None:
    """Who rejects a comment does not decline to comment."""
    assert named("menolak berkomentar", "id") == {"silence": "menolak berkomentar"}
    assert "silence" not in named("menolak komentar Danton", "id")
