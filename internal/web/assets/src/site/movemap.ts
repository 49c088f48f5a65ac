// A map is a picture until touched: pressing its button loads the moving map
// in its place. Without script the button is a link to the map page.

interface MapModule {
  /** Puts a moving map into the frame; settings are its data attributes. */
  mount(frame: HTMLElement, focus: boolean): Promise<void> | void;
}

export function moveMap(): void {
  for (const frame of document.querySelectorAll<HTMLElement>(".map[data-map]")) {
    const button = frame.querySelector<HTMLAnchorElement>("[data-move]");
    // In a frame of another site the map is all there is.
    if (button && document.documentElement.classList.contains("embedded")) void load(frame, button, false);
    button?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void load(frame, button, true);
    });
  }
}

async function load(frame: HTMLElement, button: HTMLAnchorElement, touched: boolean): Promise<void> {
  const script = frame.dataset.map ?? "";
  button.setAttribute("aria-busy", "true");
  try {
    if (frame.dataset.style) addStyle(frame.dataset.style);
    const module = (await import(script)) as MapModule;
    await module.mount(frame, touched);
  } catch {
    button.removeAttribute("aria-busy");
    if (touched) location.href = button.href; // no WebGL, no network: the page has a list
  }
}

function addStyle(href: string): void {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}
