"""What `names` knows of titles, of words in names of bodies, and of places.

Short on purpose: countries, capitals, Indonesian provinces and larger towns, in both
languages' spelling; the titles and offices that news puts before a person's name.
"""

from __future__ import annotations

from rag.text.language import word_set


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase.strip() for line in lines for phrase in line.split(","))


_ENGLISH_PORTFOLIOS = (
    "agriculture, communications, corrections, culture, defence, defense, development, economy",
    "education, emergency, energy, environment, finance, fisheries, foreign, foreign affairs",
    "forestry, health, home, home affairs, housing, immigration, industry, infrastructure",
    "interior, internal affairs, justice, labor, labour, migration, mining, mines, planning",
    "police, public works, religious affairs, science, security, social, social affairs",
    "social services, sport, sports, technology, tourism, trade, transport, transportation",
    "treasury, water, welfare, youth",
)
# Lower-cased; a title of several words is matched longest first.
TITLES = frozenset(
    f"{before}{portfolio} {post}"
    for portfolio in _phrases(*_ENGLISH_PORTFOLIOS)
    for post in ("minister", "secretary")
    for before in ("", "deputy ", "former ")
) | _phrases(
    "pemimpin, pemimpin oposisi, leader, opposition leader",
    "presiden, wakil presiden, wapres, mantan presiden, perdana menteri, pm, menteri",
    "wakil menteri, menteri luar negeri, menteri dalam negeri, menteri negara",
    "menteri koordinator, menko, menlu, wamenlu, mendagri, menkeu, menhan, menkes, mendikbud",
    "mendag, menag, mensos, menkumham, menpora, menhub, mensesneg, menaker, menparekraf",
    "menperin, mentan, kapolri, kapolda, kapolres, kapolsek, panglima tni, panglima, kasad",
    "kasau, kasal, jaksa agung, gubernur, wakil gubernur, wagub, bupati, wakil bupati",
    "wali kota, walikota, wakil wali kota, camat, lurah, kepala desa, sekjen",
    "sekretaris jenderal, sekretaris, direktur, direktur utama, dirut, direktur jenderal",
    "dirjen, direktur eksekutif, komisaris, komisaris utama, ketua, ketua umum, ketum",
    "wakil ketua, kepala, kepala dinas, kepala badan, kepala otoritas, juru bicara, jubir",
    "duta besar, dubes, utusan, emir, syekh, sheikh, sultan, raja, ratu, pangeran, putri, paus",
    "uskup, kardinal, kiai, kyai, ustaz, ustadz, ustazah, imam, habib, gus, pendeta, pastor",
    "romo, biksu, haji, hajah, jenderal, letjen, letnan jenderal, mayjen, mayor jenderal",
    "brigjen, brigadir jenderal, kolonel, letkol, letnan kolonel, mayor, kapten, letnan, sersan",
    "kopral, laksamana, marsekal, irjen, komjen, kombes, kompol, akbp, akp, iptu, ipda, aiptu",
    "aipda, bripka, briptu, bripda, prof, profesor, dr, drg, drs, dra, ir, h, hj, kh, tn, ny",
    "tuan, nyonya, nona, bapak, ibu, pak, bu, mas, mbak, sdr, hakim, jaksa, pengacara, pengamat",
    "peneliti, pelatih, kiper, penyerang, gelandang, bek, kapten timnas, aktor, aktris",
    "penyanyi, sutradara, redaktur, penulis, editor, reporter, president, vice president",
    "former president, prime minister, deputy prime minister, minister, foreign minister",
    "defence minister, defense minister, finance minister, interior minister, health minister",
    "secretary of state, secretary of defense, defense secretary, secretary, foreign secretary",
    "home secretary, treasury secretary, secretary-general, secretary general, attorney general",
    "governor, senator, sen, representative, rep, congressman, congresswoman, mayor, chancellor",
    "ambassador, envoy, special envoy, spokesman, spokeswoman, spokesperson, director, chairman",
    "chairwoman, chair, chief executive, ceo, chief, head, king, queen, prince, princess, pope",
    "bishop, cardinal, archbishop, reverend, rev, father, sister, mr, mrs, ms, miss, sir, lady",
    "lord, dame, dr, doctor, professor, general, gen, lieutenant, lt, lieutenant general",
    "colonel, col, major, maj, captain, capt, sergeant, sgt, admiral, judge, justice, coach",
    "brigadier, brigadier general, major general, commander, commodore, constable, inspector",
    "detective, detective inspector, detective chief inspector, chief inspector, superintendent",
    "acting superintendent, police chief, fire chief, commissioner, police commissioner",
    "prosecutor, chief prosecutor, state prosecutor, deputy mayor, former mayor, councillor",
    "councilor, premier",
    "former prime minister, first minister, deputy minister, deputy president, vice-president",
    "presiding judge, retired judge, magistrate, ombudsman, professor emeritus",
    "ayatollah, mullah",
)
# A title that also governs what follows it ("Menteri Perdagangan", "Ketua Umum").
PORTFOLIOS = word_set(
    "luar dalam negeri keuangan pertahanan kesehatan pendidikan kebudayaan perdagangan agama",
    "sosial hukum perhubungan pertanian perindustrian pariwisata olahraga pemuda kehutanan",
    "lingkungan hidup energi sumber daya mineral tenaga kerja ketenagakerjaan koordinator",
    "polhukam marves pmk kelautan perikanan bumn perekonomian politik keamanan investasi",
    "pekerjaan umum perumahan",
    "ekonomi riset teknologi",
)
ORGANISATIONS = word_set(
    "kementerian departemen dinas badan lembaga dewan komisi majelis mahkamah pengadilan",
    "kejaksaan kepolisian polda polres polsek polri tni pt cv pd perum perusahaan bank partai",
    "universitas institut sekolah akademi yayasan rumah organisasi asosiasi persatuan",
    "perserikatan perhimpunan ikatan federasi serikat gerakan front tim klub persib persija",
    "panitia kantor direktorat pemerintah pemkot pemkab pemprov kedutaan konsulat otoritas",
    "satgas koalisi aliansi fraksi dprd fakultas stasiun grup himpunan liga kamar polisi",
    "tentara angkatan pasukan brigade batalyon ministry department agency bureau council",
    "commission committee court bank party university college institute school academy",
    "foundation organisation organization association federation union inc corp corporation",
    "company ltd llc plc group club office authority administration government congress",
    "parliament senate embassy police army navy force forces hospital church international",
    "nations times post news press agency fc united holdings airlines motors bursa tbk televisi",
    "radio majalah harian koran",
)
ACRONYMS = word_set(  # bodies known by their letters
    "pbb kpk cia tni polri dpr mpr dprd who nato fbi icc un eu asean opec imf bps bnpb bmkg kpu mk",
    "ma bpk bumn pssi afp reuters bbc cnn antara hamas hizbullah hezbollah unrwa unicef unesco icj",
    "pdip golkar gerindra nasdem pkb pks ppp fifa uefa nasa bi ojk",
)
NOT_NAMES = word_set(
    "wib wita wit gmt utc tv hp ram gb mb am ok rp idr usd foto infografis video komentar tag",
)
SPEECH_AFTER = word_set(
    "mengatakan berkata menyatakan menegaskan menuturkan menambahkan menjelaskan mengungkapkan",
    "menyebut menilai mengaku mengklaim menuduh membantah meminta memaparkan menyampaikan berujar",
    "said says told added explained claimed stated argued insisted denied warned replied",
    "lahir born meninggal wafat died menikah",
)
SPEECH_BEFORE = word_set(
    "kata ujar tutur ungkap imbuh jelas tegas papar sebut ucap tukas said says"
)
PLACE_HEADS = word_set(
    "kota kabupaten provinsi propinsi pulau jalur jalan laut sungai gunung danau selat teluk",
    "desa kecamatan kelurahan dusun pantai bandara pelabuhan distrik semenanjung samudra benua",
    "tanjung bukit lembah tepi pegunungan kampung wilayah koridor kepulauan negara mount lake",
    "cape",
)
PLACE_TAILS = word_set(
    "city river island islands street avenue road lake sea bay province county mountains strip",
    "valley airport district desert peninsula ocean gulf coast canyon",
)
PLACES = _phrases(
    # countries
    "afghanistan, afganistan, albania, algeria, aljazair, argentina, armenia, australia",
    "austria, azerbaijan, bahrain, bangladesh, belarus, belgia, belgium, bolivia, bosnia",
    "brasil, brazil, britain, inggris, great britain, united kingdom, uk, england, scotland",
    "skotlandia, wales, brunei, brunei darussalam, bulgaria, cambodia, kamboja, cameroon",
    "kamerun, canada, kanada, chad, chile, chili, china, tiongkok, colombia, kolombia, congo",
    "kongo, costa rica, croatia, kroasia, cuba, kuba, cyprus, siprus, czech republic",
    "republik ceko, denmark, ecuador, ekuador, egypt, mesir, el salvador, estonia, ethiopia",
    "etiopia, finland, finlandia, france, prancis, perancis, georgia, germany, jerman, ghana",
    "greece, yunani, guatemala, haiti, honduras, hungary, hungaria, iceland, islandia, india",
    "indonesia, ri, republik indonesia, iran, iraq, irak, ireland, irlandia, israel, italy",
    "italia, jamaica, jamaika, japan, jepang, jordan, yordania, kazakhstan, kenya, kuwait, laos",
    "latvia, lebanon, lebanon selatan, liberia, libya, lithuania, luxembourg, malaysia",
    "maldives, maladewa, mali, malta, mexico, meksiko, moldova, mongolia, morocco, maroko",
    "mozambique, myanmar, namibia, nepal, netherlands, belanda, new zealand, selandia baru",
    "nicaragua, niger, nigeria, north korea, korea utara, korut, norway, norwegia, oman",
    "pakistan, palestine, palestina, panama, papua new guinea, papua nugini, paraguay, peru",
    "philippines, filipina, poland, polandia, portugal, qatar, romania, rumania, russia, rusia",
    "rwanda, saudi arabia, arab saudi, senegal, serbia, singapore, singapura, slovakia",
    "slovenia, somalia, south africa, afrika selatan, south korea, korea selatan, korsel",
    "south sudan, spain, spanyol, sri lanka, sudan, suriname, sweden, swedia, switzerland",
    "swiss, syria, suriah, taiwan, tanzania, thailand, timor leste, tunisia, turkey, turki",
    "turkiye, uganda, ukraine, ukraina, united arab emirates, uae, uea, uni emirat arab",
    "united states, united states of america, america, amerika, amerika serikat, as, us, u.s",
    "usa, uruguay, uzbekistan, vatican, vatikan, venezuela, vietnam, yemen, yaman, zambia",
    "zimbabwe, uni soviet, soviet union, uni eropa, eropa, europe, asia, afrika, africa",
    "timur tengah, middle east, asia tenggara, southeast asia, gaza, jalur gaza, gaza strip",
    "tepi barat, west bank, gaza city, rafah, khan younis, kashmir, hong kong, hongkong, crimea",
    "krimea",
    # capitals and large cities
    "abu dhabi, addis ababa, amman, amsterdam, ankara, athena, athens, baghdad, bagdad, baku",
    "bangkok, beijing, beirut, belgrade, berlin, bern, bogota, boston, brasilia, brussels",
    "brussel, bucharest, budapest, buenos aires, cairo, kairo, canberra, chicago, copenhagen",
    "kopenhagen, damascus, damaskus, dhaka, doha, dubai, dublin, geneva, jenewa, hanoi, havana",
    "helsinki, ho chi minh, istanbul, jeddah, jerusalem, yerusalem, kabul, kathmandu, khartoum",
    "kiev, kyiv, kuala lumpur, kuwait city, lagos, lima, lisbon, lisboa, london, los angeles",
    "madrid, manila, mecca, mekah, makkah, madinah, melbourne, mexico city, minsk, moscow",
    "moskow, moskwa, mumbai, nairobi, naypyidaw, new delhi, new york, osaka, oslo, ottawa",
    "paris, phnom penh, pretoria, pyongyang, riyadh, rome, roma, san francisco, santiago, sanaa",
    "seoul, shanghai, stockholm, sydney, taipei, tashkent, tehran, teheran, tel aviv, tokyo",
    "toronto, tripoli, tunis, ulaanbaatar, vientiane, vienna, wina, warsaw, warsawa, washington",
    "washington dc, wellington, yangon, zagreb, zurich, el alamein",
    # Indonesia
    "aceh, sumatera, sumatra, sumatera utara, sumut, sumatera barat, sumbar, sumatera selatan",
    "sumsel, riau, kepulauan riau, jambi, bengkulu, lampung, bangka belitung, jakarta",
    "dki jakarta, jawa, jawa barat, jabar, jawa tengah, jateng, jawa timur, jatim, java",
    "yogyakarta, jogja, banten, bali, nusa tenggara barat, ntb, nusa tenggara timur, ntt",
    "kalimantan, kalimantan barat, kalbar, kalimantan tengah, kalteng, kalimantan selatan",
    "kalsel, kalimantan timur, kaltim, kalimantan utara, sulawesi, sulawesi utara, sulut",
    "sulawesi tengah, sulteng, sulawesi selatan, sulsel, gorontalo, sulawesi tenggara, sultra",
    "sulawesi barat, sulbar, maluku, maluku utara, papua, papua barat, papua selatan",
    "papua tengah, papua pegunungan, papua barat daya, lombok, flores, timor, madura, batam",
    "ambon, balikpapan, banda aceh, bandar lampung, bandung, banjarmasin, bantul, bekasi, bogor",
    "cianjur, cilacap, cilegon, cirebon, denpasar, depok, garut, gresik, jayapura, jember",
    "kediri, kendari, kudus, kupang, lumajang, madiun, magelang, makassar, malang, manado",
    "mataram, medan, merauke, nabire, padang, palangkaraya, palembang, palu, pangkalpinang",
    "pekalongan, pekanbaru, pontianak, purwokerto, samarinda, semarang, serang, sibolga",
    "sidoarjo, sleman, solo, sorong, sukabumi, surabaya, surakarta, tangerang",
    "tangerang selatan, tanjungpinang, tasikmalaya, tegal, ternate, ikn, nusantara",
    "jakarta pusat, jakarta selatan, jakarta timur, jakarta barat, jakarta utara",
    "ibu kota nusantara",
)
