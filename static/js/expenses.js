// Expenditure against the budget: differences follow what is typed. The server computes them again when it saves.
"use strict";

(() => {
  const language = document.documentElement.lang || "fr";
  const euros = new Intl.NumberFormat(language, { style: "currency", currency: "EUR" });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });

  // The last of "," and "." is the decimal mark, as on the server.
  const read = (text) => {
    let plain = text.replace(/[\s\u00a0\u202f'’€]/g, "");
    if (plain.includes(",") && plain.includes(".")) plain = plain.replaceAll(plain.lastIndexOf(",") > plain.lastIndexOf(".") ? "." : ",", "");
    const number = Number(plain.replace(",", "."));
    return plain && Number.isFinite(number) ? number : 0;
  };

  const refresh = (table) => {
    let total = 0;
    table.querySelectorAll("tbody tr").forEach((row) => {
      const input = row.querySelector("input");
      if (!input) return;
      const spent = read(input.value);
      total += spent;
      const planned = Number(row.dataset.planned);
      const difference = spent + Number(row.dataset.before) - planned;
      row.querySelector("[data-difference]").textContent = euros.format(difference);
      row.querySelector("[data-share]").textContent = planned ? percent.format(difference / planned) : "—";
    });
    const cell = table.querySelector("[data-total]");
    if (cell) cell.textContent = euros.format(total);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table[data-expenses]").forEach((table) => {
      table.addEventListener("input", () => refresh(table));
    });
  });
})();
