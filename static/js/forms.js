// Forms: no double sending, a warning before typed work is left, length counters, uploads with their progress.
"use strict";

(() => {
  // Put values back into a form, by name; also used by autosave.js.
  const fill = (form, fields, skipped) => {
    const values = new Map();
    fields.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
    [...form.elements].forEach((element) => {
      if (!element.name || skipped.has(element.name) || element.type === "file") return;
      const wanted = values.get(element.name) ?? [];
      if (element.type === "checkbox" || element.type === "radio") element.checked = wanted.includes(element.value);
      else if (element instanceof HTMLSelectElement) [...element.options].forEach((o) => { o.selected = wanted.includes(o.value); });
      else if (wanted.length) element.value = wanted.shift();
      element.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };
  window.quadrige = { fill };

  const snapshot = (form) => new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, value.name ?? value])).toString();
  const initial = new WeakMap();
  const sent = new WeakSet();

  const watched = () => document.querySelectorAll("form[data-house-form]:not([data-autosave])");
  const changed = (form) => initial.has(form) && initial.get(form) !== snapshot(form);

  addEventListener("beforeunload", (event) => {
    if ([...watched()].some((form) => !sent.has(form) && changed(form))) event.preventDefault();
  });

  // The button keeps its focus and its name; a second press does nothing while the first is under way.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-autosave-only")) return;
    if (event.submitter?.hasAttribute("data-preview")) return; // it takes a file away and stays on the page
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    remember(form);
    (event.submitter ?? form.querySelector("button[type=submit]"))?.setAttribute("aria-disabled", "true");
    if (form.matches("[data-upload]") && form.querySelector("input[type=file]")?.files.length) upload(event, form);
  });

  // If the session has expired, sending leads to the sign-in page and the typed text would be lost: it is remembered
  // for this tab until the next page, and put back if that page was the sign-in page.
  const MEMORY = "sent-form";
  const GUARDS = new Set(["csrfmiddlewaretoken", "key", "seen", "version"]);
  const remember = (form) => {
    if (!form.matches("[data-house-form]")) return;
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !GUARDS.has(name));
    try { sessionStorage.setItem(MEMORY, JSON.stringify({ path: location.pathname, fields })); } catch { /* refused */ }
  };
  const putBack = () => {
    let memory;
    try { memory = JSON.parse(sessionStorage.getItem(MEMORY)); } catch { return; }
    if (!memory) return;
    if (document.documentElement.dataset.page === "entrance") {
      sessionStorage.setItem(MEMORY, JSON.stringify({ ...memory, interrupted: true }));
      return;
    }
    sessionStorage.removeItem(MEMORY);
    const form = document.querySelector("form[data-house-form]");
    if (!memory.interrupted || memory.path !== location.pathname || !form) return;
    fill(form, memory.fields, GUARDS);
    form.querySelector("[data-put-back]")?.removeAttribute("hidden");
  };

  const free = (form) => {
    sent.delete(form);
    form.querySelectorAll("[aria-disabled=true]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form").forEach(free); });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.target.matches?.("form")) free(event.target); });

  const upload = (event, form) => {
    event.preventDefault();
    const line = form.querySelector("[data-upload-progress]");
    const bar = line.querySelector("progress");
    const words = line.querySelector("[role=status]");
    line.hidden = false;
    const request = new XMLHttpRequest();
    const data = new FormData(form);
    if (event.submitter?.name) data.append(event.submitter.name, event.submitter.value);
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      const share = Math.round(100 * step.loaded / step.total);
      bar.value = share;
      // said by quarters, so that a screen reader is not flooded
      const said = `${Math.floor(share / 25) * 25} %`;
      if (words.textContent !== said) words.textContent = said;
    });
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const elsewhere = new URL(request.responseURL).pathname !== new URL(form.action).pathname;
      if (elsewhere || !page.querySelector("main")) {
        location.assign(request.responseURL);
        return;
      }
      document.querySelector("main").replaceWith(page.querySelector("main"));
      prepare(document);
      window.htmx?.process(document.querySelector("main"));
      document.getElementById("error-summary")?.focus();
    });
    request.addEventListener("error", () => {
      words.textContent = line.dataset.failed;
      bar.removeAttribute("value");
      free(form);
    });
    request.open("POST", form.action);
    request.send(data);
  };

  // Length counters: the limit warns and never cuts.
  const count = (area) => {
    const left = Number(area.dataset.limit) - area.value.length;
    let words = area.parentElement.querySelector(".counter");
    if (!words) {
      words = document.createElement("div");
      words.className = "counter";
      area.after(words);
    }
    words.textContent = `${area.value.length.toLocaleString(document.documentElement.lang)} / ${Number(area.dataset.limit).toLocaleString(document.documentElement.lang)}`;
    words.classList.toggle("tone-danger", left < 0);
    words.classList.toggle("tone-text", left < 0);
  };
  document.addEventListener("input", (event) => { if (event.target.dataset.limit) count(event.target); });

  const prepare = (root) => {
    root.querySelectorAll("textarea[data-limit]").forEach(count);
    watched().forEach((form) => { if (!initial.has(form)) initial.set(form, snapshot(form)); });
  };
  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    putBack();
  });
  document.addEventListener("htmx:load", (event) => prepare(event.target));
})();
