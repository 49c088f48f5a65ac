// Suggestions under the search box: a combobox with a listbox grouped by kind
// (WAI-ARIA Authoring Practices, "Editable combobox with list autocomplete").
// The form works without it; Enter on nothing chosen searches as typed.

interface Item {
  kind: string;
  title: string;
  subtitle: string;
  url: string;
}

interface Answer {
  items: Item[];
  suggestion?: string;
}

/** Headings by kind, in the page's language; the groups stand in the order of
 * their best item. Kinds without one are not shown. */
function readHeadings(form: HTMLFormElement): Record<string, string> {
  try {
    return JSON.parse(form.dataset.kinds ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}


const pause = 120; // ms after a keystroke: under what one notices, over a fast typist's gap

export function suggest(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-suggest]")) {
    const input = form.querySelector<HTMLInputElement>("input[name=q]");
    if (input) new Box(form, input);
  }
}

class Box {
  private list = document.createElement("div");
  private status = document.createElement("p");
  private options: HTMLElement[] = [];
  private at = -1;
  private timer = 0;
  private asked = "";
  private request: AbortController | null = null;

  private headings: Record<string, string>;

  constructor(
    private form: HTMLFormElement,
    private input: HTMLInputElement,
  ) {
    this.headings = readHeadings(form);
    this.list.id = `${input.id}-list`;
    this.list.className = "suggest";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.dataset.list ?? "");
    this.list.hidden = true;
    this.status.className = "vh";
    this.status.setAttribute("role", "status");
    form.append(this.list, this.status);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ] as const) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.type());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("focus", () => this.options.length > 0 && this.show(true));
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget as Node | null)) this.show(false);
    });
    // A press must not take the focus before the click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  private type(): void {
    clearTimeout(this.timer);
    const q = this.input.value.trim();
    if (q.length < 2) {
      this.asked = "";
      this.draw({ items: [] });
      return;
    }
    this.timer = setTimeout(() => void this.ask(q), pause);
  }

  private async ask(q: string): Promise<void> {
    if (q === this.asked) return;
    this.asked = q;
    this.request?.abort();
    this.request = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggest?limit=10&q=${encodeURIComponent(q)}`, {
        signal: this.request.signal,
        headers: { Accept: "application/json" },
      });
      if (answer.ok) this.draw((await answer.json()) as Answer);
    } catch {
      // stopped by the next letter, or no network: the form still searches
    }
  }

  private draw(answer: Answer): void {
    this.options = [];
    this.choose(-1);
    this.list.replaceChildren();
    if (answer.suggestion) this.list.append(text("p", fill(this.form.dataset.showing, answer.suggestion), "meant"));
    const groups = new Map<string, Item[]>();
    for (const item of answer.items) {
      const heading = this.headings[item.kind];
      if (heading) groups.set(heading, [...(groups.get(heading) ?? []), item]);
    }
    for (const [heading, items] of groups) this.list.append(this.group(heading, items));
    this.show(this.options.length > 0);
    const n = this.options.length;
    this.status.textContent = this.asked === "" ? "" : fill(n === 1 ? this.form.dataset.one : this.form.dataset.many, String(n));
  }

  private group(heading: string, items: Item[]): HTMLElement {
    const group = document.createElement("div");
    const head = text("p", heading);
    head.id = `${this.list.id}-g${this.list.children.length}`;
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", head.id);
    group.append(head);
    for (const item of items) group.append(this.option(item));
    return group;
  }

  private option(item: Item): HTMLElement {
    const link = document.createElement("a");
    link.href = item.url;
    link.id = `${this.list.id}-${this.options.length}`;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.append(text("span", item.title));
    if (item.subtitle) link.append(text("small", item.subtitle));
    this.options.push(link);
    return link;
  }

  private key(event: KeyboardEvent): void {
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" && last >= 0) this.step(event, this.at >= last ? -1 : this.at + 1);
    else if (event.key === "ArrowUp" && last >= 0) this.step(event, this.at < 0 ? last : this.at - 1);
    else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.show(false);
    } else if (event.key === "Enter" && this.at >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.options[this.at]?.click();
    }
  }

  private step(event: KeyboardEvent, to: number): void {
    event.preventDefault();
    this.show(true);
    this.choose(to);
  }

  private choose(to: number): void {
    this.options[this.at]?.setAttribute("aria-selected", "false");
    this.at = to;
    const option = this.options[to];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private show(open: boolean): void {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.choose(-1);
  }
}

/** Puts a value into a sentence of the page. */
function fill(sentence: string | undefined, value: string): string {
  return (sentence ?? "{}").replace("{}", () => value);
}

/** The only way words from the server reach the page: as text. */
function text(tag: string, words: string, className = ""): HTMLElement {
  const el = document.createElement(tag);
  el.textContent = words;
  if (className) el.className = className;
  return el;
}
