// The corridor of Along the way: slider and number are one value, and letting
// go of the slider asks again. The print button prints.

export function corridor(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-corridor]")) {
    const range = box.querySelector<HTMLInputElement>("[data-corridor-range]");
    const number = box.querySelector<HTMLInputElement>("[data-corridor-number]");
    if (!range || !number) continue;
    range.addEventListener("input", () => (number.value = range.value));
    number.addEventListener("input", () => {
      if (Number(number.value) > Number(range.max)) range.max = number.value;
      range.value = number.value;
    });
    range.addEventListener("change", () => {
      const form = number.form;
      // Only a way that is shown already is worth showing anew.
      if (form && document.querySelector(".way")) form.requestSubmit();
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
}
