"""The words by which pages name their parts, and those that stand around articles.

General words of page templates and of newspapers, in English and Indonesian; no outlet's own.
"""

from __future__ import annotations

import re


def _names(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _phrase(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


# Tags ----------------------------------------------------------------------------------------

BLOCK_TAGS = _names(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt",
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main",
    "menu nav ol p pre search section summary table tbody td tfoot th thead tr ul",
)
# Not embed, source and track: they have no end tag, which libxml2 does not know, so that what
# follows them is found inside.
SKIPPED_TAGS = _names(
    "area audio base canvas datalist frame frameset head iframe input link map meta noframes",
    "noscript object optgroup option param progress rp script select style svg template",
    "textarea title video",
)
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
NAVIGATION_TAGS = _names("nav aside footer menu button search dialog")
NAVIGATION_ROLES = _names("navigation complementary contentinfo search banner menu")

# The words of class names and ids: "baca-juga", "relatedPosts", "entry__comments" --------------

NAVIGATION_NAMES = _names(
    "ad ads advert advertisement advertising adslot adsense bacajuga breadcrumb breadcrumbs cookie",
    "cookies consent footer gdpr iklan mgid mostread menu nav navbar navigation newsletter",
    "outbrain pagination paging pagenav popup popular populer promo promoted readalso readmore",
    "recirc recirculation recommend recommendation recommendations recommended related rekomendasi",
    "share sharebar sharer sharing sidebar sidenav social socials sosmed sponsor sponsored",
    "subscribe subscription taboola taglist tags terkait terkini terpopuler toolbar topnav",
    "trending upnext signup optin cta donate donation membership inbox",
)
NAVIGATION_PAIRS = frozenset(
    {
        "also read", "artikel lain", "baca juga", "berita lain", "lihat juga", "list tag",
        "more from", "more news", "more stories", "most popular", "most read", "next article",
        "post navigation", "prev next", "read also", "read more", "see also", "tag list",
    }
)  # fmt: skip
COMMENT_NAMES = _names("comment comments komentar disqus fbcomments livefyre")
COMMENT_STATES = frozenset(
    f"{a} {b}"
    for a, b in (
        *((noun, state) for noun in ("comment", "comments")
          for state in ("open", "closed", "enabled", "disabled", "on", "off", "status")),
        ("has", "comments"), ("with", "comments"), ("no", "comments"), ("allow", "comments"),
    )
)  # fmt: skip
CAPTION_NAMES = _names("caption figcaption photocaption imagecaption keterangan")
CREDIT_NAMES = _names(
    "author authors writer writers byline bylines penulis reporter editor redaktur wartawan",
    "jurnalis kontributor date dateline datetime published pubdate publish timestamp tanggal waktu",
    "time credit credits kredit",
)
STANDFIRST_NAMES = _names(
    "standfirst lead lede dek deck subtitle subtitel subheadline subjudul subhead summary excerpt",
    "sapo ringkasan",
)
UNSEEN_NAMES = _names(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only sr-text",
    "u-visually-hidden element-invisible a11y-hidden",
)

# Lines around an article ---------------------------------------------------------------------

# What opens a pointer to another article, inside the text.
READ_ALSO = re.compile(
    r"[\W_]*(?:"
    + _phrase(
        r"(?:baca|lihat|simak|tonton|dengarkan) (?:juga|pula|selengkapnya|artikel)",
        r"(?:simak|tonton|saksikan|lihat) (?:video|foto|infografis|berita)",
        r"(?:artikel|berita|topik|konten) (?:terkait|lainnya|pilihan|menarik)",
        r"pilihan (?:editor|redaksi)",
        r"(?:read|see|watch|listen) (?:also|more|next|now)",
        r"also read|more on this",
        r"(?:related|recommended)(?: (?:articles?|stor(?:y|ies)|posts?|news|topics?|coverage))?"
        r"\s*(?::|$)",
    ).pattern
    + r")",
    re.IGNORECASE,
)
# A line that heads links to other articles, or comments.
OTHERS = re.compile(
    r"\W*(?:"
    + _phrase(
        r"(?:berita|artikel|konten|topik|video|wawancara|kabar) (?:terkait|lain(?:nya)?|populer"
        r"|terpopuler|pilihan|rekomendasi|terkini|terbaru)",
        r"baca juga|lihat juga|simak juga|terpopuler|terkini|terbaru|rekomendasi(?: untuk anda)?",
        r"pilihan (?:editor|redaksi)|komentar|comments?|tags?|topik|bagikan|share(?: this)?",
        r"related(?: \w+)?|(?:read|watch) (?:more|next)|more (?:from|on|in|stories|news)\b.{0,40}",
        r"most (?:read|popular|viewed)|you (?:may|might) (?:also )?like|trending(?: .{0,30})?",
        r"recommended(?: \w+){0,2}|(?:latest|top)(?: (?:news|stories|articles))?|up next",
        r"around the web|leave a (?:reply|comment)|tinggalkan (?:balasan|komentar)",
    ).pattern
    + r")\W*",
    re.IGNORECASE,
)
# A line that is a button, a counter, an advertisement's mark or a notice of rights.
WIDGET = re.compile(
    r"\W*(?:"
    + _phrase(
        r"advertisement|iklan|scroll to continue.*|gulir untuk.*|share(?: this.*)?|bagikan.*",
        r"print|cetak|facebook|twitter|whatsapp|telegram|line|e-?mail|x|tweet|pinterest|linkedin",
        r"copy link|salin tautan|a a a.*|ukuran font.*|simpan|save|komentar|loading.*|memuat.*",
        r"follow us.*|ikuti kami.*|continue reading.{0,40}|lanjutkan membaca.{0,40}",
        r"\[?gambas:.*|(?:hak cipta|copyright|©).*|.{0,80}all rights? reserved.*",
        r"[\d.,]+ ?(?:rb|k|jt)?\+? ?(?:kali )?(?:dibaca|dilihat|views?|shares?|komentar|comments?)",
        r"(?:waktu baca:? )?\d+ ?(?:min(?:ute)?s?(?: read)?|menit(?: baca)?)",
    ).pattern
    + r")\W*",
    re.IGNORECASE,
)
# What opens a line of credits.
CREDITED = re.compile(
    r"(?:oleh|penulis|editor|redaktur|reporter|pewarta|wartawan|jurnalis|kontributor|penyunting"
    r"|laporan|tim redaksi|sumber|source|foto|photo|video|infografis|ilustrasi|dok|author"
    r"|written by|reported by|edited by|reporting by|editing by|writing by|additional reporting"
    r"|compiled by|translated by|penerjemah|publisher)\b.{0,12}:"
    r"|(?:by|oleh|(?:words|photographs?|pictures) by) (?-i:[A-Z])"
    r"|(?:diposting|ditulis|disunting) oleh\b|posted by\b"
    r"|(?:reporting|editing|writing|written|edited|additional reporting) by\b"
    r"|(?:first |last )?(?:published|updated|posted|diterbitkan|diperbarui|tayang"
    r"|dipublikasikan)\b",
    re.IGNORECASE,
)
# The initials of who wrote and who edited it, which end a report: "(fjr/mei)".
INITIALS = re.compile(r"[(\[][a-z]{2,5}(?:[/\-][a-z]{2,5}){0,3}[)\]]", re.IGNORECASE)
_MONTHS = r"jan|feb|mar|apr|mei|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec"
DATED = re.compile(
    rf"\b\d{{1,2}} (?:{_MONTHS})[a-z]*\.? \d{{4}}\b|\b(?:{_MONTHS})[a-z]*\.? \d{{1,2}}, \d{{4}}\b"
    r"|\b\d{1,2}[/-]\d{1,2}[/-]\d{4}\b|\b\d{4}-\d\d-\d\d\b",
    re.IGNORECASE,
)
