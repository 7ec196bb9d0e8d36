"""Pages that hold no article: each is refused for what it is, and no article is refused."""

from __future__ import annotations

import pytest

from rag.errors import BadSource
from rag.ingest.page import read_page

PARAGRAPHS = (
    (
        "Kapal nelayan Sinar Laut tenggelam di perairan Teluk Sabang pada Minggu malam setelah"
        " dihantam ombak setinggi empat meter."
    ),
    "Sebelas awak kapal itu selamat karena ditolong kapal barang yang melintas dua jam kemudian.",
    '"Kami berpegangan pada drum," kata nakhoda Zulkifli.',
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
HEADLINES = (
    "Harga Cabai di Pasar Induk Turun Setelah Panen",
    "Timnas Menang Tipis dalam Laga Uji Coba di Solo",
    "Jalan Tol Baru Dibuka untuk Umum Mulai Senin Besok",
    "Peneliti Temukan Spesies Katak Baru di Gunung Leuser",
    "Ribuan Warga Padati Festival Lampion di Kota Lama",
    "Bank Sentral Pertahankan Suku Bunga Acuan Bulan Ini",
    "Sekolah di Pulau Terluar Dapat Sambungan Internet",
    "Kereta Malam Kembali Melayani Rute Jalur Selatan",
)
TEASER = "Keputusan itu diambil setelah rapat panjang yang dihadiri semua kepala daerah."


def page(body: str, *, title: str = "Kapal Nelayan Tenggelam", head: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    ).encode()


def refusal(data: bytes, url: str | None = None) -> BadSource:
    with pytest.raises(BadSource) as caught:
        read_page(data, name="x.html", url=url)
    return caught.value


# Refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        page('<noscript>You need to enable JavaScript to run this app.</noscript>'
             '<div id="root"></div>'
             '<script src="/static/main.js"></script>', title="Kabar"),
        page('<div id="__next"></div><script src="a.js"></script>', title="Kabar"),
        page("<p>Situs ini membutuhkan JavaScript. Aktifkan JavaScript di peramban Anda.</p>"
             "<script>x()</script>"),
        page("<h1>Kabar</h1><p>Please turn on JavaScript in your browser to read this.</p>"),
    ],
)  # fmt: skip
def test_an_empty_shell_needs_javascript(data: bytes) -> None:
    """A page whose text a script would fetch is told as such, with what to do."""
    error = refusal(data)
    assert error.message == "x.html needs JavaScript to show its text"
    assert "browser" in error.hint


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (page("<h1>404</h1><p>Halaman yang Anda cari tidak ditemukan.</p>"), "404 Not Found"),
        (page("<h1>Oops!</h1><p>We could not find that.</p>", title="Page not found - Kabar"),
         "404 Not Found"),
        (page("<h1>Halaman Tidak Ditemukan</h1>", title="Kabar"), "404 Not Found"),
        (page("<center><h1>403 Forbidden</h1></center><hr>nginx", title="403 Forbidden"),
         "403 Forbidden"),
        (page("<center><h1>502 Bad Gateway</h1></center>", title="502 Bad Gateway"),
         "502 Bad Gateway"),
        (page("<h1>404 - Page Not Found</h1><p>Sorry.</p><h2>Latest news</h2>"
              + "".join(f'<div class=c><h3><a href=/{n}>{h}</a></h3><p>{TEASER}</p></div>'
                        for n, h in enumerate(HEADLINES)), title="404 | Kabar"), "404 Not Found"),
    ],
)  # fmt: skip
def test_an_error_page_is_told_with_its_status(data: bytes, code: str) -> None:
    """An error that was sent as an ordinary page is not an article."""
    assert refusal(data).message == f"x.html is an error page ({code})"


@pytest.mark.parametrize(
    "data",
    [
        page('<h1>kabar.id</h1><p>Verifying you are human. This may take a few seconds.</p>'
             '<p>kabar.id needs to review the security of your connection before proceeding.</p>'
             '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate.js"></script>'
             "<noscript>Enable JavaScript and cookies to continue</noscript>",
             title="Just a moment..."),
        page('<form id="challenge"><h1>Apakah Anda manusia?</h1><p>Buktikan Anda bukan robot.</p>'
             '<div class="g-recaptcha"></div></form>', title="Verifikasi keamanan"),
        page("<p>We've detected unusual activity from your computer network. To continue, please"
             " click the box below to let us know you're not a robot.</p>",
             title="Kabar - Are you a robot?"),
    ],
)  # fmt: skip
def test_a_test_for_robots_is_told(data: bytes) -> None:
    """An interstitial that keeps programs out is no JavaScript page and no error."""
    assert refusal(data).message == "x.html asks to prove you are human"


LOCKED = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Kapal",%s}</script>'


@pytest.mark.parametrize(
    "data",
    [
        page(f"<h1>Kapal</h1><p>{PARAGRAPHS[0]}</p><div class='promo'>Berlangganan untuk membaca"
             " artikel ini.</div>", head=LOCKED % '"isAccessibleForFree":false'),
        page(f"<h1>Kapal</h1><p>{PARAGRAPHS[0][:-9]}…</p>",
             head=LOCKED % '"isAccessibleForFree":"False"'),
        page(f"<h1>Kapal</h1><p>{PARAGRAPHS[0]}</p><div class='paywall-prompt'><p>Already a"
             " subscriber? Log in to continue reading.</p></div>"),
        page(f"<h1>Kapal</h1>{BODY}",
             head=LOCKED % '"isAccessibleForFree":false,"wordCount":640'),
    ],
)  # fmt: skip
def test_the_beginning_of_a_paid_article_is_refused(data: bytes) -> None:
    """A text that stops short at a paywall would be quoted as if it were the article."""
    error = refusal(data)
    assert error.message == (
        "x.html needs a subscription: only the beginning of the article is in it"
    )
    assert "subscribe" in error.hint


def cards(*, teasers: bool) -> str:
    teaser = f"<p>{TEASER}</p>" if teasers else ""
    return "".join(
        f'<div class="item"><a href="/{n}"><img src="{n}.jpg"></a>'
        f'<h2><a href="/berita/{n}">{headline}</a></h2>{teaser}</div>'
        for n, headline in enumerate(HEADLINES)
    )


@pytest.mark.parametrize(
    ("data", "url"),
    [
        (page(cards(teasers=False), title="Kabar - Berita Terkini"), "https://kabar.id/"),
        (page(cards(teasers=True), title="Kabar - Berita Terkini"), "https://kabar.id"),
        (page(cards(teasers=True), title="Ekonomi - Kabar"), "https://kabar.id/ekonomi"),
        (page("<h1>Hasil Pencarian: cabai</h1>" + cards(teasers=True)), None),
        (page("".join(f'<h3><a href="/{n}">{h}</a></h3><p>{TEASER}</p>'
                      for n, h in enumerate(HEADLINES)), title="Nusantara"), None),
        (page(cards(teasers=True), head='<meta property="og:type" content="article">'), None),
        (page("".join(f'<li><a href="/{n}">{h}. {TEASER}</a></li>'
                      for n, h in enumerate(HEADLINES)), title="Indeks"), None),
    ],
)  # fmt: skip
def test_a_list_of_headlines_is_no_article(data: bytes, url: str | None) -> None:
    """A front page, a section and search results are refused, teasers or not."""
    assert refusal(data, url).message == (
        "x.html is not an article: it is a list of headlines"
        " (a front page, a section or search results)"
    )


def test_the_feed_of_a_front_page_is_named() -> None:
    """A reader who adds a front page is told which feed holds its articles."""
    feed = (
        '<link rel="alternate" type="application/rss+xml" title="Komentar" href="/comments/feed">'
        '<link rel="alternate" type="application/rss+xml" title="Kabar" href="/rss/semua.xml">'
    )
    error = refusal(page(cards(teasers=True), head=feed), "https://kabar.id/")
    assert error.hint == "Add its feed instead: https://kabar.id/rss/semua.xml"


def test_a_page_to_log_in_is_no_article() -> None:
    """A form that asks for a password is told as what it is."""
    form = '<h1>Masuk</h1><form><input name="u"><input type="password" name="p"></form>'
    assert refusal(page(form + "<p>Belum punya akun?</p>", title="Masuk")).message == (
        "x.html is not an article: it is a page to log in"
    )


@pytest.mark.parametrize(
    "data",
    [
        page("<h1>Foto: Panen</h1>" + '<figure><img src="a.jpg"></figure>' * 9, title="Foto"),
        page('<h1>Video</h1><video src="a.mp4">Peramban Anda tidak mendukung.</video>'),
        page("<div><img src=a></div>"),
    ],
)
def test_pictures_without_text_are_no_article(data: bytes) -> None:
    """A gallery or a film has nothing to quote."""
    assert refusal(data).message.startswith("x.html is not an article: it holds no")


# Not refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        page(f"<h1>Kapal</h1>{BODY}"),
        page(f"<h1>Kapal</h1>{BODY}" + cards(teasers=True)),
        page(f"<h1>Kapal</h1>{BODY}<aside>{cards(teasers=True)}</aside>", title="Just Kapal"),
        page(f"<h1>Kapal</h1>{BODY}", head=LOCKED % '"isAccessibleForFree":false'),
        page(f"<h1>Kapal</h1>{BODY}<p>Sudah berlangganan? Masuk.</p>"),
        page("<noscript>Please enable JavaScript.</noscript>"
             f"<div id=root><h1>Kapal</h1>{BODY}</div>"
             "<script src=a.js></script>"),
        page(f"<h1>404 Not Found, Grup Musik Baru dari Medan</h1>{BODY}", title="404 Not Found"
             ", Grup Musik Baru dari Medan"),
        page(f"<h1>Kapal</h1>{BODY}<form><input type=password></form>"),
        page(f"<h1>Robot Check</h1>{BODY}", title="Robot Check Jadi Film Terlaris"),
        page(f"<h1>Kapal</h1>{PARAGRAPHS[0]}<br><br>{PARAGRAPHS[1]}"),
        page("<h1>Kapal</h1>" + "".join(
            f'<p>{p}</p><p><a href="/{n}">{h}</a></p>'
            for n, (p, h) in enumerate(zip(PARAGRAPHS * 3, HEADLINES, strict=False)))),
    ],
)  # fmt: skip
def test_an_article_is_not_refused(data: bytes) -> None:
    """Three paragraphs are an article, whatever stands around them or is said of them."""
    text = read_page(data, name="x.html").text
    assert all(paragraph in text for paragraph in PARAGRAPHS[:2])


def test_a_text_in_the_page_s_data_is_read() -> None:
    """An article that only the page's data holds is there without JavaScript."""
    body = "\\n\\n".join(PARAGRAPHS).replace('"', '\\"')
    head = LOCKED % f'"datePublished":"2021-02-03","articleBody":"{body}"'
    document = read_page(
        page('<div id="app"></div><script src="a.js"></script>', head=head), name="x"
    )
    assert document.text == "\n\n".join(("Kapal", *PARAGRAPHS))


@pytest.mark.parametrize(
    "page",
    [
        "<title>Artikel dihapus</title><h1>Oops!</h1><p>Artikel yang Anda cari tidak tersedia.</p>",
        "<title>Situs dalam perbaikan</title><h1>Kami segera kembali</h1><p>Silakan tunggu.</p>",
        "<title>Star</title><h1>Sorry, we can't find that page</h1><p>It may have moved.</p>",
    ],
)
def test_a_page_that_says_it_is_gone_is_an_error_page(page: str) -> None:
    """A page that says in words that its article is not there is refused as an error."""
    with pytest.raises(BadSource, match="is an error page"):
        read_page(page.encode(), name="gone.html")


def test_the_clock_of_a_site_is_no_line_of_the_article() -> None:
    """A date above the headline, outside the article's part, is left out of the text."""
    clock = "Sabtu, 21 November 2026"
    page = f"<body><div>{clock}</div><h1>Kapal Tenggelam di Sabang</h1><div>{BODY}</div></body>"
    read = read_page(page.encode(), name="a.html")
    assert clock not in read.text
    assert clock in read.removed
