// Time left before a deadline, and the reader's own time where it differs from the Region's.
"use strict";

(() => {
  const language = document.documentElement.lang || "fr";
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  const MINUTE = 60e3;
  const HOUR = 60 * MINUTE;
  const loaded = performance.now();

  // The server's clock decides; this device's may be wrong, so only its stopwatch is used.
  const show = (element) => {
    const now = Date.parse(element.dataset.now) + (performance.now() - loaded);
    const left = Date.parse(element.dataset.countdown) - now;
    if (left <= 0) {
      element.textContent = element.dataset.closed;
      element.classList.add("tone-danger");
      return;
    }
    if (left > 48 * HOUR) return; // the server's words in days are enough
    element.classList.add("tone-warning");
    const hours = Math.floor(left / HOUR);
    const minutes = Math.floor((left % HOUR) / MINUTE);
    element.textContent = hours >= 6 ? relative.format(hours, "hour")
      : hours > 0 ? `${relative.format(hours, "hour")} ${String(minutes).padStart(2, "0")} min`
        : minutes > 0 ? relative.format(minutes, "minute")
          : relative.format(Math.ceil(left / 1000), "second");
  };

  const tick = () => document.querySelectorAll("[data-countdown]").forEach(show);

  const offset = (date, timeZone) => {
    const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(date);
    return parts.find((part) => part.type === "timeZoneName").value;
  };

  const ownTime = (root) => root.querySelectorAll("time.instant[data-zone]:not([data-told])").forEach((element) => {
    element.dataset.told = "";
    const date = new Date(element.dateTime);
    if (offset(date, undefined) === offset(date, element.dataset.zone)) return;
    const own = document.createElement("span");
    own.className = "instant-own";
    const text = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(date);
    own.textContent = ` (${text}, ${document.body.dataset.ownTime})`;
    element.after(own);
  });

  document.addEventListener("DOMContentLoaded", () => {
    ownTime(document);
    tick();
    setInterval(tick, 10e3);
  });
  document.addEventListener("htmx:load", (event) => { ownTime(event.target); tick(); });
})();
