/* Autosave for the form of the minutes: <form data-autosave="/meetings/…/minutes/autosave/">, CSRF token inside.

   A save posts the form's fields (x-www-form-urlencoded) with X-CSRFToken and Accept: application/json.
   200–204: saved; JSON may hold {"version": 4}, which goes into the field named version.
   401, 403: logged out, or in again with a new token; data-renew says where a token is found (else "/"). 409, 412: somebody else has saved. 400, 422: {"detail": "…"} is shown. Others, or no answer: retry.
   Nothing leaves the form but to the server: the text is never written to the browser's storage, and a save that
   failed never changes what stands in the fields. */

import { renewToken } from "./token.js";

const QUIET = 2000; // ms after the last key
const AT_MOST = 10000; // ms of typing without a save
const RETRIES = [5000, 10000, 20000, 60000];
const TIME = new Intl.DateTimeFormat("nb-NO", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Oslo" });

const clock = () => `kl. ${TIME.format(new Date()).replace(":", ".")}`;

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]") ?? this.makeStatus();
    this.problem = form.querySelector("[data-autosave-problem]") ?? this.makeProblem();
    this.saved = this.body();
    this.failures = 0;
    this.running = false;
    this.stopped = false;
    this.leaving = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => { this.leaving = true; clearTimeout(this.timer); });
    document.addEventListener("visibilitychange", () => { if (document.hidden || this.isLoggedOut) this.save(); });
    window.addEventListener("pageshow", () => { this.leaving = false; });
    window.addEventListener("online", () => this.save());
    window.addEventListener("beforeunload", (event) => { if (!this.leaving && this.isDirty()) event.preventDefault(); });
  }

  makeStatus() {
    const line = document.createElement("p");
    line.className = "nm-autosave";
    line.setAttribute("role", "status");
    this.form.append(line);
    return line;
  }

  makeProblem() {
    const place = document.createElement("div");
    place.className = "nm-autosave-problem";
    place.setAttribute("role", "alert");
    this.form.append(place);
    return place;
  }

  body() {
    const data = new FormData(this.form);
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  }

  text() {
    /* The version is ours to change; it is not something that somebody wrote. */
    const data = new URLSearchParams(this.body());
    data.delete("version");
    return data.toString();
  }

  isDirty() {
    const saved = new URLSearchParams(this.saved);
    saved.delete("version");
    return this.text() !== saved.toString();
  }

  changed() {
    if (this.stopped || !this.isDirty()) return;
    this.say("Ikke lagret ennå", "waiting");
    this.since ??= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(QUIET, this.since + AT_MOST - Date.now())));
  }

  async save() {
    clearTimeout(this.timer);
    if (this.running || this.stopped || this.leaving || !this.isDirty()) return;
    this.running = true;
    this.since = null;
    const body = this.body();
    if (!this.failures) this.say("Lagrer …", "saving");
    try {
      if (this.isLoggedOut && (await renewToken(this.form.dataset.renew || "/"))) this.isLoggedOut = false;
      await this.settle(await this.send(body), body);
    } catch {
      this.failed("Ikke lagret. Prøv igjen.", true);
    } finally {
      this.running = false;
    }
    if (!this.failures && this.isDirty()) this.changed();
  }

  send(body) {
    return fetch(this.form.dataset.autosave || this.form.action, {
      method: "POST",
      body,
      redirect: "manual",
      keepalive: body.length < 60000,
      credentials: "same-origin",
      signal: AbortSignal.timeout(15000),
      headers: {
        Accept: "application/json",
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        "X-CSRFToken": this.form.elements.csrfmiddlewaretoken?.value ?? "",
      },
    });
  }

  async settle(answer, body) {
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      this.saved = body;
      this.failures = 0;
      this.problem.replaceChildren();
      if (told.version !== undefined && this.form.elements.version) this.form.elements.version.value = told.version;
      this.say(`Lagret ${clock()}`, "saved");
    } else if (answer.status === 401 || answer.type === "opaqueredirect") {
      this.isLoggedOut = true;
      this.failed("Ikke lagret. Du er logget ut.", true);
      this.explain("Du er logget ut. Teksten står fortsatt her. Logg inn i en ny fane, så lagrer vi når du kommer tilbake.", "/login/", "Logg inn (åpnes i en ny fane)");
    } else if (answer.status === 409 || answer.status === 412) {
      this.stopped = true;
      this.failed("Ikke lagret. Referatet er endret av noen andre.", false);
      this.explain(told.detail || "Noen andre har lagret dette referatet mens du skrev. Teksten din står fortsatt her, men blir ikke lagret av seg selv. Åpne referatet i en ny fane, og ta med det du har skrevet.", location.pathname, "Åpne det som er lagret (ny fane)");
    } else if (answer.status === 400 || answer.status === 422) {
      this.failed("Ikke lagret. Se hva som må rettes.", false);
      this.explain(told.detail || "Noe i teksten kan ikke lagres. Rett det, så prøver vi igjen.");
    } else {
      this.failed("Ikke lagret. Prøv igjen.", true);
      this.isLoggedOut = answer.status === 403;
      if (answer.status === 403) this.explain(told.detail || "Vi fikk ikke lov til å lagre. Teksten står fortsatt her, og vi prøver igjen. Lar det seg ikke lagre, kan du ha mistet tilgangen.");
    }
  }

  failed(text, again) {
    this.failures += 1;
    this.say(text, "failed");
    const wait = RETRIES[Math.min(this.failures, RETRIES.length) - 1];
    if (again) this.timer = setTimeout(() => this.save(), wait);
  }

  say(text, state) {
    if (this.status.dataset.state === "failed" && state === "waiting") return;
    this.status.dataset.state = state;
    this.status.textContent = text;
  }

  explain(text, address, linkText) {
    /* Said once, not at every new attempt. */
    if (this.problem.querySelector("p")?.textContent === text) return;
    const box = document.createElement("div");
    box.className = "aksel-alert aksel-alert--warning aksel-alert--medium";
    box.dataset.color = "warning";
    const words = document.createElement("div");
    words.className = "aksel-alert__wrapper aksel-alert__wrapper--maxwidth aksel-body-long";
    const sentence = document.createElement("p");
    sentence.textContent = text;
    words.append(sentence);
    if (address) {
      const link = document.createElement("a");
      link.className = "aksel-link";
      link.href = address;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = linkText;
      words.append(link);
    }
    box.append(words);
    this.problem.replaceChildren(box);
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
