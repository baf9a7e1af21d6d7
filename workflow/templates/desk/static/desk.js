// Single keys, the list of them, and where the focus goes when another report is shown. Everything works without it.
"use strict";
(() => {
  const typing = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
  let waiting = false;

  const says = (text) => {
    const live = document.getElementById("live");
    live.textContent = "";
    // A region that gets the same text twice is read once only if it was empty between.
    setTimeout(() => { live.textContent = text; }, 60);
  };

  const ready = () => {
    document.querySelectorAll("[data-opens]").forEach((button) => { button.hidden = false; });
    const narrow = window.matchMedia("(max-width: 47.99rem)").matches;
    if (narrow) document.querySelectorAll("details.criteria").forEach((part) => { part.open = false; });
  };

  const shown = () => {
    ready();
    const main = document.getElementById("main");
    if (!main) return;
    const problem = document.getElementById("problem");
    (problem || document.getElementById("report-heading") || main).focus({ preventScroll: true });
    window.scrollTo(0, 0);
    says(main.dataset.said || "");
  };

  const pressed = (event) => {
    if (document.body.dataset.shortcuts !== "on" || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.shiftKey && event.key.length === 1 && event.key.toLowerCase() !== event.key) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const has = (name) => [...document.querySelectorAll(`[${name}]`)]
      .find((element) => element.getAttribute(name).split(" ").includes(key) && !element.disabled);
    const focused = has("data-key-focus");
    if (focused) {
      event.preventDefault();
      focused.focus();
      return;
    }
    const found = has("data-key");
    if (!found) return;
    event.preventDefault();
    if (!waiting) found.click();
  };

  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-opens]");
    if (button) document.getElementById(button.dataset.opens).showModal();
  });
  document.addEventListener("htmx:before:request", () => { waiting = true; });
  document.addEventListener("htmx:finally:request", () => { waiting = false; });
  document.addEventListener("htmx:error", () => {
    waiting = false;
    says("No answer: nothing is known to be saved. Is reviewflow still running?");
  });
  document.addEventListener("htmx:after:swap", shown);
  ready();
  // What a form answered that was sent before htmx was ready, or without it.
  if (document.getElementById("problem") || document.getElementById("main").dataset.said) shown();
})();
