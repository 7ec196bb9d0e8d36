"""What a feed names and says, in every dialect."""

from __future__ import annotations

import pytest

from rag.errors import BadSource
from rag.ingest.feed import FeedItem, looks_like_feed, read_feed

HOME = "https://www.berita.example/rss/terkini.xml"

RSS_2 = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="/style.xsl"?>
<!-- made by hand -->
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
 <title>Berita Contoh</title>
 <link>https://www.berita.example/</link>
 <atom:link href="https://www.berita.example/rss/terkini.xml" rel="self"/>
 <language>id-ID</language>
 <lastBuildDate>Thu, 22 Aug 2024 00:00:00 +0700</lastBuildDate>
 <image><title>Logo</title><link>https://www.berita.example/logo</link></image>
 <item>
  <title><![CDATA[Harga beras naik 5% & turun lagi]]></title>
  <link>
    https://www.berita.example/ekonomi/1?utm_source=rss
  </link>
  <guid isPermaLink="false">berita-1</guid>
  <dc:creator>Ani Dewi</dc:creator>
  <dc:creator>Budi</dc:creator>
  <pubDate>Wed, 21 Aug 2024 14:05:00 +0700</pubDate>
  <atom:updated>2024-08-21T15:00:00+07:00</atom:updated>
  <media:title>Foto beras</media:title>
  <media:description>Foto</media:description>
  <description>&lt;p&gt;Harga &lt;b&gt;beras&lt;/b&gt; naik.&lt;/p&gt;&lt;p&gt;Lalu
  turun.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
  <content:encoded><![CDATA[<p>Seluruh isi.</p>]]></content:encoded>
 </item>
 <item>
  <title>Tanpa tautan</title>
 </item>
 <item>
  <guid>https://www.berita.example/politik/2</guid>
  <author>redaksi@berita.example (Citra Lestari)</author>
  <pubDate>Rab, 21 Agu 2024 16:00 WITA</pubDate>
 </item>
 <item><link>/olahraga/3#komentar</link><author>redaksi@berita.example</author></item>
 <item><link>javascript:alert(1)</link></item>
 <item><link>https://www.berita.example/ekonomi/1?utm_source=wa</link></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://en.example/n/">
 <title type="html">The &lt;i&gt;Example&lt;/i&gt; Post</title>
 <author><name>The Example Post</name></author>
 <updated>2024-08-22T00:00:00Z</updated>
 <entry>
  <title>Cats &amp; dogs &lt;3</title>
  <link rel="self" href="one.atom"/>
  <link rel="enclosure" href="one.mp3"/>
  <link rel="alternate" type="application/pdf" href="one.pdf"/>
  <link rel="alternate" type="text/html" href="one.html"/>
  <id>tag:en.example,2024:1</id>
  <published>2024-08-21T14:05:07.123-05:00</published>
  <updated>2024-08-21T20:00:00Z</updated>
  <author><name>Jane Roe</name><email>jane@en.example</email></author>
  <author><name>John Doe</name></author>
  <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"
   ><p>One &lt; <em>two</em>.</p><p>Three.</p></div></summary>
 </entry>
 <entry xml:lang="id" xml:base="/dua/">
  <link href="2"/>
  <updated>2024-08-22T00:00:00+07:00</updated>
  <source><title>Kantor Berita</title><id>x</id></source>
 </entry>
</feed>"""

RSS_1 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<channel rdf:about="http://old.example/"><title>Old Paper</title><dc:language>en-us</dc:language>
<items><rdf:Seq><rdf:li resource="http://old.example/1"/></rdf:Seq></items></channel>
<item rdf:about="http://old.example/1"><title>One</title><link>http://old.example/1</link>
<dc:date>2003-02-01T10:00+01:00</dc:date><dcterms:modified>2003-02-02</dcterms:modified></item>
<item rdf:about="http://old.example/2"><title>Two</title></item>
</rdf:RDF>"""

RSS_091 = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Older Paper</title>
<item><title>Caf&eacute; &nbsp;Tom&Jerry</title><link>http://old.example/?a=1&b=2</link></item>
</channel></rss>"""


def read(text: str | bytes, url: str = HOME) -> tuple[FeedItem, ...]:
    return read_feed(text if isinstance(text, bytes) else text.encode(), name="F", url=url)


def test_rss_2() -> None:
    """Items keep their own words, names and times; what has no web address is left out."""
    assert read(RSS_2) == (
        FeedItem(
            url="https://www.berita.example/ekonomi/1?utm_source=rss",
            title="Harga beras naik 5% & turun lagi",
            author="Ani Dewi; Budi",
            published="2024-08-21T14:05:00+07:00",
            modified="2024-08-21T15:00:00+07:00",
            summary="Harga beras naik. Lalu turun.",
            language="id",
            publisher="Berita Contoh",
        ),
        FeedItem(
            url="https://www.berita.example/politik/2",
            author="Citra Lestari",
            published="2024-08-21T16:00:00+08:00",
            language="id",
            publisher="Berita Contoh",
        ),
        FeedItem(
            url="https://www.berita.example/olahraga/3", language="id", publisher="Berita Contoh"
        ),
    )


def test_atom() -> None:
    """Links are made whole by xml:base; "updated" is never the day of publication."""
    assert read(ATOM, "https://feeds.example/x") == (
        FeedItem(
            url="https://en.example/n/one.html",
            title="Cats & dogs <3",
            author="Jane Roe; John Doe",
            published="2024-08-21T14:05:07-05:00",
            modified="2024-08-21T20:00:00+00:00",
            summary="One < two. Three.",
            language="en",
            publisher="The Example Post",
        ),
        FeedItem(
            url="https://en.example/dua/2",
            modified="2024-08-22T00:00:00+07:00",
            language="id",
            publisher="Kantor Berita",
        ),
    )


def test_rss_1() -> None:
    """RDF's items stand beside their channel; dc:date is the day of publication."""
    one, two = read(RSS_1)
    assert one == FeedItem(
        url="http://old.example/1",
        title="One",
        published="2003-02-01T10:00:00+01:00",
        modified="2003-02-02",
        language="en",
        publisher="Old Paper",
    )
    assert (two.url, two.title) == ("http://old.example/2", "Two")


def test_rss_091_and_what_is_not_quite_xml() -> None:
    """HTML's entities and bare ampersands, which no XML parser takes, are read as meant."""
    assert read(RSS_091) == (
        FeedItem(
            url="http://old.example/?a=1&b=2", title="Café Tom&Jerry", publisher="Older Paper"
        ),
    )


FEEDBURNER = (
    "<link>https://feeds.example/~r/1</link>"
    '<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
    "https://a.example/o</feedburner:origLink>"
)


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>https://a.example/1</link>", "https://a.example/1"),
        ("<link><![CDATA[ https://a.example/?p=1&q=2 ]]></link>", "https://a.example/?p=1&q=2"),
        ("<link>//a.example/1</link>", "https://a.example/1"),
        ("<link>1.html</link>", "https://www.berita.example/rss/1.html"),
        ("<link>HTTP://A.Example:80/1</link>", "http://a.example/1"),
        ("<link/><guid>https://a.example/g</guid>", "https://a.example/g"),
        (FEEDBURNER, "https://a.example/o"),
        ("<link>ftp://a.example/1</link><guid>https://a.example/g</guid>", "https://a.example/g"),
    ],
)
def test_where_an_item_leads(inside: str, url: str) -> None:
    """The page of an item is found wherever feeds put its address."""
    (item,) = read(f"<rss><channel><item>{inside}</item></channel></rss>")
    assert item.url == url


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<link></link>",
        "<link>   </link>",
        "<link>#</link>",
        "<link>mailto:a@b.example</link>",
        "<link>file:///etc/passwd</link>",
        "<link>http://ani:rahasia@a.example/</link>",
        "<link>http://127.1/</link>",
        "<link>http://[</link>",
        "<guid>berita-1</guid>",
        '<guid isPermaLink="false">https://a.example/1</guid>',
        "<link rel='self' href='https://a.example/1'/>",
    ],
)
def test_an_item_that_leads_nowhere(inside: str) -> None:
    """An item without a web address of its own is left out; a feed of such items is refused."""
    other = "<item><link>https://a.example/</link></item>"
    assert len(read(f"<rss><channel><item>{inside}</item>{other}</channel></rss>")) == 1
    with pytest.raises(BadSource, match="F is a feed that names no page") as caught:
        read(f"<rss><channel><item>{inside}</item></channel></rss>")
    assert caught.value.hint


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "utf-16-le"]
)
def test_encodings(encoding: str) -> None:
    """A feed is read by its byte order mark, or by the encoding it declares."""
    text = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><rss><channel>'
        "<item><link>https://a.example/</link><title>Café</title></item></channel></rss>"
    )
    (item,) = read(text.encode(encoding))
    assert item.title == "Café"
    assert looks_like_feed(text.encode(encoding))


@pytest.mark.parametrize("declared", ["punycode", "zlib", "unicode_escape", "x-none", "utf-7"])
def test_an_encoding_that_is_none(declared: str) -> None:
    """What a feed declares is followed only if it is an encoding of text that is in use."""
    (item,) = read(
        f'<?xml version="1.0" encoding="{declared}"?><rss><channel><item>'
        "<link>https://a.example/</link><title>Café +ADw-</title></item></channel></rss>"
    )
    assert item.title == "Café +ADw-"


def test_at_most_a_hundred() -> None:
    """The first hundred items are taken, in their order, each page once."""
    items = [f"<item><link>https://a.example/{n // 2}</link></item>" for n in range(500)]
    found = read("<rss><channel>" + "".join(items) + "</channel></rss>")
    assert [item.url for item in found] == [f"https://a.example/{n}" for n in range(100)]


def test_a_feed_that_breaks_off() -> None:
    """What came before a feed broke off is read; the title may come after the items."""
    whole = RSS_2[: RSS_2.index("<guid>https")]
    assert [item.title for item in read(whole)] == ["Harga beras naik 5% & turun lagi"]
    (item,) = read(
        "<rss><channel><item><link>https://a.example/</link></item><title>T</title></channel></rss>"
    )
    assert item.publisher == "T"


@pytest.mark.parametrize(
    ("field", "said", "meant"),
    [
        ("title", "<![CDATA[Satu <b>dua</b> &#8211; &quot;tiga&quot;]]>", 'Satu dua – "tiga"'),
        ("title", "A &amp;amp; B", "A & B"),
        ("title", "1 &lt; 2", "1 < 2"),
        ("title", "\x00 a\x1b[2J \u202e b ", "a[2J b"),
        ("title", "<p>Tidak <i>di</i>escape</p>", "Tidak diescape"),
        ("title", "<![CDATA[a<!-- b -->c<style>d</style>e<script>f]]>", "ac e"),
        ("description", "kata " * 1_000, "kata " * 398 + "kata…"),
        ("title", "a " + "b" * 600, "a " + "b" * 497 + "…"),
        ("description", "<![CDATA[<br/>]]>", None),
        ("author", "Ani (ani@a.example)", "Ani"),
        ("author", "ani@a.example", None),
        ("author", "Ani &lt;ani@a.example&gt;", "Ani"),
        ("language", "in_ID", "id"),
        ("language", "ind", "id"),
        ("language", "xxx", None),
        ("language", "indonesia", None),
        ("source", "Antara", "Antara"),
    ],
)
def test_what_an_item_says(field: str, said: str, meant: str | None) -> None:
    """Every field is plain text on one line, of bounded length, or None."""
    (item,) = read(
        f"<rss><channel><item><link>https://a.example/</link><{field}>{said}</{field}>"
        "</item></channel></rss>"
    )
    name = {"description": "summary", "source": "publisher"}.get(field, field)
    assert getattr(item, name) == meant


HTML = "<!DOCTYPE html><html><head><title>rss</title></head><body><rss></rss></body></html>"
XHTML = (
    '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><body>Atom RSS feed</body></html>'
)


@pytest.mark.parametrize(
    ("text", "kind", "feed"),
    [
        (RSS_2, "", True),
        (ATOM, "", True),
        (RSS_1, "", True),
        (RSS_091, "", True),
        ("\ufeff\n\n  <rss version='2.0'>", "text/html", True),
        ("<!DOCTYPE rss [ <!ENTITY a '>'> ] ><rss>", "", True),
        ('<atom:feed xmlns:atom="http://www.w3.org/2005/Atom">', "", True),
        ('<rdf:RDF xmlns="http://my.netscape.com/rdf/simple/0.9/">', "", True),
        ("<feed>", "application/atom+xml", True),
        ("<feed>", "application/xml", False),
        ('<rdf:RDF xmlns:foaf="http://xmlns.com/foaf/0.1/">', "application/rdf+xml", False),
        (HTML, "application/rss+xml", False),
        (XHTML, "application/xhtml+xml", False),
        ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">', "text/xml", False),
        ("<sitemapindex>", "text/xml", False),
        ("<rssfeed>", "", False),
        ("<opml><body/></opml>", "text/xml", False),
        ("<!-- <rss> --><html>", "", False),
        ("<!-- <rss>", "", False),
        ("<!DOCTYPE rss [", "", False),
        ("<?xml <rss>", "", False),
        ("Berita <b>pagi</b> <rss>", "text/plain", False),
        ('{"version": "https://jsonfeed.org/version/1"}', "application/json", False),
        ("", "application/rss+xml", False),
        ("%PDF-1.7", "", False),
    ],
)
def test_what_is_a_feed(text: str, kind: str, feed: bool) -> None:
    """A feed is told by its first element, whatever a server says it is."""
    assert looks_like_feed(text.encode(), kind) is feed


def test_what_is_no_feed_is_refused() -> None:
    """Something else that is read as a feed is refused by its name."""
    for data in (HTML.encode(), b"", b"\x00\xff" * 50, b"<" * 100):
        with pytest.raises(BadSource, match="F is not an RSS or Atom feed") as caught:
            read(data)
        assert caught.value.hint
