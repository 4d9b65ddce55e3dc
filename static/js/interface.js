// Menus, dialogs, colours, selection in lists, printing. Every page works without this file.
"use strict";

(() => {
  const all = (selector, root = document) => root.querySelectorAll(selector);

  const prepare = (root) => {
    all("[data-needs-js]", root).forEach((element) => { element.hidden = false; });
    all("form[data-bulk]", root).forEach(countSelected);
  };

  // Menus are <details>: close them on Escape, and when the focus or a click goes elsewhere.
  const closeMenus = (except) => all("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Colours: the choice is a cookie, so that the server writes it into the page and nothing flashes.
  const chooseTheme = (theme) => {
    const current = document.documentElement.dataset.bsTheme;
    const chosen = current === theme ? "" : theme;
    if (chosen) document.documentElement.dataset.bsTheme = chosen;
    else delete document.documentElement.dataset.bsTheme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${chosen}; path=/; max-age=${chosen ? 31536000 : 0}; samesite=lax${secure}`;
  };

  // Lists: select all the rows of the page, say how many are selected.
  const boxesOf = (form) => [...document.querySelectorAll(`input[name="selected"][form="${form.id}"]`)];
  const countSelected = (form) => {
    const count = boxesOf(form).filter((box) => box.checked).length;
    const words = form.querySelector("[data-bulk-count]");
    words.textContent = words.dataset[count === 0 ? "none" : count === 1 ? "one" : "many"].replace("{n}", count);
    all("button", form).forEach((button) => { button.disabled = count === 0; });
  };

  document.addEventListener("change", (event) => {
    const target = event.target;
    if (target.dataset.selectAll) {
      const form = document.getElementById(`${target.dataset.selectAll}-bulk`);
      boxesOf(form).forEach((box) => { box.checked = target.checked; });
      countSelected(form);
    } else if (target.name === "selected" && target.form?.matches("[data-bulk]")) {
      countSelected(target.form);
    }
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-dialog], [data-print], [data-theme-choice], [data-copy]");
    if (!target) return;
    if (target.dataset.dialog) document.getElementById(target.dataset.dialog).showModal();
    if (target.dataset.themeChoice) chooseTheme(target.dataset.themeChoice);
    if ("print" in target.dataset) window.print();
    if (target.dataset.copy) {
      navigator.clipboard.writeText(target.dataset.copy).then(() => {
        if (target.dataset.copied) target.textContent = target.dataset.copied;
      });
    }
  });

  // Folded tables are printed open.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...all("details.print-open:not([open])")];
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));

  // A partial refresh that fails falls back on the whole page, which knows how to say what happened.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.requestConfig.verb === "get") location.assign(event.detail.pathInfo.finalRequestPath);
  });

  document.addEventListener("htmx:load", (event) => prepare(event.target));
  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    document.getElementById("error-summary")?.focus();
  });
})();
