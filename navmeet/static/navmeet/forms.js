/* What every form gets: sent once, the error summary in focus, a counter under long texts.
   Without JavaScript all of it still works: the server keeps the same request from acting twice. */

import { renewToken } from "./token.js";

const WORDS = {
  nb: { sending: "Sender …", left: (n) => `${n} tegn igjen`, over: (n) => `${n} tegn for mye` },
  nn: { sending: "Sender …", left: (n) => `${n} teikn att`, over: (n) => `${n} teikn for mykje` },
  en: { sending: "Sending …", left: (n) => `${n} characters left`, over: (n) => `${n} characters too many` },
};
const words = WORDS[document.documentElement.lang] ?? WORDS.nb;

const announcer = document.createElement("p");
announcer.className = "aksel-sr-only";
announcer.setAttribute("role", "status");
document.body.append(announcer);

/* Not `disabled`: that would take the focus away and leave the button's name and value out of what is sent. */
function hold(form) {
  form.dataset.sending = "true";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
}

function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.method !== "post" || form.target === "_blank") return;
  hold(form);
  announcer.textContent = words.sending;
});

/* Back again, from the browser's memory: the buttons must work. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach(release);
  announcer.textContent = "";
});

function focusOnErrors(root) {
  root.querySelector?.("[data-error-summary]")?.focus();
}

function count(limit) {
  const field = document.getElementById(limit.dataset.for);
  if (!field || limit.dataset.counting) return;
  limit.dataset.counting = "true";
  const asWritten = limit.textContent;
  const show = () => {
    /* As the server counts: characters, not code units, and a line break as the two that are sent. */
    const left = Number(limit.dataset.limit) - Array.from(field.value.replaceAll("\n", "\r\n")).length;
    limit.textContent = left < 0 ? words.over(-left) : field.value ? words.left(left) : asWritten;
    limit.classList.toggle("aksel-textarea__counter--error", left < 0);
  };
  field.addEventListener("input", show);
  show();
}

function prepare(root) {
  /* One way of saying what is wrong: ours, in the error summary, not the browser's bubbles. */
  root.querySelectorAll?.("form[method=post]").forEach((form) => { form.noValidate = true; });
  root.querySelectorAll?.("[data-limit]").forEach(count);
}

/* The page of a lost session: back from logging in elsewhere, the button must work. */
document.addEventListener("visibilitychange", () => {
  const form = document.querySelector("form[data-renew]");
  if (form && !document.hidden) renewToken(form.dataset.renew).catch(() => {});
});

prepare(document);
focusOnErrors(document);
document.addEventListener("htmx:after:swap", (event) => {
  prepare(event.target);
  focusOnErrors(event.target);
});
