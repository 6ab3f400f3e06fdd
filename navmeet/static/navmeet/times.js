/* Free times beside a form: they follow what is chosen, and one click fills in the time. Without JavaScript the same
   buttons send the form, and the server gives it back with the time in it. */

const FOLLOWED = ["type", "format", "room_id", "staff", "day", "time", "minutes", "fold"];
const PATIENCE = 8000;

class Times {
  constructor(form) {
    this.form = form;
    this.says = document.createElement("p");
    this.says.className = "aksel-sr-only";
    this.says.setAttribute("role", "status");
    document.body.append(this.says);
    this.hideWhatIsForOthers();
    form.addEventListener("change", (event) => { if (FOLLOWED.includes(event.target.name)) this.ask(); });
    document.addEventListener("click", (event) => this.pressed(event));
  }

  hideWhatIsForOthers() {
    document.querySelectorAll("[data-without-script]").forEach((one) => { one.hidden = true; });
  }

  pressed(event) {
    const button = event.target.closest?.("[data-take], [data-later]");
    if (!button || button.form !== this.form) return;
    event.preventDefault();
    if ("later" in button.dataset) return void this.ask({ later: button.value, focus: "times-heading" });
    const [, day, time, fold] = button.value.match(/^(.+)T(.+)\/(.*)$/);
    this.form.elements.day.value = day;
    this.form.elements.time.value = time;
    this.ask({ fold, focus: "suits-heading" });
  }

  async ask({ later, fold, focus } = {}) {
    this.asked?.abort();
    const asked = this.asked = new AbortController();
    const data = new FormData(this.form);
    if (later) data.set("later", later);
    if (fold !== undefined) data.set("fold", fold);
    if (focus === "suits-heading") for (const name of ["overrule", "overrule_why"]) data.delete(name);
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new URLSearchParams(data),
        credentials: "same-origin",
        signal: AbortSignal.any([asked.signal, AbortSignal.timeout(PATIENCE)]),
        headers: { "X-Part": "times", Accept: "text/html" },
      });
      if (!answer.ok) throw new Error(answer.status);
      this.show(await answer.text(), focus);
    } catch (error) {
      /* What stands there is not about what is chosen now, and is taken away; the server looks again when it is sent. */
      if (error.name !== "AbortError") this.lose();
    }
  }

  show(text, focus) {
    const answer = new DOMParser().parseFromString(text, "text/html");
    const focused = document.activeElement?.id;
    for (const next of answer.querySelectorAll("[data-times-part]")) {
      document.getElementById(next.id)?.replaceWith(document.adoptNode(next));
    }
    this.hideWhatIsForOthers();
    const target = document.getElementById(focus ?? focused);
    if (target && (focus || document.activeElement === document.body)) {
      if (focus) target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: !focus });
    }
    const says = document.getElementById("suits")?.dataset.says ?? "";
    if (!focus) this.says.textContent = says;
  }

  lose() {
    document.querySelectorAll("[data-take], [data-later]").forEach((one) => one.closest("li, button").remove());
    document.querySelectorAll("[data-without-script]").forEach((one) => { one.hidden = false; });
    this.says.textContent = "Vi får ikke hentet ledige tider nå.";
  }
}

const form = document.querySelector("form[data-times]");
if (form) new Times(form);
