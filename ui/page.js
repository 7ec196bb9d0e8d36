/* What the page does by itself: from a mark to its source and back, the whole article in a dialog,
   copying, rewriting a question, staying at the end while text streams, noticing a lost server.
   Depends on nothing. It makes elements and sets their text; HTML it takes only from the holder
   of the article, which the server has escaped. */
(() => {
  "use strict";
  if (window.kutip) return;

  const WORDS = {
    en: {
      copied: "Copied", notCopied: "Could not be copied", save: "Ask this", cancel: "Cancel",
      rewrite: "The question", close: "Close", sent: "Noted, thank you", done: "The answer:",
      lost: "Kutip's server does not answer. Start it with “kutip ui”; this page goes on by itself.",
      article: "The article",
    },
    id: {
      copied: "Tersalin", notCopied: "Tidak dapat disalin", save: "Tanyakan", cancel: "Batal",
      rewrite: "Pertanyaan", close: "Tutup", sent: "Dicatat, terima kasih", done: "Jawabannya:",
      lost: "Server Kutip tidak menjawab. Jalankan dengan “kutip ui”; halaman ini akan lanjut sendiri.",
      article: "Artikelnya",
    },
  };
  // Gradio names the browser's language, whether the page has words in it or not.
  const root = document.documentElement;
  const settleLanguage = () => {
    const named = root.lang.toLowerCase().split("-")[0];
    const ours = named === "id" || named === "in" ? "id" : "en";
    if (named && named !== ours) root.lang = ours;
  };
  new MutationObserver(settleLanguage).observe(root, { attributes: true, attributeFilter: ["lang"] });
  settleLanguage();
  const say = (key) => (WORDS[root.lang.slice(0, 2)] || WORDS.en)[key];
  const BEAT = 4000; // milliseconds between two questions whether the server is there
  const NEAR_END = 120; // pixels from the end of the page that still count as its end
  const STREAMING = ["searching", "thinking", "writing"];

  // What must outlast a new rendering, which knows nothing of it. By element id or turn.
  const open = new Set(); // details and cards that the reader has unfolded
  const opinions = new Map(); // turn -> "true" or "false"
  const states = new Map(); // turn id -> the state it was last seen in
  const cameFrom = new Map(); // card id -> id of the mark that led there
  let litCard = "", litMark = "";
  let rewriting = null; // {turn, form}
  let opener = null; // what had the focus when an article was asked for
  let conversation = null;
  let atEnd = true;

  const make = (tag, values = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(values)) {
      if (name in element && typeof value !== "string") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const byId = (id) => (id ? document.getElementById(id) : null);

  // Saying things to a screen reader ----------------------------------------------------------

  let voice = null;
  const announce = (text) => {
    if (!voice) {
      voice = make("div", { class: "kutip-said", role: "status", "aria-live": "polite" });
      document.body.append(voice);
    }
    voice.textContent = "";
    setTimeout(() => { voice.textContent = text; }, 60);
  };

  // From a mark to its source, and back -------------------------------------------------------

  const goTo = (element, within) => {
    const tall = element.offsetHeight > window.innerHeight * 0.7;
    element.focus({ preventScroll: true });
    (tall && within ? within : element).scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: tall && !within ? "start" : "center" });
  };
  // Of the evidence in a card, only that of the sentence that was come from is lit.
  const placesOf = (mark) => (mark && mark.dataset.places ? mark.dataset.places.split(" ") : []);
  const lightEvidence = () => {
    const places = placesOf(byId(litMark));
    for (const evidence of document.querySelectorAll(".src mark[data-place]")) {
      const pale = places.length > 0 && evidence.closest(".src").id === litCard
        && !places.includes(evidence.dataset.place);
      if (evidence.classList.contains("pale") !== pale) evidence.classList.toggle("pale", pale);
    }
  };
  const lightUp = () => {
    for (const [kind, wanted] of [[".src", litCard], [".cite", litMark]]) {
      for (const element of document.querySelectorAll(`${kind}.lit`)) {
        if (element.id !== wanted) element.classList.remove("lit");
      }
      const element = byId(wanted);
      if (element && !element.classList.contains("lit")) element.classList.add("lit");
    }
    lightEvidence();
  };
  const follow = (mark) => {
    const card = byId(decodeURIComponent(mark.getAttribute("href").slice(1)));
    if (!card) return;
    litCard = card.id;
    litMark = mark.id;
    cameFrom.set(card.id, mark.id);
    lightUp();
    goTo(card, card.querySelector("mark:not(.pale)"));
  };
  const goBack = (link) => {
    const card = link.dataset.card;
    const mark = byId(cameFrom.get(card)) || document.querySelector(`a.cite[href="#${card}"]`);
    if (mark) goTo(mark);
  };

  // Copying -----------------------------------------------------------------------------------

  const toClipboard = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) { // not allowed, or a page without TLS: the old way
      const field = make("textarea", { class: "kutip-said", "aria-hidden": "true" });
      field.value = text;
      (document.querySelector("dialog[open]") || document.body).append(field);
      field.select();
      try { return document.execCommand("copy"); } finally { field.remove(); }
    }
  };
  const copy = async (button) => {
    const focused = document.activeElement;
    const worked = await toClipboard(button.dataset.copy);
    if (focused) focused.focus({ preventScroll: true });
    const told = say(worked ? "copied" : "notCopied");
    announce(told);
    if (button.dataset.label) return;
    button.dataset.label = button.textContent;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.textContent = told;
    setTimeout(() => {
      if (button.textContent === told) button.textContent = button.dataset.label;
      button.style.minWidth = "";
      delete button.dataset.label;
    }, 1800);
  };

  // Rewriting a question ----------------------------------------------------------------------

  const stopRewriting = (giveFocus) => {
    if (!rewriting) return;
    const { turn, form } = rewriting;
    rewriting = null;
    form.remove();
    const button = document.querySelector(`[data-edit="${turn}"]`);
    if (button && giveFocus) button.focus({ preventScroll: true });
  };
  const rewrite = (button, trigger) => {
    stopRewriting(false);
    const turn = button.dataset.edit;
    const field = make("textarea", { rows: "3", maxlength: "2000", "aria-label": say("rewrite") });
    field.value = button.dataset.question;
    const cancel = make("button", { type: "button", class: "act" }, say("cancel"));
    const save = make("button", { type: "submit", class: "primary" }, say("save"));
    const form = make("form", { class: "rewrite" }, field, make("div", { class: "actions" }, save, cancel));
    cancel.addEventListener("click", () => stopRewriting(true));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); stopRewriting(true); }
      if (event.key === "Enter" && !event.shiftKey && event.target === field && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const question = field.value.trim();
      if (!question) return;
      stopRewriting(false);
      trigger("edit", { turn, question });
    });
    rewriting = { turn, form };
    button.closest(".asked").append(form);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };

  // After each rendering ----------------------------------------------------------------------

  const settle = (element) => {
    for (const fold of element.querySelectorAll("details[id]")) {
      if (open.has(fold.id) && !fold.open) fold.open = true;
    }
    for (const button of element.querySelectorAll("[data-unfold]")) {
      const card = byId(button.dataset.unfold);
      const unfolded = open.has(button.dataset.unfold);
      if (card && card.classList.contains("open") !== unfolded) card.classList.toggle("open", unfolded);
      if (button.getAttribute("aria-expanded") !== String(unfolded)) {
        button.setAttribute("aria-expanded", String(unfolded));
      }
    }
    for (const button of element.querySelectorAll('[data-do="like"]')) {
      const liked = opinions.get(button.dataset.turn);
      if (liked === undefined) continue;
      const pressed = String(button.dataset.liked === liked);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
      const note = button.closest(".said").querySelector(".note");
      if (note && note.hidden) note.hidden = false;
    }
    if (rewriting && !rewriting.form.isConnected) {
      const asked = document.querySelector(`#turn-${rewriting.turn} .asked`);
      if (asked) asked.append(rewriting.form); else rewriting = null;
    }
    lightUp();
    for (const turn of element.querySelectorAll(".turn")) watchTurn(turn);
  };
  const watchTurn = (turn) => {
    const now = turn.dataset.state, before = states.get(turn.id);
    const streaming = STREAMING.includes(now);
    if (now !== before) {
      states.set(turn.id, now);
      const asked = turn.querySelector(".asked h2");
      if (streaming && asked) stored(() => sessionStorage.setItem(PENDING, asked.textContent));
      else if (STREAMING.includes(before)) stored(() => sessionStorage.removeItem(PENDING));
      if (streaming && !STREAMING.includes(before)) {
        litCard = litMark = "";
        opinions.delete(turn.dataset.turn);
        atEnd = true;
        requestAnimationFrame(() => turn.scrollIntoView({ behavior: "auto", block: "start" }));
      } else if (STREAMING.includes(before)) {
        const answer = turn.querySelector(".problem:not([hidden]), .answer");
        const said = answer ? answer.cloneNode(true) : null;
        if (said) said.querySelectorAll(".matches").forEach((verdict) => verdict.remove());
        if (said) announce(`${say("done")} ${said.textContent.trim().slice(0, 1500)}`);
      }
    }
    if (streaming && atEnd && turn.querySelector(".answer").textContent) {
      window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "auto" });
    }
  };
  // A conversation that was opened is read on from its newest turn.
  const land = () => {
    const newest = document.querySelector("#history .turn") && document.querySelector("#live .turn");
    if (newest) newest.scrollIntoView({ behavior: "auto", block: "start" });
  };
  window.addEventListener("scroll", () => {
    const page = document.documentElement;
    atEnd = window.innerHeight + window.scrollY >= page.scrollHeight - NEAR_END;
  }, { passive: true });

  // Clicks ------------------------------------------------------------------------------------

  const act = (event, trigger) => {
    const button = event.target.closest("[data-do], [data-edit]");
    if (!button || button.disabled) return;
    event.preventDefault();
    if (button.dataset.edit !== undefined) { rewrite(button, trigger); return; }
    const { do: name, ...data } = button.dataset;
    if (name === "like") {
      opinions.set(data.turn, data.liked);
      settle(button.closest(".turn"));
    }
    if (name === "article") {
      opener = button;
      // Opened at the evidence that is lit, where a card has more than one.
      const card = button.closest(".src.lit");
      const lit = card && card.querySelector("mark.pale") && card.querySelector("mark[data-start]:not(.pale)");
      if (lit) { data.start = lit.dataset.start; data.end = lit.dataset.end; }
    }
    trigger(name, data);
  };
  const bind = (element, trigger) => {
    element.addEventListener("click", (event) => act(event, trigger));
    element.addEventListener("submit", (event) => {
      const form = event.target.closest("form.note");
      if (!form) return;
      event.preventDefault();
      const note = form.elements.note.value.trim();
      if (!note) return;
      const turn = form.dataset.turn;
      const pressed = form.closest(".said").querySelector('[data-do="like"][aria-pressed="true"]');
      trigger("note", { turn, note, liked: pressed ? pressed.dataset.liked : "" });
      form.elements.note.value = "";
      announce(say("sent"));
      const button = form.querySelector("button");
      const label = button.textContent;
      button.textContent = say("sent");
      setTimeout(() => { button.textContent = label; }, 2500);
    });
    new MutationObserver(() => settle(element)).observe(element, {
      childList: true, subtree: true, attributes: true,
      attributeFilter: ["class", "open", "data-state", "aria-pressed", "hidden"],
    });
    settle(element);
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest || event.ctrlKey || event.metaKey) return;
    const mark = event.target.closest('a[href^="#src-"]');
    const back = event.target.closest("a.back[data-card]");
    if (mark || back) {
      event.preventDefault();
      event.stopPropagation();
      if (mark) follow(mark); else goBack(back);
      return;
    }
    const button = event.target.closest("[data-copy], [data-unfold]");
    if (button && button.dataset.copy !== undefined) copy(button);
    else if (button) {
      const card = button.dataset.unfold;
      if (!open.delete(card)) open.add(card);
      settle(button.closest(".turn") || document.body);
    }
    const summary = event.target.closest("summary");
    const fold = summary && summary.parentElement;
    if (fold && fold.id) { if (fold.open) open.delete(fold.id); else open.add(fold.id); }
  }, true);

  // The whole article -------------------------------------------------------------------------

  let dialog = null;
  const read = (holder) => {
    const article = holder.querySelector("article");
    if (!article) return;
    if (!dialog) {
      const close = make("button", { type: "button", class: "act" }, say("close"));
      const page = make("div", { class: "page", tabindex: "0" });
      dialog = make("dialog", { class: "kutip-dialog", "aria-label": say("article") },
        make("div", { class: "bar" }, close), page);
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
      dialog.addEventListener("close", () => {
        dialog.querySelector(".page").replaceChildren();
        const back = opener && opener.isConnected ? opener : byId("question");
        if (back) back.focus({ preventScroll: true });
      });
      document.body.append(dialog);
    }
    const page = dialog.querySelector(".page");
    page.replaceChildren(article.cloneNode(true));
    if (!dialog.open) dialog.showModal();
    const mark = page.querySelector("#reader-mark");
    if (mark) {
      mark.scrollIntoView({ behavior: "auto", block: "center" });
      mark.focus({ preventScroll: true });
    } else {
      page.scrollTop = 0;
      page.focus({ preventScroll: true });
    }
  };

  // What the browser keeps --------------------------------------------------------------------

  const KEPT = "kutip-conversation", DRAFT = "kutip-draft", PENDING = "kutip-asked";
  const stored = (work) => { try { return work(); } catch (error) { return null; } }; // may be off
  const remember = (id) => {
    if (id !== conversation) {
      if (conversation) {
        open.clear();
        opinions.clear();
        cameFrom.clear();
        litCard = litMark = "";
      }
      requestAnimationFrame(land);
    }
    conversation = id;
    const address = new URL(window.location.href);
    if (id) address.searchParams.set("c", id); else address.searchParams.delete("c");
    window.history.replaceState(window.history.state, "", address);
    stored(() => (id ? localStorage.setItem(KEPT, id) : localStorage.removeItem(KEPT)));
  };
  const recall = () =>
    new URL(window.location.href).searchParams.get("c") || stored(() => localStorage.getItem(KEPT)) || "";
  const save = (file) => {
    if (!file || !file.name) return;
    const address = URL.createObjectURL(new Blob([file.text], { type: `${file.kind};charset=utf-8` }));
    const link = make("a", { href: address, download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  // The question box --------------------------------------------------------------------------

  const box = () => document.querySelector("#question textarea, textarea#question");
  const fill = (text) => {
    const field = box();
    if (!field || field.value) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // What was typed, or asked and not answered, when the page went. Gradio sets the box anew while
  // the page comes up, so it is looked at for a while.
  const restoreDraft = () => {
    const draft = stored(() => sessionStorage.getItem(DRAFT));
    const pending = stored(() => sessionStorage.getItem(PENDING));
    if (!draft && !pending) return;
    const until = Date.now() + 15000;
    let standing = 0, touched = false;
    const touch = () => { touched = true; };
    for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, touch, { once: true, capture: true });
    const look = () => {
      const newest = document.querySelector("#live .turn .asked h2");
      const ready = box() && document.querySelector("#live .turn, #live .welcome");
      const text = draft || (newest && newest.textContent === pending ? "" : pending);
      const busy = document.querySelector(STREAMING.map((state) => `.turn[data-state=${state}]`).join());
      if (ready && !busy && text && !touched) fill(text);
      standing = ready && (!text || box().value) ? standing + 1 : 0;
      if (standing < 15 && !busy && !touched && Date.now() < until) { setTimeout(look, 200); return; }
      stored(() => sessionStorage.removeItem(DRAFT));
      if (!busy) stored(() => sessionStorage.removeItem(PENDING));
    };
    look();
  };
  // Whoever reloads: the reader, the check below, or Gradio when it has found its server again.
  window.addEventListener("pagehide", () => {
    const field = box();
    if (field && field.value) stored(() => sessionStorage.setItem(DRAFT, field.value));
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    const called = (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey)
      || (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey);
    if (!called || document.querySelector("dialog[open]") || !box()) return;
    event.preventDefault();
    box().focus();
  });

  // Whether the server is there ---------------------------------------------------------------

  const fetched = window.fetch.bind(window);
  let instance = null, failures = 0, asking = false, banner = null;
  const lost = (is) => {
    if (is && !banner) {
      banner = make("div", { class: "kutip-lost", role: "alert" });
      document.body.append(banner);
    }
    if (!banner || banner.hidden === !is) { if (banner && is) banner.textContent = say("lost"); return; }
    banner.hidden = !is;
    banner.textContent = is ? say("lost") : "";
  };
  const check = async () => {
    if (asking) return;
    asking = true;
    let told = null;
    try {
      const answer = await fetched("/kutip/alive", { cache: "no-store", signal: AbortSignal.timeout(BEAT) });
      // After a restart one has to log in again; a page that never got in must not go round.
      if (answer.status === 401 && instance) window.location.reload();
      if (answer.ok) told = (await answer.json()).instance;
    } catch (error) { told = null; } // counted below
    asking = false;
    if (!told) {
      failures += 1;
      if (failures >= 2) lost(true); else setTimeout(check, 500);
      return;
    }
    failures = 0;
    if (instance && told !== instance) { window.location.reload(); return; }
    instance = told;
    lost(false);
  };
  window.fetch = async (...request) => {
    try {
      return await fetched(...request);
    } catch (error) {
      if (!error || error.name !== "AbortError") setTimeout(check, 0);
      throw error;
    }
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
  setInterval(check, BEAT);

  window.kutip = { bind, read, remember, recall, save, announce };
  const begin = () => { check(); restoreDraft(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
