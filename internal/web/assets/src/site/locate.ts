// "Use my position": asked of the browser only when pressed, rounded to about
// a hundred metres before it leaves the device.

export function locate(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-locate]")) {
    if (!navigator.geolocation) {
      button.hidden = true;
      continue;
    }
    button.addEventListener("click", () => ask(button));
  }
}

function ask(button: HTMLButtonElement): void {
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const to = new URL(button.dataset.locate ?? "/near", location.href);
      to.searchParams.set("lat", coords.latitude.toFixed(3));
      to.searchParams.set("lon", coords.longitude.toFixed(3));
      location.href = to.href;
    },
    () => {
      button.removeAttribute("aria-busy");
      const label = button.querySelector("[data-label]");
      if (label && button.dataset.refused) label.textContent = button.dataset.refused;
    },
    { maximumAge: 60_000, timeout: 10_000 },
  );
}
