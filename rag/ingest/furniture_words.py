"""Words of page furniture, by what they are for, and the words that credits begin with.

General vocabulary of news sites in Indonesian and English; the name of no outlet is among
them. One feature among many of `lines.py`: no phrase alone makes a line furniture.
"""

from __future__ import annotations

import re


def _phrases(*lines: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in lines for phrase in line.split(",") if phrase.strip())


PHRASES: dict[str, tuple[str, ...]] = {
    "navigation": _phrases(
        "home, homepage, beranda, menu, main menu, navigasi, navigation, search, cari",
        "pencarian, cari berita, search for, indeks, indeks berita, kanal, rubrik",
        "semua kanal, skip to content, skip to main content, skip to navigation, skip, masuk",
        "login, log in, sign in, log out, logout, keluar, daftar, register, registrasi",
        "create account, buat akun, akun, my account, account, akun saya, profil, profile",
        "bahasa, language, edisi, edition, editions, dark mode, mode gelap, light mode",
        "back to top, kembali ke atas, ke atas, top, back, kembali, close, tutup",
        "toggle navigation, open menu, close menu, sections, all sections, settings",
        "pengaturan, notifikasi, notifications, e-paper, epaper, my feed, my news, switch to",
        "jump to, breadcrumb, buka menu, show search, network, jaringan",
    ),
    "section": _phrases(
        "nasional, internasional, mancanegara, dunia, world, business, bisnis, ekonomi",
        "economy, keuangan, finance, money, market, markets, pasar, olahraga, sport, sports",
        "bola, sepakbola, football, soccer, cricket, rugby, tennis, raket, otomotif, oto",
        "autos, automotive, teknologi, tekno, tech, technology, sains, science, lifestyle",
        "life, gaya hidup, kesehatan, health, hiburan, entertainment, seleb, selebritas",
        "selebriti, celebrity, showbiz, travel, wisata, kuliner, food, properti, property",
        "edukasi, education, pendidikan, opini, opinion, kolom, kolumnis, columnists",
        "columns, editorial, tajuk, video, videos, foto, photos, photo, galeri, gallery",
        "infografis, infographics, grafis, podcast, podcasts, live, live tv, tv, radio",
        "regional, daerah, nusantara, metro, metropolitan, megapolitan, jabodetabek, politik",
        "politics, hukum, kriminal, peristiwa, crime, arts, culture, budaya, weather, cuaca",
        "games, horoscope, zodiak, obituaries, classifieds, jobs, real estate, magazine",
        "majalah, news, berita, berita utama, local, local news, nation, national",
        "international, africa, asia, europe, middle east, americas, us, uk, environment",
        "lingkungan, climate, iklim, khazanah, religi, islam, kolom pembaca, surat pembaca",
        "letters, community, komunitas, events, agenda, data, fokus, focus, features",
        "feature, analisis, analysis, in depth, investigations, investigasi, wawancara",
        "humaniora, sosok, profil tokoh, style, fashion, beauty, parenting, kids, women",
        "perempuan, gadget, internet, startup, fintech, energi, energy, industri, industry",
        "perbankan, banking, saham, stocks, komoditas, commodities, crypto, kripto",
        "liga inggris, motogp, bulutangkis, basket, nba, nfl, premier league, olympics",
        "fact check, cek fakta, advertorial, pariwara, english, indonesia, esports, books",
        "movies, music, film, musik, puzzles, crosswords, recipes, resep, pilkada, pemilu",
        "elections, election",
    ),
    "share": _phrases(
        "bagikan, bagikan artikel, bagikan berita, bagikan ke, sebarkan, share, shares",
        "share this, share this article, share on, share via, share to, facebook, twitter, x",
        "whatsapp, wa, telegram, instagram, tiktok, youtube, linkedin, pinterest, line",
        "email, e-mail, mail, copy link, copy url, copied, link copied, salin tautan",
        "salin link, salin, tautan, print, cetak, tweet, threads, flipboard, reddit",
        "messenger, bluesky, save, saved, simpan, save article, bookmark, bookmarks, send",
        "kirim, more options, gift, listen, dengarkan, rss, share article",
        "share full article, view on, kirim ke teman, email this article",
    ),
    "related": _phrases(
        "baca juga, baca pula, baca lainnya, baca selengkapnya, baca selanjutnya, baca lagi",
        "berita terkait, artikel terkait, terkait, berita lainnya, artikel lainnya",
        "berita lain, lihat juga, simak juga, simak pula, tonton juga, dengarkan juga",
        "read more, read next, read also, also read, read full story, read the full story",
        "related, related news, related articles, related stories, related story",
        "related content, related posts, see also, more on this story, more on this",
        "you may also like, you might also like, you may like, recommended",
        "recommended for you, recommended stories, rekomendasi, rekomendasi untuk anda",
        "untuk anda, untukmu, for you, don't miss, jangan lewatkan, up next, more from",
        "more stories, more news, more in, in case you missed it, also in, keep reading",
        "selengkapnya, lihat semua, lihat selengkapnya, lihat lainnya, see all, see more",
        "view all, view more, show more, load more, muat lagi, muat lainnya",
        "tampilkan lebih banyak, next article, previous article, next, previous, prev",
        "berikutnya, selanjutnya, sebelumnya, halaman, page, artikel pilihan",
        "berita menarik lainnya, berita sebelumnya, berita selanjutnya, around the web",
        "from the web, top picks, what to read next, what to watch, continue reading",
        "learn more, more coverage, related coverage, explore more, discover more",
        "berita serupa",
    ),
    "popular": _phrases(
        "terpopuler, populer, berita populer, terkini, berita terkini, terbaru",
        "berita terbaru, most read, most popular, most viewed, most shared, most commented",
        "most watched, trending, trending now, trending topics, tren, headline, headlines",
        "top stories, top news, top story, latest, latest news, latest stories",
        "breaking news, breaking, berita hari ini, pilihan, pilihan editor, pilihan redaksi",
        "editor's pick, editor's picks, editors' picks, sorotan, sorot, hot topics, hot",
        "hot news, viral, terhangat, topik hangat, topik populer, paling banyak dibaca",
        "paling dicari, sering dibaca, banyak dibaca, terfavorit, berita foto, popular",
        "popular now, just in, live updates, latest videos, video terkini, video terbaru",
        "featured, featured stories, spotlight, must read, must reads, news ticker",
        "kabar terkini, terkini lainnya, baru saja, recent posts, recent news",
        "recent stories, pos terbaru, the latest, recent, newest, week's top",
    ),
    "comments": _phrases(
        "komentar, komentari, tulis komentar, kirim komentar, berikan komentar",
        "beri komentar, tinggalkan komentar, tinggalkan balasan, lihat komentar",
        "belum ada komentar, comment, comments, leave a comment, leave a reply",
        "post a comment, post comment, view comments, show comments, add a comment",
        "join the conversation, join the discussion, reply, balas, balasan, likes, like",
        "suka, dislike, laporkan, report abuse, report comment, upvote",
        "be the first to comment, write a comment, sort by, urutkan, oldest, newest first",
        "terlama, no comments yet, kolom komentar, isi komentar, have your say, discuss",
        "your email address, required fields are marked, reactions, reaksi, apa reaksi anda",
        "bagaimana reaksi anda, conversation, community guidelines, commenting, moderated",
        "dimoderasi, save my name",
    ),
    "subscribe": _phrases(
        "subscribe, subscribe now, subscribers, subscription, subscriptions, langganan",
        "berlangganan, langganan sekarang, berlangganan sekarang, newsletter, newsletters",
        "sign up, sign up for, sign up now, daftar sekarang, follow, follow us, follow us on",
        "following, ikuti kami, ikuti, ikuti kami di, gabung, gabung sekarang, bergabung",
        "join us, join now, channel, saluran whatsapp, whatsapp channel, grup telegram",
        "telegram channel, google news, aplikasi, aplikasi kami, unduh aplikasi",
        "download app, download our app, download the app, get the app, download, unduh",
        "app store, google play, inbox, your inbox, premium, support us",
        "support our journalism, donate, donasi, donate now, become a member, membership",
        "free trial, try free, register for free, register now, get alerts",
        "push notifications, breaking news alerts, daily briefing, email alerts",
        "email address, alamat email, enter your email, masukkan email, email anda",
        "your email, unsubscribe, already a subscriber, already have an account",
        "sudah punya akun, belum punya akun, cancel anytime, per month, limited time offer",
        "unlimited access, full access, digital access, manage preferences, trusted by",
        "dapatkan update, dapatkan berita, dapatkan informasi, delivered to",
    ),
    "legal": _phrases(
        "hak cipta, hak cipta dilindungi, copyright, all rights reserved, all right reserved",
        "kebijakan privasi, kebijakan, privasi, privacy, privacy policy, privacy notice",
        "terms, terms of use, terms of service, terms and conditions, terms & conditions",
        "syarat, ketentuan, syarat dan ketentuan, syarat & ketentuan, disclaimer",
        "pedoman media siber, pedoman, pedoman pemberitaan, tentang kami, tentang, about us",
        "about, contact us, contact, hubungi, hubungi kami, kontak, kontak kami, redaksi",
        "susunan redaksi, karier, karir, careers, advertise, advertise with us, advertising",
        "info iklan, pasang iklan, beriklan, iklan baris, site map, sitemap, peta situs",
        "cookie, cookies, cookie policy, cookie settings, cookie preferences, accept cookies",
        "accept all, terima semua, reject all, manage cookies, code of conduct",
        "code of ethics, kode etik, kode etik jurnalistik, dewan pers, terverifikasi",
        "accessibility, do not sell my personal information, faq, help, help centre",
        "help center, bantuan, corrections, feedback, masukan, press council, ethics policy",
        "editorial policy, editorial guidelines, licensing, reprints, permissions",
        "powered by, our company, our team, masthead, newsroom, staff directory, verifikasi",
        "media partner, part of, member of, anggota, network sites, public notices",
        "ad choices, legal notices",
    ),
    "advertising": _phrases(
        "advertisement, advertisements, iklan, sponsored, sponsored content, sponsor",
        "promoted, promo, promosi, scroll to continue, scroll untuk lanjut, scroll ke bawah",
        "gulir untuk lanjut, gulir ke bawah, lanjutkan membaca, lanjut membaca",
        "story continues below, article continues below, article continues, continues after",
        "paid content, partner content, ad, ads, skip ad, lewati iklan, remove ads",
        "tanpa iklan, paid post, report this ad, adchoices, advertise here, space iklan",
        "konten dengan membaca, to continue with content, below advertisement",
        "after advertisement, hide ad, why this ad, ad feedback, shop now, buy now",
        "beli sekarang, order now, learn why, special offer, in association with",
    ),
    "media": _phrases(
        "watch, watch now, watch live, watch more, play, play video, pause, mute, unmute",
        "fullscreen, volume, replay, loading, memuat, putar video, putar, tonton",
        "tonton video, simak video, video player, video unavailable, autoplay, subtitles",
        "captions, audio, listen to this, listen to this article, listen to article, font",
        "font size, ukuran font, ukuran huruf, ukuran teks, text size, perbesar, perkecil",
        "zoom, enlarge, perbesar gambar, lihat foto, view gallery, view image, view photos",
        "buka galeri, min read, minute read, mins read, minutes read, menit baca",
        "menit membaca, waktu baca, reading time, baca dalam, views, view, dibaca, dilihat",
        "kali dibaca, kali dilihat, x dibaca, pembaca, read time, playback, live stream",
        "streaming, duration, durasi, now playing, browser does not support",
        "enable javascript, speed, transcript, image, image caption, toggle caption",
        "hide caption, listen live, on air, now on air, text to speech, translate",
        "terjemahkan, large, medium, small",
    ),
    "tags": _phrases(
        "tag, tags, topik, topik terkait, topics, topic, related topics, kata kunci",
        "keywords, filed under, more about, labels, label, kategori, category, categories",
        "in this story, in this article, posted in, tagged, ditandai",
        "mentioned in this article, tagar, subjects",
    ),
}

# What a sentence says that turns to the reader of the site; news hardly ever says it.
PROMOTION = re.compile(
    r"\b(?:baca juga|baca pula|baca selengkapnya|simak juga|lihat juga|tonton juga|simak video"
    r"|read more:?|read also|also read|read next|see also|click here|klik (?:di sini|disini"
    r"|tautan|link|gambar)|tap here|sign up (?:for|to|here|now)|subscribe (?:to|now|for|today"
    r"|here)|subscrib(?:ers|ing) (?:get|can|to our|read)|(?:our|the|free|daily|weekly|morning"
    r"|email|this) newsletter|newsletters?[.!:]|follow us|ikuti (?:kami|berita|terus|kanal"
    r"|saluran|akun|update)|google news|whats ?app channel|(?:saluran|kanal|channel|grup"
    r"|aplikasi) (?:whats ?app|telegram|kami)|(?:whats ?app|telegram) (?:channel|group|grup)"
    r"|gabung (?:di|dengan|sekarang|bersama)|bergabung(?:lah)? (?:di|dengan|bersama) (?:grup"
    r"|channel|kanal|saluran|kami|komunitas|newsletter)|(?:unduh|download|install"
    r"|instal) (?:\w+ ){0,3}(?:aplikasi|app|apps|sekarang|now)|(?:in|to) your inbox|(?:ke"
    r"|di) (?:inbox|email|e-mail|ponsel|gawai) (?:anda|kamu)|dapatkan (?:update|berita"
    r"|informasi|kabar|artikel|notifikasi|konten)|get (?:the latest|our|all the latest"
    r"|unlimited|breaking|alerts|more news)|(?:use|uses|accept|our) cookies|privacy (?:policy"
    r"|notice)|kebijakan privasi|terms (?:of|and) (?:use|service|conditions)"
    r"|all rights reserved|hak cipta (?:©|dilindungi|\d)|dilarang (?:mengutip|menyalin"
    r"|mengambil|memperbanyak|keras)|without (?:the )?(?:prior |written |express )+(?:consent"
    r"|permission|approval)|may not be (?:published|reproduced|republished|copied)"
    r"|tanpa (?:seizin|izin|ijin) (?:tertulis|redaksi|dari)|become a (?:member|subscriber"
    r"|supporter|patron)|support (?:our|independent|quality) (?:\w+ )?journalism"
    r"|join the (?:conversation|discussion)|leave a (?:comment|reply)|(?:tulis|kirim"
    r"|tinggalkan|beri\w*) komentar|be the first to (?:comment|know)|(?:story"
    r"|article) continues|continue reading|lanjut(?:kan)? membaca|log ?in (?:to|untuk|or)"
    r"|sign in (?:to|or)|register (?:for|to|now|free)|(?:jangan|don't|do not) (?:lewatkan"
    r"|ketinggalan|miss) |powered by|verifikasi dewan pers|enable javascript|your browser"
    r"|browser anda|terms apply|have (?:a )?(?:news )?tips?\b|send (?:us )?(?:your|a news) "
    r"|kirim(?:kan)? (?:foto|video|tulisan|opini|informasi|naskah) (?:\w+ ){0,3}(?:ke|anda"
    r"|kamu|melalui)|what do you think\?|view comments|punya (?:informasi|cerita|info) "
    r"|hubungi (?:kami|redaksi)|contact us|e-?mail us|update (?:berita|informasi"
    r"|artikel) (?:\w+ ){0,3}(?:setiap|lain|terbaru|pilihan|di)|cek berita|simak (?:berita"
    r"|breaking|informasi|terus|selengkapnya)|berita (?:dan artikel|pilihan|menarik lainnya"
    r"|lainnya|terkini lainnya|seputar)|artikel ini (?:telah |sudah |pernah )?(?:tayang|terbit"
    r"|dimuat)|listen to (?:this (?:article|story)|our)|watch (?:more|the full|now|live)\b"
    r"|scroll (?:to|untuk|down|ke)|gulir (?:untuk|ke))",
    re.IGNORECASE,
)
# The same turned down: words that furniture has more often than news, which has them too.
SUGGESTION = re.compile(
    r"\b(?:subscrib\w+|newsletters?|berlangganan|langganan|advertisement|sponsored|iklan"
    r"|scroll|gulir|cookies?|copyright|©|hak cipta|donat(?:e|ion)s?|donasi|tonton|saksikan"
    r"|simak|klik|click|unduh|download|aplikasi|whats ?app|telegram|instagram|facebook|youtube"
    r"|tiktok|komentar|comments?|our (?:website|site|app|readers|team|journalists?|newsroom"
    r"|reporters?)|kami di|redaksi|dapatkan|promo|diskon|discount|gratis|free|register|login"
    r"|log in|sign in|sign up|email|e-mail|share|bagikan|berita lainnya|portal|situs|website"
    r"|pembaca|readers?)\b",
    re.IGNORECASE,
)

# What labels a line that belongs to the article though it is no sentence of it.
CREDIT = re.compile(
    r"(?:foto|photo|photograph|image|gambar|ilustrasi|illustration|picture|dok(?:umentasi)?\.?"
    r"|sumber(?: foto| berita| artikel)?|source|penulis|oleh|by|editor|redaktur|reporter"
    r"|pewarta|wartawan|jurnalis|author|authors|written by|reported by|edited by|reporting by"
    r"|editing by|writing by|laporan|kontributor|contributor|koresponden|correspondent"
    r"|fotografer|photographer|caption|keterangan foto|credit|penerjemah|penyunting|translator"
    r"|copyright foto|words|pictures|text|story by|photo by|photos by|image credit"
    r"|photo credit|image source|foto oleh|teks|naskah|uploader|pengunggah|by line|dateline"
    r"|byline)\b\s*(?:[:/|–—-]|\b)",
    re.IGNORECASE,
)
# The same where nothing else begins so: who made the article, or where it is from.
MAKER = re.compile(
    r"(?:penulis|editor|redaktur|reporter|pewarta|wartawan|jurnalis|kontributor|penyunting"
    r"|penerjemah|sumber(?: berita| artikel)?|sources?|authors?|reporting by|editing by|writing by)"
    r"(?: ?[&/] ?\w+)? ?: ?\S",
    re.IGNORECASE,
)
