// Copying and the device's own way to share. Buttons that need script, or a way
// to share, are hidden by the style sheet where the page's first lines found none.

export function share(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.addEventListener("click", () => void copy(button));
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-share]")) {
    button.addEventListener("click", () => {
      // A reader who closes the sheet has not failed at anything.
      navigator.share({ title: document.title, url: address() }).catch(() => undefined);
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
}

function address(): string {
  const canonical = document.querySelector<HTMLLinkElement>("link[rel=canonical]");
  return canonical?.href ?? location.href;
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = button.dataset.copy === "" ? address() : (button.dataset.copy ?? "");
  const label = button.querySelector("[data-label]");
  const said = label?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return;
  }
  const done = button.dataset.done;
  if (!label || !done || said === done) return;
  label.textContent = done;
  setTimeout(() => {
    label.textContent = said;
  }, 2000);
}
