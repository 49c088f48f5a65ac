// Following with one click. A public page does not know who reads: the overlay
// tells whether they follow what it is about. Who is not signed in, or has no
// script, is led on by the form itself.
import type { Overlay } from "./overlay";

/** Wires the page's button. */
export function follow(asked: Promise<Overlay | undefined>): void {
  const form = document.querySelector<HTMLFormElement>("form[data-follow]");
  const button = form?.querySelector("button");
  if (!form || !button) return;
  void asked.then((overlay) => {
    if (!overlay?.member) return;
    if (form.dataset.follow === `member/${overlay.member}`) {
      form.hidden = true; // nobody follows themselves
      return;
    }
    const show = (on: boolean): void => button.setAttribute("aria-pressed", String(on));
    show(overlay.follows);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const on = button.getAttribute("aria-pressed") !== "true";
      const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
      body.set("on", on ? "yes" : "no");
      show(on);
      // Where it leads is for those without script.
      void fetch("/follow", { method: "POST", body, redirect: "manual" })
        .then((answer) => {
          if (on && answer.status === 403) form.submit(); // its page says why not
          return answer.type === "opaqueredirect";
        })
        .catch(() => false)
        .then((kept) => {
          if (kept) return;
          show(!on);
          const say = form.querySelector("[data-follow-say]");
          if (say) say.textContent = form.dataset.failed ?? "";
        });
    });
  });
}
