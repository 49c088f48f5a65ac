// The forms of contributing: kept on the server while one types, the answer
// shown beside the form (readiness, words, what is like it), the pin on the map.
// Without it the same form is saved by a button and looked over by the server.
import { Besides } from "./enclose";

interface Step { state: string; text: string; path?: string; drawing: string; word: string }
interface Alike { slug: string; title: string; path: string; line: string }
interface Choice { value: string; text: string; chosen: boolean }
interface Kept {
  draft: string;
  saved: string;
  words: string;
  understood?: string;
  good: boolean;
  choices: Choice[] | null;
  ready: { heading: string; of: string; percent: number; steps: Step[] };
  alike: Alike[];
  sentence: string;
  drawing: string;
}

const pause = 900; // ms after the last keystroke
const again = 8000; // ms until a keeping that failed is tried again

class Writing {
  private timer = 0;
  private asked = "";
  private running: AbortController | null = null;
  private dirty = false;
  private sending = false;

  constructor(private readonly form: HTMLFormElement) {
    const photos = form.querySelector<HTMLElement>("[data-enclose]");
    if (photos) new Besides(form, photos, (what) => this.act(what), (field) => this.touch(field), (words) => this.say(words));
    form.addEventListener("input", (e) => this.touch(e.target));
    form.addEventListener("change", (e) => this.touch(e.target));
    form.addEventListener("submit", () => {
      this.sending = true;
      clearTimeout(this.timer);
      this.running?.abort();
    });
    // A closed tab or a phone put away: what is typed goes along.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.dirty) void this.keep(true);
    });
    addEventListener("online", () => this.dirty && void this.keep(false));
    document.addEventListener("pin", (e) => this.pinned(e as CustomEvent<{ lat: number; lon: number }>));
  }

  private touch(target: EventTarget | null): void {
    const field = target as HTMLInputElement | null;
    if (!field?.name) return;
    if (field.name === "position") {
      this.asked = "position";
      this.unchoose(); // what was chosen was of other words
    }
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.keep(false), pause);
  }

  /** Does what a button beside a photo says, with all that is typed kept; false when it could not be done. */
  private async act(what: string): Promise<boolean> {
    clearTimeout(this.timer);
    const body = this.typed();
    body.set("photo", what);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("no answer");
      this.show((await answer.json()) as Kept);
      return true;
    } catch {
      this.say(this.form.dataset.sayLost ?? "");
      return false;
    }
  }

  private typed(): URLSearchParams {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") body.append(name, value);
    body.set("do", "keep");
    body.set("asked", this.asked);
    return body;
  }

  private pinned(e: CustomEvent<{ lat: number; lon: number }>): void {
    const field = this.form.elements.namedItem("position");
    if (!(field instanceof HTMLInputElement)) return;
    field.value = `${e.detail.lat.toFixed(5)}, ${e.detail.lon.toFixed(5)}`;
    this.touch(field);
  }

  private unchoose(): void {
    for (const spot of this.form.querySelectorAll<HTMLInputElement>("input[name=spot]")) spot.checked = false;
  }

  private async keep(leaving: boolean): Promise<void> {
    if (this.sending) return;
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    const body = this.typed();
    this.dirty = false;
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, signal: mine.signal, keepalive: leaving && body.toString().length < 60000, headers: { Accept: "application/json" } });
      if (answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("no answer");
      if (!answer.ok) {
        this.say(((await answer.json()) as { error?: string }).error ?? "");
        return;
      }
      this.asked = "";
      this.show((await answer.json()) as Kept);
    } catch {
      if (mine.signal.aborted) return;
      this.dirty = true;
      this.say(this.form.dataset.sayLost ?? "");
      this.timer = window.setTimeout(() => void this.keep(false), again);
    }
  }

  private say(words: string): void {
    for (const el of this.form.querySelectorAll("[data-saved]")) el.textContent = words;
  }

  private show(k: Kept): void {
    this.say(k.saved);
    const draft = this.form.querySelector<HTMLInputElement>("[data-draft]");
    if (draft) draft.value = k.draft;
    const address = new URL(location.href);
    if (k.saved && address.searchParams.get("draft") !== k.draft) {
      address.search = "";
      address.searchParams.set("draft", k.draft);
      history.replaceState(null, "", address);
    }
    for (const el of this.form.querySelectorAll("[data-words]")) el.textContent = k.words;
    const understood = this.form.querySelector("[data-understood]");
    if (understood && k.understood !== undefined) {
      understood.textContent = k.understood;
      understood.classList.toggle("understood", k.good);
      understood.classList.toggle("muted", !k.good);
    }
    const choices = this.form.querySelector<HTMLElement>("[data-choices]");
    if (choices && k.choices) choose(choices, k.choices);
    for (const el of document.querySelectorAll("[data-ready]")) ready(el, k);
    const box = this.form.querySelector<HTMLElement>("[data-alikes]");
    if (box) this.alikes(box, k);
  }

  // The questions are drawn anew only when they are others: what has the focus
  // must not be pulled away.
  private alikes(box: HTMLElement, k: Kept): void {
    const now = k.alike.map((a) => a.slug).join(" ");
    const shown = [...box.querySelectorAll<HTMLButtonElement>("button[name=join]")].map((b) => b.value).join(" ");
    if (now === shown || box.contains(document.activeElement)) return;
    box.replaceChildren();
    if (k.alike.length === 0) return;
    const banner = made("div", "banner warn");
    banner.setAttribute("role", "group");
    const inside = made("div", "");
    const first = made("p", "");
    first.append(made("b", "", k.sentence));
    inside.append(first);
    for (const a of k.alike) {
      const line = made("p", "mt3");
      const link = made("a", "strong", a.title) as HTMLAnchorElement;
      link.href = a.path;
      link.target = "_blank";
      link.rel = "noopener";
      line.append(link, ` ${a.line}`);
      const row = made("p", "row mt3");
      row.append(press("join", a.slug, "btn sm line", this.form.dataset.sayJoin ?? ""), press("other", a.slug, "btn sm text", this.form.dataset.sayOther ?? ""));
      inside.append(line, row);
    }
    banner.append(icon(k.drawing), inside);
    box.append(banner);
  }
}

function made(tag: string, cls: string, words = ""): HTMLElement {
  const el = document.createElement(tag);
  if (cls) el.className = cls;
  el.textContent = words;
  return el;
}

/** Asks which of the places is meant that are called by the words of the position. */
function choose(box: HTMLElement, choices: Choice[]): void {
  box.replaceChildren();
  if (choices.length === 0) return;
  const fields = made("fieldset", "choices");
  fields.append(made("legend", "label", box.dataset.sayWhich));
  for (const c of choices) {
    const label = made("label", "check");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "spot";
    radio.value = c.value;
    radio.checked = c.chosen;
    label.append(radio, made("span", "", c.text));
    fields.append(label);
  }
  box.append(fields);
}

function press(name: string, value: string, cls: string, words: string): HTMLButtonElement {
  const b = made("button", cls, words) as HTMLButtonElement;
  b.name = name;
  b.value = value;
  return b;
}

/** An icon as pages have them. */
function icon(drawing: string): SVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "ico");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", drawing);
  svg.append(path);
  return svg;
}

function ready(el: Element, k: Kept): void {
  const head = el.querySelector("h2");
  if (head) head.textContent = k.ready.heading;
  const of = el.closest("details")?.querySelector("summary .num");
  if (of) of.textContent = k.ready.of;
  const line = el.querySelector(".small.muted");
  if (line) line.textContent = k.ready.of;
  el.querySelector(".m-on")?.setAttribute("width", String(k.ready.percent));
  el.querySelector(".meter")?.setAttribute("aria-label", k.ready.of);
  const list = el.querySelector(".todo");
  if (!list || list.contains(document.activeElement)) return;
  list.replaceChildren(
    ...k.ready.steps.map((s) => {
      const li = document.createElement("li");
      const mark = made("span", s.state);
      mark.append(icon(s.drawing));
      const p = made("p", "");
      p.append(made("span", "vh", s.word), " ");
      if (s.path) {
        const a = made("a", "", s.text) as HTMLAnchorElement;
        a.href = s.path;
        p.append(a);
      } else p.append(s.text);
      li.append(mark, p);
      return li;
    }),
  );
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-contribute]")) new Writing(form);
