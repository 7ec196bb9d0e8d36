"""The words and marks by which pages without an article give themselves away.

English and Indonesian; the phrases of browsers, servers and common software, no outlet's own.
"""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE | re.DOTALL)


# A whole title or heading of an error page; `code` where it names the status.
_OOPS = r"(?:(?:oops\w*|maaf|sorry|ups)\W+)?"
_STATUS = r"(?:(?:error|kesalahan|http)\W*)?(?P<code>40[0134]|410|429|451|50[0234])\b"
_REASON = (
    r"(?:error|not found|page not found|halaman tidak ditemukan|forbidden|unauthorized|gone"
    r"|internal server error|bad gateway|service unavailable|gateway time-?out|too many requests"
    r"|oops\w*)"
)
ERROR = _any(
    rf"\W*{_STATUS}(?:\W+{_REASON})?\W*",
    rf"\W*{_OOPS}(?:the )?page (?:you.{{0,40}} )?(?:(?:was|is|could|can) ?not )?(?:be )?"
    r"(?:not )?found\W*",
    rf"\W*{_OOPS}(?:not found|page (?:does not|doesn.t) exist)\W*",
    r"\W*(?:this )?page (?:isn.t|is not|is no longer) available\W*",
    rf"\W*{_OOPS}(?:we )?(?:can.t|cannot|couldn.t) find (?:the|that|this) page.*",
    rf"\W*{_OOPS}halaman (?:yang \w+ (?:\w+ )?)?(?:tidak|tak|tdk) (?:dapat )?"
    r"(?:ditemukan|tersedia|ada)\b.{0,60}",
    rf"\W*{_OOPS}(?:artikel|berita|konten) (?:yang \w+ (?:\w+ )?)?(?:tidak|tak)"
    r" (?:ditemukan|tersedia)\W*",
    rf"\W*{_OOPS}(?:artikel|berita|halaman|konten) (?:ini )?(?:sudah |telah )?dihapus\W*",
    r"\W*(?:situs|website|laman|web) (?:ini |kami )?(?:sedang )?(?:dalam )?"
    r"(?:perbaikan|pemeliharaan|maintenance)\W*",
    r"\W*(?:(?:this |our )?(?:web)?site )?(?:is )?(?:currently )?(?:down for|under) maintenance\W*",
    r"\W*(?:access denied|forbidden|service unavailable|bad gateway|internal server error)\W*",
)
# A sentence that says so below a heading that does not: "Oops!".
ERROR_TEXT = _any(
    r"(?:artikel|berita|halaman|konten) yang (?:anda|kamu) (?:cari|tuju|minta)"
    r" (?:tidak|tak|sudah|telah) (?:ditemukan|tersedia|ada|dihapus)\b",
    r"(?:sorry\W+)?the (?:page|article|story) you(?:(?: are| were|.re) looking for| requested)\b"
    r".{0,20}\b(?:not (?:be )?found|moved|deleted|removed|exist|available)\b",
)
CODES = {
    "400": "Bad Request", "401": "Unauthorized", "403": "Forbidden", "404": "Not Found",
    "410": "Gone", "429": "Too Many Requests", "451": "Unavailable",
    "500": "Internal Server Error", "502": "Bad Gateway", "503": "Service Unavailable",
    "504": "Gateway Timeout",
}  # fmt: skip
CODES_BY_WORDS = (
    (_any("denied|forbidden"), "403"),
    (_any("service unavailable"), "503"),
    (_any("gateway"), "502"),
    (_any("server error"), "500"),
    (_any("maintenance|perbaikan|pemeliharaan"), "503"),
)

# A page that wants to see a person.
HUMAN_TITLE = _any(
    r"just a moment|attention required|checking your browser|ddos.guard|one more step",
    r"are you a (?:robot|human)|verify(?:ing)? (?:that )?you are (?:a )?human|human verification",
    r"robot check|security check|pardon our interruption|please wait\.\.\.|unusual traffic",
    r"captcha|bot verification|tunggu sebentar|mohon tunggu",
    r"verifikasi (?:bahwa )?(?:anda|keamanan|manusia)",
)
HUMAN_TEXT = _any(
    r"(?:verify|confirm|prove)(?:ing)? (?:that )?you(?:.re| are) (?:not a (?:ro)?bot|(?:a )?human)",
    r"checking (?:if the site|your browser)|enable javascript and cookies to continue",
    r"unusual (?:traffic|activity) from your|i.m not a robot|press (?:&|and) hold",
    r"complete the (?:captcha|security check)|solve (?:the|this) captcha|saya bukan robot",
    r"needs to review the security of your connection|performing security verification",
    r"(?:buktikan|verifikasi) (?:bahwa )?anda (?:bukan robot|manusia)",
)
HUMAN_MARKUP = _any(
    r"cf-challenge|challenge-platform|cf_chl|cf-turnstile|g-recaptcha|h-captcha|px-captcha",
    r"captcha-delivery|_incapsula_resource|awswafcookie|ak-challenge|ddos-guard",
)

# A page whose text a script would fetch.
SCRIPT_NOTICE = _any(
    r"(?:enable|turn on|activate|requires?|needs?|without|supports?)\W.{0,60}javascript",
    r"(?:aktifkan|mengaktifkan|membutuhkan|memerlukan|nyalakan)\W.{0,60}javascript",
    r"javascript\W.{0,60}(?:disabled|required|enabled?|not (?:enabled|supported))",
    r"javascript\W.{0,60}(?:aktif|dinonaktifkan|diperlukan|dimatikan)",
)
APP_IDS = frozenset(
    {"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "main-app", "react-root",
     "app-root", "q-app"}
)  # fmt: skip

# A text that goes on for those who pay.
PAY = _any(
    r"(?:subscribe|sign up|log ?in|sign in|register)\b.{0,40}\b(?:to|and)"
    r" (?:continue|keep|read|unlock|access)",
    r"(?:this|the) (?:article|story|content) is (?:for|only|exclusively|reserved|available)"
    r".{0,40}(?:subscribers?|members?)",
    r"(?:for )?subscribers? only|already a (?:subscriber|member)|continue reading with",
    r"to read the (?:full|rest)|unlock (?:this|the) (?:article|story)|start your (?:free )?trial",
    r"(?:have|'ve) reached your (?:free )?(?:article )?limit",
    r"(?:ber)?langganan (?:untuk|agar|sekarang|dan)|sudah berlangganan",
    r"khusus (?:pelanggan|pembaca berbayar|member|anggota)|konten (?:premium|berbayar)",
    r"(?:masuk|daftar|login)\b.{0,30}\buntuk (?:melanjutkan|membaca|terus)",
    r"untuk (?:melanjutkan|terus) membaca|baca (?:\w+ ){0,4}dengan berlangganan",
)
PAY_MARKUP = _any(
    r"paywall|piano-|tp-modal|subscriber-only|premium-(?:content|wall)|metered|regwall"
)
LEFT_OPEN = re.compile(r"(?:…|\.\.\.)[\"'”’»)\]\s]*$")
CUT_OFF = re.compile(r"(?:…|\.\.\.|\w)[\"'”’»)\]\s]*$")

# A page that asks to agree to cookies first.
CONSENT_TITLE = _any(
    r"\W*before you continue\b.*",
    r"\W*sebelum (?:anda )?melanjutkan\b.*",
    r"\W*.{0,40}\b(?:cookies?|kuki|privacy|privasi|consent)\b.{0,40}",
)
CONSENT_BUTTON = _any(
    r"\W*(?:accept|agree|terima|setujui?)(?: (?:all|and|to|semua|&)\b.{0,30})?\W*"
)
CONSENT_TEXT = _any(r"\b(?:cookies?|kuki|accept all|terima semua|consent|persetujuan)\b")

# A page that is about many articles, or about none.
LIST_TITLE = re.compile(
    r"\W*(?:search results?|hasil (?:pencarian|penelusuran)|indeks?\b|(?:tag|topik|kategori"
    r"|category|author)\s*:|archives?\b|arsip\b|berita terkini|latest news|kumpulan berita)",
    re.IGNORECASE,
)
LOGIN_TITLE = re.compile(
    r"\W*(?:log ?in|sign ?(?:in|up)|register|create (?:an )?account|masuk|daftar|buat akun)\b",
    re.IGNORECASE,
)
