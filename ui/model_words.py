"""The words of the bar at the head of the page and of getting a model, by language."""

from __future__ import annotations

BAR_WORDS = {
    "en": {
        "models_pick": "Who answers",
        "models_again": "Look again",
        "models_think": "Let the model think first",
        "models_auto": "Automatic",
        "models_auto_named": "Automatic ({model})",
        "models_quotes": "Quotes only, no language model",
        "models_at_here": "runs on this machine",
        "models_at_elsewhere": "on another host",
        "models_at_cloud": "in the cloud",
        "models_not_there": "not there",
        "models_looking": "Looking for a model …",
        "models_by_here": "{model} writes the answers, on this machine",
        "models_by_elsewhere": "{model} writes the answers, on another host: {place}",
        "models_by_cloud": "{model} writes the answers, in the cloud at ollama.com",
        "models_by_settings": "{model} writes the answers, as the settings say",
        "models_leaves_elsewhere": "Your questions, and passages of your articles, go to that"
        " host.",
        "models_leaves_cloud": "Your questions, and passages of your articles, leave this machine.",
        "models_stands_in": "{wanted} is not there; this one answers in its place.",
        "models_quoting": "Quotes only: the exact words of your articles, no language model",
        "models_without": "Quotes only, as there is no language model",
        "models_gone": "{model} cannot be had",
        "models_choose": "Choose another.",
        "models_down_here": "Ollama does not run here. Start it with “ollama serve”, or install it"
        " from ollama.com.",
        "models_down_elsewhere": "Ollama does not answer at {place}. Start it there, or name"
        " another host in OLLAMA_HOST.",
        "models_down_openai": "The model server at {place} does not answer. Start it, or name"
        " another in KUTIP_LLM_URL.",
        "models_silent": "What runs at {place} does not answer as a model server does. Look there,"
        " or start it again.",
        "models_empty": "Ollama runs, and has no model of its own yet. Get one below.",
        "models_empty_said": "Ollama runs, and has no model of its own yet. Get one with"
        " “ollama pull {wanted}”.",
        "models_empty_openai": "The server at {place} has no model that writes. Load one there.",
        "models_pull_it": "Get it below.",
        "models_none": "no articles yet",
        "models_one": "1 article",
        "models_many": "{n} articles",
    },
    "id": {
        "models_pick": "Yang menjawab",
        "models_again": "Cari lagi",
        "models_think": "Biarkan model berpikir dulu",
        "models_auto": "Otomatis",
        "models_auto_named": "Otomatis ({model})",
        "models_quotes": "Kutipan saja, tanpa model bahasa",
        "models_at_here": "berjalan di komputer ini",
        "models_at_elsewhere": "di komputer lain",
        "models_at_cloud": "di layanan awan",
        "models_not_there": "tidak ada",
        "models_looking": "Mencari model …",
        "models_by_here": "{model} menulis jawaban, di komputer ini",
        "models_by_elsewhere": "{model} menulis jawaban, di komputer lain: {place}",
        "models_by_cloud": "{model} menulis jawaban, di layanan awan ollama.com",
        "models_by_settings": "{model} menulis jawaban, sesuai pengaturan",
        "models_leaves_elsewhere": "Pertanyaan dan potongan artikel Anda dikirim ke komputer itu.",
        "models_leaves_cloud": "Pertanyaan dan potongan artikel Anda keluar dari komputer ini.",
        "models_stands_in": "{wanted} tidak ada; model ini menggantikannya.",
        "models_quoting": "Kutipan saja: kata-kata persis dari artikel Anda, tanpa model bahasa",
        "models_without": "Kutipan saja, karena tidak ada model bahasa",
        "models_gone": "{model} tidak tersedia",
        "models_choose": "Pilih yang lain.",
        "models_down_here": "Ollama tidak berjalan di sini. Jalankan dengan “ollama serve”, atau"
        " pasang dari ollama.com.",
        "models_down_elsewhere": "Ollama tidak menjawab di {place}. Jalankan di sana, atau sebutkan"
        " komputer lain di OLLAMA_HOST.",
        "models_down_openai": "Server model di {place} tidak menjawab. Jalankan, atau sebutkan"
        " yang lain di KUTIP_LLM_URL.",
        "models_silent": "Yang berjalan di {place} tidak menjawab seperti server model. Periksa di"
        " sana, atau jalankan lagi.",
        "models_empty": "Ollama berjalan, tetapi belum punya model sendiri. Ambil satu di bawah.",
        "models_empty_said": "Ollama berjalan, tetapi belum punya model sendiri. Ambil satu dengan"
        " “ollama pull {wanted}”.",
        "models_empty_openai": "Server di {place} tidak punya model yang dapat menulis. Muat satu"
        " di sana.",
        "models_pull_it": "Ambil di bawah.",
        "models_none": "belum ada artikel",
        "models_one": "1 artikel",
        "models_many": "{n} artikel",
    },
}

PULL_WORDS = {
    "en": {
        "pulls_get": "Get a model",
        "pulls_fitting": "What reads Indonesian and English, and fits this machine",
        "pulls_name": "Name of the model, as Ollama calls it",
        "pulls_start": "Download",
        "pulls_stop": "Stop",
        "pulls_about": "Ollama downloads it from the internet, once. After that nothing leaves the"
        " machine that Ollama runs on.",
        "pulls_too_small": "This machine has {memory} of memory, too little for any model worth"
        " having: quotes are the better choice here.",
        "pulls_no_name": "Name a model, such as gemma4:e4b.",
        "pulls_bad_name": "That is no name of a model. One looks like gemma4:e4b.",
        "pulls_cloud": "{model} would not run here but at ollama.com: your questions and passages"
        " of your articles would go there. It is not loaded. Name one without “cloud”.",
        "pulls_busy": "{model} is being downloaded. Wait for it, or stop it first.",
        "pulls_asking": "Asking for it …",
        "pulls_loading": "Downloading",
        "pulls_checking": "Checking what has come",
        "pulls_finishing": "Putting it in its place",
        "pulls_left": "about {n} min left",
        "pulls_soon": "less than a minute left",
        "pulls_of": "{done} of {total}",
        "pulls_goes_on": "It goes on when this page is closed.",
        "pulls_done": "{model} is there.",
        "pulls_chosen": "{model} is there, and answers from now on.",
        "pulls_stopped": "The download of {model} was stopped. What has come is kept; the next one"
        " goes on from there.",
        "pulls_broke": "The download of {model} broke off.",
    },
    "id": {
        "pulls_get": "Ambil model",
        "pulls_fitting": "Yang memahami bahasa Indonesia dan Inggris, dan muat di komputer ini",
        "pulls_name": "Nama model, seperti ditulis Ollama",
        "pulls_start": "Unduh",
        "pulls_stop": "Hentikan",
        "pulls_about": "Ollama mengunduhnya dari internet, sekali saja. Setelah itu tidak ada yang"
        " keluar dari komputer tempat Ollama berjalan.",
        "pulls_too_small": "Memori komputer ini {memory}, terlalu kecil untuk model yang layak:"
        " kutipan saja lebih baik di sini.",
        "pulls_no_name": "Tuliskan nama model, misalnya gemma4:e4b.",
        "pulls_bad_name": "Itu bukan nama model. Contohnya gemma4:e4b.",
        "pulls_cloud": "{model} tidak akan berjalan di sini, melainkan di ollama.com: pertanyaan"
        " dan potongan artikel Anda akan dikirim ke sana. Model ini tidak diambil. Sebutkan yang"
        " tanpa “cloud”.",
        "pulls_busy": "{model} sedang diunduh. Tunggu sampai selesai, atau hentikan dulu.",
        "pulls_asking": "Meminta model …",
        "pulls_loading": "Mengunduh",
        "pulls_checking": "Memeriksa hasil unduhan",
        "pulls_finishing": "Menyimpan di tempatnya",
        "pulls_left": "sekitar {n} menit lagi",
        "pulls_soon": "kurang dari satu menit lagi",
        "pulls_of": "{done} dari {total}",
        "pulls_goes_on": "Unduhan berlanjut walau halaman ini ditutup.",
        "pulls_done": "{model} sudah ada.",
        "pulls_chosen": "{model} sudah ada, dan mulai sekarang menjawab.",
        "pulls_stopped": "Unduhan {model} dihentikan. Yang sudah terunduh tetap disimpan; unduhan"
        " berikutnya melanjutkannya.",
        "pulls_broke": "Unduhan {model} terputus.",
    },
}
