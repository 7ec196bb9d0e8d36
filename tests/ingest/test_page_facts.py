"""What a page states about itself: dates, people, names and addresses, never guesses."""

from __future__ import annotations

import json

import pytest

from rag.ingest.page import read_page
from rag.ingest.page_dates import iso_date, url_date

TEXT = (
    "<p>Kapal nelayan Sinar Laut tenggelam di perairan Teluk Sabang setelah dihantam ombak.</p>"
    "<p>Sebelas awak kapal itu selamat karena ditolong kapal barang yang melintas.</p>"
)


def facts(
    head: str = "", body: str = TEXT, *, url: str | None = None, html: str = "", above: str = ""
) -> dict[str, str]:
    data = f"{above}<!DOCTYPE html><html {html}><head>{head}</head><body>{body}</body></html>"
    return dict(read_page(data.encode(), name="x.html", url=url).facts)


def linked(node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


# Dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-08-21", "2024-08-21"),
        ("2024-8-1", "2024-08-01"),
        ("2024/08/21 13:42:09", "2024-08-21T13:42:09"),
        ("2024-08-21T10:05", "2024-08-21T10:05:00"),
        ("2024-08-21T10:05:11+0700", "2024-08-21T10:05:11+07:00"),
        ("2024-08-21T10:05:11.482+07:00", "2024-08-21T10:05:11+07:00"),
        ("2024-08-21 10:05:11 +07", "2024-08-21T10:05:11+07:00"),
        ("2024-08-21T03:05:11Z", "2024-08-21T03:05:11+00:00"),
        ("20240821", "2024-08-21"),
        ("20240821T030511Z", "2024-08-21T03:05:11+00:00"),
        ("1724209511", "2024-08-21T03:05:11+00:00"),
        ("1724209511000", "2024-08-21T03:05:11+00:00"),
        ("Wed, 21 Aug 2024 03:05:11 GMT", "2024-08-21T03:05:11+00:00"),
        ("Wed, 21 Aug 2024 10:05:11 +0700", "2024-08-21T10:05:11+07:00"),
        ("Wed Aug 21 2024 10:05:11 GMT+0700 (WIB)", "2024-08-21T10:05:11+07:00"),
        ("Rabu, 21 Agustus 2024 | 10:05 WIB", "2024-08-21T10:05:00+07:00"),
        ("August 21, 2024", "2024-08-21"),
    ],
)
def test_a_date_is_put_into_iso_8601(value: str, date: str) -> None:
    """Every way in which pages write a date gives the same day, with an offset only if stated."""
    assert iso_date(value) == date


@pytest.mark.parametrize(
    "value",
    ["", "2 jam lalu", "2024", "0000-00-00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0",
     "2024-02-30", "2024-13-01T10:00:00Z", "kemarin", "99999999999999999999", "x" * 500,
     "Wed, 99 Foo 2024 10:00:00 GMT", "12345678901234567"],
)  # fmt: skip
def test_what_is_no_date_is_none(value: str) -> None:
    """An unset field, a relative time or an impossible day is not turned into a date."""
    assert iso_date(value) is None


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://a.id/read/2024/08/21/100511/beras", "2024-08-21"),
        ("https://a.id/2024/8/1", "2024-08-01"),
        ("https://a.id/2024/08/beras", None),
        ("https://a.id/2024/13/41/beras", None),
        ("https://a.id/beras?d=/2024/08/21/", None),
    ],
)
def test_an_address_states_a_whole_day_or_none(url: str, date: str | None) -> None:
    """Only year, month and day in the path of an address are a date."""
    assert url_date(url) == date


RANKED = [
    linked({"@type": "NewsArticle", "datePublished": "2024-01-01T08:00:00+07:00"}),
    '<meta property="article:published_time" content="2024-01-02T08:00:00+07:00">',
    '<meta itemprop="datePublished" content="2024-01-03">',
    meta("pubdate", "2024-01-04"),
]
OWN_TIME = '<article><h1>Kapal</h1><time datetime="2024-01-05">5 Jan</time>' + TEXT + "</article>"


@pytest.mark.parametrize("first", range(4))
def test_the_plainest_statement_wins(first: int) -> None:
    """JSON-LD, then article:*, then itemprop, then other meta elements, whatever the order."""
    head = "".join(reversed(RANKED[first:]))
    date = facts(head, OWN_TIME, url="https://a.id/2024/01/06/x")["published"]
    assert date[:10] == f"2024-01-0{first + 1}"


def test_the_last_resorts() -> None:
    """The article's own time element comes next, the address last."""
    url = "https://a.id/2024/01/06/x"
    assert facts(body=OWN_TIME, url=url)["published"] == "2024-01-05"
    assert facts(url=url)["published"] == "2024-01-06"
    assert "published" not in facts()


def test_the_text_goes_before_the_address() -> None:
    """A date line in the text is more exact than the address, so none is given."""
    line = "<p>Jumat, 5 Januari 2024 10:05 WIB</p>"
    assert "published" not in facts(body=line + TEXT, url="https://a.id/2024/01/06/x")


def test_a_value_that_is_no_date_is_passed_over() -> None:
    """An empty or broken field lets the next statement speak."""
    head = linked({"@type": "NewsArticle", "datePublished": "-0001-11-30T00:00:00+00:00"})
    assert facts(head + meta("date", "today") + meta("publishdate", "2023-05-06"))["published"] == (
        "2023-05-06"
    )


@pytest.mark.parametrize(
    "head",
    [
        linked({"@type": "NewsArticle", "dateModified": "2024-03-01"}),
        '<meta property="article:modified_time" content="2024-03-01">',
        '<meta property="og:updated_time" content="2024-03-01">',
        meta("last-modified", "2024-03-01"),
    ],
)
def test_a_change_is_no_publication(head: str) -> None:
    """A page that says only when it was changed has no date of publication."""
    found = facts(head)
    assert found["modified"] == "2024-03-01"
    assert "published" not in found


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Kapal</h1>" + TEXT
        + '<aside><a href="/x">Lain</a><time datetime="2020-02-02">x</time></aside>',
        '<main><h1>Kapal</h1><ul><li><a href="/x">Lain</a>'
        ' <time datetime="2020-02-02">x</time></li>'
        "</ul>" + TEXT + "</main>",
        "<article><h1>Kapal</h1>" + TEXT + "</article><article><h2>Lain</h2>"
        '<time datetime="2020-02-02">x</time></article>',
        "<h1>Kapal</h1>" + TEXT + '<div itemtype="https://schema.org/Comment" itemscope>'
        '<meta itemprop="datePublished" content="2020-02-02">Bagus.</div>',
        "<article><h1>Kapal</h1>" + TEXT + "</article><article>"
        '<span itemprop="datePublished" content="2020-02-02">x</span></article>',
    ],
)  # fmt: skip
def test_another_article_s_date_is_not_taken(body: str) -> None:
    """The time of a related article or of a comment says nothing of this one."""
    assert "published" not in facts(body=body)


def test_an_updated_time_is_told_apart() -> None:
    """Of two time elements the one that is labelled as a change is the change."""
    body = (
        '<article><h1>Kapal</h1><p>Diperbarui <time datetime="2024-03-02T08:00:00Z">2 Maret</time>'
        '</p><p>Terbit <time datetime="2024-03-01T08:00:00Z">1 Maret</time></p>'
        + TEXT
        + "</article>"
    )
    found = facts(body=body)
    assert found["published"] == "2024-03-01T08:00:00+00:00"
    assert found["modified"] == "2024-03-02T08:00:00+00:00"


# JSON-LD -----------------------------------------------------------------------------------

NODE = {
    "@type": "NewsArticle",
    "headline": "Kapal Tenggelam &amp; Awak Selamat",
    "datePublished": "2024-08-21",
    "author": {"@type": "Person", "name": "Ana Putri"},
    "publisher": {"@type": "Organization", "name": "Kabar Laut"},
    "inLanguage": "id-ID",
}
EXPECTED = {
    "title": "Kapal Tenggelam & Awak Selamat",
    "published": "2024-08-21",
    "author": "Ana Putri",
    "publisher": "Kabar Laut",
    "language": "id",
}


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(NODE),
        json.dumps([{"@type": "BreadcrumbList"}, NODE]),
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, NODE]}),
        json.dumps({"@type": "WebPage", "mainEntity": NODE}),
        json.dumps(NODE | {"@type": ["https://schema.org/ReportageNewsArticle", "Thing"]}),
        json.dumps(NODE)[:-1] + ",}",
        json.dumps(NODE).replace('"Ana Putri"', '"Ana\n Putri"'),
        "<!-- " + json.dumps(NODE) + " -->",
        "//<![CDATA[\n" + json.dumps(NODE) + ";\n//]]>",
        json.dumps(NODE) + json.dumps({"@type": "Organization"}),
    ],
)
def test_the_data_of_a_page_is_read(script: str) -> None:
    """The article is found in lists, graphs and in JSON that is not quite JSON."""
    assert facts(f'<script type="application/ld+json">{script}</script>') == EXPECTED


def test_data_beyond_repair_still_gives_its_date() -> None:
    """A quotation mark that was not escaped does not cost the date."""
    script = (
        '{"@type": "NewsArticle", "headline": "Kata "siap" itu", "datePublished": "2024-08-21"}'
    )
    assert facts(f'<script type="application/ld+json">{script}</script>')["published"] == (
        "2024-08-21"
    )


@pytest.mark.parametrize(
    "script",
    ["", "{", "[" * 100_000, '{"a":' * 50_000, "null", '"text"', "1" * 5_000, '{"@type":3}'],
)  # fmt: skip
def test_broken_data_is_no_data(script: str) -> None:
    """Nothing in a script can do more than say nothing."""
    assert facts(f'<script type="application/ld+json">{script}</script>') == {}


def test_the_article_s_own_node_is_taken() -> None:
    """Of several articles in the data it is the one with the page's address or headline."""
    other = {"@type": "NewsArticle", "headline": "Lain", "datePublished": "2020-01-01"}
    own = {"@type": "Article", "url": "https://a.id/kapal/", "datePublished": "2024-08-21"}
    canonical = '<link rel="canonical" href="https://a.id/kapal?x=1">'
    assert facts(linked([other, own]) + canonical)["published"] == "2024-08-21"
    named = {"@type": "Article", "headline": "Kapal di Sabang", "datePublished": "2024-08-22"}
    found = facts(linked([other, named]), "<h1>Kapal di Sabang</h1>" + TEXT)
    assert found["published"] == "2024-08-22"


def test_a_list_of_other_articles_is_no_statement() -> None:
    """Articles inside an ItemList are not this page's."""
    items = {"@type": "ItemList", "itemListElement": [NODE]}
    assert facts(linked(items)) == {}


# People and outlets ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ana Putri", "Ana Putri"),
        ("By Ana Putri and Joko Susilo", "Ana Putri; Joko Susilo"),
        ("Oleh: Ana Putri, Joko Susilo dan Tri Wahyu", "Ana Putri; Joko Susilo; Tri Wahyu"),
        ("Ahmad Fauzi, S.H.", "Ahmad Fauzi, S.H."),
        ("Ana Putri - detikKabar", "Ana Putri - detikKabar"),
        ("Ana Putri - Kabar Laut", "Ana Putri"),
        ("Suparman", "Suparman"),
        ("Ana &amp; Budi O&#039;Hara", "Ana & Budi O'Hara"),
        ([{"name": "Ana Putri"}, {"name": "Joko"}], "Ana Putri; Joko"),
        ({"name": ["Ana Putri", "Joko Susilo"]}, "Ana Putri; Joko Susilo"),
        (["Ana Putri", "Ana Putri"], "Ana Putri"),
    ],
)
def test_people_are_named(author: object, names: str) -> None:
    """Authors in any form are joined by semicolons, without labels and the outlet."""
    node = {"@type": "Article", "author": author, "publisher": {"name": "Kabar Laut"}}
    assert facts(linked(node))["author"] == names


@pytest.mark.parametrize(
    "author",
    ["https://www.facebook.com/kabarlaut", "Kabar Laut", "KABARLAUT.com", "Redaksi", "Admin",
     "admin2",     "Tim Redaksi", "Redaksi Kabar Laut", "Tim Kabar Laut", "editor@kabarlaut.com",
     "-", "", "Editor",     {"@type": "Organization", "name": "Kabar Laut"}, {"name": None}, 7],
)  # fmt: skip
def test_an_office_is_no_author(author: object) -> None:
    """The outlet itself, its desk and addresses are not people."""
    node = {"@type": "Article", "author": author, "publisher": {"name": "Kabar Laut"}}
    assert "author" not in facts(linked(node))


def test_an_author_of_a_meta_element() -> None:
    """Where the data names nobody, the meta elements are asked, in their order."""
    head = meta("author", "Redaksi") + meta("dc.creator", "Ana Putri")
    assert facts(head)["author"] == "Ana Putri"


def test_a_publisher_that_is_a_reference() -> None:
    """A publisher given by its id is looked up in the graph."""
    graph = [
        {"@type": "Article", "publisher": {"@id": "#org"}, "author": {"@id": "#ana"}},
        {"@type": "Organization", "@id": "#org", "name": "Kabar Laut"},
        {"@type": "Person", "@id": "#ana", "name": "Ana Putri"},
    ]
    found = facts(linked({"@graph": graph}))
    assert (found["publisher"], found["author"]) == ("Kabar Laut", "Ana Putri")


def test_the_site_s_name_is_the_publisher() -> None:
    """og:site_name names the publisher where the data does not."""
    assert facts('<meta property="og:site_name" content="Kabar Laut">')["publisher"] == "Kabar Laut"


# Title, address, language ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Kapal Tenggelam di Sabang - Kabar Laut</title>", "", "Kapal Tenggelam di Sabang"),
        ("<title>Kapal Tenggelam di Sabang | Kabar Laut</title>", "", "Kapal Tenggelam di Sabang"),
        ("<title>Kapal Tenggelam di Sabang - Daerah - kabar.co.id</title>", "",
         "Kapal Tenggelam di Sabang"),
        ("<title>kabar.co.id : Kapal Tenggelam di Sabang</title>", "", "Kapal Tenggelam di Sabang"),
        ("<title>Indonesia Kalahkan Vietnam 2 - 1</title>", "", "Indonesia Kalahkan Vietnam 2 - 1"),
        (('<title>x</title><meta property="og:title" content="Kapal di Sabang - Kabar Laut">'
         '<meta property="og:site_name" content="Kabar Laut">'), "", "Kapal di Sabang"),
        ('<meta property="og:title" content="Kapal Karam - Kisah Sebelas Awak">', "",
         "Kapal Karam - Kisah Sebelas Awak"),
        ("", "<h1>Kapal Tenggelam<br>di Sabang</h1>", "Kapal Tenggelam di Sabang"),
        (linked({"@type": "Article", "headline": "Kapal Tenggelam di…"}),
         "<h1>Kapal Tenggelam di Sabang</h1>", "Kapal Tenggelam di Sabang"),
        ("<title>Tom &amp;amp; Jerry &quot;Lagi&quot;</title>", "", 'Tom & Jerry "Lagi"'),
    ],
)  # fmt: skip
def test_the_title_is_the_headline(head: str, body: str, title: str) -> None:
    """The outlet's name and section leave the title, entities are characters."""
    assert facts(head, body + TEXT)["title"] == title


@pytest.mark.parametrize(
    ("head", "url", "expected"),
    [
        ('<link rel="canonical" href="https://a.id/kapal">', "https://a.id/kapal?amp=1",
         "https://a.id/kapal"),
        ('<link rel="canonical" href="/kapal">', "https://a.id/amp/kapal", "https://a.id/kapal"),
        ('<link rel="canonical" href="https://a.id/">', "https://a.id/kapal", "https://a.id/kapal"),
        ('<meta property="og:url" content="https://a.id/kapal">', None, "https://a.id/kapal"),
        (linked({"@type": "Article", "mainEntityOfPage": {"@id": "https://a.id/kapal"}}), None,
         "https://a.id/kapal"),
        ('<link rel="canonical" href="javascript:alert(1)">', "https://a.id/kapal",
         "https://a.id/kapal"),
        ('<link rel="canonical" href="http://[">', None, None),
        ('<link rel="canonical" href="https://user:pw@a.id/kapal">', None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_the_address_is_the_canonical_one(head: str, url: str | None, expected: str | None) -> None:
    """A page's own address wins over the one it was fetched from, if it is one of a page."""
    assert facts(head, url=url).get("url") == expected


def test_the_address_of_a_saved_page() -> None:
    """A browser notes where a page was saved from; without another statement that is it."""
    above = "<!-- saved from url=(0021)https://a.id/kapal/1 -->\n"
    assert facts(above=above)["url"] == "https://a.id/kapal/1"


@pytest.mark.parametrize(
    ("head", "html", "language"),
    [
        ("", 'lang="id"', "id"),
        ("", 'lang="in_ID"', "id"),
        (meta("language", "indonesian"), "", "id"),
        ('<meta property="og:locale" content="id_ID">', 'lang="en"', "id"),
        ("", 'lang="ms-MY"', "ms"),
        ("", 'lang="en"', None),
        ("", 'lang="lang"', None),
    ],
)
def test_the_language_is_as_stated(head: str, html: str, language: str | None) -> None:
    """Codes are ISO 639-1; lang="en" over an Indonesian text is a template's mistake."""
    assert facts(head, TEXT * 3, html=html).get("language") == language
