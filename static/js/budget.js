// Live totals of the budget grid. Without this file the same totals come back with each save.
"use strict";

(() => {
  const REGION = "74-REGION";

  // « 1 234,50 » and "1,234.50" alike: the last of , and . is the decimal mark, as the server reads them. In cents.
  const cents = (text) => {
    let plain = text.replace(/[\s\u00a0\u202f\u2009'’€]/g, "");
    if (plain.includes(",") && plain.includes(".")) plain = plain.replaceAll(plain.lastIndexOf(",") > plain.lastIndexOf(".") ? "." : ",", "");
    plain = plain.replace(",", ".");
    return /^\d+(\.\d{0,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : 0;
  };

  const start = (form) => {
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
    const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 2 });
    const said = form.querySelector("[data-budget-said]");
    const most = Number(form.dataset.maxRate) / 100;

    const count = () => {
      const totals = new Map();
      let eligible = 0;
      let requested = 0;
      form.querySelectorAll("input[data-side]").forEach((cell) => {
        const amount = cents(cell.value);
        const key = `${cell.dataset.year}:${cell.dataset.side}`;
        totals.set(key, (totals.get(key) ?? 0) + amount);
        if ("eligibleCell" in cell.dataset) eligible += amount;
        if (cell.dataset.code === REGION) requested += amount;
      });
      const gaps = [];
      form.querySelectorAll("tr[data-year]").forEach((row) => {
        const sum = (side) => totals.get(`${row.dataset.year}:${side}`) ?? 0;
        const gap = sum("expense") - sum("income");
        row.querySelector("[data-total=expense]").textContent = format.format(sum("expense") / 100);
        row.querySelector("[data-total=income]").textContent = format.format(sum("income") / 100);
        const cell = row.querySelector("[data-gap]");
        cell.textContent = format.format(gap / 100);
        cell.toggleAttribute("data-bad", gap !== 0);
        gaps.push(`${row.dataset.year} : ${format.format(gap / 100)}`);
      });
      form.querySelector("[data-eligible]").textContent = format.format(eligible / 100);
      form.querySelector("[data-requested]").textContent = format.format(requested / 100);
      const rate = form.querySelector("[data-rate]");
      const share = eligible ? requested / eligible : 0;
      rate.textContent = percent.format(share);
      rate.classList.toggle("tone-danger", share > most);
      rate.classList.toggle("tone-text", share > most);
      return gaps.join(" ; ");
    };

    form.addEventListener("input", count);
    form.addEventListener("change", () => { said.textContent = count(); });
    count();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-budget]").forEach(start));
})();
