// A review while it is held: what is typed is saved as people talk, and a broken connection loses nothing.
//
// What could not be sent stays in its form (drafts.js keeps it through a reload), is sent again by itself, and the page
// says so until it is saved. Without this script each form has a button that does the same.
import { keptAs } from "./drafts.js";

const IDLE_MS = 2500;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30000;
const [NO_ANSWER, SIGNED_OUT, NOT_HERE, AGAIN] = [0, 1, 2, 3];
const line = document.querySelector("#saving"); // it also holds the words, which the page puts in the reader's language
const WHY = { [SIGNED_OUT]: line.dataset.signedOut, [NOT_HERE]: line.dataset.notHere };
const waiting = new Map(); // what is not saved yet: a form, and what the page says of it

function tell() {
  const said = [...waiting.values()].filter(Boolean);
  line.hidden = false;
  line.dataset.state = said.length ? "wrong" : waiting.size ? "saving" : "saved";
  line.textContent = said[0] || (waiting.size ? line.dataset.saving : line.dataset.saved || "");
}

function words(form, name) {
  return form.querySelector(`[name="${CSS.escape(name)}"]`);
}

function clearErrors(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const old of form.querySelectorAll("[data-from-room]")) old.remove();
  for (const group of form.querySelectorAll(".govuk-form-group--error")) group.classList.remove("govuk-form-group--error");
}

// Each error stands at its field; `look` leads the keyboard to the first.
function showErrors(form, errors, look) {
  let first = null;
  for (const [name, found] of Object.entries(errors)) {
    const field = words(form, name) || words(form, `${name}_0`);
    const group = field?.type === "hidden" ? null : field?.closest(".govuk-form-group");
    const error = document.createElement("p");
    error.className = "govuk-error-message";
    error.dataset.fromRoom = "";
    error.textContent = found.join(" ");
    if (group) {
      field.setAttribute("aria-invalid", "true");
      first = first || field;
    }
    group?.classList.add("govuk-form-group--error");
    if (group) (group.querySelector("legend, label") || group.firstElementChild).after(error);
    else form.prepend(error);
  }
  if (look) first?.focus();
}

// An answer that is a page: whoever typed is signed out, or has signed in anew, and then the forms need its token.
async function whoIsHere() {
  const page = new DOMParser().parseFromString(await (await fetch(window.location.href)).text(), "text/html");
  const { person } = page.body.dataset;
  if (!person) return SIGNED_OUT;
  const token = page.querySelector("form[data-as-we-go] [name=csrfmiddlewaretoken]")?.value;
  if (person !== document.body.dataset.person || !token) return NOT_HERE;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return AGAIN;
}

// Send a form until it is saved or refused; whatever is typed meanwhile is sent after it.
function sender(form, { saved, refused, again = true }) {
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let busy = false;
  let dirty = false;
  let unanswered = null; // was sent, and may have been saved: sent again as it was, so that it is known before more is

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  }

  function hold(why, retry = true) {
    waiting.set(form, why);
    tell();
    if (!retry) {
      refused?.();
      return;
    }
    later(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  async function send() {
    if (busy) {
      dirty = true;
      return;
    }
    busy = true;
    clearTimeout(timer);
    if (!waiting.get(form)) waiting.set(form, "");
    tell();
    const now = new URLSearchParams(new FormData(form));
    const body = unanswered || now;
    body.set("csrfmiddlewaretoken", now.get("csrfmiddlewaretoken"));
    dirty = String(body) !== String(now);
    let answer;
    let told = {};
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(20000),
      });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) told = await answer.json();
      else if (answer.status < 500) answer = { status: await whoIsHere() };
    } catch {
      answer = { status: NO_ANSWER };
    }
    busy = false;
    unanswered = answer.status === NO_ANSWER || answer.status >= 500 ? body : null;
    clearErrors(form);
    if (answer.status === 200) {
      wait = FIRST_WAIT_MS;
      waiting.delete(form);
      line.dataset.saved = line.dataset.savedAt.replace("{time}", told.saved);
      saved(told, body, dirty);
      if (dirty && again) later(0);
    } else if (WHY[answer.status]) {
      hold(WHY[answer.status], answer.status === SIGNED_OUT);
    } else if (told.errors) {
      waiting.set(form, line.dataset.lookAgain);
      showErrors(form, told.errors, !again);
      refused?.();
      if (dirty && again) later(0);
    } else if (told.stale) {
      hold(line.dataset.changed, false);
    } else if (told.refused) {
      hold(told.refused, false);
    } else {
      hold(line.dataset.noAnswer);
    }
    tell();
  }

  window.addEventListener("online", () => {
    if (waiting.get(form)) later(0);
  });
  return { send, later };
}

// Without the buttons: what is typed is saved when the typing stops, and at once when a field is left.
function asWeGo(form) {
  const { send, later } = sender(form, {
    saved(told, body) {
      words(form, "version").value = told.version;
      keptAs(form, body);
    },
  });
  const changed = () => {
    waiting.set(form, waiting.get(form) || "");
    later(IDLE_MS);
    tell();
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", () => send());
  form.addEventListener("submit", () => waiting.delete(form)); // its own button was pressed: the page is left
  if (form.querySelector("[data-kept-draft]")) send();
}

// One judgement after another: written down, it stands above, and it is the next person's turn.
function inTurn(form) {
  const button = form.querySelector("button");
  const place = form.closest(".al-judge").querySelector("[data-said]");
  const { send } = sender(form, {
    again: false, // what was typed since is another judgement: it is sent when its button is pressed
    saved(told, body, more) {
      button.disabled = false;
      place.innerHTML = told.html;
      form.querySelector("[name$='-key']").value = told.key;
      if (more) return;
      for (const box of form.querySelectorAll("textarea")) box.value = "";
      for (const radio of form.querySelectorAll("input[type=radio]")) radio.checked = false;
      for (const list of form.querySelectorAll("select")) list.selectedIndex = 0;
      form.querySelector("[name$='-voice']").value = told.voice;
      keptAs(form);
    },
    refused() {
      button.disabled = false;
    },
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    send();
  });
  form.addEventListener("input", () => {
    button.disabled = false;
  });
}

for (const form of document.querySelectorAll("form[data-as-we-go]")) asWeGo(form);
for (const form of document.querySelectorAll("form[data-said-in-the-room]")) inTurn(form);
window.addEventListener("beforeunload", (event) => {
  if (waiting.size) event.preventDefault();
});
