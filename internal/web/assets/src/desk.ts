// The review desk by single keys. They act on the links and buttons that carry
// the key, so that nothing works here that does not work without; they can be
// turned off, and they rest while one types.
import { keep, recall } from "./site/store";

const off = "desk-keys";
const help = document.querySelector<HTMLDetailsElement>("[data-keys]");
const box = document.querySelector<HTMLInputElement>("[data-keys-on]");

if (box) {
  box.checked = recall(off) !== "off";
  box.addEventListener("change", () => keep(off, box.checked ? null : "off"));
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.repeat) return;
  if (typing(e.target)) {
    if (e.key === "Escape") (e.target as HTMLElement).blur();
    return;
  }
  if (e.key === "?" && help) {
    help.open = !help.open;
    help.querySelector<HTMLElement>("summary")?.focus();
    e.preventDefault();
    return;
  }
  if (box && !box.checked) return;
  if (e.key === "m") {
    const text = document.querySelector<HTMLTextAreaElement>("textarea[name=text]");
    if (text) {
      text.focus();
      e.preventDefault();
    }
    return;
  }
  const key = e.key.toLowerCase();
  if (!/^[a-z]$/.test(key)) return;
  const target = document.querySelector<HTMLElement>(`[data-key="${key}"]`);
  if (!target) {
    if (key !== "j") return;
    // On the queue's own page the first one is next.
    document.querySelector<HTMLAnchorElement>(".queue a")?.click();
    return;
  }
  e.preventDefault();
  // What needs a reason, a place or a day opens its fields first.
  const reasons = document.querySelector<HTMLDetailsElement>("[data-reasons]");
  if (reasons && !reasons.open && "xdh".includes(key)) {
    const name = { x: "input[name=reason]", d: "input[name=like], input[name=of]", h: "input[name=until]" }[key] ?? "";
    const field = reasons.querySelector<HTMLElement>(name);
    if (field) {
      reasons.open = true;
      field.focus();
      return;
    }
  }
  target.click();
});

// A reason brings its words, as long as nothing else was written.
const text = document.querySelector<HTMLTextAreaElement>("textarea[name=text]");
let brought = "";
document.addEventListener("change", (e) => {
  const radio = e.target;
  if (!text || !(radio instanceof HTMLInputElement) || radio.name !== "reason") return;
  if (text.value.trim() !== "" && text.value !== brought) return;
  brought = radio.dataset.text ?? "";
  text.value = brought;
});
