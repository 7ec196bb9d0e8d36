"""Words for kinds of things that a question asks for: "countries", "tokoh", "companies"."""

from __future__ import annotations

from rag.text.language import word_set

COUNTRIES = word_set("country countries nation nations negara negara-negara")
PLACES = COUNTRIES | word_set(
    "state states city cities town towns place places region",
    "regions province provinces village villages island islands district districts",
    "kota kota-kota daerah wilayah provinsi desa tempat pulau kabupaten",
)
BODIES = word_set(
    "company companies firm firms party parties organisation organisations organization group",
    "organizations agency agencies groups team teams club clubs bank banks union unions ministries",
    "perusahaan partai organisasi lembaga kelompok tim klub kementerian serikat pihak badan",
)
PEOPLE = word_set(
    "people person persons men women tokoh orang pejabat figures names nama",
)
CLASSES = PLACES | BODIES | PEOPLE
