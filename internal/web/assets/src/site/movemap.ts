// A map is a picture until touched: pressing its button loads the moving map
// in its place. Without script the button is a link to the map page.

interface MapModule {
  /** Puts a moving map into the frame; settings are its data attributes. */
  mount(frame: HTMLElement): Promise<void> | void;
}

export function moveMap(): void {
  for (const frame of document.querySelectorAll<HTMLElement>(".map[data-map]")) {
    const button = frame.querySelector<HTMLAnchorElement>("[data-move]");
    button?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void load(frame, button);
    });
  }
}

async function load(frame: HTMLElement, button: HTMLAnchorElement): Promise<void> {
  const script = frame.dataset.map ?? "";
  button.setAttribute("aria-busy", "true");
  try {
    if (frame.dataset.style) addStyle(frame.dataset.style);
    const module = (await import(script)) as MapModule;
    await module.mount(frame);
  } catch {
    location.href = button.href; // no WebGL, no network: the page has a list
  }
}

function addStyle(href: string): void {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}
