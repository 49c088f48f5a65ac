// Photographs are sent one by one, so that each shows how far it is and fails
// for itself. Without this the form sends all of them at once.

type Sent = { photos: { name: string; state?: string; text: string }[] };

export function photos(): void {
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

async function sendAll(form: HTMLFormElement, input: HTMLInputElement, list: HTMLElement, files: File[]): Promise<void> {
  const button = form.querySelector("button");
  button?.setAttribute("aria-disabled", "true");
  const fields = new FormData(form);
  fields.delete("file");
  list.replaceChildren();
  const rows = files.map((file) => row(list, file.name));
  let kept = 0;
  for (const [i, file] of files.entries()) {
    if (await send(form, fields, file, rows[i]!)) kept++;
  }
  button?.removeAttribute("aria-disabled");
  input.value = "";
  if (kept === files.length) {
    location.assign(`${form.action}?sent=${Math.min(kept, 10)}`);
  }
}

type Row = { item: HTMLElement; bar: HTMLProgressElement; said: HTMLElement };

function row(list: HTMLElement, name: string): Row {
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

function send(form: HTMLFormElement, fields: FormData, file: File, row: Row): Promise<boolean> {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  body.append("file", file); // after the fields, which the server reads first
  return new Promise((done) => {
    const call = new XMLHttpRequest(); // fetch does not tell how far it is
    const end = (ok: boolean, text: string): void => {
      row.bar.remove();
      row.said.textContent = text;
      row.item.classList.toggle("err", !ok);
      done(ok);
    };
    call.open("POST", form.action);
    call.setRequestHeader("Accept", "application/json");
    call.responseType = "json";
    call.upload.addEventListener("progress", (e) => {
      if (e.lengthComputable) row.bar.value = e.loaded / e.total;
    });
    call.upload.addEventListener("load", () => {
      row.bar.removeAttribute("value");
      row.said.textContent = form.dataset.sayMade ?? "";
    });
    call.addEventListener("error", () => end(false, form.dataset.sayFailed ?? ""));
    call.addEventListener("load", () => {
      const one = (call.response as Sent | null)?.photos?.[0];
      end(call.status === 200 && one?.state !== undefined, one?.text ?? form.dataset.sayFailed ?? "");
    });
    call.send(body);
  });
}
