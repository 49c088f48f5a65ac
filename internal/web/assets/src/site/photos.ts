// Photographs are sent one by one, so that each shows how far it is and fails
// for itself. Without this the form sends all of them at once.
import { Progress } from "./progress";

export type Sent = { photos: { name: string; id?: string; state?: string; text: string; again?: boolean }[] };

export function photos(): void {
  watch();
  const form = document.querySelector<HTMLFormElement>("form[data-photos]");
  const input = form?.querySelector<HTMLInputElement>("input[type=file]");
  const list = form?.querySelector<HTMLElement>("[data-uploads]");
  if (!form || !input || !list) return;
  form.addEventListener("submit", (event) => {
    const files = Array.from(input.files ?? []);
    if (files.length === 0) return;
    event.preventDefault();
    void sendAll(form, input, list, files);
  });
}

// The sizes of what was sent are being made: the page says how far they are, and
// is loaded again when all are there and nobody writes.
function watch(): void {
  const waiting = new Map<string, HTMLElement>();
  const progress = new Progress((w) => {
    const line = waiting.get(w.id);
    const said = line?.querySelector<HTMLElement>("[role=status]");
    if (!line || !said) return;
    if (said.textContent !== w.text && w.text) said.textContent = w.text;
    if (w.picture && w.width && w.height && !line.previousElementSibling?.matches("img, figure")) {
      const img = document.createElement("img");
      img.alt = "";
      img.width = w.width;
      img.height = w.height;
      img.src = w.picture;
      line.before(img);
    }
    if (!w.done) return;
    waiting.delete(w.id);
    const busy = document.activeElement?.matches("input, textarea, select") ?? false;
    if (waiting.size === 0 && !busy && document.querySelectorAll("[data-uploads] progress").length === 0) location.reload();
  });
  for (const line of document.querySelectorAll<HTMLElement>("[data-making]")) {
    const id = line.dataset.making ?? "";
    waiting.set(id, line);
    progress.watch(id);
  }
}

async function sendAll(form: HTMLFormElement, input: HTMLInputElement, list: HTMLElement, files: File[]): Promise<void> {
  const button = form.querySelector("button");
  button?.setAttribute("aria-disabled", "true");
  const fields = new FormData(form);
  fields.delete("file");
  list.replaceChildren();
  const rows = files.map((file) => row(list, file.name));
  let kept = 0;
  const sent = new Map<string, Row>();
  const progress = new Progress((w) => {
    const row = sent.get(w.id);
    if (row && w.refused) ended(row, false, w.text); // found out when its sizes were made
  });
  for (const [i, file] of files.entries()) {
    const one = await send(form, fields, file, rows[i]!);
    if (!one) continue;
    kept++;
    if (!one.id || one.again) continue;
    sent.set(one.id, rows[i]!);
    progress.watch(one.id);
  }
  button?.removeAttribute("aria-disabled");
  input.value = "";
  if (kept === files.length) {
    location.assign(`${form.action}?sent=${Math.min(kept, 10)}`);
  }
}

export type Row = { item: HTMLElement; bar: HTMLProgressElement; said: HTMLElement };

export function row(list: HTMLElement, name: string): Row {
  const item = document.createElement("li");
  const title = document.createElement("bdi");
  const bar = document.createElement("progress");
  const said = document.createElement("span");
  title.textContent = name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  item.append(title, bar, said);
  list.append(item);
  return { item, bar, said };
}

async function send(form: HTMLFormElement, fields: FormData, file: File, row: Row): Promise<Sent["photos"][number] | null> {
  const { status, answer } = await upload(form, form.action, fields, file, row);
  const one = answer?.photos?.[0];
  const ok = status === 200 && one?.state !== undefined;
  ended(row, ok, one?.text ?? form.dataset.sayFailed ?? "");
  return ok ? one : null;
}

export function ended(row: Row, ok: boolean, text: string): void {
  row.bar.remove();
  row.said.textContent = text;
  row.item.classList.toggle("err", !ok);
}

/** Sends one file behind the fields, which the server reads first; status 0 says that it did not arrive. */
export function upload(form: HTMLElement, to: string, fields: FormData, file: File, row: Row, stop?: AbortSignal): Promise<{ status: number; answer: Sent | null }> {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  body.append("file", file);
  return new Promise((done) => {
    const call = new XMLHttpRequest(); // fetch does not tell how far it is
    call.open("POST", to);
    call.setRequestHeader("Accept", "application/json");
    call.responseType = "json";
    call.upload.addEventListener("progress", (e) => {
      if (e.lengthComputable) row.bar.value = e.loaded / e.total;
    });
    call.upload.addEventListener("load", () => {
      row.bar.removeAttribute("value");
      row.said.textContent = form.dataset.sayMade ?? "";
    });
    for (const end of ["error", "abort", "timeout"]) call.addEventListener(end, () => done({ status: 0, answer: null }));
    call.addEventListener("load", () => done({ status: call.status, answer: call.response as Sent | null }));
    stop?.addEventListener("abort", () => call.abort());
    call.send(body);
  });
}
