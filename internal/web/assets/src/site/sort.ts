// Rows that are put into another order: dragged by a handle, or moved by the
// arrow keys while the handle has the focus. Each move is sent by itself, as
// "this one before that one", so that what others do meanwhile stays. Without
// script the buttons of each row do the same.

export function sort(): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-sort]")) new Sortable(list);
}

class Sortable {
  private dragged: HTMLElement | null = null;
  private from: Element | null = null;

  constructor(private readonly list: HTMLElement) {
    for (const row of this.rows()) {
      if (!row.querySelector("button[value=up]")) continue; // who may not move it
      const handle = this.handle(row);
      row.prepend(handle);
    }
    list.addEventListener("dragover", (event) => this.over(event));
    list.addEventListener("drop", (event) => event.preventDefault());
  }

  private rows(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>(":scope > [data-place]")];
  }

  private handle(row: HTMLElement): HTMLElement {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "grip";
    handle.draggable = true;
    handle.setAttribute("aria-label", `${this.list.dataset.grip ?? ""} ${row.querySelector("h3")?.textContent?.trim() ?? ""}`);
    handle.addEventListener("dragstart", (event) => {
      this.dragged = row;
      this.from = row.nextElementSibling;
      row.classList.add("dragged");
      event.dataTransfer?.setDragImage(row, 0, 0);
      event.dataTransfer?.setData("text/plain", row.dataset.place ?? "");
    });
    handle.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      this.dragged = null;
      if (row.nextElementSibling !== this.from) void this.send(row);
    });
    handle.addEventListener("keydown", (event) => {
      const rows = this.rows();
      const at = rows.indexOf(row);
      const other = event.key === "ArrowUp" ? rows[at - 1] : event.key === "ArrowDown" ? rows[at + 1] : undefined;
      if (!other) return;
      event.preventDefault();
      if (event.key === "ArrowUp") other.before(row);
      else other.after(row);
      handle.focus();
      void this.send(row);
    });
    return handle;
  }

  private over(event: DragEvent): void {
    const row = this.dragged;
    if (!row) return;
    event.preventDefault();
    const below = this.rows().find((r) => {
      const box = r.getBoundingClientRect();
      return r !== row && event.clientY < box.top + box.height / 2;
    });
    if (below) below.before(row);
    else this.list.append(row);
  }

  private async send(row: HTMLElement): Promise<void> {
    const after = row.nextElementSibling as HTMLElement | null;
    const fields = new URLSearchParams({ do: "move", place: row.dataset.place ?? "", before: after?.dataset.place ?? "" });
    let kept = false;
    try {
      kept = (await fetch(`${this.list.dataset.sort}/edit`, { method: "POST", body: fields })).ok;
    } catch {
      // said below
    }
    const say = document.querySelector("[data-sort-say]");
    if (say) say.textContent = kept ? (this.list.dataset.moved ?? "").replace("{}", String(this.rows().indexOf(row) + 1)) : (this.list.dataset.failed ?? "");
    this.ends();
  }

  /** The first row cannot go up, the last not down. */
  private ends(): void {
    const rows = this.rows();
    rows.forEach((row, i) => {
      const up = row.querySelector<HTMLButtonElement>("button[value=up]");
      const down = row.querySelector<HTMLButtonElement>("button[value=down]");
      if (up) up.disabled = i === 0;
      if (down) down.disabled = i === rows.length - 1;
    });
  }
}
