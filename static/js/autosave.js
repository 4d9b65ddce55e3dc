// Autosave of a draft: what was typed survives an error, a lost network, an expired session and a second tab.
//
// <form data-autosave="URL" data-autosave-key="unique key of draft, section and person"> holds a hidden `version`.
// The URL answers 200 {version, message} once saved, 409 {message, url} when another tab or person saved first,
// 422 {message} when it cannot be saved as it is, and a redirect or 401/403 when the session has expired. The words stand in data-* of [data-save-state].
"use strict";

(() => {
  const DELAY = 1200;
  const RETRIES = [2e3, 5e3, 15e3, 30e3];
  const SKIPPED = new Set(["csrfmiddlewaretoken", "version", "key", "seen"]);

  const start = (form) => {
    const state = form.querySelector("[data-save-state]");
    const words = state.dataset;
    const storageKey = `draft:${form.dataset.autosaveKey}`;
    const version = form.elements.namedItem("version");
    let timer = 0;
    let underway = false;
    let again = false;
    let failures = 0;
    let stopped = false;
    let asked = null; // the press of a button that waits for the save under way: it bears the version that comes back

    const fields = () => [...new FormData(form)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string");
    const fingerprint = () => JSON.stringify(fields());
    let saved = fingerprint();

    const say = (tone, text, link) => {
      state.className = `save-state tone-${tone}`;
      state.textContent = text;
      if (link) {
        const a = document.createElement("a");
        a.href = link.url;
        a.textContent = link.text;
        state.append(" ", a);
      }
    };

    const keep = () => {
      try {
        localStorage.setItem(storageKey, JSON.stringify({ at: Date.now(), version: version.value, fields: fields() }));
      } catch { /* storage full or refused: the page itself still holds what was typed */ }
    };
    const forget = () => { try { localStorage.removeItem(storageKey); } catch { /* nothing was kept */ } };

    const later = () => {
      const delay = RETRIES[Math.min(failures, RETRIES.length - 1)];
      failures += 1;
      say("warning", words.offline);
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    };

    const save = async () => {
      clearTimeout(timer);
      if (stopped) return;
      if (underway) {
        again = true;
        return;
      }
      const sending = fingerprint();
      if (sending === saved) return;
      underway = true;
      say("neutral", words.saving);
      const data = new FormData(form);
      [...data].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
      try {
        const response = await fetch(form.dataset.autosave, {
          method: "POST", body: data, redirect: "manual", credentials: "same-origin",
          headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        });
        if (response.status === 409) {
          const answer = await response.json();
          stopped = true;
          say("danger", answer.message, { url: answer.url, text: words.conflictLink });
        } else if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
          stopped = true;
          say("danger", words.expired, { url: words.signIn, text: words.signInLink });
        } else if (response.status === 422) {
          keep();
          say("danger", (await response.json()).message);
        } else if (response.ok) {
          const answer = await response.json();
          version.value = answer.version;
          saved = sending;
          failures = 0;
          if (fingerprint() === saved && !answer.partial) forget();
          say(answer.partial ? "warning" : "success", answer.message);
          document.dispatchEvent(new CustomEvent("draft:saved", { detail: answer }));
        } else {
          later();
        }
      } catch {
        later();
      }
      underway = false;
      if (asked) {
        const { button } = asked;
        asked = null;
        form.requestSubmit(button);
      } else if (again) {
        again = false;
        save();
      }
    };

    const typed = () => {
      if (fingerprint() === saved) return;
      keep();
      if (stopped) return;
      if (!failures) say("neutral", words.typing);
      clearTimeout(timer);
      timer = setTimeout(save, DELAY);
    };

    const restore = (kept) => {
      window.quadrige.fill(form, kept, SKIPPED);
      save();
    };

    const offer = () => {
      let kept;
      try {
        kept = JSON.parse(localStorage.getItem(storageKey));
      } catch {
        return;
      }
      if (!kept || JSON.stringify(kept.fields) === saved) return forget();
      const box = form.querySelector("[data-restore]");
      box.hidden = false;
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
      box.querySelector("[data-restore-when]").textContent = time.format(new Date(kept.at));
      box.querySelector("[data-restore-take]").addEventListener("click", () => { box.hidden = true; restore(kept.fields); });
      box.querySelector("[data-restore-drop]").addEventListener("click", () => { box.hidden = true; forget(); });
    };

    form.addEventListener("input", typed);
    form.addEventListener("change", () => { typed(); save(); });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (underway) {
        event.preventDefault();
        asked = { button: event.submitter };
        return;
      }
      stopped = true;
      keep();
    });
    addEventListener("online", () => save());
    addEventListener("pagehide", () => { if (fingerprint() !== saved) keep(); });
    addEventListener("beforeunload", (event) => {
      if (!stopped && fingerprint() !== saved) {
        save();
        event.preventDefault();
      }
    });
    offer();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-autosave]").forEach(start));
})();
