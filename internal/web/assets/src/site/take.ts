// "Take along": its script comes when its box is opened. And the worker that
// answers without network: it is asked for when the page is done.

interface OfflineModule {
  take(box: HTMLElement): Promise<void>;
}

export function takeAlong(): void {
  for (const box of document.querySelectorAll<HTMLDetailsElement>("details[data-take]")) {
    box.addEventListener("toggle", () => {
      if (!box.open || box.dataset.opened) return;
      box.dataset.opened = "yes";
      import(box.dataset.script ?? "").then((m: OfflineModule) => m.take(box)).catch(() => delete box.dataset.opened);
    });
  }
}

export function worker(): void {
  if (!("serviceWorker" in navigator) || document.documentElement.classList.contains("embedded")) return;
  const register = (): void => {
    navigator.serviceWorker.register("/sw.js").catch(() => undefined); // private windows refuse
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
