// Been here and Want to go, with one click. The page is the same for everyone:
// the overlay tells what is the reader's own. Who is not signed in, or
// has no script, is led on by the form itself.
import { flush, waiting, wish, type Mine, type Sent, type Wish } from "../offline/queue";
import { ask, shown, type Overlay } from "./overlay";
import { keep, recall } from "./store";

const queued = "marks-waiting"; // set while something may wait on this device
const last = "marks-member"; // who was signed in when the server was last asked

interface Registered {
  sync?: { register(tag: string): Promise<void> };
}

/** Sends what waits on this device, then asks what is the reader's own. */
export async function settled(root: ParentNode = document): Promise<Overlay | undefined> {
  if (recall(queued)) await deliver().catch(() => undefined);
  return ask(shown(root));
}

/** Wires the marks below root. */
export function marks(root: ParentNode, asked: Promise<Overlay | undefined>): void {
  const groups = [...root.querySelectorAll<HTMLElement>("[data-marks]")].filter((g) => g.dataset.marks);
  if (groups.length > 0) void new Marks(groups).start(asked);
  addEventListener("online", () => {
    if (recall(queued)) void deliver().catch(() => undefined);
  });
}

/** Sends what waits; when it cannot, the worker tries when the network is back. */
async function deliver(): Promise<Sent> {
  const sent = await flush();
  if (sent.how === "kept") {
    const worker = (await navigator.serviceWorker?.getRegistration()) as Registered | undefined;
    await worker?.sync?.register("marks").catch(() => undefined);
  } else if ((await waiting()).length === 0) keep(queued, null);
  return sent;
}

class Marks {
  private member = "";

  constructor(private readonly groups: HTMLElement[]) {}

  async start(asked: Promise<Overlay | undefined>): Promise<void> {
    for (const group of this.groups) {
      for (const button of group.querySelectorAll<HTMLButtonElement>("button[name=mark]")) {
        button.addEventListener("click", (event) => {
          if (!this.member) return; // the form leads on
          event.preventDefault();
          void this.press(group, button);
        });
      }
    }
    // Without a network whoever was signed in still marks, and it is sent later.
    const told = await asked;
    if (told) keep(last, told.member || null);
    const mine: Mine = told ?? { member: recall(last) ?? "", marks: {} };
    this.member = mine.member;
    if (!this.member) return;
    this.show(mine, await waiting().catch(() => []));
  }

  /** Shows what the server says, and over it what it does not know yet. */
  private show(mine: Mine, wishes: Wish[]): void {
    for (const group of this.groups) {
      const own = mine.marks[group.dataset.marks ?? ""];
      for (const button of group.querySelectorAll<HTMLButtonElement>("button[name=mark]")) {
        const kind = button.value as "been" | "want";
        const later = wishes.find((w) => w.key === `${group.dataset.marks} ${kind}` && w.member === this.member);
        const count = button.querySelector("[data-count]");
        if (own && count) count.textContent = own.counts[kind === "been" ? 0 : 1].toLocaleString(document.documentElement.lang);
        this.pressed(button, later ? later.on : (own?.[kind] ?? false));
      }
    }
  }

  private pressed(button: HTMLButtonElement, on: boolean): void {
    button.setAttribute("aria-pressed", String(on));
  }

  private async press(group: HTMLElement, button: HTMLButtonElement): Promise<void> {
    const key = `${group.dataset.marks} ${button.value}`;
    const on = button.getAttribute("aria-pressed") !== "true";
    // That it is done is seen by the button; what is not done is said to all.
    const say = (words: string | undefined, done: boolean): void => {
      const at = group.querySelector("[data-marks-say]");
      if (!at) return;
      at.textContent = words ?? "";
      at.classList.toggle("vh", done);
    };
    const all = (state: boolean): void => {
      for (const g of this.groups) {
        if (g.dataset.marks !== group.dataset.marks) continue;
        for (const b of g.querySelectorAll<HTMLButtonElement>(`button[value="${button.value}"]`)) this.pressed(b, state);
      }
    };
    all(on);
    try {
      await wish({ key, on, member: this.member, at: Date.now() + Math.random() });
    } catch {
      // The device keeps nothing: the form does it, with a page of its own.
      all(!on);
      button.form?.requestSubmit(button);
      return;
    }
    keep(queued, "yes");
    const sent = await deliver();
    if (sent.how === "sent") this.show(sent.mine, await waiting());
    if (sent.how === "refused") all(!on);
    say(group.dataset[sent.how === "kept" ? "queued" : sent.how === "refused" ? "failed" : (on ? "" : "un") + button.value], sent.how === "sent");
  }
}
