// The choice of scheme and unit in the footer.
import { keep, recall } from "./store";
import { units } from "./units";

export function preferences(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-prefs]");
  if (!form) return;
  for (const name of ["theme", "unit"]) {
    const kept = recall(name) ?? "auto";
    for (const input of form.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) {
      input.checked = input.value === kept;
    }
  }
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const value = input.value === "auto" ? null : input.value;
    keep(input.name, value);
    if (input.name === "unit") units();
    if (input.name === "theme") {
      if (value) document.documentElement.dataset.theme = value;
      else delete document.documentElement.dataset.theme;
    }
  });
}
