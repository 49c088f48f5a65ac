// Photos beside a form: each file is sent as soon as it is chosen or dropped,
// with its own progress and its own fate; its row says when its sizes are made.
import { ended, row, upload } from "./site/photos";
import { Progress, type Work } from "./site/progress";

export class Besides {
  private readonly box: HTMLElement;
  private readonly list: HTMLElement;
  private readonly uploads: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly progress: Progress;
  private chain = Promise.resolve();
  private pending = 0;

  /** act tells the server what a button says; touch has the form kept. */
  constructor(
    private readonly form: HTMLFormElement,
    box: HTMLElement,
    private readonly act: (what: string) => Promise<boolean>,
    private readonly touch: (field: HTMLElement) => void,
    private readonly say: (words: string) => void,
  ) {
    this.box = box;
    this.list = box.querySelector<HTMLElement>("[data-besides]")!;
    this.uploads = box.querySelector<HTMLElement>("[data-uploads]")!;
    this.input = box.querySelector<HTMLInputElement>("input[type=file]")!;
    this.progress = new Progress((w) => this.worked(w));
    for (const el of box.querySelectorAll<HTMLElement>("[data-making]")) this.progress.watch(el.dataset.making ?? "");
    this.input.addEventListener("change", () => {
      this.take([...(this.input.files ?? [])]);
      this.input.value = ""; // they go one by one, not with the form
    });
    this.dropped();
    box.addEventListener("click", (e) => this.pressed(e));
    form.addEventListener("submit", (e) => {
      if (this.pending === 0) return;
      e.preventDefault();
      e.stopImmediatePropagation();
      this.say(box.dataset.sayWait ?? "");
    }, true);
  }

  private dropped(): void {
    const zone = this.box.querySelector<HTMLElement>("[data-dropzone]");
    for (const kind of ["dragenter", "dragover"]) {
      zone?.addEventListener(kind, (e) => {
        e.preventDefault();
        zone.classList.add("over");
      });
    }
    zone?.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone?.addEventListener("drop", (e) => {
      e.preventDefault();
      zone.classList.remove("over");
      this.take([...((e as DragEvent).dataTransfer?.files ?? [])]);
    });
  }

  private take(files: File[]): void {
    for (const file of files) {
      const line = row(this.uploads, file.name);
      const stop = new AbortController();
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn text sm";
      button.textContent = this.box.dataset.sayStop ?? "";
      button.setAttribute("aria-label", `${button.textContent} ${file.name}`);
      button.addEventListener("click", () => stop.abort());
      line.item.append(button);
      this.pending++;
      this.chain = this.chain.then(async () => {
        if (!stop.signal.aborted) await this.send(file, line, stop.signal);
        if (stop.signal.aborted) line.item.remove();
        button.remove();
        this.pending--;
      });
    }
  }

  private async send(file: File, line: ReturnType<typeof row>, stop: AbortSignal): Promise<void> {
    const fields = new FormData();
    for (const name of ["draft", "base"]) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) fields.append(name, field.value);
    }
    fields.append("do", "photo");
    const { status, answer } = await upload(this.box, this.form.action, fields, file, line, stop);
    const one = answer?.photos?.[0];
    if (status !== 200 || !one?.id) {
      const why = (answer as { error?: string } | null)?.error;
      ended(line, false, one?.text ?? why ?? this.box.dataset.sayFailed ?? "");
      return;
    }
    if (one.again) {
      ended(line, true, one.text);
      return;
    }
    line.item.remove();
    this.add(one.id, one.name);
  }

  /** A row for a new photo, made of the one that the page brings for that. */
  private add(id: string, name: string): void {
    const template = this.box.querySelector<HTMLTemplateElement>("template[data-beside]");
    const item = template?.content.firstElementChild?.cloneNode(true);
    if (!(item instanceof HTMLElement)) return;
    item.dataset.photo = id;
    item.setAttribute("aria-label", name);
    for (const el of item.querySelectorAll<HTMLElement>("*")) {
      for (const a of ["id", "for", "name", "aria-describedby"]) {
        const was = el.getAttribute(a);
        if (was) el.setAttribute(a, was.replace("photo.0.", `photo.${id}.`));
      }
      if (el instanceof HTMLButtonElement) {
        el.value = el.value.replace(/\.0$/, `.${id}`);
        const hidden = el.querySelector(".vh");
        if (hidden) hidden.textContent = name;
      }
    }
    const title = item.querySelector("[data-name] bdi");
    if (title) title.textContent = name;
    const last = this.good().at(-1); // several of one hand have the same rights
    this.list.insertBefore(item, this.list.querySelector(":scope > [data-refused]"));
    for (const part of ["licence", "credit"]) {
      const from = last?.querySelector<HTMLInputElement | HTMLSelectElement>(`[name$=".${part}"]`);
      const to = item.querySelector<HTMLInputElement | HTMLSelectElement>(`[name$=".${part}"]`);
      if (from && to) to.value = from.value;
    }
    this.arranged();
    this.progress.watch(id);
    this.touch(item.querySelector<HTMLElement>("[name]") ?? item);
  }

  private worked(w: Work): void {
    const item = this.list.querySelector<HTMLElement>(`[data-photo="${w.id}"]`);
    if (!item) return;
    const state = item.querySelector<HTMLElement>("[data-state]");
    if (w.refused) this.refused(item);
    const text = [w.text, w.alike].filter(Boolean).join(" ");
    if (state && state.textContent !== text) {
      state.textContent = text;
      state.classList.toggle("err", w.refused ?? false);
    }
    const place = item.querySelector<HTMLElement>("[data-picture]");
    if (place && w.picture && w.width && w.height && !place.querySelector("img")) {
      const img = document.createElement("img");
      img.alt = "";
      img.width = w.width;
      img.height = w.height;
      img.src = w.picture;
      place.replaceChildren(img);
    }
    const at = item.querySelector<HTMLButtonElement>(`button[value^="position."]`);
    if (at && w.lat && w.lon) {
      at.dataset.lat = w.lat;
      at.dataset.lon = w.lon;
      at.hidden = false;
    }
  }

  /** Of a file that could not be read its name, the reason and the way to remove it are left. */
  private refused(item: HTMLElement): void {
    const inside = item.contains(document.activeElement);
    for (const part of item.querySelectorAll("[data-good]")) part.remove();
    item.toggleAttribute("data-refused", true);
    item.querySelector("[data-cover]")?.toggleAttribute("hidden", true);
    this.list.append(item); // the good ones stand before it
    if (inside) item.querySelector<HTMLElement>("button")?.focus();
    this.arranged();
    this.touch(this.input); // what is missing is counted without it
  }

  private good(): Element[] {
    return [...this.list.querySelectorAll(":scope > :not([data-refused])")];
  }

  private pressed(e: Event): void {
    const button = (e.target as Element | null)?.closest<HTMLButtonElement>("button[name=photo]");
    const item = button?.closest<HTMLElement>("[data-photo]");
    if (!button || !item) return;
    e.preventDefault();
    const what = button.value.split(".")[0];
    if (what === "position") {
      this.form.dispatchEvent(new CustomEvent("pin", { bubbles: true, detail: { lat: Number(button.dataset.lat), lon: Number(button.dataset.lon) } }));
      this.form.querySelector<HTMLElement>("[name=position]")?.focus();
      return;
    }
    void this.act(button.value).then((done) => done && this.moved(what ?? "", item, button));
  }

  private moved(what: string, item: HTMLElement, button: HTMLElement): void {
    const next = item.nextElementSibling;
    const before = item.previousElementSibling;
    if (what === "remove") {
      this.progress.forget(item.dataset.photo ?? "");
      item.remove();
      ((next ?? before)?.querySelector<HTMLElement>("button:not([hidden])") ?? this.input).focus();
    } else if (what === "first") this.list.prepend(item);
    else if (what === "earlier") before?.before(item);
    else if (what === "later") next?.after(item);
    this.arranged();
    if (what === "remove") this.touch(this.input);
    else if (button.hidden) item.querySelector<HTMLElement>("button[name=photo]:not([hidden])")?.focus();
    else button.focus();
  }

  /** Which buttons each row has follows from where it stands. */
  private arranged(): void {
    const rows = this.good();
    rows.forEach((item, i) => {
      const show = (selector: string, on: boolean): void => void item.querySelector(selector)?.toggleAttribute("hidden", !on);
      show("[data-cover]", i === 0);
      show(`button[value^="first."]`, i > 0);
      show(`button[value^="earlier."]`, i > 0);
      show(`button[value^="later."]`, i < rows.length - 1);
    });
  }
}
