// Everything here only adds comfort: each page and form works without it.
import { keepDrafts, forgetAll } from "./drafts.js";
import { readAloud } from "./aloud.js";
import { voice } from "./voice.js";

const here = document.querySelector("script[data-govuk]");

async function govuk() {
  const { initAll } = await import(here.dataset.govuk);
  initAll();
}

// GOV.UK's script opens its classes only where the body says so too.
document.body.classList.add("govuk-frontend-supported");

// A second press of a button, or Enter pressed twice, sends a form once. Coming back lets it be sent again.
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 8000) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = String(Date.now());
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

// Filters stand open where there is room for them.
function openFilters() {
  if (window.matchMedia("(min-width: 641px)").matches) {
    for (const fold of document.querySelectorAll(".al-filters__fold")) fold.open = true;
  }
}

// What is folded away on a screen is printed.
function unfoldOnPaper() {
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    for (const fold of folded) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of folded) fold.open = false;
  });
}

// On a page shown as somebody else sees it, links lead on in that view or nowhere, and forms are not sent.
function lookOnly(view) {
  const parts = new Set([...document.querySelectorAll(".al-about a")].map((link) => link.pathname));
  const own = view.replace(/as\/[^/]+\/$/, "");
  const main = document.querySelector("main");
  main.addEventListener("submit", (event) => event.preventDefault());
  main.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || (link.hash && link.pathname === window.location.pathname)) return;
    event.preventDefault();
    const there = link.pathname.startsWith(own) ? view + link.pathname.slice(own.length) : "";
    if (parts.has(there)) window.location.assign(there);
  });
}

sendOnce();
openFilters();
unfoldOnPaper();
readAloud();
voice();
if (document.body.dataset.seenAs) lookOnly(document.body.dataset.seenAs);
else keepDrafts();
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-drafts]")) forgetAll();
});
govuk();
