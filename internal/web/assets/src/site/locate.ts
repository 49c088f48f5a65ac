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
      const to = new URL(button.dataset.locate || "/near", location.href);
      // A form keeps its radius and unit; the words give way to the position.
      if (button.form) {
        for (const [name, value] of new FormData(button.form)) {
          if (typeof value === "string" && value !== "" && name !== "q") to.searchParams.set(name, value);
        }
      }
      to.searchParams.set("lat", coords.latitude.toFixed(3));
      to.searchParams.set("lon", coords.longitude.toFixed(3));
      location.href = to.href;
    },
    () => {
      button.removeAttribute("aria-busy");
      const said = button.form?.querySelector("[data-near-say]") ?? button.querySelector("[data-label]");
      if (said) said.textContent = button.dataset.refused ?? "No position: type a place instead";
    },
    { maximumAge: 60_000, timeout: 10_000 },
  );
}
