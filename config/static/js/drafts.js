// What somebody typed and has not saved, kept so that a lost page loses nothing.
//
// A draft can hold private facts and school computers are shared. So it lives in this tab alone
// (sessionStorage ends with the tab), under the id of the person who typed it; it goes when the form is
// saved, when the person signs out in any tab, when a page for anybody else opens here, and after two hours.
// Passwords, codes, files and hidden fields are never kept.

const PREFIX = "draft:";
const KEEP_MS = 2 * 60 * 60 * 1000;
const person = document.body.dataset.person || "";

function keys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

let forgotten = false; // once told to forget, leaving the page must not write it down again
const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("alongside-drafts") : null;

function forgetHere() {
  forgotten = true;
  for (const key of keys()) sessionStorage.removeItem(key);
}

export function forgetAll() {
  forgetHere();
  otherTabs?.postMessage("forget");
}

if (otherTabs) otherTabs.onmessage = forgetHere;

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function forgetOldAndOthers() {
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || !person || !key.startsWith(`${PREFIX}${person}:`) || Date.now() - draft.at > KEEP_MS) {
      sessionStorage.removeItem(key);
    }
  }
}

function kept(form) {
  return [...form.elements].filter(
    (e) => e.name && !["hidden", "password", "file", "submit", "button"].includes(e.type) && e.autocomplete !== "one-time-code",
  );
}

function valueOf(element) {
  if (element.type === "checkbox" || element.type === "radio") return element.checked;
  if (element.type === "select-multiple") return [...element.selectedOptions].map((o) => o.value);
  return element.value;
}

function put(element, value) {
  if (element.type === "checkbox" || element.type === "radio") element.checked = value;
  else if (element.type === "select-multiple") for (const o of element.options) o.selected = value.includes(o.value);
  else element.value = value;
}

function slot(element) {
  return element.type === "checkbox" || element.type === "radio" ? `${element.name}=${element.value}` : element.name;
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

function snapshot(form) {
  return Object.fromEntries(kept(form).map((element) => [slot(element), valueOf(element)]));
}

function say(form, drawn, sent) {
  const { draftKept, draftSent, draftDrop } = document.body.dataset; // the page puts them in the reader's language
  const note = document.createElement("p");
  note.className = "govuk-inset-text";
  note.setAttribute("role", "status");
  note.dataset.keptDraft = "";
  note.append(
    `${sent ? draftSent : draftKept} `,
  );
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "al-plain";
  drop.textContent = draftDrop;
  drop.addEventListener("click", () => {
    for (const element of kept(form)) put(element, drawn[slot(element)]);
    sessionStorage.removeItem(PREFIX + form.dataset.draft);
    note.remove();
    kept(form)[0]?.focus();
  });
  note.append(drop);
  form.prepend(note);
}

// A form that was saved while its page stays open: what was sent is what the page would hold if it were drawn now.
export function keptAs(form, sent) {
  form.querySelector("[data-kept-draft]")?.remove();
  form.dispatchEvent(new CustomEvent("saved", { detail: sent }));
}

function keep(form) {
  const key = PREFIX + form.dataset.draft;
  let drawn = snapshot(form);
  const draft = read(key);
  // A page that came back with errors already holds what was typed: the server's copy is the newer one.
  const cameBack = document.querySelector(".govuk-error-summary") !== null;
  if (draft && !cameBack && same(draft.drawn, drawn)) {
    for (const element of kept(form)) if (slot(element) in draft.typed) put(element, draft.typed[slot(element)]);
    say(form, drawn, draft.sent);
  } else if (draft) {
    sessionStorage.removeItem(key);
  }
  let wait = 0;
  const store = (sent) => {
    clearTimeout(wait);
    if (forgotten) return;
    const typed = snapshot(form);
    try {
      if (same(typed, drawn)) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), sent, drawn, typed }));
    } catch {
      // No room, or storage is off: the form still works.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(store, 400, false);
  });
  form.addEventListener("submit", () => store(true));
  form.addEventListener("saved", (event) => {
    drawn = snapshot(form);
    for (const element of event.detail ? kept(form) : []) {
      const sent = event.detail.getAll(element.name);
      const ticks = element.type === "checkbox" || element.type === "radio";
      drawn[slot(element)] = ticks ? sent.includes(element.value) : (sent[0] ?? "");
    }
    store(false);
  });
  window.addEventListener("pagehide", () => {
    if (!form.dataset.sent) store(false);
  });
}

export function keepDrafts() {
  forgetOldAndOthers();
  if (!person) return;
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const shown = new Set(forms.map((form) => PREFIX + form.dataset.draft));
  // Sent, and the answer is another page or says it is done: it was saved.
  const done = document.querySelector(".govuk-notification-banner--success") !== null;
  const refused = document.querySelector("[data-keep-drafts]") !== null;
  for (const key of keys()) {
    if (read(key)?.sent && !refused && (done || !shown.has(key))) sessionStorage.removeItem(key);
  }
  for (const form of document.querySelectorAll(`form[data-draft^="${CSS.escape(person)}:"]`)) keep(form);
}
