// The sum of a grid's weights while they are typed. The server says it again with each save.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const line = document.querySelector("[data-weights]");
  const count = () => {
    const sum = [...document.querySelectorAll("[data-weight]")].reduce((total, input) => total + (parseInt(input.value, 10) || 0), 0);
    line.textContent = `${line.dataset.words} ${sum} / 100`;
    line.className = `tone-text ${sum === 100 ? "tone-success" : "tone-danger"}`;
    line.hidden = false;
  };
  document.addEventListener("input", count);
  count();
});
