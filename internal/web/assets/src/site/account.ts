// The bar of a public page, which is the same for everyone: the overlay tells who
// reads. Without script the ways in stay, and lead a member on.
import type { Link, Overlay } from "./overlay";

/** Shows the member's own links in the bar. */
export async function account(asked: Promise<Overlay | undefined>): Promise<void> {
  const bar = document.querySelector<HTMLElement>("[data-acct]");
  const overlay = await asked;
  if (!bar || !overlay?.member) return;
  bar.replaceChildren(...overlay.links.filter((l) => l.bar).map((l) => link(l, "signin")), menu(overlay));
  const [first, ...others] = document.querySelectorAll<HTMLElement>("[data-acct-menu]");
  others.forEach((a) => a.remove());
  if (overlay.edit) {
    document.querySelector("[data-own-link]")?.append(link(overlay.edit, "btn text"));
    document.querySelectorAll("[data-of-others]").forEach((part) => part.remove());
    document.querySelectorAll<HTMLElement>("[data-of-owner]").forEach((part) => (part.hidden = false));
  }
  first?.replaceWith(...overlay.links.map((l) => link(l, "")), out(overlay, "btn text"));
}

/** The reader's own ways behind their name, as view/account.templ draws them. */
function menu(overlay: Overlay): HTMLElement {
  const box = document.createElement("details");
  box.className = "mine";
  box.dataset.mine = "";
  const name = document.createElement("summary");
  name.textContent = overlay.shown;
  const list = document.createElement("nav");
  list.className = "mine-list";
  list.setAttribute("aria-label", overlay.yours);
  list.append(...overlay.links.filter((l) => !l.bar).map((l) => link(l, "")), out(overlay, "leave"));
  box.append(name, list);
  return box;
}

/** The way out: a form, as the server wants it. */
function out(overlay: Overlay, name: string): HTMLFormElement {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/logout";
  const button = document.createElement("button");
  button.className = name;
  button.textContent = overlay.out;
  form.append(button);
  return form;
}

/** Closes the menu of the reader's own by Escape and by a click beside it. */
export function closing(): void {
  const open = () => document.querySelector<HTMLDetailsElement>("details[data-mine][open]");
  document.addEventListener("click", (event) => {
    const box = open();
    if (box && !box.contains(event.target as Node)) box.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const box = open();
    if (!box || event.key !== "Escape") return;
    box.open = false;
    box.querySelector("summary")?.focus();
  });
}

function link(l: Link, name: string): HTMLAnchorElement {
  const a = document.createElement("a");
  a.textContent = l.text;
  a.href = l.path;
  if (name) a.className = name;
  if (l.count) {
    const b = document.createElement("b");
    b.className = "waiting";
    b.textContent = l.count;
    a.append(" ", b);
    a.setAttribute("aria-label", l.label ?? l.text);
  }
  return a;
}

/** Does the small sum that makes many accounts dear; see internal/user/proof.go. */
export function work(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-work]");
  if (!form || !crypto.subtle) return; // only on https and this machine; without, fewer may join
  form.addEventListener("submit", (event) => {
    if (form.elements.namedItem("proof")) return;
    event.preventDefault();
    const say = form.querySelector("[data-work-say]");
    if (say) say.textContent = form.dataset.working ?? "";
    void solve(form.dataset.work ?? "", Number(form.dataset.bits))
      .then((proof) => {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = "proof";
        field.value = proof;
        form.append(field);
      })
      .catch(() => undefined)
      .finally(() => form.submit());
  });
}

async function solve(challenge: string, bits: number): Promise<string> {
  const write = new TextEncoder();
  for (let n = 0; ; n += batch) {
    const sums = await Promise.all(
      Array.from({ length: batch }, (_, i) => crypto.subtle.digest("SHA-256", write.encode(`${challenge}:${n + i}`))),
    );
    const found = sums.findIndex((s) => zeros(new Uint8Array(s)) >= bits);
    if (found >= 0) return `${challenge}:${n + found}`;
  }
}

const batch = 512;

function zeros(sum: Uint8Array): number {
  let n = 0;
  for (const b of sum) {
    if (b !== 0) return n + Math.clz32(b) - 24;
    n += 8;
  }
  return n;
}
