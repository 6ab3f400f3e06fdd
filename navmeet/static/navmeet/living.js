/* A part of a page that keeps itself true: it asks for itself each two seconds, and changes only when it is told
   something new. What is being written in it, and where one is, stay. Without JavaScript the page reloads itself. */

const EACH = 2000;
const PATIENCE = 8000;
const SILENT_TRIES = 2;

class Living {
  constructor(place) {
    this.place = place;
    this.says = document.querySelector("[data-living-says]");
    this.lost = document.querySelector("[data-living-lost]");
    this.failures = 0;
    this.running = false;
    this.goOn();
    this.later();
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.ask(); });
    window.addEventListener("online", () => this.ask());
  }

  get part() {
    return this.place.querySelector("[data-living]");
  }

  later() {
    clearTimeout(this.timer);
    if (!("livingEnds" in this.part.dataset)) this.timer = setTimeout(() => this.ask(), EACH);
  }

  async ask() {
    if (this.running) return;
    this.running = true;
    try {
      const answer = await fetch(this.part.dataset.living, {
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
        headers: { "If-None-Match": this.part.dataset.mark, Accept: "text/html" },
      });
      if (answer.status === 200) this.show(await answer.text());
      else if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return location.reload();
      else if (answer.status !== 304) throw new Error(answer.status);
      this.heard();
    } catch {
      this.failures += 1;
      if (this.lost && this.failures > SILENT_TRIES) this.lost.textContent = this.lost.dataset.words;
    } finally {
      this.running = false;
    }
    this.later();
  }

  heard() {
    this.failures = 0;
    if (this.lost) this.lost.textContent = "";
  }

  show(text) {
    const next = new DOMParser().parseFromString(text, "text/html").querySelector("[data-living]");
    if (!next) return;
    const kept = this.remember();
    const said = this.part.dataset.says;
    this.place.replaceChildren(document.adoptNode(next));
    this.restore(kept);
    if (this.says && next.dataset.says !== said) this.says.textContent = next.dataset.says;
    if (next.dataset.title) document.title = next.dataset.title;
    this.place.dispatchEvent(new Event("htmx:after:swap", { bubbles: true }));
    this.goOn();
  }

  remember() {
    const focused = document.activeElement;
    const fields = [...this.place.querySelectorAll("input[id], textarea[id], select[id]")];
    return {
      values: fields.filter((one) => one.type !== "hidden").map((one) => [one.id, one.value, one.checked]),
      open: [...this.place.querySelectorAll("details[open][id]")].map((one) => one.id),
      focus: this.place.contains(focused) ? { id: focused.id, start: focused.selectionStart, end: focused.selectionEnd } : null,
    };
  }

  restore({ values, open, focus }) {
    for (const [id, value, checked] of values) {
      const field = document.getElementById(id);
      if (!field) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = checked;
      else field.value = value;
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (!focus) return;
    const field = focus.id && document.getElementById(focus.id);
    /* Where what had the focus is gone, the part's own heading takes it, not the top of the page. */
    const target = field || this.place.querySelector("h1, h2");
    if (!field) target?.setAttribute("tabindex", "-1");
    target?.focus({ preventScroll: true });
    if (field && typeof focus.start === "number") field.setSelectionRange?.(focus.start, focus.end);
  }

  goOn() {
    const form = this.place.querySelector("form[data-go-on]");
    if (form && !form.dataset.sending) form.requestSubmit();
  }
}

const place = document.querySelector("[data-living-part]");
if (place) new Living(place);
