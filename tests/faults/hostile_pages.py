"""Hostile pages: markup without end, data that lies, and addresses that want to be called."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping

from tests.faults.hostile_bait import Bait

MOST_BYTES = 5_000_000  # of a page that is read
STORY = (
    "<h1>Jembatan baru diresmikan</h1><p>Wali kota meresmikan jembatan baru di atas sungai itu "
    "pada hari Senin, dan warga senang sekali karena jalan ke pasar kini lebih dekat.</p>"
    "<p>Jembatan itu dibangun selama dua tahun dengan biaya dari kas daerah, kata wali kota.</p>"
)

Bytes = Callable[[], bytes]


def page(body: str, *, head: str = "", html: str = "", before: str = "") -> bytes:
    """A page with this body and with these things in its head."""
    start = f'{before}<!DOCTYPE html><html {html}><head><meta charset="utf-8">{head}</head>'
    return f"{start}<body>{body}</body></html>".encode("utf-8", "surrogatepass")


def full(piece: str, times: int, *, after: str = "", head: str = "") -> Bytes:
    """A page that says one thing again and again, and then something else."""
    return lambda: page(piece * times + after, head=head)


def heading(head: str, *, html: str = "") -> Bytes:
    """A good story under a hostile head."""
    return lambda: page(STORY, head=head, html=html)


def data(script: str) -> Bytes:
    """A good story with this structured data."""
    return heading(f'<script type="application/ld+json">{script}</script>')


def article_data(**fields: object) -> Bytes:
    """Structured data of an article with these fields."""
    return data(json.dumps({"@type": "NewsArticle", **fields}))


def declared(charset: str, encoding: str) -> Bytes:
    """A page that names one encoding and is in another."""
    text = f'<html><head><meta charset="{charset}"></head><body>{STORY} “Ya”, é.</body></html>'
    return lambda: text.encode(encoding, "replace")


def raw(text: str | bytes) -> Bytes:
    """These bytes, and nothing around them."""
    return lambda: text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def many_attributes() -> bytes:
    """An element of 300,000 attributes, each of which a parser compares with the others."""
    return page(f"<p {' '.join(f'a{n}=b' for n in range(300_000))}>{STORY}")


def many_links() -> bytes:
    """100,000 links, each to another page and with words of its own."""
    return page("".join(f'<a href="/b/{n}">Berita nomor {n}</a>\n' for n in range(100_000)) + STORY)


def many_kinds() -> bytes:
    """60,000 elements, no two of the same name, class or id."""
    return page("".join(f'<x{n} class="c{n}" id="i{n}">a' for n in range(60_000)))


def nested_tables(depth: int) -> Bytes:
    """A table in a table in a table."""
    start, end = "<table><tr><td>", "</td></tr></table>"
    return lambda: page(start * depth + STORY + end * depth)


def laughs() -> bytes:
    """Ten entities, each ten times the one before: a billion words."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    text = f"<!DOCTYPE html [{''.join(lines)}]><html><body><p>&a9;</p>{STORY}</body></html>"
    return b"<?xml version='1.0'?>" + text.encode()


# What calls out ------------------------------------------------------------------------------


def entities(bait: Bait) -> bytes:
    """Entities that stand for a file of this machine, for an address and for each other."""
    types = (
        f'<!DOCTYPE html PUBLIC "-//a//b" "{bait.url}/dtd" [<!ENTITY f SYSTEM "file://{bait.secret}">'
        f'<!ENTITY u SYSTEM "{bait.url}/entity"><!ENTITY % p SYSTEM "{bait.url}/parameter"> %p;]>'
    )
    return f"<?xml version='1.0'?>{types}<html><body><p>&f;&u;</p>{STORY}</body></html>".encode()


def includes(bait: Bait) -> bytes:
    """XInclude and style sheets of XML, for a file and for an address."""
    included = "".join(
        f'<xi:include href="{target}" parse="text"/>'
        for target in (f"file://{bait.secret}", bait.secret, f"{bait.url}/include")
    )
    return (
        f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{bait.url}/xsl"?>'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:xi="http://www.w3.org/2001/XInclude">'
        f"<body>{included}{STORY}</body></html>"
    ).encode()


def calls(bait: Bait) -> bytes:
    """Everything that a browser would load as soon as it sees the page."""
    url = bait.url
    return page(
        f'<img src="{url}/img" srcset="{url}/srcset 2x"><iframe src="{url}/frame"></iframe>'
        f'<object data="{url}/object"></object><embed src="{url}/embed"><video src="{url}/video" '
        f'poster="{url}/poster"></video><audio src="{url}/audio"></audio><script src="{url}/js">'
        f'</script><svg><image href="{url}/svg"/><use href="{url}/use#a"/></svg>'
        f'<input type=image src="{url}/input"><table background="{url}/table"></table>'
        f'<div style="background:url({url}/css)">a</div><img src=x onerror="fetch(\'{url}/on\')">'
        f"<iframe src='file://{bait.secret}'></iframe>{STORY}",
        head=f'<link rel=stylesheet href="{url}/style"><link rel=preload href="{url}/load" as=font>'
        f'<link rel=canonical href="{url}/canonical"><link rel=amphtml href="{url}/amp">'
        f'<link rel=alternate type="application/rss+xml" href="{url}/feed"><style>@import '
        f'"{url}/import";</style><script>fetch("{url}/fetch")</script>'
        f'<meta property="og:url" content="{url}/og"><meta property="og:image" content="{url}/i">',
        html=f'manifest="{url}/manifest"',
    )


def refresh(bait: Bait) -> bytes:
    """A page that sends its reader elsewhere, with a base that all its links start from."""
    return page(
        f'{STORY}<a href="next" rel=next>Selanjutnya</a><a href="?page=all">Semua halaman</a>',
        head=f'<base href="{bait.url}/base/">'
        f'<meta http-equiv="refresh" content="0;url={bait.url}/refresh">',
    )


def pointing_data(bait: Bait) -> bytes:
    """Structured data whose context, image, author and publisher are elsewhere."""
    told = {
        "@context": f"{bait.url}/context",
        "@type": "NewsArticle",
        "@id": f"file://{bait.secret}",
        "image": f"{bait.url}/image",
        "url": f"{bait.url}/url",
        "author": {"@id": f"{bait.url}/author"},
        "publisher": {"@type": "Organization", "logo": f"{bait.url}/logo"},
    }
    return data(json.dumps(told))()


CALLING_PAGES: Mapping[str, Callable[[Bait], bytes]] = {
    "page-entities.xhtml": entities,
    "page-includes.xhtml": includes,
    "page-calls.html": calls,
    "page-refresh.html": refresh,
    "page-pointing-data.html": pointing_data,
}
_FIELDS = "<meta property='article:published_time' content='{}'>"
PAGES: Mapping[str, Bytes] = {
    # Markup without end
    "page-deep.html": full("<div>", 200_000),
    "page-deep-inline.html": full("<b><i>", 150_000, after=STORY),
    "page-deep-spans.html": full("<span>a", 250_000),
    "page-deep-lists.html": full("<ul><li>a", 5_000, after=STORY),
    "page-angles.html": raw("<" * MOST_BYTES),
    "page-angles-spaced.html": raw("<html><body>" + "< " * 1_000_000),
    "page-closed.html": full("</p>", 1_000_000, after=STORY),
    "page-paragraphs.html": full("<p>", 1_000_000, after=STORY),
    "page-short-paragraphs.html": full("<p>a b", 310_000),
    "page-cells.html": full("<td>a", 310_000),
    "page-tables.html": nested_tables(150),
    "page-tables-deep.html": nested_tables(20_000),
    "page-options.html": full("<select><option>a", 200_000, after=STORY),
    "page-links.html": many_links,
    "page-links-open.html": full("<a href=/a>a", 300_000),
    "page-headings.html": full("<h1>Judul berita ini</h1>", 10_000, after=STORY),
    "page-kinds.html": many_kinds,
    "page-attributes.html": many_attributes,
    "page-attribute.html": lambda: page(f'<p title="{"a" * 4_500_000}">a</p>{STORY}'),
    "page-open-attribute.html": raw("<html><body><p title='" + "a <p>" * 900_000),
    "page-equals.html": raw("<html><body><p " + "= " * 2_000_000),
    "page-data-address.html": lambda: page(f'<img src="data:x;base64,{"A" * 4_500_000}">{STORY}'),
    "page-open-script.html": raw(f"<html><body>{STORY}<script>" + "x = 1; " * 600_000),
    "page-open-comment.html": raw(f"<html><body>{STORY}<!--" + "<!- -" * 900_000),
    "page-comments.html": raw("<!--" * 1_000_000 + STORY),
    "page-pis.html": raw("<?xml" * 900_000 + "<html>" + STORY),
    "page-open-title.html": raw("<html><head><title>" + "<b>a" * 1_000_000),
    "page-one-line.html": full("kata demi kata ", 140_000),
    "page-one-word.html": full("a", 4_900_000),
    "page-marks.html": full("\u0301\u0323", 100_000, after=STORY),
    "page-same-paragraph.html": full(STORY, 1_500),
    "page-too-large.html": raw("<html><body>" + STORY * 20_000),
    "page-svg.html": full("<svg><foreignObject><math>", 60_000, after=STORY),
    "page-templates.html": full("<template><noscript>", 100_000, after=STORY),
    "page-frames.html": raw("<html><frameset>" + "<frame>" * 300_000),
    # Bytes that lie
    "page-nul.html": full("<\0p>a\0 b", 20_000, after=STORY),
    "page-controls.html": full("\x1b[2J\x08\x7f\x85\u202e\ud800 kata ", 20_000, after=STORY),
    "page-lies-utf16.html": declared("utf-16", "utf-8"),
    "page-lies-latin.html": declared("utf-8", "cp1252"),
    "page-lies-idna.html": declared("idna", "cp1252"),
    "page-lies-hex.html": declared("unicode_escape", "cp1252"),
    "page-utf7.html": declared("utf-7", "utf-7"),
    "page-ebcdic.html": declared("cp037", "cp037"),
    "page-unknown-charset.html": declared("x" * 4_000, "cp1252"),
    "page-entity-numbers.html": full("&#0;&#xd800;&#99999999;&#x1b;&lt;p&gt;", 40_000, after=STORY),
    "page-open-entities.html": full("&" + "a" * 50, 60_000, after=STORY),
    "page-laughs.xhtml": laughs,
    "page-gzip.html": lambda: gzip.compress(page(STORY), mtime=0),
    "page-pdf.html": raw("%PDF-1.7\n<html><body>" + STORY),
    "page-empty.html": raw("   \n"),
    "page-random.html": raw(b"<html><body>" + bytes(range(256)) * 4_000),
    # What is told of the article
    "page-script-only.html": lambda: page(
        '<div id="root"></div><script>window.a={}</script>', head="<title>Berita</title>"
    ),
    "page-data-broken.html": data(
        '{"@type":"NewsArticle","headline":"a", "b":[1,,{]' + "{" * 9_000
    ),
    "page-data-deep.html": data('{"@graph":[' * 100_000),
    "page-data-deep-lists.html": data("[" * 500_000 + "]" * 500_000),
    "page-data-quotes.html": data('"\\' * 700_000),
    "page-data-commas.html": data('{"a":"' + "," * 1_000_000 + "\n" * 900_000 + "}"),
    "page-data-many.html": data(
        json.dumps([{"@type": "NewsArticle", "headline": "Judul"}] * 50_000)
    ),
    "page-data-numbers.html": data('{"@type":"NewsArticle","datePublished":' + "9" * 50_000 + "}"),
    "page-data-huge-date.html": article_data(datePublished=1e308, dateModified=-1e308),
    "page-data-no-number.html": data('{"@type":"Article","datePublished":NaN,"headline":Infinity}'),
    "page-data-odd-dates.html": article_data(
        datePublished=["0000-00-00", {"@value": "99999-13-45T99:99:99+99:99"}], dateModified={}
    ),
    "page-data-kinds.html": article_data(headline=[[[[]]]], author={"name": {"name": [1]}}),
    "page-data-scripts.html": heading('<script type="application/ld+json">{</script>' * 15_000),
    "page-dates.html": heading("".join(map(_FIELDS.format, ("1e308", "-1", "9" * 99_999)))),
    "page-times.html": full("<time datetime='2024-02-31T25:61:61+25:00'>a</time>", 15_000),
    "page-metas.html": heading('<meta property="og:title" content="Judul">' * 100_000),
    "page-title.html": heading(f"<title>{'Judul ' * 600_000}</title>"),
    "page-language.html": heading("", html=f'lang="{"x-" * 500_000}"'),
    "page-canonical.html": heading(
        '<link rel="canonical" href="javascript:alert(1)//[::1">' * 9_000
    ),
    "page-authors.html": heading('<meta name="author" content="A; B, dan C and D">' * 12_000),
}
