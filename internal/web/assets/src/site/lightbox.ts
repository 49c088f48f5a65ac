// The lightbox opens by its address (:target) without script. Script adds the
// arrow keys, Esc and swiping, holds the focus inside while it is open, gives
// it back afterwards, and keeps the pictures out of the browser's history.

export function lightbox(): void {
  if (!document.querySelector(".lightbox")) return;
  let opener: HTMLElement | null = null;
  let startX = 0;

  const open = (): HTMLElement | null => document.querySelector<HTMLElement>(".lightbox:target");
  const press = (selector: string): void => open()?.querySelector<HTMLElement>(selector)?.click();

  addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='#photo-']") : null;
    if (link && !link.closest(".lightbox")) opener = link;
    // A step to the next picture replaces the address: Back leaves the box.
    if (link?.closest(".lightbox") && event instanceof MouseEvent && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      location.replace(link.href);
    }
  });
  const arrive = (): void => {
    const box = open();
    document.documentElement.classList.toggle("lit", box !== null);
    if (box) {
      box.querySelector<HTMLElement>("[data-close]")?.focus({ preventScroll: true });
    } else {
      opener?.focus({ preventScroll: true });
      opener = null;
    }
  };
  addEventListener("hashchange", arrive);
  if (open()) arrive();

  addEventListener("keydown", (event) => {
    const box = open();
    if (!box) return;
    const rtl = document.dir === "rtl";
    switch (event.key) {
      case "Escape":
        return press("[data-close]");
      case "ArrowLeft":
        return press(rtl ? "[data-next]" : "[data-prev]");
      case "ArrowRight":
        return press(rtl ? "[data-prev]" : "[data-next]");
      case "Tab":
        return hold(box, event);
    }
  });
  addEventListener("touchstart", (event) => {
    startX = event.changedTouches[0]?.clientX ?? 0;
  }, { passive: true });
  addEventListener("touchend", (event) => {
    if (!open()) return;
    const moved = (event.changedTouches[0]?.clientX ?? startX) - startX;
    if (Math.abs(moved) < 48) return;
    press(moved < 0 === (document.dir !== "rtl") ? "[data-next]" : "[data-prev]");
  }, { passive: true });
}

function hold(box: HTMLElement, event: KeyboardEvent): void {
  const links = [...box.querySelectorAll<HTMLElement>("a[href]")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  links[(at + (event.shiftKey ? links.length - 1 : 1) + links.length) % links.length]?.focus();
}
